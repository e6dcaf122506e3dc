#!/usr/bin/env bash
# @atomic-ehr/ucum 0.2.5 (npm): an international unit, [iU], is converted to moles and to other biological units, although UCUM
# calls it an arbitrary unit, which is commensurable with no other unit, and although the library itself refuses to add the two.
#
#   5000 [iU] is 8.3e-12 nmol: [iU] counts as the number 1, and a mole as 6.022e23 of them
#   100 [iU]/mL is 100 [CFU]/mL (colonies of bacteria) and 1.66e-19 mol/L; 1 [iU] is 1 [knk'U] (Kunkel units)
#   isConvertible says true, isArbitraryUnit("[iU]") is true; add(5 mmol, 100 [iU]) throws "Cannot convert between arbitrary
#   units"
# Units of mass are refused: [iU]/mL to ng/mL throws.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder" @atomic-ehr/ucum@0.2.5
cat > convert.mjs <<'NODE'
import assert from "node:assert";
import { ucum } from "@atomic-ehr/ucum";

const seen = [
  [5000, "[iU]", "nmol", 8.302695e-12],
  [100, "[iU]/mL", "mol/L", 1.660539e-19],
  [100, "[iU]/mL", "[CFU]/mL", 100],
  [1, "[iU]", "[knk'U]", 1],
];
for (const [value, from, to, result] of seen) {
  const converted = ucum.convert(value, from, to);
  console.log(`${value} ${from} is ${converted} ${to}`);
  assert.ok(Math.abs(converted / result - 1) < 1e-5, `${from} is converted otherwise now`);
}
console.log(`[iU] is arbitrary: ${ucum.isArbitraryUnit("[iU]")}; convertible to mol: ${ucum.isConvertible("[iU]", "mol")}`);
assert.ok(ucum.isArbitraryUnit("[iU]") && ucum.isConvertible("[iU]", "mol"));
assert.throws(() => ucum.add(ucum.quantity(5, "mmol"), ucum.quantity(100, "[iU]")), /arbitrary units/);
assert.throws(() => ucum.convert(100, "[iU]/mL", "ng/mL"), /incompatible dimensions/);
NODE
node convert.mjs
