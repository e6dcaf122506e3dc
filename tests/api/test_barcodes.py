"""A barcode is found in capital and small letters alike, wherever one may be typed or scanned; no two differ by that alone."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.installation import Client, Installation

CODE = "Ab-0417"
SPELLINGS = [
    CODE,
    CODE.lower(),
    CODE.upper(),
    f" {CODE.swapcase()} ",
    f"\x04{CODE}",
    f"\x1d{CODE}\r",
    f"]C1{CODE}",
    f"*{CODE}*",
]
"""As it may be typed, and what scanners add: control characters, the name of the symbology, the stars of Code 39."""
LINE = {"chemical": {"name": "Barium hydroxide"}, "amount": "20 g"}

Find = Callable[[Client, str], Any]
FINDERS: dict[str, Find] = {
    "by-barcode": lambda ben, code: ben.get(f"/labs/curie/containers/by-barcode/{code}").json()["id"],
    "containers": lambda ben, code: got(ben, "containers", q=code)["items"][0]["id"],
    "chemicals": lambda ben, code: got(ben, "chemicals", q=code)["container"]["id"],
    "check-outs": lambda ben, code: got(ben, "check-outs/new", q=code)["added"],
    "moves": lambda ben, code: got(ben, "moves/new", q=code)["added"],
    "candidates": lambda ben, code: got(ben, "disposals/new", barcode=code)["items"][0]["container_id"],
    "history of a barcode": lambda ben, code: got(ben, "history", barcode=code)["items"][0]["container_id"],
    "history of words": lambda ben, code: got(ben, "history", q=code)["items"][0]["container_id"],
}


def got(client: Client, resource: str, **asked: str) -> Any:
    answer = client.get(f"/labs/curie/{resource}", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def container(installation: Installation) -> int:
    """The id of a container with the barcode CODE."""
    answer = installation.as_user("ben").post("/labs/curie/deliveries", json={"lines": [LINE | {"barcodes": [CODE]}]})
    return int(answer.json()["containers"][0]["id"])


@pytest.mark.parametrize("code", SPELLINGS)
@pytest.mark.parametrize("where", FINDERS)
def test_a_barcode_is_found_in_any_case(installation: Installation, container: int, where: str, code: str) -> None:
    assert FINDERS[where](installation.as_user("ben"), code) == container


@pytest.mark.parametrize("code", SPELLINGS)
def test_a_barcode_is_found_in_any_case_while_counting(installation: Installation, container: int, code: str) -> None:
    ben = installation.as_user("ben")
    stocktake = ben.post("/labs/curie/stocktakes", json={"location_id": None}).json()["id"]
    path = f"/labs/curie/stocktakes/{stocktake}"
    try:
        assert ben.get(f"{path}/lines", params={"scan": code}).json()["hit"]["container_id"] == container
        counted = ben.post(f"{path}/counts", json={"lines": [{"barcode": code, "counted": "19", "unit": "g"}]})
        assert (counted.status_code, counted.json()["counted"]) == (200, 1)
    finally:
        ben.post(f"{path}/cancel")


@pytest.mark.parametrize("code", SPELLINGS)
def test_a_barcode_is_found_in_any_case_to_move_its_container(
    installation: Installation, container: int, code: str
) -> None:
    ada = installation.as_user("ada")
    room = ada.post("/labs/curie/locations", json={"kind": "room", "name": f"Room {SPELLINGS.index(code)}"}).json()[
        "id"
    ]
    moved = ada.post("/labs/curie/moves", json={"location_id": room, "barcodes": [code]})
    assert [item["id"] for item in moved.json()["items"]] == [container]


@pytest.mark.parametrize("code", [CODE, CODE.lower(), CODE.upper()])
def test_a_barcode_that_is_taken_in_another_case_is_refused(
    installation: Installation, container: int, code: str
) -> None:
    answer = installation.as_user("ben").post("/labs/curie/deliveries", json={"lines": [LINE | {"barcodes": [code]}]})
    assert answer.status_code == 409
    sentence = f"{code} is on another container of the lab."
    assert answer.json()["errors"] == [{"pointer": "/lines/0/barcodes/0", "detail": sentence}]


@pytest.mark.parametrize("sent", ["\x04{}", "{}\x1e\r", "]C1{}", "*{}*", "\ufeff{}"])
def test_a_scanned_barcode_is_received_as_it_is_printed(installation: Installation, sent: str) -> None:
    ben, code = installation.as_user("ben"), f"New-{sent.encode().hex()}"
    for scanned, status in ((sent.format(code), 201), (code, 409)):
        answer = ben.post("/labs/curie/deliveries", json={"lines": [LINE | {"barcodes": [scanned]}]})
        assert answer.status_code == status, answer.text
    assert FINDERS["moves"](ben, code) == FINDERS["moves"](ben, sent.format(code))


def test_a_delivery_has_a_barcode_once_whatever_its_case(installation: Installation) -> None:
    line = LINE | {"count": 2, "barcodes": ["Twice-1", "tWICE-1"]}
    answer = installation.as_user("ben").post("/labs/curie/deliveries", json={"lines": [line]})
    assert (answer.status_code, answer.json()["detail"]) == (422, "tWICE-1 is here twice.")


def test_another_lab_may_have_the_same_barcode(installation: Installation, container: int) -> None:
    answer = installation.as_user("eve").post(
        "/labs/hodgkin/deliveries", json={"lines": [LINE | {"barcodes": [CODE.lower()]}]}
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["containers"][0]["id"] != container


def test_the_labs_own_count_passes_over_one_that_is_taken_in_small_letters(installation: Installation) -> None:
    ben = installation.as_user("ben")
    made = ben.post("/labs/curie/deliveries", json={"lines": [LINE]}).json()["containers"][0]["barcode"]
    number = int(made.removeprefix("CT-"))
    taken = LINE | {"barcodes": [f"ct-{number + 1:06}"]}
    made = ben.post("/labs/curie/deliveries", json={"lines": [taken, LINE]}).json()["containers"]
    assert [container["barcode"] for container in made] == [f"ct-{number + 1:06}", f"CT-{number + 2:06}"]
