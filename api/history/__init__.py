"""The lab's history: every movement of an amount and every transfer of place or holder, filtered, paged and as a file."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field
from starlette.responses import StreamingResponse

from api import csv_export
from api.access import InLab
from api.database import Data
from api.fields import Id, Model, Number, Page
from api.history.search import COUNT, KINDS, PAGE, Filter, MovementKind, Place, Search, statement
from api.problems import not_found
from api.routes import resource
from api.views import CONTAINER, Container, Movement, with_units

router = resource("/labs/{lab}", "history")

COUNT_UP_TO = 500
ROWS_A_READ = 1000  # of a file


class Correction(Model):
    """A counter-entry. What it says is right is typed_amount."""

    id: int
    made_at: datetime
    made_by_name: str
    typed_amount: Number | None = Field(examples=["25"])
    typed_unit: str | None = Field(examples=["mL"])
    amount: Number = Field(description="signed, in unit", examples=["0.225"])
    unit: str | None = Field(examples=["L"])
    reason: str | None


class Referred(Model):
    """The line that a correction corrects; the check-out that a return belongs to."""

    id: int
    kind: MovementKind
    made_at: datetime
    made_by_name: str
    typed_amount: Number | None
    typed_unit: str | None
    amount: Number | None
    unit: str | None


class HistoryLine(Movement):
    """A line of the history with what belongs to it."""

    order_number: str | None = Field(description="of its delivery")
    supplier: str | None = Field(description="of its delivery")
    stocktake_of: str | None = Field(description="the location that its stocktake counted; null: the whole lab")
    corrections: list[Correction] = Field(description="first to last: the last one holds")
    refers_to: Referred | None
    correctable: bool = Field(description="by the one who asks, now")


class Person(Model):
    """A member who wrote lines."""

    id: int
    name: str


class Facets(Model):
    """What one may narrow by, and what the filters given stand for; a name is null where there is no such thing."""

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
    facets: Facets | None


class LineDetail(Model):
    """A movement with its container, as one needs it to correct."""

    line: HistoryLine
    container: Container


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
       e.source = 'movement' AND e.kind <> 'correct'
         AND ((SELECT control.role()) = 'manager'
              OR (SELECT control.role()) = 'member' AND e.made_by = (SELECT control.user_id()) AND e.made_at > now() - interval '1 day')
         AND CASE WHEN e.kind = 'dispose' THEN NOT EXISTS (SELECT FROM inventory.movements r WHERE r.refers_to_id = e.id)
                  ELSE e.amount IS NOT NULL AND EXISTS (
                    SELECT FROM inventory.containers c WHERE c.id = e.container_id AND c.disposed_at IS NULL AND c.amount IS NOT NULL)
             END AS correctable"""

# The latest of each, not whether there is one: PostgreSQL looks for the latest in an index, for any one it reads the table.
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
       (SELECT c.barcode FROM inventory.containers c WHERE c.id = %(container)s OR c.barcode IN (%(barcode)s, upper(%(barcode)s))
         ORDER BY c.barcode <> %(barcode)s LIMIT 1) AS container,
       (SELECT u.name FROM control.users u WHERE u.id = %(member)s) AS member,
       (SELECT coalesce(l.full_name, 'the whole lab') FROM inventory.stocktakes s LEFT JOIN inventory.locations l ON l.id = s.location_id
         WHERE s.id = %(stocktake)s) AS stocktake,
       (SELECT coalesce(d.order_number, d.supplier, 'number ' || d.id) FROM inventory.deliveries d WHERE d.id = %(delivery)s) AS delivery"""
FIND_LINE = f"SELECT {DETAILS} FROM inventory.history e WHERE e.source = 'movement' AND e.id = %(movement)s"
FIND_CONTAINER = (
    CONTAINER + " WHERE s.id = (SELECT m.container_id FROM inventory.movements m WHERE m.id = %(movement)s)"
)


@router.get("/history", response_model=History)
async def list_history(search: Annotated[Search, Query()], visit: InLab, data: Data) -> Any:
    """A page of what happened, latest first."""
    place = Place(search.cursor) if search.cursor else None
    statements = [statement(search, PAGE, search.limit + 1, place, DETAILS)]
    if search.facets:
        named = search.model_dump()
        statements += [
            statement(search, COUNT, COUNT_UP_TO + 1),
            (FIND_MEMBERS, ()),
            (FIND_KINDS, {"kinds": [kind for kinds in KINDS.values() for kind in kinds]}),
            (FIND_NAMES, named),
        ]
    rows, *found = await data.read_all(visit, *statements)
    more, rows = len(rows) > search.limit, rows[: search.limit]
    backwards = place is not None and place.backwards
    if backwards:
        rows.reverse()
    facets = None
    if found:
        [[counted], members, kinds, [names]] = found
        facets = names | {
            "count": min(counted["count"], COUNT_UP_TO),
            "counted_all": counted["count"] <= COUNT_UP_TO,
            "members": members,
            "kinds": [row["kind"] for row in kinds],
        }
    return {
        "items": rows,
        "facets": facets,
        "next": Place.at(rows[-1], "next") if rows and (more or backwards) else None,
        "previous": Place.at(rows[0], "previous") if rows and (more if backwards else place) else None,
    }


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


@router.get("/history.csv", response_class=StreamingResponse, responses={200: {"content": {"text/csv": {}}}})
async def download_history(fit: Annotated[Filter, Query()], visit: InLab, data: Data) -> StreamingResponse:
    """Everything that fits as a file, latest first. It is sent while it is read."""

    async def pages() -> AsyncIterator[csv_export.Page]:
        place = None
        while True:
            rows = await data.read(visit, *statement(fit, PAGE, ROWS_A_READ, place, COLUMNS))
            for row in rows:
                row["utc"] = row["made_at"].astimezone(UTC).isoformat(timespec="seconds")[:19] + "Z"
            yield [[row[cell] for cell in CELLS] for row in rows]
            if len(rows) < ROWS_A_READ:
                return
            place = Place(Place.at(rows[-1], "next"))

    return await csv_export.csv_download(visit, "history", HEADS, pages())


@router.get("/history/{movement}", response_model=LineDetail)
async def find_line(movement: Id, visit: InLab, data: Data) -> Any:
    """A movement, and its container as it is now."""
    given = {"movement": movement}
    lines, containers = await data.read_all(visit, (FIND_LINE, given), (FIND_CONTAINER, given))
    if not lines:
        raise not_found()
    return {"line": lines[0], "container": with_units(containers[0])}
