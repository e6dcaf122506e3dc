"""Counts of a stocktake: counted amounts, containers found as expected, counts taken back, and the remarks of a reviewer."""

from typing import Annotated, Any, Literal

import psycopg
from psycopg.types.json import Jsonb
from pydantic import ConfigDict, Field, StringConstraints, model_validator

from api.chemistry.quantities import Quantity, stored
from api.core.database import Data, Found, Statements
from api.core.fields import AmountIn, Id, Line, Maybe, Model, UnitIn, split_amount, split_weighed
from api.core.problems import Problem
from api.core.product_codes import scanned_parameters
from api.core.refusals import broken_rule, sentence_of
from api.core.routes import resource
from api.core.rows import Row, one
from api.core.visit import InLab
from api.resources.stocktakes.models import State
from api.resources.stocktakes.queries import (
    COUNT,
    COUNT_REST,
    FIND_FAULTS,
    FIND_LOCATION,
    HOLD_STOCKTAKE,
    REVIEW,
    REVIEW_STATE,
    UNDO,
)

router = resource("/labs/{lab}", "stocktakes")

MOST_LINES = 10_000
Barcode = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00]*$"),
]
"""A barcode, or a manufacturer's code, as a scanner sent it: control characters are cut off where it is looked for."""
Reason = Maybe[Annotated[Line, Field(max_length=200, examples=["Evaporated"])]]


class CountLine(Model):
    """The count of one container, which is named by its id or its barcode."""

    model_config = ConfigDict(extra="forbid")

    container_id: Id | None = None
    barcode: Maybe[Barcode] = None
    result: Literal["counted", "as_expected", "there", "not_found"] = Field(
        default="counted",
        description="there: it stands there, nobody measured; as_expected means that too where nothing is known",
    )
    counted: Maybe[AmountIn] = Field(default=None, examples=["780"])
    unit: Maybe[UnitIn] = Field(default=None, examples=["mL"])
    gross: bool = Field(
        default=False, description="it was weighed with its container, whose tare is taken off; so does 512.3 g gross"
    )
    holds_more: bool = Field(default=False, description="yes, it holds more than its pack size says")
    first_only: bool = Field(default=False, description="refuse a container that was counted already")
    location_id: Annotated[
        Id | None,
        Field(description="where one is; what belongs elsewhere moves there on posting. Default: the stocktake's"),
    ] = None

    @model_validator(mode="before")
    @classmethod
    def split_amount_and_unit(cls, values: Any) -> Any:
        """ "250 mg" in one field is 250 and mg; "512.3 g gross" was weighed with its container."""
        return split_amount(split_weighed(values, "counted", "unit"), "counted", "unit")

    def row(self) -> Row:
        """The line as SQL takes it. `kept` is the amount in a metric unit, for a container that has no unit yet."""
        fields = self.model_dump(mode="json")
        if self.barcode:
            fields |= {name: value for name, value in scanned_parameters(self.barcode).items() if name != "code"}
        if self.result != "counted":
            return fields | {"counted": None, "unit": None}
        assert self.counted is not None and self.unit is not None  # noqa: S101, PT018 — check_lines was called
        kept = stored(Quantity(self.counted, self.unit))
        return fields | {"kept": str(kept.amount), "kept_unit": kept.unit}


class CountsIn(Model):
    """Counts of several containers: all are stored, or none when one is refused. A second count of a container replaces the first."""

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
        """Refuses lines that lack something, each at the field concerned."""
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
    """The number of containers that were counted."""

    counted: int
    elsewhere: int = Field(description="of those: belong elsewhere and move here on posting")


class RestIn(Model):
    """One result for all containers that are expected and not counted yet."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"result": "as_expected", "at": 7}]})

    result: Literal["as_expected", "there", "not_found"]
    at: Annotated[Id | None, Field(description="only in this location and below")] = None


class ReviewLine(Model):
    """A reviewer's remarks on one count: fields that are left out stay as they are. With `…_was`, the remark that the reviewer saw, another
    one is not overwritten."""

    model_config = ConfigDict(extra="forbid")

    container_id: Id
    reason: Reason = None
    reason_was: Reason = None
    recount: bool | None = None
    recount_was: bool | None = None

    def overwrites(self, now: Row) -> dict[str, str]:
        """For each remark that somebody else has changed to something else than this one: its field, and a sentence."""
        said = self.model_fields_set
        found = {}
        if {"reason", "reason_was"} <= said and now["reason"] not in (self.reason, self.reason_was):
            found["reason"] = f"It is now: {now['reason']}." if now["reason"] else "It is empty now."
        if {"recount", "recount_was"} <= said and now["recount"] not in (self.recount, self.recount_was):
            found["recount"] = "It is to be counted again now." if now["recount"] else "It is to be posted now."
        return found


class ReviewIn(Model):
    """A reviewer's remarks on single counts (`lines`), or a `state`: all counts in that state must be made again."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"lines": [{"container_id": 15, "reason": "Evaporated", "recount": False}]}]},
    )

    lines: list[ReviewLine] = Field(default=[], max_length=MOST_LINES)
    state: State | Literal["recount"] | None = None
    recount: bool | None = None


class Changed(Model):
    """The number of counts that were changed."""

    changed: int


def refuse(errors: dict[str, str], status: int = 422, **extra: Any) -> None:
    """Raises a Problem with these faults, if there are any."""
    if errors:
        first = next(iter(errors.values()))
        raise Problem(status, first if len(errors) == 1 else f"{len(errors)} fields need a look.", errors, extra=extra)


