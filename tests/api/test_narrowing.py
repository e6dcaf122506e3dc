"""What is done with chosen chemicals of a narrowed list is done with those of their containers that the list showed."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from tests.installation import Installation
from tests.sql.shelf import shelf

Row = dict[str, Any]
NARROWINGS: dict[str, tuple[Row, set[str]]] = {
    # what the list is narrowed to: the containers of the chemical that it shows
    "nothing": ({}, {"fresh here", "old here", "old there", "held", "lost", "bare"}),
    "a location": ({"location": "Room"}, {"fresh here", "old here", "lost"}),
    "a flag": ({"flag": ["expired"]}, {"old here", "old there"}),
    "both": ({"location": "Room", "flag": ["expired"]}, {"old here"}),
    "a day": ({"expires_before": "soon"}, {"old here", "old there", "held"}),
    "two flags": ({"flag": ["expiring", "held"]}, {"held"}),
    "missing": ({"flag": ["missing"]}, {"lost"}),
    "days": ({"expires_within": "21"}, {"held"}),
    "an opening": ({"open_longer_than": "2"}, {"old there"}),
    "a lot": ({"lot_number": "THERE"}, {"old there"}),
    "a supplier": ({"supplier": "merck"}, {"old there"}),
    "a catalogue number": ({"catalogue_number": "82"}, {"held", "bare"}),
    "an order": ({"order_number": "47"}, {"fresh here", "old here", "old there", "held", "lost", "bare"}),
    "another order": ({"order_number": "48"}, set()),
    "a holder": ({"held_by": "ada"}, {"held"}),
    "never checked out, here": ({"checked_out": "never", "location": "Room"}, {"fresh here", "lost"}),
    "a location without any": ({"location": "Attic"}, set()),
    "a location of another lab": ({"location": "Eve's"}, set()),
}


@pytest.fixture(scope="module")
def rows(installation: Installation) -> Row:
    """A chemical of curie's with a container of each kind, and one of another chemical, by what they are called."""
    ada, eve = installation.as_user("ada"), installation.as_user("eve")
    rooms = {
        name: client.post(f"/labs/{lab}/locations", json={"kind": "room", "name": name}).json()["id"]
        for client, lab, name in ((ada, "curie", "Room"), (ada, "curie", "Attic"), (eve, "hodgkin", "Eve's"))
    }
    bench = {"kind": "shelf", "name": "Shelf", "parent_id": rooms["Room"]}
    bench_id = ada.post("/labs/curie/locations", json=bench).json()["id"]
    [[today]] = installation.psql("SELECT current_date")
    past, soon, late = (str(today + timedelta(days)) for days in (-3, 20, 400))
    chemical, other = (
        ada.post("/labs/curie/chemicals", json={"name": name}).json()["id"] for name in ("Acetone", "Sucrose")
    )
    lines = {
        "fresh here": {"location_id": rooms["Room"], "expires_on": late},
        "old here": {"location_id": bench_id, "expires_on": past},
        "old there": {"expires_on": past},
        "held": {"expires_on": soon, "catalogue_number": "A-820"},
        "lost": {"location_id": bench_id},
        "bare": {"catalogue_number": "B-82"},
    }
    sent = [{"chemical_id": chemical, "lot": lot, "pack_size": "1 L"} | line for lot, line in lines.items()]
    sent.append(
        {"chemical_id": other, "lot": "other", "pack_size": "1 kg", "location_id": bench_id, "expires_on": past}
    )
    made = ada.post("/labs/curie/deliveries", json={"lines": sent, "order_number": "4711"})
    assert made.status_code == 201, made.text
    found = {one["lot"]: one["id"] for one in ada.get("/labs/curie/containers", params={"limit": 50}).json()["items"]}
    assert ada.send_once("/labs/curie/holdings", {"container_ids": [found["held"]]}).status_code == 201
    taken = {"container_id": found["old here"], "amount": "1", "unit": "mL"}
    assert ada.send_once("/labs/curie/check-outs", {"purpose": "-", "lines": [taken]}).status_code == 201
    with shelf(installation) as on:
        on.run(
            "UPDATE inventory.containers SET opened_on = control.today() - 3, supplier = 'Merck KGaA' WHERE id = %s",
            found["old there"],
        )
        [[stocktake]] = on.run("INSERT INTO inventory.stocktakes DEFAULT VALUES RETURNING id")
        count = "INSERT INTO inventory.stocktake_counts (stocktake_id, container_id, found) VALUES (%s, %s, false)"
        on.run(count, stocktake, found["lost"])
        on.run("SELECT * FROM inventory.post_stocktake(%s)", stocktake)
    return {
        "chemical": chemical,
        "soon": str(today + timedelta(25)),
        **rooms,
        "lots": {i: lot for lot, i in found.items()},
    }


