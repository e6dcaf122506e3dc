"""Disposals: a member marks what is no longer available, a manager confirms it or it is taken back. Nothing is erased."""

from typing import Annotated, Any

import psycopg
from fastapi import Query
from psycopg.types.json import Jsonb

from api.access import InLab, Row
from api.database import Data
from api.disposals.lists import COUNT, FIND_CANDIDATES, Search
from api.disposals.models import MOST, Candidates, Chosen, Confirmed, DisposalList, Marked, MarkLine, Marks, Withdrawn
from api.fields import Id, encode_cursor
from api.problems import MEANINGS, NOT_FOUND, Problem, broken_rule
from api.routes import resource

router = resource("/labs/{lab}/disposals", "disposals")

# Each line with what stands in the way of marking it; then the marks themselves.
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
CONFIRM = "SELECT disposed_containers, retired_chemicals FROM inventory.confirm_disposals(%s::bigint[])"
WITHDRAW = """
WITH chosen AS (SELECT d.id FROM inventory.disposals d WHERE d.id = ANY (%s::bigint[]) ORDER BY d.id FOR UPDATE)
UPDATE inventory.disposals d SET outcome = 'kept' FROM chosen WHERE d.id = chosen.id RETURNING d.id"""


def marked(lines: list[MarkLine], results: list[list[Row]]) -> Row:
    """The marks that were made, or a Problem that says of each line what stood in its way."""
    looked, made = results
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
    if len(ids) < len(lines):  # twice in this request, or by somebody else at this moment
        raise Problem(409, MEANINGS["disposals_marked_once"].sentence)
    return {"disposal_ids": [ids[row["chemical_id"], row["container_id"]] for row in looked]}


def refusal(error: psycopg.Error, chosen: Chosen) -> Problem | None:
    """What the database refused, beside the mark that it is about."""
    rule = broken_rule(error)
    if rule and (disposal := rule.facts.get("disposal_id")) in chosen.disposal_ids:
        return rule.problem(f"/disposal_ids/{chosen.disposal_ids.index(disposal)}")
    return rule.problem() if rule else None


@router.get("", response_model=DisposalList)
async def list_disposals(search: Annotated[Search, Query()], visit: InLab, data: Data) -> Any:
    """A page of marks: who, when, why, and what became of them."""
    statement, given, backwards = search.page()
    rows, [counts] = await data.read_all(visit, (statement, given), (COUNT, {}))
    more, rows = len(rows) > search.limit, rows[: search.limit]
    if backwards:
        rows.reverse()

    def cursor(towards: str, wanted: bool) -> str | None:
        row = rows[-1 if towards == "next" else 0] if rows and wanted else None
        return encode_cursor(towards, row[search.time].isoformat(), row["id"]) if row else None

    return {
        "items": rows,
        "next": cursor("next", more or backwards),
        "previous": cursor("previous", more if backwards else bool(search.cursor)),
        "counts": counts,
    }


@router.get("/candidates", response_model=Candidates)
async def list_candidates(
    visit: InLab,
    data: Data,
    container: Annotated[list[Id], Query(max_length=MOST)] = [],  # noqa: B006  FastAPI copies it
    chemical: Annotated[list[Id], Query(max_length=MOST)] = [],  # noqa: B006
    barcode: Annotated[str, Query(max_length=64)] = "",
) -> Any:
    """What is about to be marked: containers by their ids or a barcode, whole chemicals by theirs."""
    given = {"containers": container, "chemicals": chemical, "barcode": barcode.strip()}
    return {"items": await data.read(visit, FIND_CANDIDATES, given)}


@router.post("", status_code=201, response_model=Marked)
async def mark(marks: Marks, visit: InLab, data: Data) -> Any:
    """Marks for deletion, all or nothing. Stock stays as it is until a manager confirms."""
    lines = [{"line": number} | line.model_dump() for number, line in enumerate(marks.lines)]
    given = {"lines": Jsonb(lines), "reason": marks.reason}
    return await data.write(
        visit, (LOOK_AT_LINES, given), (MARK, given), answer=lambda results: marked(marks.lines, results)
    )


@router.post("/confirmations", status_code=201, response_model=Confirmed)
async def confirm(chosen: Chosen, visit: InLab, data: Data) -> Any:
    """Disposes of what was marked, through the ledger; a marked chemical is retired. Only a manager may."""
    try:
        return await data.write(
            visit, (CONFIRM, (chosen.once,)), needed="manager", answer=lambda results: results[0][0]
        )
    except psycopg.Error as error:
        if problem := refusal(error, chosen):
            raise problem from error
        raise


@router.post("/withdrawals", status_code=201, response_model=Withdrawn)
async def withdraw(chosen: Chosen, visit: InLab, data: Data) -> Any:
    """Takes marks back: whoever marked it, or a manager."""

    def answer(results: list[list[Row]]) -> Row:
        if len(results[0]) < len(chosen.once):
            raise Problem(404, NOT_FOUND)
        return {"disposal_ids": sorted(row["id"] for row in results[0])}

    try:
        return await data.write(visit, (WITHDRAW, (chosen.once,)), answer=answer)
    except psycopg.Error as error:
        if problem := refusal(error, chosen):
            raise problem from error
        raise
