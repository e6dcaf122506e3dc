"""Chemicals of a lab: search, look, add, edit."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from psycopg.types.json import Jsonb
from pydantic import BaseModel, ConfigDict, Field, field_validator

from api.access import InLab, Row
from api.database import Data, Statement
from api.fields import (
    AmountIn,
    CasNumberIn,
    Id,
    Line,
    Maybe,
    Number,
    Page,
    Text,
    UnitIn,
    decode_cursor,
    encode_cursor,
)
from api.formulas import molar_mass
from api.problems import not_found

router = APIRouter(prefix="/labs/{lab}/chemicals", tags=["chemicals"])

Pictogram = Literal["GHS01", "GHS02", "GHS03", "GHS04", "GHS05", "GHS06", "GHS07", "GHS08", "GHS09"]
StatementCode = Annotated[str, Field(pattern=r"^(EUH|H|P)[0-9]{3}[A-Za-z]{0,3}( ?\+ ?(H|P)[0-9]{3}[A-Za-z]{0,3})*$")]
Temperature = Annotated[Decimal | None, Field(ge=Decimal("-273.15"), le=10000, max_digits=12)]


class ChemicalIn(BaseModel):
    """What a person writes about a chemical. Only the name is needed."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Line, Field(min_length=1, max_length=300, examples=["Tetrahydrofuran"])]
    synonyms: list[Annotated[Line, Field(min_length=1, max_length=300)]] = Field(default=[], max_length=50)
    cas_number: CasNumberIn = Field(default=None, examples=["109-99-9"])
    formula: Maybe[Annotated[Line, Field(max_length=200)]] = None
    molar_mass_g_per_mol: Annotated[Decimal | None, Field(gt=0, lt=1_000_000_000, max_digits=20)] = Field(
        default=None, description="Calculated from the formula when left out."
    )
    smiles: Maybe[Annotated[Line, Field(max_length=2000)]] = None
    inchikey: Maybe[Annotated[Line, Field(pattern=r"^[A-Z]{14}-[A-Z]{10}-[A-Z]$")]] = None
    physical_state: Literal["solid", "liquid", "gas"] | None = None
    density_g_per_ml: Annotated[Decimal | None, Field(gt=0, lt=100, max_digits=12, description="g/mL at 20 °C")] = None
    melting_point_celsius: Temperature = None
    boiling_point_celsius: Temperature = None
    flash_point_celsius: Temperature = None
    pictograms: list[Pictogram] | None = Field(default=None, description="null: not known; empty: checked, none apply")
    signal_word: Literal["Danger", "Warning"] | None = None
    h_statements: list[StatementCode] = Field(default=[], max_length=60)
    p_statements: list[StatementCode] = Field(default=[], max_length=80)
    storage_class: Maybe[Annotated[Line, Field(max_length=40)]] = None
    sds_url: Maybe[Annotated[Line, Field(max_length=1000)]] = None
    supplier: Maybe[Annotated[Line, Field(max_length=200)]] = None
    catalogue_number: Maybe[Annotated[Line, Field(max_length=100)]] = None
    low_stock_amount: AmountIn | None = None
    low_stock_unit: UnitIn | None = None
    notes: Maybe[Annotated[Text, Field(max_length=5000)]] = None

    @field_validator("formula")
    @classmethod
    def formula_has_a_mass(cls, formula: str | None) -> str | None:
        """Refuses what is no formula."""
        if formula:
            molar_mass(formula)
        return formula

    @field_validator("low_stock_amount", "low_stock_unit", mode="before")
    @classmethod
    def blank_is_none(cls, value: object) -> object:
        """An empty field sets no limit."""
        return None if value == "" else value

    def row(self) -> Row:
        """The columns that were written, with the molar mass from the formula where none was."""
        fields = self.model_dump(mode="json", exclude_unset=True)
        if fields.get("formula") and not fields.get("molar_mass_g_per_mol"):
            fields["molar_mass_g_per_mol"] = str(molar_mass(fields["formula"]))
        return fields


class ChemicalChange(ChemicalIn):
    """What is to be changed: the fields that are given."""

    name: Annotated[Line, Field(min_length=1, max_length=300)] = ""


class Total(BaseModel):
    """What all containers hold together, in one dimension (mass, volume …)."""

    amount: Number
    unit: str


class ChemicalLine(BaseModel):
    """A chemical in a list."""

    id: int
    name: str
    cas_number: str | None
    formula: str | None
    molar_mass_g_per_mol: Number | None
    physical_state: str | None
    pictograms: list[str] | None = Field(description="null: not known")
    signal_word: str | None
    totals: list[Total] = Field(description="by dimension; containers whose amount is not known are left out")
    containers: int
    unknown_amounts: int = Field(description="containers whose amount is not known")
    location: str | None = Field(description="where its containers stand, if all in one place")
    locations: int
    earliest_expiry: date | None
    low: bool
    marked: bool


