"""A mistaken line is corrected by a counter-entry: its amount, or its container."""

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


def correct(
    installation: Installation, *lines: dict[str, Any], who: str = "ben", lab: str = "curie", reason: str = "Misread"
) -> requests.Response:
    return installation.as_user(who).send_once(f"/labs/{lab}/corrections", {"reason": reason, "lines": lines})


def errors(answer: requests.Response) -> dict[str, str]:
    return {error["pointer"]: error["detail"] for error in answer.json()["errors"]}


def test_a_wrong_amount_is_set_right_by_an_entry_that_points_at_it(installation: Installation, ben: Shelf) -> None:
    bottle = ben.add_container("1", "L")
    taken, *_ = ben.post(bottle, "check_out", "250", "mL")
    answer = correct(installation, {"movement_id": taken, "amount": "25", "unit": "mL"})
    assert answer.status_code == 201, answer.text
    [item] = answer.json()["items"]
    assert (item["kind"], item["refers_to_id"], item["amount"], item["balance"]) == ("correct", taken, "0.225", "0.975")
    [[reason]] = ben.run("SELECT reason FROM inventory.movements WHERE id = %s", item["movement_id"])
    assert reason == "Misread"


def test_a_check_out_is_undone_whole_without_saying_a_unit(installation: Installation, ben: Shelf) -> None:
    first, second = ben.add_container("100"), ben.add_container("1", "L")
    one, *_ = ben.post(first, "check_out", "10")
    two, *_ = ben.post(second, "check_out", "250", "mL")
    answer = correct(installation, {"movement_id": two, "amount": "0"}, {"movement_id": one, "amount": "0"})
    assert answer.status_code == 201, answer.text
    assert (ben.left(first), ben.left(second)) == (100, 1)


def test_what_was_taken_from_the_wrong_bottle_is_taken_from_the_right_one(
    installation: Installation, ben: Shelf
) -> None:
    wrong, right = ben.add_container("100", "g", "Left jar"), ben.add_container("1", "kg", "Right jar")
    taken, *_ = ben.post(wrong, "check_out", "10", reason="CK-421")
    ben.post(wrong, "correct", "12", refers_to=taken)
    answer = correct(installation, {"movement_id": taken, "container_id": right})
    assert answer.status_code == 201, answer.text
    assert (ben.left(wrong), ben.left(right)) == (100, Decimal("0.988"))
    [[kind, reason]] = ben.run(
        "SELECT kind, reason FROM inventory.movements WHERE container_id = %s AND line = 2", right
    )
    assert (kind, reason) == ("check_out", "CK-421")


@pytest.mark.parametrize("how", ["count", "stocktake", "open stocktake"])
def test_a_line_is_not_moved_to_a_container_that_was_counted_since(
    installation: Installation, ben: Shelf, how: str
) -> None:
    wrong, right = ben.add_container("500", "mL"), ben.add_container("500", "mL")
    room = installation.as_user("ada").post("/labs/curie/locations", json={"kind": "room", "name": f"Room {right}"})
    ben.run("UPDATE inventory.containers SET location_id = %s WHERE id = %s", room.json()["id"], right)
    taken, *_ = ben.post(wrong, "check_out", "100", "mL")
    if how == "count":
        ben.post(right, "count", "400", "mL")
    else:
        stocktake = Stocktake(installation, room.json()["id"])
        stocktake.counted(right, "400", "mL")
        if how == "stocktake":
            assert installation.as_user("ada").post(f"{stocktake.path}/post", json={}).status_code < 300
    before = ben.left(right)
    refused = correct(installation, {"movement_id": taken, "container_id": right})
    assert refused.status_code == 409, refused.text
    assert "was counted after that" in errors(refused)["/lines/0/container_id"]
    assert (ben.left(wrong), ben.left(right)) == (400, before)
    if how == "open stocktake":
        assert installation.as_user("ada").post(f"{stocktake.path}/cancel", json={}).status_code < 300
        assert correct(installation, {"movement_id": taken, "container_id": right}).status_code == 201


def test_a_return_is_corrected_to_no_more_than_was_taken(installation: Installation, ben: Shelf) -> None:
    bottle = ben.add_container("500", "mL")
    ben.post(bottle, "check_out", "300", "mL")
    taken, *_ = ben.post(bottle, "check_out", "50", "mL")
    back, *_ = ben.post(bottle, "return", "20", "mL", refers_to=taken)
    refused = correct(installation, {"movement_id": back, "amount": "200", "unit": "mL"})
    assert refused.status_code == 409, refused.text
    assert errors(refused) == {"/lines/0/amount": "More cannot come back than was taken: 50 mL."}
    assert ben.left(bottle) == 170
    assert correct(installation, {"movement_id": back, "amount": "50", "unit": "mL"}).status_code == 201
    assert ben.left(bottle) == 200
    of_a_receipt = {
        "movement_id": ben.run("SELECT id FROM inventory.movements WHERE container_id = %s AND line = 1", bottle)[0][0]
    }
    asked = {"lines": [of_a_receipt | {"amount": "1", "unit": "mL"}]}
    answer = installation.as_user("ben").send_once("/labs/curie/returns", asked)
    assert (answer.status_code, "is no check-out" in answer.text) == (409, True)


