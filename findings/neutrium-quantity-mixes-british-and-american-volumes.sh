#!/usr/bin/env bash
# @neutrium/quantity 3.0.7 (npm, units for chemical engineering): the plain names of volumes belong to two systems. "gal" and
# "floz" are British, "qt" and "pt" American, so that a gallon has 4.80 quarts and a pint 16.65 fluid ounces.
#
#   1 gal is 4.546 L, but a solvent's bottle of one gallon in the United States holds 3.785 L
#   1 qt is 0.946 L, 1 pt 0.473 L, 1 floz 28.41 mL (American: 29.57 mL)
# The names with a country, gal(us), gal(uk), floz(us), are right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder" @neutrium/quantity@3.0.7
cat > convert.cjs <<'NODE'
const assert = require("node:assert");
const { Quantity } = require("@neutrium/quantity");

const seen = [
  ["1 gal", "L", 4.54609],
  ["1 qt", "L", 0.946353],
  ["1 pt", "L", 0.473176],
  ["1 floz", "mL", 28.413063],
  ["1 gal", "qt", 4.8038],
  ["1 pt", "floz", 16.653484],
  ["1 gal(us)", "L", 3.785412],
  ["1 gal(uk)", "L", 4.54609],
  ["1 floz(us)", "mL", 29.57353],
];
for (const [amount, unit, result] of seen) {
  const converted = Number(new Quantity(amount).to(unit).scalar);
  console.log(`${amount} is ${converted.toFixed(4)} ${unit}`);
  assert.ok(Math.abs(converted / result - 1) < 1e-5, `${amount} is converted otherwise now`);
}
NODE
node convert.cjs
