"""The proof of isolation, for administrators: attempts, made as the application's own role, to reach one lab's rows from another.

The proof shows counts and refusals only, because administrators may read no inventory. Every attempt is rolled back. Entering a
lab takes a session of one of its members; the proof makes one that lasts a few seconds, and its token never leaves this process.
"""

import hashlib
import logging
import secrets
import time
from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any, NamedTuple, NoReturn

import psycopg
from fastapi import Query
from psycopg.types.json import Jsonb
from pydantic import Field

from api.core.database import Data, Database, Found, Role, Statement, Statements
from api.core.fields import Model
from api.core.problems import Problem
from api.core.routes import resource
from api.core.rows import Row, one
from api.core.visit import SignedIn, Visit

log = logging.getLogger("chemtrack.api")

router = resource("/isolation", "administration")


class Attempt(Model):
    """One attempt to reach the other lab's rows, and how it ended."""

    what: str
    statement: str
    outcome: str
    held: bool = Field(description="false: the fence is down")
    seen: int | None = Field(description="rows of the other lab that were seen; null where rows are not the question")
    there: int | None = Field(description="rows that the other lab has there")


class Check(Model):
    """One property that PostgreSQL's catalogue must have for the labs to be apart, and whether it has it."""

    what: str
    faults: list[str]


class Proof(Model):
    """The attempts made from inside `lab` on rows of `other`, and the checks of the catalogue, which hold for all labs."""

    ran_at: datetime
    seconds: float
    postgresql: str
    lab: str
    other: str
    holds: bool
    own: int = Field(description="containers that the lab sees of its own")
    attempts: list[Attempt]
    catalogue: list[Check]


class Expected(Enum):
    """How row-level security must answer an attempt."""

    ONLY_OWN_ROWS = "a number of rows is read: none is the other lab's"
    REFUSED_TO_A_VIEWER = "nothing is believed or written, not even where a read would do"
    REFUSED_TO_A_MEMBER = "the write is refused"
    REFUSED_OR_NOTHING = "the write is refused, or finds no row to change"


class Way(NamedTuple):
    """An attempt to be made: `sql` runs after the lab was entered; `what` and `shown` describe it to people."""

    what: str
    shown: str
    sql: tuple[Statement, ...]
    expected: Expected
    there: int | None = None
    """How many rows the other lab has in the table, for an attempt that counts rows; else None."""


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
READ_ONE = "SELECT count(*) AS rows FROM inventory.containers WHERE lab_id = %s AND id = %s"
SCAN = "SELECT count(*) AS rows FROM inventory.stock WHERE barcode = %s AND lab_id = %s"
SET_LAB = "SELECT set_config('app.lab_id', %s, true)"
SET_ROLE = "SELECT set_config('role', 'chemadmin', true)"
PLANT = "INSERT INTO inventory.chemicals (lab_id, name) VALUES (%s, 'planted')"
MOVE_THERE = "UPDATE inventory.containers SET location_id = coalesce(%s, -1) WHERE id = coalesce(%s, -1) RETURNING id"
TAKE = """
INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit) VALUES (coalesce(%s, -1), 'count', 0, 'g') RETURNING id"""
EMPTY_ALL = "UPDATE inventory.containers SET amount = 0 RETURNING id"
NOTE_PROOF = "INSERT INTO control.events (kind, details) VALUES ('isolation_proved', %s)"
NOTE_OUTCOME = "INSERT INTO control.events (kind, details) VALUES (%s, %s)"
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
    """Tries to reach the other lab's rows from inside the lab, and checks the catalogue for all labs."""
    began, now = time.perf_counter(), datetime.now(UTC)
    if lab == other:
        raise Problem(422, "Choose two different labs.", {"/other": "Choose two different labs."})
    found = await data.administer(
        visit,
        {
            "members": (FIND_MEMBERS, ([lab, other], [lab, other])),
            "catalogue": (CATALOGUE, ()),
            "version": (VERSION, ()),
        },
    )
    catalogue = found["catalogue"]
    labs = Jsonb({"lab": lab, "other": other})
    inside, first = _visit(found["members"], lab, "lab")
    outside, second = _visit(found["members"], other, "other")
    await data.administer(visit, {"noted": (NOTE_PROOF, (labs,)), "lab": first, "other": second})
    outcome = "isolation_unproved"  # stays so where an error ends the proof
    try:
        seen = await data.read_all(inside, {"picked": (PICK, ()), "own": (COUNT_MINE, ())})
        mine, own = one(seen["picked"]), one(seen["own"])
        theirs = one(await data.read(outside, PICK))
        attempts = [await _try(data, inside, way) for way in _ways(mine, theirs, outside.member["lab_id"])]
        attempts.append(await _try_without_a_lab(data, theirs["containers"]))
        holds = all(attempt.held for attempt in attempts) and not any(check["faults"] for check in catalogue)
        holds = holds and own["rows"] == mine["containers"]
        outcome = "isolation_held" if holds else "isolation_broken"
    finally:
        ended: Statements = {
            "lab": (END_SESSION, (inside.session,)),
            "other": (END_SESSION, (outside.session,)),
            "noted": (NOTE_OUTCOME, (outcome, labs)),
        }
        await data.control(ended, visit)
    if not holds:
        log.error("the proof of isolation does not hold")
    return {
        "ran_at": now,
        "seconds": round(time.perf_counter() - began, 2),
        "postgresql": one(found["version"])["version"],
        "lab": lab,
        "other": other,
        "holds": holds,
        "own": own["rows"],
        "attempts": attempts,
        "catalogue": catalogue,
    }


