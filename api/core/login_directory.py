"""The directory of logins: key/value pairs in one or several Secrets Manager secrets, read as one.

A value is an argon2id hash or, because operators type values by hand, a password in plain text, which the user's first sign-in
replaces by its hash. A login with a second factor has {"password": …, "totp": …} instead, with the key of the user's authenticator app.
Any other value lets nobody in. If several secrets name the same user, the first of them counts.

boto3 and argon2 are imported at the first sign-in (0.4 s, in a thread), because they would make the start of the API half as
long again.
"""

import asyncio
import hmac
import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

import psycopg
from fastapi import Depends, Request

from api.core.problems import Problem

if TYPE_CHECKING:
    from argon2 import PasswordHasher

log = logging.getLogger("chemtrack.api")

KEY = re.compile(r"([A-Z2-7]{32,128})?")
Edit = Callable[[Any], Any]
"""What a secret holds for a user → what it shall hold."""
CACHED_FOR = timedelta(seconds=60)
BELIEVED_WHEN_WRONG = timedelta(seconds=2)
"""How old a reading may be that a password is compared with and found wrong. If it is older, the secrets are read again, because an
operator may have changed the password by hand."""
HASHES_AT_ONCE = 2
SECRET_BYTES = 65_536
"""The largest size of one secret (AWS Secrets Manager's quota for a secret value)."""


@dataclass(frozen=True)
class Reading:
    """The contents of all secrets at one moment: all user names, and user name → hash or plain text for those who can sign in.

    `version` is the database's count, at that moment, of the changes that ChemTrack itself made to the logins. `keys` are those of
    authenticator apps, by user name: who has one must give a code beside the password.
    """

    usernames: list[str]
    passwords: Mapping[str, str]
    keys: Mapping[str, str]
    version: int
    read_at: datetime


def _login(value: Any) -> tuple[str, str] | None:
    """Password and key of an authenticator app ("": none) of what a secret holds for a user; None: nobody signs in with it."""
    password, key = (value.get("password"), value.get("totp", "")) if isinstance(value, dict) else (value, "")
    # null, true and 7, turned into strings, would be passwords that are easy to guess
    if not (isinstance(password, str) and password and isinstance(key, str) and KEY.fullmatch(key)):
        return None
    return password, key


def _with_password(password: str) -> Edit:
    return lambda value: {**value, "password": password} if isinstance(value, dict) else password


def _with_key(key: str | None) -> Edit:
    def edited(value: Any) -> Any:
        password, _ = _login(value) or ("", "")
        return {"password": password, "totp": key} if key else password

    return edited


