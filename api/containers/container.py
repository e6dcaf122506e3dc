"""Find containers by scanning or by words, look at one, edit what its label says."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from fastapi import Path, Query
from psycopg.types.json import Jsonb
from pydantic import ConfigDict, Field, model_validator

from api import words
from api.access import InLab, Row
from api.database import Data
from api.fields import (
    AmountIn,
    Day,
    Id,
    Line,
    Maybe,
    Model,
    Page,
    Text,
    UnitIn,
    decode_cursor,
    encode_cursor,
)
from api.problems import not_found
from api.quantities import Quantity, stored
from api.routes import resource
from api.views import CONTAINER, MOVEMENT, Container, Movement, with_units

router = resource("/labs/{lab}", "containers")


class ContainerList(Page):
    """A page of containers."""

    items: list[Container]
    exact: bool = Field(description="q is a barcode of the lab: items is just that container, disposed of or not")


class ContainerDetail(Container):
    """A container with its own history, latest first."""

    movements: list[Movement]
    mark: dict[str, Any] | None = Field(description="why it is marked for deletion: {id, reason, marked_at, …}")


class Written(Model):
    """What was changed."""

    id: int


class ContainerChange(Model):
    """What its label says: the fields that are given are changed. Amount, place and holder have acts of their own."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"lot": "STBK0412", "purity": "99.9 %"}]})

    lot: Maybe[Annotated[Line, Field(max_length=100)]] = None
    supplier: Maybe[Annotated[Line, Field(max_length=200)]] = None
    catalogue_number: Maybe[Annotated[Line, Field(max_length=100)]] = None
    purity: Maybe[Annotated[Line, Field(max_length=100)]] = None
    pack_size: Maybe[Annotated[AmountIn, Field(gt=0)]] = None
    pack_unit: Maybe[UnitIn] = None
    price: Maybe[Annotated[AmountIn, Field(lt=1_000_000_000)]] = None
    currency: Maybe[Annotated[str, Field(pattern=r"^[A-Z]{3}$")]] = Field(default=None, description="ISO 4217")
    received_on: Maybe[Day] = None
    opened_on: Maybe[Day] = None
    expires_on: Maybe[Day] = None
    notes: Maybe[Annotated[Text, Field(max_length=2000)]] = None

    @model_validator(mode="after")
    def something_is_said(self) -> Self:
        """Refuses an empty change."""
        if not self.model_fields_set:
            raise ValueError("Say what is to be changed.")
        return self

    def row(self) -> Row:
        """The columns that were written; a pack size in pounds or gallons as it is kept, in metric."""
        fields = self.model_dump(exclude_unset=True)
        if {"pack_size", "pack_unit"} & fields.keys():
            fields |= {"pack_size": self.pack_size, "pack_unit": self.pack_unit if self.pack_size is not None else None}
            if self.pack_size is not None and self.pack_unit is not None:
                pack = stored(Quantity(self.pack_size, self.pack_unit))
                fields |= {"pack_size": pack.amount, "pack_unit": pack.unit}
        if {"price", "currency"} & fields.keys():
            fields |= {"price": self.price, "currency": self.currency if self.price is not None else None}
        return {name: str(value) if isinstance(value, Decimal | date) else value for name, value in fields.items()}


FIND_PAGE = CONTAINER + " WHERE {where} ORDER BY {order} LIMIT %(limit)s"
# A barcode is found as it was typed or in capitals: labels have capitals, fingers do not.
FIND_BY_BARCODE = CONTAINER + " WHERE s.barcode IN (%(code)s, upper(%(code)s)) ORDER BY s.barcode <> %(code)s LIMIT 1"
FIND_CONTAINER = CONTAINER + " WHERE s.id = %(container)s"
FIND_MOVEMENTS = (
    MOVEMENT + " WHERE e.container_id = %(container)s ORDER BY e.made_at DESC, e.source, e.id DESC LIMIT 100"
)
FIND_MARK = """
SELECT d.id, d.container_id, d.reason, d.marked_at, d.marked_by, u.name AS marked_by_name
  FROM inventory.containers c
  JOIN inventory.disposals d ON d.chemical_id = c.chemical_id AND (d.container_id = c.id OR d.container_id IS NULL) AND d.outcome IS NULL
  JOIN control.users u ON u.id = d.marked_by
 WHERE c.id = %(container)s ORDER BY d.container_id NULLS LAST LIMIT 1"""
CHANGE_CONTAINER = "SELECT inventory.update_row('inventory.containers', %s, %s) AS id"

FILTERS = {
    "location": """s.location_id IN (SELECT l.id FROM inventory.locations l JOIN inventory.locations root ON root.lab_id = l.lab_id
        AND root.id = %(location)s WHERE starts_with(l.path, root.path))""",
    "chemical": "s.chemical_id = %(chemical)s",
    "delivery": "s.delivery_id = %(delivery)s",
}
HELD = {
    "anyone": "s.holder_id IS NOT NULL",
    "me": "s.holder_id = (SELECT control.user_id())",
    "nobody": "s.holder_id IS NULL",
}
SORTS: dict[str, str] = {"name": "chemical_name_folded", "barcode": "barcode"}


