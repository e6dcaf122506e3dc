"""The record that a row of a file becomes."""

from dataclasses import dataclass, field
from typing import Any

from .problems import Problem

ROWS_OF_A_TABLE = 2_000_000
"""Row 3 of the second table has the number 2,000,003: beyond the last row of any sheet, so that no two rows
share a number."""


@dataclass
class Record:
    """The chemical, container and location that one row of the file becomes, with its problems."""

    row_number: int
    key: str
    """The row's barcode, or a fingerprint of its own number and name or of its fields: when the same list is imported again, the row has
    the same key."""
    state: str = "ready"
    """`ready`, `question` (can be loaded, but somebody should decide something first), `refused`, or `joined` to a row above."""
    chemical: dict[str, Any] = field(default_factory=dict)
    container: dict[str, Any] | None = None
    count: int = 1
    """The number of containers that the row describes; 0: only the chemical."""
    location_path: list[str] = field(default_factory=list)
    location: dict[str, Any] | None = None
    """Kind and count period of the location, where the row describes nothing else."""
    problems: list[Problem] = field(default_factory=list)
    joined_to: int | None = None
    """The number of the row above to which this row's name was added as a synonym."""
    derived: list[str] = field(default_factory=list)
    """The fields of the chemical that do not stand in the file but follow from others."""
    cells: list[str] = field(default_factory=list)
    """The cells as the file has them, so that a row that is left out can be downloaded again."""

    def as_json(self) -> dict[str, Any]:
        """The record as a preview stores it, without the values that are not known."""
        return {
            "row_number": self.row_number,
            "key": self.key,
            "state": self.state,
            "chemical": self.chemical,
            "container": self.container,
            "count": self.count,
            "location_path": self.location_path,
            "location": self.location,
            "problems": [problem.as_json() for problem in self.problems],
            "joined_to": self.joined_to,
            "derived": self.derived,
            "cells": self.cells,
        }
