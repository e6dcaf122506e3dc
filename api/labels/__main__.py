"""Draws labels in a process of its own.

    python -m api.labels <request >labels

Standard input is JSON: {"sheet": "roll-62", "skip": 0, "format": "pdf", "labels": [{"name": "Ethanol", "code": "CT-1", …}, …]}
"""

import json
import sys
from datetime import date
from typing import Any

from api.core.confinement import confine

from . import FORMATS, PICTURE, Label
from .drawing import draw_labels

MOST_MEMORY = 1024 * 1024 * 1024
MOST_SECONDS = 25
"""Processor time for one request."""


def label_from_json(given: dict[str, Any]) -> Label:
    """A label whose days are written as text."""
    days = {name: given[name] and date.fromisoformat(given[name]) for name in ("expires_on", "opened_on")}
    return Label(**given | days)


def main() -> None:
    """Draws the labels that standard input describes, and writes the PDF to standard output."""
    confine(MOST_MEMORY, MOST_SECONDS)
    request = json.load(sys.stdin.buffer)
    labels = [label_from_json(given) for given in request["labels"]]
    form = FORMATS.get(request["format"], PICTURE)
    sys.stdout.buffer.write(draw_labels(labels, request["sheet"], request["skip"], form))


if __name__ == "__main__":
    main()
