"""Logins, for administrators: who can sign in. Passwords are in Secrets Manager, users in the database."""

import secrets
import string
from typing import Annotated, Any

from pydantic import Field

from api.access import SignedIn
from api.database import Data
from api.fields import Line, Model
from api.login_directory import SHORTEST_PASSWORD, Logins
from api.problems import Problem, not_found
from api.routes import resource

router = resource("/logins", "administration")

Username = Annotated[str, Field(max_length=64)]
LETTERS = "".join(set(string.ascii_letters + string.digits) - set("0O1lI"))
MOST_AT_ONCE = 200


class LabRole(Model):
    """A lab that a user belongs to."""

    slug: str
    name: str
    role: str


class Login(Model):
    """Somebody who can sign in."""

    username: str
    name: str
    administrator: bool
    labs: list[LabRole]


class LoginList(Model):
    """All logins by name."""

    items: list[Login]


class LoginIn(Model):
    """A new login. Without a password one is made and shown once."""

    username: Username
    name: Annotated[Line, Field(max_length=80)] = ""
    password: Annotated[str, Field(max_length=200)] = ""


class LoginsIn(Model):
    """Several logins at once, all or none: one write of the secret."""

    logins: list[LoginIn] = Field(
        min_length=1, max_length=MOST_AT_ONCE, examples=[[{"username": "dora", "name": "Dora Weiss"}]]
    )


class MadeLogin(Model):
    """A login with the password that was made for it, shown this once; null where it was given."""

    username: str
    password: str | None


class MadeLogins(Model):
    """What was made."""

    items: list[MadeLogin]


class PasswordIn(Model):
    """The new password; empty: one is made."""

    password: Annotated[str, Field(max_length=200, examples=[""])] = ""


class LoginChange(Model):
    """What is to be changed: the fields that are given."""

    name: Annotated[Line, Field(min_length=1, max_length=80)] | None = None
    administrator: bool | None = Field(default=None, examples=[True])


LIST_USERS = """
SELECT u.username, u.name, EXISTS (SELECT FROM control.administrators a WHERE a.user_id = u.id) AS administrator,
       coalesce((SELECT jsonb_agg(jsonb_build_object('slug', l.slug, 'name', l.name, 'role', m.role) ORDER BY l.name)
          FROM control.members m JOIN control.labs l ON l.id = m.lab_id AND l.archived_at IS NULL
         WHERE m.user_id = u.id AND m.ended_at IS NULL), '[]') AS labs
  FROM control.users u WHERE u.retired_at IS NULL"""
ADD_USERS = """
INSERT INTO control.users (username, name)
SELECT n.username, n.name FROM unnest(%s::text[], %s::text[]) AS n (username, name)
ON CONFLICT (username) WHERE retired_at IS NULL DO UPDATE SET name = excluded.name"""
ADD_USER = """
INSERT INTO control.users (username, name) VALUES (%s, %s) ON CONFLICT (username) WHERE retired_at IS NULL DO NOTHING"""
CHANGE_NAME = (
    "UPDATE control.users SET name = coalesce(%s, name) WHERE username = %s AND retired_at IS NULL RETURNING id"
)
ADD_ADMINISTRATOR = """
INSERT INTO control.administrators (user_id) SELECT id FROM control.users
 WHERE %s AND username = %s AND retired_at IS NULL ON CONFLICT DO NOTHING"""
REMOVE_ADMINISTRATOR = """
DELETE FROM control.administrators WHERE %s AND user_id = (SELECT id FROM control.users WHERE username = %s AND retired_at IS NULL)"""
WHO = "SELECT u.username FROM control.sessions s JOIN control.users u ON u.id = s.user_id WHERE s.token_hash = sha256(decode(%s, 'hex'))"
RETIRE_USER = """
WITH retired AS (UPDATE control.users SET retired_at = now() WHERE username = %s AND retired_at IS NULL RETURNING id),
     ended AS (UPDATE control.members SET ended_at = now() WHERE ended_at IS NULL AND user_id IN (SELECT id FROM retired)),
     stopped AS (DELETE FROM control.administrators WHERE user_id IN (SELECT id FROM retired))
DELETE FROM control.sessions WHERE user_id IN (SELECT id FROM retired)"""
END_SESSIONS = "DELETE FROM control.sessions WHERE user_id IN (SELECT id FROM control.users WHERE username = %s AND retired_at IS NULL)"


