#!/usr/bin/env bash
# chem-units 2.1.0 (the unit conversion of an electronic lab notebook): two kinds of quantity have wrong factors, and small
# results are 0.
#
#   5 mg/L is 5,000 ng/L instead of 5,000,000: nanograms have the factor of micrograms
#   1 mol/(L s) is 0.01667 mol/(L min) instead of 60: the factor is upside down
#   3 µg is 0 g: a result is rounded to five decimals, unless an argument that is not documented asks for more
# Masses that stay large are converted rightly (5 mg is 5,000 µg).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder" chem-units@2.1.0
cat > convert.cjs <<'NODE'
const assert = require("node:assert");
const { convert, genUnits } = require("chem-units");

const label = (kind, key) => genUnits(kind).find((unit) => unit.key === key).label;
const seen = [
  ["mass", 5, "mg", "ug", 5000],
  ["concentration", 5, "mg_l", "ng_l", 5000],
  ["reaction_rate", 1, "mol_lsec", "mol_lmin", 0.01667],
  ["mass", 3, "ug", "g", 0],
];
for (const [kind, value, from, to, result] of seen) {
  const converted = convert(kind, value, from, to);
  console.log(`${value} ${label(kind, from)} is ${converted} ${label(kind, to)}`);
  assert.strictEqual(converted, result, `${kind} is converted otherwise now`);
}
NODE
node convert.cjs