def test_of_several_counts_since_the_one_that_took_up_the_difference_gives_it_back(
    installation: Installation, ben: Shelf
) -> None:
    """A stocktake is posted after a quick count: the correction of an older line leaves the balance, and the ledger adds up (LEDGER_FAULTS)."""
    bottle = ben.add_container("1000", "mL")
    room = installation.as_user("ada").post("/labs/curie/locations", json={"kind": "room", "name": f"Room {bottle}"})
    ben.run("UPDATE inventory.containers SET location_id = %s WHERE id = %s", room.json()["id"], bottle)
    taken, *_ = ben.post(bottle, "check_out", "35", "mL")
    stocktake = Stocktake(installation, room.json()["id"])
    stocktake.counted(bottle, "995", "mL")
    ben.post(bottle, "check_out", "5", "mL")
    ben.post(bottle, "count", "990", "mL")
    ben.post(bottle, "check_out", "1", "mL")
    assert installation.as_user("ada").post(f"{stocktake.path}/post", json={}).status_code < 300
    for amount in ("5", "7", "35"):
        assert correct(installation, {"movement_id": taken, "amount": amount, "unit": "mL"}).status_code == 201
        [[lines]] = ben.run("SELECT sum(amount) FROM inventory.movements WHERE container_id = %s", bottle)
        assert (ben.left(bottle), lines) == (989, 989), amount


def test_a_return_that_is_moved_asks_whether_the_right_container_holds_so_much(
    installation: Installation, ben: Shelf
) -> None:
    wrong, right = (ben.add_container("500", "mL") for _ in range(2))
    ben.run("UPDATE inventory.containers SET pack_size = 500, pack_unit = 'mL' WHERE id = ANY (%s)", [wrong, right])
    taken, *_ = ben.post(wrong, "check_out", "100", "mL")
    back, *_ = ben.post(wrong, "return", "40", "mL", refers_to=taken)
    asked = correct(installation, {"movement_id": back, "container_id": right})
    assert asked.status_code == 409, asked.text
    assert errors(asked) == {"/lines/0/holds_more": "This is a pack of 500 mL. Does it really hold 540 mL?"}
    assert (ben.left(wrong), ben.left(right)) == (440, 500)
    assert correct(installation, {"movement_id": back, "container_id": right, "holds_more": True}).status_code == 201
    assert (ben.left(wrong), ben.left(right)) == (400, 540)


def test_a_right_container_that_cannot_give_it_leaves_all_as_it_was(installation: Installation, ben: Shelf) -> None:
    wrong, little = ben.add_container("100"), ben.add_container("5")
    liquid, unknown = ben.add_container("100", "mL"), ben.add_container(None, "g")
    taken, *_ = ben.post(wrong, "check_out", "10")
    for container in (little, liquid, unknown):
        answer = correct(installation, {"movement_id": taken, "container_id": container})
        assert answer.status_code in (409, 422), answer.text
        assert list(errors(answer)) == ["/lines/0/container_id"]
    assert ben.left(wrong) == 90


def test_only_taking_and_returning_move_to_another_container(installation: Installation, ben: Shelf) -> None:
    jar, other = ben.add_container("100"), ben.add_container("100")
    counted, *_ = ben.post(jar, "count", "90")
    answer = correct(installation, {"movement_id": counted, "container_id": other})
    assert answer.status_code == 409
    assert "Count the containers instead" in errors(answer)["/lines/0/container_id"]
    taken, *_ = ben.post(jar, "check_out", "10")
    same = correct(installation, {"movement_id": taken, "container_id": jar})
    assert errors(same) == {"/lines/0/container_id": "This is the container that it was written for."}
    assert correct(installation, {"movement_id": taken, "amount": "0"}).status_code == 201
    undone = correct(installation, {"movement_id": taken, "container_id": other})
    assert (undone.status_code, errors(undone)) == (409, {"/lines/0/movement_id": "This line was undone already."})
    assert (ben.left(jar), ben.left(other)) == (90, 100)