def asked(rows: Row, narrowing: Row) -> Row:
    named = {name: rows.get(value, value) if isinstance(value, str) else value for name, value in narrowing.items()}
    return {"chemical": rows["chemical"], **named}


@pytest.mark.parametrize("narrowing", NARROWINGS)
def test_each_act_takes_the_containers_for_which_the_list_was_narrowed(
    installation: Installation, rows: Row, narrowing: str
) -> None:
    filters, expected = NARROWINGS[narrowing]
    given, ada, lots = asked(rows, filters), installation.as_user("ada"), rows["lots"]
    moving = ada.get("/labs/curie/moves/new", params=given).json()["containers"]
    # A bottle that a count did not find is moved only where the list was narrowed to such bottles.
    assert {lots[one["id"]] for one in moving} == expected - (set() if narrowing == "missing" else {"lost"})
    labelled = ada.get("/labs/curie/labels/preview", params=given).json()["items"]
    assert {lots[one["id"]] for one in labelled} == expected
    file = csv.DictReader(io.StringIO(ada.get("/labs/curie/containers.csv", params=given).text.removeprefix("\ufeff")))
    assert {line["Lot"] for line in file} == expected
    marking = ada.get("/labs/curie/disposals/new", params=given).json()
    if narrowing == "nothing":
        [whole] = marking["items"]
        assert (whole["container_id"], whole["containers"], marking["in_stock"]) == (None, 6, None)
    else:
        assert {lots[one["container_id"]] for one in marking["items"]} == expected
        assert marking["in_stock"] == 6


def test_containers_that_were_chosen_one_by_one_are_exported(installation: Installation, rows: Row) -> None:
    chosen = [number for number, lot in rows["lots"].items() if lot in ("bare", "other")]
    ada = installation.as_user("ada")
    file = ada.get("/labs/curie/containers.csv", params={"container": chosen}).text.removeprefix("\ufeff")
    assert {line["Lot"] for line in csv.DictReader(io.StringIO(file))} == {"bare", "other"}
    theirs = installation.as_user("eve").get("/labs/hodgkin/containers.csv", params={"container": chosen}).text
    assert list(csv.DictReader(io.StringIO(theirs.removeprefix("\ufeff")))) == []


def test_the_page_marks_what_the_list_showed_and_says_both_numbers(installation: Installation, rows: Row) -> None:
    client = installation.page("chemicals", "ben")
    form = client.soup(f"/chemicals/curie?location={rows['Room']}&flag=expired&flag=marked&q=acetone").select_one(
        "form:has([formaction$='/disposal/curie/mark'])"
    )
    narrowed = client.soup(f"/chemicals/curie?location={rows['Room']}&flag=expired&q=acetone")
    assert form is None, "no chemical is marked"
    fields = narrowed.select("form:has([formaction$='/disposal/curie/mark']) input[type=hidden]")
    carried = {(str(field["name"]), str(field["value"])) for field in fields if field["name"] != "next"}
    assert carried == {("location", str(rows["Room"])), ("flag", "expired")}
    where = f"/disposal/curie/mark?chemical={rows['chemical']}&location={rows['Room']}&flag=expired"
    page = installation.page("disposal", "ben")
    soup = page.soup(where)
    assert "1 of 6 containers in stock" in " ".join(soup.get_text().split())
    assert page.submit(where, "form:has([name=reason])", follow=False, reason="Expired").status_code == 303
    ben = installation.as_user("ben")
    [made] = [one for one in ben.get("/labs/curie/disposals").json()["items"] if one["reason"] == "Expired"]
    assert rows["lots"][made["container_id"]] == "old here"
