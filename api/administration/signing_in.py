"""Signing in with a user name and a password, and beginning a session."""

import logging
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import Request
from pydantic import Field

from api.administration.codes import new_ticket
from api.administration.sessions import (
    CONFIRM_SESSION,
    END_SESSION,
    NOTE_CODE,
    RefusedTries,
    Session,
    new_token,
    session_by,
    session_in,
    short_hash,
)
from api.administration.tries import COUNT_REFUSAL, FORGET_TRIES, NOTE_REFUSAL, note_try, too_many
from api.core.database import Data, Database, Statement, Statements
from api.core.fields import Model
from api.core.login_directory import LoginDirectory, Logins, Reading
from api.core.networks import network_of
from api.core.problems import Problem
from api.core.refusals import Meaning
from api.core.routes import resource
from api.core.rows import Row, one
from api.core.visit import FormerSession

log = logging.getLogger("chemtrack.api")

router = resource("", "sessions")

MEANINGS = {
    "made_password_is_good_once": Meaning(
        401,
        "This password was made for one sign-in within three days, and is no longer good. Ask an administrator for another.",
    ),
    "logins_are_as_they_were_read": Meaning(401, "A login was changed at the same moment. Sign in again."),
}


class Browser(Model):
    """Who signs in, and from where, as the page received it."""

    username: str = Field(min_length=1, max_length=64, examples=["ada"])
    address: str = Field(default="", max_length=64, examples=["192.0.2.7"])
    browser: str = Field(default="", max_length=200, description="the browser's own words", examples=["Mozilla/5.0"])
    device: str = Field(
        default="",
        max_length=64,
        description="of a browser in which this user signed in before: the page vouches for that, by a cookie that it signed",
        examples=[""],
    )


class Credentials(Browser):
    """A user name and a password."""

    password: str = Field(min_length=1, max_length=200, examples=["chemtrack-demo"])


class NewSession(Session):
    """The session that a sign-in made, with its token."""

    refused_before: RefusedTries | None = Field(description="null: no try was refused since the sign-in before")
    second_factor_reset_at: datetime | None = Field(
        description="an administrator took the user's second factor away then, and none was set up since"
    )
    second_factor_needed: bool = Field(
        description="what needs it here, administration or labs too, stays closed until the user sets a second factor up"
    )
    token: str = Field(description="Goes into Authorization: Bearer. Shown once.")


REQUIRE_LOGINS = "SELECT control.require_logins(%s)"
COMPARE_LOGINS = "SELECT control.compare_logins(%s, %s)"
BEGIN_SESSION = "SELECT control.begin_session(%s, %s, %s, %s, %s, %s, %s)"
FIND_VERSION = "SELECT version FROM control.login_directory"
FORGET_EVENTS = "SELECT control.forget_events(%s)"
FORGETTING = 16
"""Of this many sign-ins, one also deletes old lines of control.events."""
CODE_NEEDED = "The password is right. Now type the code from your authenticator app."


