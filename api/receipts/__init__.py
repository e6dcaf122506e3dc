"""Receipts: purchases that arrive. One delivery of many lines; each line becomes containers with barcodes."""

from typing import Annotated, Any

import psycopg
from fastapi import Query
from psycopg.types.json import Jsonb
from pydantic import Field

from api.access import InLab, Row
from api.database import Data
from api.fields import Id, Model, Number, Page, decode_cursor, encode_cursor
from api.problems import MEANINGS, Problem, broken_rule, not_found
from api.receipts.deliveries import FIND_DELIVERIES, DeliveryLine
from api.receipts.models import Receipt
from api.receipts.offer import Asked, Offer
from api.routes import resource
from api.views import CONTAINER, Container, with_units

router = resource("/labs/{lab}/receipts", "receipts")

TAKEN = MEANINGS["containers_barcode_is_taken"]


class Received(Model):
    """One container that was made. `line` counts from 0."""

    id: int
    barcode: str = Field(examples=["CT-000012"])
    line: int


class Warned(Model):
    """Something that was taken, but should be looked at."""

    pointer: str
    detail: str


class Made(Model):
    """A delivery that was received."""

    id: int
    containers: list[Received]
    warnings: list[Warned]


class DeliveryList(Page):
    """A page of deliveries, latest first."""

    items: list[DeliveryLine]


class ReceivedContainer(Container):
    """A container with what it was received with."""

    received_amount: Number | None = Field(description="as typed; null: not known")
    received_unit: str | None


class Delivery(DeliveryLine):
    """A delivery with its containers as they are now."""

    items: list[ReceivedContainer]


RECEIVE = """
SELECT delivery_id, line, container_id AS id, barcode FROM inventory.receive(%s, %s) ORDER BY line, container_id"""
FIND_TODAY = "SELECT control.today() AS today"
FIND_DELIVERY = FIND_DELIVERIES.format(where="d.id = %(delivery)s", order="d.id")
FIND_CONTAINERS = CONTAINER + " WHERE s.delivery_id = %(delivery)s ORDER BY s.chemical_name_folded, s.id"
FIND_AMOUNTS = """
SELECT m.container_id, m.typed_amount AS received_amount, m.typed_unit AS received_unit FROM inventory.movements m
 WHERE m.line = 1 AND m.container_id IN (SELECT c.id FROM inventory.containers c WHERE c.delivery_id = %(delivery)s)"""


def refusal(error: psycopg.Error, receipt: Receipt) -> Problem | None:
    """What the database refused, beside the field that it is about; None when the fault is not the delivery's."""
    rule = broken_rule(error)
    if rule is None:
        return None
    if rule.meaning is TAKEN:
        taken = set(rule.facts.get("barcodes", []))
        places = {
            where: f"{code} is on another container of the lab." for where, code in receipt.barcodes() if code in taken
        }
        return Problem(TAKEN.status, next(iter(places.values()), TAKEN.sentence), places)
    return rule.problem(f"{rule.pointer}/chemical" if rule.constraint.startswith("chemicals_") else None)


@router.post("", status_code=201, response_model=Made)
async def receive(receipt: Receipt, visit: InLab, data: Data) -> Any:
    """Receives a delivery: all of it, or nothing. Containers come in the order of the lines."""
    receipt.check()
    delivery = receipt.model_dump(mode="json", include={"order_number", "supplier", "received_on"})
    lines = [line.as_json(receipt.supplier) for line in receipt.lines]

    def answer(results: list[list[Row]]) -> Row:
        made, [day] = results
        return {"id": made[0]["delivery_id"], "containers": made, "warnings": receipt.warnings(day["today"])}

    try:
        return await data.write(visit, (RECEIVE, (Jsonb(delivery), Jsonb(lines))), (FIND_TODAY, ()), answer=answer)
    except psycopg.Error as error:
        if problem := refusal(error, receipt):
            raise problem from error
        raise


@router.get("", response_model=DeliveryList)
async def list_deliveries(
    visit: InLab,
    data: Data,
    cursor: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Any:
    """A page of deliveries, the latest first."""
    given: Row = {"limit": limit + 1}
    where, backwards = "true", False
    if cursor:
        towards, day, last_id = decode_cursor(cursor, (str, str, int))
        backwards = towards == "previous"
        where = f"(d.received_on, d.id) {'>' if backwards else '<'} (%(day)s::date, %(last_id)s::bigint)"
        given |= {"day": day, "last_id": last_id}
    direction = "ASC" if backwards else "DESC"
    statement = FIND_DELIVERIES.format(where=where, order=f"d.received_on {direction}, d.id {direction}")
    rows = await data.read(visit, statement, given)
    more, rows = len(rows) > limit, rows[:limit]
    if backwards:
        rows.reverse()

    def at(towards: str, wanted: bool) -> str | None:
        row = rows[-1 if towards == "next" else 0] if rows and wanted else None
        return encode_cursor(towards, row["received_on"], row["id"]) if row else None

    return {
        "items": rows,
        "next": at("next", more or backwards),
        "previous": at("previous", more if backwards else bool(cursor)),
    }


@router.get("/new", response_model=Offer)
async def offer(asked: Annotated[Asked, Query()], visit: InLab, data: Data) -> Any:
    """All that a form for a delivery offers, in one call: the chemicals of its lines, locations, suppliers, units …"""
    return asked.offer(await data.read_all(visit, *asked.statements()))


@router.get("/{delivery}", response_model=Delivery)
async def find_delivery(delivery: Id, visit: InLab, data: Data) -> Any:
    """A delivery with its containers."""
    given = {"delivery": delivery, "limit": 1}
    found, containers, amounts = await data.read_all(
        visit, (FIND_DELIVERY, given), (FIND_CONTAINERS, given), (FIND_AMOUNTS, given)
    )
    if not found:
        raise not_found()
    received = {row["container_id"]: row for row in amounts}
    return found[0] | {"items": [with_units(row) | received[row["id"]] for row in containers]}
