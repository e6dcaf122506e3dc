"""Take the whole bottle and bring it back: who holds a container. Its amount changes when it comes back."""

from datetime import datetime
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

import psycopg
from fastapi import Query
from psycopg.types.json import Jsonb
from pydantic import ConfigDict, Field, model_validator

from api.access import InLab, Row
from api.database import Data
from api.fields import AmountIn, Id, Line, Maybe, Model, Number, UnitIn
from api.problems import Problem, broken_rule, not_found
from api.routes import resource
from api.views import CONTAINER, Container, with_units

router = resource("/labs/{lab}/holdings", "holdings")


class HoldingIn(Model):
    """Containers that a member takes whole, all or nothing."""

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


class AllHeld(Model):
    """What was taken."""

    items: list[Held]


class BroughtBackLine(Model):
    """What is left in a bottle that comes back; or that nothing was used."""

    model_config = ConfigDict(extra="forbid")

    container_id: Id
    left_amount: Maybe[AmountIn] = None
    left_unit: Maybe[UnitIn] = None
    unchanged: Annotated[bool, Field(description="nothing was used")] = False
    location_id: Maybe[Id] = Field(default=None, description="where it stands now; null: back to its place")

    @model_validator(mode="after")
    def what_is_left_is_said(self) -> Self:
        """Refuses silence and contradiction; an amount needs its unit."""
        if self.unchanged == (self.left_amount is not None):
            raise ValueError("Write what is left in it, or say that nothing was used.")
        if self.left_amount is not None and self.left_unit is None:
            raise ValueError("Write the unit beside the amount, such as g or mL.")
        return self


class BroughtBackIn(Model):
    """Bottles that come back, all or nothing."""

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
    """A bottle that is back."""

    container_id: int
    barcode: str
    chemical_id: int
    chemical_name: str
    movement_id: int | None = Field(description="the line of the ledger; null: no amount changed")
    kind: str | None = Field(description="check_out: this was used; count: more than was known, or it was not known")
    amount: Number | None = Field(description="signed, in unit")
    balance: Number | None = Field(description="what is in it; null: not known")
    unit: str | None


class AllBroughtBack(Model):
    """What came back."""

    items: list[BroughtBack]


class Place(Model):
    """Where a bottle may be put."""

    id: int
    full_name: str


class Person(Model):
    """A member of the lab."""

    id: int
    name: str


class Holdings(Model):
    """Bottles that members have, latest first; and what one needs to see to bring one back."""

    items: list[Container]
    locations: list[Place]
    members: list[Person] = Field(description="to whom a bottle may be given: members who are not viewers")


class Asked(Model):
    """Which bottles."""

    model_config = ConfigDict(extra="forbid")

    container: list[Id] = Field(default=[], max_length=100, description="these; none: all that members have")
    mine: bool = False


FIND_HELD = (
    CONTAINER
    + """
 WHERE s.holder_id IS NOT NULL AND s.disposed_at IS NULL AND (s.id = ANY (%(container)s) OR %(container)s::bigint[] = '{}')
   AND (s.holder_id = (SELECT control.user_id()) OR NOT %(mine)s) ORDER BY s.holder_id <> (SELECT control.user_id()), s.held_since DESC, s.id LIMIT 500"""
)
FIND_PLACES = "SELECT l.id, l.full_name FROM inventory.locations l WHERE l.archived_at IS NULL ORDER BY l.full_name"
FIND_MEMBERS = """
SELECT u.id, u.name FROM control.members m JOIN control.users u ON u.id = m.user_id
 WHERE m.ended_at IS NULL AND m.role <> 'viewer' ORDER BY u.name, u.id"""
LOCK = "SELECT c.id FROM inventory.containers c WHERE c.id = ANY (%(ids)s) ORDER BY c.id FOR UPDATE"
FIND_FORMER = """
SELECT c.id, c.barcode, c.disposed_at, c.holder_id, u.name AS holder, c.held_since
  FROM inventory.containers c LEFT JOIN control.users u ON u.id = c.holder_id WHERE c.id = ANY (%(ids)s)"""
