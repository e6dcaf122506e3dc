"""Stocktakes of a part of what stands there, blind stocktakes, and the tolerance of a lab."""

from typing import Any

import pytest

from tests.api.test_stocktakes import Stocktake, add_location, container, stand
from tests.installation import Installation
from tests.sql.shelf import shelf


def start(installation: Installation, room: int | None, user: str = "ben", **how: Any) -> Any:
    return installation.as_user(user).post("/labs/curie/stocktakes", json={"location_id": room, **how})


def started(installation: Installation, room: int | None, user: str = "ben", **how: Any) -> Stocktake:
    answer = start(installation, room, user, **how)
    assert answer.status_code == 201, answer.text
    return Stocktake.of(installation, answer.json()["id"], user)


def count_days_ago(installation: Installation, number: int, days: int) -> None:
    moment = "now() - make_interval(days => %s)"
    change = f"UPDATE inventory.containers SET last_counted_at = {moment} WHERE id = %s"
    installation.psql(change, days, number, lab="curie")


def refused_at(answer: Any) -> list[str]:
    """The fields at which an answer has a sentence."""
    return [error["pointer"] for error in answer.json()["errors"]]


def expected(stocktake: Stocktake) -> set[int]:
    return {line["container_id"] for line in stocktake.lines(limit=200)}


@pytest.fixture
def room(installation: Installation, request: pytest.FixtureRequest) -> int:
    return add_location(installation, f"Part of {request.node.name}"[-80:])


@pytest.fixture
def usual(installation: Installation, request: pytest.FixtureRequest) -> Any:
    """Leaves the lab with the usual tolerance that it had."""
    before = installation.as_user("ben").get("/labs/curie/stocktakes").json()["usual"]
    yield before
    room = add_location(installation, f"After {request.node.name}"[-80:])
    started(installation, room, "ada", **before)


# ── a part ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_random_sample_stays_the_same_and_the_next_one_is_another(installation: Installation, room: int) -> None:
    there = {stand(installation, room, name=f"Salt {number}") for number in range(60)}
    first = started(installation, room, sample_percent=30)
    drawn = expected(first)
    assert drawn == expected(first)
    assert drawn < there
    assert 5 < len(drawn) < 35  # 18 of 60 in the middle
    assert first.look()["expected"] == len(drawn)
    first.rest("as_expected")
    assert first.post().json()["counts"] == len(drawn)
    second = started(installation, room, sample_percent=30)
    assert expected(second) not in (drawn, there, set())


def test_what_was_counted_lately_is_not_asked_for_again(installation: Installation, room: int) -> None:
    long_ago, lately, never = (stand(installation, room, name=name) for name in ("Old", "New", "Never"))
    count_days_ago(installation, long_ago, 91)
    count_days_ago(installation, lately, 89)
    assert expected(started(installation, room, not_counted_days=90)) == {long_ago, never}


def test_dangerous_is_danger_or_not_known_never_a_warning(installation: Installation, room: int) -> None:
    names = ("Danger", "Warning", "None", "Not known")
    there = {name: stand(installation, room, name=f"{name} of {room}") for name in names}
    with shelf(installation) as here:
        for name, pictograms, word in (
            ("Danger", ["GHS06"], "Danger"),
            ("Warning", ["GHS07"], "Warning"),
            ("None", [], None),
        ):
            here.run(
                "UPDATE inventory.chemicals SET pictograms = %s, signal_word = %s"
                " WHERE id = (SELECT chemical_id FROM inventory.containers WHERE id = %s)",
                pictograms,
                word,
                there[name],
            )
    assert expected(started(installation, room, dangerous_only=True)) == {there["Danger"], there["Not known"]}


def test_bottles_with_somebody_are_counted_only_in_the_part(installation: Installation, room: int) -> None:
    taken, other = stand(installation, room, name="Taken"), stand(installation, room, name="Other")
    with shelf(installation) as here:
        here.run("UPDATE inventory.containers SET holder_id = control.user_id() WHERE id = ANY (%s)", [taken, other])
    count_days_ago(installation, other, 0)
    assert started(installation, room, not_counted_days=1).look()["with_somebody"] == 1


