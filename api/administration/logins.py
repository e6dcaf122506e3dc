"""Logins, for administrators: who can sign in. Passwords are in Secrets Manager, users in the database."""

import string
from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field

from api.administration.passwords import new_password
from api.core.database import Data, Statement
from api.core.fields import Line, Model, Version, VersionIn
from api.core.login_directory import Logins, after_writing
from api.core.problems import Problem, not_found
from api.core.refusals import Meaning
from api.core.routes import resource
from api.core.rows import one
from api.core.visit import SignedIn

router = resource("/logins", "administration")

MEANINGS = {
    "users_username_is_plain": Meaning(422, "Write small letters, digits and . _ @ - only, at most 64.", "username"),
    "users_username_is_taken": Meaning(409, "There is a login of this name already.", "username"),
    "administrators_one_remains": Meaning(
        409, "No administrator would remain. Make somebody else an administrator first.", "administrator"
    ),
}

Username = Annotated[str, Field(max_length=64)]
MOST_AT_ONCE = 200
MADE_PASSWORD_IS_GOOD_FOR = timedelta(hours=72)


class LabRole(Model):
    """A lab that a user belongs to."""

    slug: str
    name: str
    role: str


class Login(Model):
    """Somebody who can sign in."""

    username: str
    version: Version
    name: str
    administrator: bool
    second_factor: bool = Field(description="a code is asked for beside the password")
    labs: list[LabRole]


class LoginList(Model):
    """All logins by name."""

    items: list[Login]


class LoginIn(Model):
    """A new login. The API makes its password and shows it once: no administrator chooses one for somebody else."""

    username: Username
    name: Annotated[Line, Field(max_length=80)] = ""


class LoginsIn(Model):
    """Several new logins: all of them, or none when one is refused, because the secret is written once for all."""

    logins: list[LoginIn] = Field(
        min_length=1, max_length=MOST_AT_ONCE, examples=[[{"username": "dora", "name": "Dora Weiss"}]]
    )


class MadeLogin(Model):
    """A new login. `password` is the one that the API made, shown only in this answer."""

    username: str
    password: str


class MadeLogins(Model):
    """The logins that were made."""

    items: list[MadeLogin]


class PasswordReset(Model):
    """The version of the login that is to get another password, which the API makes."""

    version: VersionIn = Field(default=None, examples=[None])


class LoginChange(Model):
    """A change of a login: fields that are left out stay as they are."""

    name: Annotated[Line, Field(min_length=1, max_length=80)] | None = None
    administrator: bool | None = Field(default=None, examples=[True])
    version: VersionIn = None


IS_ADMINISTRATOR = "EXISTS (SELECT FROM control.administrators a WHERE a.user_id = u.id)"
# The version of a login. Other resources use the row's xmin; here each sign-in changes that, and another table has the administrators.
VERSION = f"md5(row(u.name, {IS_ADMINISTRATOR}, u.made_password_until)::text)"
LIST_LOGINS = f"""
SELECT n.username, coalesce(u.name, n.username) AS name, {IS_ADMINISTRATOR} AS administrator, {VERSION} AS version,
       coalesce((SELECT jsonb_agg(jsonb_build_object('slug', l.slug, 'name', l.name, 'role', m.role) ORDER BY l.name)
          FROM control.members m JOIN control.labs l ON l.id = m.lab_id AND l.archived_at IS NULL
         WHERE m.user_id = u.id AND m.ended_at IS NULL), '[]') AS labs
  FROM unnest(%s::text[]) WITH ORDINALITY AS n (username, place)
  LEFT JOIN control.users u ON u.username = n.username AND u.retired_at IS NULL ORDER BY n.place"""
LOCK_USER = "SELECT FROM control.users WHERE username = %s AND retired_at IS NULL FOR UPDATE"
CHECK_VERSION = (
    f"SELECT control.is_unchanged({VERSION}, %s) FROM control.users u WHERE u.username = %s AND u.retired_at IS NULL"
)
FIND_VERSION = "SELECT version FROM control.login_directory"
COUNT_CHANGE = "UPDATE control.login_directory SET version = version + 1"
COMPARE_LOGINS = "SELECT control.compare_logins(%s, %s)"
RETIRE_NAMESAKES = """
SELECT control.retire_user(username) FROM control.users WHERE username = ANY (%s) AND retired_at IS NULL AND login_seen_at IS NOT NULL"""
ADD_USERS = """
INSERT INTO control.users (username, name, login_seen_at, made_password_until)
SELECT n.username, n.name, now(), now() + %(good_for)s
  FROM unnest(%(names)s::text[], %(shown)s::text[]) AS n (username, name)
ON CONFLICT (username) WHERE retired_at IS NULL
DO UPDATE SET name = excluded.name, login_seen_at = excluded.login_seen_at, made_password_until = excluded.made_password_until"""
ADD_USER = """
INSERT INTO control.users (username, name) VALUES (%s, %s) ON CONFLICT (username) WHERE retired_at IS NULL DO NOTHING"""
CHANGE_NAME = (
    "UPDATE control.users SET name = coalesce(%s, name) WHERE username = %s AND retired_at IS NULL RETURNING id"
)
ADD_ADMINISTRATOR = """
INSERT INTO control.administrators (user_id) SELECT id FROM control.users
 WHERE username = %s AND retired_at IS NULL ON CONFLICT DO NOTHING"""
