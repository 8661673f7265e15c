#!/bin/sh
# Prints the ports of a rotating door's present sequence, for any knock client:
#   knock HOST $(sh rotating.sh imap secret.txt 20000 29999 4 30)
# usage: rotating.sh DOOR SECRET-FILE FIRST LAST COUNT STEP-SECONDS [EPOCH-SECONDS]
# Needs a POSIX shell, od and openssl. The HMAC is made of two plain hashes, because openssl takes an
# HMAC key only as an argument, where every user of the machine can read it.
set -eu
export LC_ALL=C # bytes, not characters
door=$1 file=$2 first=$3 last=$4 count=$5 step=$(( ${7:-$(date +%s)} / $6 ))

secret=$(cat "$file" && echo .) secret=${secret%.}
secret=${secret%"
"} secret=${secret%"$(printf '\r')"} # as the gate does: without the line's end, one

pad() { # pad VALUE: the secret, filled with zeros to 64 bytes, each byte xor VALUE, as octal escapes
  { printf %s "$secret"; dd if=/dev/zero bs=64 count=1 2>/dev/null; } | od -An -v -tu1 -N64 |
    while read -r line; do
      for byte in $line; do printf '\\%03o' $((byte ^ $1)); done
    done
}
inner=$(pad 54) outer=$(pad 92)

draw() { # draw N: the first 48 bits of HMAC-SHA256, in hexadecimal
  { printf "$outer"
    { printf "$inner"; printf 'knockgate rotating 1\n%s\n%s\n%s' "$door" "$step" "$1"; } |
      openssl dgst -sha256 -binary
  } | openssl dgst -sha256 -r | cut -c1-12
}

ports='' found=0 n=0
while [ "$found" -lt "$count" ]; do
  port=$((first + 0x$(draw "$n") % (last - first + 1)))
  n=$((n + 1))
  case " $ports " in *" $port "*) continue ;; esac
  ports="$ports $port" found=$((found + 1))
done
echo $ports
