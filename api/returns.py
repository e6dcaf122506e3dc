"""Part of a check-out comes back to its container."""

from typing import Annotated, Any

from psycopg.types.json import Jsonb
from pydantic import ConfigDict, Field

from api.access import InLab
from api.database import Data
from api.fields import Id, Model, Number, TypedAmount
from api.routes import resource

router = resource("/labs/{lab}/returns", "returns")


class ReturnLine(TypedAmount):
    """What comes back of one check-out."""

    model_config = ConfigDict(extra="forbid")

    movement_id: Annotated[Id, Field(description="the check-out")]


class ReturnIn(Model):
    """Amounts that come back, all or nothing. Never more of a check-out than was taken."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"lines": [{"movement_id": 31, "amount": "40", "unit": "mL"}]}]}
    )

    lines: Annotated[list[ReturnLine], Field(min_length=1, max_length=100)]


class Returned(Model):
    """An amount that came back."""

    movement_id: int = Field(description="the return itself")
    refers_to_id: int = Field(description="the check-out")
    container_id: int
    barcode: str
    chemical_id: int
    chemical_name: str
    typed_amount: Number
    typed_unit: str
    balance: Number = Field(description="what is in it now, in unit")
    unit: str


class AllReturned(Model):
    """What came back."""

    items: list[Returned]


BRING = """
SELECT p.movement_id, p.refers_to_id, p.container_id, c.barcode, c.chemical_id, h.name AS chemical_name,
       p.typed_amount, p.typed_unit, p.balance, p.unit
  FROM inventory.post_movements(%s) WITH ORDINALITY AS p
  LEFT JOIN inventory.containers c ON c.id = p.container_id
  LEFT JOIN inventory.chemicals h ON h.id = c.chemical_id
 ORDER BY p.ordinality"""


@router.post("", status_code=201, response_model=AllReturned)
async def return_amounts(returned: ReturnIn, visit: InLab, data: Data) -> Any:
    """Puts the amounts back, all or nothing; everything that is wrong is said at once, each at its line."""
    steps = [
        {
            "at": f"/lines/{number}",
            "names": {"container_id": "movement_id"},
            "kind": "return",
            "refers_to_id": line.movement_id,
            "amount": str(line.amount),
            "unit": line.unit,
        }
        for number, line in enumerate(returned.lines)
    ]
    return await data.write(visit, (BRING, (Jsonb(steps),)), answer=lambda results: {"items": results[0]})
