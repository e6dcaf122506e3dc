"""One chemical: look at it, list it, edit it."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from psycopg.types.json import Jsonb
from pydantic import BeforeValidator, ConfigDict, Field, field_validator, model_validator

from api.access import InLab, Row
from api.chemicals.search import IN_STOCK, IS_LOW
from api.database import Data
from api.fields import AmountIn, CasNumberIn, Id, Line, Maybe, Model, Number, Pictogram, Text, UnitIn
from api.formulas import molar_mass
from api.problems import not_found
from api.quantities import Quantity, convert, stored, units_like
from api.routes import resource
from api.views import CONTAINER, MOVEMENT, Container, Movement, StatementText, Total, statement_texts, with_units

router = resource("/labs/{lab}", "chemicals")


def _code(kinds: str, example: str) -> BeforeValidator:
    form = re.compile(rf"({kinds})[0-9]{{3}}[A-Za-z]{{0,3}}(\+({kinds})[0-9]{{3}}[A-Za-z]{{0,3}})*")

    def read(value: object) -> object:
        if not isinstance(value, str):
            return value
        code = re.sub(r"(?i)(euh|h|p)(?=[0-9])", lambda found: found[0].upper(), re.sub(r"\s", "", value))
        if not form.fullmatch(code):
            raise ValueError(f"“{value.strip()[:30]}” is not a code of this kind. Write codes such as {example}.")
        return code

    return BeforeValidator(read)


def _minus(value: object) -> object:
    """A minus as it is printed, −14, counts as one that is typed."""
    return value.replace("−", "-") if isinstance(value, str) else value


HStatement = Annotated[str, _code("EUH|H", "H225")]
PStatement = Annotated[str, _code("P", "P210 or P301+P310")]
Temperature = Maybe[Annotated[Decimal, BeforeValidator(_minus), Field(ge=Decimal("-273.15"), le=10000, max_digits=12)]]


class ChemicalIn(Model):
    """What a person writes about a chemical. Only the name is needed."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Line, Field(min_length=1, max_length=300, examples=["Tetrahydrofuran"])]
    synonyms: list[Annotated[Line, Field(min_length=1, max_length=300)]] = Field(default=[], max_length=50)
    cas_number: CasNumberIn = Field(default=None, examples=["109-99-9"])
    formula: Maybe[Annotated[Line, Field(max_length=200)]] = None
    molar_mass_g_per_mol: Maybe[Annotated[Decimal, Field(gt=0, lt=1_000_000_000, max_digits=20)]] = Field(
        default=None, description="Calculated from the formula when left out."
    )
    smiles: Maybe[Annotated[Line, Field(max_length=2000)]] = None
    inchikey: Maybe[Annotated[Line, Field(pattern=r"^[A-Z]{14}-[A-Z]{10}-[A-Z]$")]] = None
    physical_state: Maybe[Literal["solid", "liquid", "gas"]] = None
    density_g_per_ml: Maybe[Annotated[Decimal, Field(gt=0, lt=100, max_digits=12)]] = Field(
        default=None, description="g/mL at 20 °C"
    )
    melting_point_celsius: Temperature = None
    boiling_point_celsius: Temperature = None
    flash_point_celsius: Temperature = None
    pictograms: list[Pictogram] | None = Field(default=None, description="null: not known; empty: checked, none apply")
    signal_word: Maybe[Literal["Danger", "Warning"]] = None
    h_statements: list[HStatement] = Field(default=[], max_length=60)
    p_statements: list[PStatement] = Field(default=[], max_length=80)
    storage_class: Maybe[Annotated[Line, Field(max_length=40)]] = None
    sds_url: Maybe[Annotated[Line, Field(max_length=1000)]] = None
    supplier: Maybe[Annotated[Line, Field(max_length=200)]] = None
    catalogue_number: Maybe[Annotated[Line, Field(max_length=100)]] = None
    low_stock_amount: Maybe[Annotated[AmountIn, Field(gt=0)]] = Field(
        default=None, description="low when all containers together hold less"
    )
    low_stock_unit: Maybe[UnitIn] = None
    notes: Maybe[Annotated[Text, Field(max_length=5000)]] = None

    @field_validator("formula")
    @classmethod
    def formula_has_a_mass(cls, formula: str | None) -> str | None:
        """Refuses what is no formula."""
        if formula:
            molar_mass(formula)
        return formula

    def row(self) -> Row:
        """The columns that were written: the molar mass from the formula where none was, the limit in a metric unit."""
        fields = self.model_dump(mode="json", exclude_unset=True)
        if fields.get("formula") and not fields.get("molar_mass_g_per_mol"):
            fields["molar_mass_g_per_mol"] = str(molar_mass(fields["formula"]))
        for name in ("pictograms", "h_statements", "p_statements"):
            if fields.get(name):
                fields[name] = list(dict.fromkeys(fields[name]))
        if {"low_stock_amount", "low_stock_unit"} & fields.keys():
            limit, unit = self.low_stock_amount, self.low_stock_unit if self.low_stock_amount is not None else None
            if limit is not None and unit is not None:
                kept = stored(Quantity(limit, unit))
                limit, unit = kept.amount, kept.unit
            fields |= {"low_stock_amount": None if limit is None else str(limit), "low_stock_unit": unit}
        return fields


