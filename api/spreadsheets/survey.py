"""Finds what only the whole file shows: the order of day and month, the meaning of a comma, the usual spelling of each location."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from api.chemistry import cas_numbers
from api.chemistry.properties import DAYS, FIGURES

from .cells import is_figure, is_missing, join_name, looks_like_cas, one_line, says_no_cas, shows_decimal_comma
from .chemicals import ChemicalsRead
from .choices import Choices, Mapping
from .dates import day_order
from .heads import level_of_head
from .reading import Row

FIGURES_WITH_COMMAS = ("amount", "pack_size", "low_stock_amount", *(figure.name for figure in FIGURES))
"""The fields whose cells show what a comma means in this file."""
_LEVELS = re.compile(r"[>›»\\|\n]|(?<=\s)/(?=\s)")
_BETWEEN = re.compile(r"[^\w+]+|_")
_IN_GROUPS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}(?![0-9.,])")
_UNIT_IN_CELL = re.compile(r"[0-9] ?[^\W\d_]")
_QUOTED = re.compile(r'"((?:[^"]|"")+)"(?:\s*›\s*|$)')
Spelling = TypeVar("Spelling", str, tuple[str, ...])


@dataclass
class Survey:
    """The evidence of a file, gathered in one pass before its rows are read."""

    day_first: bool | None = None
    commas: dict[str, set[bool]] = field(default_factory=dict)
    """Field → whether its commas can only be decimal ones (True), and whether some can only group thousands (False)."""
    evidence: dict[tuple[str, bool], str] = field(default_factory=dict)
    """Field and meaning of a comma → the first cell that shows it: 2,5 in row 3."""
    points_group: bool = False
    """Whether points group thousands, as in a CSV whose comma is the decimal one. A number that stands alone in a workbook's cell has a
    decimal point; text there may have either."""
    points_unclear: set[str] = field(default_factory=set)
    """The fields whose points may group thousands or be decimal ones, and of which no figure shows either: in a CSV with semicolons or tabs,
    as written where the comma is decimal, or in a workbook beside a unit in the same cell."""
    price_commas: set[bool] = field(default_factory=set)
    """As `commas`, of the prices."""
    is_text: bool = False
    numbered: bool = False
    """Whether most rows have a number of their own, so that a row without a number continues the row above."""
    width: int = 0
    """The largest number of cells in a row, without rare exceptions, whose cells may have moved to the right."""
    locations: dict[str, dict[tuple[str, ...], int]] = field(default_factory=dict)
    """Folded path of a location → its spellings, and the number of rows of each."""
    cas_column: bool = True
    """Whether most of the column of CAS numbers is CAS numbers, so that what looks like a broken one may be repaired."""
    cas_of_names: dict[str, set[str]] = field(default_factory=dict)
    """Folded name → the CAS numbers of its rows."""
    bare_rows: float = 0
    """The share of rows in which nothing but the name is filled."""
    names: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    """CAS number and folded name → the spellings of the name, and the number of rows of each."""
    chemicals: ChemicalsRead = field(default_factory=ChemicalsRead)
    """What the rows that were read said about their chemicals."""

    def comma_groups(self, name: str) -> bool | None:
        """Whether 1,500 in this field is fifteen hundred, as other cells of it prove; None: may be one and a half."""
        return True if self.commas.get(name) == {False} else None

    def points_group_in(self, name: str, has_unit: bool) -> bool:
        """Whether 1.000 in this field is a thousand: in a workbook, where a unit in the cell shows that it is text."""
        return self.points_group or (has_unit and self.commas.get(name) == {True})

    def prices_group_points(self, text: str) -> bool:
        """Whether 1.200 in the price is twelve hundred, as other prices show."""
        return self.points_group or (self.price_commas == {True} and (self.is_text or not is_figure(text)))

    def evidence_of(self, name: str, text: str) -> str:
        """The cell that shows how to read a figure which may be read in two ways: for a comma one of the same field, for a point any with a decimal comma."""
        if "," in text:
            return self.evidence.get((name, False), "")
        return next((shown for (_, is_decimal), shown in self.evidence.items() if is_decimal), "")

    @property
    def comma_is_decimal(self) -> bool | None:
        """Whether a comma is decimal (True) or groups thousands (False), where the whole file shows the same; else None."""
        found = set().union(*self.commas.values())
        return found.pop() if len(found) == 1 else None

    def usual_location(self, path: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
        """The most usual spelling of this path, and how many rows write it so."""
        return _usual(self.locations.get(fold_location(path), {}), path)

    def only_cas_of(self, name: str) -> str:
        """The CAS number that the rows of this name have; "" where none of them has one, or where they have different ones."""
        found = self.cas_of_names.get(fold_name(name), set())
        return next(iter(found)) if len(found) == 1 else ""

    def usual_name(self, cas_number: str, name: str) -> tuple[str, int]:
        """The most usual spelling of this name, and how many rows write it so."""
        return _usual(self.names.get((cas_number, fold_name(name)), {}), name)


def _usual(spellings: dict[Spelling, int], own: Spelling) -> tuple[Spelling, int]:
    if len(spellings) < 2:
        return own, spellings.get(own, 0)
    cases: Counter[str] = Counter()  # names that differ by case only count as one spelling
    for spelling, rows in spellings.items():
        cases[str(spelling).casefold()] += rows
    best = max(
        spellings,
        key=lambda spelling: (cases[str(spelling).casefold()], spellings[spelling], not str(spelling).isupper()),
    )
    return best, cases[str(best).casefold()]


def survey(
    rows: Iterable[Row], mapping: Mapping, choices: Choices, *, is_text: bool = False, delimiter: str | None = None
) -> Survey:
    """Reads the rows below the head once. `is_text`: the file is a CSV; `delimiter`: what parts its cells."""
    found = Survey()
    columns = {name: mapping.columns_of(name) for name in set(mapping.columns.values())}
    days: set[str] = set()
    widths: Counter[int] = Counter()
    pointed: dict[str, list[bool]] = {}  # field → of each figure with a point, whether the point may group thousands
    has_unit: set[str] = set()  # fields of which a cell has its unit beside the figure
    rows_with_number = bare = 0
    said = like_cas = 0

    def values(name: str, cells: list[str]) -> list[str]:
        return [cells[index] for index in columns.get(name, ()) if index < len(cells) and cells[index]]

    for row_number, cells in rows:
        if row_number == mapping.head_row:
            columns["location"] = location_columns(cells, mapping)
        if row_number <= mapping.head_row or not choices.takes(cells):
            continue
        widths[len(cells)] += 1
        rows_with_number += bool(values("file_number", cells))
        for name in DAYS:
            days.update(values(name, cells))
        for name in FIGURES_WITH_COMMAS:
            for text in values(name, cells):
                has_unit |= {name} if _UNIT_IN_CELL.search(text) else set()
                if "." in text:
                    pointed.setdefault(name, []).append(_IN_GROUPS.match(text) is not None)
                if "," in text and (means := shows_decimal_comma(text)) is not None:
                    found.commas.setdefault(name, set()).add(means)
                    found.evidence.setdefault((name, means), f"as {text[:30]} in row {row_number} shows")
        for text in values("price", cells):
            if (figure := re.search(r"[0-9][0-9.,]*", text)) and (means := shows_decimal_comma(figure[0])) is not None:
                found.price_commas.add(means)
        if path := location_names(values("location", cells)):
            spellings = found.locations.setdefault(fold_location(path), {})
            spellings[path] = spellings.get(path, 0) + 1
        cas_number = "".join(values("cas_number", cells)[:1])
        if cas_number and not says_no_cas(cas_number):
            said, like_cas = said + 1, like_cas + looks_like_cas(cas_number)
        bare += is_bare(cells, mapping)
        if cas_numbers.is_valid(cas_number) and (parts := values("name", cells)):
            name = join_name(" ".join(values("name_start", cells)), one_line(parts[0]))
            names = found.names.setdefault((cas_number, fold_name(name)), {})
            names[name] = names.get(name, 0) + 1
            found.cas_of_names.setdefault(fold_name(name), set()).add(cas_number)
    found.day_first = choices.day_first if choices.day_first is not None else day_order(days)
    found.is_text = is_text
    found.points_group = is_text and found.comma_is_decimal is True
    if not any(True in means for means in found.commas.values()):
        found.points_unclear = {
            name
            for name, grouped in pointed.items()
            if all(grouped) and (delimiter in (";", "\t") or (not is_text and name in has_unit))
        }
    found.cas_column = like_cas * 2 > said or said == 0
    found.bare_rows = bare / max(widths.total(), 1)
    found.numbered = rows_with_number > widths.total() / 2
    found.width = max((width for width, usual in widths.items() if usual > widths.total() / 20), default=0)
    return found


def location_columns(heads: Sequence[str], mapping: Mapping) -> list[int]:
    """The columns of the location, from the outermost name to the innermost: as somebody chose, else where all heads say how far inside
    they stand by that, else from left to right."""
    found = mapping.columns_of("location")
    if mapping.inward:
        return [*mapping.inward, *(index for index in found if index not in mapping.inward)]
    levels = {index: level_of_head(heads[index]) for index in found if index < len(heads)}
    if len(levels) < len(found) or None in levels.values():
        return found
    return sorted(found, key=lambda index: (levels[index] or 0, index))


def is_bare(cells: Sequence[str], mapping: Mapping) -> bool:
    """Whether a row of a list of containers has a name and nothing else in the columns that hold a field."""
    if len(mapping.columns) < 3 or not mapping.has_containers:
        return False
    for index, of in mapping.columns.items():
        if index < len(cells) and (cell := cells[index]) and (of == "name") == is_missing(cell):
            return False  # no name, or something beside it
    return any(of == "name" and index < len(cells) and cells[index] for index, of in mapping.columns.items())


def location_names(cells: list[str]) -> tuple[str, ...]:
    """The names of a location from the building to the shelf: one cell is split at each ">", several cells are one name each."""
    if len(cells) == 1:
        return tuple(_levels_of(cells[0]))
    return tuple(one_line(level) for level in cells if not is_missing(level))


def location_cell(levels: Sequence[str]) -> str:
    """The names of a location as one cell, from which `location_names` reads the same names."""
    return " › ".join(
        '"' + level.replace('"', '""') + '"'
        if _LEVELS.search(level) or level.startswith('"') or is_missing(level) or one_line(level) != level
        else level
        for level in levels
    )


def list_cell(names: Iterable[str]) -> str:
    """Several names as one cell, from which `names_of_list` reads the same names."""
    return "; ".join(
        '"' + name.replace('"', '""') + '"' if "; " in name or name.startswith('"') else name for name in names
    )


def names_of_list(cell: str) -> list[str]:
    """The names in a cell that `list_cell` wrote."""
    return [
        found[1].replace('""', '"') if found[1] else found[2]
        for found in re.finditer(r'"((?:[^"]|"")+)"(?:; |$)|(.+?)(?:; |$)', cell, re.DOTALL)
    ]


def _levels_of(cell: str) -> Iterator[str]:
    """The names in one cell. A name in quotation marks may contain any sign; ChemTrack's exports write such names so."""
    begin = 0
    while begin < len(cell):
        if quoted := _QUOTED.match(cell, begin):
            yield quoted[1].replace('""', '"')
            begin = quoted.end()
            continue
        separator = _LEVELS.search(cell, begin)
        level = cell[begin : separator.start()] if separator else cell[begin:]
        if not is_missing(level):
            yield one_line(level)
        begin = separator.end() if separator else len(cell)


def fold_location(path: tuple[str, ...]) -> str:
    """The form that all spellings of one location have in common: without case, spaces, hyphens and the word room."""
    return "\x1f".join(
        re.sub(r"\brooms?\b|\brm\b|[\W_]+", "", level.casefold().replace("bldg", "building")) for level in path
    )


def fold_name(name: str) -> str:
    """The form that all spellings of one name have in common: small letters and figures."""
    return _BETWEEN.sub("", name.casefold())
