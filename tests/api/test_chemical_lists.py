"""The list of chemicals: stock, flags, facets, scanning, and the list as a file."""

import csv
import io
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from api.resources.chemicals.lists import ChemicalList
from tests.installation import Installation
from tests.sql.shelf import Shelf, shelf

RECEIVE = "SELECT container_id FROM inventory.receive('{}', %s)"
TODAY = "(SELECT control.today() + %s)::text"


def receive(on: Shelf, chemical: dict[str, Any], *containers: tuple[str, str | None, str, dict[str, Any]]) -> None:
    """A new chemical with its containers: (barcode, amount, unit, further columns)."""
    [[made]] = on.run("SELECT inventory.insert_row('inventory.chemicals', %s)", Jsonb(chemical))
    for barcode, amount, unit, fields in containers:
        line = {"chemical_id": made, "count": 1, "barcodes": [barcode], "amount": amount, "unit": unit}
        on.run(RECEIVE, Jsonb([line | {"container": {"unit": unit, **fields}}]))


@pytest.fixture(scope="module", autouse=True)
def locations(installation: Installation) -> dict[str, int]:
    with shelf(installation) as on:
        location = "INSERT INTO inventory.locations (parent_id, kind, name) VALUES (%s, %s, %s) RETURNING id"
        [[building]] = on.run(location, None, "building", "Science 2")
        [[room]] = on.run(location, building, "room", "Room 2.14")
        [[store]] = on.run(location, None, "room", "Stores")
        days = {number: on.run(f"SELECT {TODAY}", number)[0][0] for number in (-400, -1, 0, 12, 30, 31, 400)}
        there, far = {"location_id": room, "expires_on": days[400]}, {"location_id": store}
        receive(
            on,
            {
                "name": "Acetone",
                "physical_state": "liquid",
                "low_stock_amount": "5",
                "low_stock_unit": "L",
                "pictograms": ["GHS02"],
            },
            ("A-1", "2.5", "L", there),
            ("A-2", "500", "mL", far),
        )
        receive(
            on,
            {"name": "Brine", "physical_state": "liquid", "pictograms": []},
            ("B-1", "1", "L", there | {"expires_on": days[12], "opened_on": days[-400]}),
            ("B-2", None, "L", there),
        )
        receive(
            on, {"name": "Copper foil", "physical_state": "solid"}, ("C-1", "20", "g", far | {"expires_on": days[-1]})
        )
        receive(
            on,
            {"name": "Dry ice", "pictograms": [], "h_statements": ["EUH019"]},
            ("D-1", "1", "kg", far | {"expires_on": days[0]}),
        )
        receive(
            on,
            {"name": "=1+1 epoxide", "supplier": "@home"},
            ("E-1", "1", "g", far | {"expires_on": days[31], "notes": "-2"}),
        )
        on.run("INSERT INTO inventory.chemicals (name) VALUES ('Fluorescein')")
        on.run(
            "INSERT INTO inventory.disposals (chemical_id, reason) SELECT id, 'old' FROM inventory.chemicals WHERE name = 'Copper foil'"
        )
        [[gone]] = on.run("SELECT id FROM inventory.containers WHERE barcode = 'D-1'")
        receive(on, {"name": "Gone"}, ("G-1", "1", "g", far))
        [[gone]] = on.run("SELECT id FROM inventory.containers WHERE barcode = 'G-1'")
        on.post(gone, "dispose")
    with shelf(installation, "eve", "hodgkin") as on:
        receive(on, {"name": "Lysozyme"}, ("A-1", "50", "mg", {}))
    return {"building": building, "room": room, "store": store}


def listed(installation: Installation, who: str = "ada", lab: str = "curie", **search: Any) -> dict[str, Any]:
    answer = installation.as_user(who).get(f"/labs/{lab}/chemicals", params=search)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def names(found: dict[str, Any]) -> list[str]:
    return [item["name"] for item in found["items"]]


def item(installation: Installation, name: str) -> dict[str, Any]:
    return next(line for line in listed(installation)["items"] if line["name"] == name)


