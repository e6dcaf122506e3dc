"""The one shape of errors, RFC 9457 problem details, and the one table from what the database says to a sentence.

`errors` point at what was wrong: [{"pointer": "/lines/0/amount", "detail": "Only 140 mL is left…"}].
"""

import json
import logging
from decimal import Decimal
from typing import Any, NamedTuple

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from psycopg_pool import PoolTimeout
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from api.quantities import display

log = logging.getLogger("chemtrack.api")

TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    413: "Too large",
    422: "Not accepted",
    429: "Too many tries",
    500: "Something failed here",
    503: "Not available",
}
AWAY = "The database does not answer. Nothing was changed: try again in a moment."
BROKEN = "The database was gone before it had answered. See whether this was saved, or send it again in a moment."
NOT_FOUND = "There is nothing here. If you scanned a label, it may be another lab's."


class FieldError(BaseModel):
    """What is wrong with one field."""

    pointer: str = Field(description="JSON pointer into the request", examples=["/lines/0/amount"])
    detail: str = Field(examples=["Only 140 mL is left in this bottle. Take less, or scan a second one."])


class ProblemDetails(BaseModel):
    """An answer that is an error (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError]


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": description,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
    }
    for status, description in (("4XX", "Refused, with a sentence"), ("5XX", "Not available just now"))
}
"""What every route may answer too, for its OpenAPI."""


def schemas() -> dict[str, Any]:
    """The components that PROBLEMS refers to."""
    schema = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs"), "ProblemDetails": schema}


class Problem(Exception):
    """An answer that is an error. `errors` maps a JSON pointer into the request to a sentence."""

    def __init__(
        self,
        status: int,
        detail: str,
        errors: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors, self.headers = status, detail, errors or {}, headers
        self.extra = extra or {}

    def body(self) -> dict[str, Any]:
        """The problem as JSON."""
        body = {
            "type": "about:blank",
            "title": TITLES.get(self.status, "Error"),
            "status": self.status,
            "detail": self.detail,
        }
        errors = [{"pointer": pointer, "detail": sentence} for pointer, sentence in self.errors.items()]
        return body | {"errors": errors} | self.extra

    def response(self) -> JSONResponse:
        """The problem as application/problem+json."""
        return JSONResponse(self.body(), self.status, self.headers, "application/problem+json")


def not_found() -> Problem:
    """The same words whether it does not exist or is another lab's."""
    return Problem(404, NOT_FOUND)


class Meaning(NamedTuple):
    """What a broken rule of the database means to a person. `field` is the pointer below the line, "" for all of it."""

    status: int
    sentence: str
    field: str = ""


