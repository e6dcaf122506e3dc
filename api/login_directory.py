"""The directory of logins: key/value pairs in one or several Secrets Manager secrets, read as one.

A value is an argon2id hash or, because operators type them by hand, plain text. The first secret that names a user counts.
"""

import asyncio
import hmac
import json
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any

import boto3
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from fastapi import Depends, Request

from api.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

CACHE_SECONDS = 60
SHORTEST_PASSWORD = 10
SECRET_BYTES = 65_536
"""What one secret holds at most (AWS Secrets Manager quota for a secret value)."""


class LoginDirectory:
    """Reads, verifies and changes logins. Blocking calls run in threads."""

    def __init__(self, secrets: list[str]) -> None:
        self._secrets = secrets
        config = Config(connect_timeout=3, read_timeout=5, retries={"max_attempts": 2})
        self._client: Any = boto3.client("secretsmanager", config=config)
        self._hasher = PasswordHasher()
        self._nobody = self._hasher.hash("nobody has this password")
        self._cache: tuple[float, dict[str, str]] | None = None
        self._lock = asyncio.Lock()

    async def verify(self, username: str, password: str) -> bool:
        """Whether the password is the user's. Takes as long for a name that is not there."""
        logins = await self._read()
        stored = logins.get(username, self._nobody)
        right = await asyncio.to_thread(self._fits, stored, password)
        return right and username in logins

    def _fits(self, stored: str, password: str) -> bool:
        if stored.startswith("$argon2"):
            try:
                return self._hasher.verify(stored, password)
            except (VerificationError, InvalidHashError):
                return False
        with suppress(VerificationError):
            # As much work as for a hash, so that the time does not tell which it is.
            self._hasher.verify(self._nobody, password)
        return hmac.compare_digest(stored.encode(), password.encode())

    async def usernames(self) -> list[str]:
        """All logins' names, sorted; read anew."""
        return sorted(await self._read(fresh=True))

    async def change(self, changes: "Mapping[str, str | None]") -> None:
        """Sets passwords (stored as argon2id), or removes logins where the value is None: all in one write a secret.

        The caller holds the advisory lock that lets one change happen at a time. New names go into the last secret that
        has room. Raises Problem 409 when none has.
        """
        hashed = {
            name: await asyncio.to_thread(self._hasher.hash, new) if new else None for name, new in changes.items()
        }
        async with self._lock:
            await asyncio.to_thread(self._change, hashed)
            self._cache = None

    def _change(self, changes: dict[str, str | None]) -> None:
        directory = {secret: self._read_one(secret) for secret in self._secrets}
        touched = set()
        for name, value in changes.items():
            homes = [secret for secret in self._secrets if name in directory[secret]]
            if value is None:
                for secret in homes:
                    del directory[secret][name]
                    touched.add(secret)
                continue
            for secret in homes or reversed(self._secrets):
                trial = directory[secret] | {name: value}
                if len(json.dumps(trial).encode()) <= SECRET_BYTES:
                    directory[secret] = trial
                    touched.add(secret)
                    break
            else:
                raise Problem(
                    409, "The secret of logins is full. A DBA must add another one (CHEMTRACK_LOGIN_SECRETS)."
                )
        for secret in sorted(touched):
            try:
                self._client.put_secret_value(SecretId=secret, SecretString=json.dumps(directory[secret]))
            except (BotoCoreError, ClientError) as error:
                raise _away(error) from error

    async def _read(self, *, fresh: bool = False) -> dict[str, str]:
        async with self._lock:
            if fresh or self._cache is None or time.monotonic() - self._cache[0] > CACHE_SECONDS:
                merged: dict[str, str] = {}
                for secret in self._secrets:
                    merged = await asyncio.to_thread(self._read_one, secret) | merged
                self._cache = (time.monotonic(), merged)
            return self._cache[1]

    def _read_one(self, secret: str) -> dict[str, str]:
        try:
            text = self._client.get_secret_value(SecretId=secret)["SecretString"]
        except (BotoCoreError, ClientError) as error:
            raise _away(error) from error
        logins = json.loads(text)
        return {str(name): str(value) for name, value in logins.items()}


def _away(error: Exception) -> Problem:
    code = error.response.get("Error", {}).get("Code", "") if isinstance(error, ClientError) else type(error).__name__
    return Problem(
        503, f"The directory of logins does not answer ({code}). Try again in a moment.", headers={"Retry-After": "5"}
    )


async def directory_of(request: Request) -> LoginDirectory:
    """The directory of logins of this process."""
    directory: LoginDirectory = request.app.state.logins
    return directory


Logins = Annotated[LoginDirectory, Depends(directory_of)]
