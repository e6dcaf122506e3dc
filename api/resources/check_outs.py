"""Check-outs: amounts leave containers for a purpose; and the form that shows what a member needs to see while taking them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Query
from psycopg.types.json import Jsonb
from pydantic import ConfigDict, Field

from api.chemistry.quantities import Quantity, QuantityError, convert, units_fitting
from api.core.database import Data, Statement
from api.core.fields import AmountIn, Id, Line, Maybe, Model, Number, TypedAmount, UnitIn
from api.core.routes import resource
from api.core.rows import Row
from api.core.scans import FIND_BY_WORDS, ScanForm, fields_of_scan, scan_statements
from api.core.views import CONTAINER, Container, with_units
from api.core.visit import InLab

router = resource("/labs/{lab}/check-outs", "check-outs")

MOST_LINES = 100


class CheckOutLine(TypedAmount):
    """An amount taken from one container. If the container's amount is not known, `left_before` says what was in it, and is recorded
    first as a count."""

    model_config = ConfigDict(extra="forbid")

    container_id: Id
    left_before: Maybe[AmountIn] = None
    left_unit: Maybe[UnitIn] = None
    holds_more: bool = Field(default=False, description="yes, it holds more than its pack size says")


class CheckOutIn(Model):
    """Amounts from several containers: all are taken, or none when one is refused. Two lines of the same container add up."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "purpose": "Lithiation, CK-421",
                    "lines": [
                        {"container_id": 12, "amount": "250", "unit": "mL"},
                        {"container_id": 15, "amount": "2", "unit": "g", "left_before": "40", "left_unit": "g"},
                    ],
                }
            ]
        },
    )

    purpose: Maybe[Annotated[Line, Field(max_length=200)]] = None
    lines: Annotated[list[CheckOutLine], Field(min_length=1, max_length=MOST_LINES)]

    def steps(self) -> list[Row]:
        """The lines to be written into the ledger, as inventory.post_movements takes them."""
        steps: list[Row] = []
        for number, line in enumerate(self.lines):
            step: Row = {"at": f"/lines/{number}", "container_id": line.container_id}
            if line.left_before is not None:
                names = {"amount": "left_before", "unit": "left_unit"}
                counted = {
                    "kind": "count",
                    "amount": line.left_before,
                    "unit": line.left_unit,
                    "holds_more": line.holds_more,
                }
                steps.append(step | counted | {"names": names, "reason": "Said at a check-out"})
            taken = {"kind": "check_out", "amount": line.amount, "unit": line.unit, "reason": self.purpose}
            steps.append(step | taken)
        return steps


class Taken(Model):
    """An amount that left a container."""

    movement_id: int
    count_id: int | None = Field(description="the count that said what was in it before (`left_before`)")
    container_id: int
    barcode: str
    chemical_id: int
    chemical_name: str
    typed_amount: Number = Field(examples=["250"])
    typed_unit: str = Field(examples=["mL"])
    balance: Number = Field(description="what is left, in unit", examples=["1.37"])
    unit: str


class CheckedOut(Model):
    """The amounts that were taken, in the order of the lines."""

    items: list[Taken]


class Out(Model):
    """A check-out of which something may still be returned."""

    movement_id: int
    container_id: int
    barcode: str
    chemical_id: int
    chemical_name: str
    made_at: datetime
    made_by: int
    made_by_name: str
    purpose: str | None
    typed_amount: Number
    typed_unit: str
    still_out: Number = Field(description="in unit")
    unit: str
    units: list[str] = Field(description="in which a return may be typed")


class Takeable(Container):
    """A container in the form for check-outs."""

    factors: dict[str, Number] = Field(description="what one of each of units is in the container's unit")


class HazardWarning(Model):
    """A grave hazard, of which the form warns before the bottle is opened."""

    code: str = Field(examples=["H250"])
    text: str
    chemicals: list[str]


class CheckOutForm(ScanForm):
    """Everything that a person sees while checking out."""

    containers: list[Takeable] = Field(description="those asked for, in that order, then the one that q added")
    hits: list[Takeable] = Field(description="what q found otherwise: those to choose from, or one disposed of")
    watch: list[HazardWarning]
    purposes: list[str] = Field(description="the member's last five")
    out: list[Out] = Field(description="the member's check-outs of 30 days that are not back, or those asked for")
    held: list[Container] = Field(description="bottles that the member has")


class Asked(Model):
    """The containers and the search text for which the form asks."""

    model_config = ConfigDict(extra="forbid")

    container: list[Id] = Field(default=[], max_length=MOST_LINES, description="containers of the form")
    movement: list[Id] = Field(default=[], max_length=MOST_LINES, description="check-outs, whoever made them")
    q: Annotated[str, Field(max_length=200, description="a barcode, or words of the chemical")] = ""


TAKE = """
WITH p AS MATERIALIZED (SELECT * FROM inventory.post_movements(%s) WITH ORDINALITY)
SELECT jsonb_build_object('items', jsonb_agg(jsonb_build_object(
         'movement_id', p.movement_id, 'count_id', (SELECT n.movement_id FROM p AS n WHERE n.at = p.at AND n.kind = 'count'),
         'container_id', p.container_id, 'barcode', c.barcode, 'chemical_id', c.chemical_id, 'chemical_name', h.name,
         'typed_amount', p.typed_amount::text, 'typed_unit', p.typed_unit, 'balance', p.balance::text, 'unit', p.unit) ORDER BY p.ordinality)) AS answer
  FROM p
  LEFT JOIN inventory.containers c ON c.id = p.container_id
  LEFT JOIN inventory.chemicals h ON h.id = c.chemical_id
 WHERE p.kind = 'check_out'"""
