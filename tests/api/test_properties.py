"""A property of a chemical is declared once: the API keeps, exports and imports it, and the pages show it."""

import csv
import io
import re

import pytest

from api.chemistry.properties import FIGURES, FILLED_IN, PROPERTIES, RANGED, Choice, Figure, Property, ShortText
from api.resources.chemicals.models import ChemicalIn
from api.spreadsheets.heads import FIELDS, field_of_head
from pages.chemicals import forms
from pages.common import properties
from tests.api.test_imports import loaded
from tests.api.test_spreadsheets_rows import kinds
from tests.api.test_spreadsheets_rows import one as record_of
from tests.api.test_spreadsheets_rows import read as rows_of
from tests.installation import Installation

BOILING = next(figure for figure in FIGURES if figure.name == "boiling_point_celsius")


IN_ITS_FORM = {
    "un_number": "1203",
    "smiles": "C" + "-".join("C" * 1000),
    "inchikey": "WYURNTSHIVDZCO-UHFFFAOYSA-N",
    "sds_url": "https://example.org/" + 980 * "a",
}
"""An example of each text that has a form of its own."""


def example(one: Property, number: int) -> str:
    """A value that the property accepts; for a text, the longest."""
    if isinstance(one, Figure):
        return str(min(one.least + number, one.most))
    if isinstance(one, ShortText):
        return IN_ITS_FORM.get(one.name) or f"{one.label} {number} ".ljust(one.longest, "x")
    return list(one.choices)[-1] if isinstance(one, Choice) else ""


def values_of_all() -> dict[str, str]:
    return {one.name: example(one, number) for number, one in enumerate(PROPERTIES, 1)}


def test_the_pages_show_the_properties_of_the_api() -> None:
    def kind(one: Property) -> tuple[object, ...]:
        return (
            one.unit if isinstance(one, Figure) else "",
            one.longest if isinstance(one, ShortText) else 0,
            set(one.choices) if isinstance(one, Choice) else set(),
        )

    assert [
        (one.name, one.label, one.listed, one.looked_up, (one.unit, one.longest, set(one.choices)))
        for one in properties.PROPERTIES
    ] == [(one.name, one.label, one.listed, one.looked_up, kind(one)) for one in PROPERTIES]


def test_a_chemical_is_shown_and_edited_with_each_property(installation: Installation) -> None:
    values = values_of_all()
    made = installation.as_user("ada").post("/labs/curie/chemicals", json={"name": "Shown", **values})
    assert made.status_code == 201, made.text
    page = installation.page("chemicals", "ada")
    shown = page.soup(f"/chemicals/curie/{made.json()['id']}")
    for name, value in values.items():
        assert value.replace("-", "−", name.endswith("celsius")) in shown.text or shown.select(f'a[href="{value}"]'), (
            name
        )
    form = page.soup(f"/chemicals/curie/{made.json()['id']}/edit").select_one("form#chemical")
    assert form is not None
    written = {
        one["name"]: one.get("value") for one in form.select("input, select option[selected]") if one.get("name")
    }
    chosen = {one.parent["name"]: one["value"] for one in form.select("option[selected]") if one.parent is not None}
    assert values.items() <= (written | chosen).items()
    assert set(values) <= set(forms.LINES)


def test_the_schema_has_the_columns_and_grants(installation: Installation) -> None:
    for one in PROPERTIES:
        [[granted]] = installation.psql(
            "SELECT has_column_privilege('chemuser', 'inventory.chemicals', %s, 'INSERT') "
            "AND has_column_privilege('chemuser', 'inventory.chemicals', %s, 'UPDATE')",
            one.name,
            one.name,
        )
        assert granted, one.name


@pytest.mark.parametrize("one", [one for one in PROPERTIES if isinstance(one, ShortText)], ids=lambda one: one.name)
def test_search_looks_into_a_text_where_the_page_says_so(installation: Installation, one: ShortText) -> None:
    """The database decides what search looks into (inventory.texts_searched); pages/common/properties.py tells it to people (`searched`)."""
    ada = installation.as_user("ada")
    value = IN_ITS_FORM.get(one.name) or "Lokta 77"
    made = ada.post("/labs/curie/chemicals", json={"name": f"Found by {one.name}"})
    assert made.status_code == 201, made.text
    changed = ada.patch(f"/labs/curie/chemicals/{made.json()['id']}", json={one.name: value})
    assert changed.status_code == 200, changed.text
    found = ada.get("/labs/curie/chemicals", params={"q": re.split(r"\W", value)[0]}).json()["items"]
    shown = next(shown for shown in properties.PROPERTIES if shown.name == one.name)
    assert (f"Found by {one.name}" in [line["name"] for line in found]) == shown.searched


