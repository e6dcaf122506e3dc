"""Containers are moved to another location, any number at once; a trigger writes who, when, from and to. A move can be undone.

A bottle that somebody has taken moves too: its place is where it stands when it is back, so its holder stays its holder. It is
brought back by bringing it back (holdings), which asks what is left in it.
"""

from typing import Annotated, Any, Self

import psycopg
from fastapi import Query
from pydantic import ConfigDict, Field, model_validator

from api import words
from api.access import InLab, Row
from api.database import Data, Statement
from api.fields import Id, Model
from api.problems import NOT_FOUND, Problem, broken_rule, not_found
from api.routes import resource
from api.views import CONTAINER, Barcode, Container, with_units

router = resource("/labs/{lab}/moves", "moves")

MOST = 500


class MoveIn(Model):
    """Containers, by their ids or by the barcodes that were scanned, and where they stand now. All or nothing."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"location_id": 4, "barcodes": ["CT-000012", "CT-000015"]}]},
    )

    location_id: Id
    container_ids: list[Id] = Field(default=[], max_length=MOST)
    barcodes: list[Barcode] = Field(default=[], max_length=MOST)

    @model_validator(mode="after")
    def containers_are_named_in_one_way(self) -> Self:
        """Refuses none, and both."""
        if bool(self.container_ids) == bool(self.barcodes):
            raise ValueError("Say which containers: by container_ids, or by barcodes.")
        return self


class Moved(Model):
    """A container where it is now."""

    id: int
    barcode: str
    chemical_id: int
    chemical_name: str
    holder: str | None = Field(description="who has it all the same")
    transfer_id: int | None = Field(description="the line of the history; null: it stood there already")


class AllMoved(Model):
    """What was moved."""

    location_id: int
    location: str = Field(description="from the root")
    moved: int
    items: list[Moved]


class UndoIn(Model):
    """Moves to be taken back, all or nothing."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"transfer_ids": [31, 32]}]})

    transfer_ids: Annotated[list[Id], Field(min_length=1, max_length=MOST)]


class Undone(Model):
    """How many containers stand where they stood before."""

    moved: int


class Place(Model):
    """Where a container may stand."""

    id: int
    full_name: str = Field(description="from the root")


class MoveForm(Model):
    """Everything that a person sees while moving."""

    containers: list[Container] = Field(description="those asked for, in that order, then the one that q added")
    added: int | None = Field(description="the container that q found, when it is just one and still there")
    hits: list[Container] = Field(description="what q found otherwise: several to choose from, or one disposed of")
    locations: list[Place]


class Asked(Model):
    """What the form shows."""

    model_config = ConfigDict(extra="forbid")

    container: list[Id] = Field(default=[], max_length=MOST, description="containers of the form")
    q: Annotated[str, Field(max_length=200, description="a barcode, or words of the chemical")] = ""


FIND_CONTAINERS = CONTAINER + " WHERE s.id = ANY (%(container)s)"
FIND_LOCATIONS = (
    "SELECT l.id, l.full_name FROM inventory.locations l WHERE l.archived_at IS NULL ORDER BY l.full_name, l.id"
)
# A barcode is found as it was typed or in capitals: labels have capitals, fingers do not.
FIND_BY_BARCODE = CONTAINER + " WHERE s.barcode IN (%(code)s, upper(%(code)s)) ORDER BY s.barcode <> %(code)s LIMIT 1"
FIND_BY_WORDS = (
    CONTAINER + " WHERE s.disposed_at IS NULL AND {where} ORDER BY s.chemical_name_folded, s.barcode, s.id LIMIT 20"
)

WANTED = """(
  SELECT n.number, n.id FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS n (id, number)
   UNION ALL
  SELECT n.number, (SELECT b.id FROM inventory.containers b WHERE b.barcode IN (n.code, upper(n.code)) ORDER BY b.barcode <> n.code LIMIT 1)
    FROM unnest(%(codes)s::text[]) WITH ORDINALITY AS n (code, number))"""
# In the order in which everybody locks containers: two requests never wait for each other.
LOCK = f"""
SELECT c.id FROM inventory.containers c WHERE c.id IN (SELECT w.id FROM {WANTED} AS w) ORDER BY c.id FOR UPDATE OF c"""
LOOK = f"""
SELECT w.number, s.id, s.barcode, s.chemical_id, s.chemical_name, s.holder, s.disposed_at
  FROM {WANTED} AS w LEFT JOIN inventory.stock s ON s.id = w.id ORDER BY w.number"""
FIND_LOCATION = "SELECT l.full_name FROM inventory.locations l WHERE l.id = %(location)s AND l.archived_at IS NULL"
MOVE = f"""
UPDATE inventory.containers c SET location_id = %(location)s
 WHERE c.id IN (SELECT w.id FROM {WANTED} AS w) AND c.location_id IS DISTINCT FROM %(location)s AND c.disposed_at IS NULL"""
