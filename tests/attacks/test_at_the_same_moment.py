"""Whoever signs in, makes a token or changes a login at the moment at which somebody shuts them out is shut out, too.

Each test holds the moment: a transaction, or a lock, that the API waits for shows that the request is under way.
"""

import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pyotp
import pytest
import requests

from tests.installation import Client, Installation, make_login

OWN, OTHER = "a password of their own", "violet tractor under glass"
Edit = Callable[[dict[str, Any]], None]
END_SESSIONS = "DELETE FROM control.sessions WHERE user_id = (SELECT id FROM control.users WHERE username = %s)"


@pytest.fixture
def kim(installation: Installation) -> str:
    name = f"kim-{secrets.token_hex(4)}"
    make_login(installation.as_user("root"), name)
    return name


def session(installation: Installation, username: str) -> Client:
    client = Client(installation.api_url, installation.service_token)
    client.headers["Authorization"] = f"Bearer {installation.new_token(username, OWN)}"
    return client


def sign_in(installation: Installation, username: str) -> requests.Response:
    credentials = {"username": username, "password": OWN, "address": "192.0.2.1"}
    return installation.service.post("/sessions", json=credentials)


def sessions_of(installation: Installation, username: str) -> int:
    [[number]] = installation.psql(
        "SELECT count(*) FROM control.sessions s JOIN control.users u ON u.id = s.user_id WHERE u.username = %s",
        username,
    )
    return int(number)


def has_come(
    installation: Installation, request: "Future[requests.Response]", holding: psycopg.Connection[Any]
) -> None:
    """Waits until the request is answered, or waits for what this connection holds."""
    waits = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE %s = ANY (pg_blocking_pids(pid)))"
    while not request.done() and installation.psql(waits, holding.info.backend_pid) != [(True,)]:
        pass


@contextmanager
def shut_out(installation: Installation, username: str) -> Iterator[psycopg.Connection[Any]]:
    """The last transaction of a reset, or of a changed password, before it is committed."""
    with psycopg.connect(installation.dsn()) as connection:
        connection.execute("SET ROLE chemowner")
        connection.execute("UPDATE control.login_directory SET version = version + 1")
        connection.execute(END_SESSIONS, (username,))
        yield connection


def test_no_session_begins_with_a_password_that_is_changed_at_that_moment(
    installation: Installation, kim: str, edit_secret: Edit
) -> None:
    with ThreadPoolExecutor(1) as other, shut_out(installation, kim) as reset:
        request = other.submit(sign_in, installation, kim)
        has_come(installation, request, reset)
        edit_secret({kim: OTHER})
        reset.commit()
        assert request.result().status_code == 401
    assert sessions_of(installation, kim) == 0


def test_no_token_is_made_in_a_session_that_ends_at_that_moment(installation: Installation, kim: str) -> None:
    root, client = installation.as_user("root"), session(installation, kim)
    added = root.post("/labs/curie/members", json={"usernames": [kim], "role": "viewer"})
    assert added.status_code < 300, added.text
    wanted = {"name": "Late", "access": "read", "labs": ["curie"]}
    with ThreadPoolExecutor(1) as other, shut_out(installation, kim) as reset:
        request = other.submit(client.post, "/tokens", json=wanted)
        has_come(installation, request, reset)
        reset.commit()
        assert request.result().status_code == 401
    assert sessions_of(installation, kim) == 0


def password(client: Client) -> requests.Response:
    return client.put("/sessions/current/password", json={"current_password": OWN, "new_password": OTHER})


def factor(client: Client) -> requests.Response:
    key = client.post("/sessions/current/second-factor/keys", json={}).json()["key"]
    body = {"password": OWN, "key": key, "code": pyotp.TOTP(key).now()}
    return client.put("/sessions/current/second-factor", json=body)


@pytest.mark.parametrize("change", [password, factor])
def test_who_was_shut_out_changes_no_login_any_more(
    installation: Installation, kim: str, change: Callable[[Client], requests.Response]
) -> None:
    """A thief with session and password who is shut out while their change waits for its turn."""
    client = session(installation, kim)
    with ThreadPoolExecutor(1) as other, psycopg.connect(installation.dsn(), autocommit=True) as turn:
        turn.execute("SELECT pg_advisory_lock(hashtext('logins'))")
        request = other.submit(change, client)
        has_come(installation, request, turn)
        turn.execute("SET ROLE chemowner")
        turn.execute(END_SESSIONS, (kim,))
        turn.execute("SELECT pg_advisory_unlock(hashtext('logins'))")
        assert request.result().status_code == 401
    assert sign_in(installation, kim).status_code == 201, "the login is as it was"
