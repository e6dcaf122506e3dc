"""Holdings: a member takes a whole bottle and brings it back. The amount changes only when the bottle comes back."""

from datetime import datetime
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

import psycopg
from fastapi import Query
from psycopg.types.json import Jsonb
from pydantic import ConfigDict, Field, model_validator

from api.core.database import Data, Found, Statements
from api.core.fields import AmountIn, Id, Line, Maybe, Model, Number, UnitIn
from api.core.problems import Problem, not_found
from api.core.refusals import Meaning, broken_rule
from api.core.routes import resource
from api.core.rows import Row
from api.core.views import CONTAINER, Container, NamedLocation, Person, with_units
from api.core.visit import InLab

router = resource("/labs/{lab}/holdings", "holdings")

MEANINGS = {
    "holdings_somebody_has_it": Meaning(409, "Nobody has {barcode}: it was brought back already.", "container_id"),
    "holdings_are_ended_by_holder_or_manager": Meaning(
        403, "Only the member who has {barcode}, or a manager, can bring it back.", "container_id"
    ),
}


class HoldingIn(Model):
    """Containers that a member takes whole: all of them, or none when one is refused."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"container_ids": [12]}]})

    container_ids: Annotated[list[Id], Field(min_length=1, max_length=100)]
    holder_id: Maybe[Id] = Field(default=None, description="who gets them; only a manager gives them to others")


class Held(Model):
    """A container that has a holder now."""

    id: int
    barcode: str
    chemical_id: int
    chemical_name: str
    holder_id: int
    holder: str
    held_since: datetime
    transfer_id: int | None = Field(description="the line of the history; null: they had it already")


class AllHeld(Model):
    """The containers that were taken."""

    items: list[Held]


class BroughtBackLine(Model):
    """A bottle that comes back: the amount left in it, or that nothing was used."""

    model_config = ConfigDict(extra="forbid")

    container_id: Id
    left_amount: Maybe[AmountIn] = None
    left_unit: Maybe[UnitIn] = None
    holds_more: bool = Field(default=False, description="yes, it holds more than its pack size says")
    unchanged: Annotated[bool, Field(description="nothing was used")] = False
    location_id: Maybe[Id] = Field(default=None, description="where it stands now; null: back to its location")

    @model_validator(mode="after")
    def what_is_left_is_said(self) -> Self:
        """Refuses a line that says neither what is left nor that nothing was used, or both; and an amount without its unit."""
        if self.unchanged == (self.left_amount is not None):
            raise ValueError("Write what is left in it, or say that nothing was used.")
        if self.left_amount is not None and self.left_unit is None:
            raise ValueError("Write the unit beside the amount, such as g or mL.")
        return self


class BroughtBackIn(Model):
    """Bottles that come back: all of them, or none when one is refused."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "purpose": "Column CK-430",
                    "lines": [
                        {"container_id": 12, "left_amount": "1.2", "left_unit": "L"},
                        {"container_id": 15, "unchanged": True, "location_id": 4},
                    ],
                }
            ]
        },
    )

    purpose: Maybe[Annotated[Line, Field(max_length=200)]] = None
    lines: Annotated[list[BroughtBackLine], Field(min_length=1, max_length=100)]


class BroughtBack(Model):
    """A bottle that came back."""

    container_id: int
    barcode: str
    chemical_id: int
    chemical_name: str
    movement_id: int | None = Field(description="the line of the ledger; null: nothing was used, nobody looked")
    counted_id: int | None = Field(
        description="the line that says what is left; null: nobody looked. Undo takes both lines"
    )
    kind: str | None = Field(
        description="check_out: this was used; count: as much as was known or more, or it was not known"
    )
    amount: Number | None = Field(description="signed, in unit")
    balance: Number | None = Field(description="what is in it; null: not known")
    unit: str | None
    transfer_id: int | None = Field(description="the line of the history")


class AllBroughtBack(Model):
    """The bottles that came back."""

    items: list[BroughtBack]


