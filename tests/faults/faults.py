"""The faults that ChemTrack must survive. After each, everything runs again."""

import signal
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import requests
from bs4 import BeautifulSoup

from tests.faults.services import ChemTrack
from tests.installation import Client, fields_of

DOWN = 1.5  # seconds that something stays away while people go on


def kill_api(chemtrack: ChemTrack) -> None:
    """kill -9 of the API while people work."""
    chemtrack.api.end()
    time.sleep(DOWN)
    chemtrack.api.start()


def restart_api(chemtrack: ChemTrack) -> None:
    """The API is stopped and started again, as by a deployment."""
    chemtrack.api.end(signal.SIGTERM)
    chemtrack.api.start()


def kill_postgres(chemtrack: ChemTrack) -> None:
    """kill -9 of the postmaster and all its children; PostgreSQL then recovers from its write-ahead log."""
    chemtrack.database.kill()
    time.sleep(DOWN)
    chemtrack.database.start()


def lose_postgres(chemtrack: ChemTrack) -> None:
    """PostgreSQL is away for longer than anybody waits for an answer."""
    chemtrack.database.kill()
    time.sleep(10 * DOWN)
    chemtrack.database.start()


def restart_postgres(chemtrack: ChemTrack) -> None:
    """PostgreSQL is restarted as for maintenance: every connection is ended."""
    chemtrack.database.stop()
    time.sleep(DOWN)
    chemtrack.database.start()


def kill_a_backend(chemtrack: ChemTrack) -> None:
    """kill -9 of one backend: the postmaster throws all others out and recovers by itself."""
    for backend in chemtrack.database.backends()[:1]:
        backend.kill()


def end_all_connections(chemtrack: ChemTrack) -> None:
    """Ends all connections of the API to PostgreSQL (pg_terminate_backend)."""
    with chemtrack.database.superuser() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'chemtrack-api'"
        )


def lose_aws(chemtrack: ChemTrack) -> None:
    """moto, which stands in for AWS, is down while the API starts anew."""
    chemtrack.aws.end()
    restart_api(chemtrack)
    _nobody_signs_in(chemtrack)
    time.sleep(DOWN)
    chemtrack.aws.start()


def kill_page(chemtrack: ChemTrack) -> None:
    """kill -9 of a page with its workers."""
    chemtrack.pages["checkout"].end()
    time.sleep(DOWN)
    chemtrack.pages["checkout"].start()


def refuse_writes(chemtrack: ChemTrack) -> None:
    """Every write of PostgreSQL fails, its write-ahead log included, so that it stops. It is started when writes work again."""
    chemtrack.database.limit_files("0")
    _writes_are_refused(chemtrack)
    time.sleep(2 * DOWN)
    chemtrack.database.limit_files("unlimited")
    _start_again(chemtrack)


def fill_disk(folder: Path) -> Callable[[ChemTrack], None]:
    """The small disk at `folder`, where the database lies, is full for a while."""

    def fill_the_disk(chemtrack: ChemTrack) -> None:
        filling = folder / "filling"
        try:
            with filling.open("wb", buffering=0) as file:
                while file.write(bytes(1 << 16)) == 1 << 16:
                    pass
        except OSError:
            pass  # the disk is full now
        _writes_are_refused(chemtrack)
        time.sleep(4 * DOWN)
        filling.unlink()
        _start_again(chemtrack)

    return fill_the_disk


def _nobody_signs_in(chemtrack: ChemTrack) -> None:
    """While logins cannot be read, the API answers with the reason and the page Login with a sentence."""
    with requests.Session() as browser:
        browser.trust_env = False
        url = f"{chemtrack.gateway.url}/login"
        form = BeautifulSoup(browser.get(url).text, "html.parser").select_one("form:has([name=password])")
        assert form is not None
        typed = {"username": [chemtrack.people[0]], "password": [chemtrack.password]}
        answer = browser.post(url, data=fields_of(form) | typed)
    assert answer.status_code == 503
    assert "This usually passes within a minute" in answer.text
    login = {"username": chemtrack.people[0], "password": chemtrack.password}
    refused = Client(chemtrack.api.url, chemtrack.service_token).post("/sessions", json=login)
    assert refused.status_code == 503
    assert "The directory of logins does not answer" in refused.text


def _writes_are_refused(chemtrack: ChemTrack) -> None:
    """Checks that the database refuses writes, or that the server has stopped already: else the fault would test nothing."""
    with pytest.raises(psycopg.Error), chemtrack.database.superuser() as connection:
        connection.execute("CREATE TABLE too_much AS SELECT repeat('x', 1000) FROM generate_series(1, 100000)")


def _start_again(chemtrack: ChemTrack) -> None:
    """Starts PostgreSQL again, as an operator would: a server that could not write its log has stopped, or is about to."""
    for _ in range(100):
        chemtrack.database.start()
        try:
            with chemtrack.database.superuser() as connection:
                connection.execute("CHECKPOINT")
            return
        except psycopg.Error:
            time.sleep(0.2)
    raise AssertionError("PostgreSQL does not come back")