class ChemicalChange(ChemicalIn):
    """What is to be changed: the fields that are given."""

    name: Annotated[Line, Field(min_length=1, max_length=300)] = ""

    @model_validator(mode="after")
    def something_is_said(self) -> Self:
        """Refuses an empty change."""
        if not self.model_fields_set:
            raise ValueError("Say what is to be changed.")
        return self


class Mark(Model):
    """The whole chemical is marked for deletion: by whom, when, why."""

    id: int
    reason: str
    marked_at: datetime
    marked_by: int
    marked_by_name: str


class Twin(Model):
    """Another chemical of the lab with the same CAS RN."""

    id: int
    name: str


class Chemical(Model):
    """A chemical with everything the lab keeps about it."""

    id: int
    name: str
    synonyms: list[str]
    cas_number: str | None
    formula: str | None
    molar_mass_g_per_mol: Number | None
    smiles: str | None
    inchikey: str | None
    physical_state: str | None
    density_g_per_ml: Number | None
    melting_point_celsius: Number | None
    boiling_point_celsius: Number | None
    flash_point_celsius: Number | None
    pictograms: list[str] | None = Field(description="null: not known; empty: checked, none apply")
    signal_word: str | None
    h_statements: list[StatementText]
    p_statements: list[StatementText]
    storage_class: str | None
    sds_url: str | None
    supplier: str | None
    catalogue_number: str | None
    low_stock_amount: Number | None
    low_stock_unit: str | None
    low: bool
    stock_amount: Number | None = Field(description="what there is, in low_stock_unit; null without a limit")
    notes: str | None
    made_at: datetime
    made_by_name: str | None
    changed_at: datetime
    changed_by_name: str | None
    retired_at: datetime | None = Field(description="confirmed as no longer available; left out of lists")
    mark: Mark | None
    twins: list[Twin]
    totals: list[Total] = Field(description="by dimension; containers whose amount is not known are left out")
    containers: list[Container] = Field(description="at most 500; those in stock first")
    movements: list[Movement] = Field(description="the latest 20 of all its containers")


class Written(Model):
    """What was made or changed, with a warning where something should be looked at."""

    id: int
    warning: str | None = None


