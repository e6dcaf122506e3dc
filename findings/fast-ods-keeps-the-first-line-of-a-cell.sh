#!/usr/bin/env bash
# fast-ods 0.3.2 (PyPI): of a cell with several lines (paragraphs, as Ctrl+Enter makes them in LibreOffice) only the first is
# read, the others vanish without a warning. A date is read as the sheet shows it, not as the file holds it, although numbers
# come from the value held.
#
# Seen: a cell with the lines "Causes burns", "Store under argon" is 'Causes burns'. 4 March 2027 in a column with the day first
# and 3 April 2027 in a column with the month first are both '04/03/27', although the file holds 2027-03-04 and 2027-04-03; the
# number 2.5004, shown as 2.5, is '2.5004'.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check fast-ods==0.3.2 2>/dev/null
cd "$folder"
venv/bin/python - <<'PYTHON'
import zipfile

from fast_ods import ODSParser


def cell(*lines, kind="string", value=""):
    text = "".join(f"<text:p>{line}</text:p>" for line in lines)
    return f'<table:table-cell office:value-type="{kind}"{value}>{text}</table:table-cell>'


row = "".join((
    cell("Causes burns", "Store under argon"),
    cell("04/03/27", kind="date", value=' office:date-value="2027-03-04"'),
    cell("04/03/27", kind="date", value=' office:date-value="2027-04-03"'),
    cell("2.5", kind="float", value=' office:value="2.5004"'),
))
names = "".join(f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
content = (
    f'<office:document-content{names} office:version="1.3"><office:body><office:spreadsheet><table:table table:name="Stock">'
    f"<table:table-row>{row}</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
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

(read,) = ODSParser().parse("stock.ods")
print(read)
assert read == ("Causes burns", "04/03/27", "04/03/27", "2.5004"), "lines or dates are read otherwise now"
PYTHON
