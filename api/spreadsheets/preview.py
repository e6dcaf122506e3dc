"""The description of a file for the import page, and the records that its rows become."""

import hashlib
import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .cells import one_line, without_guard
from .choices import Choices, Mapping
from .columns import SAMPLE_ROWS, Column, find_head, guess_columns
from .encodings import looks_broken, without_control_signs
from .errors import SpreadsheetError
from .heads import column_letter, field_of_head, fold_head
from .numbered import WithNumbers
from .problems import KINDS, Problem
from .reading import Row, Spreadsheet
from .records import ROWS_OF_A_TABLE, Record
from .row import HazardsByCas, Layout, NamesByCas, RowDraft
from .rows import add_synonyms, is_total, location_alone, location_path, read_row
from .survey import is_bare, survey
from .tables import Tables

AnyRows = Spreadsheet | Tables | WithNumbers

MOST_VALUES = 200
LONGEST_HEAD = 200
MOST_CONTAINERS = 100_000
"""The largest number of containers in one file."""


_WITH_POINT = re.compile(r"[0-9]{1,20}\.[0-9]{1,20}")
_NO_PART_OF_THE_KEY = frozenset({"notes", "kept", "owner"})


def _plain_number(cell: str) -> str:
    """A number without the zeros that a spreadsheet adds: 500.0 is 500."""
    return cell.rstrip("0").rstrip(".") if "." in cell and _WITH_POINT.fullmatch(cell) else cell


@dataclass(frozen=True)
class Description:
    """A description of a file before anybody has chosen anything."""

    kind: str
    sheet: str | None
    sheets: list[str]
    encoding: str | None
    encodings: list[tuple[str, list[str]]]
    head_row: int
    columns: list[Column]
    first_rows: list[Row]
    row_count: int
    """The number of rows below the head."""


def describe(spreadsheet: AnyRows, head_row: int | None = None) -> Description:
    """Finds the head of a file, the field that each column seems to hold, and its first rows. Raises SpreadsheetError."""
    rows = spreadsheet.rows()
    first = list(itertools.islice(rows, SAMPLE_ROWS + 30))
    if not first:
        raise SpreadsheetError("The sheet is empty.")
    if head_row is None:
        head_row = find_head(first)
    if head_row == 0 and max(len(cells) for _, cells in first) < 2:
        raise SpreadsheetError("This text has no columns. Choose a CSV or XLSX file whose first row names the columns.")
    below = [row for row in first if row[0] > head_row]
    head = next((cells for number, cells in first if number == head_row), [])
    row_count = len(below) + sum(1 for _ in rows)
    if not row_count:
        raise SpreadsheetError("The sheet has a head and no rows below it.")
    columns = guess_columns(head, below)
    return Description(
        spreadsheet.kind,
        spreadsheet.sheet,
        spreadsheet.sheets,
        spreadsheet.encoding,
        spreadsheet.encodings,
        head_row,
        columns,
        below[:8],
        row_count,
    )


def count_values(spreadsheet: AnyRows, head_row: int, column: int) -> list[tuple[str, int]]:
    """The values of a column and the number of rows of each, the most frequent first, at most 200; for choosing departments."""
    values = (cells[column] if column < len(cells) else "" for number, cells in spreadsheet.rows() if number > head_row)
    return Counter(values).most_common(MOST_VALUES)


@dataclass
class Summary:
    """The numbers of rows by state; `ready` + `question` + `joined` + `refused` = `rows`."""

    rows: int = 0
    states: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    """Kind of problem → the number of rows that have it."""
    fine: int = 0
    """The number of rows without a problem."""
    left_aside: int = 0
    """The number of rows that were not chosen, where only some departments are imported."""

    def add(self, record: Record) -> None:
        """Counts one row."""
        self.rows += 1
        self.states[record.state] += 1
        self.kinds.update({problem.kind for problem in record.problems})
        self.fine += not record.problems

    @property
    def loadable(self) -> int:
        """The number of rows that are not refused."""
        return self.rows - self.states["refused"]

    def as_json(self) -> dict[str, Any]:
        """The summary as JSON, with the kinds of problems in the preview's order and with their titles."""
        kinds = [
            {"kind": kind.name, "severity": kind.severity, "title": kind.title, "explanation": kind.explanation,
             "answers": list(kind.answers), "rows": self.kinds[kind.name]}
            for kind in KINDS.values() if self.kinds[kind.name]
        ]  # fmt: skip
        states = {state: self.states[state] for state in ("ready", "question", "joined", "refused")}
        return (
            {"rows": self.rows, "loadable": self.loadable, "fine": self.fine, "left_aside": self.left_aside}
            | states
            | {"kinds": kinds}
        )


