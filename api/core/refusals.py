"""Turns a refusal by the database into a problem: by the name of the broken constraint, or else by SQLSTATE.

Functions and triggers also name a constraint when they refuse something (`RAISE … USING CONSTRAINT`). They put facts for the
sentence into DETAIL, as JSON, and the pointer to the refused field into HINT. The sentences stand beside the resources that own the
constraints, each in a table `MEANINGS`; api/app.py gathers them.
"""

import json
import logging
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import psycopg
from psycopg_pool import PoolTimeout

from api.chemistry.quantities import shown
from api.core.problems import NOT_FOUND, Problem, failed
from api.core.rows import Row

log = logging.getLogger("chemtrack.api")

AWAY = "The database does not answer. Nothing was changed: try again in a moment."
UNTOLD = "This cannot be recorded as it is written."
BROKEN = "The database was gone before it had answered. See whether this was saved, or send it again in a moment."


def told(sentence: str, facts: Mapping[str, Any]) -> str:
    """The sentence with its facts filled in; where one of them is not known, a sentence that needs none."""
    try:
        return sentence.format_map(facts)
    except KeyError:
        return UNTOLD


class Meaning(NamedTuple):
    """The status and the sentence for a broken rule of the database. `field` is the field of the line that broke it; "": the whole line."""

    status: int
    sentence: str
    field: str = ""


ENTERING = {
    "session_is_live": Meaning(401, "Sign in first."),
    "member_of_the_lab": Meaning(404, NOT_FOUND),
    "role_is_enough": Meaning(403, "Your role in this lab does not allow this."),
    "administrator": Meaning(403, "Only an administrator may do this."),
    "password_is_ones_own": Meaning(403, "Choose a password of your own first, on the page Account."),
    "password_was_given_lately": Meaning(403, "Type your password again first.", "password"),
    "requests_key_is_used_once": Meaning(409, "This form was sent already."),
    "rows_are_as_they_were_read": Meaning(
        409, "Somebody else changed this at the same moment. Nothing of yours was saved yet: save again."
    ),
}
"""The rules of control.enter_session and control.enter_administration, which every request calls; of Idempotency-Keys; of versions."""

# Meanings by SQLSTATE, for refusals that name no constraint.
STATES = {
    "28000": Meaning(401, "Sign in first."),
    "42501": Meaning(403, "Your role in this lab does not allow this."),
    "25006": Meaning(403, "Your role in this lab does not allow this."),
    "23503": Meaning(404, NOT_FOUND),
    "23505": Meaning(409, "This exists already."),
    "23514": Meaning(422, "This is outside what can be recorded."),
    "23502": Meaning(422, "Something that is needed was left out."),
    "55P03": Meaning(503, "Somebody else is changing this just now. Nothing was changed: try again."),
    "57014": Meaning(503, "This took too long and was stopped. Nothing was changed: try again."),
    "40001": Meaning(503, "Somebody else changed this at the same moment. Nothing was changed: try again."),
    "40P01": Meaning(503, "Somebody else changed this at the same moment. Nothing was changed: try again."),
    "53100": Meaning(503, "The disk of the database is full. Nothing was changed. Tell the administrator."),
    "53300": Meaning(503, "The database takes no more connections just now. Nothing was changed: try again."),
}


COLUMN_RULES = {
    "is_short": "This is too long.",
    "is_one_line": "Write one line.",
    "are_bounded": "This is too long, or too many.",
    "is_positive": "Write a number above zero, and a plausible one.",
    "is_not_negative": "Write zero or more.",
    "is_plausible": "Write a day from 1950 on.",
    "is_a_temperature": "Write a temperature in °C.",
    "has_its_form": "This is not in the form that it should have.",
    "is_an_iso_code": "Write three letters, such as EUR.",
    "is_a_web_address": "Write a web address that begins with https://.",
    "is_known": "This is not one of the choices.",
}
"""The sentence by the end of a constraint's name: in chemicals_flash_point_is_a_temperature, what follows table and column."""
COLUMN_RULE = re.compile(
    rf"(check_out_rules|chemicals|containers|deliveries|imports|labs|locations|members|movements|peroxide_tests|stocktake_counts|users)_(\w+)_({'|'.join(COLUMN_RULES)})"
)

_gathered: dict[str, Meaning] = dict(ENTERING)


def gather(*tables: Mapping[str, Meaning]) -> None:
    """Makes the tables of the resources known. Raises ValueError where two give a constraint different meanings."""
    for table in tables:
        for name, meaning in table.items():
            if _gathered.setdefault(name, meaning) is not meaning:
                raise ValueError(f"{name} has two meanings")


