"""Counts of a stocktake: typed, scanned or as expected; taken back; what a reviewer says of them."""

from typing import Annotated, Any, Literal

import psycopg
from psycopg.types.json import Jsonb
from pydantic import ConfigDict, Field, model_validator

from api.access import InLab, Row
from api.database import Data, Statement
from api.fields import AmountIn, Id, Line, Maybe, Model, UnitIn, split_amount
from api.problems import Problem, broken_rule, not_found
from api.quantities import Quantity, stored
from api.routes import resource
from api.stocktakes.models import State

router = resource("/labs/{lab}", "stocktakes")

MOST_LINES = 10_000
Barcode = Annotated[Line, Field(min_length=1, max_length=200)]
Reason = Maybe[Annotated[Line, Field(max_length=200, examples=["Evaporated"])]]


class CountLine(Model):
    """What was found of one container, named by its id or its barcode."""

    model_config = ConfigDict(extra="forbid")

    container_id: Id | None = None
    barcode: Maybe[Barcode] = None
    result: Literal["counted", "as_expected", "there", "not_found"] = Field(
        default="counted",
        description="there: it stands there, nobody measured; as_expected means that too where nothing is known",
    )
    counted: Maybe[AmountIn] = Field(default=None, examples=["780"])
    unit: Maybe[UnitIn] = Field(default=None, examples=["mL"])
    location_id: Annotated[
        Id | None,
        Field(description="where one is; what belongs elsewhere moves there on posting. Default: the stocktake's"),
    ] = None

    @model_validator(mode="before")
    @classmethod
    def split_amount_and_unit(cls, values: Any) -> Any:
        """ "250 mg" in one field is 250 and mg."""
        return split_amount(values, "counted", "unit")

    def row(self) -> Row:
        """The line for SQL; a container without a unit keeps a metric one."""
        fields = self.model_dump(mode="json")
        if self.result != "counted":
            return fields | {"counted": None, "unit": None}
        assert self.counted is not None and self.unit is not None  # noqa: S101, PT018 — check_lines was called
        kept = stored(Quantity(self.counted, self.unit))
        return fields | {"kept": str(kept.amount), "kept_unit": kept.unit}


class CountsIn(Model):
    """Counts of several containers, all or nothing. A container that was counted before is counted anew."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "lines": [
                        {"barcode": "CT-000012", "counted": "780", "unit": "mL", "location_id": 7},
                        {"container_id": 15, "result": "as_expected"},
                        {"container_id": 16, "result": "not_found"},
                    ]
                }
            ]
        },
    )

    lines: Annotated[list[CountLine], Field(min_length=1, max_length=MOST_LINES)]

    def check_lines(self) -> None:
        """Refuses lines that say too little, each beside its field."""
        errors: dict[str, str] = {}
        for number, line in enumerate(self.lines):
            at = f"/lines/{number}"
            if (line.container_id is None) == (line.barcode is None):
                errors[f"{at}/barcode"] = "Scan a container, or choose one."
            if line.result == "counted":
                if line.counted is None:
                    errors[f"{at}/counted"] = "Write an amount, such as 2.5 g."
                elif line.unit is None:
                    errors[f"{at}/unit"] = "Write the unit beside the amount, such as g or mL."
        refuse(errors)


class Counted(Model):
    """How many were counted."""

    counted: int
    elsewhere: int = Field(description="of those: belong elsewhere and move here on posting")


class RestIn(Model):
    """What holds for everything that is not counted yet."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"result": "as_expected", "at": 7}]})

    result: Literal["as_expected", "there", "not_found"]
    at: Annotated[Id | None, Field(description="only in this location and below")] = None


class ReviewLine(Model):
    """What a reviewer says of one count: the fields that are given."""

    model_config = ConfigDict(extra="forbid")

    container_id: Id
    reason: Reason = None
    recount: bool | None = None


