#!/usr/bin/env node
// Prints the ports of a rotating door's present sequence, for any knock client:
//   knock HOST $(node rotating.js imap secret.txt 20000 29999 4 30)
// usage: rotating.js DOOR SECRET-FILE FIRST LAST COUNT STEP-SECONDS [EPOCH-SECONDS]
"use strict";
const { createHmac } = require("node:crypto");
const { readFileSync } = require("node:fs");

function ports(secret, door, first, last, count, step) {
  const found = [];
  for (let n = 0; found.length < count; n++) {
    const text = `knockgate rotating 1\n${door}\n${step}\n${n}`;
    const draw = createHmac("sha256", secret).update(text).digest().readUIntBE(0, 6);
    const port = first + (draw % (last - first + 1));
    if (!found.includes(port)) found.push(port);
  }
  return found;
}

const [door, file, ...numbers] = process.argv.slice(2);
const [first, last, count, length, now = Math.floor(Date.now() / 1000)] = numbers.map(Number);
const secret = readFileSync(file, "latin1").replace(/\r?\n?$/, "");
console.log(ports(Buffer.from(secret, "latin1"), door, first, last, count, Math.floor(now / length)).join(" "));
