"""The rows of an XLSX workbook as text, through openpyxl's read-only mode."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, BinaryIO

import openpyxl
from openpyxl.cell.read_only import EmptyCell

from .errors import SpreadsheetError

MOST_CELLS = 25_000_000
"""Read or skipped; beyond that, a small file was made to keep a server busy."""
LAST_ROW = 1_048_576


def read_workbook(file: BinaryIO, sheet: str | None) -> tuple[str, list[str], Iterator[tuple[int, list[str]]]]:
    """The sheet that was chosen (or the fullest), the names of all, and its rows by number.

    Raises SpreadsheetError.
    """
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheets = [name for name in book.sheetnames if hasattr(book[name], "reset_dimensions")]
    except Exception as error:  # whatever a broken file breaks in openpyxl and the XML parser beneath
        raise SpreadsheetError("The file is damaged or no Excel workbook. Save it again as XLSX or CSV.") from error
    if not sheets:
        raise SpreadsheetError("The workbook has no sheet with cells.")
    if sheet is not None and sheet not in sheets:
        raise SpreadsheetError(f"The workbook has no sheet “{sheet[:60]}”.")
    if sheet is None:
        sheet = sheets[0] if len(sheets) == 1 else max(sheets[:20], key=lambda name: _fullness(book[name]))
    return sheet, sheets, _rows(book[sheet])


def _fullness(sheet: Any) -> int:
    """How many cells the sheet's first 200 rows hold: enough to tell an inventory from a cover page."""
    cells = 0
    for number, values in _rows(sheet):
        cells += sum(1 for value in values if value)
        if number > 200:
            break
    return cells


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    sheet.reset_dimensions()  # what the file says of its size is often wrong, and openpyxl would fill up to it
    cells = 0
    try:
        for number, row in enumerate(sheet.iter_rows(), start=1):
            cells += len(row) + 1
            if number > LAST_ROW or cells > MOST_CELLS:
                raise SpreadsheetError(
                    "The sheet has more cells than can be read. Delete what is empty, or save it as CSV."
                )
            if row:
                yield number, [_text(cell) for cell in row]
    except SpreadsheetError:
        raise
    except Exception as error:
        raise SpreadsheetError("The file is damaged or no Excel workbook. Save it again as XLSX or CSV.") from error


def _text(cell: Any) -> str:
    """A cell as one would type it: 13030034, 0.5, 98%, 2025-09-30, 7789-09-05."""
    if isinstance(cell, EmptyCell):
        return ""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return _number(value, cell.number_format or "")
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    return str(value)


def _number(value: float, number_format: str) -> str:
    if isinstance(value, int):
        return f"{value:d}" if abs(value) < 10**30 else ""
    number = Decimal(repr(value))
    if not number.is_finite() or abs(number) >= Decimal(10) ** 30:
        return ""
    per_cent = number_format.rstrip('"').endswith("%")
    text = f"{number * 100 if per_cent else number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text + "%" if per_cent else text