class Scanned(BaseModel):
    """The container whose barcode is just what was searched for."""

    id: int
    barcode: str
    chemical_id: int


class ChemicalList(Page):
    """A page of chemicals."""

    items: list[ChemicalLine]
    container: Scanned | None
    facets: dict[str, Any] | None


class Chemical(BaseModel):
    """A chemical with everything the lab keeps about it."""

    model_config = ConfigDict(extra="allow")

    id: int
    name: str
    containers: list[dict[str, Any]]
    movements: list[dict[str, Any]]


class Written(BaseModel):
    """What was made or changed, with a warning where something should be looked at."""

    id: int
    warning: str | None = None


IN_STOCK = "FROM inventory.containers c WHERE c.lab_id = h.lab_id AND c.chemical_id = h.id AND c.disposed_at IS NULL"
MARKED = "EXISTS (SELECT FROM inventory.disposals d WHERE d.lab_id = h.lab_id AND d.chemical_id = h.id AND d.outcome IS NULL)"
LOW = f"""(
  h.low_stock_amount IS NOT NULL AND NOT EXISTS (SELECT {IN_STOCK} AND c.amount IS NULL)
  AND coalesce((SELECT sum(c.amount * u.factor) FROM inventory.containers c JOIN reference.units u ON u.unit = c.unit
                 WHERE c.lab_id = h.lab_id AND c.chemical_id = h.id AND c.disposed_at IS NULL
                   AND u.dimension = (SELECT dimension FROM reference.units WHERE unit = h.low_stock_unit)), 0)
      < h.low_stock_amount * (SELECT factor FROM reference.units WHERE unit = h.low_stock_unit))"""
LINE = f"""
SELECT h.id, h.name, h.cas_number, h.formula, h.molar_mass_g_per_mol, h.physical_state, h.pictograms, h.signal_word,
       s.containers, s.unknown_amounts, s.earliest_expiry, s.locations,
       CASE WHEN s.locations = 1 THEN (SELECT l.full_name FROM inventory.locations l WHERE l.lab_id = h.lab_id AND l.id = s.location_id)
       END AS location,
       coalesce(t.totals, '[]') AS totals, {MARKED} AS marked, {LOW} AS low,
       h.name_folded, h.cas_number_sort, h.molar_mass_sort
  FROM (SELECT * FROM inventory.chemicals h WHERE {{where}} ORDER BY {{order}} LIMIT %(limit)s) AS h
  CROSS JOIN LATERAL (
    SELECT count(*) AS containers, count(*) FILTER (WHERE c.amount IS NULL) AS unknown_amounts, min(c.expires_on) AS earliest_expiry,
           count(DISTINCT c.location_id) AS locations, min(c.location_id) AS location_id {IN_STOCK}) AS s
  CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('amount', trim_scale(d.total / d.factor), 'unit', d.unit) ORDER BY d.dimension) AS totals
      FROM (SELECT u.dimension, max(u.factor) AS factor, (array_agg(c.unit ORDER BY u.factor DESC))[1] AS unit, sum(c.amount * u.factor) AS total
              FROM inventory.containers c JOIN reference.units u ON u.unit = c.unit
             WHERE c.lab_id = h.lab_id AND c.chemical_id = h.id AND c.disposed_at IS NULL AND c.amount IS NOT NULL
             GROUP BY u.dimension) AS d) AS t
 ORDER BY {{order}}"""

# What a person may sort by: the sort key's column, beneath a policy usable by an index, and its type in a cursor.
SORTS: dict[str, tuple[str, type]] = {
    "name": ("name_folded", str),
    "cas_number": ("cas_number_sort", str),
    "molar_mass": ("molar_mass_sort", float),
}

WORD = """h.id IN (SELECT w.chemical_id FROM inventory.chemical_words w
  WHERE w.word >= inventory.fold(%({0})s) AND w.word < inventory.fold(%({0})s) || chr(1114111))"""
