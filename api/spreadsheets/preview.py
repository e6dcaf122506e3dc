"""A file from its first look to its records: what the import page shows, and what it stores."""

import hashlib
import itertools
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .choices import Choices, Mapping
from .columns import SAMPLE_ROWS, Column, find_head, guess_columns
from .errors import SpreadsheetError
from .hazards import HazardsByCas
from .heads import column_letter
from .problems import KINDS, Problem
from .reading import Row, Spreadsheet
from .records import Record
from .rows import RowReader, add_synonyms
from .survey import survey

MOST_VALUES = 200
MOST_CONTAINERS = 100_000
"""Of one file."""


@dataclass(frozen=True)
class Description:
    """What a file is, before anybody chose anything."""

    kind: str
    sheet: str | None
    sheets: list[str]
    head_row: int
    columns: list[Column]
    first_rows: list[Row]
    row_count: int
    """Rows below the head."""


def describe(spreadsheet: Spreadsheet, head_row: int | None = None) -> Description:
    """Look at a file: its head, what each column seems to be, its first rows. Raises SpreadsheetError."""
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
    return Description(spreadsheet.kind, spreadsheet.sheet, spreadsheet.sheets, head_row, columns, below[:8], row_count)


def count_values(spreadsheet: Spreadsheet, head_row: int, column: int) -> list[tuple[str, int]]:
    """The values of a column and their rows, the most usual first, at most 200: the departments to choose from."""
    values = (cells[column] if column < len(cells) else "" for number, cells in spreadsheet.rows() if number > head_row)
    return Counter(values).most_common(MOST_VALUES)


