"""Stocktakes as a whole: list open, due and past ones; start, look at, post and cancel one."""

from typing import Annotated, Any

import psycopg
from fastapi import Query
from pydantic import ConfigDict, Field

from api.core.database import Data, Found, Statements
from api.core.fields import Id, Model
from api.core.paging import Order, Window
from api.core.problems import Problem
from api.core.refusals import broken_rule, sentence_of
from api.core.routes import resource
from api.core.rows import Row, one
from api.core.views import Written
from api.core.visit import InLab
from api.resources.stocktakes.models import Posting, StocktakeDetail, StocktakeIn, StocktakeList
from api.resources.stocktakes.queries import IS_OPEN, STOCKTAKE, find_one, find_open, stocktakes_of

router = resource("/labs/{lab}", "stocktakes")


class PastAsked(Model):
    """The page of past stocktakes that is asked for."""

    model_config = ConfigDict(extra="forbid")

    cursor: Annotated[str, Field(max_length=200)] = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 20


FIND_PAST = f"""{STOCKTAKE}
 WHERE NOT ({IS_OPEN}) AND {{beyond}}
 ORDER BY {{order}} LIMIT %(limit)s"""
LATEST_FIRST = Order(("id",), ("bigint",), descending=True)
FIND_DUE = f"""
SELECT l.id, l.full_name, l.due_on, l.count_period_days, l.last_counted_at, coalesce(w.containers, 0) AS containers, s.id AS stocktake_id
  FROM inventory.location_tree l
  LEFT JOIN inventory.location_contents w ON w.location_id = l.id
  LEFT JOIN inventory.stocktakes s ON s.lab_id = l.lab_id AND s.location_id = l.id AND {IS_OPEN}
 WHERE l.due
 ORDER BY l.due_on, l.full_name_sort"""
FIND_TODAY = "SELECT control.today() AS today"
FIND_LOCATIONS = """
WITH counted AS (
  SELECT step::bigint AS id, count(*) AS expected, count(*) FILTER (WHERE v.has_count AND NOT v.recount) AS counted
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
 ORDER BY l.full_name_sort"""
FIND_USUAL = "SELECT * FROM inventory.usual_tolerance(control.lab_id())"
START = """
INSERT INTO inventory.stocktakes (location_id, blind, tolerance_percent, tolerance_amount, sample_percent, not_counted_days, dangerous_only)
VALUES (%(location_id)s, %(blind)s, %(tolerance_percent)s, %(tolerance_amount)s, %(sample_percent)s, %(not_counted_days)s, %(dangerous_only)s)
RETURNING id"""
FIND_ID = "SELECT s.id FROM inventory.stocktakes s WHERE s.id = %(stocktake)s"
POST = "SELECT counts FROM inventory.post_stocktake(%(stocktake)s)"
FIND_OUTCOME = "SELECT s.outcome FROM inventory.stocktakes s WHERE s.id = %(stocktake)s"
CANCEL = """
UPDATE inventory.stocktakes SET cancelled_at = now()
 WHERE id = %(stocktake)s AND posted_at IS NULL AND cancelled_at IS NULL RETURNING id"""


@router.get("/stocktakes", response_model=StocktakeList)
async def list_stocktakes(asked: Annotated[PastAsked, Query()], visit: InLab, data: Data) -> Any:
    """The open stocktakes with their progress, the locations that are due, and a page of past stocktakes."""
    window = Window(LATEST_FIRST, asked.cursor, asked.limit)
    past = FIND_PAST.format(beyond=window.condition("s"), order=window.order_by("s"))
    statements: Statements = {
        **find_open(),
        "due": (FIND_DUE, ()),
        "today": (FIND_TODAY, ()),
        "past": (past, window.parameters),
        "usual": (FIND_USUAL, ()),
    }
    found = await data.read_all(visit, statements)
    return window.answer(found["past"]) | {
        "open": stocktakes_of(found),
        "due": found["due"],
        "today": one(found["today"])["today"],
        "usual": one(found["usual"]),
    }


@router.post("/stocktakes", status_code=201, response_model=Written)
async def start_stocktake(stocktake: StocktakeIn, visit: InLab, data: Data) -> Any:
    """Starts a stocktake of a location with all below it, or of the whole lab. Only one may be open for the same location.

    A part of what stands there can be asked for: a random sample, what was not counted lately, what is dangerous. A location gets the
    date of its last count only from a stocktake that asks for everything there.
    """
    statements: Statements = {"started": (START, stocktake.model_dump())}
    return await data.write(visit, statements, answer=lambda found: one(found["started"]))


@router.get("/stocktakes/{stocktake}", response_model=StocktakeDetail)
async def find_stocktake(stocktake: Id, visit: InLab, data: Data) -> Any:
    """A stocktake with its progress, location by location."""
    statements = {**find_one(stocktake), "locations": (FIND_LOCATIONS, {"stocktake": stocktake})}
    found = await data.read_all(visit, statements)
    top = min((location["depth"] for location in found["locations"]), default=0)
    locations = [location | {"depth": location["depth"] - top} for location in found["locations"]]
    return one(stocktakes_of(found)) | {"locations": locations}


@router.post("/stocktakes/{stocktake}/post", response_model=Posting)
async def post_stocktake(stocktake: Id, visit: InLab, data: Data) -> Any:
    """Writes all counts into the ledger, in one transaction.

    The movement of a count adds the difference between the counted amount and the amount that was expected at that moment, so
    check-outs since then are kept. If a container would then hold less than nothing, a 409 names it (`container_id`): it must be
    counted again.
    """
    given = {"stocktake": stocktake}
    try:
        statements: Statements = {"posted": (POST, given), "stocktake": (FIND_OUTCOME, given)}
        return await data.write(visit, statements, answer=lambda found: one(found["stocktake"])["outcome"])
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
    """Ends a stocktake without writing to the ledger. Its counts can still be looked at."""

    def cancelled(found: Found) -> Row:
        one(found["stocktake"])
        if not found["cancelled"]:
            raise Problem(409, sentence_of("stocktake_is_open"))
        return found["cancelled"][0]

    given = {"stocktake": stocktake}
    statements: Statements = {"stocktake": (FIND_ID, given), "cancelled": (CANCEL, given)}
    return await data.write(visit, statements, answer=cancelled)
