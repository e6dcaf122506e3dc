"""The directory of logins: key/value pairs in one or several Secrets Manager secrets, read as one.

A value is an argon2id hash or, because operators type them by hand, plain text. The first secret that names a user counts.

boto3 and argon2 are imported by the first who signs in (0.4 s, in a thread), not at the start, which they would make half
as long again.
"""

import asyncio
import hmac
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request

from api.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argon2 import PasswordHasher

CACHE_SECONDS = 60
SHORTEST_PASSWORD = 10
SECRET_BYTES = 65_536
"""What one secret holds at most (AWS Secrets Manager quota for a secret value)."""


class LoginDirectory:
    """Reads, verifies and changes logins. Blocking calls run in threads."""

    def __init__(self, secrets: list[str], region: str) -> None:
        self._secrets = secrets
        self._region = region
        self._cache: tuple[float, dict[str, str]] | None = None
        self._lock = asyncio.Lock()

    @cached_property
    def _client(self) -> Any:
        import boto3
        from botocore.config import Config

        config = Config(connect_timeout=3, read_timeout=5, retries={"max_attempts": 2})
        return boto3.client("secretsmanager", region_name=self._region, config=config)

    @cached_property
    def _hasher(self) -> "PasswordHasher":
        from argon2 import PasswordHasher

        return PasswordHasher()

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash("nobody has this password")

    async def verify(self, username: str, password: str) -> bool:
        """Whether the password is the user's. Takes as long for a name that is not there."""
        logins = await self._read()
        right = await asyncio.to_thread(self._fits, logins.get(username), password)
        return right and username in logins

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
            with _away_is_a_problem():
                self._client.put_secret_value(SecretId=secret, SecretString=json.dumps(directory[secret]))

    async def _read(self, *, fresh: bool = False) -> dict[str, str]:
        async with self._lock:
            if fresh or self._cache is None or time.monotonic() - self._cache[0] > CACHE_SECONDS:
                merged: dict[str, str] = {}
                for secret in self._secrets:
                    merged = await asyncio.to_thread(self._read_one, secret) | merged
                self._cache = (time.monotonic(), merged)
            return self._cache[1]

    def _read_one(self, secret: str) -> dict[str, str]:
        with _away_is_a_problem():
            text = self._client.get_secret_value(SecretId=secret)["SecretString"]
        logins = json.loads(text)
        return {str(name): str(value) for name, value in logins.items()}


@contextmanager
def _away_is_a_problem() -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        code = (
            error.response.get("Error", {}).get("Code", "") if isinstance(error, ClientError) else type(error).__name__
        )
        raise Problem(
            503,
            f"The directory of logins does not answer ({code}). Try again in a moment.",
            headers={"Retry-After": "5"},
        ) from error


async def directory_of(request: Request) -> LoginDirectory:
    """The directory of logins of this process."""
    directory: LoginDirectory = request.app.state.logins
    return directory


Logins = Annotated[LoginDirectory, Depends(directory_of)]