class ReviewIn(Model):
    """What a reviewer says: of some counts, or `recount` of all in a state."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"lines": [{"container_id": 15, "reason": "Evaporated", "recount": False}]}]},
    )

    lines: list[ReviewLine] = Field(default=[], max_length=MOST_LINES)
    state: State | Literal["recount"] | None = None
    recount: bool | None = None


class Changed(Model):
    """How many counts were changed."""

    changed: int


# Waits for a posting that is under way, and is waited for: taken before any container, so that nobody waits in a circle.
HOLD_STOCKTAKE = "SELECT s.id FROM inventory.stocktakes s WHERE s.id = %(stocktake)s FOR SHARE"
LINES = """
lines AS MATERIALIZED (
  SELECT t.number - 1 AS number, t.result, t.counted, t.unit, t.kept, t.kept_unit, l.id AS location_id, t.location_id AS said_location_id, coalesce(a.id, b.id) AS id
    FROM ROWS FROM (jsonb_to_recordset(%(lines)s) AS (
           container_id bigint, barcode text, result text, counted numeric, unit text, kept numeric, kept_unit text, location_id bigint))
         WITH ORDINALITY AS t (container_id, barcode, result, counted, unit, kept, kept_unit, location_id, number)
    LEFT JOIN inventory.containers a ON a.id = t.container_id
    LEFT JOIN inventory.containers b ON b.barcode = t.barcode
    LEFT JOIN inventory.locations l ON l.id = t.location_id)"""
FIND_FAULTS = f"""
WITH {LINES}
SELECT t.number, t.id IS NULL AS unknown, t.outside
  FROM (SELECT t.number, t.id, row_number() OVER (PARTITION BY t.id ORDER BY t.number) > 1 AND t.id IS NOT NULL AS twice,
               t.said_location_id IS NOT NULL AND NOT EXISTS (
                 SELECT FROM inventory.stocktakes s
                   LEFT JOIN inventory.locations root ON root.lab_id = s.lab_id AND root.id = s.location_id
                   JOIN inventory.locations l ON l.lab_id = s.lab_id AND l.id = t.location_id AND l.archived_at IS NULL
                  WHERE s.id = %(stocktake)s AND starts_with(l.path, coalesce(root.path, '/'))) AS outside
          FROM lines t) AS t
 WHERE t.id IS NULL OR t.twice OR t.outside
 ORDER BY t.number"""
COUNT = f"""
WITH {LINES}, once AS MATERIALIZED (SELECT DISTINCT ON (t.id) t.* FROM lines t WHERE t.id IS NOT NULL ORDER BY t.id, t.number),
counts AS (
  INSERT INTO inventory.stocktake_counts AS n (stocktake_id, container_id, found, counted, counted_unit, location_id)
  SELECT s.id, c.id, t.result <> 'not_found',
         CASE t.result WHEN 'as_expected' THEN c.amount WHEN 'counted' THEN CASE WHEN c.unit IS NULL THEN t.kept ELSE t.counted END END,
         CASE WHEN t.result = 'as_expected' AND c.amount IS NOT NULL THEN c.unit
              WHEN t.result = 'counted' THEN CASE WHEN c.unit IS NULL THEN t.kept_unit ELSE t.unit END END,
         coalesce(t.location_id, s.location_id)
    FROM once t JOIN inventory.containers c ON c.id = t.id CROSS JOIN inventory.stocktakes s
   WHERE s.id = %(stocktake)s
   ORDER BY c.id
     FOR SHARE OF c
  ON CONFLICT (lab_id, stocktake_id, container_id) DO UPDATE
     SET found = excluded.found, counted = excluded.counted, counted_unit = excluded.counted_unit, location_id = excluded.location_id,
         recount = false, reason = NULL
  RETURNING n.location_id)
SELECT count(*) AS counted, count(location_id) AS elsewhere FROM counts"""
COUNT_REST = """
WITH counts AS (
  INSERT INTO inventory.stocktake_counts AS n (stocktake_id, container_id, found, counted, counted_unit)
  SELECT %(stocktake)s, c.id, %(result)s <> 'not_found', CASE WHEN %(result)s = 'as_expected' THEN c.amount END,
         CASE WHEN %(result)s = 'as_expected' AND c.amount IS NOT NULL THEN c.unit END
    FROM inventory.containers c
   WHERE c.id = ANY (ARRAY(
           SELECT v.container_id FROM inventory.stocktake_lines v
            WHERE v.stocktake_id = %(stocktake)s AND v.state = 'not_counted'
              AND (%(at)s::bigint IS NULL
                   OR starts_with(v.location_path, (SELECT a.path FROM inventory.locations a WHERE a.id = %(at)s)))))
   ORDER BY c.id
     FOR SHARE OF c
  ON CONFLICT (lab_id, stocktake_id, container_id) DO NOTHING
  RETURNING n.container_id)
SELECT count(*) AS counted, 0 AS elsewhere FROM counts"""
FIND_LOCATION = "SELECT l.id FROM inventory.locations l WHERE l.id = %(at)s"
REVIEW = """
WITH said AS MATERIALIZED (
  SELECT DISTINCT ON (t.container_id) t.* FROM jsonb_to_recordset(%(lines)s) AS t (container_id bigint, recount boolean, reason text, explains boolean)
   ORDER BY t.container_id),
held AS MATERIALIZED (
  SELECT n.container_id FROM inventory.stocktake_counts n
   WHERE n.stocktake_id = %(stocktake)s AND n.container_id IN (SELECT t.container_id FROM said t) ORDER BY n.container_id FOR UPDATE),
changes AS (
  UPDATE inventory.stocktake_counts n
     SET recount = coalesce(t.recount, n.recount), reason = CASE WHEN t.explains THEN t.reason ELSE n.reason END
    FROM said t JOIN held h ON h.container_id = t.container_id
   WHERE n.stocktake_id = %(stocktake)s AND n.container_id = t.container_id
  RETURNING n.container_id)
SELECT container_id FROM changes"""
REVIEW_STATE = """
WITH changes AS (
  UPDATE inventory.stocktake_counts n SET recount = %(recount)s
   WHERE n.stocktake_id = %(stocktake)s AND n.recount <> %(recount)s AND n.container_id = ANY (ARRAY(
           SELECT v.container_id FROM inventory.stocktake_lines v
            WHERE v.stocktake_id = %(stocktake)s AND v.said AND (v.state = %(state)s OR (%(state)s = 'recount' AND v.recount))))
  RETURNING n.container_id)
