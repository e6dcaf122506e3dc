"""Moves of containers, any number at once, and their undo."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.installation import Installation
from tests.sql.shelf import Shelf, shelf

ADD_LOCATION = "INSERT INTO inventory.locations (kind, name) VALUES ('room', %s) RETURNING id"


@pytest.fixture
def ben(installation: Installation) -> Iterator[Shelf]:
    with shelf(installation, "ben") as on:
        yield on


@pytest.fixture(scope="module")
def rooms(installation: Installation) -> dict[str, int]:
    """Two rooms of curie's, one of them archived; one of hodgkin's."""
    with shelf(installation) as ada, shelf(installation, "eve", "hodgkin") as eve:
        made = {name: int(ada.run(ADD_LOCATION, name)[0][0]) for name in ("Bench", "Cold room", "Cellar")}
        ada.run("UPDATE inventory.locations SET archived_at = now() WHERE name = 'Cellar'")
        return made | {"Eve's": int(eve.run(ADD_LOCATION, "Eve's")[0][0])}


def move(installation: Installation, who: str = "ben", lab: str = "curie", **moving: Any) -> requests.Response:
    return installation.as_user(who).send_once(f"/labs/{lab}/moves", moving)


def undo(installation: Installation, ids: list[int], who: str = "ben", lab: str = "curie") -> requests.Response:
    return installation.as_user(who).send_once(f"/labs/{lab}/undo", {"transfer_ids": ids})


def location(on: Shelf, container: int) -> int | None:
    [[location]] = on.run("SELECT location_id FROM inventory.containers WHERE id = %s", container)
    return int(location) if location else None


def barcode(on: Shelf, container: int) -> str:
    return str(on.run("SELECT barcode FROM inventory.containers WHERE id = %s", container)[0][0])


def errors(answer: requests.Response) -> dict[str, str]:
    return {error["pointer"]: error["detail"] for error in answer.json()["errors"]}


def test_any_number_of_containers_moves_and_history_says_who_and_from_where(
    installation: Installation, rooms: dict[str, int], ben: Shelf
) -> None:
    bottles = [ben.add_container() for _ in range(3)]
    assert move(installation, "ada", location_id=rooms["Bench"], container_ids=bottles[:2]).status_code == 201
    answer = move(installation, location_id=rooms["Cold room"], container_ids=[bottles[2], bottles[0], bottles[1]])
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert (body["location"], body["moved"], len(body["items"])) == ("Cold room", 3, 3)
    assert [location(ben, bottle) for bottle in bottles] == [rooms["Cold room"]] * 3
    history = installation.as_user("cleo").get("/labs/curie/history", params={"container": bottles[0]}).json()["items"]
    shown = [(line["kind"], line["made_by_name"], line["from_location"], line["to_location"]) for line in history[:2]]
    assert shown == [("move", "Ben Okoro", "Bench", "Cold room"), ("move", "Ada Lind", None, "Bench")]


def test_containers_are_scanned_in_whatever_case_and_as_often_as_one_likes(
    installation: Installation, rooms: dict[str, int], ben: Shelf
) -> None:
    one, two = ben.add_container(), ben.add_container()
    codes = [barcode(ben, one).lower(), f" {barcode(ben, two)} ", barcode(ben, one)]
    answer = move(installation, location_id=rooms["Bench"], barcodes=codes)
    assert answer.status_code == 201, answer.text
    assert [item["id"] for item in answer.json()["items"]] == [one, two]
    assert answer.json()["moved"] == 2


def test_what_stands_there_already_stays_without_a_line(
    installation: Installation, rooms: dict[str, int], ben: Shelf
) -> None:
    one, two = ben.add_container(), ben.add_container()
    move(installation, location_id=rooms["Bench"], container_ids=[one])
    body = move(installation, location_id=rooms["Bench"], container_ids=[one, two]).json()
    assert body["moved"] == 1
    assert [item["transfer_id"] is None for item in body["items"]] == [True, False]


def test_a_held_bottle_moves_and_its_holder_stays(
    installation: Installation, rooms: dict[str, int], ben: Shelf
) -> None:
    bottle = ben.add_container()
    ben.run("UPDATE inventory.containers SET holder_id = control.user_id() WHERE id = %s", bottle)
    answer = move(installation, "ada", location_id=rooms["Cold room"], container_ids=[bottle])
    assert answer.json()["items"][0]["holder"] == "Ben Okoro"
    [[holder, location]] = ben.run("SELECT holder_id, location_id FROM inventory.containers WHERE id = %s", bottle)
    assert holder is not None
    assert location == rooms["Cold room"]


def test_the_same_request_again_moves_once(installation: Installation, rooms: dict[str, int], ben: Shelf) -> None:
    bottle = ben.add_container()
    body = {"location_id": rooms["Bench"], "container_ids": [bottle]}
    first = installation.as_user("ben").send_once("/labs/curie/moves", body, key="move-0001")
    second = installation.as_user("ben").send_once("/labs/curie/moves", body, key="move-0001")
    assert first.json() == second.json()
    [[count]] = ben.run("SELECT count(*) FROM inventory.transfers WHERE container_id = %s", bottle)
    assert count == 1


def test_one_that_cannot_move_keeps_all_where_they_are(
    installation: Installation, rooms: dict[str, int], ben: Shelf
) -> None:
    good = ben.add_container()
    with shelf(installation) as ada, shelf(installation, "eve", "hodgkin") as eve:
        gone, eves = ada.add_container(), eve.add_container()
        ada.post(gone, "dispose")
        code = barcode(ada, gone)
    cases: list[tuple[dict[str, Any], int, str]] = [
        ({"container_ids": [good, 999_999]}, 404, "/container_ids/1"),
        ({"container_ids": [good, eves]}, 404, "/container_ids/1"),
        ({"barcodes": [barcode(ben, good), "CT-NOPE"]}, 404, "/barcodes/1"),
        ({"container_ids": [good, gone]}, 409, "/container_ids/1"),
        ({"barcodes": [code, barcode(ben, good)]}, 409, "/barcodes/0"),
        ({"container_ids": [good], "location_id": rooms["Cellar"]}, 409, "/location_id"),
        ({"container_ids": [good], "location_id": rooms["Eve's"]}, 404, "/location_id"),
        ({"container_ids": [good], "location_id": 999_999}, 404, "/location_id"),
    ]
    for moving, status, pointer in cases:
        answer = move(installation, **({"location_id": rooms["Bench"]} | moving))
        assert (answer.status_code, list(errors(answer))) == (status, [pointer]), answer.text
    assert location(ben, good) is None


@pytest.mark.parametrize(
    "moving",
    [
        {},
        {"container_ids": []},
        {"container_ids": [1], "barcodes": ["CT-1"]},
        {"container_ids": [0]},
        {"container_ids": [2**63]},
        {"container_ids": ["one"]},
        {"container_ids": [1] * 501},
        {"barcodes": ["x" * 65]},
        {"barcodes": ["a\x00b"]},
        {"container_ids": [1], "location_id": None},
        {"container_ids": [1], "location_id": 2**70},
        {"container_ids": [1], "holder_id": 1},
    ],
)
def test_bad_input_is_refused(installation: Installation, rooms: dict[str, int], moving: dict[str, Any]) -> None:
    answer = move(installation, **({"location_id": rooms["Bench"]} | moving))
    assert answer.status_code == 422, answer.text


def test_a_move_is_undone_by_who_made_it(installation: Installation, rooms: dict[str, int], ben: Shelf) -> None:
    one, two = ben.add_container(), ben.add_container()
    move(installation, location_id=rooms["Bench"], container_ids=[one])
    moved = move(installation, location_id=rooms["Cold room"], container_ids=[one, two]).json()["items"]
    ids = [item["transfer_id"] for item in moved]
    answer = undo(installation, [*ids, ids[0]])
    assert (answer.status_code, answer.json()) == (201, {"undone": 2})
    assert (location(ben, one), location(ben, two)) == (rooms["Bench"], None)
    again = undo(installation, ids)
    assert again.status_code == 409
    assert "was moved again since. Nothing was undone." in again.json()["detail"]


def test_a_move_is_not_undone_by_others_or_when_it_is_too_late(
    installation: Installation, rooms: dict[str, int], ben: Shelf
) -> None:
    one, two = ben.add_container(), ben.add_container()

    def moved(who: str, name: str, *bottles: int) -> list[int]:
        answer = move(installation, who, location_id=rooms[name], container_ids=list(bottles))
        return [item["transfer_id"] for item in answer.json()["items"]]

    adas = moved("ada", "Bench", one, two)
    assert undo(installation, adas).status_code == 403
    assert undo(installation, adas, "eve", "hodgkin").status_code == 404
    assert undo(installation, [999_999]).status_code == 404
    assert undo(installation, []).status_code == 422
    bens = moved("ben", "Cold room", one)
    assert undo(installation, adas, "ada").status_code == 409
    assert (location(ben, one), location(ben, two)) == (rooms["Cold room"], rooms["Bench"])
    assert undo(installation, bens, "ada").status_code == 201  # a manager may undo for others
    ben.run("UPDATE inventory.containers SET holder_id = control.user_id() WHERE id = %s", two)
    [[taken]] = ben.run("SELECT id FROM inventory.transfers WHERE container_id = %s AND kind = 'take'", two)
    # The location is restored, but Ben remains the holder.
    assert undo(installation, adas[1:], "ada").status_code == 201
    [[holder]] = ben.run("SELECT holder_id FROM inventory.containers WHERE id = %s", two)
    assert (holder is not None, location(ben, two)) == (True, None)
    assert undo(installation, [taken]).status_code == 201
    [[holder]] = ben.run("SELECT holder_id FROM inventory.containers WHERE id = %s", two)
    assert holder is None


def test_the_form_has_what_was_scanned_and_where_it_may_go(
    installation: Installation, rooms: dict[str, int], ben: Shelf
) -> None:
    one, two = ben.add_container(name="Quinine"), ben.add_container(name="Quinoline")
    with shelf(installation) as ada:
        gone = ada.add_container(name="Quartz")
        ada.post(gone, "dispose")

    def form(**asked: Any) -> dict[str, Any]:
        answer = installation.as_user("ben").get("/labs/curie/moves/new", params=asked)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def ids(rows: list[dict[str, Any]]) -> list[int]:
        return [row["id"] for row in rows]

    empty = form()
    assert (empty["containers"], empty["added"], empty["hits"]) == ([], None, [])
    assert [location["full_name"] for location in empty["locations"]] == ["Bench", "Cold room"]
    scanned = form(container=[two], q=barcode(ben, one).lower())
    assert (ids(scanned["containers"]), scanned["added"]) == ([two, one], one)
    assert ids(form(container=[two, one, two], q=barcode(ben, one))["containers"]) == [two, one]
    named = form(q="quin")
    assert (ids(named["hits"]), named["added"]) == ([one, two], None)
    assert form(q="quinol")["added"] == two
    for chance in ("uinoline", "quinolien"):
        assert (form(q=chance)["added"], ids(form(q=chance)["hits"])) == (None, [two])
    refused = form(q=barcode(ben, gone))
    assert (refused["added"], ids(refused["hits"])) == (None, [gone])
    assert form(q="CT-NOPE", container=[999_999])["hits"] == []
    assert installation.as_user("eve").get("/labs/curie/moves/new").status_code == 404
    assert installation.as_user("ben").get("/labs/curie/moves/new", params={"container": 2**63}).status_code == 422


def test_two_who_move_the_same_containers_in_opposite_order_do_not_block_each_other(
    installation: Installation, rooms: dict[str, int], ben: Shelf
) -> None:
    bottles = [ben.add_container() for _ in range(20)]

    def back_and_forth(who: str) -> set[int]:
        order = bottles if who == "ben" else bottles[::-1]
        names = ("Bench", "Cold room") * 5
        answers = [move(installation, who, location_id=rooms[name], container_ids=order) for name in names]
        return {answer.status_code for answer in answers}

    installation.as_user("ben"), installation.as_user("ada")
    with ThreadPoolExecutor() as pool:
        assert list(pool.map(back_and_forth, ["ben", "ada"])) == [{201}, {201}]
    assert len({location(ben, bottle) for bottle in bottles}) == 1


def test_viewers_and_strangers_move_nothing(installation: Installation, rooms: dict[str, int], ben: Shelf) -> None:
    bottle = ben.add_container()
    for who, status in (("cleo", 403), ("eve", 404), ("root", 404)):
        answer = move(installation, who, location_id=rooms["Bench"], container_ids=[bottle])
        assert answer.status_code == status, answer.text
        assert undo(installation, [1], who).status_code == status
    assert location(ben, bottle) is None


def test_chemicals_stand_for_their_containers_in_stock(
    installation: Installation, rooms: dict[str, int], ben: Shelf
) -> None:
    def form(who: str = "ben", lab: str = "curie", **asked: Any) -> Any:
        return installation.as_user(who).get(f"/labs/{lab}/moves/new", params=asked)

    here, there, lost = (ben.add_container(name=f"Bulk {n}") for n in range(3))
    chemicals = [
        number for (number,) in ben.run("SELECT id FROM inventory.chemicals WHERE name LIKE 'Bulk _' ORDER BY name")
    ]
    assert move(installation, location_id=rooms["Bench"], container_ids=[here]).status_code == 201
    [[stocktake]] = ben.run("INSERT INTO inventory.stocktakes DEFAULT VALUES RETURNING id")
    ben.run(
        "INSERT INTO inventory.stocktake_counts (stocktake_id, container_id, found) VALUES (%s, %s, false)",
        stocktake,
        lost,
    )
    with shelf(installation) as ada:
        ada.run("SELECT * FROM inventory.post_stocktake(%s)", stocktake)
    chosen = [one["id"] for one in form(chemical=chemicals).json()["containers"]]
    assert chosen == [here, there], "not the one that a count did not find"
    assert [one["id"] for one in form(chemical=chemicals, location=rooms["Bench"]).json()["containers"]] == [here]
    assert [one["id"] for one in form(chemical=chemicals, container=[there]).json()["containers"]] == [there, here]
    assert form("eve", "hodgkin", chemical=chemicals).json()["containers"] == []
    moved = move(installation, location_id=rooms["Cold room"], container_ids=chosen).json()
    assert moved["moved"] == 2
    assert undo(installation, [item["transfer_id"] for item in moved["items"]]).status_code == 201
    assert (location(ben, here), location(ben, there)) == (rooms["Bench"], None)


def test_more_containers_than_move_at_once_are_a_sentence(installation: Installation, ben: Shelf) -> None:
    [[chemical]] = ben.run("INSERT INTO inventory.chemicals (name) VALUES ('Many bottles') RETURNING id")
    ben.run("INSERT INTO inventory.containers (chemical_id) SELECT %s FROM generate_series(1, 501)", chemical)
    answer = installation.as_user("ben").get("/labs/curie/moves/new", params={"chemical": chemical})
    assert (answer.status_code, answer.json()["detail"]) == (
        422,
        "At most 500 containers are moved at once. Choose fewer chemicals.",
    )
    page = installation.page("history", "ben").get(f"/history/curie/move?chemical={chemical}")
    assert page.status_code == 422
    assert "At most 500 containers are moved at once." in page.text