REMOVE_ADMINISTRATOR = "SELECT control.remove_administrator(%s)"
WHO = "SELECT u.username FROM control.sessions s JOIN control.users u ON u.id = s.user_id WHERE s.token_hash = sha256(decode(%s, 'hex'))"
RETIRE_USER = "SELECT control.retire_user(%s)"
END_SESSIONS = "DELETE FROM control.sessions WHERE user_id IN (SELECT id FROM control.users WHERE username = %s AND retired_at IS NULL)"
NOTE_RENEWAL = "SELECT control.note_password(%s, %s, false, %s)"
RESET_FACTOR = "SELECT control.reset_second_factor(%s)"

MADE_UNSURE = (
    "Nobody knows whether these logins were made. Look at the list of logins: reset the password of those that are there, "
    "make the others again."
)
RESET_UNSURE = "Nobody knows whether the password was changed. Reset it again."
FACTOR_UNSURE = "Nobody knows whether the second factor is gone. Load the list of logins: it says."
FACTOR_HALF = "The second factor is gone, but the sessions of this login go on. Make a new password to end them."
REMOVE_UNSURE = "Nobody knows whether the login was removed. Remove it again; all its sessions have ended."
MADE_HALF = "The logins were made, but their passwords are lost. Open the list of logins and make a new password for each of them."
RESET_HALF = "The old password no longer opens anything, but the new one is lost. Make another."
REMOVE_HALF = (
    "The login was removed, and nobody can sign in with it. Open the list of logins: that also ends its memberships."
)


@router.get("", response_model=LoginList)
async def list_logins(visit: SignedIn, data: Data, logins: Logins) -> Any:
    """Everybody who can sign in, with their labs."""
    found = await data.administer(visit, {"directory": (FIND_VERSION, ())})
    reading = await logins.read(one(found["directory"])["version"])
    found = await data.administer(
        visit,
        {
            "compared": (COMPARE_LOGINS, (reading.usernames, reading.read_at)),
            "logins": (LIST_LOGINS, (reading.usernames,)),
        },
    )
    return {"items": [row | {"second_factor": row["username"] in reading.keys} for row in found["logins"]]}


@router.post("", status_code=201, response_model=MadeLogins)
async def add_logins(wanted: LoginsIn, visit: SignedIn, data: Data, logins: Logins) -> Any:
    """Makes logins: all, or none when one is refused. With the password that the API made, the owner can sign in once, within three
    days, and must then choose another."""
    await data.administer(visit, {"password": data.require_password(visit)})
    names = [login.username.strip().lower() for login in wanted.logins]
    _raise_faults(_faults(names, set((await logins.read()).usernames)))
    passwords = {name: new_password() for name in names}
    # Hash before taking the lock: two hundred hashes take longer than other administrators should have to wait for the lock.
    hashed = await logins.hash(passwords)
    shown = [login.name.strip() or name for name, login in zip(names, wanted.logins, strict=True)]
    async with data.one_at_a_time("logins"):
        # Check again under the lock: another administrator may have made some of these logins during the hashing.
        _raise_faults(_faults(names, set((await logins.read()).usernames)))
        # A login may have been removed from the secret by hand and its user be left in the database. Retire that user, so that
        # the new login of the same name does not inherit the old user's labs.
        await data.administer(visit, {"retired": (RETIRE_NAMESAKES, (names,))})
        await logins.write(hashed, unsure=MADE_UNSURE)
        users = {"names": names, "shown": shown, "good_for": MADE_PASSWORD_IS_GOOD_FOR}
        with after_writing(MADE_HALF):
            await data.administer(visit, {"counted": (COUNT_CHANGE, ()), "added": (ADD_USERS, users)})
    return {"items": [{"username": name, "password": password} for name, password in passwords.items()]}


@router.patch("/{username}", status_code=204)
async def change_login(username: str, change: LoginChange, visit: SignedIn, data: Data, logins: Logins) -> None:
    """Changes the name that is shown, or whether the user is an administrator. Administrators cannot take that role from themselves,
    so that one always remains."""
    await _check_there(username, visit, data, logins)
    if change.administrator is False and await _name_of(visit, data) == username:
        sentence = "Another administrator must do this, so that one always remains."
        raise Problem(409, sentence, {"/administrator": sentence})
    statements: dict[str, Statement] = {
        "locked": (LOCK_USER, (username,)),
        "unchanged": (CHECK_VERSION, (change.version, username)),
        "added": (ADD_USER, (username, username)),
        "named": (CHANGE_NAME, (change.name, username)),
    }
    if change.administrator is not None:
        statements["administers"] = (ADD_ADMINISTRATOR if change.administrator else REMOVE_ADMINISTRATOR, (username,))
    await data.administer(visit, statements)


