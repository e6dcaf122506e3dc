"""Proving isolation, for administrators: tries, as the application's own role, to reach one lab's rows from another.

Administrators read no inventory: what comes back are counts and refusals. Everything that is tried is rolled back. To enter a
lab as its member would, a session of a few seconds is made for one of its members; its token never leaves this process.
"""

import hashlib
import secrets
import time
from datetime import UTC, datetime
from typing import Annotated, Any, NamedTuple, NoReturn

import psycopg
from fastapi import Query, Response
from pydantic import Field

from api.access import Row, SignedIn, Visit
from api.database import Data, Database, Statement
from api.fields import Model
from api.problems import Problem
from api.routes import resource

router = resource("/isolation", "administration")


class Attempt(Model):
    """One way that was tried."""

    what: str
    statement: str
    outcome: str
    held: bool = Field(description="false: the fence is down")
    seen: int | None = Field(description="rows of the other lab that were seen; null where rows are not the question")
    there: int | None = Field(description="rows that the other lab has there")


class Check(Model):
    """What the catalogue says."""

    what: str
    faults: list[str]


class Proof(Model):
    """What was tried from `lab` upon `other`, and what the catalogue says of all labs."""

    ran_at: datetime
    seconds: float
    postgresql: str
    lab: str
    other: str
    holds: bool
    own: int = Field(description="containers that the lab sees of its own")
    attempts: list[Attempt]
    catalogue: list[Check]


class Way(NamedTuple):
    """A way to try: SQL after the lab was entered, and whether it counts rows or must be refused."""

    what: str
    statement: str
    sql: tuple[Statement, ...]
    there: int | None


FIND_MEMBERS = """
SELECT l.slug, l.name, m.user_id, l.id
  FROM control.labs l
  JOIN control.members m ON m.lab_id = l.id AND m.ended_at IS NULL
  JOIN control.users u ON u.id = m.user_id AND u.retired_at IS NULL
 WHERE l.archived_at IS NULL AND l.slug = ANY (%s)
 ORDER BY EXISTS (SELECT FROM control.members o JOIN control.labs k ON k.id = o.lab_id
                   WHERE o.user_id = m.user_id AND o.ended_at IS NULL AND k.slug = ANY (%s) AND k.id <> l.id),
          array_position(ARRAY['manager', 'member', 'viewer'], m.role)"""
ADD_SESSION = "INSERT INTO control.sessions (token_hash, user_id, expires_at) VALUES (sha256(decode(%s, 'hex')), %s, now() + interval '30 seconds')"
END_SESSION = "DELETE FROM control.sessions WHERE token_hash = sha256(decode(%s, 'hex'))"
CATALOGUE = "SELECT what, faults FROM control.check_catalogue()"
VERSION = "SELECT current_setting('server_version') AS version"
COUNT_OWN = "SELECT count(*) AS rows FROM inventory.containers"
COUNT_MINE = "SELECT count(*) AS rows FROM inventory.containers WHERE lab_id = (SELECT control.lab_id())"
PICK = """
SELECT (SELECT count(*) FROM inventory.containers) AS containers, (SELECT count(*) FROM inventory.chemicals) AS chemicals,
       (SELECT count(*) FROM inventory.movements) AS movements,
       c.id AS container, c.barcode, c.chemical_id AS chemical, (SELECT max(l.id) FROM inventory.locations l) AS location
  FROM (VALUES (1)) AS one LEFT JOIN LATERAL (SELECT id, barcode, chemical_id FROM inventory.containers ORDER BY id LIMIT 1) AS c ON true"""


@router.get("", response_model=Proof)
async def prove_isolation(
    visit: SignedIn,
    data: Data,
    lab: Annotated[str, Query(max_length=40, description="where somebody is signed in")],
    other: Annotated[str, Query(max_length=40, description="what they reach for")],
) -> Any:
    """Tries to reach the other lab's rows from the lab, and asks the catalogue about all of them."""
    began, now = time.perf_counter(), datetime.now(UTC)
    if lab == other:
        raise Problem(422, "Choose two different labs.", {"/other": "Choose two different labs."})
    members, catalogue, [version] = await data.administer(
        visit, (FIND_MEMBERS, ([lab, other], [lab, other])), (CATALOGUE, ()), (VERSION, ())
    )
    inside = await _enter(data, members, lab, "lab")
    outside = await _enter(data, members, other, "other")
    try:
        [mine], [theirs] = await data.read(inside, PICK), await data.read(outside, PICK)
        [own] = await data.read(inside, COUNT_MINE)
        attempts = [await _try(data, inside, way) for way in _ways(mine, theirs, outside.member["lab_id"])]
        attempts.append(await _try_without_a_lab(data, theirs["containers"]))
    finally:
        await data.control((END_SESSION, (inside.session,)), (END_SESSION, (outside.session,)))
    holds = all(attempt.held for attempt in attempts) and not any(check["faults"] for check in catalogue)
    return {
        "ran_at": now,
        "seconds": round(time.perf_counter() - began, 2),
        "postgresql": version["version"],
        "lab": lab,
        "other": other,
        "holds": holds and (own["rows"] == mine["containers"]),
        "own": own["rows"],
        "attempts": attempts,
        "catalogue": catalogue,
    }