class Preview:
    """The records of a file, one after the other; `summary` is complete after the last one.

    The file is read twice. The first pass finds what only the whole file shows: the order of day and month, and usual spellings.
    """

    def __init__(
        self,
        spreadsheet: AnyRows,
        mapping: Mapping,
        choices: Choices | None = None,
        reference: HazardsByCas | None = None,
        substances: NamesByCas | None = None,
    ) -> None:
        self._spreadsheet, self._mapping, self._choices = spreadsheet, mapping, choices or Choices()
        self._reference, self._substances = reference or {}, substances or {}
        self.summary = Summary()
        self._barcodes: dict[int, int] = {}  # hash of a barcode → the first row that has it
        self._tidied: dict[
            int, str
        ] = {}  # the number of such a row → its barcode as the file writes it, where a repair changed it
        self._twins: Counter[bytes] = Counter()
        self._first_part: dict[bytes, int] = {}  # for a row that several tables have: the table that had it first
        self._containers = 0
        self.heads: list[str] = []
        self._layout = Layout([], mapping)
        self._folded_heads: list[str] = []
        self._second_names: list[int] = []  # columns that hold no field, although their heads say that they are names

    def __iter__(self) -> Iterator[Record]:
        self._survey = survey(
            self._unguarded(),
            self._mapping,
            self._choices,
            is_text=self._spreadsheet.kind == "CSV",
            delimiter=self._spreadsheet.delimiter,
        )
        self.summary = Summary()
        self._barcodes.clear()
        self._tidied.clear()
        self._twins.clear()
        self._first_part.clear()
        self._containers = 0
        for record in self._records():
            self.summary.add(record)
            self._containers += record.count
            if self._containers > MOST_CONTAINERS:
                raise SpreadsheetError(
                    f"The file has more than {MOST_CONTAINERS:,} containers. Split it into several files."
                )
            yield record

    def _records(self) -> Iterator[Record]:
        """The rows as records. A record is held back until it is known which of the rows below continue it."""
        main: Record | None = None
        main_cells: list[str] = []
        joined: list[Record] = []
        for number, cells in self._rows():
            continues = main is not None and self._continues(main_cells, cells)
            if main and continues and self._choices.for_row(number).allows("synonym_row"):
                joined.append(self._join(main, number, cells))
                continue
            if main:
                yield from _together(main, joined)
            main, main_cells, joined = self._read(number, cells), cells, []
            if continues:
                main.problems.append(Problem("synonym_row", "repaired", says=main.chemical["name"]))
        if main:
            yield from _together(main, joined)

    def _unguarded(self) -> Iterator[Row]:
        for number, cells in self._spreadsheet.rows():
            if not self._fills_down(number):
                cells = ["" if index in self._spreadsheet.filled[number] else cell for index, cell in enumerate(cells)]
            yield number, [without_guard(cell) for cell in cells]

    def _fills_down(self, number: int) -> bool:
        """Whether this row takes the values of cells that are merged with its own from above."""
        choices = self._choices.for_row(number)
        return (
            number not in self._spreadsheet.filled
            or choices.allows("merged_cells")
            or not choices.has_answered("merged_cells")
        )

    def _rows(self) -> Iterator[Row]:
        head: list[str] = []
        for number, cells in self._unguarded():
            if number <= self._mapping.head_row:
                head = cells if number == self._mapping.head_row else head
                self.heads = [text or f"Column {column_letter(index)}" for index, text in enumerate(head)]
                self._layout = Layout(self.heads, self._mapping)
                self._folded_heads = [fold_head(text) for text in self.heads]
                self._second_names = [
                    index
                    for index, text in enumerate(head)
                    if text and index not in self._mapping.columns and field_of_head(text) == "name"
                ]
            elif self._repeats_head(cells):
                continue  # the head repeated, as at the top of each printed page
            elif self._choices.takes(cells):
                yield number, cells
            else:
                self.summary.left_aside += 1

    def _repeats_head(self, cells: list[str]) -> bool:
        """Whether all cells of the row, at least two, say the same as the head."""
        filled = [index for index, cell in enumerate(cells) if cell]
        return len(filled) > 1 and all(
            index < len(self.heads) and fold_head(cells[index][:LONGEST_HEAD]) == self._folded_heads[index]
            for index in filled
        )

    def _second_name(self, cells: list[str]) -> str:
        """A name in a column that holds no field, although its head says that it is a name."""
        return next((cells[index] for index in self._second_names if index < len(cells) and cells[index]), "")

    def _read(self, number: int, cells: list[str]) -> Record:
        together = "\n".join(cells)  # whether any cell has such a sign is asked once for the row
        broken = looks_broken(together)
        texts = [without_control_signs(cell) for cell in cells] if broken else cells
        choices = self._choices.for_row(number)
        row = RowDraft(texts, self._layout, choices, self._survey, self._reference, self._substances)
        cells_by_field = dict(row.values)
        key = "" if row.text("barcode") else self._key_of(number, row, cells_by_field)
        if alone := location_alone(row, self._mapping.all_locations):
            path = location_path(row)
            if not path:
                row.add_problem("no_name_no_cas", "name")
            return Record(
                row_number=number,
                key=key or self._key_of(number, row, cells_by_field),
                state="ready" if path else "refused",
                count=0,
                location_path=path,
                location=alone,
                problems=row.problems,
                cells=cells,
            )
        read_row(row)
        path = location_path(row) if row.has_containers else []
        if filled := [index for index in self._spreadsheet.filled.get(number, ()) if index in self._mapping.columns]:
            above = "; ".join(cells[index] for index in filled if index < len(cells))
            row.add_problem("merged_cells", says=above or "(empty)", becomes=above)
        if self._second_name(cells):
            row.add_problem("second_name", says=self._second_name(cells))
        if (is_bare(cells, self._mapping) and self._survey.bare_rows <= 0.5 and not row.ours) or is_total(row):
            row.add_problem("no_chemical", "name")
            if row.problems[-1].severity == "refused":
                row.problems = row.problems[-1:]  # nothing is asked about a row that is left out
        # Only in a CSV can cells move to the right, by a comma that is not within quotation marks.
        if self._spreadsheet.kind == "CSV" and self.heads and len(cells) > max(len(self.heads), self._survey.width):
            row.add_problem("too_many_cells", says=f"{len(cells)} cells; the head has {len(self.heads)}")
        if broken and (cell := next(filter(looks_broken, cells), "")):
            row.add_problem("letters_lost", says=cell)
        self._check_barcode(number, row)
        barcode: str = row.container.get("barcode", "")
        refused = any(problem.severity == "refused" for problem in row.problems)
        key = key or (barcode if not refused else "") or self._key_of(number, row, cells_by_field)
        asks = any(problem.severity == "question" for problem in row.problems)
        state = "refused" if refused else "question" if asks else "ready"
        count = row.count if row.has_containers else 0
        return Record(
            row_number=number,
            key=key,
            state=state,
            chemical=row.chemical,
            container=row.container if count else None,
            count=count,
            location_path=path,
            problems=row.problems,
            derived=sorted(row.derived & row.chemical.keys()),
            cells=cells,
        )

    def _check_barcode(self, number: int, row: RowDraft) -> None:
        """Refuses the second row with the same barcode, whatever its case. If two barcodes became the same only by tidying, the second row
        gets a new barcode instead. A row that is refused takes its barcode from no other."""
        barcode = row.container.get("barcode")
        if not barcode or any(problem.severity == "refused" for problem in row.problems):
            return
        first = self._barcodes.setdefault(hash(barcode.lower()), number)
        if first == number and row.text("barcode") != barcode:
            self._tidied[number] = row.text("barcode")
        written = self._tidied.get(first, barcode)
        if first != number and written.lower() == row.text("barcode").lower():
            row.add_problem("barcode_twice", "barcode", proof=f"first in row {first}")
        elif first != number:
            row.add_problem("barcode_unreadable", "barcode", proof=f"too like {written} in row {first}")
            del row.container["barcode"]

    def _key_of(self, number: int, row: RowDraft, values: dict[str, list[str]]) -> str:
        """The key by which a row without a barcode is recognised in a later file: of the file's own number and the name, else of all fields.

        The key is made from the cells, so that it stays the same under other choices. Reordered columns, columns that hold no field,
        notes and 500.0 instead of 500 do not change it. Rows of the same key are numbered.
        """
        names = ("file_number", "name_start", "name") if "file_number" in values else sorted(values)
        fields = [
            f"{name}={_plain_number(one_line(cell)).casefold()}"
            for name in names
            if name not in _NO_PART_OF_THE_KEY
            for cell in values.get(name, ())
        ]
        text = unicodedata.normalize("NFC", "\x1f".join(fields))
        digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()
        self._twins[digest] += 1
        twin = self._twins[digest]
        part = number // ROWS_OF_A_TABLE
        if twin > 1 and self._first_part.get(digest, 0) != part:
            row.add_problem("same_row_in_two_tables")
        elif part:
            self._first_part[digest] = part
        return digest.hex() if twin == 1 else f"{digest.hex()}-{twin}"

    def _continues(self, above: list[str], cells: list[str]) -> bool:
        """Whether a row without a number of its own has the same cells as the row above, except for the name, and one of them shows that
        it is the same chemical."""
        if not self._survey.numbered:
            return False
        anchors = 0
        name = ""
        for index, field_name in self._mapping.columns.items():
            text = cells[index] if index < len(cells) else ""
            text_above = above[index] if index < len(above) else ""
            if field_name == "file_number" and text:
                return False
            if field_name == "name" and text and one_line(text).casefold() == one_line(text_above).casefold():
                return False  # a row with the same name is a second bottle
            if field_name in ("name", "name_start", "synonyms", "file_number"):
                name += text if field_name == "name" else ""
            elif text and " ".join(text.split()) != " ".join(text_above.split()):
                return False
            elif text:
                anchors += field_name in ("cas_number", "catalogue_number", "lot", "formula")
        return bool(name) and anchors > 0

    def _join(self, main: Record, number: int, cells: list[str]) -> Record:
        """Adds the row's name to the synonyms of the row above."""
        row = RowDraft(cells, self._layout, Choices(), self._survey)
        key = self._key_of(number, row, dict(row.values))
        read_row(row)
        name = row.chemical["name"]
        synonyms = main.chemical.get("synonyms", [])
        known = {main.chemical["name"].casefold(), *(synonym.casefold() for synonym in synonyms)}
        if name.casefold() not in known:
            main.chemical["synonyms"] = add_synonyms(synonyms, [name])
        problem = Problem("synonym_row", "repaired", row.heads[row.columns["name"]] if row.heads else "", name,
                          f"synonym of {main.chemical['name']} in row {main.row_number}")  # fmt: skip
        return Record(
            number, key, "joined", {"name": name}, count=0, problems=[problem], joined_to=main.row_number, cells=cells
        )


def _together(main: Record, joined: list[Record]) -> Iterator[Record]:
    """A row's record and those of the rows that continue it. If the first is refused, the others are refused too."""
    yield main
    for record in joined:
        if main.state == "refused":
            record.state = "refused"
            record.problems = [Problem("joined_to_refused", "refused", says=f"row {main.row_number}")]
        yield record