@router.put("/{username}/password", response_model=MadeLogin)
async def reset_password(username: str, reset: PasswordReset, visit: SignedIn, data: Data, logins: Logins) -> Any:
    """Makes another password for a login and ends all its sessions."""
    await _check_there(username, visit, data, logins)
    password = new_password()
    hashed = await logins.hash({username: password})
    sessions = (END_SESSIONS, (username,))
    async with data.one_at_a_time("logins"):
        # End the sessions before and after the secret is written: somebody may sign in with the old password in between.
        await data.administer(visit, {"unchanged": (CHECK_VERSION, (reset.version, username)), "ended": sessions})
        await logins.write(hashed, unsure=RESET_UNSURE)
        statements: dict[str, Statement] = {
            "counted": (COUNT_CHANGE, ()),
            "ended": sessions,
            "added": (ADD_USER, (username, username)),
            "noted": (NOTE_RENEWAL, (visit.session, username, MADE_PASSWORD_IS_GOOD_FOR)),
        }
        with after_writing(RESET_HALF):
            await data.administer(visit, statements)
    return {"username": username, "password": password}


@router.delete("/{username}/second-factor", status_code=204)
async def reset_second_factor(username: str, visit: SignedIn, data: Data, logins: Logins) -> None:
    """Takes the second factor from a login whose owner lost the phone and the recovery codes, and ends all its sessions."""
    await _check_there(username, visit, data, logins)
    if await _name_of(visit, data) == username:
        raise Problem(409, "Your own you turn off on the page My account, with a code.")
    sessions = (END_SESSIONS, (username,))
    async with data.one_at_a_time("logins"):
        if username not in (await logins.read()).keys:
            raise Problem(409, "This login has no second factor.")
        await logins.write_key(username, None, unsure=FACTOR_UNSURE)
        statements: dict[str, Statement] = {
            "counted": (COUNT_CHANGE, ()),
            "ended": sessions,
            "reset": (RESET_FACTOR, (username,)),
        }
        with after_writing(FACTOR_HALF):
            await data.administer(visit, statements)


@router.delete("/{username}", status_code=204)
async def remove_login(username: str, visit: SignedIn, data: Data, logins: Logins) -> None:
    """Removes a login and ends the user's memberships and sessions. A login that is made later with the same name is a new user."""
    await _check_there(username, visit, data, logins)
    if await _name_of(visit, data) == username:
        raise Problem(409, "Another administrator must do this, so that one always remains.")
    async with data.one_at_a_time("logins"):
        await data.administer(
            visit, {"unmade": (REMOVE_ADMINISTRATOR, (username,)), "ended": (END_SESSIONS, (username,))}
        )
        await logins.write({username: None}, unsure=REMOVE_UNSURE)
        with after_writing(REMOVE_HALF):
            await data.administer(visit, {"counted": (COUNT_CHANGE, ()), "retired": (RETIRE_USER, (username,))})


async def _name_of(visit: SignedIn, data: Data) -> Any:
    """The user name of the administrator who asks."""
    found = await data.administer(visit, {"who": (WHO, (visit.session,))})
    return one(found["who"])["username"]


async def _check_there(username: str, visit: SignedIn, data: Data, logins: Logins) -> None:
    await data.administer(visit, {"password": data.require_password(visit)})
    if username not in (await logins.read()).usernames:
        raise not_found()


def _faults(names: list[str], taken: set[str]) -> dict[str, str]:
    """The faults of the list: a pointer to each wrong field → the sentence that says what is wrong."""
    faults = {}
    for index, name in enumerate(names):
        sentence = _wrong_username(name)
        if not sentence and name in taken:
            sentence = "There is a login of this name already. Where its password was lost, make a new one in the list of logins."
        elif not sentence and name in names[:index]:
            sentence = "This name is twice in the list."
        if sentence:
            faults[f"/logins/{index}/username"] = sentence
    return faults


def _raise_faults(faults: dict[str, str]) -> None:
    if faults:
        count = len(faults)
        raise Problem(422, next(iter(faults.values())) if count == 1 else f"{count} fields need a look.", faults)


def _wrong_username(name: str) -> str:
    letters = set(string.ascii_lowercase + string.digits)
    if not name or len(name) > 64 or name[0] not in letters or not set(name) <= letters | set("._@-"):
        return "Write small letters, digits and . _ @ - only, a letter or digit first, at most 64."
    return ""