@router.get("", response_model=LoginList)
async def list_logins(visit: SignedIn, data: Data, logins: Logins) -> Any:
    """Everybody who can sign in, with their labs."""
    [users] = await data.administer(visit, (LIST_USERS, ()))
    known = {user["username"]: user for user in users}
    nobody = {"administrator": False, "labs": []}
    return {"items": [known.get(name, {"username": name, "name": name, **nobody}) for name in await logins.usernames()]}


@router.post("", status_code=201, response_model=MadeLogins)
async def add_logins(wanted: LoginsIn, visit: SignedIn, data: Data, logins: Logins) -> Any:
    """Makes logins, all or none."""
    await data.administer(visit)
    names = [login.username.strip().lower() for login in wanted.logins]
    async with data.one_at_a_time("logins"):
        taken = set(await logins.usernames())
        errors = {}
        for index, (name, login) in enumerate(zip(names, wanted.logins, strict=True)):
            if sentence := _wrong_username(name) or (name in taken and "There is a login of this name already."):
                errors[f"/logins/{index}/username"] = sentence
            elif name in names[:index]:
                errors[f"/logins/{index}/username"] = "This name is twice in the list."
            if login.password and (sentence := _wrong_password(login.password)):
                errors[f"/logins/{index}/password"] = sentence
        if errors:
            count = len(errors)
            raise Problem(422, next(iter(errors.values())) if count == 1 else f"{count} fields need a look.", errors)
        passwords = {name: login.password or _new_password() for name, login in zip(names, wanted.logins, strict=True)}
        shown = [login.name.strip() or name for name, login in zip(names, wanted.logins, strict=True)]
        await data.administer(visit, (ADD_USERS, (names, shown)))
        await logins.change(passwords)
    given = {name for name, login in zip(names, wanted.logins, strict=True) if login.password}
    return {"items": [{"username": name, "password": None if name in given else passwords[name]} for name in names]}


@router.patch("/{username}", status_code=204)
async def change_login(username: str, change: LoginChange, visit: SignedIn, data: Data, logins: Logins) -> None:
    """Changes the name that is shown, or makes somebody an administrator or none. Nobody stops being one by themselves."""
    await _check_there(username, visit, data, logins)
    [who] = await data.administer(visit, (WHO, (visit.session,)))
    if change.administrator is False and who[0]["username"] == username:
        sentence = "Another administrator must do this, so that one always remains."
        raise Problem(409, sentence, {"/administrator": sentence})
    await data.administer(
        visit,
        (ADD_USER, (username, username)),
        (CHANGE_NAME, (change.name, username)),
        (ADD_ADMINISTRATOR, (change.administrator is True, username)),
        (REMOVE_ADMINISTRATOR, (change.administrator is False, username)),
    )


@router.put("/{username}/password", response_model=MadeLogin)
async def reset_password(username: str, new: PasswordIn, visit: SignedIn, data: Data, logins: Logins) -> Any:
    """Gives a login another password and ends the sessions that it has."""
    await _check_there(username, visit, data, logins)
    if new.password and (sentence := _wrong_password(new.password)):
        raise Problem(422, sentence, {"/password": sentence})
    password = new.password or _new_password()
    async with data.one_at_a_time("logins"):
        await logins.change({username: password})
    await data.administer(visit, (END_SESSIONS, (username,)))
    return {"username": username, "password": None if new.password else password}


@router.delete("/{username}", status_code=204)
async def remove_login(username: str, visit: SignedIn, data: Data, logins: Logins) -> None:
    """Removes a login and ends the user's memberships and sessions. The same name made anew is a new user."""
    await _check_there(username, visit, data, logins)
    [who] = await data.administer(visit, (WHO, (visit.session,)))
    if who[0]["username"] == username:
        raise Problem(409, "Another administrator must do this, so that one always remains.")
    async with data.one_at_a_time("logins"):
        await logins.change({username: None})
    await data.administer(visit, (RETIRE_USER, (username,)))


async def _check_there(username: str, visit: SignedIn, data: Data, logins: Logins) -> None:
    await data.administer(visit)
    if username not in await logins.usernames():
        raise not_found()


def _wrong_username(name: str) -> str:
    letters = set(string.ascii_lowercase + string.digits)
    if not name or len(name) > 64 or name[0] not in letters or not set(name) <= letters | set("._@-"):
        return "Write small letters, digits and . _ @ - only, a letter or digit first, at most 64."
    return ""


def _wrong_password(password: str) -> str:
    return "" if len(password) >= SHORTEST_PASSWORD else f"Use at least {SHORTEST_PASSWORD} characters."


def _new_password() -> str:
    """Four groups of four letters and digits that are not mistaken for each other: 92 bits."""
    letters = sorted(LETTERS)
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
