#!/usr/bin/env bash
# gs1js 0.0.2 (npm): every GS1 application identifier has two digits, also those that GS1 gave three or four. The digits that are
# left become the beginning of the value, without an error.
#
# Seen: the catalogue number CAT-7 (AI 240) is AI 24 with the value 0CAT-7; a net weight of 1.500 kg (AI 3103, 001500) is AI 31
# with 03001500; the price 12.50 (AI 3922) is AI 39 with 221250. Product (01), expiry (17) and lot (10) beside them are right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder" gs1js@0.0.2
cat > read.cjs <<'NODE'
const assert = require("node:assert");
const { GS1Reader } = require("gs1js");

const GS = "\x1d"; // how a reader hands on FNC1, which ends a value of any length
const seen = [
  [`010950110153000317261231240CAT-7${GS}10B7`, ["01=09501101530003", "17=261231", "24=0CAT-7", "10=B7"]],
  ["0109501101530003310300150010B7", ["01=09501101530003", "31=03001500", "10=B7"]],
  [`010950110153000339221250${GS}10B7`, ["01=09501101530003", "39=221250", "10=B7"]],
];
for (const [symbol, fields] of seen) {
  const read = new GS1Reader(symbol).getApplicationIdentifiers().map((field) => `${field.identifier}=${field.value}`);
  console.log(JSON.stringify(symbol), read);
  assert.deepStrictEqual(read, fields, "the symbol is read otherwise now");
}
NODE
node read.cjs
