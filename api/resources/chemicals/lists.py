"""A page of the lab's chemicals, and the values by which the list may be narrowed."""

import json
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Query, Response
from pydantic import AfterValidator, ConfigDict, Field

from api.chemistry.properties import IN_THE_LIST
from api.core.database import Data, Statement, Statements
from api.core.fields import Model
from api.core.paging import Page
from api.core.product_codes import FIND_PRODUCT, FIND_SCANNED, ReadProduct, scanned_parameters, scanned_product
from api.core.properties import answered
from api.core.routes import resource
from api.core.rows import Row
from api.core.views import Total
from api.core.visit import InLab, Visit
from api.resources.chemicals.queries import MOST_COUNTED, SORTS, Search
from api.resources.chemicals.searches import FIND_SEARCHES, SavedSearch
from api.resources.chemicals.structure_search import find_structures
from api.structures.apart import Structures

router = resource("/labs/{lab}", "chemicals")


if TYPE_CHECKING:
    PropertiesOfALine = Model
else:
    PropertiesOfALine = answered("PropertiesOfALine", IN_THE_LIST)


class ChemicalLine(PropertiesOfALine):
    """A chemical in a list."""

    id: int
    name: str = Field(examples=["Tetrahydrofuran"])
    cas_number: str | None = Field(examples=["109-99-9"])
    formula: str | None
    pictograms: list[str] | None = Field(description="null: not known")
    signal_word: str | None
    h_statements: list[str]
    totals: list[Total] = Field(description="by dimension; containers whose amount is not known are left out")
    containers: int
    unknown_amounts: int = Field(description="containers whose amount is not known")
    location: str | None = Field(description="where its containers stand, if all in the same location")
    locations: int
    earliest_opened: date | None
    earliest_expiry: date | None
    low: bool
    marked: bool


class Scanned(Model):
    """The container that the search text names."""

    id: int
    barcode: str
    chemical_id: int
    chemical_name: str


class LocationFacet(Model):
    """A location with the number of chemicals of the list that have a container there or below."""

    id: int
    parent_id: int | None
    name: str
    full_name: str
    chemicals: int


class ChemicalFacets(Model):
    """The values by which the list may be narrowed further, each with the number of chemicals that are then left."""

    chemicals: int = Field(description="without a location")
    flags: dict[str, int]
    states: dict[str, int] = Field(description="each instead of the states that are asked for")
    locations: list[LocationFacet] = Field(description="each instead of the location that is asked for")


class ChosenLocation(Model):
    """The location that the list is narrowed to."""

    id: int
    name: str
    full_name: str


def _column(name: str) -> str:
    if name not in SORTS:
        raise ValueError("The list has no such column.")
    return name


class ChosenColumns(Model):
    """The columns that a member wants to see besides the name."""

    model_config = ConfigDict(extra="forbid")

    columns: list[Annotated[str, AfterValidator(_column)]] = Field(
        max_length=40, description="each by the name of its order", examples=[["cas_number", "stock"]]
    )


class ChemicalList(Page):
    """A page of chemicals."""

    items: list[ChemicalLine]
    total: int = Field(description=f"how many fit; not counted beyond {MOST_COUNTED:,}")
    no_word: bool = Field(description="q is nothing but signs, so nothing is found by it")
    container: Scanned | None = Field(
        description="the one whose barcode is just q, or that alone can carry this manufacturer's code"
    )
    product: ReadProduct | None = Field(description="what q says, if it is a manufacturer's code")
    location: ChosenLocation | None = Field(
        description="the one that was asked for; null also if the lab has no such location"
    )
    facets: ChemicalFacets | None
    unknown: dict[str, int] = Field(
        description="with facets, for each characteristic that a filter asks for: how many chemicals may fit, because it is not known of them"
    )
    searches: list[SavedSearch] = Field(
        description="with facets: those that this member saved, and those shared with the lab"
    )
    columns: list[str] | None = Field(description="those that this member chose for the list; null: none were chosen")


FIND_CONTAINER = (
    """
SELECT s.id, s.barcode, s.chemical_id, s.chemical_name FROM inventory.stock s
 WHERE s.id = """
    + FIND_SCANNED
)
FIND_COLUMNS = "SELECT c.columns FROM inventory.list_columns c WHERE c.user_id = control.user_id()"
KEEP_COLUMNS = """
INSERT INTO inventory.list_columns (columns) VALUES (%(columns)s)
ON CONFLICT (lab_id, user_id) DO UPDATE SET columns = excluded.columns RETURNING columns"""
FIND_LOCATION = "SELECT id, name, full_name FROM inventory.locations WHERE id = %(location)s"


@router.get("/chemicals", response_model=ChemicalList)
async def list_chemicals(search: Annotated[Search, Query()], visit: InLab, data: Data, chemist: Structures) -> Response:
    """A page of the lab's chemicals that the search finds, each with the amounts in stock."""
    await find_structures(search, visit, data, chemist)
    asked: dict[str, Statement] = {"page": search.page(), "columns": (FIND_COLUMNS, ())}
    if search.q:
        asked["container"] = (FIND_CONTAINER, scanned_parameters(search.q))
        asked["product"] = (FIND_PRODUCT, scanned_parameters(search.q))
    if "location" in search.given:
        asked["location"] = (FIND_LOCATION, search.given)
    if search.facets:
        asked["facets"] = search.count_facets()
    unknown = search.count_unknown() if search.facets else {}
    if search.facets:
        asked["searches"] = (FIND_SEARCHES, ())
    asked |= {f"unknown {name}": count for name, count in unknown.items()}
    found = await data.read_all(visit, asked)
    rows, scanned = found["page"], scanned_product(search.q.strip())
    more = {
        "total": rows[0]["total"],
        "no_word": search.has_no_word,
        "container": next(iter(found.get("container", [])), None),
        "product": scanned and scanned | {"product": next(iter(found.get("product", [])), None)},
        "location": next(iter(found.get("location", [])), None),
        "facets": found["facets"][0] if search.facets else None,
        "unknown": {name: found[f"unknown {name}"][0]["total"] for name in unknown},
        "searches": found.get("searches", []),
        "columns": next((row["columns"] for row in found["columns"]), None),
    }
    return as_written(visit, search.answer(rows) | more)


@router.put("/chemicals/columns", response_model=ChosenColumns)
async def keep_columns(chosen: ChosenColumns, visit: InLab, data: Data) -> Any:
    """The columns that this member wants to see from now on, on each device; for members and managers."""
    statements: Statements = {"kept": (KEEP_COLUMNS, chosen.model_dump())}
    return await data.write(visit, statements, needed="member", answer=lambda found: found["kept"][0])


def as_written(visit: Visit, answer: Row) -> Response:
    """Sends the answer with its `items` as the database wrote them, which are texts of JSON: for long lists that is the fastest way.

    pydantic does not check this answer; a test compares it with ChemicalList.
    """
    around = json.dumps({name: value for name, value in answer.items() if name != "items"}, default=str)
    text = f'{{"items":[{",".join(answer["items"])}],{around[1:]}'
    return Response(text, media_type="application/json", headers=dict(visit.response.headers))