@pytest.mark.parametrize("part", [{"sample_percent": 99}, {"not_counted_days": 1}, {"dangerous_only": True}])
def test_only_a_whole_count_dates_its_location(installation: Installation, room: int, part: dict[str, Any]) -> None:
    stand(installation, room)
    for how in (part, {}):
        stocktake = started(installation, room, **how)
        stocktake.rest("there")
        assert stocktake.post().status_code == 200
        with shelf(installation) as here:
            [[counted]] = here.run("SELECT last_counted_at FROM inventory.locations WHERE id = %s", room)
        assert (counted is None) == bool(how), how


@pytest.mark.parametrize(
    ("how", "field"),
    [
        ({"sample_percent": "0"}, "/sample_percent"),
        ({"sample_percent": "100"}, "/sample_percent"),
        ({"not_counted_days": "-1"}, "/not_counted_days"),
        ({"not_counted_days": "many"}, "/not_counted_days"),
        ({"tolerance_percent": "101"}, "/tolerance_percent"),
        ({"tolerance_percent": "-1"}, "/tolerance_percent"),
        ({"tolerance_amount": "1e12"}, "/tolerance_amount"),
    ],
)
def test_impossible_parts_are_refused_at_their_field(
    installation: Installation, room: int, how: dict[str, str], field: str
) -> None:
    answer = start(installation, room, "ada", **how)
    assert answer.status_code == 422, answer.text
    assert refused_at(answer) == [field]


# ── blind ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_in_a_blind_stocktake_nothing_is_counted_as_expected(installation: Installation, room: int) -> None:
    bottle = stand(installation, room)
    stocktake = started(installation, room, blind=True)
    refused = stocktake.count({"container_id": bottle, "result": "as_expected"})
    assert (refused.status_code, refused_at(refused)) == (422, ["/lines/0/result"])
    refused = stocktake.client.post(f"{stocktake.path}/counts/rest", json={"result": "as_expected"})
    assert (refused.status_code, refused_at(refused)) == (422, ["/result"])
    assert stocktake.line(bottle)["has_count"] is False
    stocktake.counted(bottle, "50")
    assert stocktake.line(bottle)["state"] == "off"


# ── tolerance ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("percent", "amount", "counted", "state"),
    [
        ("0", "0", "99.999", "off"),
        ("0", "0", "100", "matched"),
        ("2", "1", "98", "tolerance"),  # 2 %, not more
        ("2", "1", "97.9", "off"),
        ("2", "10", "91", "tolerance"),  # 9 %, not more than 10 g
        ("100", "1000", "49", "tolerance"),  # more than half, not more than 100 %
        ("10", "1000", "49", "off"),  # more than half is off however large the tolerated amount
    ],
)
def test_the_tolerance_of_the_stocktake_decides_what_is_off(
    installation: Installation, room: int, usual: Any, percent: str, amount: str, counted: str, state: str
) -> None:
    bottle = stand(installation, room)
    stocktake = started(installation, room, "ada", tolerance_percent=percent, tolerance_amount=amount)
    stocktake.counted(bottle, counted)
    assert stocktake.line(bottle)["state"] == state


def test_a_managers_tolerance_is_the_usual_one_from_then_on(installation: Installation, room: int, usual: Any) -> None:
    chosen = {"tolerance_percent": "3", "tolerance_amount": "2"}
    started(installation, room, "ada", **chosen)
    found = started(installation, add_location(installation, f"Beside {room}")).look()
    assert {name: found[name] for name in chosen} == chosen
    assert installation.as_user("ben").get("/labs/curie/stocktakes").json()["usual"] == chosen


def test_a_member_cannot_widen_the_tolerance(installation: Installation, room: int, usual: Any) -> None:
    refused = start(installation, room, "ben", tolerance_percent="90")
    assert (refused.status_code, refused_at(refused)) == (403, ["/tolerance_percent"])
    assert "Only a manager" in refused.json()["errors"][0]["detail"]
    assert start(installation, room, "ben", **usual).status_code == 201


def test_what_is_counted_beyond_the_part_counts_too(installation: Installation, room: int) -> None:
    bottle = stand(installation, room)
    count_days_ago(installation, bottle, 0)
    stocktake = started(installation, room, not_counted_days=5)
    assert expected(stocktake) == set()
    stocktake.counted(bottle, "90")
    assert stocktake.post().json()["amounts_changed"] == 1
    assert container(installation, bottle, "amount")[0] == 90
