"""The lab's history: every movement of an amount and every transfer to another location or holder; as pages and as a file."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field
from starlette.responses import StreamingResponse

from api.core import tables
from api.core.database import Data, Database
from api.core.exports import Downloads
from api.core.fields import Id, Model, Number
from api.core.paging import Page
from api.core.routes import resource
from api.core.rows import one
from api.core.views import CONTAINER, Container, Movement, Person, with_units
from api.core.visit import InLab, Visit
from api.resources.history.queries import COUNT, KINDS, PAGE, Beginning, Filter, MovementKind, Search, answer, statement

router = resource("/labs/{lab}", "history")

COUNT_UP_TO = 500
ROWS_A_READ = 1000  # rows that are read at once for a file


class Correction(Model):
    """A counter-entry in the ledger; `typed_amount` is the right amount."""

    id: int
    made_at: datetime
    made_by_name: str
    typed_amount: Number | None = Field(examples=["25"])
    typed_unit: str | None = Field(examples=["mL"])
    amount: Number = Field(description="signed, in unit", examples=["0.225"])
    unit: str | None = Field(examples=["L"])
    reason: str | None


class Referred(Model):
    """The line to which a line refers: a correction to the mistaken line, a return to its check-out."""

    id: int
    kind: MovementKind
    made_at: datetime
    made_by_name: str
    typed_amount: Number | None
    typed_unit: str | None
    amount: Number | None
    unit: str | None


class HistoryLine(Movement):
    """A line of the history with its correction and the line to which it refers."""

    order_number: str | None = Field(description="of its delivery")
    supplier: str | None = Field(description="of its delivery")
    stocktake_of: str | None = Field(description="the location that its stocktake counted; null: the whole lab")
    corrections: list[Correction] = Field(description="first to last: the last one holds")
    refers_to: Referred | None
    undone: bool = Field(description="its last correction says that it did not happen")
    correctable: bool = Field(description="by the one who asks, now")


class HistoryFacets(Model):
    """The values by which the history may be narrowed, and the names of those chosen; a name is null if the lab has no such thing."""

    count: int = Field(description="how many lines fit")
    counted_all: bool = Field(description="false: there are more than count")
    members: list[Person]
    kinds: list[str] = Field(description="that occur in this lab")
    chemical: str | None = Field(description="its name")
    container: str | None = Field(description="its barcode")
    member: str | None
    stocktake: str | None = Field(description="the location that it counted")
    delivery: str | None = Field(description="order number or supplier")


class History(Page):
    """A page of the history."""

    items: list[HistoryLine]
    facets: HistoryFacets | None


class LineDetail(Model):
    """A movement with its container, as the form for a correction needs them."""

    line: HistoryLine
    container: Container
    counted_since: Referred | None = Field(
        description="the count after the line: what it found stays, whatever the line is corrected to"
    )


COLUMNS = (
    ", ".join(f"e.{column}" for column in Movement.model_fields)
    + """,
       (SELECT d.order_number FROM inventory.deliveries d WHERE d.id = e.delivery_id) AS order_number,
       (SELECT d.supplier FROM inventory.deliveries d WHERE d.id = e.delivery_id) AS supplier,
       (SELECT l.full_name FROM inventory.stocktakes s JOIN inventory.locations l ON l.id = s.location_id WHERE s.id = e.stocktake_id) AS stocktake_of"""
)
LINE_REFERRED_TO = """jsonb_build_object('id', {0}.id, 'kind', {0}.kind, 'made_at', {0}.made_at, 'typed_amount', {0}.typed_amount::text,
         'typed_unit', {0}.typed_unit, 'amount', {0}.amount::text, 'unit', {0}.unit, 'reason', {0}.reason,
         'made_by_name', (SELECT u.name FROM control.users u WHERE u.id = {0}.made_by))"""
DETAILS = f"""{COLUMNS},
       CASE WHEN e.source = 'movement' THEN (
         SELECT coalesce(jsonb_agg({LINE_REFERRED_TO.format("r")} ORDER BY r.line), '[]') FROM inventory.movements r
          WHERE r.refers_to_id = e.id AND r.kind = 'correct') ELSE '[]' END AS corrections,
       (SELECT {LINE_REFERRED_TO.format("r")} FROM inventory.movements r WHERE r.id = e.refers_to_id) AS refers_to,
       e.source = 'movement' AND EXISTS (SELECT FROM inventory.movements r WHERE r.id = e.id AND inventory.is_undone(r)) AS undone,
       e.source = 'movement' AND e.kind <> 'correct'
         AND ((SELECT control.role()) = 'manager'
              OR (SELECT control.role()) = 'member' AND e.made_by = (SELECT control.user_id()) AND e.made_at > now() - interval '1 day')
         AND CASE WHEN e.kind = 'dispose' THEN NOT EXISTS (SELECT FROM inventory.movements r WHERE r.refers_to_id = e.id)
                  ELSE e.amount IS NOT NULL AND EXISTS (
                    SELECT FROM inventory.containers c WHERE c.id = e.container_id AND c.disposed_at IS NULL AND c.amount IS NOT NULL)
             END AS correctable"""

# max() instead of EXISTS: PostgreSQL finds the latest line in an index, but to find any line it would read the table.
FIND_MEMBERS = """
SELECT u.id, u.name FROM control.members m JOIN control.users u ON u.id = m.user_id
 WHERE coalesce((SELECT max(e.made_at) FROM inventory.movements e WHERE e.made_by = m.user_id),
                (SELECT max(e.made_at) FROM inventory.transfers e WHERE e.made_by = m.user_id)) IS NOT NULL
 ORDER BY u.name, u.id"""
FIND_KINDS = """
SELECT k.kind FROM unnest(%(kinds)s::text[]) WITH ORDINALITY AS k (kind, number)
 WHERE coalesce((SELECT max(e.made_at) FROM inventory.movements e WHERE e.kind = k.kind),
                (SELECT max(e.made_at) FROM inventory.transfers e WHERE e.kind = k.kind)) IS NOT NULL
 ORDER BY k.number"""
FIND_NAMES = """
SELECT (SELECT h.name FROM inventory.chemicals h WHERE h.id = %(chemical)s) AS chemical,
       (SELECT c.barcode FROM inventory.containers c WHERE c.id = coalesce(%(container)s, inventory.find_barcode(%(barcode)s))) AS container,
       (SELECT u.name FROM control.users u WHERE u.id = %(member)s) AS member,
       (SELECT coalesce(l.full_name, 'the whole lab') FROM inventory.stocktakes s LEFT JOIN inventory.locations l ON l.id = s.location_id
         WHERE s.id = %(stocktake)s) AS stocktake,
       (SELECT coalesce(d.order_number, d.supplier, 'number ' || d.id) FROM inventory.deliveries d WHERE d.id = %(delivery)s) AS delivery"""
FIND_LINE = f"SELECT {DETAILS} FROM inventory.history e WHERE e.source = 'movement' AND e.id = %(movement)s"
FIND_CONTAINER = (
    CONTAINER + " WHERE s.id = (SELECT m.container_id FROM inventory.movements m WHERE m.id = %(movement)s)"
)

FIND_COUNT_SINCE = f"""
SELECT {LINE_REFERRED_TO.format("k")} AS counted FROM inventory.movements m
 CROSS JOIN LATERAL (SELECT (inventory.count_after(m)).*) AS k
 WHERE m.id = %(movement)s AND m.kind <> 'correct' AND k.id IS NOT NULL"""


@router.get("/history", response_model=History)
async def list_history(search: Annotated[Search, Query()], visit: InLab, data: Data) -> Any:
    """A page of the history, latest first."""
    beginning = Beginning(search.cursor) if search.cursor else None
    statements = {"page": statement(search, PAGE, search.limit + 1, beginning, DETAILS)}
    if search.facets:
        statements |= {
            "count": statement(search, COUNT, COUNT_UP_TO + 1),
            "members": (FIND_MEMBERS, ()),
            "kinds": (FIND_KINDS, {"kinds": [kind for kinds in KINDS.values() for kind in kinds]}),
            "names": (FIND_NAMES, search.model_dump()),
        }
    found = await data.read_all(visit, statements)
    facets = None
    if search.facets:
        count = one(found["count"])["count"]
        facets = one(found["names"]) | {
            "count": min(count, COUNT_UP_TO),
            "counted_all": count <= COUNT_UP_TO,
            "members": found["members"],
            "kinds": [row["kind"] for row in found["kinds"]],
        }
    return answer(found["page"], search.limit, beginning) | {"facets": facets}


HEADS = (
    "Time", "Time (UTC)", "Kind", "Chemical", "CAS RN", "Barcode", "Change", "Unit", "Left", "Typed amount", "Typed unit",
    "Member", "Purpose", "From location", "To location", "From holder", "To holder", "Order number", "Supplier", "Stocktake",
    "Source", "Id", "Refers to id",
)  # fmt: skip
CELLS = (
    "made_at", "utc", "kind", "chemical_name", "cas_number", "barcode", "amount", "unit", "balance", "typed_amount", "typed_unit",
    "made_by_name", "reason", "from_location", "to_location", "from_holder", "to_holder", "order_number", "supplier", "stocktake_id",
    "source", "id", "refers_to_id",
)  # fmt: skip


async def all_lines(fit: Filter, visit: Visit, data: Database) -> AsyncIterator[tables.Page]:
    """All lines that pass the filter, latest first, page by page, with a cell for each of HEADS."""
    beginning = None
    while True:
        found = await data.read(visit, *statement(fit, PAGE, ROWS_A_READ + 1, beginning, COLUMNS))
        page = answer(found, ROWS_A_READ, beginning)
        for row in page["items"]:
            row["utc"] = row["made_at"].astimezone(UTC).isoformat(timespec="seconds")[:19] + "Z"
        yield [[row[cell] for cell in CELLS] for row in page["items"]]
        if page["next"] is None:
            return
        beginning = Beginning(page["next"])


@router.get("/history.csv", response_class=StreamingResponse, responses={200: {"content": {"text/csv": {}}}})
async def download_history(
    fit: Annotated[Filter, Query()], visit: InLab, data: Data, downloads: Downloads
) -> StreamingResponse:
    """Downloads all lines that pass the filter, latest first. The file is sent while the lines are read."""
    return await downloads.csv(visit, data, "history", HEADS, all_lines(fit, visit, data))


@router.get("/history/{movement}", response_model=LineDetail)
async def find_line(movement: Id, visit: InLab, data: Data) -> Any:
    """A movement, and its container as it is now."""
    given = {"movement": movement}
    found = await data.read_all(
        visit,
        {"line": (FIND_LINE, given), "container": (FIND_CONTAINER, given), "since": (FIND_COUNT_SINCE, given)},
    )
    since = found["since"][0]["counted"] if found["since"] else None
    return {"line": one(found["line"]), "container": with_units(one(found["container"])), "counted_since": since}
