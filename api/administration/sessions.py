"""Signing in and out. A session says who the user is; the lab stands in the path of each request."""

import hashlib
import logging
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from fastapi import Request
from pydantic import Field

from api.administration.codes import new_ticket
from api.administration.passwords import LONGEST, fault_of
from api.core.database import ACT_AS, Data, Database, Found, Statement, Statements
from api.core.fields import Id, Model
from api.core.login_directory import LoginDirectory, Logins, Reading, after_writing
from api.core.networks import network_of
from api.core.problems import Problem, not_found
from api.core.refusals import Meaning
from api.core.routes import resource
from api.core.rows import Row, one
from api.core.visit import FormerSession, SignedIn, Visit

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


class User(Model):
    """A person."""

    id: int
    username: str
    name: str


class Membership(Model):
    """A lab that the user belongs to."""

    id: int = Field(description="Chooses the lab's colour.")
    slug: str
    name: str
    role: Literal["viewer", "member", "manager"]


class RefusedTries(Model):
    """Tries to sign in as the user that were refused since their sign-in before, in browsers where they never signed in."""

    tries: int = Field(ge=1)
    since: datetime
    addresses: list[str] = Field(description="where they came from: the first five", examples=[["192.0.2.7"]])


class Session(Model):
    """The user who is signed in, with their labs."""

    user: User
    administrator: bool
    labs: list[Membership]
    expires_at: datetime = Field(description="the session ends then, however busy it is")
    idle_seconds: int = Field(description="the session ends after so long without a request")
    password_first: bool = Field(description="signed in with a made password: it must be changed before anything else")


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


class NewToken(Model):
    """The token that the user's session goes on with."""

    token: str = Field(description="Goes into Authorization: Bearer. Shown once.")


class OwnSession(Model):
    """One of the user's sessions."""

    id: int
    this_one: bool = Field(description="the session that asks")
    made_at: datetime
    used_at: datetime = Field(description="last request, give or take five minutes")
    address: str
    browser: str
    refused_before: RefusedTries | None


class OwnSessions(Model):
    """All live sessions of the user; the session that sent this request comes first."""

    items: list[OwnSession]


class PasswordChange(Model):
    """The user's present password and the new one."""

    current_password: str = Field(min_length=1, max_length=200, examples=["chemtrack-demo"])
    new_password: str = Field(max_length=LONGEST, examples=["violet tractor under glass"])


class PasswordAgain(Model):
    """The user's password, and the network address from which the page received it."""

    password: str = Field(min_length=1, max_length=200, examples=["chemtrack-demo"])
    address: str = Field(default="", max_length=64, examples=["192.0.2.7"])


NOTE_TRY = "SELECT * FROM control.note_try(%s, %s)"
REQUIRE_LOGINS = "SELECT control.require_logins(%s)"
COMPARE_LOGINS = "SELECT control.compare_logins(%s, %s)"
BEGIN_SESSION = "SELECT control.begin_session(%s, %s, %s, %s, %s, %s, %s)"
FIND_SESSION = """
SELECT u.id, u.username, u.name, coalesce(s.ends_at, s.expires_at) AS ends_at,
       extract(epoch FROM coalesce(s.idle, s.expires_at - now()))::int AS idle_seconds, s.password_first, s.refused_before,
       (SELECT f.reset_at FROM control.second_factors f WHERE f.user_id = u.id) AS second_factor_reset_at,
       EXISTS (SELECT FROM control.administrators a WHERE a.user_id = u.id) AS administrator
  FROM control.sessions s JOIN control.users u ON u.id = s.user_id
 WHERE s.token_hash = sha256(decode(%s, 'hex')) AND s.expires_at > now() AND s.token_name IS NULL"""
KEEP_SESSION = "SELECT control.keep_session(%s)"
FIND_LABS = """
SELECT l.id, l.slug, l.name, m.role
  FROM control.sessions s
  JOIN control.members m ON m.user_id = s.user_id AND m.ended_at IS NULL
  JOIN control.labs l ON l.id = m.lab_id AND l.archived_at IS NULL
 WHERE s.token_hash = sha256(decode(%s, 'hex')) AND s.expires_at > now()
 ORDER BY l.name, l.id"""
LIST_SESSIONS = """
SELECT s.id, s.made_at, s.address, s.browser, s.refused_before, coalesce(s.expires_at - s.idle, s.made_at) AS used_at, s.token_hash = mine.token_hash AS this_one
  FROM control.sessions mine JOIN control.sessions s ON s.user_id = mine.user_id AND s.expires_at > now() AND s.token_name IS NULL
 WHERE mine.token_hash = sha256(decode(%s, 'hex')) AND mine.expires_at > now()
 ORDER BY this_one DESC, used_at DESC, s.id DESC"""
