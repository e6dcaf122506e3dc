"""How a file is to be read: which column is what, and what was decided about its problems."""

import re
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from api.quantities import QuantityError, parse_unit

from .errors import SpreadsheetError
from .heads import FIELDS, JOINED
from .problems import KINDS

_OF_A_CONTAINER = frozenset(FIELDS) & {
    *("barcode", "file_number", "location", "amount", "unit", "pack_size", "pack_unit", "containers", "lot", "purity"),
    *("received_on", "opened_on", "expires_on", "price"),
}


@dataclass(frozen=True)
class Mapping:
    """Which row is the head (0: none), and what each column is: index from 0 → a field of `heads.FIELDS`."""

    head_row: int
    columns: MappingType[int, str]

    @classmethod
    def from_json(cls, value: Any) -> "Mapping":
        """From {"head_row": 1, "columns": {"0": "barcode", "1": "name", "2": null}}. Raises SpreadsheetError."""
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
        if not {"name", "cas_number"} & set(columns.values()):
            raise SpreadsheetError("Choose which column is the name or the CAS number.")
        head_row = value.get("head_row", 1)
        if not isinstance(head_row, int) or isinstance(head_row, bool) or not 0 <= head_row <= 1000:
            raise SpreadsheetError("The row of the head is a number from 0 (none) to 1000.")
        return cls(head_row, columns)

    def columns_of(self, of_field: str) -> list[int]:
        """The indexes of the columns that are this field, from left to right."""
        return sorted(index for index, other in self.columns.items() if other == of_field)

    @property
    def has_containers(self) -> bool:
        """Whether rows are containers, or chemicals alone."""
        return not _OF_A_CONTAINER.isdisjoint(self.columns.values())


@dataclass(frozen=True)
class Choices:
    """What whoever imports the file decided."""

    unit: str | None = None
    """For amounts without one."""
    day_first: bool | None = None
    """Whether 9/5/2024 is the 9th of May; None: as the file shows."""
    repairs: MappingType[str, bool] = field(default_factory=dict)
    """By kind of problem: yes or no. What is not named here is as `problems.KINDS` says."""
    exceptions: MappingType[str, frozenset[int]] = field(default_factory=dict)
    """By kind of problem, the rows for which the answer is the other one."""
    only_column: int | None = None
    only_values: frozenset[str] = frozenset()
    """Take only the rows that have one of these values in that column: one department of a shared file."""
    today: date | None = None
    """In the lab's time zone: days after it are not taken as days of receipt."""

    @classmethod
    def from_json(cls, value: Any, today: date | None = None) -> "Choices":
        """From {"unit": "g", "day_first": false, "repairs": {"cas_date": true}, "exceptions": {"cas_date": [17]}, "only": {"column": 5, "values": ["Art"]}}.

        All keys may be missing. Raises SpreadsheetError.
        """
        if not isinstance(value, dict):
            raise SpreadsheetError("The choices are an object.")
        unit, day_first, repairs = value.get("unit"), value.get("day_first"), value.get("repairs") or {}
        try:
            unit = parse_unit(str(unit)) if unit else None
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
        return cls(unit, day_first, repairs, rows_of, column, frozenset(map(str, values)), today)

    def for_row(self, row_number: int) -> "Choices":
        """The choices as they are for this row."""
        other = {kind: not self.allows(kind) for kind, rows in self.exceptions.items() if row_number in rows}
        return replace(self, repairs={**self.repairs, **other}) if other else self

    def takes(self, cells: list[str]) -> bool:
        """Whether this row is among those chosen."""
        if self.only_column is None:
            return True
        return (cells[self.only_column] if self.only_column < len(cells) else "") in self.only_values

    def allows(self, kind: str) -> bool:
        """Whether a repair of this kind is to be made."""
        return self.repairs.get(kind, KINDS[kind].severity == "repaired")

    def has_answered(self, kind: str) -> bool:
        """Whether a question of this kind was answered for the whole file."""
        return kind in self.repairs
