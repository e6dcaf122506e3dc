"""The orders of the list of chemicals: numbers by their size, locations and names as people count them, unknown last in both directions."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest

from api.resources.chemicals.queries import SORTS, Search
from tests.installation import Installation, PageClient, words
from tests.sql.shelf import Shelf, shelf

DAY = "UPDATE inventory.containers SET {} = control.today() {:+d} WHERE id = %s"
UNKNOWN = {"A nothing", "Z nothing"}
"""Two chemicals, first and last by name, without a container and without any other field."""
ORDERS = {
    "name": ["A nothing", "Box 2", "Box 10", "Drum", "Flask", "Held jar", "Jug", "Z nothing"],
    "cas_number": ["Box 10", "Box 2", "Drum"],
    "molar_mass": ["Box 10", "Box 2", "Drum"],
    "state": ["Flask", "Box 2", "Drum"],
    "density": ["Box 2", "Box 10", "Drum"],
    "melting_point": ["Box 10", "Drum", "Box 2"],
    "boiling_point": ["Drum", "Box 10"],
    "flash_point": ["Box 2", "Box 10", "Drum"],
    "storage_temperature": ["Drum", "Box 10", "Box 2"],
    "un_number": ["Box 10", "Box 2", "Drum"],
    "packing_group": ["Drum", "Box 2", "Box 10"],
    "storage_class": ["Box 2", "Drum", "Box 10"],
    "hazards": ["Drum", "Box 10", "Box 2", "Flask"],
    # Chemicals with nothing in stock come first, then masses, then volumes. The jug's amount is unknown.
    "stock": ["A nothing", "Z nothing", "Held jar", "Box 2", "Box 10", "Flask", "Drum"],
    "containers": ["A nothing", "Z nothing", "Box 2", "Box 10", "Drum", "Flask", "Held jar", "Jug"],
    "location": ["Drum", "Box 2", "Box 10"],
    "expiry": ["Flask", "Box 10", "Box 2"],
    "attention": ["Flask", "Drum", "Held jar", "Box 10", "Jug"],
}
"""Order → names of chemicals, lowest first, without those whose value is unknown. Names with equal values are in the order of their ids."""


@pytest.fixture(scope="module", autouse=True)
def chemicals(installation: Installation) -> None:
    with shelf(installation) as on:
        on.run("INSERT INTO inventory.chemicals (name) VALUES ('A nothing')")
        on.run("INSERT INTO inventory.chemicals (name) VALUES ('Z nothing')")
        make(on)


def make(on: Shelf) -> None:
    made = {
        name: on.add_container(amount, unit, name)
        for name, amount, unit in (
            ("Box 2", "900", "g"),
            ("Box 10", "1", "kg"),
            ("Drum", "2", "L"),
            ("Flask", "100", "mL"),
            ("Held jar", "5", "mg"),
            ("Jug", None, None),
        )
    }
    for name in ("Shelf 10", "Shelf 2", "Annex"):
        on.run("INSERT INTO inventory.locations (kind, name) VALUES ('shelf', %s)", name)
    for name, where in (("Box 2", "Shelf 2"), ("Box 10", "Shelf 10"), ("Drum", "Annex")):
        on.run(
            "UPDATE inventory.containers SET location_id = (SELECT id FROM inventory.locations WHERE name = %s) WHERE id = %s",
            where,
            made[name],
        )
    for name, column, days in (
        ("Flask", "expires_on", -1),
        ("Box 10", "expires_on", 30),
        ("Box 2", "expires_on", 900),
        ("Jug", "opened_on", -180),
    ):
        on.run(DAY.format(column, days), made[name])
    on.run("UPDATE inventory.containers SET holder_id = control.user_id() WHERE id = %s", made["Held jar"])
    for name, fields in (
        ("Box 10", {"storage_temperature": "freezer", "un_number": "1090", "packing_group": "III", "melting_point_celsius": -90, "boiling_point_celsius": 100.5, "flash_point_celsius": -9, "density_g_per_ml": 9.5}),
        ("Box 2", {"storage_temperature": "refrigerator", "un_number": "1203", "packing_group": "II", "melting_point_celsius": 0, "flash_point_celsius": -10, "density_g_per_ml": 0.9}),
        ("Drum", {"storage_temperature": "cool", "un_number": "2014", "packing_group": "I", "melting_point_celsius": -9.5, "boiling_point_celsius": 20, "flash_point_celsius": 100, "density_g_per_ml": 10}),
        ("Box 10", {"storage_class": "10–13", "cas_number": "60-29-7", "molar_mass_g_per_mol": 9.5, "pictograms": ["GHS07"], "signal_word": "Warning"}),
        ("Box 2", {"storage_class": "3", "cas_number": "1310-73-2", "molar_mass_g_per_mol": 40, "physical_state": "liquid", "pictograms": ["GHS09"]}),
        ("Drum", {"storage_class": "8A", "cas_number": "7732-18-5", "molar_mass_g_per_mol": 1800.5, "physical_state": "solid", "pictograms": ["GHS02"], "signal_word": "Danger"}),
        ("Flask", {"physical_state": "gas", "pictograms": []}),
        ("Held jar", {"low_stock_amount": 1, "low_stock_unit": "g"}),
    ):  # fmt: skip
        columns = ", ".join(f"{column} = %s" for column in fields)
        on.run(f"UPDATE inventory.chemicals SET {columns} WHERE name = %s", *fields.values(), name)
    on.run(
        "INSERT INTO inventory.disposals (chemical_id, reason) SELECT id, 'old' FROM inventory.chemicals WHERE name = 'Drum'"
    )


def page(installation: Installation, **search: Any) -> dict[str, Any]:
    answer = installation.as_user("ada").get("/labs/curie/chemicals", params=search)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def walk(installation: Installation, **search: Any) -> Iterator[dict[str, Any]]:
    """The lines page by page."""
    cursor: str | None = ""
    while cursor is not None:
        found = page(installation, cursor=cursor, **search)
        yield from found["items"]
        cursor = found["next"]


def test_each_order_of_the_api_is_tried() -> None:
    offered = get_args(Search.model_fields["sort"].annotation)
    assert set(offered) == {sign + name for name in SORTS for sign in ("", "-")}
    assert SORTS.keys() - {"plain_name"} == ORDERS.keys()


@pytest.mark.parametrize("search", [{}, {"chemical": "all"}], ids=["listed", "found"])
@pytest.mark.parametrize("sort", ORDERS)
def test_known_ones_come_in_order_and_unknown_ones_last_in_both_directions(
    installation: Installation, sort: str, search: dict[str, Any]
) -> None:
    if search:
        search = {"chemical": [line["id"] for line in page(installation)["items"]]}
    for direction in ("", "-"):
        names = [line["name"] for line in page(installation, sort=direction + sort, **search)["items"]]
        known = [name for name in names if name in ORDERS[sort]]
        assert names[: len(known)] == known, "unknown ones last"
        assert known == (ORDERS[sort][::-1] if direction else ORDERS[sort])


@pytest.mark.parametrize("sort", [sign + name for name in SORTS for sign in ("", "-")])
def test_pages_forwards_and_backwards_are_the_same_list(installation: Installation, sort: str) -> None:
    everything = [line["id"] for line in page(installation, sort=sort)["items"]]
    assert [line["id"] for line in walk(installation, sort=sort, limit=1)] == everything
    assert [line["id"] for line in walk(installation, sort=sort, limit=3)] == everything
    back, found = [], page(installation, sort=sort, limit=len(everything) - 1)
    found = page(installation, sort=sort, limit=1, cursor=found["next"])
    while True:
        back += [line["id"] for line in found["items"]]
        if found["previous"] is None:
            break
        found = page(installation, sort=sort, limit=1, cursor=found["previous"])
    assert back == everything[::-1]


def test_a_page_goes_on_behind_a_long_name_in_any_script(installation: Installation) -> None:
    with shelf(installation, "eve", "hodgkin") as on:
        for sign in "試験":
            on.run("INSERT INTO inventory.chemicals (name) VALUES (%s)", sign * 300)
    eve = installation.as_user("eve")
    first = eve.get("/labs/hodgkin/chemicals", params={"limit": 1}).json()
    second = eve.get("/labs/hodgkin/chemicals", params={"limit": 1, "cursor": first["next"]})
    assert second.status_code == 200, second.text
    assert [line["name"][0] for line in first["items"] + second.json()["items"]] in (["試", "験"], ["験", "試"])


def test_the_list_shows_each_column_and_sorts_by_it(installation: Installation) -> None:
    client: PageClient = installation.page("chemicals", "cleo")
    for sort in ORDERS:
        soup = client.soup(f"/chemicals/curie?sort={sort}")
        head = soup.select_one("th[aria-sort=ascending] a")
        assert head, sort
        assert f"sort=-{sort}" in str(head["href"])
        names = [str(link.text) for link in soup.select("#results tbody a.name")]
        assert [name for name in names if name in ORDERS[sort]] == ORDERS[sort]
        assert words(soup.select_one("#sort option[selected]"))


def test_attention_is_sorted_as_its_badges_are_urgent(installation: Installation) -> None:
    soup = installation.page("chemicals", "cleo").soup("/chemicals/curie?sort=attention")
    badges = [words(badge) for badge in soup.select("#results td.p3 .ct-badge")]
    assert [badge.split()[0] for badge in badges] == ["Expired", "Marked", "Low", "in", "Open"]
