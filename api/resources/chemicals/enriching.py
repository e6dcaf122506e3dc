"""Fills empty fields of the chemicals that a search finds from the reference; nothing that contradicts the reference is touched."""

import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import Field

from api.core.database import Data, Run, Statement
from api.core.fields import Id, Model
from api.core.problems import Problem
from api.core.routes import resource
from api.core.rows import Row, one
from api.core.visit import InLab
from api.resources.chemicals.queries import MOST_COUNTED, Search
from api.resources.chemicals.structure_search import find_structures
from api.structures.apart import Structures

router = resource("/labs/{lab}/enrichments", "chemicals")

A_STATEMENT = 250
"""How many chemicals one statement looks up, so that none takes long."""
MOST_FILLED = 1000
"""How many chemicals one act fills: undoing the act is one statement, which may not take long either."""
MOST_SHOWN = 200
Contradiction = Literal["name", "mass", "hydrate", "inchikey"]


class Matched(Model):
    """A chemical that the reference knows."""

    chemical_id: int
    name: str
    cas_number: str = Field(description="in the reference")
    substance: str = Field(description="the name in the reference")
    matched_by: Literal["cas_number", "name", "inchikey"]


class Fillable(Matched):
    """A chemical with empty fields that the reference knows."""

    fields: dict[str, Any] = Field(description="each empty field with what the reference says")


class Contradicted(Matched):
    """A chemical of which the reference says something else; it is left as it is."""

    contradictions: list[Contradiction] = Field(
        description="name: means other substances; mass: the molar mass differs; hydrate: it differs by water; inchikey: another structure"
    )


class Enrichment(Model):
    """What would be filled, and what contradicts the reference; of each kind the first 200 chemicals."""

    chemicals: int = Field(description="how many the search finds")
    matched: int = Field(description="how many of them the reference knows")
    filled: int = Field(description="how many have fields that would be filled")
    most_filled: int = Field(description="how many of them one act fills at most")
    fields: dict[str, int] = Field(description="for each field in how many chemicals it would be filled")
    fillable: list[Fillable]
    contradicted: int
    contradictions: list[Contradicted]


class Enriched(Model):
    """An enrichment that was made."""

    id: int
    chemicals: int
    fields: int


class EnrichmentUndone(Model):
    """How many fields are empty again, and how many stay because somebody has changed them since."""

    emptied: int
    kept: int


FIND_ENRICHABLE = "SELECT e.* FROM inventory.enrichable(%s::bigint[]) AS e"
BEGIN_ENRICHMENT = "INSERT INTO inventory.enrichments (filled) VALUES ('{}') RETURNING id"
ENRICH = "SELECT inventory.enrich(%s, %s::bigint[], %s) AS filled"
COUNT_FILLED = """
SELECT e.id, (SELECT count(*)::int FROM jsonb_object_keys(e.filled)) AS chemicals,
       (SELECT count(*)::int FROM jsonb_each(e.filled) AS f CROSS JOIN LATERAL jsonb_object_keys(f.value) AS k) AS fields
  FROM inventory.enrichments e WHERE e.id = %s"""
UNDO = "SELECT u.emptied, u.kept FROM inventory.undo_enrichment(%s) AS u"


def found_by(search: Search) -> Statement:
    """The statement that finds the ids of all chemicals of a search."""
    return search.model_copy(update={"cursor": "", "limit": MOST_COUNTED}).page("h.id", total=False)


def some_at_a_time(rows: list[Row]) -> Iterator[list[int]]:
    """The ids in the rows of `found_by`, as many at a time as one statement looks up."""
    ids = [json.loads(row["line"])["id"] for row in rows if row["line"]]
    for start in range(0, len(ids), A_STATEMENT):
        yield ids[start : start + A_STATEMENT]


@router.get("/new", response_model=Enrichment)
async def preview_enrichment(search: Annotated[Search, Query()], visit: InLab, data: Data, chemist: Structures) -> Any:
    """What the reference would fill into the chemicals that the search finds. Changes nothing."""
    await find_structures(search, visit, data, chemist)
    found = await data.read(visit, *found_by(search))
    rows: list[Row] = []
    for some in some_at_a_time(found):
        rows += await data.read(visit, FIND_ENRICHABLE, (some,))
    fillable, contradicted = [row for row in rows if row["fields"]], [row for row in rows if row["contradictions"]]
    fields: dict[str, int] = {}
    for row in fillable:
        del row["fields"]["origins"]
        for name in row["fields"]:
            fields[name] = fields.get(name, 0) + 1
    return {
        "chemicals": sum(row["line"] is not None for row in found),
        "matched": len(rows),
        "filled": len(fillable),
        "most_filled": MOST_FILLED,
        "fields": fields,
        "fillable": fillable[:MOST_SHOWN],
        "contradicted": len(contradicted),
        "contradictions": contradicted[:MOST_SHOWN],
    }


@router.post("", status_code=201, response_model=Enriched)
async def enrich(search: Search, visit: InLab, data: Data, chemist: Structures) -> Any:
    """Fills the empty fields of the chemicals that the search finds, of at most as many as one act may fill, in one transaction."""
    await find_structures(search, visit, data, chemist)

    async def act(run: Run) -> Row:
        found = await run(*found_by(search))
        enrichment = one(await run(BEGIN_ENRICHMENT, ()))["id"]
        left = MOST_FILLED
        for some in some_at_a_time(found):
            left -= one(await run(ENRICH, (enrichment, some, left)))["filled"]
            if not left:
                break
        done = one(await run(COUNT_FILLED, (enrichment,)))
        if not done["chemicals"]:
            raise Problem(409, "There is nothing to fill in.")
        return done

    return await data.write_step_by_step(visit, act)


@router.post("/{enrichment}/undo", response_model=EnrichmentUndone)
async def undo_enrichment(enrichment: Id, visit: InLab, data: Data) -> Any:
    """Empties the fields that the enrichment filled and nobody has changed since. Its author may do so, and a manager."""
    return await data.write(visit, {"undone": (UNDO, (enrichment,))}, answer=lambda found: one(found["undone"]))
