"""Part of a check-out comes back to its container."""

from collections.abc import Iterator
from decimal import Decimal
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


def bring(
    installation: Installation, *lines: dict[str, Any], who: str = "ben", lab: str = "curie"
) -> requests.Response:
    return installation.as_user(who).send_once(f"/labs/{lab}/returns", {"lines": lines})


def errors(answer: requests.Response) -> dict[str, str]:
    return {error["pointer"]: error["detail"] for error in answer.json()["errors"]}


def test_a_rest_comes_back_in_any_fitting_unit(installation: Installation, ben: Shelf) -> None:
    bottle = ben.add_container("1", "L")
    taken, *_ = ben.post(bottle, "check_out", "250", "mL")
    answer = bring(installation, {"movement_id": taken, "amount": "40", "unit": "ml"})
    assert answer.status_code == 201, answer.text
    [item] = answer.json()["items"]
    assert (item["refers_to_id"], item["typed_amount"], item["balance"], item["unit"]) == (taken, "40", "0.79", "L")
    assert ben.left(bottle) == Decimal("0.79")


def test_never_more_comes_back_than_is_out(installation: Installation, ben: Shelf) -> None:
    first, second = ben.add_container("100"), ben.add_container("100")
    one, *_ = ben.post(first, "check_out", "10")
    two, *_ = ben.post(second, "check_out", "10")
    assert bring(installation, {"movement_id": one, "amount": "6", "unit": "g"}).status_code == 201
    answer = bring(
        installation,
        {"movement_id": two, "amount": "10", "unit": "g"},
        {"movement_id": one, "amount": "5", "unit": "g"},
    )
    assert answer.status_code == 409
    assert errors(answer) == {"/lines/1/amount": "6 g came back already: only 4 g is still out."}
    assert (ben.left(first), ben.left(second)) == (96, 90)


def test_nothing_comes_back_of_what_was_undone(installation: Installation, ben: Shelf) -> None:
    jar = ben.add_container("100")
    taken, *_ = ben.post(jar, "check_out", "10")
    ben.post(jar, "correct", "0", refers_to=taken)
    assert bring(installation, {"movement_id": taken, "amount": "1", "unit": "g"}).status_code == 409


def test_nothing_comes_back_of_what_is_no_check_out(installation: Installation, ben: Shelf) -> None:
    jar = ben.add_container("100")
    [[received]] = ben.run("SELECT id FROM inventory.movements WHERE container_id = %s", jar)
    assert bring(installation, {"movement_id": received, "amount": "1", "unit": "g"}).status_code == 409


@pytest.mark.parametrize(
    ("line", "pointer"),
    [
        ({"amount": ""}, "/lines/0/amount"),
        ({"amount": "1,5"}, "/lines/0/amount"),
        ({"amount": "0"}, "/lines/0/amount"),
        ({"unit": "mL"}, "/lines/0/unit"),
        ({"movement_id": 2**63}, "/lines/0/movement_id"),
        ({"extra": 1}, "/lines/0/extra"),
    ],
)
def test_bad_input_is_refused_beside_its_field(
    installation: Installation, ben: Shelf, line: dict[str, Any], pointer: str
) -> None:
    jar = ben.add_container("100")
    taken, *_ = ben.post(jar, "check_out", "10")
    answer = bring(installation, {"movement_id": taken, "amount": "1", "unit": "g"} | line)
    assert answer.status_code == 422, answer.text
    assert pointer in errors(answer)
    assert ben.left(jar) == 90


def test_a_viewer_and_another_lab_return_nothing(installation: Installation, ben: Shelf) -> None:
    jar = ben.add_container("100")
    taken, *_ = ben.post(jar, "check_out", "10")
    line = {"movement_id": taken, "amount": "1", "unit": "g"}
    assert bring(installation, line, who="cleo").status_code == 403
    assert bring(installation, line, who="eve").status_code == 404
    theirs = bring(installation, line, who="eve", lab="hodgkin")
    nowhere = bring(installation, line | {"movement_id": 10**9}, who="eve", lab="hodgkin")
    assert (theirs.status_code, theirs.json()) == (nowhere.status_code, nowhere.json())
    assert theirs.status_code == 404
    assert errors(theirs) == {"/lines/0/movement_id": theirs.json()["detail"]}
    assert ben.left(jar) == 90
