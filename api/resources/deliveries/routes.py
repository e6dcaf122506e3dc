"""Deliveries: purchases that arrive. One delivery of many lines; each line becomes containers with barcodes."""

from typing import Annotated, Any

import psycopg
from fastapi import Query
from psycopg.types.json import Jsonb
from pydantic import Field

from api.core import identity
from api.core.database import Data, Found, Statements
from api.core.fields import Id, Model, Number
from api.core.paging import Order, Page, Window
from api.core.problems import Problem
from api.core.refusals import broken_rule
from api.core.routes import resource
from api.core.rows import Row, one
from api.core.views import CONTAINER, Container, with_units
from api.core.visit import InLab
from api.resources.deliveries.meanings import MEANINGS
from api.resources.deliveries.models import NewDelivery
from api.resources.deliveries.offer import Asked, Offer
from api.resources.deliveries.queries import FIND_DELIVERIES, DeliveryLine

router = resource("/labs/{lab}/deliveries", "deliveries")

TAKEN = MEANINGS["containers_barcode_is_taken"]


class Received(Model):
    """One container that was made. `line` counts from 0."""

    id: int
    barcode: str = Field(examples=["CT-000012"])
    line: int


class DeliveryWarning(Model):
    """A field of the delivery that was accepted but that somebody should look at."""

    pointer: str
    detail: str


class Made(Model):
    """A delivery that was received."""

    id: int
    containers: list[Received]
    warnings: list[DeliveryWarning]


class DeliveryList(Page):
    """A page of deliveries, latest first."""

    items: list[DeliveryLine]


class ReceivedContainer(Container):
    """A container with what it was received with."""

    received_amount: Number | None = Field(description="as typed; null: not known")
    received_unit: str | None


class ReceiptTakenBack(Model):
    """How many containers a receipt had that was taken back."""

    containers: int


class Delivery(DeliveryLine):
    """A delivery with its containers as they are now."""

    items: list[ReceivedContainer]


RECEIVE = """
SELECT delivery_id, line, container_id AS id, barcode FROM inventory.receive(%s, %s) ORDER BY line, container_id"""
TAKE_BACK = "SELECT inventory.take_back_delivery(%s) AS containers"
LATEST_FIRST = Order(("received_on", "id"), ("date", "bigint"), descending=True)
FIND_TODAY = "SELECT control.today() AS today"
FIND_DELIVERY = FIND_DELIVERIES.format(where="d.id = %(delivery)s", order="d.id")
FIND_CONTAINERS = CONTAINER + " WHERE s.delivery_id = %(delivery)s ORDER BY s.chemical_name_sort, s.id"
FIND_AMOUNTS = """
SELECT m.container_id, m.typed_amount AS received_amount, m.typed_unit AS received_unit FROM inventory.movements m
 WHERE m.line = 1 AND m.container_id IN (SELECT c.id FROM inventory.containers c WHERE c.delivery_id = %(delivery)s)"""


def refusal(error: psycopg.Error, new: NewDelivery) -> Problem | None:
    """The database's refusal as a problem at the field that caused it; None when the error has another cause."""
    rule = broken_rule(error)
    if rule is None:
        return None
    if rule.meaning is TAKEN:
        taken = set(rule.facts.get("barcodes", []))
        by_pointer = {
            where: f"{code} is on another container of the lab." for where, code in new.barcodes() if code in taken
        }
        return Problem(TAKEN.status, next(iter(by_pointer.values()), TAKEN.sentence), by_pointer)
    return rule.problem(f"{rule.pointer}/chemical" if rule.constraint.startswith("chemicals_") else None)


@router.post("", status_code=201, response_model=Made)
async def receive(new: NewDelivery, visit: InLab, data: Data) -> Any:
    """Receives a delivery: all of it, or nothing when a line is refused. The answer lists the containers in the order of the lines."""
    new.check()
    delivery = new.model_dump(mode="json", include={"order_number", "supplier", "received_on"})
    lines = [line.as_json(new.supplier) for line in new.lines]

    new_chemicals = {
        number: line.chemical.row()
        for number, line in enumerate(new.lines)
        if line.chemical and not line.chemical.belong_together
    }

    def answer(found: Found) -> Row:
        asked = {
            f"/lines/{number}/chemical/belong_together": sentence
            for number, chemical in new_chemicals.items()
            if (sentence := identity.question(chemical, found[f"meant {number}"]))
        }
        if asked:
            raise Problem(409, next(iter(asked.values())), asked)
        made, today = found["made"], one(found["today"])["today"]
        return {"id": made[0]["delivery_id"], "containers": made, "warnings": new.warnings(today)}

    try:
        statements: Statements = {
            **{f"meant {number}": identity.find_meant(chemical) for number, chemical in new_chemicals.items()},
            "made": (RECEIVE, (Jsonb(delivery), Jsonb(lines))),
            "today": (FIND_TODAY, ()),
        }
        return await data.write(visit, statements, answer=answer)
    except psycopg.Error as error:
        if problem := refusal(error, new):
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
    window = Window(LATEST_FIRST, cursor, limit)
    statement = FIND_DELIVERIES.format(where=window.condition("d"), order=window.order_by("d"))
    return window.answer(await data.read(visit, statement, window.parameters))


@router.get("/new", response_model=Offer)
async def offer(asked: Annotated[Asked, Query()], visit: InLab, data: Data) -> Any:
    """All choices of the form for a delivery in one call: the chemicals of its lines, locations, suppliers, units …"""
    return asked.offer(await data.read_all(visit, asked.statements()))


@router.get("/{delivery}", response_model=Delivery)
async def find_delivery(delivery: Id, visit: InLab, data: Data) -> Any:
    """A delivery with its containers."""
    given = {"delivery": delivery, "limit": 1}
    found = await data.read_all(
        visit,
        {
            "delivery": (FIND_DELIVERY, given),
            "containers": (FIND_CONTAINERS, given),
            "amounts": (FIND_AMOUNTS, given),
        },
    )
    received = {row["container_id"]: row for row in found["amounts"]}
    items = [with_units(row) | received[row["id"]] for row in found["containers"]]
    return one(found["delivery"]) | {"items": items}


@router.post("/{delivery}/take-back", response_model=ReceiptTakenBack)
async def take_back(delivery: Id, visit: InLab, data: Data) -> Any:
    """Takes back a delivery that was received by mistake, as long as nothing has happened to its containers. Whoever received it may do so for
    a day, a manager always.

    The containers are disposed of, and their barcodes are free again; chemicals that the receipt listed are retired. A container comes back
    when its disposal is corrected.
    """
    statements: Statements = {"done": (TAKE_BACK, (delivery,))}
    return await data.write(visit, statements, answer=lambda found: one(found["done"]))