WITHIN = "strpos(h.name_folded, inventory.fold(%({0})s)) > 0"
IS_WORD = "h.id IN (SELECT w.chemical_id FROM inventory.chemical_words w WHERE w.word = %({0})s)"
FILTERS = {
    "location": f"""EXISTS (SELECT {IN_STOCK} AND c.location_id IN (
        SELECT l.id FROM inventory.locations l JOIN inventory.locations root ON root.lab_id = l.lab_id AND root.id = %(location)s
         WHERE starts_with(l.path, root.path)))""",
    "state": "h.physical_state = ANY (%(state)s)",
    "mass_from": "h.molar_mass_sort >= %(mass_from)s::double precision",
    "mass_to": "h.molar_mass_sort <= %(mass_to)s::double precision",
    "expires_before": f"EXISTS (SELECT {IN_STOCK} AND c.expires_on < %(expires_before)s)",
    "cas_number": "h.cas_number_sort = lpad(%(cas_number)s, 12, '0')",
}
FLAGS = {
    "low": LOW,
    "marked": MARKED,
    "expired": f"EXISTS (SELECT {IN_STOCK} AND c.expires_on < control.today())",
    "held": f"EXISTS (SELECT {IN_STOCK} AND c.holder_id IS NOT NULL)",
    "missing": f"EXISTS (SELECT {IN_STOCK} AND c.missing_since IS NOT NULL)",
}
HAZARDS = {"unknown": "h.pictograms IS NULL", "none": "h.pictograms = '{}'"}


MOST_WORDS = 6


class Search(BaseModel):
    """What a list is narrowed to; everything given must hold."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[str, Field(max_length=200, description="words or beginnings of words")] = ""
    location: Annotated[Id | None, Field(description="a location, with all below it")] = None
    state: list[Literal["solid", "liquid", "gas"]] = []
    hazard: list[Pictogram | Literal["unknown", "none"]] = []
    h_code: Annotated[str, Field(pattern=r"^((EUH|H)[0-9]{3}[A-Za-z]{0,3})?$", description="such as H225")] = ""
    mass_from: Annotated[Decimal | None, Field(ge=0, max_digits=20, description="g/mol")] = None
    mass_to: Annotated[Decimal | None, Field(ge=0, max_digits=20, description="g/mol")] = None
    expires_before: date | None = None
    cas_number: CasNumberIn = None
    flag: list[Literal["low", "marked", "expired", "held", "missing"]] = []
    sort: Literal["name", "-name", "cas_number", "-cas_number", "molar_mass", "-molar_mass"] = "name"
    cursor: Annotated[str, Field(max_length=2000)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    facets: bool = Field(default=False, description="also give what one may narrow by")

    def conditions(self, word: str) -> tuple[list[str], Row]:
        """Fragments for WHERE and their parameters, from the fixed fragments above; `word` is that for a query's word."""
        words = re.findall(r"[^\W_][^\W_-]*(?:-[^\W_]+)*", self.q)[:MOST_WORDS]
        given: Row = {name: getattr(self, name) for name in FILTERS if getattr(self, name) not in (None, [], "")}
        parts = ["h.retired_at IS NULL", *(FILTERS[name] for name in given), *(FLAGS[flag] for flag in self.flag)]
        exact = [code.lower() for code in self.hazard if code not in HAZARDS] + (
            [self.h_code.lower()] if self.h_code else []
        )
        parts += [HAZARDS[code] for code in self.hazard if code in HAZARDS]
        for fragment, values in ((word, words), (IS_WORD, exact)):
            for value in values:
                name = f"word_{len(given)}"
                parts.append(fragment.format(name))
                given[name] = value
        return parts, given


FIND_BY_BARCODE = """
SELECT s.id, s.barcode, s.chemical_id FROM inventory.stock s WHERE s.barcode = %(q)s AND %(q)s <> ''"""
FIND_LOCATIONS = "SELECT id, parent_id, kind, name, full_name, path FROM inventory.locations WHERE archived_at IS NULL ORDER BY full_name"
FIND_CHEMICAL = """
SELECT h.*, maker.name AS made_by_name, changer.name AS changed_by_name,
       (SELECT jsonb_agg(to_jsonb(t) ORDER BY t.code) FROM reference.hazard_statements t
         WHERE t.code = ANY (h.h_statements || h.p_statements)) AS statement_texts,
       (SELECT jsonb_build_object('id', d.id, 'reason', d.reason, 'marked_at', d.marked_at, 'marked_by', d.marked_by, 'marked_by_name', u.name)
          FROM inventory.disposals d JOIN control.users u ON u.id = d.marked_by
         WHERE d.chemical_id = h.id AND d.container_id IS NULL AND d.outcome IS NULL) AS mark
  FROM inventory.chemicals h
  LEFT JOIN control.users maker ON maker.id = h.made_by
  LEFT JOIN control.users changer ON changer.id = h.changed_by
 WHERE h.id = %(chemical)s"""