def test_people_write_no_other_column_of_a_chemical(installation: Installation) -> None:
    """The grants come from one list, by which an import fills the columns too."""
    granted = {
        name
        for [name] in installation.psql(
            """SELECT a.attname::text FROM pg_attribute a
                WHERE a.attrelid = 'inventory.chemicals'::regclass AND a.attnum > 0 AND NOT a.attisdropped
                  AND has_column_privilege('chemuser', a.attrelid, a.attnum, 'INSERT')"""
        )
    }
    by_an_import = {"hazards_import_id"}
    assert granted - by_an_import == set(ChemicalIn.model_fields) - {"belong_together", "version"}


@pytest.mark.parametrize("figure", RANGED, ids=lambda one: one.listed)
def test_a_ranged_figure_narrows_and_sorts_the_list(installation: Installation, figure: Figure) -> None:
    ada, word = installation.as_user("ada"), f"Ranged {figure.listed}"
    low, high = (str(figure.least + (figure.most - figure.least) / part) for part in (4, 2))
    for name, value in (("low", low), ("high", high), ("unknown", None)):
        made = ada.post("/labs/curie/chemicals", json={"name": f"{word} {name}", figure.name: value})
        assert made.status_code == 201, made.text

    def found(**asked: str) -> list[str]:
        items = ada.get("/labs/curie/chemicals", params={"q": word, **asked}).json()["items"]
        return [item["name"].rpartition(" ")[2] for item in items]

    assert found(sort=figure.listed) == ["low", "high", "unknown"]
    assert found(sort=f"-{figure.listed}") == ["high", "low", "unknown"]
    assert found(**{f"{figure.listed}_from": high}) == ["high"]
    assert found(**{f"{figure.listed}_to": low}) == ["low"]
    page = installation.page("chemicals", "ada").soup(
        f"/chemicals/curie?q={word}&{figure.listed}_from={high}&sort={figure.listed}"
    )
    assert [name.text for name in page.select("table.ct-list-chem a.name")] == [f"{word} high"]
    assert any(figure.label in chip.text for chip in page.select(".ct-chip"))


def test_a_look_up_gives_its_properties(installation: Installation) -> None:
    """A CAS RN fills in the properties that the tables of the reference have a column for, and these are said to be looked up."""
    columns = {
        name
        for [name] in installation.psql(
            "SELECT attname::text FROM pg_attribute "
            "WHERE attrelid IN ('reference.substances'::regclass, 'reference.hazard_classifications'::regclass) AND attnum > 0"
        )
    }
    assert {one.name for one in PROPERTIES if one.looked_up} == {one.name for one in PROPERTIES} & columns
    found = installation.as_user("ada").get("/labs/curie/substances/109-99-9").json()
    assert {one.name for one in PROPERTIES if one.name in found} == {one.name for one in PROPERTIES if one.looked_up}
    assert set(found["origins"]) == set(FILLED_IN) - {"cas_number"} == set(forms.TITLES) - {"hazards"}
    assert set(forms.TITLES) & columns >= {one.name for one in PROPERTIES if one.looked_up}


def test_each_property_goes_round(installation: Installation) -> None:
    """Each property is kept and exported, and another lab that imports the exported file has it."""
    ada = installation.as_user("ada")
    values = values_of_all()
    made = ada.post("/labs/curie/chemicals", json={"name": "Figured", **values})
    assert made.status_code == 201, made.text
    found = ada.get(f"/labs/curie/chemicals/{made.json()['id']}").json()
    assert {name: found[name] for name in values} == values
    told = ada.get("/labs/curie/chemicals.csv", params={"q": "Figured"}).content.decode("utf-8-sig")
    [line] = csv.DictReader(io.StringIO(told))
    assert {one.name: line[one.head] for one in PROPERTIES} == values
    assert [field_of_head(one.head) for one in PROPERTIES] == [one.name for one in PROPERTIES]
    assert all(FIELDS[one.name] == one.head for one in PROPERTIES)
    # Another lab loads the exported file: importing.sql takes the columns that people may write.
    eve = installation.as_user("eve")
    assert loaded(eve, told, "hodgkin")["chemicals"] == 1
    [listed] = eve.get("/labs/hodgkin/chemicals", params={"q": "Figured"}).json()["items"]
    there = eve.get(f"/labs/hodgkin/chemicals/{listed['id']}").json()
    assert {name: there[name] for name in values} == values


