"""The rows of an XLSX workbook as text, through openpyxl's read-only mode."""

import datetime
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

import openpyxl
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS

from .errors import NO_RESULT, SpreadsheetError
from .formats import show
from .heads import CONTAINERS_FILE

MOST_CELLS = 25_000_000
"""How many cells are read or skipped at most. A small file with more cells was made to keep a server busy."""
LAST_ROW = 1_048_576

Merged = tuple[int, int, int, int]
"""A range of merged cells: first column, first row, last column, last row, from 1."""


def read_workbook(
    file: BinaryIO, sheet: str | None, merged: list[Merged]
) -> tuple[str, list[str], Iterator[tuple[int, list[str]]]]:
    """The name of the sheet (the chosen or the fullest one), the names of all sheets, and the sheet's rows with their numbers. After the
    last row, `merged` is complete.

    Raises SpreadsheetError.
    """
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheets = [name for name in book.sheetnames if hasattr(book[name], "reset_dimensions")]
    except Exception as error:  # a broken file may raise any error in openpyxl or its XML parser
        raise SpreadsheetError("The file is damaged or no Excel workbook. Save it again as XLSX or CSV.") from error
    if not sheets:
        raise SpreadsheetError("The workbook has no sheet with cells.")
    if sheet is not None and sheet not in sheets:
        raise SpreadsheetError(f"The workbook has no sheet “{sheet[:60]}”.")
    if sheet is None:
        sheet = sheets[0] if len(sheets) == 1 else max(sheets[:20], key=lambda name: _fullness(book[name]))
    return sheet, sheets, _rows(book[sheet], merged)


def _fullness(sheet: Any) -> int:
    """The number of filled cells in the sheet's first 200 rows: enough to tell an inventory from a cover page. A sheet that ChemTrack
    wrote to be imported is the fullest, however long the history beside it is."""
    cells = 0
    for number, values in _rows(sheet):
        if number == 1 and CONTAINERS_FILE.issubset(values):
            return sys.maxsize
        cells += sum(1 for value in values if value)
        if number > 200:
            break
    return cells


_FORMULA = f"{{{SHEET_MAIN_NS}}}f"


class _Parser(WorkSheetParser):
    """openpyxl's parser, changed to give numbers unconverted, whatever their format, and to mark formulas without a result."""

    def parse_cell(self, element: Any) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        if cell["value"] is None and (formula := element.find(_FORMULA)) is not None and element.get("t") != "str":
            cell |= {"value": f"{NO_RESULT}={formula.text or ''}", "data_type": "s"}
        return cell


def _rows(sheet: Any, merged: list[Merged] | None = None) -> Iterator[tuple[int, list[str]]]:
    """The rows of the sheet. After the last one, the ranges of merged cells are in `merged`."""
    cells, before = 0, 0
    try:
        with sheet._get_source() as source:
            parser = _Parser(source, sheet._shared_strings, data_only=True)
            for number, found in parser.parse():
                width = max((cell["column"] for cell in found), default=0)
                cells += width + max(number - before, 1)
                if number > LAST_ROW or cells > MOST_CELLS:
                    raise SpreadsheetError(
                        "The sheet has more cells than can be read. Delete what is empty, or save it as CSV."
                    )
                if number <= before or not found:
                    continue
                before, row = number, [""] * width
                for cell in found:
                    row[cell["column"] - 1] = _text(sheet, cell)
                yield number, row
            for area in parser.merged_cells.mergeCell if merged is not None and parser.merged_cells else ():
                merged.append(tuple(area.bounds))  # type: ignore[union-attr]
    except SpreadsheetError:
        raise
    except Exception as error:
        raise SpreadsheetError("The file is damaged or no Excel workbook. Save it again as XLSX or CSV.") from error


def _text(sheet: Any, cell: dict[str, Any]) -> str:
    """The cell as somebody would type it: 13030034, 0.5, 98%, 2.5 mL, 2025-09-30, 7789-09-05."""
    value = cell["value"]
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        shown_as = ReadOnlyCell(sheet, cell["row"], cell["column"], value, "n", cell["style_id"]).number_format
        return show(value, shown_as or "General", since_1904=sheet.parent.epoch == CALENDAR_MAC_1904)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    return str(value)
