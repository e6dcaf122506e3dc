#!/usr/bin/env bash
# zpl-core 0.1.0, which prints one label for each row of an XLSX: an empty cell that has a format (a border, say) takes the
# place of the next filled one, so that labels carry wrong barcodes or no name.
#
# Excel, LibreOffice and XlsxWriter write such a cell as <c r="B3" s="1"/>; the reader looks for its end further on, at the next
# </c>. Seen in a table with borders: Toluene, without a barcode, is printed with the barcode 7, which is the place of its CAS
# number in the file's list of texts; Hexane has no CAS number, so the row behind it, Ethanol, loses its name.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check zpl-core==0.1.0 xlsxwriter==3.3.1 2>/dev/null
cd "$folder"
venv/bin/python - <<'PYTHON'
import xlsxwriter
from zpl_core.xlsx_batch import plan_specs, read_xlsx_rows

STOCK = [
    ["Name", "Barcode", "CAS"],
    ["Acetone", "A-001", "67-64-1"],
    ["Toluene", None, "108-88-3"],
    ["Hexane", "A-003", None],
    ["Ethanol", "A-004", "64-17-5"],
]


def labels(name, style):
    with xlsxwriter.Workbook(name) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(STOCK):
            sheet.write_row(number, 0, row, style and book.add_format(style))
    return [tuple(field["data"] for field in label["fields"]) for label in plan_specs(read_xlsx_rows(name), "Name", "Barcode")]


plain, bordered = labels("plain.xlsx", None), labels("bordered.xlsx", {"border": 1})
print("without borders", plain)
print("with borders", bordered)
assert plain == [("Acetone", "A-001"), ("Hexane", "A-003"), ("Ethanol", "A-004")]
assert bordered == [("Acetone", "A-001"), ("Toluene", "7"), ("Hexane", "A-003"), ("", "A-004")], "the cells keep their places now"
PYTHON