FIND_CONTAINERS = CONTAINER + " WHERE s.id = ANY (%(container)s)"
# The bottle to take from first: not missing, opened, soon to expire.
FIND_TO_TAKE = f"""{FIND_BY_WORDS}
 ORDER BY s.chemical_name_sort, s.missing_since IS NOT NULL, s.opened_on NULLS LAST, s.use_by, s.id LIMIT 20"""
FIND_HELD = CONTAINER + " WHERE s.holder_id = (SELECT control.user_id()) ORDER BY s.held_since DESC, s.id LIMIT 50"
FIND_PURPOSES = """
SELECT t.reason FROM (
  SELECT m.reason, m.made_at FROM inventory.movements m
   WHERE m.made_by = (SELECT control.user_id()) AND m.kind = 'check_out' AND m.reason IS NOT NULL ORDER BY m.made_at DESC LIMIT 200) AS t
 GROUP BY t.reason ORDER BY max(t.made_at) DESC LIMIT 5"""
OUT = """
SELECT o.id AS movement_id, o.container_id, c.barcode, c.chemical_id, h.name AS chemical_name, o.made_at, o.made_by, u.name AS made_by_name,
       o.reason AS purpose, o.typed_amount, o.typed_unit, o.still_out, o.unit, h.density_g_per_ml
  FROM inventory.check_outs o
  JOIN inventory.containers c ON c.id = o.container_id
  JOIN inventory.chemicals h ON h.id = c.chemical_id
  JOIN control.users u ON u.id = o.made_by
 WHERE o.still_out > 0 AND c.disposed_at IS NULL AND {where} ORDER BY o.made_at DESC, o.id DESC LIMIT 100"""
FIND_MY_OUT = OUT.format(where="o.made_by = (SELECT control.user_id()) AND o.made_at > now() - interval '30 days'")
FIND_OUT = OUT.format(where="o.id = ANY (%(movement)s)")
# The codes of which the form warns: the substance may kill, burn the skin, explode or catch fire by itself. Pictograms show the rest.
FIND_WARNINGS = """
SELECT t.code, t.text FROM reference.hazard_statements t
 WHERE t.code ~ '^(H20|H22[024]|H24|H25|H26|H27|H300|H310|H330|H314|H340|H350|H360|H370|EUH0(01|06|14|18|19|29|31|32))' ORDER BY t.code"""


def takeable(row: Row) -> Row:
    """The row of a container with the units that fit it, and how much one of each unit is in the container's own unit."""
    row = with_units(row)
    factors = {}
    for unit in row["units"] if row["unit"] else ():
        try:
            factors[unit] = convert(Quantity(Decimal(1), unit), row["unit"], row["density_g_per_ml"])
        except QuantityError:
            continue
    return row | {"factors": factors}


def warnings_of(containers: list[Row], texts: list[Row]) -> list[Row]:
    """Each grave hazard statement with the chemicals of the form that have it."""
    warnings = []
    for text in texts:
        about = {row["chemical_name"] for row in containers if text["code"] in row["h_statements"]}
        if about:
            warnings.append(text | {"chemicals": sorted(about)})
    return warnings


@router.get("/new", response_model=CheckOutForm)
async def show_check_out_form(asked: Annotated[Asked, Query()], visit: InLab, data: Data) -> Any:
    """Shows the form: its containers, those that `q` finds, and the member's latest check-outs."""
    code = asked.q.strip()
    statements: dict[str, Statement] = {
        "containers": (FIND_CONTAINERS, {"container": asked.container}),
        "texts": (FIND_WARNINGS, ()),
        "purposes": (FIND_PURPOSES, ()),
        "out": (FIND_OUT, {"movement": asked.movement}) if asked.movement else (FIND_MY_OUT, ()),
        "held": (FIND_HELD, ()),
    }
    statements |= scan_statements(code, FIND_TO_TAKE)
    found = await data.read_all(visit, statements)
    by_id = {row["id"]: takeable(row) for row in found["containers"]}
    containers = [by_id[number] for number in dict.fromkeys(asked.container) if number in by_id]
    scan = fields_of_scan(code, found, containers, takeable)
    return scan | {
        "watch": warnings_of(scan["containers"], found["texts"]),
        "purposes": [row["reason"] for row in found["purposes"]],
        "out": [
            row | {"units": units_fitting(row["unit"], density_is_known=row["density_g_per_ml"] is not None)}
            for row in found["out"]
        ],
        "held": [with_units(row) for row in found["held"]],
    }


@router.post("", status_code=201, response_model=CheckedOut)
async def check_out(taken: CheckOutIn, visit: InLab, data: Data) -> Any:
    """Takes the amounts, or none of them when one is refused; then the answer names every fault at its line."""
    steps = Jsonb(
        [{name: str(v) if isinstance(v, Decimal) else v for name, v in step.items()} for step in taken.steps()]
    )
    return await data.write_at_once(visit, TAKE, (steps,))
