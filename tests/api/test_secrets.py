"""No secret appears in an address or a log, and none can be guessed from the time that an answer takes."""

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from api.core.login_directory import LoginDirectory
from local import postgres
from tests.installation import PASSWORD, Installation
from tests.server import Server


def test_a_token_in_an_address_opens_nothing(installation: Installation) -> None:
    token = installation.new_token("ada")
    for query in ({"token": token}, {"access_token": token}, {"authorization": f"Bearer {token}"}):
        assert installation.service.get("/sessions/current", params=query).status_code == 401
        assert installation.service.get("/labs/curie/chemicals", params=query).status_code == 401
    assert installation.service.get("/sessions/current", cookies={"chemtrack": token}).status_code == 401


@pytest.fixture
def everything_logged(server: Server, installation: Installation) -> Iterator[Path]:
    """The server's log, while it writes down every statement with its values."""
    with psycopg.connect(server.dsn(postgres.SUPERUSER, installation.database), autocommit=True) as superuser:
        [[folder]] = superuser.execute("SHOW data_directory").fetchall()
        for setting in ("log_statement = 'all'", "log_parameter_max_length = -1", "log_error_verbosity = 'default'"):
            superuser.execute(f"ALTER SYSTEM SET {setting}".encode())
        superuser.execute("SELECT pg_reload_conf()")
        while installation.psql("SHOW log_statement") != [("all",)]:
            time.sleep(0.05)
        yield Path(folder) / "server.log"
        superuser.execute("ALTER SYSTEM RESET ALL")
        superuser.execute("SELECT pg_reload_conf()")


def test_what_the_database_logs_holds_no_token_and_no_password(
    installation: Installation, everything_logged: Path
) -> None:
    token = installation.new_token("ada")
    wrong = {"username": "ada", "password": "a wrong password", "address": "192.0.2.9"}
    assert installation.service.post("/sessions", json=wrong).status_code == 401
    headers = {"Authorization": f"Bearer {token}"}
    assert installation.service.get("/labs/curie/chemicals", headers=headers).status_code == 200
    assert installation.service.delete("/sessions/current", headers=headers).status_code == 204
    log = everything_logged.read_text(errors="replace")
    assert "control.enter_session" in log, "nothing was logged, so nothing was looked at"
    assert hashlib.sha256(token.encode()).hexdigest() in log
    for secret in (token, installation.service_token, PASSWORD, "a wrong password"):
        assert secret not in log


def test_an_empty_value_in_a_secret_lets_nobody_in() -> None:
    """A user whose secret is an empty text cannot sign in, not even with the password whose hash is compared for unknown names."""
    directory = LoginDirectory(["unused"], "us-east-1")
    assert not directory._fits("", "nobody has this password")
    assert directory._fits(None, "nobody has this password")  # so verify() also checks that the name exists


def test_a_guess_takes_as_long_whoever_is_guessed(installation: Installation) -> None:
    """Ada's password is stored as it is typed, Hedy's as a hash, and nobody is called Nobody."""
    hedy = {"username": "hedy", "name": "Hedy", "password": "a-password-of-hedys"}
    answer = installation.as_user("root").post("/logins", json={"logins": [hedy]})
    assert answer.status_code == 201, answer.text

    def seconds(username: str) -> float:
        """The processor time that the API needs: the shortest of four, because other work can only make it longer."""
        took = []
        for number in range(4):
            login = {"username": username, "password": "guess", "address": f"192.0.2.{number}"}
            began = time.process_time()
            assert installation.service.post("/sessions", json=login).status_code == 401
            took.append(time.process_time() - began)
        return min(took)

    times = {username: seconds(username) for username in ("ada", "hedy", "nobody")}
    assert max(times.values()) < 2 * min(times.values()), times
