"""One row of a file on its way from cells to a record: the text of each field, and the problems that were found."""

from collections import abc
from typing import Any

from api.chemistry.properties import DAYS, FIGURES

from .cells import half_width, is_missing, one_line, read_currency
from .choices import Choices, Mapping
from .errors import NO_RESULT
from .heads import FIELDS, fold_head, written_by_us
from .problems import KINDS, Problem
from .survey import Survey, location_columns
from .units import UnitWord, unit_of_head

HazardsByCas = abc.Mapping[str, abc.Mapping[str, Any]]
"""The reference's classifications: CAS number → pictograms, signal_word, h_statements, p_statements and storage_class."""

NamesByCas = abc.Mapping[str, tuple[abc.Sequence[str], str | None]]
"""The reference's substances: CAS number → its names and its formula."""


_READ_AS_FIGURES = frozenset(
    ("cas_number", "amount", "unit", "pack_size", "pack_unit", "containers", "price", "currency", "barcode", "low_stock_amount", "low_stock_unit")
) | {*DAYS, *(figure.name for figure in FIGURES)}  # fmt: skip


class Layout:
    """What the heads and the mapping say of all rows of a table."""

    def __init__(self, heads: list[str], mapping: Mapping) -> None:
        self.heads = heads
        self.fields = sorted(mapping.columns.items())
        self.columns: dict[str, int] = {}
        """Field → its first column."""
        for index, name in self.fields:
            self.columns.setdefault(name, index)
        self.kept = [index for index, name in self.fields if name == "kept" and index < len(heads)]
        self.inward = location_columns(heads, mapping)
        self.has_containers = mapping.has_containers
        self.ours = written_by_us(heads)


class RowDraft:
    """A row on its way from cells to a record: `rows`, `amounts`, `hazards` fill `chemical`, `container` and `count`."""

    def __init__(
        self,
        cells: list[str],
        layout: Layout,
        choices: Choices,
        survey: Survey,
        reference: HazardsByCas | None = None,
        substances: NamesByCas | None = None,
    ) -> None:
        self.heads, self.choices, self.survey, self.reference = layout.heads, choices, survey, reference or {}
        self.substances = substances or {}
        self.values: dict[str, list[str]] = {}
        self._filled: dict[str, list[int]] = {}  # field → its columns that are not empty in this row
        self.columns, self.ours, self.has_containers = layout.columns, layout.ours, layout.has_containers
        formulas: list[tuple[str, str]] = []
        for index, name in layout.fields:
            cell = cells[index] if index < len(cells) else ""
            if not cell:
                continue
            if cell.startswith(NO_RESULT):
                formulas.append((name, cell.removeprefix(NO_RESULT)))
            elif not self._is_missing(name, cell):
                self.values.setdefault(name, []).append(cell)
                self._filled.setdefault(name, []).append(index)
        self._kept = [
            (index, cells[index]) for index in layout.kept if index < len(cells) and not is_missing(cells[index])
        ]
        if len(layout.inward) > 1:
            filled = [
                index
                for index in layout.inward
                if index < len(cells) and not self._is_missing("location", cells[index])
            ]
            self.values["location"] = [cells[index] for index in filled]
        self.chemical: dict[str, Any] = {}
        self.container: dict[str, Any] = {}
        self.count = 1
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.derived: set[str] = set()
        """The fields of the chemical that do not stand in the file but follow from others."""
        for name, formula in formulas:
            self.add_problem("formula_without_result", name, says=formula)
            self.keep(name, formula)

    def _is_missing(self, name: str, cell: str) -> bool:
        """Whether a cell holds no value. In ChemTrack's own files a lot may be named N/A, and "none" as pictograms is a value."""
        if self.ours:
            return cell in {"amount": ("", "unknown"), "pictograms": ("", "not known")}.get(name, ("",))
        if name == "currency" and read_currency(cell):
            return False  # € is a value here
        return is_missing(cell)

    def kept_cells(self) -> list[tuple[str, str]]:
        """The heads and cells of columns that are only kept as a note: who holds a bottle, whether it is marked or missing."""
        return [(self.heads[index], text) for index, text in self._kept if text != "no"]

    def text(self, name: str) -> str:
        """The text of a field on one line; "" where the file has none."""
        values = self.values.get(name)
        if not values:
            return ""
        text = one_line(" ".join(values))
        return half_width(text) if name in _READ_AS_FIGURES else text

    def add_problem(
        self, kind: str, name: str = "", becomes: str = "", proof: str = "", says: str | None = None
    ) -> None:
        """Adds a problem in the column of that field."""
        severity = KINDS[kind].severity
        if severity == "question" and self.choices.has_answered(kind):
            severity = "repaired"
        if severity == "refused" and self.choices.has_answered(kind) and self.choices.allows(kind):
            severity = "repaired"
        index = self.columns.get(name)
        head = self.heads[index] if index is not None and index < len(self.heads) else ""
        cell = self.text(name) if says is None else says
        if kind == "value_left_out" and fold_head(head) != fold_head(FIELDS[name]):
            head = f"{FIELDS[name]} (column {head})" if head else FIELDS[name]
        self.problems.append(Problem(kind, severity, head or FIELDS.get(name, ""), cell[:200], becomes[:200], proof))

    def keep(self, name: str, text: str | None = None) -> None:
        """Adds to the notes a text of the file that no field can hold."""
        self.notes.append(f"{FIELDS[name]} in the file: {self.text(name) if text is None else text}")

    def leave_out(self, kind: str, name: str, proof: str = "", text: str | None = None) -> None:
        """Leaves the field empty, adds a problem that says so, and keeps the text in the notes."""
        self.add_problem(kind, name, proof=proof)
        self.keep(name, text)

    def unit_of_head(self, name: str) -> UnitWord | None:
        """The unit that the head of this field's column names: Mass (g), Volume_uL."""
        index = self._filled[name][0]
        return unit_of_head(self.heads[index]) if index < len(self.heads) else None

    def text_with_heads(self, name: str) -> str:
        """The cells of a field that has several, each with its head: Mass (g): 5; Volume (mL): 6."""
        heads = [self.heads[index] if index < len(self.heads) else "" for index in self._filled[name]]
        return "; ".join(f"{head}: {one_line(cell)}" for head, cell in zip(heads, self.values[name], strict=False))