FIND_CONTAINERS = """
SELECT * FROM inventory.stock s WHERE s.chemical_id = %(chemical)s ORDER BY s.disposed_at IS NOT NULL, s.expires_on, s.id LIMIT 500"""
FIND_MOVEMENTS = """
SELECT * FROM inventory.history e WHERE e.chemical_id = %(chemical)s ORDER BY e.made_at DESC, e.source, e.id DESC LIMIT 20"""
ADD_CHEMICAL = "SELECT inventory.insert_row('inventory.chemicals', %s) AS id"
CHANGE_CHEMICAL = "SELECT inventory.update_row('inventory.chemicals', %s, %s) AS id"
FIND_TWINS = """
SELECT h.name FROM inventory.chemicals h
 WHERE h.cas_number_sort = lpad(%s, 12, '0') AND h.id <> %s AND h.retired_at IS NULL ORDER BY h.id LIMIT 3"""


def is_backwards(search: Search) -> bool:
    """Whether the page before the cursor is wanted."""
    return bool(search.cursor) and decode_cursor(search.cursor, (str, object, int))[0] == "previous"


def page_of(search: Search, word: str) -> tuple[str, Row, str]:
    """The statement for a page with its parameters, one row more than wanted, and the column that it is sorted by."""
    parts, given = search.conditions(word)
    column, kind = SORTS[search.sort.lstrip("-")]
    reverse = search.sort.startswith("-")
    if search.cursor:
        towards, value, last_id = decode_cursor(search.cursor, (str, kind, int))
        reverse = reverse != (towards == "previous")
        given |= {"value": value, "last_id": last_id}
        parts.append(f"(h.{column}, h.id) {'<' if reverse else '>'} (%(value)s, %(last_id)s)")
    direction = "DESC" if reverse else "ASC"
    order = f"h.{column} {direction}, h.id {direction}"
    return LINE.format(where=" AND ".join(parts), order=order), given | {"limit": search.limit + 1}, column


def written(results: list[list[Row]]) -> Row:
    """The id, and a warning when another chemical of the lab has the same CAS RN."""
    [row], twins = results
    if row["id"] is None:
        raise not_found()
    warning = f"{twins[0]['name']} has this CAS number too." if twins else None
    return {"id": row["id"], "warning": warning}


@router.get("", response_model=ChemicalList)
async def list_chemicals(search: Annotated[Search, Query()], visit: InLab, data: Data) -> Any:
    """A page of the lab's chemicals that fit, with what is in stock of each. `container`: the one of this barcode."""
    page, given, column = page_of(search, WORD)
    statements: list[Statement] = [(page, given), (FIND_BY_BARCODE, {"q": search.q.strip()})]
    if search.facets:
        statements.append((FIND_LOCATIONS, {}))
    rows, found, *facets = await data.read_all(visit, *statements)
    if not rows and search.q and not search.cursor:
        # Nothing begins like that: look inside the names.
        page, given, column = page_of(search, WITHIN)
        rows = await data.read(visit, page, given)
    backwards, more, rows = is_backwards(search), len(rows) > search.limit, rows[: search.limit]
    if backwards:
        rows.reverse()

    def cursor(towards: str, wanted: bool) -> str | None:
        row = rows[-1 if towards == "next" else 0] if rows and wanted else None
        return encode_cursor(towards, row[column], row["id"]) if row else None

    return {
        "items": rows,
        "next": cursor("next", more or backwards),
        "previous": cursor("previous", more if backwards else bool(search.cursor)),
        "container": found[0] if found else None,
        "facets": {"locations": facets[0]} if facets else None,
    }


@router.get("/{chemical}", response_model=Chemical)
async def find_chemical(chemical: Id, visit: InLab, data: Data) -> Any:
    """A chemical with its containers and its latest movements."""
    given = {"chemical": chemical}
    found, containers, movements = await data.read_all(
        visit, (FIND_CHEMICAL, given), (FIND_CONTAINERS, given), (FIND_MOVEMENTS, given)
    )
    if not found:
        raise not_found()
    return found[0] | {"containers": containers, "movements": movements}


@router.post("", status_code=201, response_model=Written)
async def add_chemical(chemical: ChemicalIn, visit: InLab, data: Data) -> Any:
    """Lists a chemical. A CAS RN may occur twice (grades, mixtures): then there is a warning."""
    statements = [(ADD_CHEMICAL, (Jsonb(chemical.row()),)), (FIND_TWINS, (chemical.cas_number, 0))]
    return await data.write(visit, *statements, answer=written)


@router.patch("/{chemical}", response_model=Written)
async def change_chemical(chemical: Id, change: ChemicalChange, visit: InLab, data: Data) -> Any:
    """Changes the fields that are given."""
    statements = [(CHANGE_CHEMICAL, (chemical, Jsonb(change.row()))), (FIND_TWINS, (change.cas_number, chemical))]
    return await data.write(visit, *statements, answer=written)
