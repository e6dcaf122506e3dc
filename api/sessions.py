"""Signing in and out. A session says who; the lab is in each request's path."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from fastapi import Request
from pydantic import Field

from api.access import Row, SignedIn
from api.database import Data
from api.fields import Model
from api.login_directory import SHORTEST_PASSWORD, Logins
from api.problems import Problem
from api.routes import resource

router = resource("", "sessions")

FREE_TRIES = 5


class Credentials(Model):
    """A user name, a password, and the address that the page saw them come from."""

    username: str = Field(min_length=1, max_length=64, examples=["ada"])
    password: str = Field(min_length=1, max_length=200, examples=["chemtrack-demo"])
    address: str = Field(default="", max_length=64, examples=["192.0.2.7"])


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


class Session(Model):
    """Who is signed in."""

    user: User
    administrator: bool
    labs: list[Membership]
    expires_at: datetime


class NewSession(Session):
    """A session just made."""

    token: str = Field(description="Goes into Authorization: Bearer. Shown once.")


class PasswordChange(Model):
    """The password now, and the new one."""

    current_password: str = Field(min_length=1, max_length=200, examples=["chemtrack-demo"])
    new_password: str = Field(max_length=200, examples=["correct horse battery staple"])


COUNT_FAILURES = """
SELECT count(*) FILTER (WHERE username = %(username)s) AS of_username,
       max(failed_at) FILTER (WHERE username = %(username)s) AS last_of_username,
       count(*) FILTER (WHERE address = %(address)s) AS of_address,
       max(failed_at) FILTER (WHERE address = %(address)s) AS last_of_address
  FROM control.login_failures
 WHERE failed_at > now() - interval '15 minutes' AND (username = %(username)s OR address = %(address)s)"""
FORGET_FAILURES = "DELETE FROM control.login_failures WHERE failed_at < now() - interval '1 hour'"
NOTE_FAILURE = "INSERT INTO control.login_failures (username, address) VALUES (%s, %s)"
FORGET_FAILURES_OF_USER = "DELETE FROM control.login_failures WHERE username = %s"
FORGET_OLD_SESSIONS = "DELETE FROM control.sessions WHERE expires_at < now()"
ADD_USER = """
INSERT INTO control.users (username, name) VALUES (%s, %s) ON CONFLICT (username) WHERE retired_at IS NULL DO NOTHING"""
NOTE_SIGN_IN = "UPDATE control.users SET signed_in_at = now() WHERE username = %s AND retired_at IS NULL"
ADD_SESSION = """
INSERT INTO control.sessions (token_hash, user_id, expires_at)
SELECT sha256(decode(%s, 'hex')), id, %s FROM control.users WHERE username = %s AND retired_at IS NULL"""
FIND_SESSION = """
SELECT u.id, u.username, u.name, s.expires_at, EXISTS (SELECT FROM control.administrators a WHERE a.user_id = u.id) AS administrator
  FROM control.sessions s JOIN control.users u ON u.id = s.user_id
 WHERE s.token_hash = sha256(decode(%s, 'hex')) AND s.expires_at > now()"""
FIND_LABS = """
SELECT l.id, l.slug, l.name, m.role
  FROM control.sessions s
  JOIN control.members m ON m.user_id = s.user_id AND m.ended_at IS NULL
  JOIN control.labs l ON l.id = m.lab_id AND l.archived_at IS NULL
 WHERE s.token_hash = sha256(decode(%s, 'hex')) AND s.expires_at > now()
 ORDER BY l.name, l.id"""
END_SESSION = "DELETE FROM control.sessions WHERE token_hash = sha256(decode(%s, 'hex'))"
END_OTHER_SESSIONS = """
DELETE FROM control.sessions WHERE user_id = %s AND token_hash <> sha256(decode(%s, 'hex'))"""


@router.post("/sessions", status_code=201, response_model=NewSession)
async def sign_in(credentials: Credentials, data: Data, logins: Logins, request: Request) -> Any:
    """Signs in. 401 for a wrong name or password alike, 429 with Retry-After when there were too many wrong ones."""
    username = credentials.username.strip().lower()
    failures = {"username": username, "address": credentials.address}
    _, [count] = await data.control((FORGET_FAILURES, ()), (COUNT_FAILURES, failures))
    if wait := seconds_to_wait(count, datetime.now(UTC)):
        sentence = f"Too many wrong passwords. Try again in {_duration(wait)}."
        raise Problem(429, sentence, headers={"Retry-After": str(wait)})
    if not await logins.verify(username, credentials.password):
        await data.control((NOTE_FAILURE, (username, credentials.address)))
        raise Problem(401, "The user name or the password is wrong.")
    token = secrets.token_urlsafe(32)
    session = hashlib.sha256(token.encode()).hexdigest()
    expires_at = datetime.now(UTC) + timedelta(hours=request.app.state.settings.session_hours)
    *_, found, labs = await data.control(
        (FORGET_OLD_SESSIONS, ()),
        (FORGET_FAILURES_OF_USER, (username,)),
        (ADD_USER, (username, username)),
        (NOTE_SIGN_IN, (username,)),
        (ADD_SESSION, (session, expires_at, username)),
        (FIND_SESSION, (session,)),
        (FIND_LABS, (session,)),
    )
    return _session(found, labs) | {"token": token}


@router.get("/sessions/current", response_model=Session)
async def find_session(visit: SignedIn, data: Data) -> Any:
    """Who is signed in, and in which labs."""
    return _session(*await data.control((FIND_SESSION, (visit.session,)), (FIND_LABS, (visit.session,))))


@router.delete("/sessions/current", status_code=204)
async def sign_out(visit: SignedIn, data: Data) -> None:
    """Signs out. The token opens nothing from then on."""
    await data.control((END_SESSION, (visit.session,)))


@router.put("/sessions/current/password", status_code=204)
async def change_password(change: PasswordChange, visit: SignedIn, data: Data, logins: Logins) -> None:
    """Changes the user's own password and ends all other sessions of theirs."""
    [found] = await data.control((FIND_SESSION, (visit.session,)))
    if not found:
        raise Problem(401, "Sign in first.")
    if not await logins.verify(found[0]["username"], change.current_password):
        raise Problem(422, "This is not your password now.", {"/current_password": "This is not your password now."})
    if len(change.new_password) < SHORTEST_PASSWORD:
        sentence = f"Use at least {SHORTEST_PASSWORD} characters."
        raise Problem(422, sentence, {"/new_password": sentence})
    async with data.one_at_a_time("logins"):
        await logins.change({found[0]["username"]: change.new_password})
    await data.control((END_OTHER_SESSIONS, (found[0]["id"], visit.session)))


def _session(found: list[Row], labs: list[Row]) -> Row:
    if not found:
        raise Problem(401, "Sign in first.")
    [who] = found
    user = {name: who[name] for name in ("id", "username", "name")}
    return {"user": user, "administrator": who["administrator"], "expires_at": who["expires_at"], "labs": labs}


def seconds_to_wait(failures: Row, now: datetime) -> int:
    """How long the next try must wait: nothing for five wrong ones, then 2, 4, 8 … at most 300 seconds after the last.

    An address has four times as many free, because a lab may share one.
    """
    waits = [0.0]
    for count, last, free in (
        (failures["of_username"], failures["last_of_username"], FREE_TRIES),
        (failures["of_address"], failures["last_of_address"], 4 * FREE_TRIES),
    ):
        if last and count >= free:
            pause = timedelta(seconds=min(2 ** min(count - free + 1, 9), 300))
            waits.append((last + pause - now).total_seconds())
    return max(0, round(max(waits) + 0.5)) if max(waits) > 0 else 0


def _duration(seconds: int) -> str:
    return f"{seconds} seconds" if seconds < 120 else f"{round(seconds / 60)} minutes"
