"""A lab's shelf for tests of the database itself: statements as chemuser in one lab, as one of its people."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import psycopg

from tests.installation import Installation

ADD_CONTAINER = """
WITH chemical AS (INSERT INTO inventory.chemicals (name, density_g_per_ml) VALUES (%(name)s, %(density)s) RETURNING id)
INSERT INTO inventory.containers (chemical_id, unit) SELECT id, %(unit)s FROM chemical RETURNING id"""
POST = """
INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit, refers_to_id, stocktake_id, reason)
VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id, amount, balance"""


class Shelf:
    """The acts of `who` in their lab, on the connection of a DBA who looks as that lab and names `who` as the user."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    def run(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        cursor = self.connection.execute(sql.encode(), values or None)
        return cursor.fetchall() if cursor.description else []

    def add_container(
        self, amount: str | None = "100", unit: str | None = "g", name: str = "Salt", density: str | None = None
    ) -> int:
        """A new chemical with one container that was received with `amount`."""
        given = {"name": name, "density": density, "unit": unit}
        [[container]] = self.connection.execute(ADD_CONTAINER, given).fetchall()
        self.post(container, "receive", amount, unit if amount is not None else None)
        return int(container)

    def post(
        self,
        container: int,
        kind: str,
        amount: str | None = None,
        unit: str | None = "g",
        refers_to: int | None = None,
        stocktake: int | None = None,
        reason: str | None = None,
    ) -> tuple[int, Any, Any]:
        """Writes a line of the ledger; returns its id, its amount in the container's unit and the balance."""
        unit = unit if amount is not None else None
        [row] = self.run(POST, container, kind, amount, unit, refers_to, stocktake, reason)
        return row[0], row[1], row[2]

    def left(self, container: int) -> Decimal | None:
        [[amount]] = self.run("SELECT amount FROM inventory.containers WHERE id = %s", container)
        return amount  # type: ignore[no-any-return]


@contextmanager
def shelf(installation: Installation, who: str = "ada", lab: str = "curie") -> Iterator[Shelf]:
    """A Shelf for `who` in `lab`, whose statements are committed one by one."""
    with psycopg.connect(installation.dsn("dba"), autocommit=True) as connection:
        connection.execute("SET ROLE chemuser")
        connection.execute("SELECT set_config('app.lab_id', %s, false)", [str(installation.lab_id(lab))])
        [[user]] = installation.psql("SELECT id FROM control.users WHERE username = %s", who)
        connection.execute("SELECT set_config('app.user_id', %s, false)", [str(user)])
        yield Shelf(connection)


LEDGER_FAULTS = """
SELECT c.id, c.amount, m.total, m.lines, c.last_line
  FROM inventory.containers c
  LEFT JOIN LATERAL (SELECT sum(amount) AS total, count(*) AS lines, max(line) AS last,
                            (SELECT balance FROM inventory.movements l WHERE l.lab_id = c.lab_id AND l.container_id = c.id ORDER BY line DESC LIMIT 1) AS balance
                       FROM inventory.movements m WHERE m.lab_id = c.lab_id AND m.container_id = c.id) AS m ON true
 WHERE c.amount IS DISTINCT FROM m.total AND c.amount IS NOT NULL
    OR m.lines <> c.last_line OR m.last IS DISTINCT FROM nullif(c.last_line, 0) OR m.balance IS DISTINCT FROM c.amount"""
"""SQL that finds containers whose ledger does not add up. There must never be one."""
