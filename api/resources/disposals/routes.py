"""Disposals: a member marks a container or chemical that is no longer available; a manager confirms the mark, or it is taken back.
Nothing is erased."""

from typing import Annotated, Any

import psycopg
from fastapi import Query
from psycopg.types.json import Jsonb

from api.core.database import Data, Found, Statements
from api.core.problems import NOT_FOUND, Problem
from api.core.refusals import broken_rule
from api.core.routes import resource
from api.core.rows import Row, one
from api.core.visit import InLab
from api.resources.disposals.meanings import MEANINGS
from api.resources.disposals.models import (
    MOST,
    Candidates,
    Chosen,
    Confirmation,
    Confirmed,
    DisposalList,
    Marked,
    MarkLine,
    Marks,
    Withdrawn,
)
from api.resources.disposals.queries import COUNT, COUNT_IN_STOCK, FIND_CANDIDATES, Asked, Search

router = resource("/labs/{lab}/disposals", "disposals")

TOO_MANY = f"At most {MOST} are marked at once. Choose fewer, or narrow the list further."

# Two statements in one round trip: the first finds what, if anything, prevents the marking of each line; the second makes the marks.
LOOK_AT_LINES = """
SELECT n.line, c.barcode, h.id AS chemical_id, h.name, c.id AS container_id,
       c.disposed_at IS NOT NULL OR h.retired_at IS NOT NULL AS gone,
       EXISTS (SELECT FROM inventory.disposals d WHERE d.chemical_id = h.id AND d.container_id IS NULL AND d.outcome IS NULL) AS chemical_is_marked,
       EXISTS (SELECT FROM inventory.disposals d WHERE d.chemical_id = h.id AND d.container_id = c.id AND d.outcome IS NULL) AS marked
  FROM jsonb_to_recordset(%(lines)s) AS n (line int, container_id bigint, chemical_id bigint)
  LEFT JOIN inventory.containers c ON c.id = n.container_id
  LEFT JOIN inventory.chemicals h ON h.id = coalesce(c.chemical_id, CASE WHEN n.container_id IS NULL THEN n.chemical_id END)
 ORDER BY n.line"""
MARK = f"""
INSERT INTO inventory.disposals (chemical_id, container_id, reason)
SELECT t.chemical_id, t.container_id, %(reason)s FROM ({LOOK_AT_LINES}) AS t WHERE t.chemical_id IS NOT NULL AND NOT t.gone
ON CONFLICT DO NOTHING
RETURNING id, chemical_id, container_id"""
CONFIRM = """
SELECT disposed_containers, retired_chemicals FROM inventory.confirm_disposals(%(disposal_ids)s::bigint[], %(container_ids)s::bigint[])"""
WITHDRAW = """
WITH chosen AS (SELECT d.id FROM inventory.disposals d WHERE d.id = ANY (%s::bigint[]) ORDER BY d.id FOR UPDATE)
UPDATE inventory.disposals d SET outcome = 'kept' FROM chosen WHERE d.id = chosen.id RETURNING d.id"""


def marked(lines: list[MarkLine], found: Found) -> Row:
    """The marks that were made; raises a Problem that says for each refused line what prevents its marking."""
    looked, made = found["looked"], found["made"]
    missing, wrong = {}, {}
    for line, row in zip(lines, looked, strict=True):
        where = f"/lines/{row['line']}/{'container_id' if line.container_id else 'chemical_id'}"
        what = row["barcode"] or row["name"]
        if row["chemical_id"] is None:
            missing[where] = NOT_FOUND
        elif row["gone"]:
            wrong[where] = f"{what} was disposed of." if row["container_id"] else f"{what} was retired."
        elif row["marked"] or (row["chemical_is_marked"] and not row["container_id"]):
            wrong[where] = f"{what} is marked for deletion already."
        elif row["chemical_is_marked"]:
            wrong[where] = f"All of {row['name']} is marked for deletion already."
    if missing or wrong:
        errors = missing | wrong
        sentence = (
            next(iter(errors.values())) if len(errors) == 1 else f"{len(errors)} of {len(lines)} cannot be marked."
        )
        raise Problem(404 if missing else 409, sentence, errors)
    ids = {(row["chemical_id"], row["container_id"]): row["id"] for row in made}
    # A line is in the request twice, or somebody else marked the same thing at the same moment.
    if len(ids) < len(lines):
        raise Problem(409, MEANINGS["disposals_marked_once"].sentence)
    return {"disposal_ids": [ids[row["chemical_id"], row["container_id"]] for row in looked]}


