"""A property of a container is declared once: the API keeps, lists, exports and imports it, and the pages show it."""

import csv
import io
import re

import pytest

from api.chemistry.properties import OF_CONTAINERS, AnyProperty, Choice, Day, Figure, ShortText
from api.spreadsheets.heads import FIELDS, field_of_head
from pages.common import properties
from tests.api.test_imports import loaded
from tests.api.test_properties import example
from tests.installation import Installation

LISTED = [one for one in OF_CONTAINERS if one.listed]


def value_of(one: AnyProperty, number: int) -> str:
    return f"2025-01-{number:02}" if isinstance(one, Day) else example(one, number)


def values_of_all() -> dict[str, str]:
    return {one.name: value_of(one, number) for number, one in enumerate(OF_CONTAINERS, 1)}


def received(installation: Installation, name: str, lab: str = "curie") -> int:
    """A container of a new chemical, of which nothing is known."""
    line = {"chemical": {"name": name}, "amount_unknown": True}
    answer = installation.as_user("ada").post(f"/labs/{lab}/deliveries", json={"lines": [line]})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["containers"][0]["id"])


def with_all(installation: Installation, name: str) -> int:
    """A container that has each property."""
    made = received(installation, name)
    answer = installation.as_user("ada").patch(f"/labs/curie/containers/{made}", json=values_of_all())
    assert answer.status_code == 200, answer.text
    return made


def test_the_pages_show_the_properties_of_the_api() -> None:
    def kind(one: AnyProperty) -> tuple[object, ...]:
        return (
            one.unit if isinstance(one, Figure) else "",
            one.longest if isinstance(one, ShortText) else 0,
            set(one.choices) if isinstance(one, Choice) else set(),
            isinstance(one, Day),
        )

    assert [
        (
            one.name,
            one.label,
            one.listed,
            one.received,
            one.of_product,
            (one.unit, one.longest, set(one.choices), one.is_day),
        )
        for one in properties.OF_CONTAINERS
    ] == [(one.name, one.label, one.listed, one.received, one.of_product, kind(one)) for one in OF_CONTAINERS]


def test_a_container_is_shown_and_edited_with_each_property(installation: Installation) -> None:
    made = with_all(installation, "Shown container")
    page = installation.page("chemicals", "ada")
    facts = page.soup(f"/chemicals/curie/containers/{made}").text
    form = page.soup(f"/chemicals/curie/containers/{made}/edit")
    for one in OF_CONTAINERS:
        value = value_of(one, OF_CONTAINERS.index(one) + 1)
        assert one.label in facts
        assert (f"{int(value[-2:])} January 2025" if isinstance(one, Day) else value.strip()) in facts, one.name
        [field] = form.select(f"[name={one.name}]")
        chosen = field.select_one("option[selected]")
        assert (chosen or field)["value"] == value.strip()


def test_a_chemicals_page_has_a_column_for_each_listed_property(installation: Installation) -> None:
    made = with_all(installation, "Columns of containers")
    ada = installation.as_user("ada")
    chemical = ada.get(f"/labs/curie/containers/{made}").json()["chemical_id"]
    table = installation.page("chemicals", "ada").soup(f"/chemicals/curie/{chemical}").select_one("table.k2")
    assert table is not None
    heads = [head.text for head in table.select("th")]
    assert [one.label for one in LISTED] == heads[4:-1]
    assert all(len(row.select("td")) == len(heads) for row in table.select("tbody tr"))


def test_a_delivery_asks_for_each_received_property(installation: Installation) -> None:
    ada = installation.as_user("ada")
    values = {one.name: value for one in OF_CONTAINERS if one.received and (value := values_of_all()[one.name])}
    line = {"chemical": {"name": "Received with all"}, "amount_unknown": True, **values}
    answer = ada.post("/labs/curie/deliveries", json={"lines": [line]})
    assert answer.status_code == 201, answer.text
    made = ada.get(f"/labs/curie/containers/{answer.json()['containers'][0]['id']}").json()
    assert {name: made[name] for name in values} == {name: value.strip() for name, value in values.items()}
    page = installation.page("checkin", "ada")
    form = page.soup(f"/checkin/curie?chemical={made['chemical_id']}")
    assert {str(one["name"]).removeprefix("lines-0-") for one in form.select("[name^=lines-0-]")} >= set(values)
    # The next pack of the same product is offered with what all packs of it have in common.
    for one in OF_CONTAINERS:
        if one.received:
            [field] = form.select(f"[name=lines-0-{one.name}]")
            assert (field.get("value") or "") == (values[one.name].strip() if one.of_product else "")


