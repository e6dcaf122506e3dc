"""The cost of a request depends only on the rows of its own lab: checked on the plan of each statement of each route."""

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

import api.core.database
from api.resources.chemicals.queries import SORTS
from api.structures import MATCHES
from tests.api.test_every_route import MARK, OPERATIONS, Ids, prepare, send, stock
from tests.installation import Installation

pytestmark = pytest.mark.usefixtures("published")

Sent = dict[str, Any]
"""A statement as the API sent it, and its parameters."""


TABLES_AND_INDEXES = "SELECT tablename, indexname FROM pg_indexes WHERE schemaname = 'inventory'"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """Records the statements that the API sends from now on, and sends them."""
    noted: Sent = {}
    pipelined = api.core.database._pipelined

    async def note(connection: Any, statements: list[tuple[str, Any]], last: bool = False) -> Any:
        noted.update(statements)
        return await pipelined(connection, statements, last)

    monkeypatch.setattr(api.core.database, "_pipelined", note)
    return noted


def nodes(plan: Any) -> Iterator[dict[str, Any]]:
    """All steps of a plan."""
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


def reaches_by_lab(node: dict[str, Any]) -> bool:
    """Whether a step that reads a table of inventory uses an index with a condition on lab_id."""
    if node["Node Type"] in ("Index Scan", "Index Only Scan", "Bitmap Index Scan"):
        return re.match(r"\(+(\w+\.)?lab_id = ", node.get("Index Cond", "")) is not None
    return bool(node["Node Type"] != "Seq Scan")


# A service account is kept on chemadmin's connection, and reads nothing of inventory.
@pytest.mark.parametrize("operation", [one for one in OPERATIONS if "/service-accounts" not in one])
def test_every_statement_of_a_route_begins_with_its_lab(installation: Installation, sent: Sent, operation: str) -> None:
    ada = installation.as_user("ada")
    curies: Ids = prepare(ada, operation, stock(ada, "curie"))
    sent.clear()
    answer = send(ada, "curie", operation, curies)
    assert answer.status_code < 300, answer.text
    begins_with_its_lab(installation, sent)


@pytest.mark.parametrize("found", [{}, {"q": MARK}, {"location": 1, "state": "gas", "retired": "true"}], ids=str)
@pytest.mark.parametrize("sort", [sign + name for name in SORTS for sign in ("", "-")])
def test_every_order_of_the_list_begins_with_its_lab(
    installation: Installation, sent: Sent, sort: str, found: dict[str, Any]
) -> None:
    asked = {"sort": sort, "facets": True, "limit": 1}
    ada = installation.as_user("ada")
    if not ada.get("/labs/curie/chemicals", params=asked).json()["next"]:
        stock(ada, "curie")
        stock(ada, "curie")
    first = ada.get("/labs/curie/chemicals", params=asked).json()
    sent.clear()
    answer = ada.get("/labs/curie/chemicals", params=asked | found | {"cursor": first["next"]})
    assert answer.status_code == 200, answer.text
    begins_with_its_lab(installation, sent)


@pytest.mark.parametrize("match", MATCHES)
def test_a_search_by_structure_begins_with_its_lab(installation: Installation, sent: Sent, match: str) -> None:
    ada = installation.as_user("ada")
    stock(ada, "curie")
    sent.clear()
    answer = ada.get("/labs/curie/chemicals", params={"structure": "O", "match": match, "facets": True})
    assert answer.json()["total"] > 0
    assert [sql for sql in sent if "INSERT INTO inventory.structures" in sql]
    begins_with_its_lab(installation, sent)


@pytest.mark.parametrize("sort", ["cas_number", "-cas_number", "molar_mass", "-molar_mass", "name", "-name"])
def test_what_the_chemicals_hold_is_sorted_by_an_index(installation: Installation, sent: Sent, sort: str) -> None:
    ada = installation.as_user("ada")
    stock(ada, "curie")
    sent.clear()
    assert ada.get("/labs/curie/chemicals", params={"sort": sort, "limit": 1}).status_code == 200
    [page] = [sql for sql in sent if "keys AS MATERIALIZED" in sql]
    plan = str(list(explained(installation, page, sent[page])))
    assert "'Node Type': 'Sort'" not in plan.split("'Subplan Name': 'CTE keys'")[1].split("'Subplan Name'")[0]


def test_the_counts_beside_the_filters_look_ids_up_in_sets(installation: Installation, sent: Sent) -> None:
    """The planner takes a large lab for one of average size. A join would then read the whole set for each chemical: 2.6 s for 5,000."""
    ada = installation.as_user("ada")
    assert ada.get("/labs/curie/chemicals", params={"facets": True}).status_code == 200
    [counts] = [sql for sql in sent if "fitting AS MATERIALIZED" in sql]
    assert [node for node in explained(installation, counts, sent[counts]) if node.get("Join Type") == "Semi"] == []


def explained(installation: Installation, sql: str, params: Any) -> Iterator[dict[str, Any]]:
    """The steps of a statement's plan, beneath the policies of a lab."""
    with psycopg.connect(installation.dsn("dba")) as dba:
        dba.execute("SET ROLE chemuser")
        dba.execute("SET app.lab_id = '1'")
        dba.execute("SET enable_seqscan = off")  # else the planner would, rightly, read these small tables whole
        [[[found]]] = dba.execute(f"EXPLAIN (FORMAT JSON, VERBOSE) {sql}".encode(), params or None).fetchall()
    yield from nodes(found["Plan"])


def begins_with_its_lab(installation: Installation, sent: Sent) -> None:
    """Each statement that was sent reaches each table of inventory by an index that begins with the lab."""
    asked = {
        sql: params
        for sql, params in sent.items()
        if sql.lstrip().startswith(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE"))
    }
    assert asked
    with psycopg.connect(installation.dsn("dba")) as dba:
        dba.execute("SET ROLE chemuser")
        tenants = {name for row in dba.execute(TABLES_AND_INDEXES) for name in row}
    for sql, params in asked.items():
        for node in explained(installation, sql, params):
            if {node.get("Relation Name"), node.get("Index Name")} & tenants:
                assert reaches_by_lab(node), f"{node['Node Type']} {node.get('Index Cond')}: {sql}"