def refusal(error: psycopg.Error, chosen: Chosen) -> Problem | None:
    """The database's refusal as a problem at the mark that caused it."""
    rule = broken_rule(error)
    if rule and (disposal := rule.facts.get("disposal_id")) in chosen.disposal_ids:
        return rule.problem(f"/disposal_ids/{chosen.disposal_ids.index(disposal)}")
    return rule.problem() if rule else None


@router.get("", response_model=DisposalList)
async def list_disposals(search: Annotated[Search, Query()], visit: InLab, data: Data) -> Any:
    """A page of marks: who, when, why, and what became of them."""
    found = await data.read_all(visit, {"page": search.page(), "counts": (COUNT, ())})
    return search.window().answer(found["page"]) | {"counts": one(found["counts"])}


@router.get("/new", response_model=Candidates)
async def list_candidates(asked: Annotated[Asked, Query()], visit: InLab, data: Data) -> Any:
    """The containers and chemicals that somebody is about to mark; for chemicals of a narrowed list also the number of their containers."""
    found = await data.read_all(
        visit, {"items": (FIND_CANDIDATES, asked.given), "count": (COUNT_IN_STOCK, asked.given)}
    )
    if len(found["items"]) > MOST:
        raise Problem(422, TOO_MANY)
    return {"items": found["items"], "in_stock": one(found["count"])["in_stock"] if asked.is_narrow else None}


@router.post("", status_code=201, response_model=Marked)
async def mark(marks: Marks, visit: InLab, data: Data) -> Any:
    """Marks for deletion: all lines, or none when one is refused. The stock does not change until a manager confirms."""
    lines = [{"line": number} | line.model_dump() for number, line in enumerate(marks.lines)]
    given = {"lines": Jsonb(lines), "reason": marks.reason}
    statements: Statements = {"looked": (LOOK_AT_LINES, given), "made": (MARK, given)}
    return await data.write(visit, statements, answer=lambda found: marked(marks.lines, found))


@router.post("/confirmations", status_code=201, response_model=Confirmed)
async def confirm(chosen: Confirmation, visit: InLab, data: Data) -> Any:
    """Disposes of the marked containers by lines in the ledger, and retires marked chemicals. Only a manager may.

    Whoever confirms has seen which containers these are, and says so: where one came in, left the stock or is marked no longer, nothing
    is disposed of, and the answer names it."""

    try:
        given = {"disposal_ids": chosen.once, "container_ids": chosen.container_ids}
        statements: Statements = {"done": (CONFIRM, given)}
        return await data.write(visit, statements, needed="manager", answer=lambda found: one(found["done"]))
    except psycopg.Error as error:
        if problem := refusal(error, chosen):
            raise problem from error
        raise


@router.post("/withdrawals", status_code=201, response_model=Withdrawn)
async def withdraw(chosen: Chosen, visit: InLab, data: Data) -> Any:
    """Takes marks back. Only the member who made a mark, or a manager, may."""

    def answer(found: Found) -> Row:
        if len(found["withdrawn"]) < len(chosen.once):
            raise Problem(404, NOT_FOUND)
        return {"disposal_ids": sorted(row["id"] for row in found["withdrawn"])}

    try:
        return await data.write(visit, {"withdrawn": (WITHDRAW, (chosen.once,))}, answer=answer)
    except psycopg.Error as error:
        if problem := refusal(error, chosen):
            raise problem from error
        raise
