"""What only the whole file shows: its order of day and month, what a comma means, which spelling of a place is usual."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from api import cas_numbers

from .cells import is_missing, join_name, one_line, shows_decimal_comma
from .choices import Choices, Mapping
from .dates import day_order
from .reading import Row

_LEVELS = re.compile(r"\s*[>›»\\|]\s*|\s+/\s+|\s*\n\s*")
Spelling = TypeVar("Spelling", str, tuple[str, ...])


@dataclass
class Survey:
    """The evidence of a file, gathered in one pass before its rows are read."""

    day_first: bool | None = None
    comma_is_decimal: bool | None = None
    numbered: bool = False
    """Whether most rows have a number of their own, so that one without continues the row above."""
    width: int = 0
    """How many cells a row has at most, but for rare ones: their text may have moved to the right."""
    places: dict[str, dict[tuple[str, ...], int]] = field(default_factory=dict)
    """Folded path → its spellings and their rows."""
    names: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    """CAS number and folded name → its spellings and their rows."""

    def usual_place(self, path: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
        """The most usual spelling of this path, and how many rows write it so."""
        return _usual(self.places.get(fold_place(path), {}), path)

    def usual_name(self, cas_number: str, name: str) -> tuple[str, int]:
        """The most usual spelling of this name, and how many rows write it so."""
        return _usual(self.names.get((cas_number, _fold(name)), {}), name)


def _usual(spellings: dict[Spelling, int], own: Spelling) -> tuple[Spelling, int]:
    if len(spellings) < 2:
        return own, spellings.get(own, 0)
    cases: Counter[str] = Counter()  # what differs by case alone is one spelling
    for spelling, rows in spellings.items():
        cases[str(spelling).casefold()] += rows
    best = max(
        spellings,
        key=lambda spelling: (cases[str(spelling).casefold()], spellings[spelling], not str(spelling).isupper()),
    )
    return best, cases[str(best).casefold()]


def survey(rows: Iterable[Row], mapping: Mapping, choices: Choices) -> Survey:
    """Read the rows below the head once."""
    found = Survey()
    columns = {name: mapping.columns_of(name) for name in set(mapping.columns.values())}
    days: set[str] = set()
    commas: set[bool] = set()
    widths: Counter[int] = Counter()
    rows_with_number = 0

    def values(name: str, cells: list[str]) -> list[str]:
        return [cells[index] for index in columns.get(name, ()) if index < len(cells) and cells[index]]

    for row_number, cells in rows:
        if row_number <= mapping.head_row or not choices.takes(cells):
            continue
        widths[len(cells)] += 1
        rows_with_number += bool(values("file_number", cells))
        for name in ("received_on", "opened_on", "expires_on"):
            days.update(values(name, cells))
        for name in ("amount", "pack_size"):
            commas.update(means for text in values(name, cells) if (means := shows_decimal_comma(text)) is not None)
        if path := place_of(values("location", cells)):
            spellings = found.places.setdefault(fold_place(path), {})
            spellings[path] = spellings.get(path, 0) + 1
        cas_number = "".join(values("cas_number", cells)[:1])
        if cas_numbers.is_valid(cas_number) and (parts := values("name", cells)):
            name = join_name(" ".join(values("name_start", cells)), one_line(parts[0]))
            names = found.names.setdefault((cas_number, _fold(name)), {})
            names[name] = names.get(name, 0) + 1
    found.day_first = choices.day_first if choices.day_first is not None else day_order(days)
    found.comma_is_decimal = commas.pop() if len(commas) == 1 else None
    found.numbered = rows_with_number > widths.total() / 2
    found.width = max((width for width, usual in widths.items() if usual > widths.total() / 20), default=0)
    return found


def place_of(cells: list[str]) -> tuple[str, ...]:
    """The names of a location from the outside in: of one cell at its ">", of several cells each one."""
    levels = [level for cell in cells for level in _LEVELS.split(cell)] if len(cells) == 1 else cells
    return tuple(one_line(level) for level in levels if not is_missing(level))


def fold_place(path: tuple[str, ...]) -> str:
    """What all spellings of one place have in common: no case, spaces, hyphens, and the word room."""
    return "\x1f".join(
        re.sub(r"\brooms?\b|\brm\b|[\W_]+", "", level.casefold().replace("bldg", "building")) for level in path
    )


def _fold(name: str) -> str:
    return re.sub(r"[^\w+]+|_", "", name.casefold())
