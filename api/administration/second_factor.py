"""The second factor of one's own login: a code of an authenticator app, or a recovery code, asked for beside the password."""

from datetime import UTC, datetime
from typing import Any

from fastapi import Request
from pydantic import Field

from api.administration import codes
from api.administration.sessions import COUNT_CHANGE, END_OTHER_SESSIONS, NOTE_CODE, check_own_password, user_of
from api.administration.signing_in import Browser, NewSession, begin_by_password, place_of
from api.administration.tries import COUNT_REFUSAL, FORGET_TRIES, NOTE_REFUSAL, note_try
from api.core.database import Data, Database, Statement
from api.core.fields import Model
from api.core.login_directory import Logins, Reading, after_writing
from api.core.problems import Problem
from api.core.refusals import Meaning
from api.core.routes import resource
from api.core.rows import one
from api.core.visit import FormerSession, SignedIn

router = resource("/sessions", "sessions")

MEANINGS = {
    "second_factor_is_given": Meaning(
        403, "A second factor is needed here: set it up on the page My account.", "second_factor"
    ),
}

LONGEST_CODE = 40


class SecondStep(Browser):
    """The code of a user whose password was right, with the ticket that the first step answered."""

    ticket: str = Field(max_length=200, examples=["1790000000.0"])
    code: str = Field(min_length=1, max_length=LONGEST_CODE, examples=["123456"])


class KeyWanted(Model):
    """The key that was offered before, where the phone has it already."""

    key: str = Field(default="", pattern=r"^([A-Z2-7]{32})?$", examples=[""])


class NewKey(Model):
    """A key for an authenticator app. Nothing is stored until a code of it comes back."""

    key: str = Field(description="Base32, for those who type it")
    address: str = Field(description="otpauth://…, for those who open ChemTrack on the phone itself")
    qr_code: list[str] = Field(description="the address as a QR code: a row of 0 and 1 for each line of modules")


class SecondFactor(Model):
    """Whether the user has a second factor."""

    is_on: bool
    recovery_codes: int = Field(description="how many are left")
    is_needed: bool = Field(description="by the settings: all users, or the user is an administrator, need one here")


class NewFactor(Model):
    """The key that was offered, a code of it, which shows that the app has the key, and the user's password."""

    password: str = Field(min_length=1, max_length=200, examples=["chemtrack-demo"])
    key: str = Field(pattern=r"^[A-Z2-7]{32}$", examples=["JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"])
    code: str = Field(min_length=1, max_length=LONGEST_CODE, examples=["123456"])
    address: str = Field(default="", max_length=64, examples=["192.0.2.7"])


class FactorOff(Model):
    """The user's password, and a code of the second factor that is to end."""

    password: str = Field(min_length=1, max_length=200, examples=["chemtrack-demo"])
    code: str = Field(min_length=1, max_length=LONGEST_CODE, examples=["123456"])
    address: str = Field(default="", max_length=64, examples=["192.0.2.7"])


class RecoveryCodes(Model):
    """Codes that each open the second step once, for a lost phone. Shown only in this answer."""

    recovery_codes: list[str]


FIND_VERSION = "SELECT version FROM control.login_directory"
FIND_FACTOR = "SELECT cardinality(recovery_codes) AS recovery_codes FROM control.second_factors WHERE user_id = %s"
USE_CODE = "SELECT control.use_code(%s, %s) AS used"
USE_RECOVERY_CODE = "SELECT control.use_recovery_code(%s, %s) AS used"
SET_FACTOR = "SELECT control.set_second_factor(%s, %s, %s)"
REMOVE_FACTOR = "DELETE FROM control.second_factors WHERE user_id = %s"
WRONG = "This code is wrong, or its time is over."
USED = "This code was used already: wait for the next one."
START_AGAIN = "The five minutes for the code are over, or the login has changed. Sign in again."
SET_UNSURE = "Nobody knows whether the second factor is on. Load this page again: it says."
SET_HALF = "The second factor is on, but its recovery codes are lost: turn it off and on again for new ones."
OFF_HALF = "The second factor is off. Load this page again."


@router.post("/second", status_code=201, response_model=NewSession)
async def give_code(step: SecondStep, former: FormerSession, data: Data, logins: Logins, request: Request) -> Any:
    """Signs in with the code, after POST /sessions has found the password right. 401 at /code for a wrong code, at /ticket where the
    password has to be typed again; 429 with Retry-After after too many wrong codes."""
    username = step.username.strip().lower()
    version = one((await data.control({"directory": (FIND_VERSION, ())}))["directory"])["version"]
    # Strangers have no ticket: they neither count as wrong codes nor make the API ask Secrets Manager.
    _check_ticket(step, username, await logins.read_lately(version))
    reading = await logins.read(version)
    _check_ticket(step, username, reading)
    await _spend(data, username, reading.keys[username], step.code, place_of(step), step.address, 401)
    return await begin_by_password(step, former, data, reading, request, by_code=True)


@router.get("/current/second-factor", response_model=SecondFactor)
async def find_second_factor(visit: SignedIn, data: Data, logins: Logins, request: Request) -> Any:
    """Whether the user has a second factor, and has to have one."""
    who = await user_of(visit, data)
    kept = (await data.control({"factor": (FIND_FACTOR, (who["id"],))}))["factor"]
    is_on = who["username"] in (await logins.read()).keys
    return {
        "is_on": is_on,
        "recovery_codes": kept[0]["recovery_codes"] if kept and is_on else 0,
        "is_needed": request.app.state.settings.needs_second_factor(who["administrator"]),
    }


