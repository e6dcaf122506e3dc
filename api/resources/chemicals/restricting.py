"""Restricted chemicals: who may take them, and the running balance of what came, went and was found."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from fastapi.responses import Response
from pydantic import ConfigDict, Field

from api.core import tables
from api.core.database import Data, Found, Statements
from api.core.exports import Downloads
from api.core.fields import Id, Model, Number, Version, VersionIn
from api.core.problems import Problem, not_found
from api.core.routes import resource
from api.core.rows import Row, one
from api.core.views import Person
from api.core.visit import InLab

router = resource("/labs/{lab}/chemicals/{chemical}", "chemicals")

MOST_LINES = 200
"""Lines of the balance on its page, the latest; the file has all of them."""

FIND_CHEMICAL = "SELECT h.id, h.name FROM inventory.chemicals h WHERE h.id = %(chemical)s"
FIND_RESTRICTION = """
SELECT r.is_restricted, r.xmin::text AS version FROM inventory.restrictions r WHERE r.chemical_id = %(chemical)s"""
FIND_NAMED = """
SELECT u.id, u.name FROM inventory.restricted_members n JOIN control.users u ON u.id = n.user_id
 WHERE n.chemical_id = %(chemical)s ORDER BY u.name, u.id"""
FIND_CHOICES = """
SELECT u.id, u.name FROM control.members m JOIN control.users u ON u.id = m.user_id
 WHERE m.ended_at IS NULL AND m.role <> 'viewer' ORDER BY u.name, u.id"""
KEEP = """
INSERT INTO inventory.restrictions AS r (chemical_id, is_restricted)
SELECT h.id, %(is_restricted)s FROM inventory.chemicals h WHERE h.id = %(chemical)s
ON CONFLICT (lab_id, chemical_id) DO UPDATE
   SET is_restricted = CASE WHEN control.is_unchanged(r.xmin::text, %(version)s) THEN excluded.is_restricted END, changed_at = control.clock()
RETURNING r.chemical_id AS id"""
FORGET = """
DELETE FROM inventory.restricted_members n WHERE n.chemical_id = %(chemical)s AND n.user_id <> ALL (%(user_ids)s::bigint[])"""
NAME = """
INSERT INTO inventory.restricted_members (chemical_id, user_id)
SELECT %(chemical)s, m.user_id FROM control.members m
 WHERE m.user_id = ANY (%(user_ids)s::bigint[]) AND m.ended_at IS NULL AND m.role <> 'viewer'
   AND EXISTS (SELECT FROM inventory.restrictions r WHERE r.chemical_id = %(chemical)s)
ON CONFLICT DO NOTHING"""
# `total` is what all containers together held after the line, in the unit of which one is the base of its kind (g, mL …); `unknown` the number of
# containers of which nobody knew what was in them.
BALANCE = """
SELECT b.* FROM (
  SELECT m.id, m.made_at, m.kind, u.name AS made_by_name, c.barcode, m.typed_amount, m.typed_unit, m.amount, m.unit, m.balance, m.reason,
         trim_scale(round(sum(coalesce(m.amount * f.factor, 0)) OVER (PARTITION BY f.dimension ORDER BY m.made_at, m.id), 12)) AS total,
         (SELECT k.unit FROM reference.units k WHERE k.dimension = f.dimension AND k.factor = 1) AS total_unit,
         (sum(m.becomes_unknown) OVER (ORDER BY m.made_at, m.id))::int AS unknown
    FROM (SELECT l.*, (l.balance IS NULL AND l.kind <> 'dispose')::int
                      - coalesce(lag((l.balance IS NULL AND l.kind <> 'dispose')::int) OVER (PARTITION BY l.container_id ORDER BY l.line), 0) AS becomes_unknown
            FROM inventory.movements l
           WHERE l.container_id IN (SELECT k.id FROM inventory.containers k WHERE k.chemical_id = %(chemical)s)) AS m
    JOIN inventory.containers c ON c.id = m.container_id
    JOIN control.users u ON u.id = m.made_by
    LEFT JOIN reference.units f ON f.unit = coalesce(m.unit, c.unit)) AS b
 ORDER BY b.made_at {order}, b.id {order} LIMIT %(limit)s"""


class Restriction(Model):
    """Whether a chemical is restricted, and who may take it then."""

    chemical_id: int
    chemical_name: str
    is_restricted: bool
    members: list[Person] = Field(description="who may take it")
    choices: list[Person] = Field(description="members who are not viewers")
    version: Version = ""


class RestrictionIn(Model):
    """Whether a chemical is restricted from now on, and who may take it then."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"is_restricted": True, "user_ids": [3]}]}
    )

    is_restricted: bool
    user_ids: list[Id] = Field(default=[], max_length=500)
    version: VersionIn = None


