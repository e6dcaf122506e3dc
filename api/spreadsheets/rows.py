"""Turns one row of a file into a chemical and its container, with the problems that were found."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from api.chemistry import cas_numbers
from api.chemistry.formulas import FormulaError, MassNotKnownError, TwoMeaningsError, molar_mass
from api.chemistry.properties import ALSO_OF_CHEMICALS, OF_CONTAINERS, PROPERTIES, ShortText
from api.chemistry.quantities import Quantity, QuantityError, parse_unit, plain, stored

from .amounts import add_amounts
from .cells import (
    is_figure,
    join_name,
    one_line,
    read_currency,
    read_figure,
    read_price,
    says_no_cas,
    split_amount,
)
from .hazards import add_hazards
from .origins import add_origins
from .properties import add_property
from .row import RowDraft
from .survey import fold_name, location_names, names_of_list
from .units import plain_head

_OF_BOTH = tuple(one for one in OF_CONTAINERS if isinstance(one, ShortText) and one.name in ALSO_OF_CHEMICALS)
LONGEST_NAME = 300
LONGEST_NOTES = 2000
LONGEST_CHEMICAL_NOTES = 5000
LONGEST_LOCATION_NAME = 80
DEEPEST_LOCATION = 10
MOST_SYNONYMS = 50
LONGEST_SYNONYMS = 5000
"""The largest length of all synonyms together."""


def read_row(row: RowDraft) -> None:
    """Fills chemical, container, count, problems and notes."""
    _add_identity(row)
    _add_formula(row)
    for one in (*PROPERTIES, *_OF_BOTH):
        add_property(row, one, row.chemical)
    if "smiles" in row.chemical:
        _check_structure(row)
    add_hazards(row)
    _add_reorder_point(row)
    if row.has_containers:
        add_amounts(row)
        _add_barcode(row)
        _add_price(row)
        for one in OF_CONTAINERS:
            if one not in _OF_BOTH:
                add_property(row, one, row.container)
        row.container |= {name: row.chemical[name] for name in ALSO_OF_CHEMICALS if name in row.chemical}
        row.derived.update(ALSO_OF_CHEMICALS)
    _add_own_texts_of_chemical(row)
    if row.text("origins"):
        add_origins(row)
    _keep_what_differs(row)
    _add_notes(row)


_TOTALS = re.compile(
    r"((grand |sub[- ]?)?totals?|total[ei]?|totaal|gesamt(summe)?|insgesamt|zwischensumme|sums?|summe|som(me|a|ma)|suma|(genel |ara )?toplam|razem"
    r"|ogółem|łącznie|итого|всего|合计|合計|总计|總計|総計|小计|小計|共计|计|計|합계|총계|총합계?|소계|계)( gene?rale?| geral| général)?([ :：]*[0-9.,]+.{0,20}|.{0,40}[:：])?",
    re.IGNORECASE,
)


def _is_sum(name: str) -> bool:
    """Whether the name is a word for a sum, alone, with a figure or before a colon: Total, Gesamt 12, Summe Säuren:, 합 계."""
    between_letters = name.replace(" ", "") if not name.isascii() and len(name) < 8 else name
    return any(_TOTALS.fullmatch(text.strip(" :：")) or _TOTALS.fullmatch(text) for text in (name, between_letters))


def is_total(row: RowDraft) -> bool:
    """Whether the row is a sum of those above it."""
    return not row.text("cas_number") and _is_sum(row.text("name"))


def _add_identity(row: RowDraft) -> None:
    name = join_name(row.text("name_start"), row.text("name"))
    cas_number = _cas_number(row, name)
    if (
        not cas_number
        and cas_numbers.is_valid(row.text("catalogue_number"))
        and (proof := _proof(row, row.text("catalogue_number"), name))
    ):
        cas_number = row.text("catalogue_number") if row.choices.allows("cas_in_catalogue_number") else ""
        row.add_problem("cas_in_catalogue_number", "catalogue_number", cas_number, proof)
        if cas_number:
            del row.values["catalogue_number"]
    if not name and not cas_number:
        row.add_problem("no_name_no_cas", "name", says=row.text("cas_number"))
    elif not name:
        row.add_problem("name_missing", "name", cas_number)
    elif len(name) > LONGEST_NAME:
        row.add_problem("name_too_long", "name", says=name)
    elif is_figure(name) and not row.ours:
        row.add_problem("name_is_a_number", "name")
    if name and cas_number and not row.ours:
        usual, rows = row.survey.usual_name(cas_number, name)
        if usual.casefold() != name.casefold():
            merge = row.choices.allows("name_spelling")
            row.add_problem("name_spelling", "name", usual if merge else "", f"{rows} rows write {usual}", says=name)
            name = usual if merge else name
    if name and not cas_number and not row.ours and (other := row.survey.only_cas_of(name)):
        agreed = row.choices.has_answered("cas_of_same_name") and row.choices.allows("cas_of_same_name")
        row.add_problem(
            "cas_of_same_name", "name", other if agreed else "", f"other rows of this name have {other}", says=name
        )
        cas_number = other if agreed else ""
    row.chemical["name"] = (name or cas_number)[:LONGEST_NAME]
    if cas_number:
        row.chemical["cas_number"] = cas_number
    cells = row.values.get("synonyms", ())
    parts = [
        one_line(part) for cell in cells for part in (names_of_list(cell) if row.ours else re.split("[;|\n]", cell))
    ]
    if synonyms := add_synonyms([], [part for part in dict.fromkeys(parts) if part and part != name]):
        row.chemical["synonyms"] = synonyms
    if row.text("file_number"):
        row.notes.append(f"No. {row.text('file_number')} in the file")


def _check_structure(row: RowDraft) -> None:
    """Leaves out a SMILES that cannot be read."""
    from api.chemistry.structures import StructureError, read_smiles  # loads RDKit, which few files need

    try:
        read_smiles(row.chemical["smiles"])
    except StructureError as error:
        del row.chemical["smiles"]
        row.leave_out("value_left_out", "smiles", str(error))


def _proof(row: RowDraft, cas_number: str, name: str) -> str:
    """Why a CAS number that was repaired is this chemical's: the reference or other rows give it the same name, or the same formula. "" where
    nothing but the check digit speaks for it."""
    names, formula = row.substances.get(cas_number, ((), None))
    letters = fold_name(name)
    if same := next((known for known in names if len(known) > 3 and fold_name(known) in letters), None):
        return f"{cas_number} is {same}"
    if formula and formula.replace("·", "") == re.sub(r"[\s.·*]", "", row.text("formula")):
        return f"{cas_number} is {formula}"
    if letters and row.survey.only_cas_of(name) == cas_number:
        return "other rows of this name have it"
    return ""


def _cas_number(row: RowDraft, name: str) -> str:
    text = row.text("cas_number")
    if cas_numbers.is_valid(text):
        return text
    if says_no_cas(text):
        return ""
    if not row.survey.cas_column:
        row.leave_out("cas_unreadable", "cas_number", "few cells of this column look like CAS numbers")
        return ""
    found = cas_numbers.repair(text, day_first=row.survey.day_first)
    if not found:
        numbers = re.findall(r"(?<![0-9])[0-9]{2,7}-[0-9]{2}(?:-[0-9])?(?![0-9])", text)
        if len(numbers) == 1 and cas_numbers.is_valid(numbers[0]):
            found = cas_numbers.Repair(numbers[0], "spelling", f"check digit {numbers[0][-1]} fits")
    if not found:
        several = len(numbers) > 1
        wrong = re.fullmatch(r"([1-9][0-9]{1,6}-[0-9]{2})-[0-9]", text)
        digit = cas_numbers.check_digit(wrong[1].replace("-", "")) if wrong else 0
        kind = "cas_several" if several else "cas_check_digit" if wrong else "cas_unreadable"
        row.leave_out(kind, "cas_number", f"the check digit of {wrong[1]} is {digit}" if wrong else "")
        return ""
    kind = f"cas_{found.kind}"
    if not row.choices.allows(kind):
        row.leave_out(kind, "cas_number", f"{found.cas_number}: {found.proof}")
        return ""
    proof = _proof(row, found.cas_number, name)
    if not proof and kind != "cas_possible_date" and found.cas_number not in text:
        agreed = row.choices.allows("cas_by_digit_alone")
        row.add_problem("cas_by_digit_alone", "cas_number", found.cas_number if agreed else "", found.proof)
        row.keep("cas_number")
        return found.cas_number if agreed else ""
    row.add_problem(kind, "cas_number", found.cas_number, proof or found.proof)
    row.keep("cas_number")
    return found.cas_number


def _add_formula(row: RowDraft) -> None:
    if text := row.text("formula"):
        found = _read_formula(text)
        if found.formula:
            row.chemical["formula"] = found.formula
            if row.ours and "molar_mass_g_per_mol" in row.columns:
                pass  # ChemTrack's own export has a column for the molar mass, which is empty where the lab gave none
            elif found.mass:
                row.chemical["molar_mass_g_per_mol"] = found.mass
                row.derived.add("molar_mass_g_per_mol")
            else:
                row.add_problem("formula_without_mass", "formula", found.formula, found.why)
        else:
            kind = "formula_of_two_meanings" if found.has_two_meanings else "formula_unreadable"
            row.leave_out(kind, "formula", found.why)


def _add_reorder_point(row: RowDraft) -> None:
    text = row.text("low_stock_amount")
    if not text:
        return
    cell = split_amount(text)
    figure = read_figure(
        cell.number if cell and cell.times == 1 else "",
        comma_is_decimal=row.survey.comma_is_decimal,
        points_group=row.survey.points_group,
    )
    try:
        unit = parse_unit((cell and cell.unit) or row.text("low_stock_unit"))
    except QuantityError:
        unit = ""
    if isinstance(figure, str) or not unit:
        row.leave_out("value_left_out", "low_stock_amount", "no amount with a unit that is known here")
        return
    limit = stored(Quantity(figure.number, unit))
    if limit.amount:
        row.chemical |= {"low_stock_amount": plain(limit.amount), "low_stock_unit": limit.unit}


def _add_own_texts_of_chemical(row: RowDraft) -> None:
    """Takes supplier, catalogue number and notes of the chemical from columns of their own, where the file has such columns."""
    for one in _OF_BOTH:
        if f"chemical_{one.name}" in row.columns:
            row.chemical.pop(one.name, None)
            row.derived.discard(one.name)
            if text := row.text(f"chemical_{one.name}"):
                row.chemical[one.name] = text[: one.longest]
    if notes := "\n".join(row.values.get("chemical_notes", ())):
        row.chemical["notes"] = notes[:LONGEST_CHEMICAL_NOTES]


def _keep_what_differs(row: RowDraft) -> None:
    """A chemical has each of its fields once: what a later row says otherwise is kept as a note."""
    if row.ours:
        return
    for name in row.survey.chemicals.said_otherwise(row.chemical, row.derived):
        row.add_problem("chemical_differs", name)
        row.keep(name)


def _add_barcode(row: RowDraft) -> None:
    text = row.text("barcode")
    if not text or not row.count:
        return
    tidy = re.sub(r"\s*[\s/\\]\s*", "-", text.strip("*"))
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,63}", tidy) or re.fullmatch(r"[0-9]\.[0-9]+E\+[0-9]+", text):
        row.leave_out("barcode_unreadable", "barcode")
    elif row.count > 1:
        row.leave_out("barcode_of_several", "barcode")
    elif tidy != text and not row.choices.allows("barcode_tidied"):
        row.leave_out("barcode_tidied", "barcode")
    else:
        row.container["barcode"] = tidy
        if tidy != text:
            row.add_problem("barcode_tidied", "barcode", tidy)
            row.keep("barcode")


_SIGN_OF_SEVERAL = {"$": re.compile("..D|MXN|COP|CLP|ARS|BRL|UYU"), "¥": re.compile("JPY|CNY")}
"""Signs that stand for several currencies, and which those are."""


def _contradicts(text: str, currency: str) -> bool:
    """Whether a price has the sign of another currency: a file in euros may have a price in dollars, and nobody said which ones."""
    return any(sign in text and not meant.fullmatch(currency) for sign, meant in _SIGN_OF_SEVERAL.items())


def _add_price(row: RowDraft) -> None:
    if not (text := row.text("price")):
        return
    head = row.heads[row.columns["price"]] if row.columns["price"] < len(row.heads) else ""
    price = read_price(text, comma_is_decimal=False, points_group=row.survey.prices_group_points(text))
    of_head = next(
        filter(None, map(read_currency, re.findall(r"[A-Z]{3}|[^\s\w()\[\]]|[^\W\d_]+", plain_head(head)))), ""
    )
    said = row.text("currency")
    currency = (price and price[1]) or read_currency(said) or said.upper() or of_head
    if _contradicts(text, currency):
        currency = ""
    if price and re.fullmatch(r"[A-Z]{3}", currency):
        row.container |= {"price": plain(price[0]), "currency": currency}
    elif price:
        chosen = row.choices.currency
        if _contradicts(text, chosen or ""):
            chosen = None
        row.add_problem("price_without_currency", "price", f"{plain(price[0])} {chosen}" if chosen else "")
        if chosen:
            row.container |= {"price": plain(price[0]), "currency": chosen}
        else:
            row.keep("price")
    else:
        row.leave_out("value_left_out", "price", "not a price")


def location_path(row: RowDraft) -> list[str]:
    """The names of the location from the building to the shelf, in their usual spelling if that was chosen."""
    path = location_names(row.values.get("location", []))
    if len(path) > DEEPEST_LOCATION or any(len(level) > LONGEST_LOCATION_NAME for level in path):
        why = f"at most {DEEPEST_LOCATION} names of {LONGEST_LOCATION_NAME} characters"
        row.leave_out("value_left_out", "location", why)
        return []
    if row.ours:
        return list(path)
    usual, rows = row.survey.usual_location(path)
    if [level.casefold() for level in usual] != [level.casefold() for level in path]:
        written = " › ".join(usual)
        merge = row.choices.allows("location_spelling")
        row.add_problem("location_spelling", "location", written if merge else "", f"{rows} rows write {written}")
        return list(usual if merge else path)
    return list(usual)


LOCATION_KINDS = ("building", "room", "storage", "shelf")
LONGEST_COUNT_PERIOD = 3660


def location_alone(row: RowDraft, always: bool) -> dict[str, Any] | None:
    """Kind and count period of a location, where the row names one and neither a chemical nor a container, or where each row of the file
    is said to be a location (`always`); else None."""
    kind = row.text("location_kind").casefold()
    if not always and (not kind or any(row.text(name) for name in ("name", "cas_number", "barcode"))):
        return None
    if kind and kind not in LOCATION_KINDS:
        row.leave_out("value_left_out", "location_kind", f"none of {', '.join(LOCATION_KINDS)}")
    days = row.text("count_period_days")
    is_number = re.fullmatch("[0-9]{1,4}", days) and 1 <= int(days) <= LONGEST_COUNT_PERIOD
    if days and not is_number:
        row.leave_out("value_left_out", "count_period_days", f"no number from 1 to {LONGEST_COUNT_PERIOD}")
    return {
        "kind": kind if kind in LOCATION_KINDS else None,
        "count_period_days": int(days) if is_number else None,
    }


def _add_notes(row: RowDraft) -> None:
    for head, text in row.kept_cells():
        row.notes.append(f"{head} in the file: {text}")
    if (owner := row.text("owner")) and len(row.choices.only_values) != 1:
        row.notes.append(f"Owner in the file: {owner}")
    if notes := "\n".join([*row.values.get("notes", ()), *row.notes]):
        fields = row.container if row.has_containers and row.count else row.chemical
        fields["notes"] = notes if len(notes) <= LONGEST_NOTES else notes[: LONGEST_NOTES - 1] + "…"


def add_synonyms(synonyms: list[str], more: list[str]) -> list[str]:
    """The synonyms, followed by as many of the further ones as a chemical can hold."""
    kept = list(synonyms)
    for name in more:
        if (
            len(name) <= LONGEST_NAME
            and len(kept) < MOST_SYNONYMS
            and sum(map(len, kept)) + len(kept) + len(name) <= LONGEST_SYNONYMS
        ):
            kept.append(name)
    return kept


@dataclass(frozen=True)
class _Formula:
    """A formula and its molar mass in g/mol, each "" where it is not known, and the reason for that."""

    formula: str = ""
    mass: str = ""
    why: str = ""
    has_two_meanings: bool = False


@lru_cache(maxsize=4096)
def _read_formula(text: str) -> _Formula:
    """The formula in a cell, if need be with its spaces and dots tidied: Na2WO4 - 2H2O is Na2WO4·2H2O."""
    closed = text.replace(" ", "")
    dotted = re.sub(r"[·•∙⋅*\ufffd]|(?<=\s)[-.xX](?=\s)", "·", text).replace(" ", "")
    refused: list[FormulaError] = []
    for candidate in dict.fromkeys((text, dotted, closed)):
        try:
            return _Formula(candidate, plain(molar_mass(candidate)))
        except MassNotKnownError as error:
            return _Formula(candidate, why=str(error))
        except FormulaError as error:
            refused.append(error)
    two = [error for error in refused if isinstance(error, TwoMeaningsError)]
    return _Formula(why=str((two or refused)[0]), has_two_meanings=bool(two))