END_SESSION = "DELETE FROM control.sessions WHERE token_hash = sha256(decode(%s, 'hex'))"
END_ONE_OF_MINE = """
DELETE FROM control.sessions s USING control.sessions mine
 WHERE mine.token_hash = sha256(decode(%s, 'hex')) AND mine.expires_at > now() AND s.user_id = mine.user_id AND s.id = %s RETURNING s.id"""
END_OTHER_SESSIONS = """
DELETE FROM control.sessions WHERE user_id = %s AND token_hash <> sha256(decode(%s, 'hex'))"""
FORGET_TRIES = "DELETE FROM control.login_failures WHERE username = %s AND address = %s"
NOTE_REFUSAL = "SELECT control.note_refusal(%s, %s, %s)"
COUNT_REFUSAL = "SELECT control.count_refusal(%s, %s)"
NOTE_RENEWAL = "SELECT control.note_password(%s, %s, true)"
NOTE_CONFIRMATION = "INSERT INTO control.events (kind, about, about_name) VALUES ('password_confirmed', %s, %s)"
CONFIRM_SESSION = "SELECT control.confirm_session(%s, %s)"
NOTE_CODE = "SELECT control.note_code(%s, %s)"
FIND_VERSION = "SELECT version FROM control.login_directory"
FORGET_EVENTS = "SELECT control.forget_events(%s)"
FORGETTING = 16
"""Of this many sign-ins, one also deletes old lines of control.events."""
COUNT_CHANGE = "UPDATE control.login_directory SET version = version + 1"
RENEW_SESSION = """
INSERT INTO control.sessions (token_hash, user_id, expires_at, ends_at, idle, address, browser, refused_before, second_factor, provider_session)
SELECT sha256(decode(%s, 'hex')), user_id, expires_at, ends_at, idle, address, browser, refused_before, second_factor, provider_session
  FROM control.sessions WHERE token_hash = sha256(decode(%s, 'hex')) AND expires_at > now()"""
CODE_NEEDED = "The password is right. Now type the code from your authenticator app."
WRITTEN_HALF = "Your password was changed: use the new one from now on. End your other sessions on the page My account, if you have any."
WRITE_UNSURE = "Nobody knows whether your password was changed: try the new one, and the old one where it does not fit."


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
        raise await _too_many(data, username, credentials.address, counted, noted["wait_of_all_seconds"])
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
    token, session = _new_token()
    settings = request.app.state.settings
    statements: dict[str, Statement] = {
        "unchanged": (REQUIRE_LOGINS, (reading.version,)),
        "compared": (COMPARE_LOGINS, (reading.usernames, reading.read_at)),
        **begun(session),
        "ended": (END_SESSION, (former,)),
    }
    if secrets.randbelow(FORGETTING) == 0:
        statements["forgotten"] = (FORGET_EVENTS, (settings.event_days,))
    made = await data.control({**statements, **_find(session)})
    found = one(made["session"])
    told = {name: found[name] for name in ("refused_before", "second_factor_reset_at")}
    needed = settings.needs_second_factor(found["administrator"]) and not is_strong
    return _session(made) | told | {"token": token, "second_factor_needed": needed}


@router.get("/sessions", response_model=OwnSessions)
async def list_sessions(visit: SignedIn, data: Data) -> Any:
    """The user's live sessions: in which browsers, since when, from where."""
    items = (await data.control({"sessions": (LIST_SESSIONS, (visit.session,))}))["sessions"]
    if not items:
        raise Problem(401, "Sign in first.")
    return {"items": items}


@router.get("/sessions/current", response_model=Session)
async def find_session(visit: SignedIn, data: Data) -> Any:
    """Who is signed in, and in which labs."""
    return _session(await data.control({"kept": (KEEP_SESSION, (visit.session,)), **_find(visit.session)}))


@router.delete("/sessions/current", status_code=204)
async def sign_out(visit: SignedIn, data: Data) -> None:
    """Signs out: from now on, the session's token is refused."""
    await data.control({"ended": (END_SESSION, (visit.session,))}, visit)


@router.delete("/sessions/{session}", status_code=204)
async def end_session(session: Id, visit: SignedIn, data: Data) -> None:
    """Ends one of the user's own sessions, for example on a lost phone."""
    ended: Statement = (END_ONE_OF_MINE, (visit.session, session))
    found = await data.control({"password": data.require_password(visit), "ended": ended}, visit)
    if not found["ended"]:
        raise not_found()


@router.put("/sessions/current/confirmation", status_code=204)
async def confirm_password(again: PasswordAgain, visit: SignedIn, data: Data, logins: Logins) -> None:
    """The user types their password again, as grave acts ask for after some minutes. Wrong passwords count as failed sign-ins do."""
    who, place = await check_own_password(again.password, visit, data, logins, "/password", again.address)
    await data.control(
        {
            "forgotten": (FORGET_TRIES, (who["username"], place)),
            "confirmed": (CONFIRM_SESSION, (visit.session, visit.network)),
            "noted": (NOTE_CONFIRMATION, (who["id"], who["username"])),
        },
        visit,
    )


