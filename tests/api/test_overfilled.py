"""Wherever an amount larger than a bottle's pack size is entered, ChemTrack asks back, and accepts it when the answer is yes."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.installation import Installation
from tests.sql.shelf import Shelf, shelf


@pytest.fixture
def ada(installation: Installation) -> Iterator[Shelf]:
    with shelf(installation) as on:
        yield on


def bottle_of(ada: Shelf, pack: str, unit: str, amount: str | None = None, density: str | None = None) -> int:
    container = ada.add_container(amount, unit, density=density)
    ada.run("UPDATE inventory.containers SET pack_size = %s, pack_unit = %s WHERE id = %s", pack, unit, container)
    return container


def send(installation: Installation, path: str, body: dict[str, Any]) -> requests.Response:
    return installation.as_user("ada").send_once(f"/labs/curie{path}", body)


def asked(installation: Installation, path: str, line: dict[str, Any], question: str, **more: Any) -> None:
    """Checks that the line is refused with the question, and that the same line with the answer yes is accepted."""
    refused = send(installation, path, more | {"lines": [line]})
    assert refused.status_code == 409, refused.text
    assert refused.json()["errors"] == [{"pointer": "/lines/0/holds_more", "detail": question}]
    taken = send(installation, path, more | {"lines": [line | {"holds_more": True}]})
    assert taken.status_code in (200, 201), taken.text


def test_the_question_comes_before_a_check_out_of_an_unknown_amount(installation: Installation, ada: Shelf) -> None:
    line = {
        "container_id": bottle_of(ada, "500", "mL"),
        "amount": "1",
        "unit": "mL",
        "left_before": "600",
        "left_unit": "mL",
    }
    asked(installation, "/check-outs", line, "This is a pack of 500 mL. Does it really hold 600 mL?")


def test_the_question_comes_on_receipt(installation: Installation) -> None:
    line = {"chemical": {"name": "Brine"}, "pack_size": "1", "pack_unit": "L", "amount": "5", "unit": "L"}
    asked(installation, "/deliveries", line, "This is a pack of 1 L. Does it really hold 5 L?")


def test_the_question_comes_when_a_bottle_comes_back(installation: Installation, ada: Shelf) -> None:
    jar = bottle_of(ada, "500", "g", "400")
    assert send(installation, "/holdings", {"container_ids": [jar]}).status_code == 201
    line = {"container_id": jar, "left_amount": "0.6", "left_unit": "kg"}
    asked(installation, "/holdings/returns", line, "This is a pack of 500 g. Does it really hold 0.6 kg?")


def test_the_question_comes_when_a_count_or_a_receipt_is_corrected(installation: Installation, ada: Shelf) -> None:
    jar = bottle_of(ada, "500", "g", "400")
    counted, *_ = ada.post(jar, "count", "450")
    line = {"movement_id": counted, "amount": "600", "unit": "g"}
    asked(installation, "/corrections", line, "This is a pack of 500 g. Does it really hold 600 g?")
    other = bottle_of(ada, "500", "g", "400")
    [[received]] = ada.run("SELECT id FROM inventory.movements WHERE container_id = %s", other)
    line = {"movement_id": received, "amount": "600", "unit": "g"}
    asked(installation, "/corrections", line, "This is a pack of 500 g. Does it really hold 600 g?")


def test_the_question_comes_in_a_stocktake(installation: Installation, ada: Shelf) -> None:
    bottle = bottle_of(ada, "500", "mL", "400", density="2")
    stocktake = send(installation, "/stocktakes", {"location_id": None}).json()["id"]
    line = {"container_id": bottle, "counted": "1.1", "unit": "kg"}
    path = f"/stocktakes/{stocktake}/counts"
    asked(installation, path, line, "This is a pack of 500 mL. Does it really hold 1.1 kg?")
    full = {"lines": [{"container_id": bottle, "counted": "1", "unit": "kg"}]}
    assert send(installation, path, full).status_code == 200
    assert send(installation, f"/stocktakes/{stocktake}/cancel", {}).status_code == 200


def test_a_full_bottle_and_one_of_another_kind_of_unit_are_not_asked_about(
    installation: Installation, ada: Shelf
) -> None:
    for pack, unit, amount, left in (("500", "mL", "400", "500 mL"), ("5", "each", "4", "5 each")):
        container = bottle_of(ada, pack, unit, amount)
        send(installation, "/holdings", {"container_ids": [container]})
        figure, of = left.split()
        line = {"container_id": container, "left_amount": figure, "left_unit": of}
        assert send(installation, "/holdings/returns", {"lines": [line]}).status_code == 201
