"""Pages of a list by keyset: the rows that a page reads, and the cursors of its neighbours. Each list has tests in its own file."""

import pytest

from api.core.paging import Order, Window, encode_cursor
from api.core.problems import Problem

LATEST_FIRST = Order(("received_on", "id"), ("date", "bigint"), descending=True)
ROWS = [{"received_on": f"2026-01-0{9 - number}", "id": number} for number in range(5)]


def test_the_sql_of_a_page_behind_a_row() -> None:
    window = Window(LATEST_FIRST, encode_cursor("next", "2026-01-07", 2), 2)
    assert window.condition("d") == "(d.received_on, d.id) < (%(after_0)s::date, %(after_1)s::bigint)"
    assert window.order_by("d") == "d.received_on DESC, d.id DESC"
    assert window.parameters == {"limit": 3, "after_0": "2026-01-07", "after_1": 2}


def test_the_sql_of_a_page_before_a_row_is_read_from_its_end() -> None:
    window = Window(LATEST_FIRST, encode_cursor("previous", "2026-01-07", 2), 2)
    assert window.condition("d") == "(d.received_on, d.id) > (%(after_0)s::date, %(after_1)s::bigint)"
    assert window.order_by("d") == "d.received_on ASC, d.id ASC"


def test_the_first_page_has_no_previous_and_the_last_one_no_next() -> None:
    first = Window(LATEST_FIRST, "", 2).answer(ROWS[:3])
    assert (first["items"], first["previous"]) == (ROWS[:2], None)
    last = Window(LATEST_FIRST, encode_cursor("next", "2026-01-06", 3), 2).answer(ROWS[4:])
    assert (last["items"], last["next"]) == (ROWS[4:], None)
    assert last["previous"] == encode_cursor("previous", "2026-01-05", 4)
    assert Window(LATEST_FIRST, "", 2).answer([])["next"] is None


def test_going_back_shows_the_rows_in_the_order_of_the_list() -> None:
    back = Window(LATEST_FIRST, encode_cursor("previous", "2026-01-05", 4), 2).answer([ROWS[3], ROWS[2], ROWS[1]])
    assert back["items"] == [ROWS[2], ROWS[3]]
    assert (back["previous"], back["next"]) == (
        encode_cursor("previous", "2026-01-07", 2),
        encode_cursor("next", "2026-01-06", 3),
    )
    begin = Window(LATEST_FIRST, encode_cursor("previous", "2026-01-08", 1), 2).answer([ROWS[0]])
    assert begin["previous"] is None


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        encode_cursor("next", "2026-01-07"),
        encode_cursor("next", 7, 2),
        encode_cursor("next", "2026-01-07", True),
        encode_cursor("sideways", "2026-01-07", 2),
        encode_cursor("next", "2026-01-07", 2, 3),
    ],
)
def test_a_cursor_that_is_none_is_refused(cursor: str) -> None:
    with pytest.raises(Problem) as refused:
        Window(LATEST_FIRST, cursor, 2)
    assert refused.value.status == 422