def refuse_as_expected(stocktake: Row, results: list[str], at: str) -> None:
    """Refuses the result as_expected where the stocktake is blind. `at` is the path of the field, with {} for the line's number."""
    blind = "This stocktake is blind: write what you measured, or say that it is there."
    if stocktake["blind"]:
        refuse({at.format(number): blind for number, result in enumerate(results) if result == "as_expected"})


def refuse_faults(counts: CountsIn, faults: list[Row]) -> None:
    """Refuses lines whose container or location does not exist, or whose container is named twice."""
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
        elif fault["counted"]:
            errors[f"{at}/first_only"] = "This container was counted already. Is this the same container once more?"
        elif fault["pack"]:
            errors[f"{at}/holds_more"] = sentence_of("containers_hold_what_their_pack_holds").format_map(fault)
        else:
            errors[at] = "This container is in the list twice."
    status = 409 if all(fault["pack"] or fault["counted"] for fault in faults) else 422
    refuse(errors, 404 if any(fault["unknown"] for fault in faults) else status, unknown=unknown)


@router.post("/stocktakes/{stocktake}/counts", response_model=Counted)
async def count_containers(stocktake: Id, counts: CountsIn, visit: InLab, data: Data) -> Any:
    """Counts containers. The expected amount is noted at the moment of the count, so check-outs before and after do not distort it.

    A 404 with `unknown` lists barcodes that no container of the lab has: those bottles may still have to be received.
    """
    counts.check_lines()
    given = {"stocktake": stocktake, "lines": Jsonb([line.row() for line in counts.lines])}

    def counted(found: Found) -> Row:
        stocktake = one(found["stocktake"])
        refuse_as_expected(stocktake, [line.result for line in counts.lines], "/lines/{}/result")
        refuse_faults(counts, found["faults"])
        return one(found["counted"])

    statements: Statements = {
        "stocktake": (HOLD_STOCKTAKE, given),
        "faults": (FIND_FAULTS, given),
        "counted": (COUNT, given),
    }
    try:
        return await data.write(visit, statements, answer=counted)
    except psycopg.Error as error:
        rule = broken_rule(error)
        for number, line in enumerate(counts.lines):
            code = (line.barcode or "").lower()
            if rule and (line.container_id or code) in (
                rule.facts.get("container_id"),
                rule.facts.get("barcode", "").lower(),
            ):
                raise rule.problem(rule.pointer or f"/lines/{number}") from error
        raise


@router.post("/stocktakes/{stocktake}/counts/rest", response_model=Counted)
async def count_the_rest(stocktake: Id, rest: RestIn, visit: InLab, data: Data) -> Any:
    """Gives the same result to all containers that are expected and not counted yet."""
    given = {"stocktake": stocktake, "result": rest.result, "at": rest.at}

    def counted(found: Found) -> Row:
        refuse_as_expected(one(found["stocktake"]), [rest.result], "/result")
        if rest.at:
            one(found["location"])
        return one(found["counted"])

    statements: Statements = {
        "stocktake": (HOLD_STOCKTAKE, given),
        "location": (FIND_LOCATION, given),
        "counted": (COUNT_REST, given),
    }
    return await data.write(visit, statements, answer=counted)


@router.patch("/stocktakes/{stocktake}/counts", response_model=Changed)
async def review_counts(stocktake: Id, review: ReviewIn, visit: InLab, data: Data) -> Any:
    """Stores why an amount is off, or asks for a recount. Counted and expected amounts stay as they are."""
    if bool(review.lines) == (review.state is not None) or (review.state and review.recount is None):
        raise Problem(422, "Name the counts, and write a reason or ask for a recount.")
    given: Row = {"stocktake": stocktake, "state": review.state, "recount": review.recount}
    rows = [line.model_dump() | {"explains": "reason" in line.model_fields_set} for line in review.lines]

    def changed(found: Found) -> Row:
        one(found["stocktake"])
        if review.state:
            return one(found["reviewed"])
        before = {row["container_id"]: row for row in found["reviewed"]}
        done = set(before)
        missing = [number for number, line in enumerate(review.lines) if line.container_id not in done]
        refuse({f"/lines/{number}/container_id": "This container was not counted." for number in missing}, 404)
        overwritten = {
            f"/lines/{number}/{field}": sentence
            for number, line in enumerate(review.lines)
            for field, sentence in line.overwrites(before[line.container_id]).items()
        }
        refuse(overwritten, 409, now=found["reviewed"])
        return {"changed": len(done)}

    statements: Statements = {
        "stocktake": (HOLD_STOCKTAKE, given),
        "reviewed": (REVIEW_STATE, given) if review.state else (REVIEW, given | {"lines": Jsonb(rows)}),
    }
    return await data.write(visit, statements, answer=changed)


@router.delete("/stocktakes/{stocktake}/counts/{container}", status_code=204)
async def undo_count(stocktake: Id, container: Id, visit: InLab, data: Data) -> None:
    """Takes a count back: the container is not counted yet."""
    given = {"stocktake": stocktake, "container": container}

    def undone(found: Found) -> None:
        one(found["stocktake"])
        one(found["undone"])

    await data.write(visit, {"stocktake": (HOLD_STOCKTAKE, given), "undone": (UNDO, given)}, answer=undone)
