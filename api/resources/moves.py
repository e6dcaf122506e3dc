"""Moves of containers to another location, any number at once. A trigger writes who moved them, when, from where and to where; undo
takes a move back.

A bottle that a member holds can be moved too: its location is where it will stand when it is back, so the member remains its holder.
Only bringing the bottle back (holdings.py) ends the holding, because that asks what is left in it.
"""

from typing import Annotated, Any, Self

import psycopg
from fastapi import Query
from pydantic import ConfigDict, Field, model_validator

from api.core.database import Data, Found, Statement, Statements
from api.core.fields import Id, Model
from api.core.narrowing import CHOSEN_CONTAINERS, Narrowing
from api.core.problems import NOT_FOUND, Problem
from api.core.refusals import broken_rule
from api.core.routes import resource
from api.core.rows import Row, one
from api.core.scans import FIND_BY_WORDS, ScanForm, fields_of_scan, scan_statements
from api.core.views import CONTAINER, Barcode, Container, NamedLocation, with_units
from api.core.visit import InLab

router = resource("/labs/{lab}/moves", "moves")

MOST = 500


class MoveIn(Model):
    """Containers, by ids or by scanned barcodes, and the location where they stand now. All are moved, or none when one is refused."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"location_id": 4, "barcodes": ["CT-000012", "CT-000015"]}]},
    )

    location_id: Id
    container_ids: list[Id] = Field(default=[], max_length=MOST)
    barcodes: list[Barcode] = Field(default=[], max_length=MOST)

    @model_validator(mode="after")
    def containers_are_named_in_one_way(self) -> Self:
        """Refuses a request that names neither ids nor barcodes, or both."""
        if bool(self.container_ids) == bool(self.barcodes):
            raise ValueError("Say which containers: by container_ids, or by barcodes.")
        return self


class Moved(Model):
    """A container with its new location."""

    id: int
    barcode: str
    chemical_id: int
    chemical_name: str
    holder: str | None = Field(description="who has it all the same")
    transfer_id: int | None = Field(description="the line of the history; null: it stood there already")


class AllMoved(Model):
    """The containers that were moved."""

    location_id: int
    location: str = Field(description="from the root")
    moved: int
    items: list[Moved]


class MoveForm(ScanForm):
    """The contents of the form for moves."""

    containers: list[Container] = Field(
        description="those asked for, in that order, those of the chemicals, then the one that q added"
    )
    hits: list[Container] = Field(description="what q found otherwise: those to choose from, or one disposed of")
    locations: list[NamedLocation]


class Asked(Narrowing):
    """The containers and the search text for which the form asks. A chemical stands for its containers in stock."""

    model_config = ConfigDict(extra="forbid")

    container: list[Id] = Field(default=[], max_length=MOST, description="containers of the form")
    chemical: list[Id] = Field(default=[], max_length=MOST, description="chemicals chosen in a list")
    q: Annotated[
        str, Field(max_length=200, description="a barcode, a manufacturer's code, or words of the chemical")
    ] = ""


FIND_CONTAINERS = CONTAINER + " WHERE s.id = ANY (%(container)s)"
FIND_OF_CHEMICALS = (
    CONTAINER
    + f""" WHERE s.id IN ({CHOSEN_CONTAINERS}) AND (s.missing_since IS NULL OR 'missing' = ANY (%(flag)s::text[]))
 ORDER BY s.chemical_name_sort, s.barcode, s.id LIMIT {MOST + 1}"""
)
TOO_MANY = f"At most {MOST} containers are moved at once. Choose fewer chemicals."
FIND_LOCATIONS = (
    "SELECT l.id, l.full_name FROM inventory.locations l WHERE l.archived_at IS NULL ORDER BY l.full_name_sort, l.id"
)
FIND_TO_MOVE = f"{FIND_BY_WORDS} ORDER BY s.chemical_name_sort, s.barcode, s.id LIMIT 20"

WANTED = """(
  SELECT n.number, n.id FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS n (id, number)
   UNION ALL
  SELECT n.number, inventory.find_barcode(n.code)
    FROM unnest(%(codes)s::text[]) WITH ORDINALITY AS n (code, number))"""
# Lock containers in the order of their ids, as every statement does, so that two requests never wait for each other.
LOCK = f"""
SELECT c.id FROM inventory.containers c WHERE c.id IN (SELECT w.id FROM {WANTED} AS w) ORDER BY c.id FOR UPDATE OF c"""
LOOK = f"""
SELECT w.number, s.id, s.barcode, s.chemical_id, s.chemical_name, s.holder, s.disposed_at
  FROM {WANTED} AS w LEFT JOIN inventory.stock s ON s.id = w.id ORDER BY w.number"""
FIND_LOCATION = "SELECT l.full_name FROM inventory.locations l WHERE l.id = %(location)s AND l.archived_at IS NULL"
MOVE = f"""
UPDATE inventory.containers c SET location_id = %(location)s
 WHERE c.id IN (SELECT w.id FROM {WANTED} AS w) AND c.location_id IS DISTINCT FROM %(location)s AND c.disposed_at IS NULL"""
# Transfers carry clock_timestamp(), which is later than now(), the time at which the transaction began.
FIND_TRANSFERS = f"""
SELECT t.id, t.container_id FROM inventory.transfers t
 WHERE t.container_id IN (SELECT w.id FROM {WANTED} AS w) AND t.kind = 'move' AND t.made_at >= now() AND t.made_by = control.user_id()"""


@router.get("/new", response_model=MoveForm)
async def show_move_form(asked: Annotated[Asked, Query()], visit: InLab, data: Data) -> Any:
    """Shows the form: its containers, those that `q` finds, and the locations."""
    code = asked.q.strip()
    statements: dict[str, Statement] = {
        "containers": (FIND_CONTAINERS, {"container": asked.container}),
        "locations": (FIND_LOCATIONS, ()),
    }
    if asked.chemical:
        statements["of_chemicals"] = (FIND_OF_CHEMICALS, asked.model_dump())
    statements |= scan_statements(code, FIND_TO_MOVE)
    found = await data.read_all(visit, statements)
    by_id = {row["id"]: with_units(row) for row in [*found["containers"], *found.get("of_chemicals", [])]}
    containers = [by_id[number] for number in dict.fromkeys([*asked.container, *by_id]) if number in by_id]
    if len(containers) > MOST:
        raise Problem(422, TOO_MANY)
    return fields_of_scan(code, found, containers, with_units) | {"locations": found["locations"]}


@router.post("", status_code=201, response_model=AllMoved)
async def move(moving: MoveIn, visit: InLab, data: Data) -> Any:
    """Moves containers to a location. Containers that stand there already get no line in the history."""
    given = {"location": moving.location_id, "ids": moving.container_ids, "codes": [c.strip() for c in moving.barcodes]}
    named = "barcodes" if moving.barcodes else "container_ids"

    def answer(found: Found) -> Row:
        looked = found["looked"]
        by_pointer = {f"/{named}/{row['number'] - 1}": row for row in looked}
        if missing := {pointer: NOT_FOUND for pointer, row in by_pointer.items() if row["id"] is None}:
            raise Problem(404, NOT_FOUND, missing)
        gone = {
            pointer: f"{row['barcode']} was disposed of." for pointer, row in by_pointer.items() if row["disposed_at"]
        }
        if gone:
            raise Problem(409, next(iter(gone.values())), gone)
        location = one(found["location"])["full_name"]
        written = {row["container_id"]: row["id"] for row in found["transfers"]}
        items = {row["id"]: row | {"transfer_id": written.get(row["id"])} for row in looked}
        return {
            "location_id": moving.location_id,
            "location": location,
            "moved": len(written),
            "items": [{name: item[name] for name in Moved.model_fields} for item in items.values()],
        }

    statements: Statements = {
        "locked": (LOCK, given),
        "looked": (LOOK, given),
        "location": (FIND_LOCATION, given),
        "moved": (MOVE, given),
        "transfers": (FIND_TRANSFERS, given),
    }
    try:
        return await data.write(visit, statements, answer=answer)
    except psycopg.Error as error:
        rule = broken_rule(error)
        if rule and rule.meaning.status == 404 and error.sqlstate == "23503":
            raise Problem(404, NOT_FOUND, {"/location_id": NOT_FOUND}) from error
        raise
