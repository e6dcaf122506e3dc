#!/usr/bin/env bash
# ChemW 0.3.5 (PyPI): a formula that ends in a bracket and a number is weighed as if the number were not there, without a
# warning.
#
# Seen: calcium hydroxide, Ca(OH)2, 57.085 g/mol instead of 74.09; aluminium sulfate, Al2(SO4)3, 150.03 instead of 342.15; lead
# acetate, Pb(CH3COO)2, 266.2 instead of 325.3. Brackets that stand before something else are right: (NH4)2SO4 132.14,
# CH3(CH2)4CH3 86.18.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check ChemW==0.3.5 2>/dev/null
cd "$folder"
venv/bin/python - <<'PYTHON'
from chemw import ChemMW

SEEN = {  # what ChemW says, and the molar mass
    "Ca(OH)2": (57.085, 74.09),
    "Al2(SO4)3": (150.03, 342.15),
    "Pb(CH3COO)2": (266.2, 325.3),
    "(NH4)2SO4": (132.14, 132.14),
    "CH3(CH2)4CH3": (86.1754, 86.18),
}
for formula, (seen, right) in SEEN.items():
    mass = float(ChemMW(printing=False).mass(formula))
    print(f"{formula}: {mass} g/mol, right is {right}")
    assert abs(mass - seen) < 0.01, f"{formula} is weighed otherwise now"
PYTHON
