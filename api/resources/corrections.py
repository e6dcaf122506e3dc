"""Corrections: a counter-entry in the ledger that points at the mistaken line. Its author may write one for a day, a manager always."""

from typing import Annotated, Any, Self

from psycopg.types.json import Jsonb
from pydantic import ConfigDict, Field, model_validator

from api.core.database import Data, Found, Statements
from api.core.fields import AmountIn, Id, Line, Maybe, Model, Number, UnitIn, split_weighed
from api.core.problems import Problem
from api.core.refusals import Meaning
from api.core.routes import resource
from api.core.rows import Row
from api.core.visit import InLab

router = resource("/labs/{lab}/corrections", "corrections")

MEANINGS = {
    "movements_correction_is_of_an_amount": Meaning(
        409, "This line has no amount to correct. Count the container instead."
    ),
    "movements_correction_is_by_author_or_manager": Meaning(
        403, "Only the member who wrote the line, within a day, or a manager can correct it."
    ),
    "movements_disposal_is_taken_back_whole": Meaning(
        422, "A container is disposed of whole: write 0 to take the disposal back.", "amount"
    ),
    "movements_line_is_undone_once": Meaning(409, "This line was undone already.", "container_id"),
    "movements_disposal_is_taken_back_once": Meaning(409, "This disposal of {barcode} was taken back already."),
}


class CorrectionLine(Model):
    """The truth about one mistaken line: another amount, that it did not happen at all, or the container that was really meant."""

    model_config = ConfigDict(extra="forbid")

    movement_id: Annotated[Id, Field(description="the mistaken line")]
    amount: Maybe[AmountIn] = Field(default=None, description="what should have been typed")
    unit: Maybe[UnitIn] = Field(default=None, description="left out: the unit that was typed")
    gross: bool = Field(
        default=False, description="of a count: it was weighed with its container, whose tare is taken off"
    )
    undone: bool = Field(default=False, description="it did not happen: all is as it was before")
    container_id: Maybe[Id] = Field(default=None, description="the container that was meant")
    holds_more: bool = Field(default=False, description="yes, it holds more than its pack size says")

    @model_validator(mode="before")
    @classmethod
    def split_weighed_amount(cls, values: Any) -> Any:
        """ "512.3 g gross" was weighed with its container."""
        return split_weighed(values, "amount", "unit")

    @model_validator(mode="after")
    def one_thing_is_said(self) -> Self:
        """Refuses a line that names none of the three, or two of them."""
        if (self.amount is not None) + self.undone + (self.container_id is not None) != 1:
            raise ValueError("Say what the right amount is, that it did not happen, or which container was meant.")
        return self


class CorrectionIn(Model):
    """Lines to be corrected: all of them, or none when one is refused."""

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
    """The lines that the correction wrote."""

    items: list[Corrected]
    not_restored: list[str] = Field(
        description="what a disposal taken back could not put back, in sentences",
        examples=[["CT-000012 stood in Shelf 2, which is archived: say where it stands now."]],
    )


# Each line that is to be corrected, with the amount that holds now: that of its latest correction, if it was corrected before.
SAID = """
WITH said AS (
  SELECT t.line, t.amount, t.unit, coalesce(t.gross, false) AND t.amount IS NOT NULL AS gross, t.holds_more, t.container_id AS meant_id, t.movement_id, m.container_id, m.kind, m.reason,
         coalesce(c.typed_amount, m.typed_amount) AS typed_amount, coalesce(c.typed_unit, m.typed_unit) AS typed_unit
    FROM jsonb_to_recordset(%(lines)s) AS t (line int, movement_id bigint, amount numeric, unit text, gross boolean, container_id bigint, holds_more boolean)
    LEFT JOIN inventory.movements m ON m.id = t.movement_id
    LEFT JOIN LATERAL (
      SELECT x.typed_amount, x.typed_unit FROM inventory.movements x
       WHERE x.lab_id = m.lab_id AND x.refers_to_id = m.id AND x.kind = 'correct' ORDER BY x.line DESC LIMIT 1) AS c ON true)"""