class Search(Model):
    """What a list is narrowed to; everything given must hold."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[str, Field(max_length=200, description="a barcode or its beginning, or words of the chemical")] = ""
    location: Annotated[Id | None, Field(description="a location, with all below it")] = None
    chemical: Id | None = None
    delivery: Id | None = None
    held: Literal["anyone", "me", "nobody"] | None = None
    missing: Annotated[bool | None, Field(description="not found by a stocktake")] = None
    disposed: Annotated[bool, Field(description="also those that were disposed of")] = False
    sort: Literal["name", "barcode"] = "name"
    cursor: Annotated[str, Field(max_length=2000)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50

    def conditions(self) -> tuple[list[str], Row]:
        """Fragments for WHERE, from the fixed ones above, and their parameters."""
        given: Row = {name: getattr(self, name) for name in FILTERS if getattr(self, name) is not None}
        parts = ["true", *(FILTERS[name] for name in given)]
        if self.held:
            parts.append(HELD[self.held])
        if self.missing is not None:
            parts.append("s.missing_since IS NOT NULL" if self.missing else "s.missing_since IS NULL")
        if not self.disposed:
            parts.append("s.disposed_at IS NULL")
        if code := self.q.strip():
            found, named = words.conditions("s.chemical_id", words.words_of(code))
            begins = "s.barcode ^@ %(code)s OR s.barcode ^@ upper(%(code)s)"
            parts.append(f"({begins} OR ({' AND '.join(found) or 'false'}))")
            given |= named | {"code": code}
        return parts, given


def page_of(search: Search) -> tuple[str, Row, bool]:
    """The statement for a page, its parameters with one row more than wanted, and whether it runs backwards."""
    parts, given = search.conditions()
    column, backwards = SORTS[search.sort], False
    if search.cursor:
        towards, value, last_id = decode_cursor(search.cursor, (str, str, int))
        backwards = towards == "previous"
        parts.append(f"(s.{column}, s.id) {'<' if backwards else '>'} (%(value)s, %(last_id)s)")
        given |= {"value": value, "last_id": last_id}
    direction = "DESC" if backwards else "ASC"
    order = f"s.{column} {direction}, s.id {direction}"
    return FIND_PAGE.format(where=" AND ".join(parts), order=order), given | {"limit": search.limit + 1}, backwards


@router.get("/containers", response_model=ContainerList)
async def list_containers(search: Annotated[Search, Query()], visit: InLab, data: Data) -> Any:
    """A page of containers, for picking and for scanning: where `q` is just a barcode, that one alone."""
    statement, given, backwards = page_of(search)
    exact, rows = await data.read_all(visit, (FIND_BY_BARCODE, {"code": search.q.strip()}), (statement, given))
    if exact:
        return {"items": [with_units(exact[0])], "exact": True}
    more, rows = len(rows) > search.limit, rows[: search.limit]
    if backwards:
        rows.reverse()

    def cursor(towards: str, wanted: bool) -> str | None:
        row = rows[-1 if towards == "next" else 0] if rows and wanted else None
        return encode_cursor(towards, row[SORTS[search.sort]], row["id"]) if row else None

    return {
        "items": [with_units(row) for row in rows],
        "exact": False,
        "next": cursor("next", more or backwards),
        "previous": cursor("previous", more if backwards else bool(search.cursor)),
    }


@router.get("/containers/by-barcode/{code}", response_model=Container)
async def find_container_by_barcode(
    code: Annotated[str, Path(max_length=64, examples=["CT-000012"])], visit: InLab, data: Data
) -> Any:
    """The container with this barcode, disposed of or not."""
    found = await data.read(visit, FIND_BY_BARCODE, {"code": code.strip()})
    if not found:
        raise not_found()
    return with_units(found[0])


@router.get("/containers/{container}", response_model=ContainerDetail)
async def find_container(container: Id, visit: InLab, data: Data) -> Any:
    """A container with its history."""
    given = {"container": container}
    found, movements, marks = await data.read_all(
        visit, (FIND_CONTAINER, given), (FIND_MOVEMENTS, given), (FIND_MARK, given)
    )
    if not found:
        raise not_found()
    return with_units(found[0]) | {"movements": movements, "mark": marks[0] if marks else None}


@router.patch("/containers/{container}", response_model=Written)
async def change_container(container: Id, change: ContainerChange, visit: InLab, data: Data) -> Any:
    """Changes what its label says."""

    def written(results: list[list[Row]]) -> Row:
        if results[0][0]["id"] is None:
            raise not_found()
        return results[0][0]

    return await data.write(visit, (CHANGE_CONTAINER, (container, Jsonb(change.row()))), answer=written)
