"""The page Home: things that need attention, the latest movements and figures for the plots; of one lab alone."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from tests.installation import Installation
from tests.sql.shelf import Shelf, shelf


@pytest.fixture
def ada(installation: Installation) -> Iterator[Shelf]:
    with shelf(installation) as on:
        yield on


def summary(installation: Installation, who: str = "ada", lab: str = "curie") -> dict[str, Any]:
    answer = installation.as_user(who).get(f"/labs/{lab}/summary")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def counts(installation: Installation, who: str = "ada", lab: str = "curie") -> dict[str, int]:
    answer = installation.as_user(who).get(f"/labs/{lab}/summary/counts")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def ids(items: list[dict[str, Any]], name: str = "id") -> list[int]:
    return [item[name] for item in items]


def test_a_new_lab_has_nothing_and_says_so(installation: Installation) -> None:
    found = summary(installation, "eve", "hodgkin")
    assert set(found["totals"].values()) == {0}
    assert len(found["weeks"]) == 10
    assert all((week["taken"], week["came"]) == (0, 0) for week in found["weeks"])
    assert [found[name] for name in ("expiring", "low", "mine", "due", "stocktakes", "movements", "drift")] == [[]] * 7
    assert counts(installation, "eve", "hodgkin") == {"reconcile": 0, "disposal": 0}


def test_expired_and_expiring_containers_come_earliest_first(installation: Installation, ada: Shelf) -> None:
    today = date.fromisoformat(summary(installation)["today"])
    containers = {}
    for days in (-5, 0, 30, 31):
        containers[days] = ada.add_container(name=f"Expires in {days}")
        ada.run(
            "UPDATE inventory.containers SET expires_on = %s WHERE id = %s", today + timedelta(days), containers[days]
        )
    marked = ada.add_container(name="Marked already")
    ada.run("UPDATE inventory.containers SET expires_on = '2020-01-01' WHERE id = %s", marked)
    ada.run(
        "INSERT INTO inventory.disposals (chemical_id, container_id, reason) SELECT chemical_id, id, 'old' FROM inventory.containers WHERE id = %s",
        marked,
    )
    found = summary(installation)
    assert ids(found["expiring"]) == [containers[days] for days in (-5, 0, 30)]
    assert (found["totals"]["expired"], found["totals"]["expiring"], found["totals"]["marked"]) == (2, 2, 1)
    assert counts(installation)["disposal"] == 1


def test_a_chemical_below_its_limit_is_low_whatever_its_units(installation: Installation, ada: Shelf) -> None:
    low, enough, unknown = (ada.add_container("7.6", "L", name=f"Solvent {number}") for number in range(3))
    for container, limit, unit in ((low, "10000", "mL"), (enough, "5", "L"), (unknown, "10", "L")):
        ada.run(
            "UPDATE inventory.chemicals SET low_stock_amount = %s, low_stock_unit = %s WHERE id = (SELECT chemical_id FROM inventory.containers WHERE id = %s)",
            limit,
            unit,
            container,
        )
    # If the amount of one container is not known, nobody can say whether the chemical is low.
    [[other]] = ada.run(
        "INSERT INTO inventory.containers (chemical_id) SELECT chemical_id FROM inventory.containers WHERE id = %s RETURNING id",
        unknown,
    )
    ada.post(other, "receive")
    ada.post(low, "check_out", "100", "mL")
    [item] = summary(installation)["low"]
    assert (item["name"], item["amount"], item["limit_amount"], item["unit"]) == ("Solvent 0", "7500", "10000", "mL")
    assert (item["containers"], item["check_outs"]) == (1, 1)
    assert summary(installation)["totals"]["unknown"] == 1


def test_bottles_are_shown_to_who_has_them_and_those_of_people_who_left_to_all(
    installation: Installation, ada: Shelf
) -> None:
    with shelf(installation, "ben") as ben:
        bottle = ben.add_container(name="Held")
        ben.run("UPDATE inventory.containers SET holder_id = control.user_id() WHERE id = %s", bottle)
    assert ids(summary(installation, "ben")["mine"]) == [bottle]
    assert summary(installation, "ada")["mine"] == []
    end = "UPDATE control.members SET ended_at = {} WHERE user_id = (SELECT id FROM control.users WHERE username = 'ben') AND lab_id = %s"
    installation.psql(end.format("now()"), installation.lab_id("curie"))
    found = summary(installation, "ada")
    installation.psql(end.format("NULL"), installation.lab_id("curie"))
    assert ids(found["left_behind"]) == [bottle]
    assert found["left_behind"][0]["holder"] == "Ben Okoro"
    assert found["totals"]["left_behind"] == 1


def test_stocktakes_due_locations_and_drift(installation: Installation, ada: Shelf) -> None:
    [[location]] = ada.run(
        "INSERT INTO inventory.locations (kind, name, count_period_days) VALUES ('room', 'Room 2.14', 30) RETURNING id"
    )
    there = [ada.add_container("100", name=f"In the room {number}") for number in range(3)]
    ada.run("UPDATE inventory.containers SET location_id = %s WHERE id = ANY (%s)", location, there)
    assert ids(summary(installation)["due"]) == [location]
    [[stocktake]] = ada.run("INSERT INTO inventory.stocktakes (location_id) VALUES (%s) RETURNING id", location)
    ada.run(
        "INSERT INTO inventory.stocktake_counts (stocktake_id, container_id, found, counted, counted_unit) VALUES (%s, %s, true, 100, 'g')",
        stocktake,
        there[0],
    )
    with shelf(installation, "ben") as ben:
        ben.run(
            "INSERT INTO inventory.stocktake_counts (stocktake_id, container_id, found, counted, counted_unit) VALUES (%s, %s, true, 50, 'g')",
            stocktake,
            there[1],
        )
    [item] = summary(installation)["stocktakes"]
    assert (item["location"], item["total"], item["counted"], item["off"]) == ("Room 2.14", 3, 2, 1)
    assert item["counters"] == [{"name": "Ada Lind", "counted": 1}, {"name": "Ben Okoro", "counted": 1}]
    assert counts(installation)["reconcile"] == 2
    ada.run(
        "INSERT INTO inventory.stocktake_counts (stocktake_id, container_id, found) VALUES (%s, %s, false)",
        stocktake,
        there[2],
    )
    ada.run("SELECT inventory.post_stocktake(%s)", stocktake)
    found = summary(installation)
    assert (found["stocktakes"], found["due"]) == ([], [])
    assert [(item["location"], item["counted"], item["off"]) for item in found["drift"]] == [("Room 2.14", 3, 2)]
    assert ids(found["missing"]) == [there[2]]
    assert found["totals"]["missing"] == 1


def test_weeks_count_containers_not_lines_and_begin_on_monday(installation: Installation, ada: Shelf) -> None:
    before = summary(installation)["weeks"][-1]
    first, second = ada.add_container(name="One of the week"), ada.add_container(name="Another of the week")
    for container in (first, first, second):
        taken, *_ = ada.post(container, "check_out", "1")
    ada.post(second, "return", "1", refers_to=taken)
    weeks = summary(installation)["weeks"]
    assert weeks[-1]["taken"] - before["taken"] == 2
    assert weeks[-1]["came"] - before["came"] == 1
    assert {date.fromisoformat(week["monday"]).weekday() for week in weeks} == {0}


def test_recent_movements_are_the_latest_of_ledger_and_transfers(installation: Installation, ada: Shelf) -> None:
    container = ada.add_container(name="Just moved")
    ada.post(container, "check_out", "1")
    ada.run("UPDATE inventory.containers SET holder_id = control.user_id() WHERE id = %s", container)
    ada.run("UPDATE inventory.containers SET holder_id = NULL WHERE id = %s", container)
    assert [item["kind"] for item in summary(installation)["movements"]][:4] == [
        "bring_back",
        "take",
        "check_out",
        "receive",
    ]


def test_a_viewer_looks_and_a_stranger_sees_nothing(installation: Installation) -> None:
    assert summary(installation, "cleo")["totals"]["chemicals"] > 0
    for who in ("eve", "root"):
        for path in ("/labs/curie/summary", "/labs/curie/summary/counts"):
            assert installation.as_user(who).get(path).status_code == 404
    assert set(summary(installation, "eve", "hodgkin")["totals"].values()) == {0}
