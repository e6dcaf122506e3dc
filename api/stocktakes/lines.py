"""The lines of a stocktake: what is expected and what was counted; the container just scanned; the report."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Query
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from api import csv_export
from api.access import InLab, Row
from api.csv_export import csv_download
from api.database import Data, Statement
from api.fields import Id, Model, Number, Page, decode_cursor, encode_cursor
from api.problems import not_found
from api.quantities import units_fitting
from api.routes import resource
from api.stocktakes.models import State, Stocktake, StocktakeLine, find_one, stocktakes_of

router = resource("/labs/{lab}", "stocktakes")

EXPORT_PAGE = 1000


class Since(Model):
    """What happened to the amount since the stocktake began: it is in what is expected already."""

    kind: str = Field(examples=["check_out"])
    made_at: datetime
    made_by_name: str
    amount: Number | None = Field(description="signed, in unit", examples=["-0.25"])
    unit: str | None
    typed_amount: Number | None
    typed_unit: str | None


class Hit(StocktakeLine):
    """The container that was asked for, wherever it belongs."""

    belongs: bool = Field(description="it stands where one is, or below")
    since: list[Since] = Field(description="latest first, at most three")


class Here(Model):
    """Where one is counting, with all below it."""

    id: int
    full_name: str
    expected: int
    counted: int


class LineList(Page):
    """A page of lines, with the stocktake, where one is, and the container that was asked for."""

    stocktake: Stocktake
    items: list[StocktakeLine]
    hit: Hit | None
    here: Here | None = Field(description="null: anywhere")


class LinesAsked(Model):
    """Which lines. `scan` is a barcode, or else words of a name."""

    model_config = ConfigDict(extra="forbid")

    state: State | Literal["recount", "to_count", "counted"] | None = Field(
        default=None, description="to_count: not counted yet, or to be counted again; counted: the others"
    )
    at: Annotated[Id | None, Field(description="only what stands in this location or below")] = None
    scan: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""
    container: Annotated[Id | None, Field(description="the hit, by its id")] = None
    cursor: Annotated[str, Field(max_length=2000)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


COLUMNS = """v.container_id, v.barcode, v.chemical_id, v.chemical_name, v.pictograms, v.signal_word, v.density_g_per_ml, v.lot,
       v.location_id, v.location, v.amount, v.unit, v.pack_unit, v.state, v.recount, v.said, v.counted, v.counted_unit, v.expected,
       v.variance, round(100 * v.variance / nullif(v.expected, 0))::bigint AS percent, v.moves_to, v.clash, v.reason, v.counted_at,
       u.name AS counted_by_name, v.missing_since, v.disposed_at"""
FIND_LINES = f"""
SELECT {COLUMNS}, o.name AS holder, v.place, v.name_folded
  FROM inventory.stocktake_lines v
  LEFT JOIN control.users u ON u.id = v.counted_by
  LEFT JOIN control.users o ON o.id = v.holder_id
 WHERE v.stocktake_id = %(stocktake)s AND {{where}}
 ORDER BY v.place {{direction}}, v.name_folded {{direction}}, v.container_id {{direction}}
 LIMIT %(limit)s"""
# What stands in it or below, or was found in it.
WITHIN = """EXISTS (SELECT FROM inventory.locations a
  WHERE a.id = %(at)s AND (starts_with(v.location_path, a.path) OR v.moves_to_id = a.id))"""
FILTERS = {
    "state": "v.state = %(state)s",
    "recount": "v.recount",
    "to_count": "(v.state = 'not_counted' OR v.recount)",
    "counted": "(v.said AND NOT v.recount)",
    "at": WITHIN,
    "words": """(strpos(v.name_folded, inventory.fold(%(scan)s)) > 0 OR strpos(lower(v.barcode), lower(%(scan)s)) > 0
        OR EXISTS (SELECT FROM inventory.containers k WHERE k.barcode IN (%(scan)s, upper(%(scan)s))))""",
}
# What is not a line of the stocktake has its own columns, and nothing that was said of it.
FIND_HIT = f"""
SELECT {COLUMNS.replace("v.said", "coalesce(v.said, false) AS said", 1)}, o.name AS holder,
       coalesce(v.location_path, '') AS location_path, f.since,
       coalesce((SELECT starts_with(v.location_path, a.path) FROM inventory.locations a WHERE a.id = coalesce(%(at)s, s.location_id)),
                s.location_id IS NULL AND %(at)s::bigint IS NULL) AS belongs
  FROM inventory.stocktakes s
 CROSS JOIN LATERAL (
   SELECT k.id AS container_id, k.barcode, k.chemical_id, k.chemical_name, k.pictograms, k.signal_word, k.density_g_per_ml, k.lot,
          k.location_id, k.location, k.location_path, k.amount, k.unit, k.pack_unit, k.holder_id, k.missing_since, k.disposed_at,
          coalesce(n.state, 'not_counted') AS state, coalesce(n.recount, false) AS recount, n.said, n.counted, n.counted_unit,
          coalesce(n.expected, k.amount) AS expected, n.variance, n.moves_to, coalesce(n.clash, false) AS clash, n.reason, n.counted_at, n.counted_by
     FROM inventory.stock k
     LEFT JOIN LATERAL (SELECT l.state, l.recount, l.said, l.counted, l.counted_unit, l.expected, l.variance, l.moves_to, l.clash, l.reason,
                               l.counted_at, l.counted_by
                          FROM inventory.stocktake_lines l WHERE l.stocktake_id = s.id AND l.container_id = k.id) AS n ON true
    WHERE {{which}}
    ORDER BY k.barcode = %(scan)s DESC LIMIT 1) AS v
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
SELECT a.id, a.full_name, count(v.container_id) AS expected, count(v.container_id) FILTER (WHERE v.said AND NOT v.recount) AS counted
  FROM inventory.locations a
  LEFT JOIN inventory.stocktake_lines v ON v.stocktake_id = %(stocktake)s AND starts_with(v.location_path, a.path) AND v.moves_to_id IS NULL
 WHERE a.id = %(at)s
 GROUP BY a.id, a.full_name"""


def line_of(row: Row) -> Row:
    """A row with the units that an amount may be written in."""
    fitting = units_fitting(row["unit"], row["pack_unit"], density_is_known=row["density_g_per_ml"] is not None)
    return row | {"units": fitting}


def page_of(stocktake: int, asked: LinesAsked) -> tuple[str, Row]:
    """The statement for one page of lines, one row more than wanted."""
    given: Row = {"stocktake": stocktake, "limit": asked.limit + 1, "state": asked.state, "at": asked.at}
    given["scan"] = asked.scan.strip()
    parts = ["true"]
    if asked.state:
        parts.append(FILTERS.get(asked.state, FILTERS["state"]))
    parts += [FILTERS[name] for name, wanted in (("at", asked.at), ("words", given["scan"])) if wanted]
    backwards = False
    if asked.cursor:
        towards, place, name, last = decode_cursor(asked.cursor, (str, str, str, int))
        backwards = towards == "previous"
        given |= {"place": place, "name": name, "last": last}
        parts.append(
            f"(v.place, v.name_folded, v.container_id) {'<' if backwards else '>'} (%(place)s, %(name)s, %(last)s::bigint)"
        )
    return FIND_LINES.format(where=" AND ".join(parts), direction="DESC" if backwards else "ASC"), given


def page_answer(asked: LinesAsked, rows: list[Row]) -> Row:
    """Items and cursors of a page."""
    backwards = bool(asked.cursor) and decode_cursor(asked.cursor, (str, str, str, int))[0] == "previous"
    more, rows = len(rows) > asked.limit, rows[: asked.limit]
    if backwards:
        rows.reverse()

    def cursor(towards: str, wanted: bool) -> str | None:
        row = rows[-1 if towards == "next" else 0] if rows and wanted else None
        return encode_cursor(towards, row["place"], row["name_folded"], row["container_id"]) if row else None

    return {
        "items": [line_of(row) for row in rows],
        "next": cursor("next", more or backwards),
        "previous": cursor("previous", more if backwards else bool(asked.cursor)),
    }


@router.get("/stocktakes/{stocktake}/lines", response_model=LineList)
async def list_lines(stocktake: Id, asked: Annotated[LinesAsked, Query()], visit: InLab, data: Data) -> Any:
    """A page of the lines by place and name, with everything that a person who counts sees."""
    page, given = page_of(stocktake, asked)
    statements: list[Statement] = [*find_one(stocktake), (page, given)]
    if asked.scan.strip() or asked.container:
        which = "k.id = %(container)s" if asked.container else "k.barcode IN (%(scan)s, upper(%(scan)s))"
        statements.append((FIND_HIT.format(which=which), given | {"container": asked.container}))
    if asked.at:
        statements.append((FIND_HERE, given))
    *head, rows = (results := await data.read_all(visit, *statements))[:5]
    rest = results[5:]
    found = stocktakes_of(head)
    here = rest.pop()[0] if asked.at and rest[-1] else None
    if not found or (asked.at and not here) or (asked.container and not rest[0]):
        raise not_found()
    hit = rest[0][0] if rest and rest[0] else None
    return page_answer(asked, rows) | {"stocktake": found[0], "here": here, "hit": line_of(hit) if hit else None}


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
        row["expected"] if row["said"] else row["amount"], row["counted"], row["counted_unit"], row["variance"], row["unit"], row["percent"],
        row["reason"], row["recount"], row["moves_to"], row["counted_by_name"], row["counted_at"],
    ]  # fmt: skip


@router.get(
    "/stocktakes/{stocktake}/report.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}}
)
async def report(stocktake: Id, visit: InLab, data: Data) -> Response:
    """All lines as a file."""

    async def pages() -> AsyncIterator[csv_export.Page]:
        asked = LinesAsked().model_copy(update={"limit": EXPORT_PAGE})
        while True:
            *head, rows = await data.read_all(visit, *find_one(stocktake), page_of(stocktake, asked))
            if not head[0]:
                raise not_found()
            answer = page_answer(asked, rows)
            yield [report_cells(row) for row in answer["items"]]
            if answer["next"] is None:
                return
            asked = asked.model_copy(update={"cursor": answer["next"]})

    return await csv_download(visit, f"stocktake-{stocktake}", REPORT_HEADS, pages())
