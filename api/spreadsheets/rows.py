"""Turns one row of a file into a chemical and its container, and says what was wrong with it."""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from api import cas_numbers
from api.formulas import FormulaError, molar_mass
from api.quantities import plain

from .amounts import add_amounts
from .cells import is_missing, join_name, one_line, physical_state, read_figure, read_price, says_no_cas
from .choices import Choices, Mapping
from .dates import read_day
from .hazards import HazardsByCas, add_hazards
from .heads import FIELDS
from .problems import KINDS, Problem
from .survey import Survey, place_of

_LONGEST = {"lot": 100, "purity": 100, "supplier": 200, "catalogue_number": 100, "storage_class": 40, "smiles": 2000}
LONGEST_NAME = 300
LONGEST_NOTES = 2000
LONGEST_PLACE = 80
DEEPEST_PLACE = 10
MOST_SYNONYMS = 50
LONGEST_SYNONYMS = 5000
"""All together."""


class RowReader:
    """One row on its way from cells to a record."""

    def __init__(
        self,
        cells: list[str],
        heads: list[str],
        mapping: Mapping,
        choices: Choices,
        survey: Survey,
        reference: HazardsByCas | None = None,
    ) -> None:
        self.cells, self.heads, self.choices, self.survey, self.reference = (
            cells,
            heads,
            choices,
            survey,
            reference or {},
        )
        self.values: dict[str, list[str]] = {}
        self.columns: dict[str, int] = {}
        for index in sorted(mapping.columns):
            name = mapping.columns[index]
            self.columns.setdefault(name, index)
            if index < len(cells) and not is_missing(cells[index]):
                self.values.setdefault(name, []).append(cells[index])
        self.has_containers = mapping.has_containers
        self.chemical: dict[str, Any] = {}
        self.container: dict[str, Any] = {}
        self.count = 1
        self.problems: list[Problem] = []
        self.notes: list[str] = []

    def text(self, name: str) -> str:
        """The value of a field on one line; "" where the file has none."""
        return one_line(" ".join(self.values.get(name, ())))

    def add_problem(
        self, kind: str, name: str = "", becomes: str = "", proof: str = "", says: str | None = None
    ) -> None:
        """Say that something was wrong in the column of that field."""
        severity = KINDS[kind].severity
        if severity == "question" and self.choices.has_answered(kind):
            severity = "repaired"
        index = self.columns.get(name)
        head = self.heads[index] if index is not None and index < len(self.heads) else ""
        said = self.text(name) if says is None else says
        self.problems.append(Problem(kind, severity, head or FIELDS.get(name, ""), said[:200], becomes[:200], proof))

    def keep(self, name: str, text: str | None = None) -> None:
        """Keep in the notes what the file says and no field can hold."""
        self.notes.append(f"{FIELDS[name]} in the file: {self.text(name) if text is None else text}")

    def leave_out(self, kind: str, name: str, proof: str = "") -> None:
        """Leave the field empty, say so, and keep the text."""
        self.add_problem(kind, name, proof=proof)
        self.keep(name)

    def read(self) -> None:
        """Fill chemical, container, count, problems and notes."""
        self._add_identity()
        self._add_figures()
        add_hazards(self)
        for name in ("supplier", "catalogue_number"):
            self._add_short_text(name, self.chemical)
        if self.has_containers:
            add_amounts(self)
            self._add_barcode()
            self._add_days()
            self._add_price()
            for name in ("lot", "purity"):
                self._add_short_text(name, self.container)
            self.container |= {
                name: self.chemical[name] for name in ("supplier", "catalogue_number") if name in self.chemical
            }
        self._add_notes()

    def _add_identity(self) -> None:
        name = join_name(self.text("name_start"), self.text("name"))
        cas_number = self._cas_number()
        if (
            not cas_number
            and cas_numbers.is_valid(self.text("catalogue_number"))
            and self.choices.allows("cas_in_catalogue_number")
        ):
            cas_number = self.text("catalogue_number")
            self.add_problem(
                "cas_in_catalogue_number", "catalogue_number", cas_number, f"check digit {cas_number[-1]} fits"
            )
            del self.values["catalogue_number"]
        if not name and not cas_number:
            self.add_problem("no_name_no_cas", "name", says=self.text("cas_number"))
        elif not name:
            self.add_problem("name_missing", "name", cas_number)
        elif len(name) > LONGEST_NAME:
            self.add_problem("name_too_long", "name", says=name)
        if name and cas_number:
            usual, rows = self.survey.usual_name(cas_number, name)
            if usual.casefold() != name.casefold():
                merge = self.choices.allows("name_spelling")
                self.add_problem(
                    "name_spelling", "name", usual if merge else "", f"{rows} rows write {usual}", says=name
                )
                name = usual if merge else name
        self.chemical["name"] = (name or cas_number)[:LONGEST_NAME]
        if cas_number:
            self.chemical["cas_number"] = cas_number
        parts = [one_line(part) for text in self.values.get("synonyms", ()) for part in re.split(r"\s*[;|\n]\s*", text)]
        if synonyms := add_synonyms([], [part for part in dict.fromkeys(parts) if part and part != name]):
            self.chemical["synonyms"] = synonyms
        if self.text("file_number"):
            self.notes.append(f"No. {self.text('file_number')} in the file")

    def _cas_number(self) -> str:
        text = self.text("cas_number")
        if cas_numbers.is_valid(text):
            return text
        if says_no_cas(text):
            return ""
        found = cas_numbers.repair(text, day_first=self.survey.day_first)
        if not found:
            numbers = re.findall(r"(?<![0-9])[0-9]{2,7}-[0-9]{2}(?:-[0-9])?(?![0-9])", text)
            if len(numbers) == 1 and cas_numbers.is_valid(numbers[0]):
                found = cas_numbers.Repair(numbers[0], "spelling", f"check digit {numbers[0][-1]} fits")
        if not found:
            several = len(numbers) > 1
            wrong = re.fullmatch(r"([1-9][0-9]{1,6}-[0-9]{2})-[0-9]", text)
            digit = cas_numbers.check_digit(wrong[1].replace("-", "")) if wrong else 0
            kind = "cas_several" if several else "cas_check_digit" if wrong else "cas_unreadable"
            self.leave_out(kind, "cas_number", f"the check digit of {wrong[1]} is {digit}" if wrong else "")
            return ""
        kind = f"cas_{found.kind}"
        if not self.choices.allows(kind):
            self.leave_out(kind, "cas_number", f"{found.cas_number}: {found.proof}")
            return ""
        self.add_problem(kind, "cas_number", found.cas_number, found.proof)
        self.keep("cas_number")
        return found.cas_number

    def _add_figures(self) -> None:
        if text := self.text("formula"):
            formula, mass = _read_formula(text)
            if formula:
                self.chemical |= {"formula": formula, "molar_mass_g_per_mol": mass}
            elif len(text) > 1:
                self.leave_out("formula_unreadable", "formula")
        self._add_figure("molar_mass_g_per_mol", Decimal(10) ** 6)
        self._add_figure("density_g_per_ml", Decimal(100))
        self._add_checked("inchikey", lambda text: text if re.fullmatch(r"[A-Z]{14}-[A-Z]{10}-[A-Z]", text) else None)
        self._add_checked("physical_state", physical_state)
        self._add_checked("sds_url", lambda text: text if re.fullmatch(r'https?://[^\s<>"]{1,990}', text) else None)
        self._add_short_text("smiles", self.chemical)
        self._add_short_text("storage_class", self.chemical)

    def _add_figure(self, name: str, below: Decimal) -> None:
        text = re.sub(r"\s*(g ?/ ?mol|g ?mol-1|Da|g ?/ ?(mL|cm3|cm³|cc))$", "", self.text(name), flags=re.IGNORECASE)
        if not text:
            return
        figure = read_figure(text, comma_is_decimal=True)
        if isinstance(figure, str) or figure.number >= below:
            self.leave_out("value_left_out", name)
        elif figure.number:
            self.chemical[name] = plain(figure.number)

    def _add_checked(self, name: str, check: Callable[[str], str | None]) -> None:
        if text := self.text(name):
            if value := check(text):
                self.chemical[name] = value
            else:
                self.leave_out("value_left_out", name)

    def _add_short_text(self, name: str, fields: dict[str, Any]) -> None:
        text = self.text(name)
        if len(text) > _LONGEST[name]:
            self.leave_out("value_left_out", name)
        elif text:
            fields[name] = text

    def _add_barcode(self) -> None:
        text = self.text("barcode")
        if not text or not self.count:
            return
        tidy = re.sub(r"\s*[\s/\\]\s*", "-", text.strip("*"))
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,63}", tidy) or re.fullmatch(
            r"[0-9]\.[0-9]+E\+[0-9]+", text
        ):
            self.leave_out("barcode_unreadable", "barcode")
        elif self.count > 1:
            self.leave_out("barcode_of_several", "barcode")
        elif tidy != text and not self.choices.allows("barcode_tidied"):
            self.leave_out("barcode_tidied", "barcode")
        else:
            self.container["barcode"] = tidy
            if tidy != text:
                self.add_problem("barcode_tidied", "barcode", tidy)
                self.keep("barcode")

    def _add_days(self) -> None:
        for name in ("received_on", "opened_on", "expires_on"):
            text = self.text(name)
            if not text:
                continue
            day = read_day(text, self.survey.day_first, end_of_month=name == "expires_on")
            if day == "placeholder_date" and not self.choices.allows("placeholder_date"):
                year = re.search(r"[0-9]{4}", text)
                self.container |= {name: f"{year[0]}-01-01"} if year else {}
            elif isinstance(day, str):
                self.leave_out(day, name)
            elif self.choices.today and name != "expires_on" and day.day > self.choices.today:
                self.leave_out("date_in_future", name)
            elif day.repair and not self.choices.allows(day.repair):
                self.leave_out(day.repair, name)
            else:
                if day.repair:
                    self.add_problem(day.repair, name, day.day.isoformat())
                self.container[name] = day.day.isoformat()

    def _add_price(self) -> None:
        if not (text := self.text("price")):
            return
        head = self.heads[self.columns["price"]] if self.columns["price"] < len(self.heads) else ""
        price = read_price(text)
        currency = self.text("currency").upper() or next(
            iter(re.findall(r"\b(?:USD|EUR|GBP|CHF|CAD|AUD|JPY)\b", head)), ""
        )
        currency = (price and price[1]) or currency or ("EUR" if "€" in head else "GBP" if "£" in head else "")
        if price and re.fullmatch(r"[A-Z]{3}", currency):
            self.container |= {"price": plain(price[0]), "currency": currency}
        else:
            self.leave_out("value_left_out", "price")

    def location_path(self) -> list[str]:
        """The location's names from the outside in, in its usual spelling if that is chosen."""
        path = place_of(self.values.get("location", []))
        if len(path) > DEEPEST_PLACE or any(len(level) > LONGEST_PLACE for level in path):
            self.leave_out("value_left_out", "location")
            return []
        usual, rows = self.survey.usual_place(path)
        if [level.casefold() for level in usual] != [level.casefold() for level in path]:
            written = " › ".join(usual)
            merge = self.choices.allows("location_spelling")
            self.add_problem("location_spelling", "location", written if merge else "", f"{rows} rows write {written}")
            return list(usual if merge else path)
        return list(usual)

    def _add_notes(self) -> None:
        if (owner := self.text("owner")) and len(self.choices.only_values) != 1:
            self.notes.append(f"Owner in the file: {owner}")
        if notes := "\n".join([*self.values.get("notes", ()), *self.notes]):
            fields = self.container if self.has_containers and self.count else self.chemical
            fields["notes"] = notes if len(notes) <= LONGEST_NOTES else notes[: LONGEST_NOTES - 1] + "…"


def add_synonyms(synonyms: list[str], more: list[str]) -> list[str]:
    """The synonyms and as many more as a chemical can hold."""
    kept = list(synonyms)
    for name in more:
        if (
            len(name) <= LONGEST_NAME
            and len(kept) < MOST_SYNONYMS
            and sum(map(len, kept)) + len(kept) + len(name) <= LONGEST_SYNONYMS
        ):
            kept.append(name)
    return kept


@lru_cache(maxsize=4096)
def _read_formula(text: str) -> tuple[str, str]:
    """The formula as it can be understood, and its molar mass in g/mol; "" where it cannot."""
    closed = text.replace(" ", "")
    dotted = re.sub(r"\s*(?:[·•∙⋅*\ufffd]|(?<=\s)[-.xX](?=\s))\s*", "·", text).replace(" ", "")
    for candidate in (text, dotted, closed):
        try:
            mass = molar_mass(candidate)
        except FormulaError:
            continue
        if mass > 0:
            return candidate, plain(mass)
    return "", ""
