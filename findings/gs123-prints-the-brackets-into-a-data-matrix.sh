#!/usr/bin/env bash
# gs123 4.0.1, GS1DataMatrix: the symbol is a plain Data Matrix. It lacks FNC1, which says that the data are GS1's, and holds the
# brackets around the application identifiers, which GS1 keeps for the text that people read.
#
# Seen: "(01)...(10)LOT-A(21)S1" is read back as that very text, with the symbology identifier ]d1 (plain). A reader that
# expects GS1 data finds no lot and no expiry date. pyStrich 0.20 makes of the same fields a symbol that is read as GS1 (]d2).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check gs123==4.0.1 ppf.datamatrix==0.2 pystrich==0.20 zxing-cpp==3.1.1 \
  pillow==13.0.0 2>/dev/null
cd "$folder"
venv/bin/python - <<'PYTHON'
import io

import zxingcpp
from gs123.datamatrix import GS1DataMatrix
from PIL import Image, ImageOps
from pystrich.datamatrix import DataMatrixData, DataMatrixEncoder
from pystrich.gs1 import GS1Fixed, GS1Variable

WRITTEN = "(01)09501101530003(17)270228(10)LOT-A(21)S1"


def read(png):
    [found] = zxingcpp.read_barcodes(ImageOps.expand(Image.open(io.BytesIO(png)).convert("L"), 40, 255))
    return found


fields = [GS1Fixed("01", "09501101530003"), GS1Fixed("17", "270228"), GS1Variable("10", "LOT-A"), GS1Variable("21", "S1")]
right = read(DataMatrixEncoder(DataMatrixData.gs1(*fields)).get_imagedata())
seen = read(GS1DataMatrix(WRITTEN).png(scale=8))
for maker, found in (("pyStrich", right), ("gs123", seen)):
    print(maker, found.symbology_identifier, found.content_type, found.bytes)
assert right.symbology_identifier == "]d2" and right.content_type == zxingcpp.ContentType.GS1
assert right.bytes == b"010950110153000317270228" + b"10LOT-A\x1d" + b"21S1"
assert seen.symbology_identifier == "]d1" and seen.content_type == zxingcpp.ContentType.Text, "the symbol has FNC1 now"
assert seen.bytes == WRITTEN.encode(), "the brackets are left out now"
PYTHON