class Holdings(Model):
    """Bottles that members hold, latest first, and the choices of the form for bringing them back."""

    items: list[Container]
    locations: list[NamedLocation]
    members: list[Person] = Field(description="to whom a bottle may be given: members who are not viewers")


class Asked(Model):
    """The bottles that are asked for."""

    model_config = ConfigDict(extra="forbid")

    container: list[Id] = Field(default=[], max_length=100, description="these; none: all that members have")
    mine: bool = False


FIND_HELD = (
    CONTAINER
    + """
 WHERE s.holder_id IS NOT NULL AND s.disposed_at IS NULL AND (s.id = ANY (%(container)s) OR %(container)s::bigint[] = '{}')
   AND (s.holder_id = (SELECT control.user_id()) OR NOT %(mine)s) ORDER BY s.holder_id <> (SELECT control.user_id()), s.held_since DESC, s.id LIMIT 500"""
)
FIND_LOCATIONS = (
    "SELECT l.id, l.full_name FROM inventory.locations l WHERE l.archived_at IS NULL ORDER BY l.full_name_sort"
)
FIND_MEMBERS = """
SELECT u.id, u.name FROM control.members m JOIN control.users u ON u.id = m.user_id
 WHERE m.ended_at IS NULL AND m.role <> 'viewer' ORDER BY u.name, u.id"""
LOCK = "SELECT c.id FROM inventory.containers c WHERE c.id = ANY (%(ids)s) ORDER BY c.id FOR UPDATE"
FIND_BEFORE = """
SELECT c.id, c.barcode, c.disposed_at, c.holder_id, u.name AS holder, c.held_since
  FROM inventory.containers c LEFT JOIN control.users u ON u.id = c.holder_id WHERE c.id = ANY (%(ids)s)"""
FIND_HOLDER = """
SELECT m.user_id FROM control.members m WHERE m.user_id = %(holder)s AND m.ended_at IS NULL AND m.role <> 'viewer'"""
HOLD = """
UPDATE inventory.containers c SET holder_id = coalesce(%(holder)s, control.user_id())
 WHERE c.id = ANY (%(ids)s) AND c.holder_id IS DISTINCT FROM coalesce(%(holder)s, control.user_id())
   AND ((SELECT control.role()) = 'manager'
        OR control.user_id() = ALL (ARRAY[coalesce(c.holder_id, control.user_id()), coalesce(%(holder)s, control.user_id())]))"""
"""The condition leaves out bottles that only a manager may give or take, so that the API can answer with its own sentence: the trigger
would refuse them in other words."""
FIND_AFTER = """
SELECT s.id, s.barcode, s.chemical_id, s.chemical_name, s.holder_id, s.holder, s.held_since,
       (SELECT max(t.id) FROM inventory.transfers t
         WHERE t.container_id = s.id AND t.kind = 'take' AND t.made_at >= now() AND t.made_by = control.user_id()) AS transfer_id
  FROM inventory.stock s WHERE s.id = ANY (%(ids)s) ORDER BY s.id"""
BRING_BACK = """
SELECT b.container_id, c.barcode, c.chemical_id, h.name AS chemical_name, b.movement_id, b.counted_id, b.kind, b.amount, b.balance, b.unit
  FROM inventory.bring_back(%s, %s) WITH ORDINALITY AS b
  LEFT JOIN inventory.containers c ON c.id = b.container_id
  LEFT JOIN inventory.chemicals h ON h.id = c.chemical_id
 ORDER BY b.ordinality"""

FIND_BACK = """
SELECT t.container_id, max(t.id) AS transfer_id FROM inventory.transfers t
 WHERE t.container_id = ANY (%s) AND t.kind = 'bring_back' AND t.made_at >= now() AND t.made_by = control.user_id()
 GROUP BY t.container_id"""


