# Prints what bash would offer for the last of the words, one a line.
#
#   bash complete.bash FOLDER WORD...     FOLDER holds the script knockgate.bash
source "$1/knockgate.bash"
shift
# a builtin of interactive completion; without one it only complains
compopt() { :; }
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE=$* COMP_POINT=${#COMP_LINE}
_complete_knockgate
printf '%s\n' "${COMPREPLY[@]}"