def test_each_property_is_loaded_by_an_import(installation: Installation) -> None:
    """inventory.load_these_rows takes the columns that people may write: a property whose column is not granted would be lost."""
    eve = installation.as_user("eve")
    values = values_of_all()
    file = f"Barcode,Name,{','.join(one.head for one in PROPERTIES)}\nFIG-1,Imported,{','.join(values.values())}\n"
    loaded(eve, file, lab="hodgkin")
    [line] = eve.get("/labs/hodgkin/chemicals", params={"q": "Imported"}).json()["items"]
    found = eve.get(f"/labs/hodgkin/chemicals/{line['id']}").json()
    assert {name: found[name] for name in values} == values


def outside(one: Property) -> list[str]:
    """Values that a property refuses."""
    if isinstance(one, Figure):
        return [str(one.least - 1), str(one.most + 1)]
    if isinstance(one, ShortText):
        return [example(one, 1) + "x", *(["x"] if one.hint else [])]
    return ["plasma"]


def test_each_property_has_its_bounds(installation: Installation) -> None:
    """The longest text of test_each_property_goes_round is kept; one letter more is not."""
    for one in PROPERTIES:
        for wrong in outside(one):
            answer = installation.as_user("ada").post("/labs/curie/chemicals", json={"name": "x", one.name: wrong})
            assert answer.status_code == 422
            [error] = answer.json()["errors"]
            assert error["pointer"] == f"/{one.name}"
            assert wrong != "x" or (isinstance(one, ShortText) and error["detail"] == one.hint)


@pytest.mark.parametrize(
    ("cell", "kept"),
    [("-33.3", "-33.3"), ("−33,3 °C", "-33.3"), ("66 C", "66"), ("64-66", None), ("340 K", "66.85"), ("decomposes", None),
     ("-300", None), ("151 °F", "66.11"), ("340 R", None), ("66 °C at 1 bar", None), ("66.1234", "66.1234")],
)  # fmt: skip
def test_a_cell_is_read_or_left_out_and_said(cell: str, kept: str | None) -> None:
    record = record_of("Barcode,Name,Boiling point", ["E1", "Tetrahydrofuran", cell])
    assert record.chemical is not None
    assert record.chemical.get(BOILING.name) == kept
    assert ("value_left_out" in kinds(record)) == (kept is None)


@pytest.mark.parametrize(
    ("head", "cell", "field", "kept"),
    [
        ("Storage temp", "2-8 °C", "storage_temperature", "refrigerator"),
        ("Storage Temperature", "−20°C", "storage_temperature", "freezer"),
        ("storage temperature", "-80 C", "storage_temperature", "deep freezer"),
        ("Storage temperature", "RT", "storage_temperature", "room temperature"),
        ("Storage temperature", "Store at room temperature", "storage_temperature", "room temperature"),
        ("Storage temperature", "below 30 °C", "storage_temperature", None),
        ("Storage temperature", "freezer or fridge", "storage_temperature", None),
        ("Packing Group", "PG II", "packing_group", "II"),
        ("Packaging group", "III", "packing_group", "III"),
        ("Packing group", "1", "packing_group", "I"),
        ("Packing group", "IV", "packing_group", None),
        ("UN No.", "UN1203", "un_number", "UN1203"),
        ("UN number", "1203", "un_number", "1203"),
        ("UN number", "12034", "un_number", None),
    ],
)
def test_a_cell_says_how_to_store_and_carry(head: str, cell: str, field: str, kept: str | None) -> None:
    others = {"storage_temperature": "fridge", "packing_group": "II", "un_number": "1090"}
    [record, _], _ = rows_of(
        ["Barcode", "Name", head], ["E1", "Tetrahydrofuran", cell], ["E2", "Acetone", others[field]]
    )
    assert record.chemical is not None
    assert record.chemical.get(field) == kept
    assert ("value_left_out" in kinds(record)) == (kept is None)


@pytest.mark.parametrize(
    ("head", "field"),
    [
        ("Melting Point (°C)", "melting_point_celsius"),
        ("m.p. [deg C]", "melting_point_celsius"),
        ("Boiling point", "boiling_point_celsius"),
        ("Boiling point (K)", "boiling_point_celsius"),
        ("Flash point (°F)", "flash_point_celsius"),
        ("Flash point °F", "flash_point_celsius"),
        ("Flash point in K", "flash_point_celsius"),
        ("Flash point in mL", None),
    ],
)
def test_a_head_may_name_another_unit(head: str, field: str | None) -> None:
    assert field_of_head(head) == field
