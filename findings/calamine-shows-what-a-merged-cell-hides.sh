#!/usr/bin/env bash
# python-calamine 0.9.1 on OpenDocument: the text that lies hidden beneath a merged cell is read as if it were to be seen, and
# line breaks and tabs inside a cell vanish without a space.
#
# LibreOffice keeps the content of merged cells when asked to ("Keep the contents of the hidden cells"), and saves it in a
# covered cell. Seen: "Shelf 1" merged over two rows, with a forgotten "Shelf 9" beneath: the second row's location is read as
# "Shelf 9", which nobody sees on the sheet. And "Acetone", line break, "67-64-1" is read as the single word "Acetone67-64-1".
# Two paragraphs in one cell are parted by a line feed, as they should be.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check python-calamine==0.9.1 2>/dev/null
cd "$folder"
venv/bin/python - <<'PYTHON'
import zipfile

from python_calamine import CalamineWorkbook


def cell(content, attributes="", name="table-cell"):
    return f'<table:{name} office:value-type="string"{attributes}>{content}</table:{name}>'


rows = [
    cell("<text:p>Name</text:p>") + cell("<text:p>Location</text:p>"),
    cell("<text:p>Acetone<text:line-break/>67-64-1</text:p>")
    + cell("<text:p>Shelf 1</text:p>", ' table:number-columns-spanned="1" table:number-rows-spanned="2"'),
    cell("<text:p>Toluene<text:tab/>108-88-3</text:p>") + cell("<text:p>Shelf 9</text:p>", name="covered-table-cell"),
    cell("<text:p>Hexane</text:p><text:p>110-54-3</text:p>") + cell("<text:p>Shelf 2</text:p>"),
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

read = CalamineWorkbook.from_path("stock.ods").get_sheet_by_name("Stock").to_python()
for row in read:
    print(row)
assert read[1] == ["Acetone67-64-1", "Shelf 1"], "the line break is kept now"
assert read[2] == ["Toluene108-88-3", "Shelf 9"], "the hidden location is hidden now, or the tab is kept"
assert read[3] == ["Hexane\n110-54-3", "Shelf 2"]
PYTHON
