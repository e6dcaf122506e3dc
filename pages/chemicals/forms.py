"""The forms of a chemical and of a container's label: from typed texts to the API's JSON and back."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import MultiDict

from pages.common.problems import Problem
from pages.common.properties import OF_CONTAINERS, PROPERTIES

if TYPE_CHECKING:
    from pages.common import answers

Values = dict[str, Any]


LINES = (
    "name",
    "cas_number",
    "formula",
    *(one.name for one in PROPERTIES),
    "signal_word",
    "supplier",
    "catalogue_number",
    "low_stock_amount",
    "low_stock_unit",
    "notes",
)
LABEL = (*(one.name for one in OF_CONTAINERS), "pack_size", "pack_unit", "price", "currency", "notes")
UNITS = {"low_stock_amount": "low_stock_unit", "pack_size": "pack_unit", "price": "currency"}
"""A figure → its unit or currency, which the form always has chosen, and which means nothing without the figure."""
HAZARD_PARTS = ("hazards", "pictograms", "signal_word", "h_statements", "p_statements")
TOGETHER = (HAZARD_PARTS, *UNITS.items())
"""Fields that mean something only together. The first of each group is empty if nothing was entered."""
POSTED_AS = {unit: f"{figure}-unit" for figure, unit in UNITS.items() if unit != "currency"}
"""A unit's name in the API → its name in the form, where it belongs to the field of its figure."""
UNKNOWN, NONE, CLASSIFIED = "unknown", "none", "classified"
TITLES = {
    "name": "name",
    "synonyms": "other names",
    "formula": "formula",
    **{one.name: one.in_a_sentence for one in PROPERTIES if one.looked_up},
    "hazards": "hazards",
}
"""The fields that a look-up may fill in, and their names in its note."""


SUGGESTED = ("name", "cas_number", "smiles", "inchikey")
"""The fields in which substances are suggested while somebody types."""


def chosen_substance(form: MultiDict[str, str]) -> tuple[str, str]:
    """The field in which somebody chose a suggested substance, and its CAS RN; both empty where nobody did."""
    field, _, number = form.get("chosen", "").partition(":")
    return (field, number) if field in SUGGESTED else ("", "")


def codes_of(text: str) -> list[str]:
    """The codes in a text such as "H225, H319 + H302": ["H225", "H319+H302"]."""
    return [code for code in re.split(r"[\s,;·]+", "+".join(part.strip() for part in text.split("+"))) if code]


def typed_chemical(form: MultiDict[str, str]) -> Values:
    """The form's values as typed: texts, lists and the choice `hazards`."""
    values: Values = {name: form.get(POSTED_AS.get(name, name), "").strip() for name in LINES}
    values["synonyms"] = form.get("synonyms", "").strip()
    values["hazards"] = form.get("hazards") if form.get("hazards") in (NONE, CLASSIFIED) else UNKNOWN
    values["pictograms"] = form.getlist("pictograms")
    values["h_statements"], values["p_statements"] = form.get("h_statements", ""), form.get("p_statements", "")
    values["belong_together"] = "belong_together" in form
    return values


def chemical_values(chemical: answers.Chemical | answers.Substance | Values) -> Values:
    """The form's values for a listed chemical, or for a substance that the reference data knows."""
    known: Values = {name: value for name, value in chemical.items() if value is not None}
    values = {name: known.get(name, "") for name in LINES}
    values["synonyms"] = "\n".join(known.get("synonyms", []))
    values["pictograms"] = known.get("pictograms", [])
    for name in ("h_statements", "p_statements"):
        values[name] = " ".join(statement["code"] for statement in known.get(name, []))
    classified = values["pictograms"] or values["h_statements"] or values["signal_word"]
    values["hazards"] = UNKNOWN if "pictograms" not in known else CLASSIFIED if classified else NONE
    return values


def chemical_to_send(values: Values, origins: dict[str, str]) -> Values:
    """The form as the API takes a chemical; `origins` by the names of TITLES. Raises Problem where a choice contradicts itself."""
    sent = _without_idle_units({name: values[name] or None for name in LINES}) | {"name": values["name"]}
    sent["origins"] = {name: origin for name, origin in origins.items() if name != "hazards"}
    sent["hazards_from"] = origins.get("hazards")
    sent["synonyms"] = [line.strip() for line in values["synonyms"].splitlines() if line.strip()]
    h_statements, p_statements = codes_of(values["h_statements"]), codes_of(values["p_statements"])
    classified = values["hazards"] == CLASSIFIED
    if classified and not (values["pictograms"] or h_statements or values["signal_word"]):
        sentence = "Choose a pictogram, or write an H statement. If there is none, choose “None”."
        raise Problem(422, sentence, sentence, [{"pointer": "/pictograms", "detail": sentence}])
    return sent | {
        "belong_together": values["belong_together"],
        "pictograms": None if values["hazards"] == UNKNOWN else values["pictograms"] if classified else [],
        "signal_word": sent["signal_word"] if classified else None,
        "h_statements": h_statements if classified else [],
        "p_statements": p_statements,
    }


def _without_idle_units(sent: Values) -> Values:
    """The values without a unit or currency whose figure is empty."""
    idle = {unit for figure, unit in UNITS.items() if figure in sent and sent[figure] is None}
    return {name: None if name in idle else value for name, value in sent.items()}


