"""The forms of a chemical and of a container's label: between what is typed and what the API takes."""

import re
from typing import Any

from werkzeug.datastructures import MultiDict

from pages.common.problems import Problem

Values = dict[str, Any]

LINES = (
    "name",
    "cas_number",
    "formula",
    "molar_mass_g_per_mol",
    "smiles",
    "inchikey",
    "physical_state",
    "density_g_per_ml",
    "melting_point_celsius",
    "boiling_point_celsius",
    "flash_point_celsius",
    "signal_word",
    "storage_class",
    "sds_url",
    "supplier",
    "catalogue_number",
    "low_stock_amount",
    "low_stock_unit",
    "notes",
)
LABEL = (
    "lot",
    "supplier",
    "catalogue_number",
    "purity",
    "pack_size",
    "pack_unit",
    "price",
    "currency",
    "received_on",
    "opened_on",
    "expires_on",
    "notes",
)
UNITS = (
    "mg",
    "g",
    "kg",
    "mL",
    "L",
    "µL",
    "µg",
    "each",
    "mmol",
    "mol",
    "µmol",
    "U",
    "kU",
    "bar",
    "psi",
    "lb",
    "oz",
    "gal",
    "qt",
)
POSTED_AS = {"low_stock_unit": "low_stock_amount-unit", "pack_unit": "pack_size-unit"}
"""How a unit is posted that stands beside its figure."""
UNKNOWN, NONE, CLASSIFIED = "unknown", "none", "classified"
TITLES = {
    "name": "name",
    "synonyms": "other names",
    "formula": "formula",
    "molar_mass_g_per_mol": "molar mass",
    "smiles": "SMILES",
    "inchikey": "InChIKey",
    "physical_state": "state",
    "density_g_per_ml": "density",
    "storage_class": "storage class",
    "hazards": "hazards",
}
"""What a look-up may fill in, in the words of its note."""


def codes_of(text: str) -> list[str]:
    """The codes in a text such as "H225, H319 + H302": ["H225", "H319+H302"]."""
    return [code for code in re.split(r"[\s,;·]+", re.sub(r"\s*\+\s*", "+", text)) if code]


def typed_chemical(form: MultiDict[str, str]) -> Values:
    """What stands in the form, as texts, lists and the choice `hazards`."""
    values: Values = {name: form.get(POSTED_AS.get(name, name), "").strip() for name in LINES}
    values["synonyms"] = form.get("synonyms", "").strip()
    values["hazards"] = form.get("hazards") if form.get("hazards") in (NONE, CLASSIFIED) else UNKNOWN
    values["pictograms"] = form.getlist("pictograms")
    values["h_statements"], values["p_statements"] = form.get("h_statements", ""), form.get("p_statements", "")
    return values


def chemical_values(chemical: Values) -> Values:
    """What stands in the form of a chemical that is listed, or of a substance that the reference knows."""
    values: Values = {name: "" if chemical.get(name) is None else chemical[name] for name in LINES}
    values["synonyms"] = "\n".join(chemical.get("synonyms", []))
    values["pictograms"] = chemical.get("pictograms") or []
    for name in ("h_statements", "p_statements"):
        values[name] = " ".join(said["code"] for said in chemical.get(name, []))
    classified = values["pictograms"] or values["h_statements"] or values["signal_word"]
    values["hazards"] = UNKNOWN if chemical.get("pictograms") is None else CLASSIFIED if classified else NONE
    return values


def chemical_to_send(values: Values) -> Values:
    """The form as the API takes a chemical. Raises Problem where a choice contradicts itself."""
    sent: Values = {name: values[name] or None for name in LINES} | {"name": values["name"]}
    if sent["low_stock_amount"] is None:
        sent["low_stock_unit"] = None  # the unit is always chosen
    sent["synonyms"] = [line.strip() for line in values["synonyms"].splitlines() if line.strip()]
    h_statements, p_statements = codes_of(values["h_statements"]), codes_of(values["p_statements"])
    classified = values["hazards"] == CLASSIFIED
    if classified and not (values["pictograms"] or h_statements or values["signal_word"]):
        sentence = "Choose a pictogram, or write an H statement. If there is none, choose “None”."
        raise Problem(422, sentence, sentence, [{"pointer": "/pictograms", "detail": sentence}])
    return sent | {
        "pictograms": None if values["hazards"] == UNKNOWN else values["pictograms"] if classified else [],
        "signal_word": sent["signal_word"] if classified else None,
        "h_statements": h_statements if classified else [],
        "p_statements": p_statements,
    }


def fill_in(values: Values, substance: Values) -> list[str]:
    """Fill what the reference knows into what is empty; the names of the fields that were filled."""
    known, filled = chemical_values(substance), []
    for name in TITLES:
        if name == "hazards":
            if values["hazards"] == UNKNOWN and known["hazards"] != UNKNOWN:
                values |= {
                    part: known[part]
                    for part in ("hazards", "pictograms", "signal_word", "h_statements", "p_statements")
                }
                filled.append(name)
        elif not values[name] and known[name]:
            values[name] = known[name]
            filled.append(name)
    return filled


def typed_label(form: MultiDict[str, str]) -> Values:
    """What stands in the form of a container's label."""
    return {name: form.get(POSTED_AS.get(name, name), "").strip() for name in LABEL}


def label_to_send(values: Values) -> Values:
    """The form as the API takes it. Units and currency are always chosen, so they say nothing alone."""
    sent = {name: value or None for name, value in values.items()}
    for figure, unit in (("pack_size", "pack_unit"), ("price", "currency")):
        if sent[figure] is None:
            sent[unit] = None
    return sent


def errors_of(refused: Problem) -> dict[str, str]:
    """The API's sentences by field: what is wrong with the third synonym is said below the synonyms."""
    errors: dict[str, str] = {}
    for pointer, sentence in refused.by_field.items():
        errors.setdefault("/" + pointer.split("/")[1] if pointer else "", sentence)
    for unit, figure in (("/low_stock_unit", "/low_stock_amount"), ("/pack_unit", "/pack_size")):
        if unit in errors:
            errors.setdefault(figure, errors[unit])
    for name in ("signal_word", "hazards"):
        if f"/{name}" in errors:
            errors.setdefault("/pictograms", errors[f"/{name}"])
    return errors
