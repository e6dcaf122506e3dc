"""What a request pays depends on its own lab's rows: each statement of each route, as the planner would run it."""

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

import api.database
from tests.api.test_every_route import OPERATIONS, Ids, prepare, send, stock
from tests.installation import Installation

Sent = dict[str, Any]
"""A statement as the API sent it, and its parameters."""


TABLES_AND_INDEXES = "SELECT tablename, indexname FROM pg_indexes WHERE schemaname = 'inventory'"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What the API sends from here on; it is sent all the same."""
    noted: Sent = {}
    pipelined = api.database._pipelined

    async def note(connection: Any, statements: list[tuple[str, Any]]) -> Any:
        noted.update(statements)
        return await pipelined(connection, statements)

    monkeypatch.setattr(api.database, "_pipelined", note)
    return noted


def nodes(plan: Any) -> Iterator[dict[str, Any]]:
    """All steps of a plan."""
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


def reaches_by_lab(node: dict[str, Any]) -> bool:
    """Whether a step that reads a table of inventory does so by an index, and by its lab first."""
    if node["Node Type"] in ("Index Scan", "Index Only Scan", "Bitmap Index Scan"):
        return re.match(r"\(+(\w+\.)?lab_id = ", node.get("Index Cond", "")) is not None
    return bool(node["Node Type"] != "Seq Scan")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_statement_of_a_route_begins_with_its_lab(installation: Installation, sent: Sent, operation: str) -> None:
    ada = installation.as_user("ada")
    curies: Ids = stock(ada, "curie")
    prepare(ada, operation, curies)
    sent.clear()
    answer = send(ada, "curie", operation, curies)
    assert answer.status_code < 300, answer.text
    asked = {
        sql: params
        for sql, params in sent.items()
        if sql.lstrip().startswith(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE"))
    }
    assert asked
    with psycopg.connect(installation.dsn("dba")) as dba:
        dba.execute("SET ROLE chemuser")
        dba.execute("SET app.lab_id = '1'")
        dba.execute("SET enable_seqscan = off")  # a small table is read whole, and rightly
        tenants = {name for row in dba.execute(TABLES_AND_INDEXES) for name in row}
        for sql, params in asked.items():
            [[[explained]]] = dba.execute(f"EXPLAIN (FORMAT JSON, VERBOSE) {sql}".encode(), params or None).fetchall()
            for node in nodes(explained["Plan"]):
                if {node.get("Relation Name"), node.get("Index Name")} & tenants:
                    assert reaches_by_lab(node), f"{node['Node Type']} {node.get('Index Cond')}: {sql}"
