#!/usr/bin/env bash
# pylightxl 1.61 (PyPI) reads a workbook whose cells hold their texts inline (<c t="inlineStr">, ECMA-376 part 1, 18.3.1.53) without
# an error, and each text is "". Programs that write row by row make such workbooks, because shared texts are known only at the end.
#
# Seen: the row Acetone | 67-64-1 | 2.5 | L of a list of stock is read as "" | "" | 2.5, amounts without names, and columns of texts at
# the right edge are not there at all. With shared texts, the same row is whole.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check pylightxl==1.61 XlsxWriter==3.2.9 2>/dev/null
cd "$folder"
venv/bin/python - <<'PYTHON'
import pylightxl
import xlsxwriter

ROWS = [["Name", "CAS", "Amount", "Unit"], ["Acetone", "67-64-1", 2.5, "L"]]
SEEN = {False: ["Acetone", "67-64-1", 2.5, "L"], True: ["", "", 2.5]}  # the second row: texts shared, texts inline
for inline, seen in SEEN.items():
    workbook = xlsxwriter.Workbook("stock.xlsx", {"constant_memory": inline})
    sheet = workbook.add_worksheet("Stock")
    for number, row in enumerate(ROWS):
        sheet.write_row(number, 0, row)
    workbook.close()
    read = list(pylightxl.readxl("stock.xlsx").ws("Stock").rows)
    print("texts inline" if inline else "texts shared", read)
    assert read[1] == seen, "the workbook is read otherwise now"
PYTHON
