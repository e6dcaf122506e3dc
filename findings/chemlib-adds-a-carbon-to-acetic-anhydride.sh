#!/usr/bin/env bash
# chemlib 2.2.4 (PyPI): the elements in the middle of a bracket count once more outside it, and of two brackets that share an
# element only the last counts for that element; without a warning.
#
# Seen: acetic anhydride, (CH3CO)2O, is C5H9O3 with 117.12 g/mol instead of C4H6O3 with 102.09; basic lead carbonate,
# Pb3(CO3)2(OH)2, 679.64 instead of 775.63; hydroxyapatite, Ca10(PO4)6(OH)2, 620.64 instead of 1004.61; ammonium cerium(IV)
# nitrate, (NH4)2Ce(NO3)6, 520.20 instead of 548.22. Ca(OH)2, (NH4)3PO4 and (CH3)2SO are right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check chemlib==2.2.4 2>/dev/null
cd "$folder"
venv/bin/python - <<'PYTHON'
from chemlib import Compound

SEEN = {  # what chemlib says, and the molar mass
    "(CH3CO)2O": (117.12, 102.09),
    "Pb3(CO3)2(OH)2": (679.64, 775.63),
    "Ca10(PO4)6(OH)2": (620.64, 1004.61),
    "(NH4)2Ce(NO3)6": (520.20, 548.22),
    "Ca(OH)2": (74.09, 74.09),
    "(NH4)3PO4": (149.09, 149.09),
    "(CH3)2SO": (78.13, 78.13),
}
for formula, (seen, right) in SEEN.items():
    compound = Compound(formula)
    mass = compound.molar_mass()
    print(f"{formula}: {mass:.2f} g/mol, {compound.occurences}, right is {right}")
    assert abs(mass - seen) < 0.01, f"{formula} is weighed otherwise now"
PYTHON