@router.post("/sessions", status_code=201, response_model=NewSession)
async def sign_in(credentials: Credentials, former: FormerSession, data: Data, logins: Logins, request: Request) -> Any:
    """Signs in, and ends the session that the browser had before. 401 for a wrong user name and for a wrong password, without
    saying which; 401 at /code, with a `ticket`, where the user has a second factor: POST /sessions/second goes on with it for five
    minutes. 429 with Retry-After after too many wrong passwords."""
    username = credentials.username.strip().lower()
    place = place_of(credentials)
    # A wrong password in a browser that the user signed in with before is most likely the user's own slip.
    counted: Statements = {} if credentials.device else {"counted": (COUNT_REFUSAL, (username, credentials.address))}
    noted = await note_try(data, username, place, credentials.address, counted)
    reading = await logins.verify(username, credentials.password, noted["directory_version"])
    if noted["wait_of_all_seconds"] and not (reading and noted["is_administrator"]):
        # Too many guesses from this network, or of this user's password from all networks. An administrator can always come in to end them; the password of everybody else
        # is looked at too, so that neither the answer nor the time that it takes tells who is an administrator.
        raise await too_many(data, username, credentials.address, counted, noted["wait_of_all_seconds"])
    if not reading:
        refused: Statement = (NOTE_REFUSAL, (username, credentials.address, "wrong password"))
        await data.control({**counted, "noted": refused})
        log.warning("sign-in refused", extra={"fields": {"reason": "wrong password"}})
        raise Problem(401, "The user name or the password is wrong.")
    if key := reading.keys.get(username):
        held = await _strengthen(data, logins, username, credentials.password, reading.passwords[username])
        await data.control({"forgotten": (FORGET_TRIES, (username, place))})
        ticket = new_ticket(username, held, key, datetime.now(UTC))
        raise Problem(401, CODE_NEEDED, {"/code": CODE_NEEDED}, extra={"ticket": ticket})
    made = await begin_by_password(credentials, former, data, reading, request)
    await _strengthen(data, logins, username, credentials.password, reading.passwords[username])
    return made


async def begin_by_password(
    who: Browser, former: str, data: Database, reading: Reading, request: Request, by_code: bool = False
) -> Row:
    """Begins a session once the password was right, and the code too if the user has a second factor."""
    username = who.username.strip().lower()
    settings = request.app.state.settings
    longest, idle = timedelta(hours=settings.session_hours), timedelta(hours=settings.session_idle_hours)

    def begun(session: str) -> dict[str, Statement]:
        statements: dict[str, Statement] = {
            "begun": (BEGIN_SESSION, (session, username, who.address, who.browser, place_of(who), longest, idle)),
            "placed": (CONFIRM_SESSION, (session, network_of(who.address))),
        }
        return statements | ({"strong": (NOTE_CODE, (session, True))} if by_code else {})

    return await begin(begun, former, data, reading, request, is_strong=by_code)


async def begin(
    begun: Callable[[str], Statements],
    former: str,
    data: Database,
    reading: Reading,
    request: Request,
    is_strong: bool,
) -> Row:
    """Begins a session by the statements that `begun` makes of the hash of its token. `is_strong`: with a second factor."""
    token, session = new_token()
    settings = request.app.state.settings
    statements: dict[str, Statement] = {
        "unchanged": (REQUIRE_LOGINS, (reading.version,)),
        "compared": (COMPARE_LOGINS, (reading.usernames, reading.read_at)),
        **begun(session),
        "ended": (END_SESSION, (former,)),
    }
    if secrets.randbelow(FORGETTING) == 0:
        statements["forgotten"] = (FORGET_EVENTS, (settings.event_days,))
    made = await data.control({**statements, **session_by(session)})
    found = one(made["session"])
    told = {name: found[name] for name in ("refused_before", "second_factor_reset_at")}
    needed = settings.needs_second_factor(found["administrator"]) and not is_strong
    return session_in(made) | told | {"token": token, "second_factor_needed": needed}


async def _strengthen(data: Database, logins: LoginDirectory, username: str, password: str, held: str) -> str:
    """Replaces what the secret holds of this user, plain text or a hash of former parameters, by a hash as they are made now. Returns
    what the secret holds then."""
    if not logins.is_outdated(held):
        return held
    hashed = await logins.hash({username: password})
    try:
        async with data.one_at_a_time("logins"):
            await logins.write(hashed, unsure="", instead_of={username: held})
    except Problem as refused:  # the user has signed in nevertheless, and the next sign-in tries again
        log.warning("an outdated password stays in the secret: %s", refused.detail)
        return held
    return hashed[username]


def place_of(who: Browser) -> str:
    """The place under which the tries of a sign-in are counted: a browser that the user knows, else the network."""
    return f"device:{short_hash(who.device)}" if who.device else network_of(who.address)