def test_the_list_is_sorted_by_each_listed_property(installation: Installation) -> None:
    ada = installation.as_user("ada")
    made = {word: received(installation, f"Sorted {word}") for word in ("low", "high", "unknown")}
    for one in LISTED:
        low, high = sorted((value_of(one, 3), value_of(one, 7)))
        for word, value in (("low", low), ("high", high)):
            assert ada.patch(f"/labs/curie/containers/{made[word]}", json={one.name: value}).status_code == 200
        found: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            page = ada.get(
                "/labs/curie/containers", params={"q": "Sorted", "sort": one.listed, "limit": 1, "cursor": cursor}
            ).json()
            found += [item["chemical_name"] for item in page["items"]]
            cursor = page["next"]
        assert found == ["Sorted low", "Sorted high", "Sorted unknown"], one.name


@pytest.mark.parametrize("one", [one for one in OF_CONTAINERS if isinstance(one, ShortText)], ids=lambda one: one.name)
def test_search_looks_into_a_text_where_the_page_says_so(installation: Installation, one: ShortText) -> None:
    """The database decides what search looks into (inventory.texts_searched); pages/common/properties.py tells it to people (`searched`)."""
    ada = installation.as_user("ada")
    made = received(installation, f"Container found by {one.name}")
    assert ada.patch(f"/labs/curie/containers/{made}", json={one.name: "Zyx 88"}).status_code == 200
    found = ada.get("/labs/curie/chemicals", params={"q": "zyx"}).json()["items"]
    shown = next(shown for shown in properties.OF_CONTAINERS if shown.name == one.name)
    assert (f"Container found by {one.name}" in [line["name"] for line in found]) == shown.searched


def test_each_property_goes_round(installation: Installation) -> None:
    """Each property is exported, and another lab that imports the exported file has it; the same file again asks about each change."""
    ada, eve = installation.as_user("ada"), installation.as_user("eve")
    made = with_all(installation, "Goes round")
    told = ada.get("/labs/curie/containers.csv", params={"container": made}).content.decode("utf-8-sig")
    [line] = csv.DictReader(io.StringIO(told))
    values = {name: value.strip() for name, value in values_of_all().items()}
    assert {one.name: line[one.head] for one in OF_CONTAINERS} == values
    assert [field_of_head(one.head) for one in OF_CONTAINERS] == [one.name for one in OF_CONTAINERS]
    assert all(FIELDS[one.name] == one.head for one in OF_CONTAINERS)
    assert loaded(eve, told, "hodgkin")["containers"] == 1
    there = eve.get(f"/labs/hodgkin/containers/by-barcode/{line['Barcode']}").json()
    assert {name: there[name] for name in values} == values


def test_people_write_these_columns_of_a_container_and_no_other(installation: Installation) -> None:
    changed = {
        name
        for [name] in installation.psql(
            """SELECT a.attname::text FROM pg_attribute a
                WHERE a.attrelid = 'inventory.containers'::regclass AND a.attnum > 0 AND NOT a.attisdropped
                  AND has_column_privilege('chemuser', a.attrelid, a.attnum, 'UPDATE')"""
        )
    }
    with_rules = {"pack_size", "pack_unit", "price", "currency", "notes", "location_id", "holder_id", "extended_on"}
    assert changed == {one.name for one in OF_CONTAINERS} | with_rules


def test_each_property_has_its_bounds(installation: Installation) -> None:
    ada = installation.as_user("ada")
    made = received(installation, "Bounded")
    for one in OF_CONTAINERS:
        wrong = "1850-01-01" if isinstance(one, Day) else example(one, 1) + "x"
        answer = ada.patch(f"/labs/curie/containers/{made}", json={one.name: wrong})
        assert answer.status_code == 422, one.name
        assert [error["pointer"] for error in answer.json()["errors"]] == [f"/{one.name}"]
        assert re.search(r"[a-z]", answer.json()["errors"][0]["detail"])
