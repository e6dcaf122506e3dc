"""Undo: any acts, each taken back in the reverse order, leave the container as it was, field by field."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.installation import Installation
from tests.sql.shelf import LEDGER_FAULTS, Shelf, shelf

FIELDS = """amount, unit, opened_on, missing_since, last_counted_at, holder_id, held_since, location_id, disposed_at"""
ACTS = ("check_out", "return", "count", "take", "give", "bring_back", "move", "leave", "dispose")
Undo = tuple[list[int], list[int]]


@pytest.fixture(scope="module")
def ada(installation: Installation) -> Iterator[Shelf]:
    with shelf(installation) as at_shelf:
        for name in ("Room 1", "Room 2"):
            at_shelf.run("INSERT INTO inventory.locations (kind, name) VALUES ('room', %s)", name)
        yield at_shelf
        assert at_shelf.run(LEDGER_FAULTS) == []


def state(ada: Shelf, container: int) -> dict[str, Any]:
    [row] = ada.run(f"SELECT {FIELDS} FROM inventory.containers WHERE id = %s", container)
    return dict(zip((field.strip() for field in FIELDS.split(",")), row, strict=True))


def mark_missing(ada: Shelf, container: int) -> None:
    """Posts a stocktake that does not find the container."""
    [[stocktake]] = ada.run("INSERT INTO inventory.stocktakes DEFAULT VALUES RETURNING id")
    ada.run(
        "INSERT INTO inventory.stocktake_counts (stocktake_id, container_id, found) VALUES (%s, %s, false)",
        stocktake,
        container,
    )
    ada.run("SELECT * FROM inventory.post_stocktake(%s)", stocktake)


def written(ada: Shelf, container: int, before: tuple[int, int]) -> Undo:
    movements = ada.run(
        "SELECT id FROM inventory.movements WHERE container_id = %s AND id > %s ORDER BY id DESC", container, before[0]
    )
    transfers = ada.run(
        "SELECT id FROM inventory.transfers WHERE container_id = %s AND id > %s ORDER BY id DESC", container, before[1]
    )
    return [row[0] for row in movements], [row[0] for row in transfers]


def act(ada: Shelf, container: int, what: str, locations: list[int], people: list[int]) -> Undo | None:
    """Carries out an act; returns the ids of the lines and transfers that it wrote, or None if it is refused."""
    [before] = ada.run(
        "SELECT coalesce((SELECT max(id) FROM inventory.movements), 0), coalesce((SELECT max(id) FROM inventory.transfers), 0)"
    )
    now = state(ada, container)
    try:
        if what == "check_out":
            ada.post(container, "check_out", "7", "mL")
        elif what == "return":
            [[taken]] = ada.run(
                "SELECT max(o.id) FROM inventory.check_outs o WHERE o.container_id = %s AND o.still_out >= 3", container
            )
            ada.post(container, "return", "3", "mL", refers_to=taken)
        elif what == "count":
            ada.post(container, "count", "55", "mL")
        elif what in ("take", "give"):
            ada.run(
                "UPDATE inventory.containers SET holder_id = %s WHERE id = %s AND disposed_at IS NULL",
                people[what == "give"],
                container,
            )
        elif what == "bring_back":
            if now["holder_id"] is None:
                return None
            lines = f'[{{"container_id": {container}, "left_amount": 20, "left_unit": "mL", "location_id": {locations[1]}}}]'
            ada.run("SELECT * FROM inventory.bring_back(%s::jsonb, NULL)", lines)
        elif what in ("move", "leave"):
            ada.run(
                "UPDATE inventory.containers SET location_id = %s WHERE id = %s AND disposed_at IS NULL",
                locations[0] if what == "move" else locations[1],
                container,
            )
        else:
            ada.post(container, "dispose")
            return written(ada, container, before)[0], []  # undoing the line undoes its transfer too
    except psycopg.IntegrityError:
        return None
    return written(ada, container, before)


def undo(ada: Shelf, done: Undo) -> None:
    if done[0] or done[1]:
        ada.run("SELECT inventory.undo(%s::bigint[], %s::bigint[])", *done)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    amount=st.sampled_from(["100", None]),
    known_unit=st.booleans(),
    missing=st.booleans(),
    acts=st.lists(st.sampled_from(ACTS), max_size=9),
)
def test_acts_and_their_undoing_leave_a_container_as_it_was(
    ada: Shelf, amount: str | None, known_unit: bool, missing: bool, acts: list[str]
) -> None:
    locations = [row[0] for row in ada.run("SELECT id FROM inventory.locations ORDER BY id LIMIT 2")]
    people = [
        row[0] for row in ada.run("SELECT user_id FROM control.members WHERE role <> 'viewer' ORDER BY user_id LIMIT 2")
    ]
    container = ada.add_container(amount, "mL" if known_unit or amount else None)
    if missing:
        mark_missing(ada, container)
    trail: list[tuple[dict[str, Any], Undo]] = []
    for what in acts:
        before = state(ada, container)
        done = act(ada, container, what, locations, people)
        if done is not None:
            trail.append((before, done))
    for before, done in reversed(trail):
        undo(ada, done)
        assert state(ada, container) == before
    assert ada.run(LEDGER_FAULTS) == []


def test_a_missing_bottle_stays_missing_when_an_old_line_is_corrected(ada: Shelf) -> None:
    container = ada.add_container("100")
    taken, *_ = ada.post(container, "check_out", "10")
    mark_missing(ada, container)
    since = state(ada, container)["missing_since"]
    ada.post(container, "correct", "11", refers_to=taken)
    assert state(ada, container)["missing_since"] == since is not None
    undo(ada, ([taken], []))
    assert state(ada, container)["missing_since"] == since


def test_only_the_sighting_that_is_left_counts(ada: Shelf) -> None:
    """A missing bottle was used twice. When the first check-out is undone, the second still shows that the bottle is there."""
    container = ada.add_container("100")
    mark_missing(ada, container)
    first, *_ = ada.post(container, "check_out", "10")
    second, *_ = ada.post(container, "check_out", "10")
    undo(ada, ([first], []))
    assert state(ada, container)["missing_since"] is None
    assert state(ada, container)["opened_on"] is not None
    undo(ada, ([second], []))
    assert state(ada, container)["opened_on"] is None


def test_a_count_that_did_not_happen_is_not_a_count_of_nothing(ada: Shelf) -> None:
    container = ada.add_container("100")
    counted, *_ = ada.post(container, "count", "60")
    ada.post(container, "correct", "0", refers_to=counted)
    assert ada.left(container) == 0
    undo(ada, ([counted], []))
    assert ada.left(container) == 100
    unknown = ada.add_container(None, None)
    counted, *_ = ada.post(unknown, "count", "60", "mL")
    ada.post(unknown, "check_out", "10", "mL")
    undo(ada, ([counted], []))
    assert (ada.left(unknown), state(ada, unknown)["unit"]) == (None, "mL")
    ada.post(unknown, "count", "25", "mL")
    assert ada.left(unknown) == 25


def test_a_count_is_undone_before_older_ones(ada: Shelf) -> None:
    container = ada.add_container("100")
    first, *_ = ada.post(container, "count", "60")
    second, *_ = ada.post(container, "count", "50")
    with pytest.raises(psycopg.Error) as error:
        ada.post(container, "correct", None, refers_to=first)
    assert error.value.diag.constraint_name == "movements_count_is_undone_before_older_ones"
    undo(ada, ([first, second], []))
    assert ada.left(container) == 100


def test_a_disposal_taken_back_returns_to_what_is_there(ada: Shelf) -> None:
    people = ada.run("SELECT user_id FROM control.members WHERE role = 'member' LIMIT 1")
    container = ada.add_container("100")
    [[location]] = ada.run(
        "INSERT INTO inventory.locations (kind, name) VALUES ('room', %s) RETURNING id", f"Attic {container}"
    )
    ada.run("UPDATE inventory.containers SET location_id = %s WHERE id = %s", location, container)
    ada.run("UPDATE inventory.containers SET holder_id = %s WHERE id = %s", people[0][0], container)
    held = state(ada, container)
    disposed, *_ = ada.post(container, "dispose")
    undo(ada, ([disposed], []))
    assert state(ada, container) == held
    disposed, *_ = ada.post(container, "dispose")
    ada.run("UPDATE inventory.locations SET archived_at = now() WHERE id = %s", location)
    undo(ada, ([disposed], []))
    assert state(ada, container) == held | {"location_id": None}


def test_nobody_undoes_what_is_not_theirs(installation: Installation, ada: Shelf) -> None:
    container = ada.add_container("100")
    [[location]] = ada.run("SELECT min(id) FROM inventory.locations")
    ada.run("UPDATE inventory.containers SET location_id = %s WHERE id = %s", location, container)
    [[transfer]] = ada.run("SELECT max(id) FROM inventory.transfers WHERE container_id = %s", container)
    eve = installation.as_user("eve").post("/labs/hodgkin/undo", json={"transfer_ids": [transfer]})
    ben = installation.as_user("ben").post("/labs/curie/undo", json={"transfer_ids": [transfer]})
    cleo = installation.as_user("cleo").post("/labs/curie/undo", json={"transfer_ids": [transfer]})
    assert (eve.status_code, ben.status_code, cleo.status_code) == (404, 403, 403)
    assert state(ada, container)["location_id"] == location
