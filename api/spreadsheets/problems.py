"""What can be wrong with a row, by kind: the words of the preview, and what happens unless somebody decides otherwise."""

from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Literal

Severity = Literal["question", "repaired", "refused"]


@dataclass(frozen=True)
class Kind:
    """A kind of problem. `question` waits for a word, `repaired` is done unless refused, `refused` keeps the row out."""

    name: str
    severity: Severity
    title: str
    explanation: str
    answers: tuple[str, ...] = ()
    """How it can be answered for the whole file: `unit`, `day_first` (choices of that name), `yes` and `no` (in
    `repairs`); `no` leaves the value out and keeps what the file says as a note."""
    by_row: bool = False
    """Whether single rows may be answered the other way (`exceptions`): the problem stays in sight either way."""


_YES_NO = ("yes", "no")
_NO = ("no",)

KINDS = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind("amount_without_unit", "question", "No unit beside the amount",
                 "Choose the unit of these amounts, or load them as not known; the figure stays with the container as a note.",
                 ("unit", "no")),
            Kind("location_spelling", "question", "One place in several spellings",
                 "They differ by case, spaces, hyphens or the word room. Loaded as they are, each becomes a place of its own.",
                 _YES_NO, True),
            Kind("name_spelling", "question", "One chemical in several spellings",
                 "The CAS number is the same, and the names differ by spaces and marks alone. Loaded as they are, each becomes "
                 "a chemical of its own.", _YES_NO, True),
            Kind("date_order", "question", "Day or month first?",
                 "Nothing in the file shows which of the two comes first in these dates.", ("day_first", "no")),
            Kind("date_unreadable", "question", "Not a date", "It is left empty, and kept as a note.", _NO),
            Kind("date_in_future", "question", "Received or opened in the future", "It is left empty, and kept as a note.", _NO),
            Kind("amount_comma", "question", "Comma with three digits behind it",
                 "1,500 may be fifteen hundred or one and a half. The amount is loaded as not known, and kept as a note.", _NO),
            Kind("amount_unreadable", "question", "Not an amount", "It is loaded as not known, and kept as a note.", _NO),
            Kind("unit_unknown", "question", "Unit not known here",
                 "The amount is loaded as not known; figure and unit are kept as a note.", _NO),
            Kind("amount_of_several", "question", "One amount for several containers",
                 "How much is in which one is not said. The amounts are loaded as not known, and the figure is kept as a note.",
                 _NO),
            Kind("cas_check_digit", "question", "CAS number fails its check digit",
                 "One of its digits is wrong. It is left out, and kept as a note.", _NO),
            Kind("cas_unreadable", "question", "Not a CAS number", "It is left out, and kept as a note.", _NO),
            Kind("cas_several", "question", "More than one CAS number", "A mixture has none; both are kept as a note.", _NO),
            Kind("cas_possible_date", "question", "CAS may have become a date",
                 "A spreadsheet may have read these CAS numbers as days, but the year is one in which they may be real days.",
                 _YES_NO, True),
            Kind("hazard_words", "question", "Hazards in words",
                 "Each word stands for one GHS pictogram, but words are seldom all: acrolein is called flammable, and is deadly "
                 "too. Unless you say yes, the hazards stay not known; the note keeps the words.", _YES_NO, True),
            Kind("barcode_unreadable", "question", "Not a barcode",
                 "A barcode has letters, digits and . _ : + - only. A new one is made, and this is kept as a note.", _NO),
            Kind("barcode_of_several", "question", "One barcode for several containers",
                 "Each container gets a new one, and this is kept as a note.", _NO),
            Kind("cas_date", "repaired", "CAS had become a date",
                 "A spreadsheet read these CAS numbers as days. Each repair is proved by the check digit. "
                 "What the file says is kept with the row.", _YES_NO, True),
            Kind("cas_hyphens", "repaired", "CAS without hyphens", "Each is proved by the check digit.", _YES_NO, True),
            Kind("cas_spelling", "repaired", "CAS with other marks",
                 "Zeros, spaces or words beside the number are left away. Each is proved by the check digit.", _YES_NO, True),
            Kind("cas_in_catalogue_number", "repaired", "CAS in the catalogue number", "Proved by the check digit.", _YES_NO),
            Kind("barcode_tidied", "repaired", "Spaces or slashes in a barcode",
                 "Each becomes a hyphen, and the stars around Code 39 go.", _YES_NO, True),
            Kind("name_missing", "repaired", "No name", "The chemical is called by its CAS number.", ()),
            Kind("synonym_row", "repaired", "Row of synonyms",
                 "The row has no number of its own and continues the one above it: its name becomes a synonym there.", _YES_NO),
            Kind("amount_with_unit", "repaired", "Amount and unit in one cell", "They are taken apart.", _YES_NO, True),
            Kind("unit_chosen", "repaired", "Unit chosen for this file", "The amounts have none of their own.", ()),
            Kind("unit_of_pack", "repaired", "Unit taken from the pack size",
                 "The amount has no unit of its own, and is not more than the packs hold.", _YES_NO),
            Kind("unit_converted", "repaired", "American unit", "It is kept in the metric one; the note has the other.", ()),
            Kind("decimal_comma", "repaired", "Comma as decimal point", "It can only be that there.", _YES_NO, True),
            Kind("thousands", "repaired", "Thousands separated", "The separators are left away.", _YES_NO, True),
            Kind("pack_times", "repaired", "Several packs in one cell", "6 x 500 mL becomes six containers.", _YES_NO),
            Kind("none_left", "repaired", "Number of containers is 0", "The chemical is listed without a container."),
            Kind("pack_in_catalogue_number", "repaired", "Pack size in the catalogue number",
                 "Suppliers end their numbers with it: A0334-25G holds 25 g.", _YES_NO),
            Kind("placeholder_date", "repaired", "Placeholder dates left empty",
                 "1 January stands for a day that nobody knew. The note keeps it.", _YES_NO),
            Kind("date_number", "repaired", "Date had become a number", "A spreadsheet counts days from 1900.", _YES_NO, True),
            Kind("month_end", "repaired", "Expires at the end of the month", "The file names the month alone.", _YES_NO, True),
            Kind("formula_unreadable", "repaired", "Not a formula", "It is left out, and kept as a note."),
            Kind("hazards_unclear", "repaired", "Hazards that name no pictogram",
                 "The hazards stay not known; the note keeps the words."),
            Kind("hazards_filled", "repaired", "Hazards filled in by CAS number",
                 "The file gives no codes, and the reference knows how the pure substance is classified. Untick what is no such; of what "
                 "the reference does not know, the hazards stay not known.", _YES_NO, True),
            Kind("pictograms_of_h", "repaired", "Pictograms from the H statements", "As the GHS assigns them.", _YES_NO),
            Kind("value_left_out", "repaired", "Value that does not fit its field", "It is left out, and kept as a note.", ()),
            Kind("no_name_no_cas", "refused", "No name and no CAS", "Nothing says what it is."),
            Kind("barcode_twice", "refused", "Barcode used twice in the file", "The first row with it is loaded."),
            Kind("barcode_taken", "refused", "Barcode of another container here",
                 "A container of another chemical has it in this lab."),
            Kind("name_too_long", "refused", "Name too long", "A name has at most 300 characters."),
            Kind("too_many_cells", "refused", "More cells than the head",
                 "A comma inside a text may have moved the cells to the right."),
            Kind("joined_to_refused", "refused", "Continues a row that cannot be loaded", "It only names that row's chemical once more."),
            Kind("containers_unreadable", "refused", "Number of containers not understood", "Write a whole number up to 1000."),
        )
    }
)  # fmt: skip
"""Every kind by its name, in the order in which a preview lists them."""


@dataclass(frozen=True)
class Problem:
    """One problem of one row: what the file says in that column, what it becomes, and why that is right."""

    kind: str
    severity: Severity
    column: str = ""
    says: str = ""
    becomes: str = ""
    """Empty: it is left out."""
    proof: str = ""

    def as_json(self) -> dict[str, str]:
        """For the row's list of problems."""
        return {key: value for key, value in asdict(self).items() if value}