@dataclass
class Summary:
    """The rows by what happens to them; `ready` + `question` + `joined` + `refused` = `rows`."""

    rows: int = 0
    states: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    """Rows with a problem of that kind."""
    fine: int = 0
    """Rows without any."""
    left_aside: int = 0
    """Rows of others, where only some were chosen."""

    def add(self, record: Record) -> None:
        """Count one row."""
        self.rows += 1
        self.states[record.state] += 1
        self.kinds.update({problem.kind for problem in record.problems})
        self.fine += not record.problems

    @property
    def loadable(self) -> int:
        """Rows that are not refused."""
        return self.rows - self.states["refused"]

    def as_json(self) -> dict[str, Any]:
        """With the kinds in the order and the words of the preview."""
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
    """The records of a file, one after the other; `summary` is complete when they have all passed.

    Reads the file twice: what only the whole of it shows (the order of day and month, usual spellings) comes first.
    """

    def __init__(
        self,
        spreadsheet: Spreadsheet,
        mapping: Mapping,
        choices: Choices | None = None,
        reference: HazardsByCas | None = None,
    ) -> None:
        self._spreadsheet, self._mapping, self._choices = spreadsheet, mapping, choices or Choices()
        self._reference = reference or {}
        self.summary = Summary()
        self._barcodes: dict[str, tuple[int, str]] = {}
        self._twins: Counter[bytes] = Counter()
        self._containers = 0
        self.heads: list[str] = []

    def __iter__(self) -> Iterator[Record]:
        self._survey = survey(self._spreadsheet.rows(), self._mapping, self._choices)
        self.summary = Summary()
        self._barcodes.clear()
        self._twins.clear()
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
        """Rows as records; a row waits until it is known which rows below continue it."""
        main: Record | None = None
        main_cells: list[str] = []
        joined: list[Record] = []
        for number, cells in self._rows():
            if main and self._continues(main_cells, cells):
                joined.append(self._join(main, number, cells))
                continue
            if main:
                yield from _together(main, joined)
            main, main_cells, joined = self._read(number, cells), cells, []
        if main:
            yield from _together(main, joined)

    def _rows(self) -> Iterator[Row]:
        head: list[str] = []
        for number, cells in self._spreadsheet.rows():
            if number <= self._mapping.head_row:
                head = cells if number == self._mapping.head_row else head
                self.heads = [text or f"Column {column_letter(index)}" for index, text in enumerate(head)]
            elif cells == head:
                continue  # the head once more, as on each page of a print
            elif self._choices.takes(cells):
                yield number, cells
            else:
                self.summary.left_aside += 1

    def _read(self, number: int, cells: list[str]) -> Record:
        row = RowReader(cells, self.heads, self._mapping, self._choices.for_row(number), self._survey, self._reference)
        row.read()
        path = row.location_path() if row.has_containers else []
        # Only a CSV's cells can move, by a comma that is not quoted.
        if self._spreadsheet.kind == "CSV" and self.heads and len(cells) > max(len(self.heads), self._survey.width):
            row.add_problem("too_many_cells", says=f"{len(cells)} cells; the head has {len(self.heads)}")
        self._check_barcode(number, row)
        barcode = row.container.get("barcode")
        severities = {problem.severity for problem in row.problems}
        state = "refused" if "refused" in severities else "question" if "question" in severities else "ready"
        count = row.count if row.has_containers else 0
        return Record(
            row_number=number,
            key=self._fingerprint(cells) if not barcode or state == "refused" else barcode,
            state=state,
            chemical=row.chemical,
            container=row.container if count else None,
            count=count,
            location_path=path,
            problems=row.problems,
            cells=cells,
        )

    def _check_barcode(self, number: int, row: RowReader) -> None:
        """Refuse a barcode's second row. One that is the same only since it was tidied gets a new one instead."""
        if not (barcode := row.container.get("barcode")):
            return
        first, written = self._barcodes.setdefault(barcode, (number, row.text("barcode")))
        if first != number and written == row.text("barcode"):
            row.add_problem("barcode_twice", "barcode", proof=f"first in row {first}")
        elif first != number:
            row.add_problem("barcode_unreadable", "barcode", proof=f"too like {written} in row {first}")
            del row.container["barcode"]

    def _fingerprint(self, cells: list[str]) -> str:
        """Of what the row says, not of how it is read, so that other choices leave it the same. Twins are numbered."""
        text = unicodedata.normalize("NFC", "\x1f".join(" ".join(cell.split()) for cell in cells))
        digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()
        self._twins[digest] += 1
        twin = self._twins[digest]
        return digest.hex() if twin == 1 else f"{digest.hex()}-{twin}"

    def _continues(self, above: list[str], cells: list[str]) -> bool:
        """Whether a row without a number of its own says the same as the row above, but for the name."""
        if not self._survey.numbered or not self._choices.allows("synonym_row"):
            return False
        anchors = other = 0
        name = ""
        for index, field_name in self._mapping.columns.items():
            text = cells[index] if index < len(cells) else ""
            text_above = above[index] if index < len(above) else ""
            if field_name == "file_number" and text:
                return False
            if field_name in ("name", "name_start", "synonyms", "file_number"):
                name += text if field_name == "name" else ""
            elif text and " ".join(text.split()) != " ".join(text_above.split()):
                return False
            elif text:
                other += 1
                anchors += field_name in ("cas_number", "catalogue_number", "lot", "formula")
        return bool(name) and (anchors > 0 or other == 0)

    def _join(self, main: Record, number: int, cells: list[str]) -> Record:
        """Add the row's name to the synonyms of the row above."""
        row = RowReader(cells, self.heads, self._mapping, Choices(), self._survey)
        row.read()
        name = row.chemical["name"]
        synonyms = main.chemical.get("synonyms", [])
        known = {main.chemical["name"].casefold(), *(synonym.casefold() for synonym in synonyms)}
        if name.casefold() not in known:
            main.chemical["synonyms"] = add_synonyms(synonyms, [name])
        problem = Problem("synonym_row", "repaired", row.heads[row.columns["name"]] if row.heads else "", name,
                          f"synonym of {main.chemical['name']} in row {main.row_number}")  # fmt: skip
        return Record(
            number, self._fingerprint(cells), "joined", {"name": name}, None, 0, [], [problem], main.row_number, cells
        )


def _together(main: Record, joined: list[Record]) -> Iterator[Record]:
    """A row and those that continue it; what continues a refused row is refused too."""
    yield main
    for record in joined:
        if main.state == "refused":
            record.state = "refused"
            record.problems = [Problem("joined_to_refused", "refused", says=f"row {main.row_number}")]
        yield record
