#!/usr/bin/env bash
# molecular-formula 1.1.5 (npm): what stands in a formula and is neither letter, digit nor round bracket is left out, and the
# numbers on both sides become one, without an error.
#
# Seen: Prussian blue, Fe4[Fe(CN)6]3, has 63 nitrogens, 6 carbons and 5 irons instead of 18, 18 and 7; borax,
# Na2B4O7.10H2O, has 711 oxygens instead of 17; magnesium in Mg0.5Al2O4 counts 5 times instead of
# half; sulfate written SO4-2 has 42 oxygens. K3[Fe(CN)6], where no number follows the square bracket, is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder" molecular-formula@1.1.5
cat > count.cjs <<'NODE'
const assert = require("node:assert");
const MolecularFormula = require("molecular-formula");

const seen = {
  "Fe4[Fe(CN)6]3": { Fe: 5, C: 6, N: 63 }, // Fe7 C18 N18
  "Na2B4O7.10H2O": { Na: 2, B: 4, O: 711, H: 2 }, // Na2 B4 O17 H20
  "Mg0.5Al2O4": { Mg: 5, Al: 2, O: 4 }, // Mg0.5 Al2 O4
  "SO4-2": { S: 1, O: 42 }, // S O4, charged twice
  "K3[Fe(CN)6]": { K: 3, Fe: 1, C: 6, N: 6 },
};
for (const [formula, atoms] of Object.entries(seen)) {
  const counted = new MolecularFormula(formula).getComposition();
  console.log(formula, counted);
  assert.deepStrictEqual({ ...counted }, atoms, `${formula} is counted otherwise now`);
}
NODE
node count.cjs
