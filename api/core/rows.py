"""Rows of the database in Python, and how a route takes one from them."""

from typing import Any

from api.core.problems import not_found

Row = dict[str, Any]
"""Values by the column's name, as psycopg's dict_row reads them."""


def one(rows: list[Row]) -> Row:
    """The only row; raises 404 where there is none."""
    if not rows:
        raise not_found()
    return rows[0]


def id_of(rows: list[Row]) -> Row:
    """The `id` that inventory.insert_row or update_row returned; raises 404 where update_row found no row to change."""
    if rows[0]["id"] is None:
        raise not_found()
    return rows[0]
