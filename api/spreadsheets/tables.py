"""The tables of a file: side by side or one below the other in a sheet, and on several sheets; and several of them read as one.

A table has the name of its first head's cell: Acids!A1, or E1 where the file has no sheets. Rows of further tables are brought into the
columns of the first one by their heads; the heads that only they have follow behind, and a last column says the table of each row.
"""

import itertools
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from .archives import check_written
from .columns import find_head, is_head
from .errors import MOST_COLUMNS, SpreadsheetError
from .heads import column_letter, field_of_head, fold_head
from .reading import Row, Spreadsheet, open_spreadsheet
from .records import ROWS_OF_A_TABLE

MOST_TABLES = 50
"""How many further tables are read with the first one."""
MOST_SHEETS = 20
"""How many sheets are looked into for tables."""
TABLE_HEAD = "Table"


@dataclass(frozen=True)
class Table:
    """Where a table stands: its sheet, the row of its head (0: none), and its first row and column and those behind its last."""

    sheet: str | None
    head_row: int
    heads: tuple[str, ...]
    left: int = 0
    right: int | None = None
    begin: int = 0
    end: int | None = None
    rows: int = 0

    @property
    def name(self) -> str:
        """Acids!E1."""
        cell = f"{column_letter(self.left)}{self.head_row}"
        return f"{self.sheet}!{cell}" if self.sheet else cell

    def row(self, row: Row) -> list[str] | None:
        """The table's cells in a row of its sheet; None where it has none there."""
        number, cells = row
        if number < self.begin or (self.end is not None and number >= self.end):
            return None
        mine = cells[self.left : self.right]
        while mine and not mine[-1]:
            mine.pop()
        return mine or None


def tables_of(spreadsheet: Spreadsheet, head_row: int | None = None) -> list[Table]:
    """The tables of the sheet that was opened, the main one first. Reads all rows once."""
    rows = spreadsheet.rows()
    first = list(itertools.islice(rows, 230))
    if head_row is None:
        head_row = _first_head(first)
    head = next((cells for number, cells in first if number == head_row), [])
    found = _beside(spreadsheet.sheet, head_row, head)
    before: Row = (head_row, head)
    for row in itertools.chain(first, rows):
        if row[0] <= head_row:
            continue
        parted = row[0] > before[0] + 1 or sum(1 for cell in before[1] if cell) == 1
        if head_row and parted and is_head(row[1]) and not _same_heads(row[1], head):
            # Where a title stands above the head, the table before ends at the title.
            end = before[0] if sum(1 for cell in before[1] if cell) == 1 else row[0]
            found = [_closed(table, end) for table in found] + _beside(spreadsheet.sheet, row[0], row[1])
            head = row[1]
        else:
            found = [_counted(table, row) for table in found]
        before = row
    return [found[0], *(table for table in found[1:] if table.rows)]


def _first_head(rows: Sequence[Row]) -> int:
    """The row of the first head that has rows below it; the best head may be that of a later table."""
    best = find_head(rows)
    above = [row for row in rows if row[0] < best]
    for place, (number, cells) in enumerate(above):
        if is_head(cells) and any(sum(map(bool, below)) > 1 and not is_head(below) for _, below in above[place + 1 :]):
            return number
    return best


def _beside(sheet: str | None, head_row: int, head: Sequence[str]) -> list[Table]:
    """The tables under a row of heads: one, or several whose heads repeat. Behind an empty column, or where a whole table repeats, other words
    for the same fields are enough: Chemical, Qty, (empty), Reagent, Quantity."""
    starts = [0]
    for index in range(1, len(head)):
        left, right = head[starts[-1] : index], head[index:]
        if not head[index]:
            continue
        of_left, of_right = (
            [field_of_head(text) for text in texts if text]
            for texts in (left, right[: len(left)] if head[index - 1] else right)
        )
        both = set(of_left) & set(of_right) - {None}
        again = {fold_head(text) for text in left if text} & {fold_head(text) for text in right if text}
        behind_gap = not head[index - 1]
        repeats = behind_gap or fold_head(head[index]) == fold_head(left[0])
        if "name" in both and len(both) > 1 and (behind_gap or of_left == of_right or (repeats and len(again) > 1)):
            starts.append(index)
    ends = [*starts[1:], None]
    return [
        Table(sheet, head_row, tuple(head[start:end]), start, end if len(starts) > 1 else None, head_row)
        for start, end in zip(starts, ends, strict=True)
    ]


def _same_heads(cells: Sequence[str], head: Sequence[str]) -> bool:
    """Whether the row says the heads once more, each above its own column, as at the top of each printed page."""
    return len(cells) <= len(head) and all(
        not cell or fold_head(cell) == fold_head(above) for cell, above in zip(cells, head, strict=False)
    )


def _closed(table: Table, end: int) -> Table:
    return table if table.end is not None else Table(**{**table.__dict__, "end": end})


def _counted(table: Table, row: Row) -> Table:
    return Table(**{**table.__dict__, "rows": table.rows + 1}) if row[0] > table.head_row and table.row(row) else table


