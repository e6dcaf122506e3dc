#!/usr/bin/env bash
# pharma-datamatrix 1.4.5: what one scan lacks is filled in from the scan before, because all calls write into one dictionary.
#
# Seen: a pack with the lot LOT-A is read, then another product that has no lot on its label (AI 10 is optional in GS1): it is
# reported with LOT-A. Read alone, it has no lot. The answer to the first scan is the same object, so it now tells the GTIN,
# the serial number and the expiry date of the second pack.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check pharma-datamatrix==1.4.5 2>/dev/null
cd "$folder"
cat > read.py <<'PYTHON'
import sys

from pharma_datamatrix import pharma_datamatrix

GS = "\x1d"
WITH_LOT = f"]d2010950110153000310LOT-A{GS}21S1{GS}17351231"
WITHOUT_LOT = f"]d2010950110153001021S2{GS}17360531"
scans = {"first": WITH_LOT, "second": WITHOUT_LOT}
read = {name: pharma_datamatrix(scans[name]) for name in sys.argv[1:]}
for name, answer in read.items():
    print(name, answer)
second = read["second"]
assert second["GTIN"] == "09501101530010" and second["EXPIRY"] == "360531"
if "first" in read:
    assert second["BATCH"] == "LOT-A", "the second pack no longer has the first one's lot"
    assert read["first"] is second and read["first"]["SERIAL"] == "S2", "each scan has an answer of its own now"
else:
    assert "BATCH" not in second
PYTHON
venv/bin/python read.py second
venv/bin/python read.py first second