class BalanceLine(Model):
    """A line of the ledger of one of the chemical's containers."""

    id: int
    made_at: datetime
    kind: str = Field(description="receive, check_out, return, count, dispose, correct")
    made_by_name: str
    barcode: str
    typed_amount: Number | None
    typed_unit: str | None
    amount: Number | None = Field(description="signed, in unit")
    unit: str | None
    balance: Number | None = Field(description="what was left in the container, in unit; null: not known")
    reason: str | None
    total: Number | None = Field(description="what all containers together held, in total_unit")
    total_unit: str | None
    unknown: int = Field(description="containers whose amount was not known then, and is not in the total")


class Balance(Model):
    """The latest lines of a chemical's running balance, latest first."""

    chemical_id: int
    chemical_name: str
    items: list[BalanceLine]
    has_more: bool = Field(description="the file has older lines, too")


@router.get("/restriction", response_model=Restriction)
async def find_restriction(chemical: Id, visit: InLab, data: Data) -> Any:
    """Whether the chemical is restricted, and who may take it then."""
    given = {"chemical": chemical}
    found = await data.read_all(
        visit,
        {
            "chemical": (FIND_CHEMICAL, given),
            "restriction": (FIND_RESTRICTION, given),
            "members": (FIND_NAMED, given),
            "choices": (FIND_CHOICES, ()),
        },
    )
    named = one(found["chemical"])
    kept = found["restriction"][0] if found["restriction"] else {"is_restricted": False, "version": ""}
    people = {"members": found["members"], "choices": found["choices"]}
    return {"chemical_id": named["id"], "chemical_name": named["name"], **kept, **people}


@router.put("/restriction", status_code=204)
async def restrict(chemical: Id, restriction: RestrictionIn, visit: InLab, data: Data) -> None:
    """Restricts a chemical to named members, or lifts that; for managers."""
    given = restriction.model_dump() | {"chemical": chemical}

    def kept(found: Found) -> Row:
        if not found["kept"]:
            raise not_found()
        unknown = set(restriction.user_ids) - {row["id"] for row in found["choices"]}
        if unknown:
            sentence = "Name members of the lab who are not viewers."
            raise Problem(422, sentence, {"/user_ids": sentence})
        return {}

    statements: Statements = {
        "choices": (FIND_CHOICES, ()),
        "kept": (KEEP, given),
        "forgotten": (FORGET, given),
        "named": (NAME, given),
    }
    await data.write(visit, statements, needed="manager", answer=kept)


@router.get("/balance", response_model=Balance)
async def show_balance(chemical: Id, visit: InLab, data: Data) -> Any:
    """The running balance of a chemical: each line of its containers, with what all of them held after it."""
    given = {"chemical": chemical, "limit": MOST_LINES + 1}
    found = await data.read_all(
        visit, {"chemical": (FIND_CHEMICAL, given), "lines": (BALANCE.format(order="DESC"), given)}
    )
    named = one(found["chemical"])
    lines = found["lines"]
    said = {"items": lines[:MOST_LINES], "has_more": len(lines) > MOST_LINES}
    return {"chemical_id": named["id"], "chemical_name": named["name"], **said}


CELLS = (
    "made_at", "kind", "made_by_name", "reason", "barcode", "typed_amount", "typed_unit", "amount", "unit", "balance",
    "total", "total_unit", "unknown",
)  # fmt: skip
HEADS = (
    "Time", "Kind", "Member", "Purpose", "Barcode", "Typed amount", "Typed unit", "Change", "Unit", "Left in it",
    "Balance", "Unit of the balance", "Amounts not known",
)  # fmt: skip


@router.get("/balance.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
async def download_balance(chemical: Id, visit: InLab, data: Data, downloads: Downloads) -> Response:
    """Downloads the whole running balance of a chemical, oldest line first."""
    given: Row = {"chemical": chemical, "limit": None}
    one(await data.read(visit, FIND_CHEMICAL, given))

    async def pages() -> AsyncIterator[tables.Page]:
        rows = await data.read(visit, BALANCE.format(order="ASC"), given)
        yield [[row[cell] for cell in CELLS] for row in rows]

    return await downloads.csv(visit, data, "balance", HEADS, pages())
