"""A page of the lab's chemicals, and what one may narrow it by."""

from datetime import date
from typing import Annotated

from fastapi import Query, Response
from pydantic import Field

from api.access import InLab, Row
from api.chemicals.search import MOST_COUNTED, TODAY, Search
from api.database import Data, Statement
from api.fields import Model, Number, Page, written_page
from api.routes import resource
from api.views import Total

router = resource("/labs/{lab}", "chemicals")


class ChemicalLine(Model):
    """A chemical in a list."""

    id: int
    name: str = Field(examples=["Tetrahydrofuran"])
    cas_number: str | None = Field(examples=["109-99-9"])
    formula: str | None
    molar_mass_g_per_mol: Number | None
    physical_state: str | None
    pictograms: list[str] | None = Field(description="null: not known")
    signal_word: str | None
    h_statements: list[str]
    totals: list[Total] = Field(description="by dimension; containers whose amount is not known are left out")
    containers: int
    unknown_amounts: int = Field(description="containers whose amount is not known")
    location: str | None = Field(description="where its containers stand, if all in one place")
    locations: int
    earliest_opened: date | None
    earliest_expiry: date | None
    low: bool
    marked: bool


class Scanned(Model):
    """The container whose barcode is just what was searched for."""

    id: int
    barcode: str
    chemical_id: int
    chemical_name: str


class LocationFacet(Model):
    """A location with the number of chemicals that stand there or below."""

    id: int
    parent_id: int | None
    name: str
    full_name: str
    chemicals: int


class Facets(Model):
    """What one may narrow by, with the number of chemicals of the whole lab."""

    chemicals: int
    flags: dict[str, int]
    states: dict[str, int]
    locations: list[LocationFacet]


class Place(Model):
    """The location that the list is narrowed to."""

    id: int
    name: str
    full_name: str


class ChemicalList(Page):
    """A page of chemicals."""

    items: list[ChemicalLine]
    total: int = Field(description=f"how many fit; not counted beyond {MOST_COUNTED:,}")
    container: Scanned | None = Field(description="the one whose barcode is just q")
    location: Place | None = Field(description="the one that was asked for; null also if the lab has no such location")
    facets: Facets | None


FIND_BY_BARCODE = """
SELECT s.id, s.barcode, s.chemical_id, s.chemical_name FROM inventory.stock s
 WHERE s.barcode IN (%(code)s, upper(%(code)s)) ORDER BY s.barcode <> %(code)s LIMIT 1"""
FIND_LOCATION = "SELECT id, name, full_name FROM inventory.locations WHERE id = %(location)s"
COUNT_FACETS = f"""
SELECT jsonb_build_object('low', (SELECT count(*) FROM inventory.low_stock),
         'expiring', s.expiring, 'expired', s.expired,
         'marked', (SELECT count(DISTINCT d.chemical_id) FROM inventory.disposals d WHERE d.outcome IS NULL)) AS flags,
       jsonb_build_object('solid', c.solid, 'liquid', c.liquid, 'gas', c.gas) AS states, c.chemicals
  FROM (SELECT count(DISTINCT c.chemical_id) FILTER (WHERE c.expires_on >= {TODAY} AND c.expires_on <= {TODAY} + 30) AS expiring,
               count(DISTINCT c.chemical_id) FILTER (WHERE c.expires_on < {TODAY}) AS expired
          FROM inventory.containers c WHERE c.disposed_at IS NULL AND c.expires_on IS NOT NULL) AS s,
       (SELECT count(*)::int AS chemicals, count(*) FILTER (WHERE h.physical_state = 'solid') AS solid,
               count(*) FILTER (WHERE h.physical_state = 'liquid') AS liquid, count(*) FILTER (WHERE h.physical_state = 'gas') AS gas
          FROM inventory.chemicals h WHERE h.retired_at IS NULL) AS c"""
FIND_LOCATIONS = """
WITH standing AS (
  SELECT step::bigint AS id, count(DISTINCT c.chemical_id) AS chemicals
    FROM inventory.containers c JOIN inventory.locations l ON l.lab_id = c.lab_id AND l.id = c.location_id
   CROSS JOIN string_to_table(trim(l.path, '/'), '/') AS step
   WHERE c.disposed_at IS NULL GROUP BY step)
SELECT l.id, l.parent_id, l.name, l.full_name, coalesce(s.chemicals, 0)::int AS chemicals
  FROM inventory.locations l LEFT JOIN standing s ON s.id = l.id WHERE l.archived_at IS NULL ORDER BY l.name_folded, l.id"""


@router.get("/chemicals", response_model=ChemicalList)
async def list_chemicals(search: Annotated[Search, Query()], visit: InLab, data: Data) -> Response:
    """A page of the lab's chemicals that fit, with what is in stock of each."""
    asked: dict[str, Statement] = {}
    if search.q:
        asked["container"] = (FIND_BY_BARCODE, {"code": search.q.strip()})
    if search.location:
        asked["location"] = (FIND_LOCATION, {"location": search.location})
    if search.facets:
        asked |= {"facets": (COUNT_FACETS, ()), "locations": (FIND_LOCATIONS, ())}
    rows, *answers = await data.read_all(visit, search.page(inside=False), *asked.values())
    if search.q and not rows[0]["total"]:
        # Nothing begins like that: look inside the names.
        rows = await data.read(visit, *search.page(inside=True))
    found: dict[str, list[Row]] = dict(zip(asked, answers, strict=True))
    more = {
        "total": rows[0]["total"],
        "container": next(iter(found.get("container", [])), None),
        "location": next(iter(found.get("location", [])), None),
        "facets": found["facets"][0] | {"locations": found["locations"]} if search.facets else None,
    }
    return written_page(visit, search.answer(rows) | more)
