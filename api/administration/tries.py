"""Tries to sign in, to type one's own password again, or a code: counted before they are looked at, and slowed after too many."""

import logging

from api.core.database import Database, Statements
from api.core.problems import Problem
from api.core.rows import Row, one

log = logging.getLogger("chemtrack.api")

NOTE_TRY = "SELECT * FROM control.note_try(%s, %s)"
FORGET_TRIES = "DELETE FROM control.login_failures WHERE username = %s AND address = %s"
NOTE_REFUSAL = "SELECT control.note_refusal(%s, %s, %s)"
COUNT_REFUSAL = "SELECT control.count_refusal(%s, %s)"


async def note_try(
    data: Database,
    username: str,
    place: str,
    address: str,
    counted: Statements,
    *,
    told_of: str = "",
    what: str = "passwords",
) -> Row:
    """Counts this attempt before the password is looked at; raises 429 after too many from this place, which `counted` notes too.
    Returns what control.note_try says: whether guesses from all networks slow this name, and the database's count of changes to the
    logins, with which the directory tells whether its cache is still good."""
    noted = one((await data.control({"noted": (NOTE_TRY, (username, place))}))["noted"])
    # Guesses of a code are made by somebody who has the password, so no administrator is spared the wait for all networks.
    wait = max(noted["wait_seconds"], noted["wait_of_all_seconds"] if told_of else 0)
    if wait:
        raise await too_many(data, told_of or username, address, counted, wait, what)
    return noted


async def too_many(
    data: Database, username: str, address: str, counted: Statements, wait: int, what: str = "passwords"
) -> Problem:
    """The problem 429 for too many tries, after a line of control.events about this one."""
    log.warning("sign-in refused", extra={"fields": {"reason": "too many tries"}})
    await data.control({**counted, "noted": (NOTE_REFUSAL, (username, address, "too many tries"))})
    sentence = f"Too many wrong {what}. Try again in {_duration(wait)}."
    return Problem(429, sentence, headers={"Retry-After": str(wait)})


def _duration(seconds: int) -> str:
    return f"{seconds} seconds" if seconds < 120 else f"{round(seconds / 60)} minutes"