def test_a_line_sums_up_what_is_in_stock(installation: Installation) -> None:
    acetone = item(installation, "Acetone")
    assert (acetone["totals"], acetone["containers"]) == ([{"amount": "3", "unit": "L"}], 2)
    assert (acetone["location"], acetone["locations"], acetone["low"]) == (None, 2, True)
    brine = item(installation, "Brine")
    assert (brine["totals"], brine["unknown_amounts"]) == ([{"amount": "1", "unit": "L"}], 1)
    assert brine["location"] == "Science 2 › Room 2.14"
    assert brine["earliest_opened"] < brine["earliest_expiry"]
    assert item(installation, "Gone")["containers"] == 0
    assert item(installation, "Copper foil")["marked"] is True


def test_what_the_database_writes_is_what_the_model_says(installation: Installation, locations: dict[str, int]) -> None:
    for search in (
        {"limit": 3},
        {"q": "A-1", "facets": True, "location": locations["room"]},
        {"q": "nothing is called this"},
    ):
        body = listed(installation, **search)
        assert body == ChemicalList.model_validate(body).model_dump(mode="json")


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ({"flag": "low"}, ["Acetone"]),
        ({"flag": "marked"}, ["Copper foil"]),
        ({"flag": "expired"}, ["Copper foil"]),
        ({"flag": "expiring"}, ["Brine", "Dry ice"]),
        ({"hazard": "unknown"}, ["Copper foil", "=1+1 epoxide", "Fluorescein", "Gone"]),
        ({"hazard": "none"}, ["Brine"]),  # not Dry ice: it has a statement
        ({"state": ["solid", "liquid"]}, ["Acetone", "Brine", "Copper foil"]),
        ({"molar_mass_from": "", "molar_mass_to": " ", "location": "", "expires_before": ""}, None),
    ],
)
def test_flags_and_states_narrow_the_list(
    installation: Installation, search: dict[str, Any], found: list[str] | None
) -> None:
    everything = listed(installation)
    assert names(listed(installation, **search)) == (names(everything) if found is None else found)


def test_a_location_has_all_below_it(installation: Installation, locations: dict[str, int]) -> None:
    here = listed(installation, location=locations["building"])
    assert names(here) == ["Acetone", "Brine"]
    assert here["location"]["full_name"] == "Science 2"
    assert names(listed(installation, location=locations["store"])) == [
        "Acetone",
        "Copper foil",
        "Dry ice",
        "=1+1 epoxide",
    ]


def test_the_total_counts_all_pages(installation: Installation) -> None:
    first = listed(installation, limit=2)
    assert (len(first["items"]), first["total"]) == (2, 7)
    assert listed(installation, limit=2, cursor=first["next"])["total"] == 7
    assert listed(installation, q="nothing")["total"] == 0
    assert listed(installation, q="oam", facets=False)["total"] == 0
    assert listed(installation, q="ceton")["total"] == 1  # found inside the name


def facets(installation: Installation, who: str = "ada", lab: str = "curie", **search: Any) -> dict[str, Any]:
    return dict(listed(installation, who, lab, facets=True, **search)["facets"])


def test_facets_count_the_list(installation: Installation, locations: dict[str, int]) -> None:
    whole = facets(installation)
    assert whole["chemicals"] == 7
    assert whole["flags"] == {
        "low": 1,
        "expiring": 2,
        "expired": 1,
        "marked": 1,
        "held": 0,
        "missing": 0,
        "peroxides": 0,
        "restricted": 0,
    }
    assert whole["states"] == {"solid": 1, "liquid": 2, "gas": 0}
    assert {location["name"]: location["chemicals"] for location in whole["locations"]} == {
        "Science 2": 2,
        "Room 2.14": 2,
        "Stores": 4,
    }
    assert listed(installation)["facets"] is None
    hodgkin = facets(installation, "eve", "hodgkin")
    assert (hodgkin["chemicals"], hodgkin["locations"]) == (1, [])


