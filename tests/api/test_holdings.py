"""Holdings: take a bottle and bring it back; who holds it, what was used, where it stands."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import requests

from tests.api.test_stocktakes import Stocktake
from tests.installation import Installation
from tests.sql.shelf import LEDGER_FAULTS, Shelf, shelf


@pytest.fixture
def ben(installation: Installation) -> Iterator[Shelf]:
    with shelf(installation, "ben") as on:
        yield on
        assert on.run(LEDGER_FAULTS) == []


def take(
    installation: Installation, *containers: int, who: str = "ben", lab: str = "curie", **more: Any
) -> requests.Response:
    body = {"container_ids": containers, **more}
    return installation.as_user(who).send_once(f"/labs/{lab}/holdings", body)


def bring(
    installation: Installation, *lines: dict[str, Any], who: str = "ben", lab: str = "curie", **more: Any
) -> requests.Response:
    return installation.as_user(who).send_once(f"/labs/{lab}/holdings/returns", {"lines": lines, **more})


def errors(answer: requests.Response) -> dict[str, str]:
    return {error["pointer"]: error["detail"] for error in answer.json()["errors"]}


def held(installation: Installation, who: str = "ben", lab: str = "curie", **asked: Any) -> list[int]:
    answer = installation.as_user(who).get(f"/labs/{lab}/holdings", params=asked)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


def user_id(installation: Installation, username: str) -> int:
    [[found]] = installation.psql("SELECT id FROM control.users WHERE username = %s", username)
    return int(found)


def test_one_request_makes_ben_the_holder_and_leaves_the_amount(installation: Installation, ben: Shelf) -> None:
    bottle = ben.add_container("1", "L")
    answer = take(installation, bottle)
    assert answer.status_code == 201, answer.text
    [item] = answer.json()["items"]
    assert item["holder"] == "Ben Okoro"
    assert ben.left(bottle) == 1
    assert bottle in held(installation, mine=True)
    assert held(installation, container=[bottle]) == [bottle]
    assert bottle not in held(installation, who="ada", mine=True)
    [[kind]] = ben.run("SELECT kind FROM inventory.transfers WHERE container_id = %s", bottle)
    assert kind == "take"
    assert take(installation, bottle).status_code == 201  # again: it is ben's already
    assert ben.run("SELECT count(*) FROM inventory.transfers WHERE container_id = %s", bottle) == [(1,)]


def test_a_bottle_that_somebody_has_is_refused_with_who_and_since_when(installation: Installation, ben: Shelf) -> None:
    free, bens = ben.add_container(), ben.add_container()
    ben.run("SELECT set_config('app.clock', '2025-11-02 12:00Z', false)")
    ben.run("UPDATE inventory.containers SET holder_id = control.user_id() WHERE id = %s", bens)
    ben.run("SELECT set_config('app.clock', '', false)")
    answer = take(installation, free, bens, who="ada")
    assert answer.status_code == 409
    assert errors(answer) == {"/container_ids/1": "Ben Okoro has this bottle since 2 Nov 25."}
    assert held(installation, container=[free]) == []


def test_a_manager_gives_a_bottle_to_somebody_else_and_nobody_else_does(installation: Installation, ben: Shelf) -> None:
    bottle = ben.add_container()
    take(installation, bottle)
    ada = user_id(installation, "ada")
    assert take(installation, bottle, holder_id=ada).status_code == 403
    assert take(installation, bottle, who="ada", holder_id=ada).status_code == 201
    assert held(installation, container=[bottle], mine=True) == []
    assert (
        take(installation, bottle, holder_id=user_id(installation, "ben")).status_code == 409
    )  # ada holds it, so ben cannot take it
    for nobody in (user_id(installation, "cleo"), user_id(installation, "eve"), 10**9):
        assert take(installation, bottle, who="ada", holder_id=nobody).status_code == 404
    assert held(installation, who="ada", container=[bottle], mine=True) == [bottle]


def test_bringing_back_records_what_was_used(installation: Installation, ben: Shelf) -> None:
    bottle = ben.add_container("1", "L", density="0.889")
    take(installation, bottle)
    line = {"container_id": bottle, "left_amount": "750", "left_unit": "mL"}
    answer = bring(installation, line, purpose="Column")
    assert answer.status_code == 201, answer.text
    [item] = answer.json()["items"]
    assert (item["kind"], item["amount"], item["balance"], item["unit"]) == ("check_out", "-0.25", "0.75", "L")
    assert held(installation, container=[bottle]) == []
    assert ben.left(bottle) == Decimal("0.75")
    [[reason]] = ben.run("SELECT reason FROM inventory.movements WHERE id = %s", item["movement_id"])
    assert reason == "Column"
    assert errors(bring(installation, line)) == {
        "/lines/0/container_id": f"Nobody has {item['barcode']}: it was brought back already."
    }


def test_more_than_was_known_or_unknown_before_is_recorded_as_counted(installation: Installation, ben: Shelf) -> None:
    more, unknown = ben.add_container("10", "g"), ben.add_container(None, None)
    take(installation, more, unknown)
    answer = bring(
        installation,
        {"container_id": more, "left_amount": "12", "left_unit": "g"},
        {"container_id": unknown, "left_amount": "3", "left_unit": "mL"},
    )
    assert answer.status_code == 201, answer.text
    assert [item["kind"] for item in answer.json()["items"]] == ["count", "count"]
    assert (ben.left(more), ben.left(unknown)) == (12, 3)


def test_unchanged_writes_no_movement_and_the_same_amount_a_count(installation: Installation, ben: Shelf) -> None:
    first, second, unknown = ben.add_container("10", "g"), ben.add_container("10", "g"), ben.add_container(None, "g")
    take(installation, first, second, unknown)
    answer = bring(
        installation,
        {"container_id": first, "unchanged": True},
        {"container_id": second, "left_amount": "10000", "left_unit": "mg"},
        {"container_id": unknown, "unchanged": True},
    )
    assert answer.status_code == 201, answer.text
    unchanged, same, not_known = answer.json()["items"]
    assert (unchanged["movement_id"], not_known["movement_id"]) == (None, None)
    assert (same["kind"], same["amount"], same["movement_id"]) == ("count", "0", same["counted_id"])
    assert ben.left(unknown) is None


@pytest.mark.parametrize("counted", ["300", "250", "500"])
@pytest.mark.parametrize("left", ["200", "300", "500", "600"])
def test_what_is_left_holds_against_an_older_count_of_a_stocktake(
    installation: Installation, ben: Shelf, left: str, counted: str
) -> None:
    bottle = ben.add_container("500", "mL")
    room = installation.as_user("ada").post("/labs/curie/locations", json={"kind": "room", "name": f"Room {bottle}"})
    assert room.status_code == 201, room.text
    ben.run("UPDATE inventory.containers SET location_id = %s WHERE id = %s", room.json()["id"], bottle)
    stocktake = Stocktake(installation, room.json()["id"])
    stocktake.counted(bottle, counted, "mL")
    take(installation, bottle)
    back = bring(installation, {"container_id": bottle, "left_amount": left, "left_unit": "mL", "holds_more": True})
    assert back.status_code == 201, back.text
    posted = installation.as_user("ada").post(f"{stocktake.path}/post", json={})
    assert posted.status_code < 300, posted.text
    assert ben.left(bottle) == Decimal(left)


def test_what_is_left_holds_when_an_older_line_is_corrected(installation: Installation, ben: Shelf) -> None:
    for left in ("200", "490", "495"):
        bottle = ben.add_container("500", "mL")
        taken, *_ = ben.post(bottle, "check_out", "10", "mL")
        take(installation, bottle)
        bring(installation, {"container_id": bottle, "left_amount": left, "left_unit": "mL"})
        ben.post(bottle, "correct", "20", "mL", refers_to=taken)
        assert ben.left(bottle) == Decimal(left)


def test_a_bottle_may_come_back_to_another_location_and_is_no_longer_missing(
    installation: Installation, ben: Shelf
) -> None:
    [[room]] = ben.run("INSERT INTO inventory.locations (kind, name) VALUES ('room', 'Room 2.14') RETURNING id")
    bottle = ben.add_container()
    with shelf(installation, "ada") as ada:
        [[stocktake]] = ada.run("INSERT INTO inventory.stocktakes DEFAULT VALUES RETURNING id")
        ada.run(
            "INSERT INTO inventory.stocktake_counts (stocktake_id, container_id, found) VALUES (%s, %s, false)",
            stocktake,
            bottle,
        )
        ada.run("SELECT inventory.post_stocktake(%s)", stocktake)
    [[missing]] = ben.run("SELECT missing_since FROM inventory.containers WHERE id = %s", bottle)
    assert missing
    take(installation, bottle)
    assert bring(installation, {"container_id": bottle, "unchanged": True, "location_id": room}).status_code == 201
    [state] = ben.run("SELECT location_id, holder_id, missing_since FROM inventory.containers WHERE id = %s", bottle)
    assert state == (room, None, None)
    take(installation, bottle)
    nowhere = bring(installation, {"container_id": bottle, "unchanged": True, "location_id": 10**9})
    assert nowhere.status_code == 404
    assert held(installation, container=[bottle]) == [bottle]


def test_only_the_holder_or_a_manager_brings_it_back(installation: Installation, ben: Shelf) -> None:
    with shelf(installation, "ada") as ada:
        adas = ada.add_container()
        ada.run("UPDATE inventory.containers SET holder_id = control.user_id() WHERE id = %s", adas)
    bens = ben.add_container()
    take(installation, bens)
    assert bring(installation, {"container_id": adas, "unchanged": True}).status_code == 403
    assert bring(installation, {"container_id": bens, "unchanged": True}, who="ada").status_code == 201


@pytest.mark.parametrize(
    ("line", "pointer"),
    [
        ({}, "/lines/0"),
        ({"unchanged": True, "left_amount": "5", "left_unit": "g"}, "/lines/0"),
        ({"left_amount": "5"}, "/lines/0"),
        ({"left_amount": "1,5", "left_unit": "g"}, "/lines/0/left_amount"),
        ({"left_amount": "-5", "left_unit": "g"}, "/lines/0/left_amount"),
        ({"left_amount": "5", "left_unit": "mL"}, "/lines/0/left_unit"),
        ({"unchanged": True, "location_id": 2**63}, "/lines/0/location_id"),
        ({"unchanged": True, "extra": 1}, "/lines/0/extra"),
    ],
)
def test_bad_input_is_refused_beside_its_field_and_the_bottle_stays_out(
    installation: Installation, ben: Shelf, line: dict[str, Any], pointer: str
) -> None:
    bottle = ben.add_container("100")
    take(installation, bottle)
    answer = bring(installation, {"container_id": bottle} | line)
    assert answer.status_code == 422, answer.text
    assert list(errors(answer)) == [pointer]
    assert ben.left(bottle) == 100
    assert held(installation, container=[bottle]) == [bottle]


def test_a_second_wrong_line_undoes_the_first(installation: Installation, ben: Shelf) -> None:
    first, second = ben.add_container("100"), ben.add_container("100")
    take(installation, first, second)
    answer = bring(
        installation,
        {"container_id": first, "left_amount": "50", "left_unit": "g"},
        {"container_id": second, "left_amount": "50", "left_unit": "mL"},
    )
    assert list(errors(answer)) == ["/lines/1/left_unit"]
    assert ben.left(first) == 100
    assert held(installation, container=[first, second]) != []


@pytest.mark.parametrize("body", [{}, {"container_ids": []}, {"container_ids": [2**63]}, {"container_ids": [1] * 101}])
def test_a_request_of_no_or_too_much_is_refused(installation: Installation, body: dict[str, Any]) -> None:
    assert installation.as_user("ben").send_once("/labs/curie/holdings", body).status_code == 422


def test_what_was_disposed_of_cannot_be_taken(installation: Installation, ben: Shelf) -> None:
    with shelf(installation, "ada") as ada:
        gone = ada.add_container()
        ada.post(gone, "dispose")
    answer = take(installation, gone)
    assert answer.status_code == 409
    assert "was disposed of." in errors(answer)["/container_ids/0"]


def test_viewers_and_other_labs_have_nothing(installation: Installation, ben: Shelf) -> None:
    bottle = ben.add_container()
    assert take(installation, bottle, who="cleo").status_code == 403
    assert take(installation, bottle, who="eve").status_code == 404
    theirs, nowhere = (take(installation, container, who="eve", lab="hodgkin") for container in (bottle, 10**9))
    assert (theirs.status_code, theirs.json()) == (nowhere.status_code, nowhere.json())
    assert theirs.status_code == 404
    take(installation, bottle)
    line = {"container_id": bottle, "unchanged": True}
    assert bring(installation, line, who="cleo").status_code == 403
    assert bring(installation, line, who="eve", lab="hodgkin").status_code == 404
    assert held(installation, who="eve", lab="hodgkin", container=[bottle]) == []
    assert installation.as_user("root").get("/labs/curie/holdings").status_code == 404


def test_the_list_names_locations_and_those_who_may_have_bottles(installation: Installation) -> None:
    answer = installation.as_user("ada").get("/labs/curie/holdings").json()
    assert [person["name"] for person in answer["members"]] == ["Ada Lind", "Ben Okoro"]
    assert {location["full_name"] for location in answer["locations"]} >= {"Room 2.14"}


def test_the_form_of_a_line_says_which_count_holds_since(installation: Installation, ben: Shelf) -> None:
    bottle = ben.add_container("500", "mL")
    take(installation, bottle)
    [item] = bring(installation, {"container_id": bottle, "left_amount": "200", "left_unit": "mL"}).json()["items"]

    def line(movement: int) -> dict[str, Any]:
        return dict(installation.as_user("ben").get(f"/labs/curie/history/{movement}").json())

    since = line(item["movement_id"])["counted_since"]
    assert (since["id"], since["typed_amount"], since["typed_unit"]) == (item["counted_id"], "200", "mL")
    assert line(item["counted_id"])["counted_since"] is None
    ben.post(bottle, "correct", None, refers_to=item["counted_id"])
    assert line(item["movement_id"])["counted_since"] is None
    assert [line(item[name])["line"]["undone"] for name in ("movement_id", "counted_id")] == [False, True]