FIND_HOLDER = """
SELECT m.user_id FROM control.members m WHERE m.user_id = %(holder)s AND m.ended_at IS NULL AND m.role <> 'viewer'"""
HOLD = """
UPDATE inventory.containers c SET holder_id = coalesce(%(holder)s, control.user_id())
 WHERE c.id = ANY (%(ids)s) AND c.holder_id IS DISTINCT FROM coalesce(%(holder)s, control.user_id())"""
FIND_TAKEN = """
SELECT s.id, s.barcode, s.chemical_id, s.chemical_name, s.holder_id, s.holder, s.held_since
  FROM inventory.stock s WHERE s.id = ANY (%(ids)s) ORDER BY s.id"""
BRING_BACK = """
SELECT b.container_id, c.barcode, c.chemical_id, h.name AS chemical_name, b.movement_id, b.kind, b.amount, b.balance, b.unit
  FROM inventory.bring_back(%s, %s) WITH ORDINALITY AS b
  LEFT JOIN inventory.containers c ON c.id = b.container_id
  LEFT JOIN inventory.chemicals h ON h.id = c.chemical_id
 ORDER BY b.ordinality"""


def since(moment: datetime, time_zone: str) -> str:
    """since today, since Tue, since 2 Nov 25: as the lab's calendar has it."""
    day, today = moment.astimezone(ZoneInfo(time_zone)).date(), datetime.now(ZoneInfo(time_zone)).date()
    days = (today - day).days
    return "since " + ("today" if days == 0 else f"{day:%a}" if days < 7 else f"{day.day} {day:%b %y}")


@router.get("", response_model=Holdings)
async def list_holdings(asked: Annotated[Asked, Query()], visit: InLab, data: Data) -> Any:
    """Bottles that members have: all, one's own, or those asked for."""
    held, places, members = await data.read_all(
        visit, (FIND_HELD, asked.model_dump()), (FIND_PLACES, ()), (FIND_MEMBERS, ())
    )
    return {"items": [with_units(row) for row in held], "locations": places, "members": members}


@router.post("", status_code=201, response_model=AllHeld)
async def take_bottles(taking: HoldingIn, visit: InLab, data: Data) -> Any:
    """Makes the member the holder. A bottle that somebody has is refused, unless a manager gives it to `holder_id`."""
    given = {"ids": taking.container_ids, "holder": taking.holder_id}

    def taken(results: list[list[Row]]) -> Row:
        _, former, holders, _, items = results
        before = {row["id"]: row for row in former}
        me, manages = visit.member["user_id"], visit.member["role"] == "manager"
        if taking.holder_id not in (None, me) and not manages:
            raise Problem(403, "Only a manager gives a bottle to somebody else.")
        if taking.holder_id is not None and not holders:
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
        return {"items": items}

    statements = [(sql, given) for sql in (LOCK, FIND_FORMER, FIND_HOLDER, HOLD, FIND_TAKEN)]
    return await data.write(visit, *statements, answer=taken)


@router.post("/returns", status_code=201, response_model=AllBroughtBack)
async def bring_bottles_back(brought: BroughtBackIn, visit: InLab, data: Data) -> Any:
    """Ends the holding and records what was used. Only the holder or a manager."""
    lines = [
        {
            "container_id": line.container_id,
            "left_amount": None if line.left_amount is None else str(line.left_amount),
            "left_unit": line.left_unit,
            "location_id": line.location_id,
        }
        for line in brought.lines
    ]
    try:
        return await data.write(
            visit, (BRING_BACK, (Jsonb(lines), brought.purpose)), answer=lambda results: {"items": results[0]}
        )
    except psycopg.Error as error:
        rule = broken_rule(error)
        if rule is None:
            raise
        names = {"amount": "left_amount", "unit": "left_unit"}
        field = names.get(rule.meaning.field, rule.meaning.field)
        raise Problem(rule.meaning.status, rule.sentence, {f"{rule.pointer}/{field}": rule.sentence}) from error
