"""The way a file is to be read: the field that each column holds, and the manager's decisions about problems."""

import re
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from api.chemistry.properties import ALSO_OF_CHEMICALS, OF_CONTAINERS
from api.chemistry.quantities import QuantityError, parse_unit

from .errors import SpreadsheetError
from .heads import FIELDS, JOINED
from .problems import KINDS
from .units import CONTAINERS, fold_unit

_OF_A_CONTAINER = frozenset(FIELDS) & {
    *("barcode", "file_number", "location", "amount", "pack_size", "containers", "price"),
    *(one.name for one in OF_CONTAINERS if one.name not in ALSO_OF_CHEMICALS),
}
NO_NAME = (
    "Choose which column is the name or the CAS number. Where a column has only numbers of another list, load that list first, "
    "and tick it on this page. Where each row is a location, say so below."
)


@dataclass(frozen=True)
class Mapping:
    """The number of the head row (0: none), and the field of each column: index from 0 → a name of `heads.FIELDS`."""

    head_row: int
    columns: MappingType[int, str]
    inward: tuple[int, ...] = ()
    """The columns of the location from the outermost to the innermost, where somebody chose their order."""
    all_containers: bool = False
    """Whether each row is a container although no column says so."""
    all_locations: bool = False
    """Whether each row is a location, and neither a chemical nor a container."""

    @classmethod
    def from_json(cls, value: Any) -> "Mapping":
        """From {"head_row": 1, "columns": {"0": "barcode", "1": "name", "2": null}, "inward": []}. Raises SpreadsheetError."""
        if not isinstance(value, dict) or not isinstance(value.get("columns"), dict):
            raise SpreadsheetError("Choose which column is what.")
        columns: dict[int, str] = {}
        for index, of_field in value["columns"].items():
            if of_field is None or of_field == "":
                continue
            if not re.fullmatch(r"[0-9]{1,3}", str(index)) or of_field not in FIELDS:
                raise SpreadsheetError(f"“{str(of_field)[:40]}” is nothing that a column can be.")
            if of_field in columns.values() and of_field not in JOINED:
                raise SpreadsheetError(f"Two columns are chosen as {FIELDS[of_field]}. Choose one.")
            columns[int(index)] = of_field
        all_locations = bool(value.get("all_locations"))
        if all_locations and "location" not in columns.values():
            raise SpreadsheetError("Choose which column is the location.")
        if not all_locations and not {"name", "cas_number"} & set(columns.values()):
            raise SpreadsheetError(NO_NAME)
        head_row = value.get("head_row", 1)
        if not isinstance(head_row, int) or isinstance(head_row, bool) or not 0 <= head_row <= 1000:
            raise SpreadsheetError("The row of the head is a number from 0 (none) to 1000.")
        inward = value.get("inward") or []
        if any(type(index) is not int for index in inward) or len(set(inward)) < len(inward):
            raise SpreadsheetError("The order of the location's columns names each of them once.")
        inward = tuple(index for index in inward if columns.get(index) == "location")
        return cls(head_row, columns, inward, bool(value.get("all_containers")), all_locations)

    def columns_of(self, of_field: str) -> list[int]:
        """The indexes of the columns that hold this field, from left to right."""
        return sorted(index for index, other in self.columns.items() if other == of_field)

    @property
    def has_containers(self) -> bool:
        """Whether the rows describe containers; otherwise each is a chemical without a container."""
        return self.all_containers or not _OF_A_CONTAINER.isdisjoint(self.columns.values())