def meaning_of(constraint: str) -> Meaning | None:
    """The meaning of the constraint to a person; None where no table has it."""
    if constraint in _gathered:
        return _gathered[constraint]
    if found := COLUMN_RULE.fullmatch(constraint):
        return Meaning(422, COLUMN_RULES[found[3]], found[2])
    return None


def sentence_of(constraint: str) -> str:
    """The sentence for the constraint, for a route that notices the fault before the database does."""
    meaning = meaning_of(constraint)
    if meaning is None:
        raise KeyError(constraint)
    return meaning.sentence


class BrokenRule(NamedTuple):
    """A refusal by the database: its meaning, the facts for the sentence, and the pointer from its HINT. A route may set the pointer."""

    constraint: str
    meaning: Meaning
    facts: Row
    pointer: str

    def problem(self, pointer: str | None = None) -> Problem:
        """The refusal as a problem at `pointer`; by default at the database's own pointer, such as /lines/3."""
        base = self.pointer if pointer is None else pointer
        sentence = self.sentence
        place = f"{base}/{self.meaning.field}" if self.meaning.field else base
        return Problem(self.meaning.status, sentence, {place: sentence} if place else None)

    @property
    def sentence(self) -> str:
        """The sentence with the facts filled in."""
        return told(self.meaning.sentence, self.facts)


def broken_rule(error: psycopg.Error) -> BrokenRule | None:
    """The rule that the database says was broken; None when the fault is ChemTrack's own or the database is away."""
    diagnosis = error.diag
    state = error.sqlstate or (
        "22" if isinstance(error, psycopg.DataError) else ""
    )  # psycopg itself refused a value, such as NUL
    hint = diagnosis.message_hint or ""
    return _broken_rule(diagnosis.constraint_name or "", state, diagnosis.message_detail or "", hint)


def _broken_rule(constraint: str, state: str, detail: str, hint: str = "") -> BrokenRule | None:
    meaning = meaning_of(constraint)
    if meaning is None:
        meaning = STATES.get(state) or (Meaning(422, UNTOLD) if state.startswith("22") else None)
    if meaning is None:
        return None
    facts: Row = {}
    if detail.startswith("{"):
        facts = {name: fact for name, fact in json.loads(detail, parse_float=Decimal).items() if fact is not None}
        for amount in facts.keys() & {"left", "out", "back"}:
            facts[amount] = shown(Decimal(facts[amount]), facts.get("unit"))
    return BrokenRule(constraint, meaning, facts, hint if hint.startswith("/") else "")


def _of_steps(refused: list[Row]) -> Problem:
    """All lines that inventory.post_movements refused, each at its pointer: a step names its pointer in the request (`at`) and
    what its fields are called there (`names`)."""
    errors: dict[str, str] = {}
    statuses: set[int] = set()
    for item in refused:
        rule = _broken_rule(item["constraint"] or "", item["state"], item["detail"] or "")
        if rule is None:
            return failed()
        names = item["step"].get("names", {})
        field = names.get(rule.meaning.field, rule.meaning.field)
        errors.setdefault("/".join(filter(None, (item["step"]["at"], field))), rule.sentence)
        statuses.add(rule.meaning.status)
    [first, *others] = errors.values()
    status = next(status for status in (404, 403, 422, 409) if status in statuses)
    return Problem(status, f"{len(errors)} lines need a look. Nothing was changed." if others else first, errors)


def is_lost(error: psycopg.OperationalError) -> bool:
    """Whether a connection broke while it was used: nobody knows whether what was sent on it was committed."""
    if isinstance(error, PoolTimeout):
        return False  # the pool gave out no connection, so nothing was sent
    return not error.sqlstate or error.sqlstate.startswith(("08", "57P"))


def problem_of(error: psycopg.Error) -> Problem:
    """The database's error as a problem. An error without a known meaning is logged and becomes a 500."""
    if error.diag.constraint_name == "movements_are_refused":
        return _of_steps(json.loads(error.diag.message_detail or "[]"))
    if rule := broken_rule(error):
        return rule.problem()
    if isinstance(error, psycopg.OperationalError):
        log.error("the database is away: %s", error.sqlstate or type(error).__name__)
        return Problem(503, BROKEN if is_lost(error) else AWAY, headers={"Retry-After": "2"})
    # Log no message of the error, because it quotes values.
    log.error("unexpected answer of the database: %s %s", error.sqlstate, error.diag.constraint_name, exc_info=error)
    return failed()