@dataclass
class Tables:
    """Several tables that are read as one, like a `Spreadsheet`."""

    main: Spreadsheet
    parts: list[tuple[Spreadsheet, Table]]
    filled: dict[int, list[int]] = field(default_factory=dict)
    """Row → its columns that have the value of a cell merged with them from above."""
    titles: list[str] = field(default_factory=list)
    """The name of each table: that of its sheet, or its own where a sheet has several."""

    def __post_init__(self) -> None:
        heads = list(self.parts[0][1].heads)
        self._places: list[list[int]] = []
        for _, table in self.parts:
            places, free = [], set(range(len(heads)))
            for text in table.heads:
                place = next((index for index in sorted(free) if _mean_the_same(heads[index], text)), len(heads))
                if place == len(heads):
                    heads.append(text)
                free.discard(place)
                places.append(place)
            self._places.append(places)
        self.heads = [*heads, TABLE_HEAD] if len(self.parts) > 1 else heads
        if len(self.heads) > MOST_COLUMNS:
            raise SpreadsheetError(
                f"Together, the tables have {len(self.heads)} columns; at most {MOST_COLUMNS} can be read. Choose fewer tables."
            )
        sheets = [table.sheet for _, table in self.parts]
        self.titles = [
            table.sheet if table.sheet and sheets.count(table.sheet) == 1 else table.name for _, table in self.parts
        ]
        for index, (sheet, table) in enumerate(self.parts):
            for number, columns in sheet.filled.items():
                moved = [self._place(index, column - table.left) for column in columns if column >= table.left]
                self.filled[index * ROWS_OF_A_TABLE + number] = moved

    kind = property(lambda self: self.main.kind)
    sheet = property(lambda self: self.main.sheet)
    sheets = property(lambda self: self.main.sheets)
    encoding = property(lambda self: self.main.encoding)
    delimiter = property(lambda self: self.main.delimiter)
    encodings = property(lambda self: self.main.encodings)

    def _place(self, part: int, column: int) -> int:
        """The column in which a table's column stands among the heads of all; those without a head keep their place behind the heads."""
        places = self._places[part]
        return places[column] if column < len(places) else len(self.heads) + column

    def rows(self) -> Iterator[Row]:
        """The rows of all tables, the head of the first one first."""
        for part, (sheet, table) in enumerate(self.parts):
            for row in sheet.rows():
                cells = table.row(row)
                if cells is None or (part and row[0] <= table.head_row):
                    continue
                if row[0] == table.head_row and not part:
                    yield row[0], list(self.heads)
                    continue
                moved = [""] * len(self.heads)
                for column, cell in enumerate(cells):
                    if cell:
                        place = self._place(part, column)
                        moved += [""] * (place + 1 - len(moved))
                        moved[place] = cell
                if len(self.parts) > 1 and row[0] > table.head_row:
                    moved[len(self.heads) - 1] = self.titles[part]
                yield part * ROWS_OF_A_TABLE + row[0], moved


def _mean_the_same(head: str, other: str) -> bool:
    if fold_head(head) == fold_head(other):
        return True
    of_field = field_of_head(head)
    return of_field is not None and of_field == field_of_head(other) and of_field != "location"


def all_tables(
    content: bytes | Path | BinaryIO, main: Spreadsheet, head_row: int | None, until: float
) -> tuple[list[Table], int]:
    """The tables of all sheets, those of the sheet that was opened first, and how many sheets were not looked at.

    Sheets without rows under a head are left away. Opening a sheet takes as long as opening the file, so no further one is opened
    when this process has used `until` seconds of processor time.
    """
    found = tables_of(main, head_row)
    others = [name for name in main.sheets if name != main.sheet]
    for place, sheet in enumerate(others):
        if place == MOST_SHEETS or time.process_time() > until:
            return found, len(others) - place
        try:
            with open_spreadsheet(content, sheet, main.encoding) as other:
                found += [table for table in tables_of(other) if table.head_row and table.rows]
        except SpreadsheetError:
            continue  # a sheet that cannot be read is not offered
    return found, 0


def read_together(
    opened: ExitStack, content: bytes | Path | BinaryIO, main: Spreadsheet, head_row: int | None, names: Sequence[str]
) -> Spreadsheet | Tables:
    """The main table, and those of these names below it. Raises SpreadsheetError where there is none of that name, or where
    they are too long together."""
    own = tables_of(main, head_row)
    if len(own) == 1 and not names:
        return main
    parts = [(main, own[0])]
    sheets = {main.sheet: (main, own)}
    for name in names:
        sheet = re.sub(r"!?[A-Z]+[0-9]+$", "", name) or None
        if sheet not in sheets:
            if sheet not in main.sheets:
                raise SpreadsheetError(f"The file has no table {name[:60]}.")
            other = opened.enter_context(open_spreadsheet(content, sheet, main.encoding))
            sheets[sheet] = other, tables_of(other)
            check_written(sum(spreadsheet.size() for spreadsheet, _ in sheets.values()))
        other, tables = sheets[sheet]
        table = next((table for table in tables if table.name == name), None)
        if table is None or (other, table) == parts[0]:
            raise SpreadsheetError(f"The file has no table {name[:60]}.")
        parts.append((other, table))
    return Tables(main, parts)
