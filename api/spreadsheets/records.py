"""What a row of a file becomes."""

from dataclasses import dataclass, field
from typing import Any

from .problems import Problem


@dataclass
class Record:
    """What one row of the file becomes."""

    row_number: int
    key: str
    """Its barcode, or a fingerprint of its cells: the same row of the same file has the same key again."""
    state: str = "ready"
    """`ready`, `question` (can be loaded, but something waits for a word), `refused`, or `joined` to a row above."""
    chemical: dict[str, Any] = field(default_factory=dict)
    container: dict[str, Any] | None = None
    count: int = 1
    """How many such containers; 0: the chemical alone."""
    location_path: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    joined_to: int | None = None
    """The row above that took this one's name as a synonym."""
    cells: list[str] = field(default_factory=list)
    """As the file has them, so that a row that is left out can be given back."""

    def as_json(self) -> dict[str, Any]:
        """As a preview stores it. Values that are not known are left out."""
        return {
            "row_number": self.row_number,
            "key": self.key,
            "state": self.state,
            "chemical": self.chemical,
            "container": self.container,
            "count": self.count,
            "location_path": self.location_path,
            "problems": [problem.as_json() for problem in self.problems],
            "joined_to": self.joined_to,
            "cells": self.cells,
        }