# By constraint name. {…} are facts that the database gives in the error's DETAIL.
MEANINGS = {
    "session_is_live": Meaning(401, "Sign in first."),
    "member_of_the_lab": Meaning(404, NOT_FOUND),
    "role_is_enough": Meaning(403, "Your role in this lab does not allow this."),
    "administrator": Meaning(403, "Only an administrator may do this."),
    "containers_amount_is_not_negative": Meaning(
        409, "Only {left} {unit} is left in this bottle. Take less, or scan a second one.", "amount"
    ),
    "movements_container_exists": Meaning(404, NOT_FOUND, "container_id"),
    "movements_container_is_there": Meaning(409, "{barcode} was disposed of.", "container_id"),
    "movements_amount_left_is_known": Meaning(
        409, "How much is in {barcode} is not known. Say what is in it first.", "left_before"
    ),
    "movements_amount_is_said": Meaning(422, "Write an amount, such as 2.5 g.", "amount"),
    "movements_typed_amount_has_a_unit": Meaning(422, "Write the unit beside the amount, such as g or mL.", "unit"),
    "movements_sign_fits_the_kind": Meaning(422, "Write an amount above zero.", "amount"),
    "movements_amount_is_a_number": Meaning(422, "An amount must be below 1000000000000.", "amount"),
    "movements_return_at_most_what_was_taken": Meaning(409, "More cannot come back than is out.", "amount"),
    "movements_refers_to_a_line_of_the_container": Meaning(404, NOT_FOUND),
    "holdings_somebody_has_it": Meaning(409, "Nobody has {barcode}: it was brought back already.", "container_id"),
    "holdings_are_ended_by_holder_or_manager": Meaning(
        403, "Who has {barcode} brings it back, or a manager.", "container_id"
    ),
    "containers_lab_id_location_id_fkey": Meaning(404, NOT_FOUND, "location_id"),
    "movements_correction_is_of_an_amount": Meaning(
        409, "This line has no amount to correct. Count the container instead."
    ),
    "movements_correction_is_by_author_or_manager": Meaning(
        403, "A line is corrected by who wrote it, for a day, or by a manager."
    ),
    "movements_disposal_is_taken_back_whole": Meaning(
        422, "A container is disposed of whole: write 0 to take the disposal back.", "amount"
    ),
    "movements_disposal_is_taken_back_once": Meaning(409, "This disposal of {barcode} was taken back already."),
    "movements_receive_comes_first": Meaning(409, "{barcode} was received already."),
    "unit_fits_the_container": Meaning(
        422,
        "{unit} does not fit what is kept in {container_unit}. Write the amount in a unit like {container_unit}.",
        "unit",
    ),
    "requests_key_is_used_once": Meaning(409, "This was sent already."),
    "containers_barcode_is_taken": Meaning(409, "This barcode is on another container of the lab.", "barcode"),
    "containers_barcode_is_printable": Meaning(
        422, "A barcode has letters, digits and . _ : + - only, at most 64 of them.", "barcode"
    ),
    "containers_chemical_exists": Meaning(404, NOT_FOUND, "chemical_id"),
    "containers_chemical_is_not_retired": Meaning(
        409, "{name} was retired as no longer available. List it as a new chemical.", "chemical_id"
    ),
    "containers_price_has_a_currency": Meaning(422, "Write the currency beside the price, such as EUR.", "currency"),
    "containers_pack_size_has_a_unit": Meaning(422, "Write the unit beside the pack size, such as mL.", "pack_unit"),
    "deliveries_received_on_is_plausible": Meaning(422, "Write a day from 1950 on.", "received_on"),
    "deliveries_received_on_has_come": Meaning(422, "This day has not come yet.", "received_on"),
    "chemicals_name_is_said": Meaning(422, "This is needed.", "name"),
    "chemicals_low_stock_has_amount_and_unit": Meaning(
        422, "Write the limit with its unit, such as 500 mL.", "low_stock_unit"
    ),
    "chemicals_signal_word_needs_a_classification": Meaning(
        422, "Say which pictograms apply, or that there are none.", "pictograms"
    ),
    "chemicals_pictograms_are_ghs": Meaning(422, "Pictograms are GHS01 to GHS09.", "pictograms"),
    "locations_name_is_taken_here": Meaning(
        409, "There is a location of this name here already, perhaps an archived one.", "name"
    ),
    "locations_form_a_tree": Meaning(409, "A location cannot lie inside itself.", "parent_id"),
    "locations_parent_exists": Meaning(404, NOT_FOUND, "parent_id"),
    "locations_parent_is_in_use": Meaning(409, "What it lies in is archived.", "parent_id"),
    "locations_nothing_stands_there": Meaning(
        409, "Containers still stand there: {standing}. Move them first, then archive the location.", "archived"
    ),
    "locations_nobody_counts_there": Meaning(
        409, "A stocktake is open there. Post it or cancel it first, then archive the location.", "archived"
    ),
    "location_is_in_use": Meaning(409, "This location is archived.", "location_id"),
    "locations_are_not_too_deep": Meaning(409, "Locations cannot be nested that deep.", "parent_id"),
    "stocktakes_one_is_open_here": Meaning(409, "A stocktake is open here already.", "location_id"),
    "stocktake_exists": Meaning(404, NOT_FOUND),
    "stocktake_is_open": Meaning(409, "This stocktake is over."),
    "disposals_marked_once": Meaning(409, "This is marked for deletion already."),
    "disposals_reason_is_said": Meaning(422, "Say why, in a few words.", "reason"),
    "disposals_are_decided_once": Meaning(409, "This was decided already."),
    "disposals_are_decided_by_a_manager": Meaning(403, "A manager confirms disposal."),
    "disposal_exists": Meaning(404, NOT_FOUND),
    "import_exists": Meaning(404, NOT_FOUND),
    "import_is_open": Meaning(409, "This import is over. Choose the file again."),
    "import_is_read": Meaning(409, "Say first what the columns of the file are."),
    "import_is_committed": Meaning(409, "This import was loaded already."),
    "imports_are_loaded_one_at_a_time": Meaning(
        409, "Another import is being loaded into this lab just now. Wait until it is done."
    ),
    "containers_import_key_is_taken": Meaning(409, "Somebody else loaded this row at the same moment."),
    "labs_slug_is_taken": Meaning(409, "Another lab has this short name.", "slug"),
    "labs_slug_is_a_path_word": Meaning(
        422, "Write 2 to 40 small letters, digits and hyphens, a letter first; “static” is taken.", "slug"
    ),
    "labs_name_is_one_line": Meaning(422, "Write a name of at most 80 characters.", "name"),
    "users_username_is_plain": Meaning(422, "Write small letters, digits and . _ @ - only, at most 64.", "username"),
    "users_username_is_taken": Meaning(409, "There is a login of this name already.", "username"),
}

