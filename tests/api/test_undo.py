"""Undo through the API: the answer of each act names the lines that it wrote, and undo takes all of them back together."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.installation import Installation
from tests.sql.shelf import LEDGER_FAULTS, Shelf, shelf


@pytest.fixture
def ben(installation: Installation) -> Iterator[Shelf]:
    with shelf(installation, "ben") as on:
        yield on
        assert on.run(LEDGER_FAULTS) == []


@pytest.fixture(scope="module")
def rooms(installation: Installation) -> list[int]:
    with shelf(installation, "ada") as ada:
        add = "INSERT INTO inventory.locations (kind, name) VALUES ('room', %s) RETURNING id"
        return [ada.run(add, name)[0][0] for name in ("Room A", "Room B")]


def post(installation: Installation, path: str, body: object, who: str = "ben") -> Any:
    answer = installation.as_user(who).send_once(f"/labs/curie{path}", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def undo(installation: Installation, who: str = "ben", **written: list[int]) -> requests.Response:
    return installation.as_user(who).send_once("/labs/curie/undo", written)


def state(on: Shelf, container: int) -> tuple[Any, ...]:
    [row] = on.run(
        """SELECT amount, unit, opened_on, missing_since, last_counted_at, holder_id, held_since, location_id, disposed_at
             FROM inventory.containers WHERE id = %s""",
        container,
    )
    return row


def test_a_check_out_of_what_was_not_known_is_undone_with_the_count_before_it(
    installation: Installation, ben: Shelf
) -> None:
    bottle = ben.add_container(None, None)
    before = state(ben, bottle)
    line = {"container_id": bottle, "amount": "10", "unit": "mL", "left_before": "100", "left_unit": "mL"}
    [item] = post(installation, "/check-outs", {"lines": [line]})["items"]
    assert item["balance"] == "90"
    answer = undo(installation, movement_ids=[item["count_id"], item["movement_id"]])
    assert (answer.status_code, answer.json()) == (201, {"undone": 2})
    assert state(ben, bottle) == before


def test_a_bottle_brought_back_elsewhere_is_held_again_and_belongs_where_it_did(
    installation: Installation, ben: Shelf, rooms: list[int]
) -> None:
    bottle = ben.add_container("100", "mL")
    ben.run("UPDATE inventory.containers SET location_id = %s WHERE id = %s", rooms[0], bottle)
    standing = state(ben, bottle)
    [taken] = post(installation, "/holdings", {"container_ids": [bottle]})["items"]
    held = state(ben, bottle)
    for line in (
        {"unchanged": True},
        {"left_amount": "60", "left_unit": "mL"},
        {"left_amount": "160", "left_unit": "mL"},
    ):
        back = {"lines": [{"container_id": bottle, "location_id": rooms[1], **line}]}
        [item] = post(installation, "/holdings/returns", back)["items"]
        movements = [line for line in {item["movement_id"], item["counted_id"]} if line]
        assert undo(installation, transfer_ids=[item["transfer_id"]], movement_ids=movements).status_code == 201
        assert state(ben, bottle) == held
    assert undo(installation, transfer_ids=[taken["transfer_id"]]).status_code == 201
    assert state(ben, bottle) == standing


def test_who_had_the_bottle_already_takes_nothing_that_could_be_undone(installation: Installation, ben: Shelf) -> None:
    bottle = ben.add_container("100", "mL")
    post(installation, "/holdings", {"container_ids": [bottle]})
    [again] = post(installation, "/holdings", {"container_ids": [bottle]})["items"]
    assert again["transfer_id"] is None


def test_a_check_out_of_which_part_came_back_says_what_to_undo_first(installation: Installation, ben: Shelf) -> None:
    bottle = ben.add_container("1", "L")
    taken, *_ = ben.post(bottle, "check_out", "10", "mL")
    returned, *_ = ben.post(bottle, "return", "4", "mL", refers_to=taken)
    answer = undo(installation, movement_ids=[taken])
    assert (answer.status_code, answer.json()["detail"]) == (
        409,
        "4 mL of this amount came back: undo that return first.",
    )
    line = {"movement_id": taken, "undone": True}
    corrected = installation.as_user("ben").send_once("/labs/curie/corrections", {"lines": [line]})
    assert corrected.json()["errors"] == [
        {"pointer": "/lines/0/amount", "detail": "4 mL of this amount came back: undo that return first."}
    ]
    assert undo(installation, movement_ids=[taken, returned]).status_code == 201
    assert ben.left(bottle) == 1


def test_all_or_nothing_is_undone_and_only_ones_own(installation: Installation, ben: Shelf) -> None:
    bottle = ben.add_container("100", "mL")
    mine, *_ = ben.post(bottle, "check_out", "10", "mL")
    with shelf(installation, "ada") as ada:
        hers, *_ = ada.post(bottle, "check_out", "10", "mL")
    assert undo(installation, movement_ids=[mine, hers]).status_code == 403
    assert undo(installation, movement_ids=[mine, 10**9]).status_code == 404
    assert undo(installation).status_code == 422
    assert ben.left(bottle) == 80
    assert undo(installation, who="cleo", movement_ids=[mine]).status_code == 403
    assert undo(installation, movement_ids=[mine]).status_code == 201
    assert undo(installation, who="ada", movement_ids=[hers]).status_code == 201
    assert ben.left(bottle) == 100


def test_a_disposal_taken_back_says_what_it_could_not_restore(
    installation: Installation, ben: Shelf, rooms: list[int]
) -> None:
    with shelf(installation, "ada") as ada:
        [[attic]] = ada.run("INSERT INTO inventory.locations (kind, name) VALUES ('room', 'Attic') RETURNING id")
        bottle = ada.add_container("100", "mL")
        ada.run("UPDATE inventory.containers SET location_id = %s WHERE id = %s", attic, bottle)
        [[mark]] = ada.run(
            """INSERT INTO inventory.disposals (chemical_id, container_id, reason)
               SELECT chemical_id, id, 'Old' FROM inventory.containers WHERE id = %s RETURNING id""",
            bottle,
        )
        ben_id = ada.run("SELECT u.id FROM control.users u WHERE u.username = 'ben'")[0][0]
        ada.run("UPDATE inventory.containers SET holder_id = %s WHERE id = %s", ben_id, bottle)
        ada.run("SELECT * FROM inventory.confirm_disposals(%s)", [mark])
        [[line]] = ada.run("SELECT max(id) FROM inventory.movements WHERE container_id = %s", bottle)
        ada.run("UPDATE inventory.locations SET archived_at = now() WHERE id = %s", attic)
        answer = post(installation, "/corrections", {"lines": [{"movement_id": line, "undone": True}]}, who="ada")
        [[barcode]] = ada.run("SELECT barcode FROM inventory.containers WHERE id = %s", bottle)
        assert answer["not_restored"] == [f"{barcode} stood in Attic, which is archived: say where it stands now."]
        assert state(ada, bottle)[5:8:2] == (ben_id, None)


def test_a_form_sent_again_with_another_amount_says_what_was_booked(installation: Installation, ben: Shelf) -> None:
    bottle = ben.add_container("100", "mL")
    client = installation.as_user("ben")
    lines = [{"container_id": bottle, "amount": "10", "unit": "mL"}]
    assert client.send_once("/labs/curie/check-outs", {"lines": lines}, key="same-key-1").status_code == 201
    lines[0]["amount"] = "12"
    answer = client.send_once("/labs/curie/check-outs", {"lines": lines}, key="same-key-1")
    assert answer.status_code == 422
    assert answer.json()["detail"] == "This was booked already: 10 mL. Look at the history before you send more."
    assert ben.left(bottle) == 90