def _part(values: Values, name: str) -> object:
    """The value under a name of TITLES, in a form in which two values can be compared."""
    if name != "hazards":
        return "\n".join(line.strip() for line in str(values[name]).strip().splitlines())
    codes = [sorted(values["pictograms"]), *(codes_of(values[part]) for part in ("h_statements", "p_statements"))]
    return [values["hazards"], values["signal_word"], *codes] if values["hazards"] == CLASSIFIED else values["hazards"]


def _put(values: Values, name: str, known: Values) -> None:
    values |= {part: known[part] for part in (HAZARD_PARTS if name == "hazards" else (name,))}


@dataclass
class LookUp:
    """The values that look-ups have filled into a form so far. The form carries them in its field `filled`."""

    cas_number: str = ""
    filled: dict[str, object] = field(default_factory=dict)
    """The filled values by the names of TITLES. A field that still has its filled value was not typed by the user."""
    origins: dict[str, str] = field(default_factory=dict)
    """What the API is to keep as the origin of each filled field."""
    now: list[str] = field(default_factory=list)
    """Names that the last look-up filled."""
    emptied: list[str] = field(default_factory=list)
    """Names that the last look-up emptied again."""
    differing: list[str] = field(default_factory=list)
    """Names whose typed value differs from the reference."""

    @classmethod
    def of(cls, form: MultiDict[str, str]) -> LookUp:
        """Read the form's field `filled`; empty where it cannot be read."""
        try:
            note = json.loads(form.get("filled") or "{}")
            return cls(
                str(note["cas_number"]),
                {name: note["filled"][name] for name in TITLES if name in note["filled"]},
                {name: str(note["origins"][name]) for name in TITLES if name in note["origins"]},
            )
        except (ValueError, KeyError, TypeError):
            return cls()

    @classmethod
    def of_listed(cls, chemical: answers.Chemical) -> LookUp:
        """The fields of a listed chemical that are as the reference said."""
        origins, values = dict(chemical["origins"]), chemical_values(chemical)
        if chemical["hazards_from"]:
            origins["hazards"] = chemical["hazards_from"]
        return cls(chemical["cas_number"] or "", {name: _part(values, name) for name in origins}, origins)

    def carried(self) -> str:
        """The text for the form's field `filled`."""
        note = {"cas_number": self.cas_number, "filled": self.filled, "origins": self.origins}
        return json.dumps(note) if self.filled else ""

    def origins_in(self, values: Values) -> dict[str, str]:
        """The origins of the fields that still have their filled value."""
        return {name: self.origins[name] for name in self._stands(values) if name in self.origins}

    def is_of_another(self, values: Values) -> bool:
        """Whether the form still has a value filled for another CAS RN than the typed one."""
        return any(self._stands(values)) and re.sub(r"\D", "", self.cas_number) != re.sub(
            r"\D", "", values["cas_number"]
        )

    def _stands(self, values: Values) -> list[str]:
        return [name for name, filled in self.filled.items() if _part(values, name) == filled]

    def take_back(self, values: Values) -> None:
        """Empty the fields that were filled for another CAS RN and have not been changed since."""
        if self.is_of_another(values):
            self.emptied = self._stands(values)
            for name in self.emptied:
                _put(values, name, NOTHING)
        if self.emptied or not self._stands(values):
            self.filled = {}

    def fill_in(self, values: Values, substance: answers.Substance, over: bool = False) -> None:
        """Fill empty fields with the reference data; with `over`, replace typed values too."""
        known = chemical_values(substance)
        names = {folded.casefold() for folded in (known["name"], *substance["synonyms"])}
        for name in TITLES:
            if _part(known, name) in ("", UNKNOWN) or _part(values, name) == _part(known, name):
                continue
            if (over and name != "synonyms") or _part(values, name) in ("", UNKNOWN):
                _put(values, name, known)
                self.now.append(name)
            elif name != "synonyms" and not (name == "name" and values[name].casefold() in names):
                self.differing.append(name)
        self.cas_number = substance["cas_number"]
        self.filled = {name: _part(values, name) for name in (*self._stands(values), *self.now)}
        given = substance["origins"] | {"hazards": substance["source"] or ""}
        self.origins |= {name: given[name] for name in self.now if given.get(name)}


NOTHING = chemical_values({})


def typed_label(form: MultiDict[str, str]) -> Values:
    """The values of the form for a container's label, as typed; a proposed tare that was ticked stands where none was typed."""
    values = {name: form.get(POSTED_AS.get(name, name), "").strip() for name in LABEL}
    return values | {"tare_g": values["tare_g"] or form.get("take_tare", "")}


def label_values(container: answers.ContainerDetail) -> Values:
    """The values of the form for a container's label, as saved at present."""
    return {name: "" if value is None else value for name, value in container.items() if name in LABEL}


def label_to_send(values: Values) -> Values:
    """The form as the API takes it."""
    return _without_idle_units({name: value or None for name, value in values.items()})


def errors_of(refused: Problem) -> dict[str, str]:
    """The API's errors under the form's fields: an error of the third synonym belongs to the field of all synonyms."""
    errors: dict[str, str] = {}
    for pointer, sentence in refused.by_field.items():
        errors.setdefault("/" + pointer.split("/")[1] if pointer else "", sentence)
    for figure, unit in UNITS.items():
        if f"/{unit}" in errors:
            errors.setdefault(f"/{figure}", errors[f"/{unit}"])
    for name in ("signal_word", "hazards"):
        if f"/{name}" in errors:
            errors.setdefault("/pictograms", errors[f"/{name}"])
    return errors
