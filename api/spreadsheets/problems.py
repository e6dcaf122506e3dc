"""The kinds of problems that a row may have: their words in the preview, and what is done unless somebody decides otherwise."""

from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Literal

Severity = Literal["question", "repaired", "refused"]


@dataclass(frozen=True)
class Kind:
    """A kind of problem. `question`: somebody should decide; `repaired`: a repair that is made unless refused; `refused`: the row is not
    loaded."""

    name: str
    severity: Severity
    title: str
    explanation: str
    answers: tuple[str, ...] = ()
    """How the problem can be answered for the whole file: by `unit` or `day_first` (the choices of that name), `yes` or `no` (in
    `repairs`); `no` leaves the value out and keeps what the file says as a note."""
    by_row: bool = False
    """Whether single rows may be answered differently (`exceptions`). The problem stays in the list either way."""


_YES_NO = ("yes", "no")
_NO = ("no",)

KINDS = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind("amount_changed", "question", "Here already, with another amount",
                 "The file says another amount than before, and than ChemTrack has now. Unless you say yes, ChemTrack's amounts stay; with "
                 "yes, each is counted anew.", _YES_NO, True),
            Kind("location_changed", "question", "Here already, at another location",
                 "The file says another location than before, and than ChemTrack has now. Unless you say yes, ChemTrack's stays.", _YES_NO, True),
            Kind("container_changed", "question", "Here already, with other particulars",
                 "The file says otherwise than before, and than ChemTrack has now. Unless you say yes, what ChemTrack has stays.", _YES_NO, True),
            Kind("chemical_changed", "question", "The chemical here says otherwise",
                 "A chemical of this name and CAS number, or of this container, is here with other values. Unless you say yes, they stay; with "
                 "yes, the file's count for all its containers.", _YES_NO, True),
            Kind("count_changed", "question", "Here already, in another number",
                 "The file says another number of containers than when the row was loaded. Nothing is added or taken away: check further "
                 "ones in, and mark those that are gone.", _NO),
            Kind("same_row_again", "question", "Like a row that was loaded before",
                 "An earlier import had the same row, and others that this file does not have. Unless you say that these are other "
                 "containers (another delivery, say), they are taken for those that are here already.", _YES_NO, True),
            Kind("same_row_in_two_tables", "question", "The same row in two tables",
                 "Another table of this file has the same row. Loaded, it makes another container.", _NO),
            Kind("amount_without_unit", "question", "No unit beside the amount",
                 "Choose the unit of these amounts, or load them as not known; the figure stays with the container as a note.",
                 ("unit", "no")),
            Kind("location_spelling", "question", "One location in several spellings",
                 "They differ by case, spaces, hyphens or the word room. Loaded as they are, each becomes a location of its own.",
                 _YES_NO, True),
            Kind("name_spelling", "question", "One chemical in several spellings",
                 "The CAS number is the same, and the names differ by spaces and marks alone. Loaded as they are, each becomes "
                 "a chemical of its own.", _YES_NO, True),
            Kind("date_order", "question", "Day or month first?",
                 "Nothing in the file shows which of the two comes first in these dates.", ("day_first", "no")),
            Kind("date_unreadable", "question", "Not a date", "It is left empty, and kept as a note.", _NO),
            Kind("date_in_future", "question", "Received or opened in the future", "It is left empty, and kept as a note.", _NO),
            Kind("amount_comma", "question", "Comma or point with three digits behind it",
                 "1,500 may be fifteen hundred or one and a half, and nothing else in its column shows which. Until you say so, the amount "
                 "is not known, and kept as a note.", _YES_NO, True),
            Kind("pack_order", "question", "Number of packs and their size",
                 "500 x 10 may be ten packs of 500, or 500 packs of 10. Unless you say yes, one container with an amount that is not known "
                 "is made, and the note keeps what the file says.", _YES_NO, True),
            Kind("count_of_packs", "question", "A number beside packs of several",
                 "2 beside 4 x 2.5 L may be two containers, or two packs with eight. Unless you say yes, the number counts containers.",
                 _YES_NO, True),
            Kind("count_or_amount", "question", "Containers, or what is left in one?",
                 "A whole number stands beside the pack size, without a unit of its own. Until you say which of the two it is, one "
                 "container is made whose amount is not known; the note keeps the number.", _YES_NO, True),
            Kind("amounts_several", "question", "More than one amount", "Both are kept as a note, and the amount is not known.", _NO),
            Kind("many_containers", "question", "Many containers from one row", "The row makes more than 24 containers.", _NO),
            Kind("containers_unreadable", "question", "Number of containers not understood",
                 "The first whole number in the cell is taken, else 1; the note keeps what the file says.", _NO),
            Kind("figure_comma", "question", "Comma with three digits behind it, in a figure",
                 "1,234 may be twelve hundred or 1.234. The figure is left out, and kept as a note.", _NO),
            Kind("amount_unreadable", "question", "Not an amount", "It is loaded as not known, and kept as a note.", _NO),
            Kind("unit_unknown", "question", "Unit not known here",
                 "Say what the word means: the lab keeps it for its next lists. Otherwise the amount is loaded as not known; figure and unit "
                 "are kept as a note.", ("unit_words", "no")),
            Kind("amount_of_several", "question", "One amount for several containers",
                 "The file does not say how much is in each. The amounts are loaded as not known, and the figure is kept as a note.",
                 _NO),
            Kind("holds_more", "question", "More than its pack holds",
                 "The amount is more than the pack size. Unless you say yes, it is loaded as not known, and kept as a note.", _YES_NO,
                 True),
            Kind("pack_of_other_kind", "question", "Pack size in a unit that the amount cannot have",
                 "A container that holds millilitres is no pack of 10 pieces. The pack size is left out and kept as a note; of a container that "
                 "is here already, ChemTrack's stays.", _NO),
            Kind("no_chemical", "refused", "Title, total or remark?",
                 "Nothing but a name stands in the row, or it is a sum. It is left out unless you say that it is a chemical.", _YES_NO, True),
            Kind("second_name", "question", "Another column of names",
                 "A second table may stand beside the first: this column is left out. Say what the column is; or put the second table below "
                 "the first, and choose the file again.", _NO),
            Kind("merged_cells", "question", "Merged with cells above",
                 "The value of a merged cell counts for each of its rows, unless you say that it does not.", _YES_NO, True),
            Kind("cas_of_same_name", "question", "The same name with and without a CAS number",
                 "Loaded as they are, the two become two chemicals.", _YES_NO, True),
            Kind("price_without_currency", "question", "Price without a currency",
                 "Choose the currency of these prices, or leave them out; the note keeps them.", ("currency", "no")),
            Kind("name_is_a_number", "question", "The name is a number",
                 "It may be the number of a chemical that another list names. Loaded so, the chemical is called by the number.", _NO),
            Kind("name_missing", "question", "No name", "The chemical is called by its CAS number.", _NO),
            Kind("cas_by_digit_alone", "question", "May be a CAS number that a spreadsheet changed",
                 "Only its check digit speaks for it, and one number in ten passes that by chance: neither the reference nor other rows know "
                 "the name with it. Unless you say yes, it is left out, and kept as a note.", _YES_NO, True),
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
            Kind("letters_lost", "question", "These names look broken",
                 "The file is not in the encoding in which it was read. Choose another one among the columns, above the table; or save the "
                 "file as CSV UTF-8 or XLSX and choose it again.", _NO),
            Kind("formula_without_result", "question", "Cell with a formula and no result",
                 "No spreadsheet program has computed it. Open the file in Excel, save it and choose it again; loaded as it is, the "
                 "cell is empty, and the formula is kept as a note.", _NO),
            Kind("unit_of_two_meanings", "question", "Units: pieces, or enzyme units?",
                 "“2 units” may be two pieces or 2 U of an enzyme. The amount is loaded as not known; figure and unit are kept as a "
                 "note. Write each or U.", _NO),
            Kind("formula_of_two_meanings", "question", "Formula with two meanings",
                 "It is left out, and kept as a note. Load it so, or mend the file.", _NO),
            Kind("h_statements_unread", "question", "H statements not all understood",
                 "Something beside the codes was not read, so the codes may not be all. Unless you say yes, the hazards stay not known; "
                 "the note keeps what the file says.", _YES_NO, True),
            Kind("barcode_unreadable", "question", "Not a barcode",
                 "A barcode has letters, digits and . _ : + - only. A new one is made, and this is kept as a note.", _NO),
            Kind("barcode_of_several", "question", "One barcode for several containers",
                 "Each container gets a new one, and this is kept as a note.", _NO),
            Kind("cas_date", "repaired", "CAS had become a date",
                 "A spreadsheet read these CAS numbers as days. The reference, or other rows, know the name or the formula with this number. "
                 "What the file says is kept with the row.", _YES_NO, True),
            Kind("cas_hyphens", "repaired", "CAS without hyphens", "The reference, or other rows, know the name or the formula with this number.", _YES_NO, True),
            Kind("cas_spelling", "repaired", "CAS with other marks",
                 "Zeros, spaces or words beside the number are removed. Each check digit fits.", _YES_NO, True),
            Kind("cas_in_catalogue_number", "repaired", "CAS in the catalogue number", "The reference, or other rows, know the name or the formula with this number.", _YES_NO, True),
            Kind("barcode_of_disposed", "repaired", "Barcode of a container that was disposed of",
                 "The new container gets the barcode; in the history, the old one has its number behind it."),
            Kind("barcode_tidied", "repaired", "Spaces or slashes in a barcode",
                 "Each becomes a hyphen, and the stars around Code 39 go.", _YES_NO, True),
            Kind("synonym_row", "repaired", "Row of synonyms",
                 "The row has no number of its own and continues the one above it: its name becomes a synonym there.", _YES_NO, True),
            Kind("amount_with_unit", "repaired", "Amount and unit in one cell", "They are taken apart.", _YES_NO, True),
            Kind("unit_chosen", "repaired", "Unit chosen for this file", "The amounts have none of their own.", ()),
            Kind("unit_word", "repaired", "Unit as somebody here said", "What the word means was said for this list or for an earlier one.", ()),
            Kind("amount_of_pack", "repaired", "Full, as you said", "The file gives no amount: as much as the pack size.", ()),
            Kind("unit_of_pack", "repaired", "Unit taken from the pack size",
                 "The amount has no unit of its own, and is not more than the packs hold.", _YES_NO, True),
            Kind("unit_converted", "repaired", "Unit converted", "The amount is kept in a unit of ChemTrack; the note has what the file says.", ()),
            Kind("decimal_comma", "repaired", "Comma as decimal point", "In these cells a comma cannot mean anything else.", _YES_NO, True),
            Kind("thousands", "repaired", "Thousands separated", "The separators are removed.", _YES_NO, True),
            Kind("pack_times", "repaired", "Several packs in one cell", "6 x 500 mL becomes six containers.", _YES_NO, True),
            Kind("none_left", "repaired", "Number of containers is 0", "The chemical is listed without a container."),
            Kind("pack_in_catalogue_number", "repaired", "Pack size in the catalogue number",
                 "Suppliers end their numbers with it: A0334-25G holds 25 g.", _YES_NO, True),
            Kind("placeholder_date", "repaired", "Placeholder dates left empty",
                 "1 January as a day of receipt or opening usually means that nobody knew the day. The note keeps it.", _YES_NO, True),
            Kind("date_number", "repaired", "Date had become a number", "A spreadsheet counts days from 1900.", _YES_NO, True),
            Kind("month_end", "repaired", "Expires at the end of the month", "The file names the month alone.", _YES_NO, True),
            Kind("formula_without_mass", "repaired", "Formula without a molar mass", "The formula is kept, the molar mass is not known."),
            Kind("formula_unreadable", "repaired", "Not a formula", "It is left out, and kept as a note."),
            Kind("hazards_unclear", "repaired", "Hazards that name no pictogram",
                 "The hazards stay not known; the note keeps the words."),
            Kind("hazards_filled", "repaired", "Hazards filled in by CAS number",
                 "The file gives no codes, and the reference knows how the pure substance is classified. Untick rows that are not the pure "
                 "substance. The hazards of substances that the reference does not have stay not known.", _YES_NO, True),
            Kind("pictogram_forbidden", "repaired", "GHS07 beside GHS06",
                 "Where the skull (GHS06) applies, the exclamation mark (GHS07) does not appear: CLP, article 26(1)(b).", _YES_NO, True),
            Kind("pictograms_of_h", "repaired", "Pictograms and signal word from the H statements",
                 "As the GHS assigns them.", _YES_NO, True),
            Kind("chemical_differs", "repaired", "Said otherwise by another row",
                 "A chemical has one formula, one storage class and so on: that of its first row that has one. Its hazards are all from one "
                 "row, the first with H statements if there is one. What this row says is kept as a note.", ()),
            Kind("value_left_out", "repaired", "Value that does not fit its field", "It is left out, and kept as a note.", ()),
            Kind("no_name_no_cas", "refused", "No name and no CAS", "Nothing says what it is."),
            Kind("barcode_twice", "refused", "Barcode used twice in the file", "The first row with it that can be loaded keeps it."),
            Kind("barcode_taken", "refused", "Barcode of another container here",
                 "In this lab, the barcode is on a container of another chemical."),
            Kind("name_too_long", "refused", "Name too long", "A name has at most 300 characters."),
            Kind("too_many_cells", "refused", "More cells than the head",
                 "A comma inside a text may have moved the cells to the right."),
            Kind("joined_to_refused", "refused", "Continues a row that cannot be loaded", "It only names that row's chemical once more."),
        )
    }
)  # fmt: skip
"""Every kind by its name, in the order in which a preview lists them."""


@dataclass(frozen=True)
class Problem:
    """One problem of one row: the text in the file's cell (`says`), the value that it becomes, and the proof that this is right."""

    kind: str
    severity: Severity
    column: str = ""
    says: str = ""
    becomes: str = ""
    """The value that is loaded; "": none."""
    proof: str = ""

    def as_json(self) -> dict[str, str]:
        """The problem as JSON, for the row's list of problems."""
        return {name: value for name in _NAMES if (value := getattr(self, name))}


_NAMES = tuple(field.name for field in fields(Problem))
