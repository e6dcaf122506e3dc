"""The lines of a stocktake with expected and counted amounts; the container that was just scanned; the report."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Query
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from api.chemistry.quantities import units_fitting
from api.core import tables
from api.core.database import Data, Statement
from api.core.exports import Downloads
from api.core.fields import Id, Model, Number
from api.core.paging import Order, Page, Window
from api.core.product_codes import FIND_SCANNED, IDS_OF_PRODUCT, ScannedProduct, scanned_parameters, scanned_product
from api.core.routes import resource
from api.core.rows import Row, one
from api.core.search_words import FOUND_BY_WORDS
from api.core.visit import InLab
from api.resources.stocktakes.models import State, Stocktake, StocktakeLine
from api.resources.stocktakes.queries import FIND_STOCKTAKE, find_one, stocktakes_of

router = resource("/labs/{lab}", "stocktakes")

EXPORT_PAGE = 1000


class Since(Model):
    """A movement since the stocktake began. The expected amount takes it into account already."""

    kind: str = Field(examples=["check_out"])
    made_at: datetime
    made_by_name: str
    amount: Number | None = Field(description="signed, in unit", examples=["-0.25"])
    unit: str | None
    typed_amount: Number | None
    typed_unit: str | None


class Hit(StocktakeLine):
    """The container that was scanned, even if it belongs to another location."""

    belongs: bool = Field(description="it stands where one is, or below")
    since: list[Since] = Field(description="latest first, at most three")


class Here(Model):
    """The location where somebody is counting, with all below it."""

    id: int
    full_name: str
    expected: int
    counted: int


class LineList(Page):
    """A page of lines, with the stocktake, the location of the counting, and the container that was scanned."""

    stocktake: Stocktake
    items: list[StocktakeLine]
    hit: Hit | None
    product: ScannedProduct | None = Field(
        description="what `scan` says, if it is a manufacturer's code by which no one container is found"
    )
    here: Here | None = Field(description="null: anywhere")


class LinesAsked(Model):
    """The lines that are asked for. `scan` is a barcode, or words of a chemical's name."""

    model_config = ConfigDict(extra="forbid")

    state: State | Literal["recount", "to_count", "counted"] | None = Field(
        default=None, description="to_count: not counted yet, or to be counted again; counted: the others"
    )
    at: Annotated[Id | None, Field(description="only what stands in this location or below")] = None
    scan: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""
    container: Annotated[Id | None, Field(description="the hit, by its id")] = None
    cursor: Annotated[str, Field(max_length=2000)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50

    def window(self) -> Window:
        """The page that is asked for, in the order of locations and names."""
        return Window(BY_LOCATION, self.cursor, self.limit)


BY_LOCATION = Order(("location_sort", "name_sort", "container_id"), ("text", "text", "bigint"))
COLUMNS = """v.container_id, v.barcode, v.chemical_id, v.chemical_name, v.pictograms, v.signal_word, v.density_g_per_ml, v.lot, v.tare_g,
       v.location_id, v.location, v.amount, v.unit, v.pack_unit, v.state, v.recount, v.has_count, v.counted, v.counted_unit, v.expected,
       v.variance, round(100 * v.variance / nullif(v.expected, 0))::bigint AS percent, v.moves_to, v.clash, v.reason, v.counted_at,
       u.name AS counted_by_name, v.missing_since, v.disposed_at"""
FIND_LINES = f"""
SELECT {COLUMNS}, o.name AS holder, v.location_sort, v.name_sort
  FROM inventory.stocktake_lines v
  LEFT JOIN control.users u ON u.id = v.counted_by
  LEFT JOIN control.users o ON o.id = v.holder_id
 WHERE v.stocktake_id = %(stocktake)s AND {{where}}
 ORDER BY {{order}}
 LIMIT %(limit)s"""
# The containers that belong in the location or below it, or were found there.
WITHIN = """EXISTS (SELECT FROM inventory.locations a
  WHERE a.id = %(at)s AND (starts_with(v.location_path, a.path) OR v.moves_to_id = a.id))"""
FILTERS = {
    "state": "v.state = %(state)s",
    "recount": "v.recount",
    "to_count": "(v.state = 'not_counted' OR v.recount)",
    "counted": "(v.has_count AND NOT v.recount)",
    "at": WITHIN,
    "words": f"""(v.chemical_id IN ({FOUND_BY_WORDS.replace("%(q)s", "%(scan)s")}) OR strpos(lower(v.barcode), lower(%(scan)s)) > 0
        OR v.container_id = ANY ({IDS_OF_PRODUCT}) OR (SELECT {FIND_SCANNED}) IS NOT NULL)""",
}
# A scanned container that is not in the stocktake: it has its own columns, and null for those of a count.
FIND_HIT = f"""
SELECT {COLUMNS.replace("v.has_count", "coalesce(v.has_count, false) AS has_count", 1)}, o.name AS holder,
       coalesce(v.location_path, '') AS location_path, f.since,
       coalesce((SELECT starts_with(v.location_path, a.path) FROM inventory.locations a WHERE a.id = coalesce(%(at)s, s.location_id)),
                s.location_id IS NULL AND %(at)s::bigint IS NULL) AS belongs
  FROM inventory.stocktakes s
 CROSS JOIN LATERAL (
   SELECT k.id AS container_id, k.barcode, k.chemical_id, k.chemical_name, k.pictograms, k.signal_word, k.density_g_per_ml, k.lot, k.tare_g,
          k.location_id, k.location, k.location_path, k.amount, k.unit, k.pack_unit, k.holder_id, k.missing_since, k.disposed_at,
          coalesce(n.state, 'not_counted') AS state, coalesce(n.recount, false) AS recount, n.has_count, n.counted, n.counted_unit,
          coalesce(n.expected, k.amount) AS expected, n.variance, n.moves_to, coalesce(n.clash, false) AS clash, n.reason, n.counted_at, n.counted_by
     FROM inventory.stock k
     LEFT JOIN LATERAL (SELECT l.state, l.recount, l.has_count, l.counted, l.counted_unit, l.expected, l.variance, l.moves_to, l.clash, l.reason,
                               l.counted_at, l.counted_by
                          FROM inventory.stocktake_lines l WHERE l.stocktake_id = s.id AND l.container_id = k.id) AS n ON true
    WHERE k.id = coalesce(%(container)s::bigint, {FIND_SCANNED})) AS v
  LEFT JOIN control.users u ON u.id = v.counted_by
  LEFT JOIN control.users o ON o.id = v.holder_id
 CROSS JOIN LATERAL (
   SELECT coalesce(jsonb_agg(to_jsonb(e) ORDER BY e.made_at DESC), '[]') AS since
     FROM (SELECT m.kind, m.made_at, w.name AS made_by_name, m.amount, m.unit, m.typed_amount, m.typed_unit
             FROM inventory.movements m JOIN control.users w ON w.id = m.made_by
            WHERE m.container_id = v.container_id AND m.made_at > s.started_at AND m.kind <> 'count'
            ORDER BY m.made_at DESC LIMIT 3) AS e) AS f
 WHERE s.id = %(stocktake)s"""
FIND_HERE = """
SELECT a.id, a.full_name, count(v.container_id) AS expected, count(v.container_id) FILTER (WHERE v.has_count AND NOT v.recount) AS counted
  FROM inventory.locations a
  LEFT JOIN inventory.stocktake_lines v ON v.stocktake_id = %(stocktake)s AND starts_with(v.location_path, a.path) AND v.moves_to_id IS NULL
 WHERE a.id = %(at)s
 GROUP BY a.id, a.full_name"""


def line_of(row: Row) -> Row:
    """The row with the units in which an amount may be typed."""
    fitting = units_fitting(row["unit"], row["pack_unit"], density_is_known=row["density_g_per_ml"] is not None)
    return row | {"units": fitting}


def page_of(stocktake: int, asked: LinesAsked) -> Statement:
    """The statement that reads one page of lines."""
    given: Row = {"stocktake": stocktake, "state": asked.state, "at": asked.at, "scan": asked.scan.strip()}
    given |= scanned_parameters(asked.scan)
    window = asked.window()
    parts = [window.condition("v")]
    if asked.state:
        parts.append(FILTERS.get(asked.state, FILTERS["state"]))
    parts += [FILTERS[name] for name, wanted in (("at", asked.at), ("words", given["scan"])) if wanted]
    return FIND_LINES.format(where=" AND ".join(parts), order=window.order_by("v")), given | window.parameters


def page_answer(asked: LinesAsked, rows: list[Row]) -> Row:
    """Items and cursors of a page."""
    return asked.window().answer([line_of(row) for row in rows])


@router.get("/stocktakes/{stocktake}/lines", response_model=LineList)
async def list_lines(stocktake: Id, asked: Annotated[LinesAsked, Query()], visit: InLab, data: Data) -> Any:
    """A page of the lines in the order of location and name, with everything that a person who counts sees."""
    statements: dict[str, Statement] = {**find_one(stocktake), "page": page_of(stocktake, asked)}
    given = {"stocktake": stocktake, "at": asked.at, "container": asked.container, **scanned_parameters(asked.scan)}
    if asked.scan.strip() or asked.container:
        statements["hit"] = (FIND_HIT, given)
    if asked.at:
        statements["here"] = (FIND_HERE, given)
    found = await data.read_all(visit, statements)
    hits = [line_of(row) for row in found.get("hit", [])]
    if asked.container:
        one(hits)
    return page_answer(asked, found["page"]) | {
        "stocktake": one(stocktakes_of(found)),
        "here": one(found["here"]) if asked.at else None,
        "hit": hits[0] if hits else None,
        "product": None if hits else scanned_product(asked.scan.strip()),
    }


REPORT_HEADS = (
    "Barcode", "Chemical", "Location", "Lot", "Result", "Expected", "Counted", "Counted unit", "Variance", "Unit", "Variance %",
    "Reason", "Left for a recount", "Found at", "Counted by", "Counted at",
)  # fmt: skip
RESULTS = {
    "matched": "matched",
    "first": "first amount",
    "tolerance": "within tolerance",
    "off": "off",
    "elsewhere": "found elsewhere",
    "not_found": "not found",
    "not_counted": "not counted",
}


def report_cells(row: Row) -> Sequence[object]:
    """A line of the report."""
    return [
        row["barcode"], row["chemical_name"], row["location"], row["lot"], RESULTS[row["state"]],
        row["expected"] if row["has_count"] else row["amount"], row["counted"], row["counted_unit"], row["variance"], row["unit"], row["percent"],
        row["reason"], row["recount"], row["moves_to"], row["counted_by_name"], row["counted_at"],
    ]  # fmt: skip


@router.get(
    "/stocktakes/{stocktake}/report.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}}
)
async def report(stocktake: Id, visit: InLab, data: Data, downloads: Downloads) -> Response:
    """Downloads all lines as a file."""

    async def pages() -> AsyncIterator[tables.Page]:
        asked = LinesAsked().model_copy(update={"limit": EXPORT_PAGE})
        while True:
            statements = {"stocktake": (FIND_STOCKTAKE, {"stocktake": stocktake}), "page": page_of(stocktake, asked)}
            found = await data.read_all(visit, statements)
            one(found["stocktake"])
            answer = page_answer(asked, found["page"])
            yield [report_cells(row) for row in answer["items"]]
            if answer["next"] is None:
                return
            asked = asked.model_copy(update={"cursor": answer["next"]})

    return await downloads.csv(visit, data, f"stocktake-{stocktake}", REPORT_HEADS, pages())
