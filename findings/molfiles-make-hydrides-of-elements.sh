#!/usr/bin/env bash
# Indigo 1.46.0 and OpenChemLib 9.25.0 write an element into a molfile without its valence, which means "as many hydrogens as
# usual". Silicon, red phosphorus, arsenic and sodium are read back as silane, phosphine, arsine and sodium hydride.
#
# Seen: Indigo reads the SMILES [As] as arsenic (no hydrogen), saves it, and reads its own file as AsH3 (likewise Si, P, Al);
# OpenChemLib's file of [Na] is read as NaH, that of [Pb] as PbH2, by RDKit 2026.9.1 and by Indigo, while OpenChemLib itself
# reads the metal. RDKit writes the valence (15 in the column vvv, "none"), and all three read that as the element.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check epam-indigo==1.46.0 rdkit==2026.9.1 2>/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder" openchemlib@9.25.0
cat > openchemlib.mjs <<'NODE'
import { readFileSync, writeFileSync } from "node:fs";
import { Molecule } from "openchemlib";

const [, , task, symbol] = process.argv;
if (task === "write") writeFileSync(`openchemlib-${symbol}.mol`, Molecule.fromSmiles(`[${symbol}]`).toMolfile());
else console.log(Molecule.fromMolfile(readFileSync(symbol, "utf8")).getMolecularFormula().formula);
NODE
for symbol in Na Pb; do node openchemlib.mjs write "$symbol"; done
cat > read.py <<'PYTHON'
import subprocess
from pathlib import Path

from indigo import Indigo
from rdkit import Chem
from rdkit.Chem.rdMolDescriptors import CalcMolFormula

indigo = Indigo()


def read(file):
    return {
        "RDKit": CalcMolFormula(Chem.MolFromMolFile(file)),
        "Indigo": indigo.loadMoleculeFromFile(file).grossFormula().replace(" ", ""),
        "OpenChemLib": subprocess.check_output(["node", "openchemlib.mjs", "read", file], text=True).strip(),
    }


for symbol, hydride in (("Si", "H4Si"), ("P", "H3P"), ("As", "H3As"), ("Al", "H3Al")):
    element = indigo.loadMolecule(f"[{symbol}]")
    assert element.grossFormula() == symbol
    element.saveMolfile(f"indigo-{symbol}.mol")
    seen = read(f"indigo-{symbol}.mol")
    print(symbol, "written by Indigo:", seen)
    assert sorted(seen["Indigo"]) == sorted(hydride), f"Indigo keeps {symbol} now"
for symbol, hydride in (("Na", "HNa"), ("Pb", "H2Pb")):
    seen = read(f"openchemlib-{symbol}.mol")
    print(symbol, "written by OpenChemLib:", seen)
    assert seen == {"RDKit": hydride, "Indigo": hydride, "OpenChemLib": symbol}, f"the molfile says that {symbol} is alone now"
for symbol in ("Si", "P", "As", "Al", "Na", "Pb"):
    Path(f"rdkit-{symbol}.mol").write_text(Chem.MolToMolBlock(Chem.MolFromSmiles(f"[{symbol}]")))
    seen = read(f"rdkit-{symbol}.mol")
    print(symbol, "written by RDKit:", seen)
    assert set(seen.values()) == {symbol}
PYTHON
venv/bin/python read.py
