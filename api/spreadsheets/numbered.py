"""A list whose rows name a chemical or a location only by its number in another list: the columns of that list are added to its own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .heads import fold_head
from .reading import Row, Spreadsheet
from .survey import location_cell
from .tables import Tables

GIVEN = {"name": "Name", "cas_number": "CAS number", "location": "Location"}
"""What another list can give of a number, and the heads of the columns that are added."""
ByNumber = Mapping[str, Mapping[str, Any]]
"""Number → what the other list has of it, by the keys of GIVEN; a location as the names of its levels."""


def plain_number(cell: str) -> str:
    """A number as both lists write it: 17.0 is 17."""
    return cell.removesuffix(".0")


def _given(of: ByNumber, number: str, what: str) -> str:
    said = of.get(number, {}).get(what, "")
    return location_cell(said) if what == "location" else str(said)


@dataclass
class WithNumbers:
    """A file with further columns behind those of its head, like a `Spreadsheet`: what other lists say of the numbers in it."""

    main: Spreadsheet | Tables
    head_row: int
    lists: Mapping[str, ByNumber]
    """Head of a column with numbers → the other list."""

    kind = property(lambda self: self.main.kind)
    sheet = property(lambda self: self.main.sheet)
    sheets = property(lambda self: self.main.sheets)
    encoding = property(lambda self: self.main.encoding)
    delimiter = property(lambda self: self.main.delimiter)
    encodings = property(lambda self: self.main.encodings)
    filled = property(lambda self: self.main.filled)

    def rows(self) -> Iterator[Row]:
        """The rows of the file. Cells beyond the head stay behind the columns that are added."""
        width = 0
        added: list[tuple[int, str, ByNumber]] = []  # column of the number, what is given, the other list
        for number, cells in self.main.rows():
            if number == self.head_row:
                width, added = len(cells), self._added(cells)
                yield number, cells + [f"{GIVEN[what]} ({cells[column]})" for column, what, _ in added]
            elif not added:
                yield number, cells
            else:
                numbers = [plain_number(cells[column]) if column < len(cells) else "" for column, _, _ in added]
                found = [_given(of, one, what) for one, (_, what, of) in zip(numbers, added, strict=True)]
                yield number, cells[:width] + [""] * (width - len(cells)) + found + cells[width:]

    def _added(self, head: Sequence[str]) -> list[tuple[int, str, ByNumber]]:
        heads = [fold_head(text) for text in head]
        return [
            (heads.index(fold_head(of)), what, numbers)
            for of, numbers in self.lists.items()
            if fold_head(of) in heads
            for what in GIVEN
            if any(what in said for said in numbers.values())
        ]