@pytest.mark.parametrize(
    "search",
    [
        {"q": "acetone"},
        {"q": "nothing is called this"},
        {"state": "liquid"},
        {"flag": "expiring"},
        {"hazard": "none"},
        {"location": "room"},
        {"location": "store", "state": ["liquid", "solid"], "flag": "expired"},
        {"molar_mass_from": "1"},
        {"retired": "true"},
    ],
    ids=str,
)
def test_a_facet_counts_what_is_left_when_it_is_chosen(
    installation: Installation, locations: dict[str, int], search: dict[str, Any]
) -> None:
    if "location" in search:
        search = search | {"location": locations[search["location"]]}
    counted = facets(installation, **search)
    flags = [search["flag"]] if "flag" in search else []
    left = {
        "states": {state: listed(installation, **search | {"state": state})["total"] for state in counted["states"]},
        "flags": {
            flag: listed(installation, **search | {"flag": [*flags, flag]})["total"] for flag in counted["flags"]
        },
        "locations": {
            location["id"]: listed(installation, **search | {"location": location["id"]})["total"]
            for location in counted["locations"]
        },
        "chemicals": listed(installation, **search | {"location": ""})["total"],
    }
    assert left == counted | {"locations": {location["id"]: location["chemicals"] for location in counted["locations"]}}


def test_a_scanned_barcode_is_said(installation: Installation) -> None:
    assert listed(installation, q="a-1")["container"]["chemical_name"] == "Acetone"
    assert listed(installation, q="A-")["container"] is None
    assert listed(installation, "eve", "hodgkin", q="A-2")["container"] is None


def test_another_labs_location_finds_nothing(installation: Installation, locations: dict[str, int]) -> None:
    found = listed(installation, "eve", "hodgkin", location=locations["room"])
    assert (found["items"], found["location"]) == ([], None)


def download(installation: Installation, path: str, who: str = "ada", lab: str = "curie") -> list[dict[str, str]]:
    answer = installation.as_user(who).get(f"/labs/{lab}/{path}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["X-Chemtrack-Member"]
    assert "attachment" in answer.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_list_is_a_file_in_which_no_formula_runs(installation: Installation) -> None:
    lines = download(installation, "chemicals.csv")
    assert [line["Name"].removeprefix("'") for line in lines] == names(listed(installation))
    epoxide, acetone = lines[4], lines[0]
    assert epoxide["Name"] == "'=1+1 epoxide"
    assert epoxide["Supplier"] == "'@home"
    assert epoxide["Pictograms"] == "not known"
    assert (acetone["In stock"], acetone["Location"], acetone["Low"]) == ("3 L", "2 locations", "yes")
    assert download(installation, "chemicals.csv?flag=low")[0]["Name"] == "Acetone"
    assert [line["Name"] for line in download(installation, "chemicals.csv?q=ceton")] == ["Acetone"]
    assert download(installation, "chemicals.csv?q=nothing") == []


def test_containers_are_a_file_too(installation: Installation, locations: dict[str, int]) -> None:
    lines = download(installation, "containers.csv")
    assert [line["Barcode"] for line in lines] == ["A-1", "A-2", "B-1", "B-2", "C-1", "D-1", "E-1"]
    assert lines[6]["Notes"] == "'-2"
    assert (lines[3]["Amount"], lines[3]["Unit"]) == ("unknown", "L")
    assert [
        line["Barcode"] for line in download(installation, f"containers.csv?location={locations['room']}&flag=low")
    ] == ["A-1"]
    assert [line["Barcode"] for line in download(installation, "containers.csv", "eve", "hodgkin")] == ["A-1"]


def test_files_are_read_in_pages(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.resources.chemicals.files.EXPORT_PAGE", 2)
    assert len(download(installation, "chemicals.csv")) == 7
    assert len(download(installation, "containers.csv")) == 7


@pytest.mark.parametrize("path", ["chemicals.csv", "containers.csv"])
def test_a_stranger_gets_no_file(installation: Installation, path: str) -> None:
    for who in ("eve", "root"):
        assert installation.as_user(who).get(f"/labs/curie/{path}").status_code == 404
    assert installation.as_user("ada").get(f"/labs/curie/{path}?state=plasma").status_code == 422


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        f"chemical={2**63}",
        "h_code=x",
        "flag=x",
        "molar_mass_from=1,5",
        f"location={2**64}",
        "expires_before=20260101",
    ],
)
def test_a_senseless_search_is_refused(installation: Installation, query: str) -> None:
    assert installation.as_user("ada").get(f"/labs/curie/chemicals?{query}").status_code in (200, 422)
    assert installation.as_user("ada").get(f"/labs/curie/chemicals?{query}").status_code == 422 or query == "q=%00"
