#!/usr/bin/env bash
# digital-link.js 1.4.3: a lot number with "/" or "?" becomes another lot in the GS1 Digital Link, because nothing is
# percent-encoded. GS1 allows both characters in a lot (AI 10); a URI parts its own pieces with them.
#
# Seen: the lot 24/21/07 gives .../10/24/21/07?17=270228, which is read, and said to be valid, as the lot 24 with the serial
# number 07 (AI 21). A?7 becomes the lot A, and the expiry date goes. The rightly encoded link .../10/24%2F21%2F07 is not decoded.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder" digital-link.js@1.4.3
cat > link.cjs <<'NODE'
const assert = require("node:assert");
const { DigitalLink } = require("digital-link.js");

const GTIN = "09501101530003";
const seen = {
  "LOT-A12": [{ 10: "LOT-A12" }, { 17: "270228" }],
  "24/21/07": [{ 10: "24", 21: "07" }, { 17: "270228" }],
  "A?7": [{ 10: "A" }, { "7?17": "270228" }],
};
for (const [lot, [qualifiers, attributes]] of Object.entries(seen)) {
  const written = DigitalLink({
    domain: "https://id.example.org",
    identifier: { "01": GTIN },
    keyQualifiers: { 10: lot },
    attributes: { 17: "270228" },
  });
  const uri = written.toWebUriString();
  const read = DigitalLink(uri);
  console.log(lot, uri, read.getKeyQualifiers(), read.getAttributes());
  assert.ok(written.isValid() && read.isValid());
  assert.deepStrictEqual(read.getKeyQualifiers(), qualifiers, `${lot} is read otherwise now`);
  assert.deepStrictEqual(read.getAttributes(), attributes, `the expiry date of ${lot} is read otherwise now`);
}
const encoded = DigitalLink(`https://id.example.org/01/${GTIN}/10/24%2F21%2F07`);
console.log(encoded.getKeyQualifiers());
assert.deepStrictEqual(encoded.getKeyQualifiers(), { 10: "24%2F21%2F07" }, "the lot is decoded now");
NODE
node link.cjs
