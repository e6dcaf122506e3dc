"""One's own sessions: who is signed in, signing out, the password again, another password. A session says who the user is; the lab stands
in the path of each request."""

import hashlib
import secrets
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from api.administration.passwords import LONGEST, fault_of
from api.administration.tries import COUNT_REFUSAL, FORGET_TRIES, NOTE_REFUSAL, note_try
from api.core.database import ACT_AS, Data, Database, Found, Statement, Statements
from api.core.fields import Id, Model
from api.core.login_directory import LoginDirectory, Logins, after_writing
from api.core.problems import Problem, not_found
from api.core.routes import resource
from api.core.rows import Row, one
from api.core.visit import SignedIn, Visit

router = resource("", "sessions")


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
NOTE_RENEWAL = "SELECT control.note_password(%s, %s, true)"
NOTE_CONFIRMATION = "INSERT INTO control.events (kind, about, about_name) VALUES ('password_confirmed', %s, %s)"
CONFIRM_SESSION = "SELECT control.confirm_session(%s, %s)"
NOTE_CODE = "SELECT control.note_code(%s, %s)"
COUNT_CHANGE = "UPDATE control.login_directory SET version = version + 1"
RENEW_SESSION = """
INSERT INTO control.sessions (token_hash, user_id, expires_at, ends_at, idle, address, browser, refused_before, second_factor, provider_session)
SELECT sha256(decode(%s, 'hex')), user_id, expires_at, ends_at, idle, address, browser, refused_before, second_factor, provider_session
  FROM control.sessions WHERE token_hash = sha256(decode(%s, 'hex')) AND expires_at > now()"""
WRITTEN_HALF = "Your password was changed: use the new one from now on. End your other sessions on the page My account, if you have any."
WRITE_UNSURE = "Nobody knows whether your password was changed: try the new one, and the old one where it does not fit."


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
    return session_in(await data.control({"kept": (KEEP_SESSION, (visit.session,)), **session_by(visit.session)}))


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
    token, session = new_token()
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
    place = f"session:{short_hash(visit.session)}"
    counted: Statement = (COUNT_REFUSAL, (who["username"], address))
    noted = await note_try(data, who["username"], place, address, {"counted": counted})
    if not await logins.verify(who["username"], password, noted["directory_version"]):
        refused: Statement = (NOTE_REFUSAL, (who["username"], address, "wrong password in a session"))
        await data.control({"counted": counted, "noted": refused}, visit)
        raise Problem(422, "This is not your password now.", {pointer: "This is not your password now."})
    return who, place


def new_token() -> tuple[str, str]:
    """A session's token, and the hash of it that the database is given."""
    token = secrets.token_urlsafe(32)
    return token, hashlib.sha256(token.encode()).hexdigest()


def short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


async def user_of(visit: Visit, data: Database) -> Row:
    """Who asks: id, username, name, administrator. Raises 401 where nobody is signed in."""
    found = session_in(await data.control(session_by(visit.session)))
    return {**found["user"], "administrator": found["administrator"]}


def session_by(session: str) -> Statements:
    """The statements whose rows `session_in` reads."""
    return {"session": (FIND_SESSION, (session,)), "labs": (FIND_LABS, (session,))}


def session_in(found: Found) -> Row:
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