# Whether somebody counted the container that was meant after the line: what was found there already lacks what the line took, or has
# what it brought.
FIND_LINES = (
    SAID
    + """
SELECT s.line, s.meant_id, s.container_id, s.kind, s.gross, c.barcode, m.id IS NOT NULL AND (EXISTS (
         SELECT FROM inventory.movements k
          WHERE k.container_id = s.meant_id AND k.kind = 'count' AND inventory.moment_of(k) > m.made_at AND NOT inventory.is_undone(k))
       OR EXISTS (
         SELECT FROM inventory.stocktake_counts n JOIN inventory.stocktakes t ON t.id = n.stocktake_id
          WHERE n.container_id = s.meant_id AND n.counted IS NOT NULL AND n.counted_at > m.made_at
            AND t.posted_at IS NULL AND t.cancelled_at IS NULL)) AS counted_since
  FROM said s
  LEFT JOIN inventory.movements m ON m.id = s.movement_id
  LEFT JOIN inventory.containers c ON c.id = s.meant_id
 ORDER BY s.line"""
)
CORRECT = (
    SAID
    + """, steps AS (
  SELECT line, 1 AS part, jsonb_build_object('at', '/lines/' || line, 'names', '{"container_id": "movement_id"}'::jsonb, 'kind', 'correct',
           'refers_to_id', movement_id,
           'amount', CASE WHEN gross THEN inventory.net_grams(container_id, amount, coalesce(unit, typed_unit), '/lines/' || line || '/amount') ELSE amount END,
           'unit', CASE WHEN gross THEN 'g' WHEN amount IS NOT NULL THEN coalesce(unit, typed_unit) END, 'reason', %(reason)s::text, 'holds_more', holds_more) AS step
    FROM said
   UNION ALL
  SELECT line, 2, jsonb_build_object('at', '/lines/' || line, 'names', '{"amount": "container_id", "left_before": "container_id", "unit": "container_id"}'::jsonb,
           'kind', kind, 'container_id', meant_id, 'amount', typed_amount, 'unit', typed_unit, 'reason', reason, 'holds_more', holds_more)
    FROM said WHERE meant_id IS NOT NULL AND kind IN ('check_out', 'return') AND typed_amount > 0)
SELECT p.movement_id, p.kind, p.refers_to_id, p.container_id, c.barcode, c.chemical_id, h.name AS chemical_name, p.amount, p.balance, p.unit
  FROM inventory.post_movements((SELECT jsonb_agg(step ORDER BY line, part) FROM steps)) WITH ORDINALITY AS p
  LEFT JOIN inventory.containers c ON c.id = p.container_id
  LEFT JOIN inventory.chemicals h ON h.id = c.chemical_id
 ORDER BY p.ordinality"""
)

# What taking a disposal back cannot restore: a location that was archived, and a holder who left the lab.
FIND_LOST = """
SELECT c.barcode, CASE WHEN c.location_id IS NULL THEN l.full_name END AS location, CASE WHEN c.holder_id IS NULL THEN u.name END AS holder
  FROM jsonb_to_recordset(%(lines)s) AS n (line int, movement_id bigint)
  JOIN inventory.movements m ON m.id = n.movement_id AND m.kind = 'dispose'
  JOIN inventory.containers c ON c.id = m.container_id
  LEFT JOIN LATERAL (
    SELECT t.from_location_id, t.from_holder_id FROM inventory.transfers t
     WHERE t.container_id = m.container_id AND t.made_at >= m.made_at ORDER BY t.id LIMIT 1) AS t ON true
  LEFT JOIN inventory.locations l ON l.id = t.from_location_id AND l.archived_at IS NOT NULL
  LEFT JOIN control.users u ON u.id = t.from_holder_id
 ORDER BY n.line"""


def not_restored(row: Row) -> list[str]:
    """Sentences that say what could not be restored of a container whose disposal was taken back."""
    sentences = []
    if row["location"]:
        sentences.append(f"{row['barcode']} stood in {row['location']}, which is archived: say where it stands now.")
    if row["holder"]:
        sentences.append(f"{row['holder']}, who had {row['barcode']}, has left the lab: nobody has it.")
    return sentences


def written(found: Found) -> Row:
    """The lines that were written. Refuses to move a line to another container unless it is a check-out or a return."""
    errors = {}
    for row in found["lines"]:
        if row["gross"] and row["kind"] != "count":
            errors[f"/lines/{row['line']}/amount"] = "Only a count is corrected by a weight. Write the right amount."
        if row["meant_id"] is None:
            continue
        if row["meant_id"] == row["container_id"]:
            errors[f"/lines/{row['line']}/container_id"] = "This is the container that it was written for."
        elif row["kind"] not in ("check_out", "return"):
            errors[f"/lines/{row['line']}/container_id"] = (
                "Only what was taken or came back can be moved to another container. Count the containers instead."
            )
        elif row["counted_since"]:
            errors[f"/lines/{row['line']}/container_id"] = (
                f"{row['barcode']} was counted after that, and what was found there holds. Say that this line did not happen."
            )
    if errors:
        raise Problem(409, next(iter(errors.values())), errors)
    lost = [sentence for row in found["lost"] for sentence in not_restored(row)]
    return {"items": found["corrected"], "not_restored": lost}


@router.post("", status_code=201, response_model=AllCorrected)
async def correct(correction: CorrectionIn, visit: InLab, data: Data) -> Any:
    """Corrects lines: all of them, or none when one is refused. If another container was meant, the line is undone and written there."""
    lines = [
        line.model_dump(mode="json") | {"line": number, "amount": None if line.amount is None else str(line.amount)}
        for number, line in enumerate(correction.lines)
    ]
    given = {"lines": Jsonb(lines), "reason": correction.reason}
    statements: Statements = {
        "lines": (FIND_LINES, given),
        "corrected": (CORRECT, given),
        "lost": (FIND_LOST, given),
    }
    return await data.write(visit, statements, answer=written)
