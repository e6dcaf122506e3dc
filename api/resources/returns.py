"""Returns: part of an amount that was checked out comes back into its container."""

from typing import Annotated, Any

from psycopg.types.json import Jsonb
from pydantic import ConfigDict, Field

from api.core.database import Data
from api.core.fields import Id, Model, Number, TypedAmount
from api.core.problems import NOT_FOUND
from api.core.refusals import Meaning
from api.core.routes import resource
from api.core.visit import InLab

router = resource("/labs/{lab}/returns", "returns")

MEANINGS = {
    "movements_return_is_of_a_check_out": Meaning(
        409, "This line is no check-out: nothing can come back of it.", "movement_id"
    ),
    "movements_return_at_most_what_was_taken": Meaning(409, "More cannot come back than was taken: {out}.", "amount"),
    "movements_return_at_most_what_is_out": Meaning(
        409, "{back} came back already: only {out} is still out.", "amount"
    ),
    "movements_refers_to_a_line_of_the_container": Meaning(404, NOT_FOUND),
}


class ReturnLine(TypedAmount):
    """The amount that comes back from one check-out."""

    model_config = ConfigDict(extra="forbid")

    movement_id: Annotated[Id, Field(description="the check-out")]


class ReturnIn(Model):
    """Amounts that come back: all are recorded, or none when one is refused. Never more than the check-out took."""

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
    """The amounts that came back."""

    items: list[Returned]


BRING = """
SELECT jsonb_build_object('items', jsonb_agg(jsonb_build_object(
         'movement_id', p.movement_id, 'refers_to_id', p.refers_to_id, 'container_id', p.container_id, 'barcode', c.barcode,
         'chemical_id', c.chemical_id, 'chemical_name', h.name, 'typed_amount', p.typed_amount::text, 'typed_unit', p.typed_unit,
         'balance', p.balance::text, 'unit', p.unit) ORDER BY p.ordinality)) AS answer
  FROM inventory.post_movements(%s) WITH ORDINALITY AS p
  LEFT JOIN inventory.containers c ON c.id = p.container_id
  LEFT JOIN inventory.chemicals h ON h.id = c.chemical_id"""


@router.post("", status_code=201, response_model=AllReturned)
async def return_amounts(returned: ReturnIn, visit: InLab, data: Data) -> Any:
    """Records the returned amounts, or none of them when one is refused; then the answer names every fault at its line."""
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
    return await data.write_at_once(visit, BRING, (Jsonb(steps),))