@router.put("/sessions/current/password", response_model=NewToken)
async def change_password(change: PasswordChange, visit: SignedIn, data: Data, logins: Logins) -> Any:
    """Changes the user's own password and ends all their sessions; this browser goes on with a new one. Wrong passwords count as
    failed sign-ins do."""
    who, place = await check_own_password(change.current_password, visit, data, logins, "/current_password")
    sentence = fault_of(change.new_password, who["username"], who["name"])
    if not sentence and change.new_password == change.current_password:
        sentence = "This is your password now. Choose another."
    if sentence:
        # The present password was right: a new one that is refused is no wrong try.
        await data.control({"forgotten": (FORGET_TRIES, (who["username"], place))}, visit)
        raise Problem(422, sentence, {"/new_password": sentence})
    hashed = await logins.hash({who["username"]: change.new_password})
    others = (END_OTHER_SESSIONS, (who["id"], visit.session))
    token, session = _new_token()
    async with data.one_at_a_time("logins"):
        await user_of(visit, data)  # an administrator may have ended this session meanwhile
        # End the sessions before and after the secret is written: somebody may sign in with the old password in between.
        await data.control({"ended": others}, visit)
        await logins.write(hashed, unsure=WRITE_UNSURE)
        statements: dict[str, Statement] = {
            "counted": (COUNT_CHANGE, ()),
            "forgotten": (FORGET_TRIES, (who["username"], place)),
            "noted": (NOTE_RENEWAL, (visit.session, who["username"])),
            "acting": (ACT_AS, (session,)),
            "renewed": (RENEW_SESSION, (session, visit.session)),
            "placed": (CONFIRM_SESSION, (session, visit.network)),
            "ended": (END_OTHER_SESSIONS, (who["id"], session)),
        }
        with after_writing(WRITTEN_HALF):
            await data.control(statements, visit)
    return {"token": token}


async def check_own_password(
    password: str, visit: Visit, data: Database, logins: LoginDirectory, pointer: str, address: str = ""
) -> tuple[Row, str]:
    """The user of this session, and the place under which their tries are counted. Raises 422 where this is not their password."""
    who = await user_of(visit, data)
    place = f"session:{_short_hash(visit.session)}"
    counted: Statement = (COUNT_REFUSAL, (who["username"], address))
    noted = await note_try(data, who["username"], place, address, {"counted": counted})
    if not await logins.verify(who["username"], password, noted["directory_version"]):
        refused: Statement = (NOTE_REFUSAL, (who["username"], address, "wrong password in a session"))
        await data.control({"counted": counted, "noted": refused}, visit)
        raise Problem(422, "This is not your password now.", {pointer: "This is not your password now."})
    return who, place


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
        raise await _too_many(data, told_of or username, address, counted, wait, what)
    return noted


async def _too_many(
    data: Database, username: str, address: str, counted: Statements, wait: int, what: str = "passwords"
) -> Problem:
    """The problem 429 for too many tries, after a line of control.events about this one."""
    log.warning("sign-in refused", extra={"fields": {"reason": "too many tries"}})
    await data.control({**counted, "noted": (NOTE_REFUSAL, (username, address, "too many tries"))})
    sentence = f"Too many wrong {what}. Try again in {_duration(wait)}."
    return Problem(429, sentence, headers={"Retry-After": str(wait)})


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


def _new_token() -> tuple[str, str]:
    """A session's token, and the hash of it that the database is given."""
    token = secrets.token_urlsafe(32)
    return token, hashlib.sha256(token.encode()).hexdigest()


def place_of(who: Browser) -> str:
    """The place under which the tries of a sign-in are counted: a browser that the user knows, else the network."""
    return f"device:{_short_hash(who.device)}" if who.device else network_of(who.address)


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


async def user_of(visit: Visit, data: Database) -> Row:
    """Who asks: id, username, name, administrator. Raises 401 where nobody is signed in."""
    found = _session(await data.control(_find(visit.session)))
    return {**found["user"], "administrator": found["administrator"]}


def _find(session: str) -> Statements:
    """The statements whose rows `_session` reads."""
    return {"session": (FIND_SESSION, (session,)), "labs": (FIND_LABS, (session,))}


def _session(found: Found) -> Row:
    """Who is signed in; 401 where nobody is."""
    if not found["session"]:
        raise Problem(401, "Sign in first.")
    who, labs = one(found["session"]), found["labs"]
    user = {name: who[name] for name in ("id", "username", "name")}
    return {
        "user": user,
        "administrator": who["administrator"],
        "expires_at": who["ends_at"],
        "idle_seconds": who["idle_seconds"],
        "password_first": who["password_first"],
        "labs": labs,
    }


def _duration(seconds: int) -> str:
    return f"{seconds} seconds" if seconds < 120 else f"{round(seconds / 60)} minutes"
