"""Labels: name, identity, hazards, and the barcode as Code 128 and as a QR code; as a PDF, a picture, or ZPL for Zebra printers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

MOST_LABELS = 1000
FIELDS = MappingProxyType(
    {
        "cas_number": "CAS RN",
        "amount": "Pack size",
        "lot": "Lot",
        "expires_on": "Expiry",
        "opened_on": "Opened",
        "location": "Location",
        "lab": "Lab",
        "h_statements": "H codes, as many as fit",
    }
)
"""What a lab may leave off its labels. Name, barcode, signal word and pictograms stand on each."""


@dataclass(frozen=True)
class Label:
    """The contents of one label. Texts may be in any script and of any length."""

    name: str
    code: str
    """The container's barcode."""
    lab: str = ""
    cas_number: str | None = None
    amount: str | None = None
    """Number and unit: "250 mL"."""
    signal_word: str | None = None
    pictograms: Sequence[str] | None = None
    """GHS01 to GHS09; None: not known, and the label says so. Empty: somebody checked, none."""
    location: str | None = None
    lot: str | None = None
    expires_on: date | None = None
    opened_on: date | None = None
    h_statements: Sequence[str] = ()
    """Codes: H225, EUH066."""
    is_location: bool = False
    """The label is for a location, not for a container, so it says nothing about hazards."""
    address: str | None = None
    """The address in the QR code, which is printed in capitals. None: the QR code holds the barcode."""


@dataclass(frozen=True)
class Sheet:
    """Paper, and the labels on it; lengths in mm."""

    title: str
    page: tuple[float, float]
    label: tuple[float, float]
    columns: int = 1
    rows: int = 1
    padding: tuple[float, float, float, float] = (2.5, 2.5, 2.5, 2.5)
    """The white margins of each label: above, right, below, left."""
    gap: float = 0
    """The distance between two columns of labels."""

    @property
    def places(self) -> int:
        """The number of labels on one sheet."""
        return self.columns * self.rows

    def printable(self, place: int) -> tuple[float, float, float, float]:
        """The printed area of the label at this place: left, bottom (from the paper's lower left corner), width, height."""
        row, column = divmod(place, self.columns)
        above, right, below, left = self.padding
        used = self.columns * self.label[0] + (self.columns - 1) * self.gap
        x = (self.page[0] - used) / 2 + column * (self.label[0] + self.gap)
        y = (self.page[1] + self.rows * self.label[1]) / 2 - (row + 1) * self.label[1]
        return x + left, y + below, self.label[0] - left - right, self.label[1] - above - below


_A4, _LETTER = (210, 297), (215.9, 279.4)
SHEETS = MappingProxyType(
    {
        "a4-70x37": Sheet("A4 sheet, 3 × 8 labels of 70 × 37 mm", _A4, (70, 37), 3, 8, (2.5, 4, 2.5, 4)),
        "avery-3475": Sheet("Avery 3475: A4 sheet, 3 × 8 labels of 70 × 36 mm", _A4, (70, 36), 3, 8, (2.5, 4, 2.5, 4)),
        "avery-l7160": Sheet("Avery L7160: A4 sheet, 3 × 7 labels of 63.5 × 38.1 mm", _A4, (63.5, 38.1), 3, 7, gap=2.5),
        "avery-5160": Sheet(
            "Avery 5160: Letter sheet, 3 × 10 labels of 66.7 × 25.4 mm",
            _LETTER,
            (66.675, 25.4),
            3,
            10,
            (1.8, 2.5, 1.8, 2.5),
            3.175,
        ),
        "dymo-99012": Sheet("Dymo 99012: roll, labels of 89 × 36 mm", (89, 36), (89, 36), padding=(2, 4, 2, 6)),
        "dymo-30252": Sheet("Dymo 30252: roll, labels of 89 × 28 mm", (89, 28), (89, 28), padding=(2, 4, 2, 6)),
        # Continuous: the printer cuts at the end of the page, and feeds 3 mm at both ends.
        "brother-dk-22205": Sheet(
            "Brother DK-22205: continuous roll 62 mm wide, labels of 40 mm",
            (62, 40),
            (62, 40),
            padding=(3.2, 2.5, 3.2, 2.5),
        ),
        "zebra-102x51": Sheet("Zebra: roll, labels of 102 × 51 mm (4 × 2 in)", (101.6, 50.8), (101.6, 50.8)),
        "zebra-51x25": Sheet(
            "Zebra: roll, labels of 51 × 25 mm (2 × 1 in)", (50.8, 25.4), (50.8, 25.4), padding=(1.5,) * 4
        ),
        # These 29 mm are 343 rows at 300 dpi, of which the printer can print rows 36 to 307.
        "roll-62": Sheet(
            "Brother DK-11209: roll, labels of 62 × 29 mm", (62, 29), (62, 29), padding=(3.2, 2.5, 3.2, 2.5)
        ),
    }
)
"""The sheets and rolls on which labels can be printed, by name. Sizes are those that their makers give."""


@dataclass(frozen=True)
class Format:
    """A form in which labels are sent: for an office printer, for a label printer, or as a picture."""

    title: str
    media_type: str
    suffix: str
    dots_per_inch: int | None = None
    """The dots per inch of the printer or of the picture; None: the file is not made of dots."""


FORMATS = MappingProxyType(
    {
        "pdf": Format("PDF", "application/pdf", "pdf"),
        "zpl-203": Format("ZPL for a Zebra printer of 203 dpi", "application/vnd.zebra-zpl", "zpl", 203),
        "zpl-300": Format("ZPL for a Zebra printer of 300 dpi", "application/vnd.zebra-zpl", "zpl", 300),
    }
)
PICTURE = Format("Picture", "image/png", "png", 300)
"""The format of the picture that a page shows before anything is printed: of the first label alone."""


def check_sheet(sheet: str, skip: int) -> None:
    """Raises ValueError for a sheet that is not in SHEETS, or a `skip` beyond it."""
    if sheet not in SHEETS:
        raise ValueError(f"Labels are printed on one of {', '.join(SHEETS)}.")
    places = SHEETS[sheet].places
    if not 0 <= skip < places:
        raise ValueError(f"The sheet has {places} labels: from 0 to {places - 1} of them can be skipped.")


def check_format(form: str, sheet: str) -> None:
    """Raises ValueError for a format that is not in FORMATS, or that prints no labels of this sheet."""
    if form not in FORMATS:
        raise ValueError(f"Labels leave as one of {', '.join(FORMATS)}.")
    if FORMATS[form].dots_per_inch and SHEETS[sheet].places > 1:
        raise ValueError("A Zebra printer prints rolls. Choose a roll as the paper, or a PDF.")
