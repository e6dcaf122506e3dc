"""The tree of locations, kept by a manager."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.installation import Installation
from tests.sql.shelf import shelf


def add(installation: Installation, name: str, user: str = "ada", lab: str = "curie", **fields: object) -> int:
    location = {"name": name, "kind": "room", **fields}
    answer = installation.as_user(user).post(f"/labs/{lab}/locations", json=location)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def change(installation: Installation, location: int, user: str = "ada", **fields: object) -> Any:
    return installation.as_user(user).patch(f"/labs/curie/locations/{location}", json=fields)


def tree(installation: Installation, user: str = "ada", lab: str = "curie", **asked: Any) -> list[dict[str, Any]]:
    answer = installation.as_user(user).get(f"/labs/{lab}/locations", params=asked)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def found(installation: Installation, location: int, **asked: Any) -> dict[str, Any]:
    return next(item for item in tree(installation, **asked) if item["id"] == location)


def put_container(installation: Installation, location: int) -> int:
    """Puts a bottle of salt into the location."""
    with shelf(installation) as here:
        container = here.add_container()
        here.run("UPDATE inventory.containers SET location_id = %s WHERE id = %s", location, container)
    return container


def test_each_location_comes_after_what_it_lies_in_and_neighbours_in_natural_order(installation: Installation) -> None:
    building = add(installation, "Chemistry", kind="building")
    room = add(installation, "Room 2.14", parent_id=building)
    for number in (10, 2, 1):
        add(installation, f"Shelf {number}", kind="shelf", parent_id=room)
    annexe = add(installation, "Annexe", kind="building")
    lines = [(item["depth"], item["full_name"]) for item in tree(installation)]
    assert lines == [
        (0, "Annexe"),
        (0, "Chemistry"),
        (1, "Chemistry › Room 2.14"),
        (2, "Chemistry › Room 2.14 › Shelf 1"),
        (2, "Chemistry › Room 2.14 › Shelf 2"),
        (2, "Chemistry › Room 2.14 › Shelf 10"),
    ]
    assert change(installation, room, parent_id=annexe, name="Room A").status_code == 200
    assert [item["full_name"] for item in tree(installation)][:3] == [
        "Annexe",
        "Annexe › Room A",
        "Annexe › Room A › Shelf 1",
    ]


def test_containers_are_counted_in_a_location_and_below(installation: Installation) -> None:
    room = add(installation, "Counted room")
    board = add(installation, "Counted shelf", kind="shelf", parent_id=room)
    for location in (room, board, board):
        put_container(installation, location)
    assert (found(installation, room)["containers"], found(installation, room)["containers_here"]) == (3, 1)
    assert (found(installation, board)["containers"], found(installation, board)["containers_here"]) == (2, 2)


def test_the_labs_time_zone_decides_what_is_due_today(installation: Installation) -> None:
    """Hodgkin lab is in New York. A count at 23:00 there belongs to that day, although it is the next day in London already."""
    answer = installation.as_user("eve").get("/labs/hodgkin/locations").json()
    new_york = ZoneInfo("America/New_York")
    assert answer["today"] == str(datetime.now(new_york).date())
    room = add(installation, "Cold room", user="eve", lab="hodgkin", count_period_days=30)
    never = next(item for item in tree(installation, "eve", "hodgkin") if item["id"] == room)
    assert (never["due"], never["due_on"]) == (True, answer["today"])

    def after_count(moment: datetime) -> dict[str, Any]:
        installation.psql(
            "UPDATE inventory.locations SET last_counted_at = %s WHERE id = %s", moment, room, lab="hodgkin"
        )
        return next(item for item in tree(installation, "eve", "hodgkin") if item["id"] == room)

    midnight = datetime.now(new_york).replace(hour=0, minute=0, second=0, microsecond=0)
    late = (midnight - timedelta(days=30)).replace(hour=23)
    counted = after_count(late)
    assert (counted["due_on"], counted["due"]) == (str(midnight.date()), True)
    assert late.astimezone(UTC).date() != late.date()
    counted = after_count(midnight - timedelta(days=29))
    assert (counted["due_on"], counted["due"]) == (str((midnight + timedelta(days=1)).date()), False)


def test_a_location_without_a_period_is_never_due(installation: Installation) -> None:
    room = add(installation, "Seldom room", count_period_days=90)
    assert found(installation, room)["due"]
    assert change(installation, room, count_period_days=None).status_code == 200
    assert (found(installation, room)["due"], found(installation, room)["due_on"]) == (False, None)


def test_a_location_is_archived_with_all_below_only_where_nothing_stands(installation: Installation) -> None:
    room = add(installation, "Old room")
    board = add(installation, "Old shelf", kind="shelf", parent_id=room)
    container = put_container(installation, board)
    refused = change(installation, room, archived=True)
    assert refused.status_code == 409
    assert refused.json()["errors"] == [
        {
            "pointer": "/archived",
            "detail": "Containers still stand in this location: 1. Move them first, then archive the location.",
        }
    ]
    with shelf(installation) as here:
        here.run("UPDATE inventory.containers SET location_id = NULL WHERE id = %s", container)
    assert change(installation, room, archived=True).status_code == 200
    assert not {room, board} & {item["id"] for item in tree(installation)}
    assert {room, board} <= {item["id"] for item in tree(installation, archived=True)}

    again = change(installation, board, archived=False)
    assert (again.status_code, again.json()["errors"][0]["detail"]) == (
        409,
        "The location in which it would lie is archived.",
    )
    below = installation.as_user("ada").post(
        "/labs/curie/locations", json={"name": "New", "kind": "shelf", "parent_id": room}
    )
    assert below.status_code == 409
    assert change(installation, room, archived=False).status_code == 200
    assert room in {item["id"] for item in tree(installation)}
    assert board not in {item["id"] for item in tree(installation)}


def test_nothing_is_put_into_an_archived_location(installation: Installation) -> None:
    room = add(installation, "Closed room")
    assert change(installation, room, archived=True).status_code == 200
    with pytest.raises(Exception, match="archived"):
        put_container(installation, room)


@pytest.mark.parametrize(
    ("fields", "pointer", "sentence"),
    [
        ({"name": "", "kind": "room"}, "/name", "This is needed."),
        ({"name": "  ", "kind": "room"}, "/name", "This is needed."),
        ({"name": "x" * 81, "kind": "room"}, "/name", "At most 80 characters."),
        ({"name": "a\x00b", "kind": "room"}, "/name", "This is not in the form that it should have."),
        ({"name": "two\nlines", "kind": "room"}, "/name", "This is not in the form that it should have."),
        ({"name": "x"}, "/kind", "This is needed."),
        ({"name": "x", "kind": "cave"}, "/kind", "Choose one of 'building', 'room', 'storage' or 'shelf'."),
        ({"name": "x", "kind": "room", "parent_id": 2**70}, "/parent_id", None),
        ({"name": "x", "kind": "room", "parent_id": -1}, "/parent_id", None),
        ({"name": "x", "kind": "room", "count_period_days": 0}, "/count_period_days", "Write 1 or more."),
        ({"name": "x", "kind": "room", "count_period_days": 4000}, "/count_period_days", "Write 3660 or less."),
        ({"name": "x", "kind": "room", "count_period_days": "soon"}, "/count_period_days", "Write a whole number."),
        ({"name": "x", "kind": "room", "path": "/1/"}, "/path", "There is no such field."),
    ],
)
def test_bad_input_is_refused_beside_its_field(
    installation: Installation, fields: dict[str, object], pointer: str, sentence: str | None
) -> None:
    before = tree(installation)
    answer = installation.as_user("ada").post("/labs/curie/locations", json=fields)
    assert answer.status_code == 422, answer.text
    [error] = answer.json()["errors"]
    assert error["pointer"] == pointer
    assert sentence in (None, error["detail"])
    assert tree(installation) == before


def test_what_does_not_form_a_tree_is_refused(installation: Installation) -> None:
    outer = add(installation, "Outer")
    inner = add(installation, "Inner", parent_id=outer)
    cases: list[tuple[dict[str, Any], int, str | None]] = [
        ({"parent_id": inner}, 409, "/parent_id"),
        ({"parent_id": outer}, 409, "/parent_id"),
        ({"parent_id": 2**62}, 404, "/parent_id"),
        ({}, 422, None),
    ]
    for fields, status, pointer in cases:
        answer = change(installation, outer, **fields)
        assert answer.status_code == status, answer.text
        assert [error["pointer"] for error in answer.json()["errors"]] == ([pointer] if pointer else [])
    twin = installation.as_user("ada").post("/labs/curie/locations", json={"name": "OUTER", "kind": "room"})
    assert (twin.status_code, twin.json()["errors"][0]["pointer"]) == (409, "/name")
    assert found(installation, outer)["parent_id"] is None


def test_only_a_manager_keeps_the_tree(installation: Installation) -> None:
    room = add(installation, "Ada's room")
    for user in ("ben", "cleo"):
        assert {item["id"] for item in tree(installation, user)} >= {room}
        assert (
            installation.as_user(user).post("/labs/curie/locations", json={"name": "x", "kind": "room"}).status_code
            == 403
        )
        assert change(installation, room, user=user, name="Theirs").status_code == 403


def test_eve_neither_sees_nor_reaches_curies_locations(installation: Installation) -> None:
    room = add(installation, "Curie's own room")
    eve = installation.as_user("eve")
    assert "Curie's own room" not in {item["name"] for item in tree(installation, "eve", "hodgkin")}
    here, nowhere = (eve.patch(f"/labs/hodgkin/locations/{id_}", json={"name": "x"}) for id_ in (room, 2**62))
    assert here.status_code == nowhere.status_code == 404
    assert here.json() == nowhere.json()
    inside, nothing = (
        eve.post("/labs/hodgkin/locations", json={"name": "x", "kind": "room", "parent_id": id_})
        for id_ in (room, 2**62)
    )
    assert inside.status_code == nothing.status_code == 404
    assert inside.json() == nothing.json()
    for user in ("eve", "root"):
        assert installation.as_user(user).get("/labs/curie/locations").status_code == 404
        assert (
            installation.as_user(user).post("/labs/curie/locations", json={"name": "x", "kind": "room"}).status_code
            == 404
        )
