#!/usr/bin/env python3
"""Prints the ports of a rotating door's present sequence, for any knock client:
    knock HOST $(python3 rotating.py imap secret.txt 20000 29999 4 30)
usage: rotating.py DOOR SECRET-FILE FIRST LAST COUNT STEP-SECONDS [EPOCH-SECONDS]
"""
import hashlib
import hmac
import sys
import time


def ports(secret, door, first, last, count, step):
    found, n = [], 0
    while len(found) < count:
        text = f"knockgate rotating 1\n{door}\n{step}\n{n}".encode()
        draw = int.from_bytes(hmac.new(secret, text, hashlib.sha256).digest()[:6], "big")
        port = first + draw % (last - first + 1)
        if port not in found:
            found.append(port)
        n += 1
    return found


if __name__ == "__main__":
    door, file, first, last, count, length = sys.argv[1:7]
    with open(file, "rb") as opened:
        secret = opened.read().removesuffix(b"\n").removesuffix(b"\r")
    now = int(sys.argv[7]) if len(sys.argv) > 7 else int(time.time())
    print(*ports(secret, door, int(first), int(last), int(count), now // int(length)))