# By SQLSTATE, where no constraint says more.
STATES = {
    "28000": Meaning(401, "Sign in first."),
    "42501": Meaning(403, "Your role in this lab does not allow this."),
    "25006": Meaning(403, "Your role in this lab does not allow this."),
    "23503": Meaning(404, NOT_FOUND),
    "23505": Meaning(409, "This is there already."),
    "23514": Meaning(422, "This is outside what can be recorded."),
    "23502": Meaning(422, "Something that is needed was left out."),
    "55P03": Meaning(503, "Somebody else is changing this just now. Nothing was changed: try again."),
    "57014": Meaning(503, "This took too long and was stopped. Nothing was changed: try again."),
    "40001": Meaning(503, "Somebody else changed this at the same moment. Nothing was changed: try again."),
    "40P01": Meaning(503, "Somebody else changed this at the same moment. Nothing was changed: try again."),
    "53100": Meaning(503, "The disk of the database is full. Nothing was changed. Tell the administrator."),
    "53300": Meaning(503, "The database takes no more connections just now. Nothing was changed: try again."),
}


class BrokenRule(NamedTuple):
    """A refusal of the database in a form that a route can place: its meaning, the facts, and where the hint points."""

    constraint: str
    meaning: Meaning
    facts: dict[str, Any]
    pointer: str

    def problem(self, pointer: str | None = None) -> Problem:
        """The refusal as a problem at `pointer` (default: what the database says, such as /lines/3)."""
        base = self.pointer if pointer is None else pointer
        sentence = self.sentence
        place = f"{base}/{self.meaning.field}" if self.meaning.field else base
        return Problem(self.meaning.status, sentence, {place: sentence} if place else None)

    @property
    def sentence(self) -> str:
        """What is wrong, with the facts in their places."""
        return self.meaning.sentence.format_map(_Facts(self.facts))


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "it"


def broken_rule(error: psycopg.Error) -> BrokenRule | None:
    """What the database refused, or None when the fault is ours or the database is away."""
    diagnosis = error.diag
    state = error.sqlstate or ("22" if isinstance(error, psycopg.DataError) else "")  # psycopg itself: a NUL in a text
    hint = diagnosis.message_hint or ""
    return _broken_rule(diagnosis.constraint_name or "", state, diagnosis.message_detail or "", hint)