def since(moment: datetime, time_zone: str) -> str:
    """How long ago, in short: "since today", "since Tue", "since 2 Nov 25", by days of the lab's time zone."""
    day, today = moment.astimezone(ZoneInfo(time_zone)).date(), datetime.now(ZoneInfo(time_zone)).date()
    days = (today - day).days
    return "since " + ("today" if days == 0 else f"{day:%a}" if days < 7 else f"{day.day} {day:%b %y}")


@router.get("", response_model=Holdings)
async def list_holdings(asked: Annotated[Asked, Query()], visit: InLab, data: Data) -> Any:
    """The bottles that members hold: all, the visitor's own, or those that are asked for."""
    found = await data.read_all(
        visit,
        {
            "held": (FIND_HELD, asked.model_dump()),
            "locations": (FIND_LOCATIONS, ()),
            "members": (FIND_MEMBERS, ()),
        },
    )
    items = [with_units(row) for row in found["held"]]
    return {"items": items, "locations": found["locations"], "members": found["members"]}


@router.post("", status_code=201, response_model=AllHeld)
async def take_bottles(taking: HoldingIn, visit: InLab, data: Data) -> Any:
    """Makes the member the holder of the bottles. A bottle that somebody else holds is refused, unless a manager gives it to
    `holder_id`."""
    given = {"ids": taking.container_ids, "holder": taking.holder_id}

    def taken(found: Found) -> Row:
        before = {row["id"]: row for row in found["before"]}
        me, manages = visit.member["user_id"], visit.member["role"] == "manager"
        if taking.holder_id not in (None, me) and not manages:
            raise Problem(403, "Only a manager gives a bottle to somebody else.")
        if taking.holder_id is not None and not found["holder"]:
            raise not_found()
        errors = {}
        for number, container in enumerate(taking.container_ids):
            row = before.get(container)
            if row is None:
                raise not_found()
            if row["disposed_at"]:
                errors[f"/container_ids/{number}"] = f"{row['barcode']} was disposed of."
            elif row["holder_id"] not in (None, me) and not (manages and taking.holder_id):
                when = since(row["held_since"], visit.member["time_zone"])
                errors[f"/container_ids/{number}"] = f"{row['holder']} has this bottle {when}."
        if errors:
            raise Problem(409, next(iter(errors.values())), errors)
        return {"items": found["after"]}

    statements: Statements = {
        "locked": (LOCK, given),
        "before": (FIND_BEFORE, given),
        "holder": (FIND_HOLDER, given),
        "held": (HOLD, given),
        "after": (FIND_AFTER, given),
    }
    return await data.write(visit, statements, answer=taken)


@router.post("/returns", status_code=201, response_model=AllBroughtBack)
async def bring_bottles_back(brought: BroughtBackIn, visit: InLab, data: Data) -> Any:
    """Ends the holding and records what was used. Only the holder or a manager may."""
    lines = [
        {
            "container_id": line.container_id,
            "left_amount": None if line.left_amount is None else str(line.left_amount),
            "left_unit": line.left_unit,
            "location_id": line.location_id,
            "holds_more": line.holds_more,
        }
        for line in brought.lines
    ]

    def back(found: Found) -> Row:
        written = {row["container_id"]: row["transfer_id"] for row in found["transfers"]}
        items = found["brought_back"]
        return {"items": [item | {"transfer_id": written.get(item["container_id"])} for item in items]}

    statements: Statements = {
        "brought_back": (BRING_BACK, (Jsonb(lines), brought.purpose)),
        "transfers": (FIND_BACK, ([line.container_id for line in brought.lines],)),
    }
    try:
        return await data.write(visit, statements, answer=back)
    except psycopg.Error as error:
        rule = broken_rule(error)
        if rule is None:
            raise
        names = {"amount": "left_amount", "unit": "left_unit"}
        field = names.get(rule.meaning.field, rule.meaning.field)
        raise Problem(rule.meaning.status, rule.sentence, {f"{rule.pointer}/{field}": rule.sentence}) from error
