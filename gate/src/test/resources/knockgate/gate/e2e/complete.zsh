# Prints what zsh would offer at the end of a command line, one a line.
#
#   zsh -f complete.zsh FOLDER LINE     FOLDER holds the function _knockgate
#
# zsh completes in its line editor only; so it gets a terminal, the line, a tab, and a key that ends it.
zmodload zsh/zpty
zpty shell zsh -f -i
typed() { zpty -w shell "$1" }
typed "PROMPT= RPROMPT= fpath=(${(q)1} \$fpath); autoload -Uz compinit; compinit -u -D"
typed 'compadd() {
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
  local -a words
  builtin compadd -A words "$@"
  (( $#words )) && print -lr -- "off""ered:"${^words}
  builtin compadd "$@"
}'
typed 'leave() { print -r -- "the ""end"; exit }; zle -N leave; bindkey "^X" leave'
zpty -w -n shell "$2"$'\t'$'\x18'
while zpty -r shell line; do
  line=${${line%%$'\n'}%%$'\r'}
  [[ $line == *offered:* ]] && print -r -- "${line##*offered:}"
  [[ $line == *'the end'* ]] && break
done
zpty -d shell