@router.post("/current/second-factor/keys", response_model=NewKey)
async def offer_key(wanted: KeyWanted, visit: SignedIn, data: Data) -> Any:
    """A random key for an authenticator app, as text and as a QR code; or the same of a key that was offered before. Stores nothing."""
    from api.labels.codes import qr_rows  # zxing-cpp, which only labels need otherwise

    key = wanted.key or codes.new_key()
    address = codes.address_of(key, (await user_of(visit, data))["username"])
    rows = ["".join("1" if dark else "0" for dark in row) for row in qr_rows(address)]
    return {"key": key, "address": address, "qr_code": rows}


@router.put("/current/second-factor", response_model=RecoveryCodes)
async def set_second_factor(wanted: NewFactor, visit: SignedIn, data: Data, logins: Logins) -> Any:
    """Sets a second factor up, ends the user's other sessions and answers the recovery codes. Wrong passwords count as failed sign-ins do."""
    who, place = await check_own_password(wanted.password, visit, data, logins, "/password", wanted.address)
    forgotten: Statement = (FORGET_TRIES, (who["username"], place))
    step = codes.step_of(wanted.key, codes.bare(wanted.code), datetime.now(UTC))
    if step is None:
        await data.control({"forgotten": forgotten}, visit)
        raise Problem(422, WRONG, {"/code": WRONG})
    recovery = codes.new_recovery_codes()
    kept = [codes.recovery_hash(code) for code in recovery]
    async with data.one_at_a_time("logins"):
        await user_of(visit, data)  # an administrator may have ended this session meanwhile
        if who["username"] in (await logins.read()).keys:
            raise Problem(409, "You have a second factor already: turn it off first.")
        await logins.write_key(who["username"], wanted.key, unsure=SET_UNSURE)
        statements: dict[str, Statement] = {
            "counted": (COUNT_CHANGE, ()),
            "forgotten": forgotten,
            "set": (SET_FACTOR, (who["id"], step, kept)),
            "strong": (NOTE_CODE, (visit.session, True)),
            "ended": (END_OTHER_SESSIONS, (who["id"], visit.session)),
        }
        with after_writing(SET_HALF):
            await data.control(statements, visit)
    return {"recovery_codes": recovery}


@router.post("/current/second-factor/off", status_code=204)
async def turn_off(wanted: FactorOff, visit: SignedIn, data: Data, logins: Logins) -> None:
    """Ends the second factor: from the next sign-in on, the password suffices. Wrong passwords and codes count as at a sign-in."""
    who, place = await check_own_password(wanted.password, visit, data, logins, "/password", wanted.address)
    async with data.one_at_a_time("logins"):
        await user_of(visit, data)
        key = (await logins.read()).keys.get(who["username"])
        if key is None:
            raise Problem(409, "You have no second factor.")
        await _spend(data, who["username"], key, wanted.code, place, wanted.address, 422)
        await logins.write_key(who["username"], None, unsure=SET_UNSURE)
        statements: dict[str, Statement] = {
            "counted": (COUNT_CHANGE, ()),
            "forgotten": (FORGET_TRIES, (who["username"], place)),
            "removed": (REMOVE_FACTOR, (who["id"],)),
            "weak": (NOTE_CODE, (visit.session, False)),
            "ended": (END_OTHER_SESSIONS, (who["id"], visit.session)),
        }
        with after_writing(OFF_HALF):
            await data.control(statements, visit)


def _check_ticket(step: SecondStep, username: str, reading: Reading) -> None:
    password, key = reading.passwords.get(username), reading.keys.get(username)
    if not (password and key and codes.is_good(step.ticket, username, password, key, datetime.now(UTC))):
        raise Problem(401, START_AGAIN, {"/ticket": START_AGAIN})


async def _spend(data: Database, username: str, key: str, typed: str, place: str, address: str, status: int) -> None:
    """Uses up a code, so that nobody signs in with it again; raises a problem where it is wrong or was used.

    Wrong codes are counted apart from wrong passwords: strangers, who have no password, must not slow its owner's codes.
    """
    tries = (f"code:{username}", place if place.startswith(("device:", "session:")) else f"code:{place}")
    counted: Statement = (COUNT_REFUSAL, (username, address))
    await note_try(data, tries[0], tries[1], address, {"counted": counted}, told_of=username, what="codes")
    code = codes.bare(typed)
    step = codes.step_of(key, code, datetime.now(UTC))
    use: Statement = (
        (USE_CODE, (username, step)) if step else (USE_RECOVERY_CODE, (username, codes.recovery_hash(code)))
    )
    if not one((await data.control({"use": use}))["use"])["used"]:
        sentence = USED if step else WRONG
        noted: Statement = (NOTE_REFUSAL, (username, address, "code used before" if step else "wrong code"))
        await data.control({"counted": counted, "noted": noted})
        raise Problem(status, sentence, {"/code": sentence})
    await data.control({"forgotten": (FORGET_TRIES, tries)})
