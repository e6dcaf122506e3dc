"""Which fields of a chemical are as the reference said, and its sources, as a file that ChemTrack wrote has them."""

import re

from api.chemistry.properties import FILLED_IN

from .row import RowDraft

LONGEST = 300
_FIELDS = {label: name for name, label in FILLED_IN.items()}
_BEGINNING = re.compile(rf"(?:^|; )({'|'.join(re.escape(label) for label in _FIELDS)}): ")


def add_origins(row: RowDraft) -> None:
    """Puts the origins of fields that the row fills into its chemical: “Formula: the reference (67-64-1); Density: CRC Handbook (67-64-1)”."""
    _, *parts = _BEGINNING.split(row.text("origins"))
    said = {_FIELDS[label]: source for label, source in zip(parts[::2], parts[1::2], strict=True)}
    if kept := {name: source[:LONGEST] for name, source in said.items() if source and name in row.chemical}:
        row.chemical["origins"] = kept
