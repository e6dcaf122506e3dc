"""Fixtures of the attacks, which have an installation of their own, most of them with two processes of the API, as on ECS."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from api.app import create_app
from tests.installation import Client, Installation, serving


@pytest.fixture(scope="module")
def other_process(installation: Installation) -> Iterator[Client]:
    """A second API on the same database and the same secret, with pools and caches of its own."""
    with serving(create_app(installation.settings(password_minutes=24 * 60))) as url:
        yield Client(url, installation.service_token)


@pytest.fixture
def edit_secret(installation: Installation) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Changes entries of the secret of logins as an operator does by hand (REMOVED removes one); puts the secret back afterwards."""
    manager = boto3.client("secretsmanager")
    before = manager.get_secret_value(SecretId=installation.login_secret)["SecretString"]

    def edit(changes: dict[str, Any]) -> None:
        logins = json.loads(manager.get_secret_value(SecretId=installation.login_secret)["SecretString"]) | changes
        kept = {name: value for name, value in logins.items() if name not in changes or value is not REMOVED}
        manager.put_secret_value(SecretId=installation.login_secret, SecretString=json.dumps(kept))

    yield edit
    manager.put_secret_value(SecretId=installation.login_secret, SecretString=before)


class _Removed:
    """Stands for an entry that is removed. None would not do, because it is JSON's null, which an operator may also type."""


REMOVED = _Removed()
