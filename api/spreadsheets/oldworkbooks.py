"""The rows of an Excel workbook of the old kind (XLS) as text, through xlrd."""

import io
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

import xlrd  # type: ignore[import-untyped]

from .errors import SpreadsheetError
from .formats import show
from .heads import CONTAINERS_FILE
from .programs import refuse_in_old_workbook

_SAMPLE_ROWS = 200
_MOST_SHEETS = 20
_DAMAGED = "The file is damaged, has a password or is no Excel workbook. Save it in Excel as .xlsx without a password, or as CSV."

Merged = tuple[int, int, int, int]


def read_old_workbook(
    file: BinaryIO, sheet: str | None, merged: list[Merged]
) -> tuple[str, list[str], Iterator[tuple[int, list[str]]]]:
    """The name of the sheet (the chosen or the fullest one), the names of all sheets, and the sheet's rows with their numbers. `merged` is
    complete at once.

    Raises SpreadsheetError.
    """
    try:
        # xlrd would write its remarks to the standard output, which is the answer of the process that reads
        notes = io.StringIO()
        book = xlrd.open_workbook(
            file_contents=file.read(),
            logfile=notes,
            verbosity=1,
            formatting_info=True,
            on_demand=True,
            ragged_rows=True,
        )
        refuse_in_old_workbook(file, notes.getvalue())
        names = book.sheet_names()
        if sheet is not None and sheet not in names:
            raise SpreadsheetError(f"The workbook has no sheet “{sheet[:60]}”.")
        chosen = sheet if sheet is not None else max(names[:_MOST_SHEETS], key=lambda name: _fullness(book, name))
        found = book.sheet_by_name(chosen)
    except (SpreadsheetError, MemoryError):
        raise
    except Exception as error:  # a broken file may raise any error in xlrd
        raise SpreadsheetError(_DAMAGED) from error
    merged += [
        (first_column + 1, first_row + 1, last_column, last_row)
        for first_row, last_row, first_column, last_column in found.merged_cells
    ]
    return chosen, names, _rows(book, found)


def _fullness(book: Any, name: str) -> int:
    """The number of filled cells among the first rows; a sheet that ChemTrack wrote to be imported is the fullest."""
    sheet = book.sheet_by_name(name)
    rows = [
        cells for number, cells in zip(range(_SAMPLE_ROWS), (cells for _, cells in _rows(book, sheet)), strict=False)
    ]
    book.unload_sheet(name)
    if rows and CONTAINERS_FILE.issubset(rows[0]):
        return sys.maxsize
    return sum(1 for cells in rows for cell in cells if cell)


def _rows(book: Any, sheet: Any) -> Iterator[tuple[int, list[str]]]:
    for index in range(sheet.nrows):
        yield index + 1, [_text(book, cell) for cell in sheet.row(index)]


def _text(book: Any, cell: Any) -> str:
    """The cell as somebody would type it: 13030034, 0.5, 98%, 2.5 mL, 2025-09-30."""
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value)
    if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        shown_as = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
        return show(cell.value, shown_as or "General", since_1904=book.datemode == 1)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "yes" if cell.value else "no"
    return str(xlrd.error_text_from_code.get(cell.value, "")) if cell.ctype == xlrd.XL_CELL_ERROR else ""