def _broken_rule(constraint: str, state: str, detail: str, hint: str = "") -> BrokenRule | None:
    meaning = MEANINGS.get(constraint)
    if meaning is None and constraint.startswith("chemicals_"):
        meaning = _of_column_rule(constraint)
    if meaning is None:
        meaning = STATES.get(state) or (
            Meaning(422, "This cannot be recorded as it is written.") if state.startswith("22") else None
        )
    if meaning is None:
        return None
    facts: dict[str, Any] = {}
    if detail.startswith("{"):
        facts = json.loads(detail, parse_float=Decimal, parse_int=int)
        for amount in ("left", "out"):
            facts[amount] = display(Decimal(facts[amount])) if facts.get(amount) is not None else "?"
    return BrokenRule(constraint, meaning, facts, hint if hint.startswith("/") else "")


def _of_steps(refused: list[dict[str, Any]]) -> Problem:
    """All that inventory.post_movements refused, each at its place: a step says where in the request it is (`at`) and
    what its fields are called there (`names`)."""
    errors: dict[str, str] = {}
    statuses: set[int] = set()
    for item in refused:
        rule = _broken_rule(item["constraint"] or "", item["state"], item["detail"] or "")
        if rule is None:
            return Problem(500, "Something failed here. Nothing was changed.")
        names = item["step"].get("names", {})
        field = names.get(rule.meaning.field, rule.meaning.field)
        errors.setdefault("/".join(filter(None, (item["step"]["at"], field))), rule.sentence)
        statuses.add(rule.meaning.status)
    [first, *others] = errors.values()
    status = next(status for status in (404, 403, 422, 409) if status in statuses)
    return Problem(status, f"{len(errors)} lines need a look. Nothing was changed." if others else first, errors)


def _of_column_rule(constraint: str) -> Meaning | None:
    """Constraints named after their column say themselves what is wrong: chemicals_flash_point_is_a_temperature."""
    for ending, sentence in {
        "_is_short": "This is too long.",
        "_is_one_line": "Write one line.",
        "_are_bounded": "This is too much.",
        "_is_positive": "Write a number above zero, and a plausible one.",
        "_is_a_temperature": "Write a temperature in °C.",
        "_has_its_form": "This does not have the form of one.",
        "_is_a_web_address": "Write a web address that begins with https://.",
        "_is_known": "This is not one of the choices.",
    }.items():
        if constraint.endswith(ending):
            return Meaning(422, sentence, constraint.removeprefix("chemicals_").removesuffix(ending))
    return None


# Pydantic's kinds of error in plain words; {…} are its context.
SENTENCES = {
    "missing": "This is needed.",
    "string_too_short": "This is needed.",
    "string_too_long": "At most {max_length} characters.",
    "too_long": "At most {max_length} of them.",
    "too_short": "At least {min_length} of them.",
    "int_parsing": "Write a whole number.",
    "int_type": "Write a whole number.",
    "int_parsing_size": "This number is too large.",
    "int_from_float": "Write a whole number.",
    "decimal_parsing": "Write a number, such as 2.5.",
    "decimal_type": "Write a number, such as 2.5.",
    "decimal_max_digits": "This number has too many digits.",
    "decimal_max_places": "At most {decimal_places} digits after the point.",
    "decimal_whole_digits": "This number is too large.",
    "float_parsing": "Write a number, such as 2.5.",
    "finite_number": "Write a number, such as 2.5.",
    "bool_parsing": "Say yes or no.",
    "date_parsing": "Write a date as 2026-03-31.",
    "date_from_datetime_parsing": "Write a date as 2026-03-31.",
    "date_from_datetime_inexact": "Write a date as 2026-03-31.",
    "date_type": "Write a date as 2026-03-31.",
    "greater_than": "Write a number above {gt}.",
    "greater_than_equal": "Write {ge} or more.",
    "less_than": "Write a number below {lt}.",
    "less_than_equal": "Write {le} or less.",
    "literal_error": "Choose one of {expected}.",
    "enum": "Choose one of {expected}.",
    "string_pattern_mismatch": "This does not have the form of one.",
    "extra_forbidden": "There is no such field.",
    "json_invalid": "The request is not valid JSON.",
}