@dataclass(frozen=True)
class Choices:
    """The decisions of the person who imports the file."""

    unit: str | None = None
    """The unit of amounts that have none in the file."""
    unit_words: MappingType[str, str] = field(default_factory=dict)
    """What a word beside an amount means in this lab: a unit, or "containers"."""
    all_full: bool = False
    """Whether containers whose amount the file does not give hold as much as their pack size."""
    currency: str | None = None
    """The currency of prices that have none in the file, as ISO 4217 writes it."""
    day_first: bool | None = None
    """Whether 9/5/2024 is the 9th of May; None: decided by other dates in the file."""
    repairs: MappingType[str, bool] = field(default_factory=dict)
    """Kind of problem → whether its repair is made. For kinds that are not named here, the default of `problems.KINDS` holds."""
    exceptions: MappingType[str, frozenset[int]] = field(default_factory=dict)
    """Kind of problem → the numbers of the rows for which the answer is the opposite."""
    only_column: int | None = None
    only_values: frozenset[str] = frozenset()
    """Take only the rows that have one of these values in that column: one department of a shared file."""
    today: date | None = None
    """Today in the lab's time zone: a later day cannot be the day of a receipt."""

    @classmethod
    def from_json(cls, value: Any, today: date | None = None) -> "Choices":
        """From {"unit": "g", "day_first": false, "repairs": {"cas_date": true}, "exceptions": {"cas_date": [17]}, "only": {"column": 5, "values": ["Art"]}}.

        All keys may be missing. Raises SpreadsheetError.
        """
        if not isinstance(value, dict):
            raise SpreadsheetError("The choices are an object.")
        unit, day_first, repairs = value.get("unit"), value.get("day_first"), value.get("repairs") or {}
        currency = value.get("currency") or None
        if currency is not None and not re.fullmatch(r"[A-Z]{3}", str(currency)):
            raise SpreadsheetError("Write the currency with the three letters of ISO 4217, such as EUR.")
        try:
            unit = parse_unit(str(unit)) if unit else None
        except QuantityError as error:
            raise SpreadsheetError(str(error)) from error
        words = value.get("unit_words") or {}
        try:
            words = {fold_unit(word): of if of == CONTAINERS else parse_unit(of) for word, of in words.items() if of}
        except QuantityError as error:
            raise SpreadsheetError(str(error)) from error
        if day_first not in (None, True, False):
            raise SpreadsheetError("Say whether the day comes first in dates: true or false.")
        if not isinstance(repairs, dict) or any(
            kind not in KINDS or not isinstance(yes, bool) for kind, yes in repairs.items()
        ):
            raise SpreadsheetError("The repairs are kinds of problems with true or false.")
        exceptions = value.get("exceptions") or {}
        if not isinstance(exceptions, dict) or any(
            kind not in KINDS
            or not KINDS[kind].by_row
            or not isinstance(rows, list)
            or any(type(row) is not int for row in rows)
            for kind, rows in exceptions.items()
        ):
            raise SpreadsheetError("The exceptions are kinds of problems with numbers of rows.")
        only = value.get("only") or {"column": None, "values": []}
        column, values = only.get("column"), only.get("values")
        if not (column is None or isinstance(column, int)) or not isinstance(values, list):
            raise SpreadsheetError("Rows are chosen by one column and a list of its values.")
        rows_of = {kind: frozenset(rows) for kind, rows in exceptions.items()}
        return cls(
            unit=unit, unit_words=words, all_full=bool(value.get("all_full")), currency=currency, day_first=day_first,
            repairs=repairs, exceptions=rows_of, only_column=column, only_values=frozenset(map(str, values)), today=today,
        )  # fmt: skip

    def for_row(self, row_number: int) -> "Choices":
        """The choices with the exceptions of this row applied."""
        other = {kind: not self.allows(kind) for kind, rows in self.exceptions.items() if row_number in rows}
        return replace(self, repairs={**self.repairs, **other}) if other else self

    def takes(self, cells: list[str]) -> bool:
        """Whether this row is among the chosen ones."""
        if self.only_column is None:
            return True
        return (cells[self.only_column] if self.only_column < len(cells) else "") in self.only_values

    def allows(self, kind: str) -> bool:
        """Whether repairs of this kind are to be made."""
        return self.repairs.get(kind, KINDS[kind].severity == "repaired")

    def has_answered(self, kind: str) -> bool:
        """Whether a question of this kind was answered for the whole file."""
        return kind in self.repairs or (kind == "price_without_currency" and self.currency is not None)
