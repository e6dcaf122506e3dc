"""An empty workbook to fill in: heads that an import understands, each with a hint, and choices where there are some."""

import io

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from api.chemistry.properties import FIGURES, OF_CONTAINERS, PROPERTIES, AnyProperty, Choice, Figure, ShortText
from api.chemistry.quantities import UNITS

ROWS = 5000
"""The number of rows that offer the choices of a column and keep texts as they are typed."""
_UNITS = tuple(UNITS)


def _column(one: AnyProperty) -> tuple[str, str, tuple[str, ...]]:
    """The head, the hint and the choices of a property's column."""
    form = "A number." if isinstance(one, Figure) else one.hint if isinstance(one, ShortText) else ""
    return one.head, one.about or form, tuple(one.choices) if isinstance(one, Choice) else ()


COLUMNS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Name", "As on the label. Name or CAS RN is needed; all else may stay empty.", ()),
    ("CAS RN", "Such as 67-64-1.", ()),
    ("Barcode", "As on the container. Without one, ChemTrack makes a new one.", ()),
    ("Containers", "How many equal ones; empty: 1; 0: the chemical alone.", ()),
    ("Amount", "What is left in each, as a number. Empty: not known.", ()),
    ("Unit", "Of the amount.", _UNITS),
    ("Pack size", "What a full one holds, as a number.", ()),
    ("Pack unit", "Of the pack size.", _UNITS),
    ("Location", "From the outside in: Room 2.14 > Cabinet 1 > Shelf 2.", ()),
    *map(_column, OF_CONTAINERS),
    ("Price", "Of one container, as a number.", ()),
    ("Currency", "Three letters of ISO 4217.", ("EUR", "USD", "GBP", "CHF", "JPY", "CNY", "KRW", "INR", "CAD", "AUD")),
    ("Notes", "On the container.", ()),
    ("Synonyms", "Other names, parted by semicolons.", ()),
    ("Formula", "Such as C3H6O.", ()),
    ("Pictograms", "GHS02 GHS07. Empty: not known; the H statements decide where there are some.", ()),
    ("Signal word", "", ("Danger", "Warning")),
    ("H statements", "H225 H319 EUH066; P statements too.", ()),
    ("Reorder at", "Below this amount of all containers together, the chemical is low.", ()),
    ("Unit of reorder at", "", _UNITS),
    *map(_column, PROPERTIES),
)
"""Head, hint and choices of each column. Other spellings than the choices are read too, and asked about where they are not known."""
_NUMBERS = frozenset({"Containers", "Amount", "Pack size", "Price", "Reorder at", *(figure.head for figure in FIGURES)})


def template() -> bytes:
    """The workbook. Columns of texts have the format Text, so that no spreadsheet makes a day of a CAS number or drops zeros in front."""
    book = Workbook()
    sheet = book.active or book.create_sheet()
    sheet.title = "Inventory"
    sheet.freeze_panes = "A2"
    for index, (head, hint, choices) in enumerate(COLUMNS, 1):
        letter = get_column_letter(index)
        cell = sheet.cell(1, index, head)
        cell.font = Font(bold=True)
        if hint:
            cell.comment = Comment(hint, "ChemTrack", height=70, width=240)
        sheet.column_dimensions[letter].width = max(12, len(head) + 2)
        if head not in _NUMBERS:
            sheet.column_dimensions[letter].number_format = "@"
        if choices:
            # other texts may be typed: an import understands more than these
            offered = DataValidation(
                "list", formula1=f'"{",".join(choices)}"', showErrorMessage=False, allow_blank=True
            )
            offered.add(f"{letter}2:{letter}{ROWS}")
            sheet.add_data_validation(offered)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