def _of_validation(error: RequestValidationError) -> Problem:
    errors: dict[str, str] = {}
    for item in error.errors():
        place = [str(part) for part in item["loc"][1:]] or [str(part) for part in item["loc"]]
        kind = item["type"]
        if kind in ("too_long", "too_short") and isinstance(item["input"], str):
            kind = f"string_{kind}"  # a text that may be left out is counted as if it were a list
        sentence = SENTENCES.get(kind)
        if sentence:
            sentence = sentence.format_map(_Facts(item.get("ctx") or {}))
        elif kind == "value_error":
            sentence = str(item["ctx"]["error"])
        else:
            sentence = "This is not what is expected here."
        errors.setdefault("/" + "/".join(place), sentence)
    if any(item["type"] == "json_invalid" for item in error.errors()):
        return Problem(400, SENTENCES["json_invalid"])
    first = next(iter(errors.values()), "")
    return Problem(422, first if len(errors) == 1 else f"{len(errors)} fields need a look.", errors)


def is_lost(error: psycopg.OperationalError) -> bool:
    """Whether a connection broke while it was used: nobody knows whether what was sent on it was committed."""
    if isinstance(error, PoolTimeout):
        return False  # there was none
    return not error.sqlstate or error.sqlstate.startswith(("08", "57P"))


def _of_database(error: psycopg.Error) -> Problem:
    if error.diag.constraint_name == "movements_are_refused":
        return _of_steps(json.loads(error.diag.message_detail or "[]"))
    if rule := broken_rule(error):
        return rule.problem()
    if isinstance(error, psycopg.OperationalError):
        log.error("the database is away: %s", error.sqlstate or type(error).__name__)
        return Problem(503, BROKEN if is_lost(error) else AWAY, headers={"Retry-After": "2"})
    log.error("unexpected answer of the database: %s %s", error.sqlstate, error.diag.message_primary)
    return Problem(500, "Something failed here. Nothing was changed.")


def of_error(error: Exception) -> Problem:
    """Any error as a problem, for answers that have begun already."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, psycopg.Error):
        return _of_database(error)
    log.error("unexpected fault", exc_info=error)
    return Problem(500, "Something failed here. Nothing was changed.")


def install(app: FastAPI) -> None:
    """Every error of the app becomes a problem."""

    @app.exception_handler(Problem)
    async def problem(_: Request, error: Problem) -> JSONResponse:
        return error.response()

    @app.exception_handler(RequestValidationError)
    async def validation(_: Request, error: RequestValidationError) -> JSONResponse:
        return _of_validation(error).response()

    @app.exception_handler(UnicodeEncodeError)
    async def half_a_letter(_: Request, __: UnicodeEncodeError) -> JSONResponse:
        """JSON may hold half of a letter, "\\ud800", which is no text: neither stored nor repeated in an answer."""
        return Problem(422, "This holds a letter that is none. Write it anew.").response()

    @app.exception_handler(psycopg.Error)
    async def database(_: Request, error: psycopg.Error) -> JSONResponse:
        return _of_database(error).response()

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> JSONResponse:
        detail = NOT_FOUND if error.status_code == 404 else str(error.detail)
        return Problem(error.status_code, detail, headers=dict(error.headers or {})).response()

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        log.exception("unexpected fault at %s %s", request.method, request.url.path, exc_info=error)
        return Problem(500, "Something failed here. Nothing was changed.").response()