SELECT count(*) AS changed FROM changes"""
UNDO = "DELETE FROM inventory.stocktake_counts WHERE stocktake_id = %(stocktake)s AND container_id = %(container)s RETURNING container_id"


def refuse(errors: dict[str, str], status: int = 422, **extra: Any) -> None:
    """Raises what is wrong with some fields, if anything is."""
    if errors:
        first = next(iter(errors.values()))
        raise Problem(status, first if len(errors) == 1 else f"{len(errors)} fields need a look.", errors, extra=extra)


def refuse_faults(counts: CountsIn, faults: list[Row]) -> None:
    """Lines whose container or location is not there, or that come twice."""
    errors: dict[str, str] = {}
    unknown: list[str] = []
    for fault in faults:
        line, at = counts.lines[fault["number"]], f"/lines/{fault['number']}"
        if fault["unknown"]:
            errors[f"{at}/{'barcode' if line.barcode else 'container_id'}"] = (
                f"{line.barcode} is no container of this lab. Receive it, or scan it again."
                if line.barcode
                else "There is no such container."
            )
            unknown += [line.barcode] if line.barcode else []
        elif fault["outside"]:
            errors[f"{at}/location_id"] = "This location is not part of this stocktake."
        else:
            errors[at] = "This container is in the list twice."
    refuse(errors, 404 if any(fault["unknown"] for fault in faults) else 422, unknown=unknown)


@router.post("/stocktakes/{stocktake}/counts", response_model=Counted)
async def count_containers(stocktake: Id, counts: CountsIn, visit: InLab, data: Data) -> Any:
    """Counts containers. What is expected is noted at this moment: a check-out before or after it stays right.

    404 with `unknown` names barcodes that no container of the lab has: what carries them may be received.
    """
    counts.check_lines()
    given = {"stocktake": stocktake, "lines": Jsonb([line.row() for line in counts.lines])}

    def counted(results: list[list[Row]]) -> Row:
        held, faults, done = results
        if not held:
            raise not_found()
        refuse_faults(counts, faults)
        return done[0]

    try:
        return await data.write(visit, (HOLD_STOCKTAKE, given), (FIND_FAULTS, given), (COUNT, given), answer=counted)
    except psycopg.Error as error:
        rule = broken_rule(error)
        for number, line in enumerate(counts.lines):
            named = rule and {line.container_id, line.barcode} & {
                rule.facts.get("container_id", 0),
                rule.facts.get("barcode", 0),
            }
            if rule and named:
                raise rule.problem(f"/lines/{number}") from error
        raise


@router.post("/stocktakes/{stocktake}/counts/rest", response_model=Counted)
async def count_the_rest(stocktake: Id, rest: RestIn, visit: InLab, data: Data) -> Any:
    """Says the same of everything that is expected and not counted yet."""
    given = {"stocktake": stocktake, "result": rest.result, "at": rest.at}

    def counted(results: list[list[Row]]) -> Row:
        held, here, done = results
        if not held or (rest.at and not here):
            raise not_found()
        return done[0]

    statements: list[Statement] = [(HOLD_STOCKTAKE, given), (FIND_LOCATION, given), (COUNT_REST, given)]
    return await data.write(visit, *statements, answer=counted)


@router.patch("/stocktakes/{stocktake}/counts", response_model=Changed)
async def review_counts(stocktake: Id, review: ReviewIn, visit: InLab, data: Data) -> Any:
    """Says why an amount is off, or asks for a recount. What is counted and expected stays as it is."""
    if bool(review.lines) == (review.state is not None) or (review.state and review.recount is None):
        raise Problem(422, "Say which counts, and what of them.")
    given: Row = {"stocktake": stocktake, "state": review.state, "recount": review.recount}
    rows = [line.model_dump() | {"explains": "reason" in line.model_fields_set} for line in review.lines]

    def changed(results: list[list[Row]]) -> Row:
        if not results[0]:
            raise not_found()
        if review.state:
            return results[1][0]
        done = {row["container_id"] for row in results[1]}
        missing = [number for number, line in enumerate(review.lines) if line.container_id not in done]
        refuse({f"/lines/{number}/container_id": "This container was not counted." for number in missing}, 404)
        return {"changed": len(done)}

    act = (REVIEW_STATE, given) if review.state else (REVIEW, given | {"lines": Jsonb(rows)})
    return await data.write(visit, (HOLD_STOCKTAKE, given), act, answer=changed)


@router.delete("/stocktakes/{stocktake}/counts/{container}", status_code=204)
async def undo_count(stocktake: Id, container: Id, visit: InLab, data: Data) -> None:
    """Takes a count back, as if nobody had looked."""
    given = {"stocktake": stocktake, "container": container}

    def undone(results: list[list[Row]]) -> None:
        if not results[0] or not results[1]:
            raise not_found()

    await data.write(visit, (HOLD_STOCKTAKE, given), (UNDO, given), answer=undone)