async def _enter(data: Database, members: list[Row], lab: str, field: str) -> Visit:
    """A visit of the lab by one of its members, if possible one who is not in the other lab."""
    found = [member for member in members if member["slug"] == lab]
    if not found:
        sentence = "Nobody belongs to this lab, so nobody can be tried in it."
        raise Problem(422, sentence, {f"/{field}": sentence})
    session = hashlib.sha256(secrets.token_bytes(32)).hexdigest()
    await data.control((ADD_SESSION, (session, found[0]["user_id"])))
    return Visit(session, Response(), lab)


def _ways(mine: Row, theirs: Row, other: int) -> list[Way]:
    """What is tried from inside `mine` upon `theirs`, the lab with the number `other`."""
    forge: Statement = ("SELECT set_config('app.lab_id', %s, true)", (str(other),))
    count = "SELECT count(*) AS rows FROM inventory.{} WHERE lab_id = %s"
    few = 1 if theirs["container"] else 0
    return [
        *(
            Way(
                f"Read all {table}",
                f"SELECT … FROM inventory.{table}",
                ((count.format(table), (other,)),),
                theirs[table],
            )
            for table in ("chemicals", "containers", "movements")
        ),
        Way(
            "Read one by its id",
            f"… WHERE lab_id = {other} AND id = {theirs['container']}",
            (
                (
                    "SELECT count(*) AS rows FROM inventory.containers WHERE lab_id = %s AND id = %s",
                    (other, theirs["container"]),
                ),
            ),
            few,
        ),
        Way(
            "Scan their barcode",
            "… WHERE barcode = …",
            (
                (
                    "SELECT count(*) AS rows FROM inventory.stock WHERE barcode = %s AND lab_id = %s",
                    (theirs["barcode"], other),
                ),
            ),
            few,
        ),
        Way(
            "Forge the lab setting",
            f"set_config('app.lab_id', '{other}', true)",
            (forge, (COUNT_OWN, ())),
            theirs["containers"],
        ),
        Way(
            "Unset the lab",
            "set_config('app.lab_id', '', true)",
            (("SELECT set_config('app.lab_id', '', true)", ()), (COUNT_OWN, ())),
            theirs["containers"],
        ),
        Way(
            "Become another role",
            "set_config('role', 'chemadmin', true)",
            (("SELECT set_config('role', 'chemadmin', true)", ()),),
            None,
        ),
        Way(
            "Write into their lab",
            f"INSERT … (lab_id) VALUES ({other})",
            (("INSERT INTO inventory.chemicals (lab_id, name) VALUES (%s, 'planted')", (other,)),),
            None,
        ),
        Way(
            "Move a container to their shelf",
            f"UPDATE … SET location_id = {theirs['location']}",
            (
                (
                    "UPDATE inventory.containers SET location_id = coalesce(%s, -1) WHERE id = coalesce(%s, -1) RETURNING id",
                    (theirs["location"], mine["container"]),
                ),
            ),
            None,
        ),
        Way(
            "Take from their bottle",
            f"INSERT movement on {theirs['container']}",
            (
                (
                    "INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit) VALUES (coalesce(%s, -1), 'count', 0, 'g') RETURNING id",
                    (theirs["container"],),
                ),
            ),
            None,
        ),
        Way(
            "Change an amount past the ledger",
            "UPDATE … SET amount = 0",
            (("UPDATE inventory.containers SET amount = 0 RETURNING id", ()),),
            None,
        ),
    ]


async def _try(data: Database, visit: Visit, way: Way) -> Attempt:
    """Tries one way and rolls it back."""

    def undo(results: list[list[Row]]) -> NoReturn:
        raise _WentThroughError(results[-1])

    try:
        if way.there is None:
            await data.write(
                visit, *way.sql, needed="viewer" if "set_config" in way.statement else "member", answer=undo
            )
        else:
            rows = (await data.read_all(visit, *way.sql))[-1]
            seen = int(rows[0]["rows"])
            return _attempt(way, "Only own rows" if not seen else "Seen", held=not seen, seen=seen)
    except _WentThroughError as through:
        held = bool(through.rows == [] and "UPDATE" in way.statement)
        return _attempt(way, "Nothing to change" if held else "It went through", held=held)
    except psycopg.Error as refused:
        state = refused.sqlstate or ""
        outcome = "Not believed" if state == "28000" else f"Refused: {state}"
        return _attempt(way, outcome, held=state in {"28000", "42501", "23503", "25006"}, seen=0)
    raise AssertionError("unreachable")


async def _try_without_a_lab(data: Database, there: int) -> Attempt:
    way = Way("Keep the lab for the next request", "the same connection, no lab entered", (), there)
    try:
        rows = await data.read_as_nobody(COUNT_OWN)
    except psycopg.Error as refused:
        return _attempt(way, "Forgotten", held=refused.sqlstate == "28000", seen=0)
    return _attempt(way, "Remembered", held=False, seen=int(rows[0]["rows"]))


def _attempt(way: Way, outcome: str, *, held: bool, seen: int | None = None) -> Attempt:
    counted = way.there is not None
    return Attempt(
        what=way.what,
        statement=way.statement,
        outcome=outcome,
        held=held,
        seen=seen if counted else None,
        there=way.there,
    )


class _WentThroughError(Exception):
    """What should have been refused was not; it is rolled back all the same."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