FIND_CHEMICAL = f"""
SELECT h.id, h.name, h.synonyms, h.cas_number, h.formula, h.molar_mass_g_per_mol, h.smiles, h.inchikey, h.physical_state, h.density_g_per_ml,
       h.melting_point_celsius, h.boiling_point_celsius, h.flash_point_celsius, h.pictograms, h.signal_word, h.storage_class, h.sds_url,
       h.supplier, h.catalogue_number, h.low_stock_amount, h.low_stock_unit, h.notes, h.made_at, h.changed_at, h.retired_at,
       {statement_texts("h.h_statements")} AS h_statements, {statement_texts("h.p_statements")} AS p_statements,
       maker.name AS made_by_name, changer.name AS changed_by_name, {IS_LOW} AS low,
       (SELECT inventory.totals(array_agg(c.amount), array_agg(c.unit)) {IN_STOCK}) AS totals,
       (SELECT jsonb_build_object('id', d.id, 'reason', d.reason, 'marked_at', d.marked_at, 'marked_by', d.marked_by, 'marked_by_name', u.name)
          FROM inventory.disposals d JOIN control.users u ON u.id = d.marked_by
         WHERE d.chemical_id = h.id AND d.container_id IS NULL AND d.outcome IS NULL) AS mark,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name) ORDER BY t.id), '[]') FROM inventory.chemicals t
         WHERE t.lab_id = h.lab_id AND t.cas_number_sort = h.cas_number_sort AND h.cas_number IS NOT NULL AND t.id <> h.id
           AND t.retired_at IS NULL) AS twins
  FROM inventory.chemicals h
  LEFT JOIN control.users maker ON maker.id = h.made_by
  LEFT JOIN control.users changer ON changer.id = h.changed_by
 WHERE h.id = %(chemical)s"""
FIND_CONTAINERS = (
    CONTAINER + " WHERE s.chemical_id = %(chemical)s ORDER BY s.disposed_at IS NOT NULL, s.expires_on, s.id LIMIT 500"
)
FIND_MOVEMENTS = MOVEMENT + " WHERE e.chemical_id = %(chemical)s ORDER BY e.made_at DESC, e.source, e.id DESC LIMIT 20"
ADD_CHEMICAL = "SELECT inventory.insert_row('inventory.chemicals', %s) AS id"
CHANGE_CHEMICAL = "SELECT inventory.update_row('inventory.chemicals', %s, %s) AS id"
FIND_TWINS = """
SELECT h.name FROM inventory.chemicals h
 WHERE h.cas_number_sort = lpad(%s, 12, '0') AND h.id <> %s AND h.retired_at IS NULL ORDER BY h.id LIMIT 3"""


def stock_amount(row: Row) -> Decimal | None:
    """What there is of a chemical, in the unit of its limit."""
    unit = row["low_stock_unit"]
    if unit is None:
        return None
    alike = [total for total in row["totals"] if total["unit"] in units_like(unit)]
    return sum((convert(Quantity(Decimal(str(total["amount"])), total["unit"]), unit) for total in alike), Decimal(0))


def written(results: list[list[Row]]) -> Row:
    """The id, and a warning when another chemical of the lab has the same CAS RN."""
    [row], twins = results
    if row["id"] is None:
        raise not_found()
    warning = f"{twins[0]['name']} has this CAS number too." if twins else None
    return {"id": row["id"], "warning": warning}


@router.get("/chemicals/{chemical}", response_model=Chemical)
async def find_chemical(chemical: Id, visit: InLab, data: Data) -> Any:
    """A chemical with its containers and its latest movements."""
    given = {"chemical": chemical}
    found, containers, movements = await data.read_all(
        visit, (FIND_CHEMICAL, given), (FIND_CONTAINERS, given), (FIND_MOVEMENTS, given)
    )
    if not found:
        raise not_found()
    return found[0] | {
        "stock_amount": stock_amount(found[0]),
        "containers": [with_units(row) for row in containers],
        "movements": movements,
    }


@router.post("/chemicals", status_code=201, response_model=Written)
async def add_chemical(chemical: ChemicalIn, visit: InLab, data: Data) -> Any:
    """Lists a chemical. A CAS RN may occur twice (grades, mixtures): then there is a warning."""
    statements = [(ADD_CHEMICAL, (Jsonb(chemical.row()),)), (FIND_TWINS, (chemical.cas_number, 0))]
    return await data.write(visit, *statements, answer=written)


@router.patch("/chemicals/{chemical}", response_model=Written)
async def change_chemical(chemical: Id, change: ChemicalChange, visit: InLab, data: Data) -> Any:
    """Changes the fields that are given."""
    statements = [(CHANGE_CHEMICAL, (chemical, Jsonb(change.row()))), (FIND_TWINS, (change.cas_number, chemical))]
    return await data.write(visit, *statements, answer=written)
