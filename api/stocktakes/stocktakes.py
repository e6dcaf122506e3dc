"""Stocktakes as a whole: what is open, due and past; start, look, post, cancel."""

from typing import Annotated, Any

import psycopg
from fastapi import Query
from pydantic import ConfigDict, Field

from api.access import InLab, Row
from api.database import Data, Statement
from api.fields import Id, Model, decode_cursor, encode_cursor
from api.problems import Problem, broken_rule, not_found
from api.routes import resource
from api.stocktakes.models import (
    IS_OPEN,
    OVERVIEW,
    STOCKTAKE,
    Posting,
    StocktakeDetail,
    StocktakeIn,
    StocktakeList,
    Written,
    find_one,
    stocktakes_of,
)

router = resource("/labs/{lab}", "stocktakes")


class PastAsked(Model):
    """Which page of what is over."""

    model_config = ConfigDict(extra="forbid")

    cursor: Annotated[str, Field(max_length=200)] = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 20


FIND_PAST = f"""{STOCKTAKE}
 WHERE NOT ({IS_OPEN}) AND (%(last)s::bigint IS NULL OR {{beyond}})
 ORDER BY s.id {{direction}} LIMIT %(limit)s"""
FIND_DUE = f"""
SELECT p.id, p.full_name, p.due_on, p.count_period_days, p.last_counted_at, coalesce(w.containers, 0) AS containers, s.id AS stocktake_id
  FROM inventory.places p
  LEFT JOIN inventory.place_contents w ON w.location_id = p.id
  LEFT JOIN inventory.stocktakes s ON s.lab_id = p.lab_id AND s.location_id = p.id AND {IS_OPEN}
 WHERE p.due
 ORDER BY p.due_on, p.full_name"""
FIND_TODAY = "SELECT control.today() AS today"
FIND_PLACES = """
WITH counted AS (
  SELECT step::bigint AS id, count(*) AS expected, count(*) FILTER (WHERE v.said AND NOT v.recount) AS counted
    FROM inventory.stocktake_lines v CROSS JOIN string_to_table(trim(v.location_path, '/'), '/') AS step
   WHERE v.stocktake_id = %(stocktake)s AND v.moves_to_id IS NULL
   GROUP BY step)
SELECT l.id, l.name, l.full_name, length(l.path) - length(replace(l.path, '/', '')) - 2 AS depth,
       coalesce(c.expected, 0) AS expected, coalesce(c.counted, 0) AS counted
  FROM inventory.stocktakes s
  LEFT JOIN inventory.locations root ON root.lab_id = s.lab_id AND root.id = s.location_id
  JOIN inventory.locations l ON l.lab_id = s.lab_id AND l.archived_at IS NULL AND starts_with(l.path, coalesce(root.path, '/'))
  LEFT JOIN counted c ON c.id = l.id
 WHERE s.id = %(stocktake)s
 ORDER BY l.full_name"""
START = "INSERT INTO inventory.stocktakes (location_id) VALUES (%s) RETURNING id"
FIND_ID = "SELECT s.id FROM inventory.stocktakes s WHERE s.id = %(stocktake)s"
POST = "SELECT counts FROM inventory.post_stocktake(%(stocktake)s)"
FIND_OUTCOME = "SELECT s.outcome FROM inventory.stocktakes s WHERE s.id = %(stocktake)s"
CANCEL = """
UPDATE inventory.stocktakes SET cancelled_at = now()
 WHERE id = %(stocktake)s AND posted_at IS NULL AND cancelled_at IS NULL RETURNING id"""


@router.get("/stocktakes", response_model=StocktakeList)
async def list_stocktakes(asked: Annotated[PastAsked, Query()], visit: InLab, data: Data) -> Any:
    """What is open with its progress, what is due, and a page of what is over."""
    towards, last = decode_cursor(asked.cursor, (str, int)) if asked.cursor else ("next", None)
    backwards = towards == "previous"
    past = FIND_PAST.format(
        beyond=f"s.id {'>' if backwards else '<'} %(last)s", direction="ASC" if backwards else "DESC"
    )
    statements: list[Statement] = [*((sql, ()) for sql in OVERVIEW), (FIND_DUE, ()), (FIND_TODAY, ())]
    statements.append((past, {"last": last, "limit": asked.limit + 1}))
    *overview, due, [day], rows = await data.read_all(visit, *statements)
    more, rows = len(rows) > asked.limit, rows[: asked.limit]
    if backwards:
        rows.reverse()
    onward, back = more or backwards, more if backwards else bool(asked.cursor)
    return {
        "open": stocktakes_of(overview),
        "due": due,
        "items": rows,
        "next": encode_cursor("next", rows[-1]["id"]) if rows and onward else None,
        "previous": encode_cursor("previous", rows[0]["id"]) if rows and back else None,
        "today": day["today"],
    }


@router.post("/stocktakes", status_code=201, response_model=Written)
async def start_stocktake(stocktake: StocktakeIn, visit: InLab, data: Data) -> Any:
    """Starts counting a location with all below it, or the whole lab. One is open at a time on the same location."""
    return await data.write(visit, (START, (stocktake.location_id,)), answer=lambda results: results[0][0])


@router.get("/stocktakes/{stocktake}", response_model=StocktakeDetail)
async def find_stocktake(stocktake: Id, visit: InLab, data: Data) -> Any:
    """A stocktake with its progress, location by location."""
    *head, places = await data.read_all(visit, *find_one(stocktake), (FIND_PLACES, {"stocktake": stocktake}))
    found = stocktakes_of(head)
    if not found:
        raise not_found()
    top = min((place["depth"] for place in places), default=0)
    return found[0] | {"places": [place | {"depth": place["depth"] - top} for place in places]}


@router.post("/stocktakes/{stocktake}/post", response_model=Posting)
async def post_stocktake(stocktake: Id, visit: InLab, data: Data) -> Any:
    """Writes all counts into the ledger, in one go or not at all.

    A count movement adds what was counted less what was expected at that moment: what was taken since stays taken. Where that
    would leave less than nothing, 409 names the container (`container_id`), which must be counted again.
    """
    given = {"stocktake": stocktake}
    try:
        return await data.write(visit, (POST, given), (FIND_OUTCOME, given), answer=lambda r: r[1][0]["outcome"])
    except psycopg.Error as error:
        rule = broken_rule(error)
        if rule and rule.constraint == "containers_amount_is_not_negative":
            barcode, container = rule.facts["barcode"], rule.facts["container_id"]
            sentence = f"More was taken from {barcode} since it was counted than was found in it. Count it again."
            raise Problem(
                409,
                f"{sentence} Nothing was posted.",
                {f"/counts/{container}": sentence},
                extra={"container_id": container, "barcode": barcode},
            ) from error
        raise


@router.post("/stocktakes/{stocktake}/cancel", response_model=Written)
async def cancel_stocktake(stocktake: Id, visit: InLab, data: Data) -> Any:
    """Ends a stocktake without writing anything. Its counts can still be looked at."""

    def cancelled(results: list[list[Row]]) -> Row:
        if not results[0]:
            raise not_found()
        if not results[1]:
            raise Problem(409, "This stocktake is over.")
        return results[1][0]

    given = {"stocktake": stocktake}
    return await data.write(visit, (FIND_ID, given), (CANCEL, given), answer=cancelled)
