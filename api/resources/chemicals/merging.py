"""Two entries of one substance become one: proposed by CAS RN, name or InChIKey, done by a manager, and undone."""

from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import ConfigDict, Field

from api.core.database import Data
from api.core.fields import Id, Model
from api.core.routes import resource
from api.core.rows import one
from api.core.visit import InLab

router = resource("/labs/{lab}/mergers", "chemicals")


class Entry(Model):
    """An entry of the lab's list, with what helps to tell whether it is the same substance."""

    id: int
    name: str
    cas_number: str | None
    formula: str | None
    containers: int = Field(description="all, those disposed of too")


class Proposal(Entry):
    """Another entry that may be the same substance."""

    because: Literal["cas_number", "name", "inchikey"] = Field(
        description="what both have in common; an InChIKey is only a hint, because several substances may share one"
    )


class Proposals(Model):
    """The entry that would be kept, and what could be merged into it."""

    kept: Entry
    items: list[Proposal]


class MergerIn(Model):
    """Which entry is kept, and which becomes part of it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"kept_id": 3, "merged_id": 17}]})

    kept_id: Id
    merged_id: Id


class Merger(Model):
    """A merger that was made."""

    id: int
    containers: int = Field(description="how many moved")


class MergerUndone(Model):
    """How many containers went back, and what did not because of something done since."""

    containers: int
    containers_stayed: int = Field(description="they were disposed of with the kept entry as a whole")
    names_stayed: list[str] = Field(
        description="the kept entry is called so by now, or another entry that was merged into it is"
    )


ENTRY = """h.id, h.name, h.cas_number, h.formula,
       (SELECT count(*) FROM inventory.containers c WHERE c.lab_id = h.lab_id AND c.chemical_id = h.id) AS containers"""
FIND_KEPT = f"SELECT {ENTRY} FROM inventory.chemicals h WHERE h.id = %s AND h.retired_at IS NULL"
FIND_PROPOSALS = f"""
SELECT p.because, {ENTRY} FROM inventory.merge_proposals(%s) WITH ORDINALITY AS p (chemical_id, because, place)
  JOIN inventory.chemicals h ON h.id = p.chemical_id ORDER BY p.place"""
MERGE = "SELECT inventory.merge_chemicals(%s, %s) AS id"
COUNT_MOVED = """
SELECT m.id, cardinality(m.containers) AS containers FROM inventory.mergers m WHERE m.kept_id = %s AND m.merged_id = %s ORDER BY m.id DESC LIMIT 1"""
UNDO = "SELECT containers, containers_stayed, names_stayed FROM inventory.undo_merger(%s)"


@router.get("/new", response_model=Proposals)
async def propose_mergers(chemical: Annotated[Id, Query()], visit: InLab, data: Data) -> Any:
    """Other entries of the lab that may be the same substance as `chemical`, at most 20. Changes nothing."""
    found = await data.read_all(visit, {"kept": (FIND_KEPT, (chemical,)), "items": (FIND_PROPOSALS, (chemical,))})
    return {"kept": one(found["kept"]), "items": found["items"]}


@router.post("", status_code=201, response_model=Merger)
async def merge(merger: MergerIn, visit: InLab, data: Data) -> Any:
    """Merges two entries: containers with their history and marks, and all names, become those of the kept one; the other is no longer
    listed. Only managers may do so."""
    ids = (merger.kept_id, merger.merged_id)
    return await data.write(
        visit, {"made": (MERGE, ids), "moved": (COUNT_MOVED, ids)}, "manager", lambda found: one(found["moved"])
    )


@router.post("/{merger}/undo", response_model=MergerUndone)
async def undo_merger(merger: Id, visit: InLab, data: Data) -> Any:
    """Lists the merged entry again, with the containers and names that it had. What was done since is kept, and the answer says what
    stayed for that. Only managers may do so."""
    return await data.write(visit, {"undone": (UNDO, (merger,))}, "manager", lambda found: one(found["undone"]))