# The clock of a transfer has gone on since its transaction began.
FIND_TRANSFERS = f"""
SELECT t.id, t.container_id FROM inventory.transfers t
 WHERE t.container_id IN (SELECT w.id FROM {WANTED} AS w) AND t.kind = 'move' AND t.made_at >= now() AND t.made_by = control.user_id()"""

UNDONE = """inventory.transfers t JOIN inventory.containers c ON c.id = t.container_id
 WHERE t.id = ANY (%(transfers)s) AND t.kind = 'move'"""
LOCK_UNDONE = f"SELECT c.id FROM {UNDONE} ORDER BY c.id FOR UPDATE OF c"
LOOK_AT_UNDONE = f"""
SELECT t.id, t.made_by, c.barcode, c.disposed_at,
       EXISTS (SELECT FROM inventory.transfers later WHERE later.container_id = c.id AND later.id > t.id
                  AND later.from_location_id IS DISTINCT FROM later.to_location_id) AS moved_since
  FROM {UNDONE}"""
UNDO = f"""
UPDATE inventory.containers SET location_id = before.from_location_id
  FROM (SELECT c.id, t.from_location_id FROM {UNDONE}) AS before
 WHERE containers.id = before.id"""


@router.get("", response_model=MoveForm)
async def show_move_form(asked: Annotated[Asked, Query()], visit: InLab, data: Data) -> Any:
    """The containers of the form with what `q` found, and the locations."""
    code = asked.q.strip()
    find, named = words.conditions("s.chemical_id", words.words_of(code))
    statements: list[Statement] = [(FIND_CONTAINERS, {"container": asked.container}), (FIND_LOCATIONS, ())]
    if code:
        statements.append((FIND_BY_BARCODE, {"code": code}))
    if find:
        statements.append((FIND_BY_WORDS.format(where=" AND ".join(find)), named))
    found, locations, *hits = await data.read_all(visit, *statements)
    by_id = {row["id"]: with_units(row) for row in found}
    containers = [by_id[number] for number in dict.fromkeys(asked.container) if number in by_id]
    chosen = [with_units(row) for row in next((rows for rows in hits if rows), [])]
    added = chosen[0]["id"] if len(chosen) == 1 and chosen[0]["disposed_at"] is None else None
    if added and added not in by_id:
        containers += chosen
    return {"containers": containers, "added": added, "hits": [] if added else chosen, "locations": locations}


@router.post("", status_code=201, response_model=AllMoved)
async def move(moving: MoveIn, visit: InLab, data: Data) -> Any:
    """Moves containers to a location. Those that stand there already stay, without a line in the history."""
    given = {"location": moving.location_id, "ids": moving.container_ids, "codes": [c.strip() for c in moving.barcodes]}
    named = "barcodes" if moving.barcodes else "container_ids"

    def answer(results: list[list[Row]]) -> Row:
        _, looked, locations, _, transfers = results
        places = {f"/{named}/{row['number'] - 1}": row for row in looked}
        if missing := {place: NOT_FOUND for place, row in places.items() if row["id"] is None}:
            raise Problem(404, NOT_FOUND, missing)
        gone = {place: f"{row['barcode']} was disposed of." for place, row in places.items() if row["disposed_at"]}
        if gone:
            raise Problem(409, next(iter(gone.values())), gone)
        if not locations:
            raise not_found()
        written = {row["container_id"]: row["id"] for row in transfers}
        items = {row["id"]: row | {"transfer_id": written.get(row["id"])} for row in looked}
        return {
            "location_id": moving.location_id,
            "location": locations[0]["full_name"],
            "moved": len(written),
            "items": [{name: item[name] for name in Moved.model_fields} for item in items.values()],
        }

    statements = [(sql, given) for sql in (LOCK, LOOK, FIND_LOCATION, MOVE, FIND_TRANSFERS)]
    try:
        return await data.write(visit, *statements, answer=answer)
    except psycopg.Error as error:
        rule = broken_rule(error)
        if rule and rule.meaning.status == 404 and error.sqlstate == "23503":
            raise Problem(404, NOT_FOUND, {"/location_id": NOT_FOUND}) from error
        raise


@router.post("/undo", status_code=201, response_model=Undone)
async def undo(undoing: UndoIn, visit: InLab, data: Data) -> Any:
    """Moves containers back to where they stood before, by who moved them or a manager, if nobody moved them since."""
    wanted = set(undoing.transfer_ids)
    given = {"transfers": sorted(wanted)}

    def answer(results: list[list[Row]]) -> Row:
        looked = results[1]
        if len(looked) < len(wanted):
            raise not_found()
        if visit.member["role"] != "manager" and any(row["made_by"] != visit.member["user_id"] for row in looked):
            raise Problem(403, "A move is undone by who made it, or by a manager.")
        for row in looked:
            if row["moved_since"] or row["disposed_at"]:
                what = "was disposed of" if row["disposed_at"] else "was moved again"
                raise Problem(409, f"{row['barcode']} {what} since. Nothing was moved back.")
        return {"moved": len(looked)}

    statements = [(sql, given) for sql in (LOCK_UNDONE, LOOK_AT_UNDONE, UNDO)]
    return await data.write(visit, *statements, answer=answer)
