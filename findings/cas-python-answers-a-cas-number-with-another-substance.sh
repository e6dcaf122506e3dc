#!/usr/bin/env bash
# cas-python 0.1.0 (PyPI, "Database of CAS Registry Number"): 20 CAS numbers stand in its table with two or three formulas, and
# get(cas=...) answers with the last one. For four of the five below the last one is another substance.
#
#   1306-38-3 is cerium(IV) oxide and answered as cerium(III) oxide, 13465-10-6 is indium(I) chloride and answered as the
#   iodide, 13598-56-6 is uranium(III) hydride and answered as uranium(II) oxide, 12030-49-8 is iridium(IV) oxide and answered
#   as iridium(III) oxide; 7791-03-9 is lithium perchlorate, LiClO4, and answered as Li3ClO4
# Nitrogen's number is not found, because the table has it with a footnote: "7727-37-9[1]". A formula is looked for without
# regard to capitals: BAsO4, boron arsenate, is answered with barium sulfate, BaSO4.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check cas-python==0.1.0 2>/dev/null
cd "$folder"
venv/bin/python - <<'PYTHON'
from cas import database

SEEN = {  # the substance's formula, and the answer's
    "1306-38-3": ("CeO2", "Ce2O3"),
    "13465-10-6": ("InCl", "InI"),
    "13598-56-6": ("UH3", "UO"),
    "12030-49-8": ("IrO2", "Ir2O3"),
    "7791-03-9": ("LiClO4", "Li3ClO4"),
}
for cas_number, (formula, answered) in SEEN.items():
    entry = database.get(cas=cas_number)
    print(f"{cas_number} ({formula}) is answered with {entry.name}, {entry.formula}")
    assert entry.formula == answered, f"{cas_number} is answered otherwise now"
    assert any((other.cas, other.formula) == (cas_number, formula) for other in database), "the right entry is gone"

formulas = {}
for entry in database:
    formulas.setdefault(entry.cas, set()).add(entry.formula)
shared = sum(len(several) > 1 for several in formulas.values())
print(f"{shared} CAS numbers have several formulas")
assert shared == 20

nitrogen = database.get(name="nitrogen")
print(f"nitrogen is {nitrogen.cas}; 7727-37-9 is {database.get(cas='7727-37-9')}")
assert nitrogen.cas == "7727-37-9[1]" and database.get(cas="7727-37-9") is None

for formula in ("BAsO4", "BaSO4"):
    entry = database.get(formula=formula)
    print(f"{formula} is answered with {entry.name}")
    assert entry.name == "barium sulfate", f"{formula} is answered otherwise now"
assert any(entry.formula == "BAsO4" for entry in database), "boron arsenate is gone"
PYTHON
