#!/usr/bin/env bash
# pyexcel-ods 0.6.0 (on odfpy 1.4.1): a cell that a merged cell covers is left out of its row instead of being read as empty,
# so every cell to the right of it moves one column to the left. (pyexcel-ods3 0.6.1, on another reader, keeps the columns.)
#
# Seen: a stock list as LibreOffice saves it, "Shelf 1" merged over two rows. The second row, Toluene | (covered) | 250,
# is read as ['Toluene', 250]: the amount stands in the column of the location. An ordinary empty cell in the same column
# is read as '' and moves nothing. OpenDocument 1.3 part 3, 9.1.5 (table:covered-table-cell): a covered cell is a cell of its row.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check pyexcel-ods==0.6.0 odfpy==1.4.1 2>/dev/null
cd "$folder"
venv/bin/python - <<'PYTHON'
import zipfile

import pyexcel_ods


def text(words, attributes=""):
    return f'<table:table-cell office:value-type="string"{attributes}><text:p>{words}</text:p></table:table-cell>'


def number(figure):
    return f'<table:table-cell office:value-type="float" office:value="{figure}"><text:p>{figure}</text:p></table:table-cell>'


EMPTY, COVERED = "<table:table-cell/>", "<table:covered-table-cell/>"
OVER_TWO_ROWS = ' table:number-columns-spanned="1" table:number-rows-spanned="2"'
rows = [
    text("Name") + text("Location") + text("Amount"),
    text("Acetone") + text("Shelf 1", OVER_TWO_ROWS) + number(500),
    text("Toluene") + COVERED + number(250),
    text("Hexane") + EMPTY + number(5),
]
names = "".join(f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
table = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
content = (
    f'<office:document-content{names} office:version="1.3"><office:body><office:spreadsheet>'
    f'<table:table table:name="Stock">{table}</table:table></office:spreadsheet></office:body></office:document-content>'
)
kind = "application/vnd.oasis.opendocument.spreadsheet"
manifest = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
with zipfile.ZipFile("stock.ods", "w") as file:
    file.writestr("mimetype", kind)
    file.writestr("content.xml", content)
    file.writestr("META-INF/manifest.xml", manifest)

read = pyexcel_ods.get_data("stock.ods")["Stock"]
print(read)
assert read[2] == ["Toluene", 250], "the amount no longer moves into the column of the location"
assert read[3] == ["Hexane", "", 5]
PYTHON