class LoginDirectory:
    """Reads, verifies and changes logins. Blocking calls run in threads."""

    def __init__(self, secrets: list[str], region: str) -> None:
        self._secrets = secrets
        self._region = region
        self._cache: Reading | None = None
        self._reading = asyncio.Lock()
        self._hashing = asyncio.Semaphore(HASHES_AT_ONCE)

    @cached_property
    def _client(self) -> Any:
        import boto3
        from botocore.config import Config

        config = Config(connect_timeout=3, read_timeout=5, retries={"max_attempts": 2})
        return boto3.client("secretsmanager", region_name=self._region, config=config)

    @cached_property
    def _hasher(self) -> "PasswordHasher":
        from argon2 import PasswordHasher

        # OWASP's minimum for argon2id (Password Storage Cheat Sheet): 19 MiB, two passes. Not more, because a task of the API has
        # half a CPU, and somebody who guesses passwords must not slow down the labs' requests.
        return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash("nobody has this password")

    async def verify(self, username: str, password: str, version: int) -> Reading | None:
        """A fresh reading of the secrets if the password is the user's, else None. Takes as long for a user name that does not exist.

        `version` is the database's present count of changes: a cached reading with an older count is not used. Where the password
        fits a cached entry, the secrets are read again, because an operator may have changed the password by hand.
        """
        known = await self.read_lately(version)
        stored = known.passwords.get(username)
        fits = await self._fit(stored, password)
        if not fits and datetime.now(UTC) - known.read_at < BELIEVED_WHEN_WRONG:
            return None
        now = await self.read(version)
        held = now.passwords.get(username)
        if held != stored:
            fits = await self._fit(held, password)
        return now if fits and held is not None else None

    async def _fit(self, stored: str | None, password: str) -> bool:
        async with self._hashing:
            return await asyncio.to_thread(self._fits, stored, password)

    def _fits(self, stored: str | None, password: str) -> bool:
        from argon2.exceptions import InvalidHashError, VerificationError

        if stored is None:
            stored = self._nobody
        if stored.startswith("$argon2"):
            try:
                return self._hasher.verify(stored, password)
            except (VerificationError, InvalidHashError):
                return False
        with suppress(VerificationError):
            # Do as much work as for a hash, so that the time taken does not tell whether the stored value is one.
            self._hasher.verify(self._nobody, password)
        return hmac.compare_digest(stored.encode(), password.encode())

    async def hash(self, passwords: Mapping[str, str]) -> dict[str, str]:
        """Passwords by user name → argon2id hashes by user name. At most two are hashed at once, so that other requests are answered."""

        async def hashed(password: str) -> str:
            async with self._hashing:
                return await asyncio.to_thread(self._hasher.hash, password)

        values = await asyncio.gather(*map(hashed, passwords.values()))
        return dict(zip(passwords, values, strict=True))

    def is_outdated(self, stored: str) -> bool:
        """Whether a stored value is plain text, or was hashed with other parameters than hashes are made with now."""
        return not stored.startswith("$argon2id$") or self._hasher.check_needs_rehash(stored)

    async def read(self, version: int = 0) -> Reading:
        """A reading of all secrets as they are now."""
        async with self._reading:
            return await self._read_now(version)

    async def write(
        self, changes: Mapping[str, str | None], *, unsure: str, instead_of: Mapping[str, str] | None = None
    ) -> None:
        """Stores a value for each user name, or removes the login where the value is None. Each secret is written at most once.
        With `instead_of`, a value is stored only where the secret still holds the one named there.

        The caller holds the lock that lets one change happen at a time. New names go into the last secret that has room.
        Raises Problem 409 when no secret has room, and 503 when Secrets Manager does not answer: the write may have happened
        nevertheless, and the sentence `unsure` tells the administrator what to do then.
        """
        edits = {name: None if value is None else _with_password(value) for name, value in changes.items()}
        await self._change(edits, unsure, instead_of)

    async def write_key(self, username: str, key: str | None, *, unsure: str) -> None:
        """Stores the key of the user's authenticator app beside their password, or takes it away."""
        await self._change({username: _with_key(key)}, unsure)

    async def _change(
        self, edits: Mapping[str, Edit | None], unsure: str, instead_of: Mapping[str, str] | None = None
    ) -> None:
        async with self._reading:
            self._cache = None
            await asyncio.to_thread(self._write, edits, unsure, instead_of)

    def _write(
        self, edits: Mapping[str, Edit | None], unsure: str, instead_of: Mapping[str, str] | None = None
    ) -> None:
        directory = {secret: self._read_one(secret) for secret in self._secrets}
        touched = set()
        for name, edit in edits.items():
            homes = [secret for secret in self._secrets if name in directory[secret]]
            if instead_of:  # if several secrets have the name, the first counts, as in reading
                homes = [
                    secret
                    for secret in homes[:1]
                    if (login := _login(directory[secret][name])) and login[0] == instead_of[name]
                ]
                if not homes:
                    continue
            if edit is None:
                for secret in homes:
                    del directory[secret][name]
                    touched.add(secret)
                continue
            for secret in homes or reversed(self._secrets):
                trial = directory[secret] | {name: edit(directory[secret].get(name))}
                if len(json.dumps(trial).encode()) <= SECRET_BYTES:
                    directory[secret] = trial
                    touched.add(secret)
                    break
            else:
                raise Problem(
                    409, "The secret of logins is full. A DBA must add another one (CHEMTRACK_LOGIN_SECRETS)."
                )
        for secret in sorted(touched):
            with _away_is_a_problem(unsure):
                self._client.put_secret_value(SecretId=secret, SecretString=json.dumps(directory[secret]))

    async def read_lately(self, version: int) -> Reading:
        """A reading of the last minute, if ChemTrack itself has changed no login since."""
        async with self._reading:
            known = self._cache
            if known and known.version >= version and datetime.now(UTC) - known.read_at < CACHED_FOR:
                return known
            return await self._read_now(version)

    async def _read_now(self, version: int) -> Reading:
        read_at = datetime.now(UTC)
        merged: dict[str, Any] = {}
        for secret in self._secrets:
            merged = await asyncio.to_thread(self._read_one, secret) | merged
        logins = {name: login for name, value in merged.items() if (login := _login(value))}
        passwords = {name: password for name, (password, _) in logins.items()}
        keys = {name: key for name, (_, key) in logins.items() if key}
        self._cache = Reading(sorted(merged), passwords, keys, version, read_at)
        return self._cache

    def read_text(self, secret: str) -> str:
        """The text of a secret as it is now. Blocks."""
        with _away_is_a_problem("Try again in a moment."):
            return str(self._client.get_secret_value(SecretId=secret).get("SecretString", ""))

    def _read_one(self, secret: str) -> dict[str, Any]:
        try:
            logins = json.loads(self.read_text(secret))
        except ValueError:
            logins = None
        if not isinstance(logins, dict):
            # Log no part of the secret.
            log.error("the secret of logins %s is no JSON object: nobody can sign in", secret)
            raise Problem(503, "The secret of logins cannot be read: it is not a JSON object. A DBA must mend it.")
        return logins


@contextmanager
def _away_is_a_problem(what_now: str) -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        code = (
            error.response.get("Error", {}).get("Code", "") if isinstance(error, ClientError) else type(error).__name__
        )
        log.error("the directory of logins does not answer: %s", code)
        raise Problem(
            503, f"The directory of logins does not answer ({code}). {what_now}", headers={"Retry-After": "5"}
        ) from error


@contextmanager
def after_writing(what_is_left: str) -> Iterator[None]:
    """Around what the database notes after the secret was written. Where it fails, its own answer, that nothing was changed, would be
    untrue: raises Problem 503 with a sentence that says what is left, and how to go on."""
    try:
        yield
    except (psycopg.Error, Problem) as error:
        log.error("the secret of logins was written, and the database did not follow: %s", type(error).__name__)
        raise Problem(503, what_is_left, headers={"Retry-After": "5"}) from error


async def directory_of(request: Request) -> LoginDirectory:
    """The directory of logins of this process."""
    directory: LoginDirectory = request.app.state.logins
    return directory


Logins = Annotated[LoginDirectory, Depends(directory_of)]