def _visit(members: list[Row], lab: str, field: str) -> tuple[Visit, Statement]:
    """A visit as one of the lab's members, if possible one who does not belong to the other lab, and the statement that makes its session."""
    found = [member for member in members if member["slug"] == lab]
    if not found:
        sentence = "Nobody belongs to this lab, so nobody can be tried in it."
        raise Problem(422, sentence, {f"/{field}": sentence})
    session = hashlib.sha256(secrets.token_bytes(32)).hexdigest()
    return Visit(session, lab=lab), (ADD_SESSION, (session, found[0]["user_id"]))


def _ways(mine: Row, theirs: Row, other: int) -> list[Way]:
    """The attempts to be made from inside the lab `mine` on the lab `theirs`, whose number is `other`."""
    count = "SELECT count(*) AS rows FROM inventory.{} WHERE lab_id = %s"
    few = 1 if theirs["container"] else 0

    def reads(what: str, shown: str, there: int, *sql: Statement) -> Way:
        return Way(what, shown, sql, Expected.ONLY_OWN_ROWS, there)

    def writes(what: str, shown: str, *sql: Statement) -> Way:
        return Way(what, shown, sql, Expected.REFUSED_TO_A_MEMBER)

    return [
        *(
            reads(
                f"Read all {table}",
                f"SELECT … FROM inventory.{table}",
                theirs[table],
                (count.format(table), (other,)),
            )
            for table in ("chemicals", "containers", "movements")
        ),
        reads(
            "Read one by its id",
            "… WHERE lab_id = … AND id = …",
            few,
            (READ_ONE, (other, theirs["container"])),
        ),
        reads("Scan their barcode", "… WHERE barcode = …", few, (SCAN, (theirs["barcode"], other))),
        reads(
            "Forge the lab setting",
            f"set_config('app.lab_id', '{other}', true)",
            theirs["containers"],
            (SET_LAB, (str(other),)),
            (COUNT_OWN, ()),
        ),
        reads(
            "Unset the lab",
            "set_config('app.lab_id', '', true)",
            theirs["containers"],
            (SET_LAB, ("",)),
            (COUNT_OWN, ()),
        ),
        Way(
            "Become another role",
            "set_config('role', 'chemadmin', true)",
            ((SET_ROLE, ()),),
            Expected.REFUSED_TO_A_VIEWER,
        ),
        writes("Write into their lab", f"INSERT … (lab_id) VALUES ({other})", (PLANT, (other,))),
        Way(
            "Move a container to their shelf",
            f"UPDATE … SET location_id = {theirs['location']}",
            ((MOVE_THERE, (theirs["location"], mine["container"])),),
            Expected.REFUSED_OR_NOTHING,
        ),
        writes("Take from their bottle", f"INSERT movement on {theirs['container']}", (TAKE, (theirs["container"],))),
        Way(
            "Change an amount past the ledger",
            "UPDATE … SET amount = 0",
            ((EMPTY_ALL, ()),),
            Expected.REFUSED_OR_NOTHING,
        ),
    ]


async def _try(data: Database, visit: Visit, way: Way) -> Attempt:
    """Makes one attempt and rolls it back."""
    statements = {f"step {number}": statement for number, statement in enumerate(way.sql)}

    def undo(found: Found) -> NoReturn:
        raise _WentThroughError([*found.values()][-1])

    try:
        if way.expected is Expected.ONLY_OWN_ROWS:
            found = await data.read_all(visit, statements)
            seen = int(one([*found.values()][-1])["rows"])
            return _attempt(way, "Seen" if seen else "Only own rows", held=not seen, seen=seen)
        needed: Role = "viewer" if way.expected is Expected.REFUSED_TO_A_VIEWER else "member"
        await data.write(visit, statements, needed=needed, answer=undo)
    except _WentThroughError as through:
        held = way.expected is Expected.REFUSED_OR_NOTHING and through.rows == []
        return _attempt(way, "Nothing to change" if held else "It went through", held=held)
    except psycopg.Error as refused:
        state = refused.sqlstate or ""
        outcome = "Not believed" if state == "28000" else f"Refused: {state}"
        return _attempt(way, outcome, held=state in {"28000", "42501", "23503", "25006"}, seen=0)
    raise AssertionError("unreachable")


async def _try_without_a_lab(data: Database, there: int) -> Attempt:
    way = Way(
        "Keep the lab for the next request",
        "the same connection, no lab entered",
        (),
        Expected.ONLY_OWN_ROWS,
        there,
    )
    try:
        rows = await data.read_as_nobody(COUNT_OWN)
    except psycopg.Error as refused:
        return _attempt(way, "Forgotten", held=refused.sqlstate == "28000", seen=0)
    return _attempt(way, "Remembered", held=False, seen=int(rows[0]["rows"]))


def _attempt(way: Way, outcome: str, *, held: bool, seen: int | None = None) -> Attempt:
    return Attempt(
        what=way.what,
        statement=way.shown,
        outcome=outcome,
        held=held,
        seen=seen if way.expected is Expected.ONLY_OWN_ROWS else None,
        there=way.there,
    )


class _WentThroughError(Exception):
    """Raised when an attempt succeeds that should have been refused, so that it is rolled back as well."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
