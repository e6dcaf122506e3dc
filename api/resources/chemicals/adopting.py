"""A lab adopts hazards from the published lists that an administrator has kept: for one chemical, choosing among its entries, or for all
chemicals of a search whose hazards are not known. Undone as what was filled in from the reference is (enriching.py)."""

from typing import Annotated, Any

from fastapi import Query
from pydantic import ConfigDict, Field

from api.core.database import Data, Run
from api.core.fields import Id, Model, Version, VersionIn
from api.core.problems import Problem
from api.core.routes import resource
from api.core.rows import Row, one
from api.core.views import StatementText, statement_texts
from api.core.visit import InLab
from api.resources.chemicals.enriching import (
    BEGIN_ENRICHMENT,
    COUNT_FILLED,
    MOST_FILLED,
    MOST_SHOWN,
    Enriched,
    found_by,
    some_at_a_time,
)
from api.resources.chemicals.queries import Search
from api.resources.chemicals.structure_search import find_structures
from api.structures.apart import Structures

router = resource("/labs/{lab}/adoptions", "chemicals")


class Classified(Model):
    """A chemical for which a published list has something to say."""

    chemical_id: int
    name: str
    cas_number: str


class Adoptable(Classified):
    """A chemical whose hazards are not known, and of which all entries say the same."""

    title: str = Field(description="the list and its version", examples=["HCIS, May 2022"])
    pictograms: list[str]
    signal_word: str | None
    h_statements: list[str]


class Differing(Classified):
    """A chemical with hazards from an earlier version, of which the latest says something else, or nothing."""

    hazards_from: str = Field(description="the version from which they were adopted", examples=["HCIS, May 2021"])


class Adoption(Model):
    """What the lists would say of the chemicals that the search finds; of each kind the first 200 chemicals."""

    chemicals: int = Field(description="how many the search finds")
    adopted: int = Field(description="of how many the hazards are not known, and the lists agree")
    most_adopted: int = Field(description="how many of them one act gives their hazards at most")
    adoptable: list[Adoptable]
    several: int = Field(
        description="of how many the hazards are not known, and entries differ: somebody has to choose"
    )
    to_choose: list[Classified]
    differing: int
    changed: list[Differing]


class OfferedEntry(Model):
    """What one entry of a list says of the chemical's CAS RN."""

    list_id: int
    place: int
    title: str
    name: str = Field(description="the form that is meant, as the list calls it")
    notes: str
    pictograms: list[str]
    signal_word: str | None
    h_statements: list[StatementText]
    is_present: bool = Field(description="whether the chemical has just these hazards")


class OffersFor(Model):
    """A chemical with the entries among which it may adopt."""

    id: int
    version: Version
    name: str
    cas_number: str | None
    pictograms: list[str] | None
    signal_word: str | None
    h_statements: list[StatementText]
    hazards_from: str | None
    items: list[OfferedEntry]


class ChosenEntry(Model):
    """The entry whose hazards the chemical gets instead of its own."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"list_id": 1, "place": 17}]})

    list_id: Id
    place: Annotated[int, Field(ge=1, le=1_000_000)]
    version: VersionIn = None


class Adopted(Model):
    """The chemical that has the hazards of the entry now."""

    id: int


FIND_ADOPTABLE = "SELECT a.* FROM inventory.adoptable(%s::bigint[]) AS a"
ADOPT_ALL = "SELECT inventory.adopt_all(%s, %s::bigint[], %s) AS adopted"
ADOPT = "SELECT inventory.adopt(%s, %s, %s, %s) AS id"
FIND_CHEMICAL = f"""
SELECT h.id, h.xmin::text AS version, h.name, h.cas_number, h.pictograms, h.signal_word, {statement_texts("h.h_statements")} AS h_statements, h.hazards_from
  FROM inventory.chemicals h WHERE h.id = %s AND h.retired_at IS NULL"""
FIND_OFFERS = f"""
SELECT o.list_id, o.place, o.title, o.name, o.notes, o.pictograms, o.signal_word, {statement_texts("o.h_statements")} AS h_statements,
       coalesce(o.pictograms @> h.pictograms AND o.pictograms <@ h.pictograms AND o.h_statements @> h.h_statements
                AND o.h_statements <@ h.h_statements AND o.signal_word IS NOT DISTINCT FROM h.signal_word, false) AS is_present
  FROM inventory.chemicals h CROSS JOIN LATERAL reference.classifications_offered(h.cas_number) AS o WHERE h.id = %s LIMIT 100"""


@router.get("/new", response_model=Adoption)
async def preview_adoption(search: Annotated[Search, Query()], visit: InLab, data: Data, chemist: Structures) -> Any:
    """What the published lists would say of the chemicals that the search finds. Changes nothing."""
    await find_structures(search, visit, data, chemist)
    found = await data.read(visit, *found_by(search))
    rows: dict[str, list[Row]] = {"adopt": [], "choose": [], "changed": []}
    for some in some_at_a_time(found):
        for row in await data.read(visit, FIND_ADOPTABLE, (some,)):
            rows[row["kind"]].append(row | (row["fields"] or {}))
    return {
        "chemicals": sum(row["line"] is not None for row in found),
        "adopted": len(rows["adopt"]),
        "most_adopted": MOST_FILLED,
        "adoptable": rows["adopt"][:MOST_SHOWN],
        "several": len(rows["choose"]),
        "to_choose": rows["choose"][:MOST_SHOWN],
        "differing": len(rows["changed"]),
        "changed": rows["changed"][:MOST_SHOWN],
    }


@router.post("", status_code=201, response_model=Enriched)
async def adopt_all(search: Search, visit: InLab, data: Data, chemist: Structures) -> Any:
    """Gives the chemicals that the search finds, and whose hazards are not known, those on which all entries of the lists agree, in one
    transaction. `POST /labs/{lab}/enrichments/{id}/undo` undoes it."""
    await find_structures(search, visit, data, chemist)

    async def act(run: Run) -> Row:
        found = await run(*found_by(search))
        enrichment = one(await run(BEGIN_ENRICHMENT, ()))["id"]
        left = MOST_FILLED
        for some in some_at_a_time(found):
            left -= one(await run(ADOPT_ALL, (enrichment, some, left)))["adopted"]
            if not left:
                break
        done = one(await run(COUNT_FILLED, (enrichment,)))
        if not done["chemicals"]:
            raise Problem(409, "There is nothing to adopt.")
        return done

    return await data.write_step_by_step(visit, act)


@router.get("/{chemical}", response_model=OffersFor)
async def find_offers(chemical: Id, visit: InLab, data: Data) -> Any:
    """The entries of the latest versions of all lists for the CAS RN of a chemical, with the hazards that it has."""
    found = await data.read_all(visit, {"chemical": (FIND_CHEMICAL, (chemical,)), "items": (FIND_OFFERS, (chemical,))})
    return one(found["chemical"]) | {"items": found["items"]}


@router.post("/{chemical}", response_model=Adopted)
async def adopt(chemical: Id, chosen: ChosenEntry, visit: InLab, data: Data) -> Any:
    """Gives a chemical the hazards of one entry, instead of those that it has."""
    given = (chemical, chosen.list_id, chosen.place, chosen.version)
    return await data.write(visit, {"adopted": (ADOPT, given)}, answer=lambda found: one(found["adopted"]))
