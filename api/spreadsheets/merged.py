"""Cells of a workbook that were merged downwards."""

import json
import shutil
import tempfile
from typing import TextIO

from .archives import check_written

MOST_MERGED = 10_000


def repeat_merged(text: TextIO, merged: list[tuple[int, int, int, int]]) -> dict[int, list[int]]:
    """Repeats the value of cells that were merged downwards in each of the merged rows that has cells of its own. Returns row → the columns
    that were filled. Raises SpreadsheetError where the rows become too long by that."""
    filled: dict[int, list[int]] = {}
    below: dict[int, list[tuple[int, int, int]]] = {}
    for first_column, first_row, _, last_row in merged[:MOST_MERGED]:
        if last_row > first_row:
            below.setdefault(first_row, []).append((first_column - 1, first_row, last_row))
    written = 0
    with tempfile.TemporaryFile("w+", encoding="utf-8") as copy:
        text.seek(0)
        open_now: list[tuple[int, int, str]] = []
        for number, cells in map(json.loads, text):
            open_now = [(column, last, value) for column, last, value in open_now if number <= last]
            for column, _, value in open_now:
                cells += [""] * (column + 1 - len(cells))
                if not cells[column]:
                    cells[column] = value
                    filled.setdefault(number, []).append(column)
            for column, _, last in below.get(number, ()):
                if column < len(cells) and cells[column]:
                    open_now.append((column, last, cells[column]))
            written += copy.write(json.dumps((number, cells), ensure_ascii=False) + "\n")
            check_written(written)
        copy.seek(0)
        text.seek(0)
        text.truncate()
        shutil.copyfileobj(copy, text)
    return filled
