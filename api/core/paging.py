"""Pages of a list by keyset: a page begins behind the last row of the page before it, so that no row is skipped or shown twice
while the list changes, and the hundredth page costs no more than the first. A cursor holds the sort key of that last row.
"""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from api.core.fields import Model
from api.core.problems import Problem
from api.core.rows import Row

KINDS: dict[str, type] = {
    "text": str,
    "date": str,
    "timestamptz": str,
    "bigint": int,
    "double precision": float,
}
"""SQL type → the Python type that its values have in the JSON of a cursor."""


class Page(Model):
    """The fields that every list has: cursors of the next and the previous page, null where there is none."""

    next: str | None = None
    previous: str | None = None


@dataclass(frozen=True)
class Order:
    """The order of a list: its sort columns with their SQL types. The last column must differ in each row, as an id does.

    `keys` names the fields of the answered rows that hold these values, where they are not called like the columns.
    """

    columns: tuple[LiteralString, ...]
    types: tuple[LiteralString, ...]
    descending: bool = False
    keys: tuple[str, ...] = ()


class Window:
    """The page that is asked for: `limit` rows of a list behind or before the row of the cursor; the cursor "" means the first page.

    `parameters` holds the values for `condition` and for LIMIT %(limit)s, which is one row more than the page has: the extra row
    shows whether another page follows.
    """

    def __init__(self, order: Order, cursor: str, limit: int) -> None:
        self._order, self._limit, self._begun = order, limit, bool(cursor)
        self._backwards = False
        self.parameters: Row = {"limit": limit + 1}
        if cursor:
            towards, *values = decode_cursor(cursor, (str, *(KINDS[type_] for type_ in order.types)))
            self._backwards = towards == "previous"
            self.parameters |= {f"after_{number}": value for number, value in enumerate(values)}

    @property
    def direction(self) -> LiteralString:
        """ASC or DESC: the direction in which SQL reads the page. A page before the cursor is read backwards, from the cursor on."""
        return "DESC" if self._order.descending != self._backwards else "ASC"

    def condition(self, table: LiteralString) -> LiteralString:
        """The SQL condition for rows behind the cursor: (d.received_on, d.id) < (%(after_0)s::date, %(after_1)s::bigint), or true without one."""
        if not self._begun:
            return "true"
        columns = ", ".join(f"{table}.{column}" for column in self._order.columns)
        values = ", ".join(f"%(after_{number})s::{type_}" for number, type_ in enumerate(self._order.types))
        return f"({columns}) {'<' if self.direction == 'DESC' else '>'} ({values})"

    def order_by(self, table: LiteralString) -> LiteralString:
        """SQL, such as d.received_on DESC, d.id DESC."""
        return ", ".join(f"{table}.{column} {self.direction}" for column in self._order.columns)

    def answer(self, rows: list[Row]) -> Row:
        """The fields of a Page: the rows as `items`, in the order of the list, and the cursors."""
        keys = self._order.keys or self._order.columns
        return page_of(rows, self._limit, self._begun, self._backwards, lambda row: [row[key] for key in keys])


def page_of(
    rows: list[Row], limit: int, begun: bool, backwards: bool, key: Callable[[Row], Sequence[object]]
) -> dict[str, Any]:
    """The fields of a Page from rows as SQL read them: one more than `limit` if another page follows. `key` gives a row's cursor."""
    more, items = len(rows) > limit, rows[:limit]
    if backwards:
        items.reverse()
    follows, precedes = more or backwards, more if backwards else begun
    return {
        "items": items,
        "next": encode_cursor("next", *key(items[-1])) if items and follows else None,
        "previous": encode_cursor("previous", *key(items[0])) if items and precedes else None,
    }


def encode_cursor(*values: object) -> str:
    """A cursor: the sort key of the row where a page ends, in a form that the caller need not understand."""
    return base64.urlsafe_b64encode(json.dumps(values, default=str, ensure_ascii=False).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, kinds: tuple[type, ...]) -> tuple[Any, ...]:
    """The values that `encode_cursor` was given, the first of them "next" or "previous". Raises 422 for any other text."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(kinds) or values[0] not in ("next", "previous"):
            raise ValueError(cursor)
        if not all(type(value) is kind for value, kind in zip(values, kinds, strict=True)):
            raise ValueError(cursor)
    except (ValueError, binascii.Error, UnicodeDecodeError, RecursionError) as error:
        raise no_such_page() from error
    return tuple(values)


def no_such_page() -> Problem:
    """The problem 422 for a text that is not a cursor."""
    return Problem(422, "This page of the list cannot be found. Start again from its beginning.")