@pytest.mark.parametrize("first", ["right", "undone", "undo"])
@pytest.mark.parametrize("then", ["right", "other", "undone", "zero", "undo"])
def test_a_line_that_is_undone_is_not_undone_again(
    installation: Installation, ben: Shelf, first: str, then: str
) -> None:
    """Two people have the same line open: the second finds it undone, and nothing moves a second time."""
    wrong, right, other = (ben.add_container("500", "mL") for _ in range(3))
    taken, *_ = ben.post(wrong, "check_out", "100", "mL")

    def act(what: str) -> requests.Response:
        if what == "undo":
            return installation.as_user("ben").send_once("/labs/curie/undo", {"movement_ids": [taken]})
        said: dict[str, dict[str, Any]] = {
            "right": {"container_id": right},
            "other": {"container_id": other},
            "undone": {"undone": True},
            "zero": {"amount": "0"},
        }
        return correct(installation, {"movement_id": taken} | said[what])

    assert act(first).status_code == 201
    bottles = (wrong, right, other)
    written = "SELECT count(*) FROM inventory.movements WHERE container_id = ANY (%s)"
    before = [ben.left(bottle) for bottle in bottles], ben.run(written, list(bottles))
    refused = act(then)
    assert refused.status_code == 409, refused.text
    assert refused.json()["errors"][0]["detail"] == "This line was undone already."
    assert ([ben.left(bottle) for bottle in bottles], ben.run(written, list(bottles))) == before
    again = correct(installation, {"movement_id": taken, "amount": "30"})
    assert again.status_code == 201, "it did happen after all"
    assert ben.left(wrong) == 470
    assert correct(installation, {"movement_id": taken, "undone": True}).status_code == 201
    assert ben.left(wrong) == 500


def test_a_line_is_corrected_by_its_author_for_a_day_and_by_a_manager_always(
    installation: Installation, ben: Shelf
) -> None:
    jar = ben.add_container("100")
    with shelf(installation, "ada") as ada:
        adas, *_ = ada.post(jar, "check_out", "10")
    assert correct(installation, {"movement_id": adas, "amount": "5", "unit": "g"}).status_code == 403
    ben.run("SELECT set_config('app.clock', (now() - interval '25 hours')::text, false)")
    old, *_ = ben.post(jar, "check_out", "10")
    ben.run("SELECT set_config('app.clock', '', false)")
    refused = correct(installation, {"movement_id": old, "amount": "5", "unit": "g"})
    assert refused.status_code == 403
    assert "within a day, or a manager can correct it" in refused.json()["detail"]
    assert ben.left(jar) == 80
    assert correct(installation, {"movement_id": old, "amount": "5", "unit": "g"}, who="ada").status_code == 201
    assert ben.left(jar) == 85


@pytest.mark.parametrize(
    ("line", "pointer"),
    [
        ({}, "/lines/0"),
        ({"amount": "5", "unit": "g", "container_id": 1}, "/lines/0"),
        ({"amount": "1,5", "unit": "g"}, "/lines/0/amount"),
        ({"amount": "5", "unit": "stone"}, "/lines/0/unit"),
        ({"amount": "5", "unit": "mL"}, "/lines/0/unit"),
        ({"amount": "500", "unit": "g"}, "/lines/0/amount"),
        ({"container_id": 2**63}, "/lines/0/container_id"),
        ({"amount": "5", "unit": "g", "extra": 1}, "/lines/0/extra"),
    ],
)
def test_bad_input_is_refused_beside_its_field(
    installation: Installation, ben: Shelf, line: dict[str, Any], pointer: str
) -> None:
    jar = ben.add_container("100")
    taken, *_ = ben.post(jar, "check_out", "10")
    answer = correct(installation, {"movement_id": taken} | line)
    assert answer.status_code in (409, 422), answer.text
    assert pointer in errors(answer)
    assert ben.left(jar) == 90


def test_a_viewer_and_another_lab_correct_nothing(installation: Installation, ben: Shelf) -> None:
    jar = ben.add_container("100")
    taken, *_ = ben.post(jar, "check_out", "10")
    with shelf(installation, "eve", "hodgkin") as eve:
        eves = eve.add_container("100")
        hers, *_ = eve.post(eves, "check_out", "10")
    line = {"movement_id": taken, "amount": "0"}
    assert correct(installation, line, who="cleo").status_code == 403
    assert correct(installation, line, who="eve").status_code == 404
    theirs = correct(installation, line, who="eve", lab="hodgkin")
    nowhere = correct(installation, line | {"movement_id": 10**9}, who="eve", lab="hodgkin")
    assert (theirs.status_code, theirs.json()) == (nowhere.status_code, nowhere.json())
    assert theirs.status_code == 404
    assert (
        correct(installation, {"movement_id": hers, "container_id": jar}, who="eve", lab="hodgkin").status_code == 404
    )
    assert ben.left(jar) == 90
