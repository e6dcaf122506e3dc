"""A mistaken line of the ledger is corrected by a counter-entry that points at it: by its author for a day, by a manager always."""

from typing import Annotated, Any, Self

from psycopg.types.json import Jsonb
from pydantic import ConfigDict, Field, model_validator

from api.access import InLab, Row
from api.database import Data
from api.fields import AmountIn, Id, Line, Maybe, Model, Number, UnitIn
from api.problems import Problem
from api.routes import resource

router = resource("/labs/{lab}/corrections", "corrections")


class CorrectionLine(Model):
    """What is right: the amount, where 0 means that it did not happen; or the container that it was really about."""

    model_config = ConfigDict(extra="forbid")

    movement_id: Annotated[Id, Field(description="the mistaken line")]
    amount: Maybe[AmountIn] = Field(default=None, description="what should have been typed")
    unit: Maybe[UnitIn] = Field(default=None, description="left out: the unit that was typed")
    container_id: Maybe[Id] = Field(default=None, description="the container that was meant")

    @model_validator(mode="after")
    def one_thing_is_said(self) -> Self:
        """Refuses a line that says neither or both."""
        if (self.amount is None) == (self.container_id is None):
            raise ValueError("Say what the right amount is, or which container was meant.")
        return self


class CorrectionIn(Model):
    """Lines to be corrected, all or nothing."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"reason": "Read the wrong scale", "lines": [{"movement_id": 31, "amount": "25", "unit": "mL"}]},
                {"reason": "The bottle beside it", "lines": [{"movement_id": 32, "container_id": 15}]},
            ]
        },
    )

    reason: Maybe[Annotated[Line, Field(max_length=500)]] = None
    lines: Annotated[list[CorrectionLine], Field(min_length=1, max_length=100)]


class Corrected(Model):
    """A line of the ledger that was written: the counter-entry, or the movement on the container that was meant."""

    movement_id: int
    kind: str = Field(description="correct, or what was done to the right container")
    refers_to_id: int | None = Field(description="of a counter-entry: the mistaken line")
    container_id: int
    barcode: str
    chemical_id: int
    chemical_name: str
    amount: Number = Field(description="signed, in unit", examples=["0.25"])
    balance: Number | None = Field(description="what is left, in unit; null: not known, as before it was disposed of")
    unit: str | None


class AllCorrected(Model):
    """What was written."""

    items: list[Corrected]


# What each line is about, as it stands now: a correction before this one has the last word.
SAID = """
WITH said AS (
  SELECT t.line, t.amount, t.unit, t.container_id AS meant_id, t.movement_id, m.container_id, m.kind, m.reason,
         coalesce(c.typed_amount, m.typed_amount) AS typed_amount, coalesce(c.typed_unit, m.typed_unit) AS typed_unit
    FROM jsonb_to_recordset(%(lines)s) AS t (line int, movement_id bigint, amount numeric, unit text, container_id bigint)
    LEFT JOIN inventory.movements m ON m.id = t.movement_id
    LEFT JOIN LATERAL (
      SELECT x.typed_amount, x.typed_unit FROM inventory.movements x
       WHERE x.lab_id = m.lab_id AND x.refers_to_id = m.id AND x.kind = 'correct' ORDER BY x.line DESC LIMIT 1) AS c ON true)"""
FIND_LINES = SAID + " SELECT line, meant_id, container_id, kind, typed_amount FROM said ORDER BY line"
CORRECT = (
    SAID
    + """, steps AS (
  SELECT line, 1 AS part, jsonb_build_object('at', '/lines/' || line, 'names', '{"container_id": "movement_id"}'::jsonb, 'kind', 'correct',
           'refers_to_id', movement_id, 'amount', coalesce(amount, 0), 'unit', coalesce(unit, typed_unit), 'reason', %(reason)s::text) AS step
    FROM said
   UNION ALL
  SELECT line, 2, jsonb_build_object('at', '/lines/' || line, 'names', '{"amount": "container_id", "left_before": "container_id", "unit": "container_id"}'::jsonb,
           'kind', kind, 'container_id', meant_id, 'amount', typed_amount, 'unit', typed_unit, 'reason', reason)
    FROM said WHERE meant_id IS NOT NULL AND kind IN ('check_out', 'return') AND typed_amount > 0)
SELECT p.movement_id, p.kind, p.refers_to_id, p.container_id, c.barcode, c.chemical_id, h.name AS chemical_name, p.amount, p.balance, p.unit
  FROM inventory.post_movements((SELECT jsonb_agg(step ORDER BY line, part) FROM steps)) WITH ORDINALITY AS p
  LEFT JOIN inventory.containers c ON c.id = p.container_id
  LEFT JOIN inventory.chemicals h ON h.id = c.chemical_id
 ORDER BY p.ordinality"""
)


def written(results: list[list[Row]]) -> Row:
    """What was written; refuses to move to another container what cannot be."""
    lines, items = results
    errors = {}
    for row in lines:
        if row["meant_id"] is None:
            continue
        if row["meant_id"] == row["container_id"]:
            errors[f"/lines/{row['line']}/container_id"] = "This is the container that it was written for."
        elif row["kind"] not in ("check_out", "return"):
            errors[f"/lines/{row['line']}/container_id"] = (
                "Only what was taken or came back can be moved to another container. Count the containers instead."
            )
        elif not row["typed_amount"]:
            errors[f"/lines/{row['line']}/container_id"] = "This was undone already."
    if errors:
        raise Problem(409, next(iter(errors.values())), errors)
    return {"items": items}


@router.post("", status_code=201, response_model=AllCorrected)
async def correct(correction: CorrectionIn, visit: InLab, data: Data) -> Any:
    """Corrects lines, all or nothing. With another container: what was written is undone, and the same written there."""
    lines = [
        line.model_dump(mode="json") | {"line": number, "amount": None if line.amount is None else str(line.amount)}
        for number, line in enumerate(correction.lines)
    ]
    given = {"lines": Jsonb(lines), "reason": correction.reason}
    return await data.write(visit, (FIND_LINES, given), (CORRECT, given), answer=written)
