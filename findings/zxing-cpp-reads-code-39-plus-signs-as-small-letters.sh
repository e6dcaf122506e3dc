#!/usr/bin/env bash
# zxing-cpp 3.1.1 reads a plain Code 39 symbol that holds +, %, $ or / in front of a letter as "Full ASCII" by itself:
# "+A" becomes "a", "%V" becomes "@". Code 39 does not say which of the two its maker meant, and plain is the usual case.
#
# Seen: the lot number LOT+A12, printed as plain Code 39, is read as "LOTa12" with the symbology identifier ]A4 (full ASCII)
# and LOT%V7 as "LOT@7". A lot without such a pair, LOT-A12, is read as it is, with ]A0. Asked for Code39Std alone, the
# library gives the printed letters back: a program that must not change a lot number has to say so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check zxing-cpp==3.1.1 python-barcode==0.16.1 pillow==12.0.0 2>/dev/null
cd "$folder"
venv/bin/python - <<'PYTHON'
import barcode
import zxingcpp
from barcode.writer import ImageWriter

PRINTED_AND_READ = {"LOT-A12": ("LOT-A12", "]A0"), "LOT+A12": ("LOTa12", "]A4"), "LOT%V7": ("LOT@7", "]A4")}
for printed, read in PRINTED_AND_READ.items():
    picture = barcode.get("code39", printed, writer=ImageWriter(), options={"add_checksum": False}).render({"write_text": False})
    [found] = zxingcpp.read_barcodes(picture)
    [plain] = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.Code39Std)
    print(f"printed {printed}: read {found.text} {found.symbology_identifier}; as Code39Std {plain.text}")
    assert (found.text, found.symbology_identifier) == read
    assert plain.text == printed
PYTHON
