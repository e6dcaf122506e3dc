"""Labels for containers as a PDF: name, identity, hazards, and the barcode as Code 128 and as a QR code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

MOST_LABELS = 1000


@dataclass(frozen=True)
class Label:
    """What stands on one label. Texts may be in any script and of any length."""

    name: str
    code: str
    """The container's barcode."""
    lab: str = ""
    cas_number: str | None = None
    amount: str | None = None
    """With its unit: "250 mL"."""
    signal_word: str | None = None
    pictograms: Sequence[str] | None = None
    """GHS01 to GHS09; None: not known, and the label says so. Empty: somebody checked, none."""
    location: str | None = None
    lot: str | None = None
    expires_on: date | None = None


@dataclass(frozen=True)
class Sheet:
    """Paper, and the labels on it; lengths in mm."""

    title: str
    page: tuple[float, float]
    label: tuple[float, float]
    columns: int = 1
    rows: int = 1
    padding: float = 2.5


SHEETS = MappingProxyType(
    {
        "a4-70x37": Sheet("A4 sheet, 3 × 8 labels of 70 × 37 mm", (210, 297), (70, 37), 3, 8, padding=4),
        "roll-62": Sheet("Roll of 62 mm, one label of 62 × 29 mm at a time", (62, 29), (62, 29)),
    }
)
"""What labels can be printed on, by name."""


def draw_labels(labels: Sequence[Label], sheet: str = "a4-70x37", skip: int = 0) -> bytes:
    """The labels as a PDF. `skip` leaves that many places free, on a sheet that was begun.

    Raises ValueError for a sheet that is not in SHEETS, no label or more than 1000, or a `skip` beyond the sheet.
    """
    if sheet not in SHEETS:
        raise ValueError(f"Labels are printed on one of {', '.join(SHEETS)}.")
    paper = SHEETS[sheet]
    places = paper.columns * paper.rows
    if not 0 <= skip < places:
        raise ValueError(f"The sheet has {places} labels: from 0 to {places - 1} of them can be skipped.")
    if not 0 < len(labels) <= MOST_LABELS:
        raise ValueError(f"From 1 to {MOST_LABELS} labels are printed at once.")
    from .drawing import draw_pages  # reportlab is slow to import: whoever prints first waits for it

    return draw_pages(labels, paper, skip)
