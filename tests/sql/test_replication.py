"""Moving to another server by logical replication, as docs/dba.md says: two servers, with the scripts that it names."""

import json
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from local import postgres
from tests.conftest import ROOT
from tests.server import FAST, Server, copy_kept, free_port, own_database
from tests.sql.databases import execute, libpq, run_file
from tests.sql.test_dba_scripts import run

SUPERUSER = postgres.SUPERUSER
Connection = psycopg.Connection[Any]


@contextmanager
def server_for_replication() -> Iterator[tuple[Server, Path]]:
    """Starts a PostgreSQL server for one test; yields it and the path of its log."""
    with tempfile.TemporaryDirectory(prefix="chemtrack-tests-") as name:
        folder = Path(name)
        copy_kept(folder)
        passwords = json.loads((folder / "passwords.json").read_text())
        server = Server("127.0.0.1", free_port(), passwords.pop(SUPERUSER), passwords)
        postgres.start(folder / "postgres", server.port, FAST | {"wal_level": "logical"})
        try:
            yield server, folder / "postgres" / "server.log"
        finally:
            postgres.stop(folder / "postgres")


def digests(server: Server, name: str) -> str:
    command = ["psql", "--no-psqlrc", "-f", "sql/maintenance/digests.sql"]
    return subprocess.run(command, cwd=ROOT, env=libpq(server, name), check=True, capture_output=True, text=True).stdout


def wait_until(happens: Callable[[], Any]) -> None:
    """Looks again and again, for a minute at most."""
    for _ in range(600):
        if happens():
            return
        threading.Event().wait(0.1)
    pytest.fail("it did not happen within a minute")


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Server, str, Server, Path]]:
    """The old server, its database with rows in every table, the new server and its log."""
    with (
        server_for_replication() as (old, _),
        server_for_replication() as (new, log),
        own_database(old, None) as source,
    ):
        run_file(old, source, "sql/apply.sql")
        run_file(old, source, "sql/reference/load.sql")
        run_file(old, source, "tests/sql/first_rows.sql")
        run_file(old, source, "sql/maintenance/publish.sql", login=SUPERUSER)
        with psycopg.connect(old.dsn(SUPERUSER, source)) as superuser:
            superuser.execute("ALTER ROLE mover PASSWORD 'moving'")
        yield old, source, new, log


@contextmanager
def subscribed(old: Server, source: str, new: Server, *, as_advised: bool) -> Iterator[tuple[str, Connection]]:
    """A new database that subscribes: with subscribe.sql (as_advised), or by CREATE SUBSCRIPTION without the option run_as_owner."""
    address = psycopg.conninfo.make_conninfo(
        host=old.host, port=old.port, dbname=source, user="mover", password="moving"
    )
    with own_database(new, None) as target:
        run_file(new, target, "sql/apply.sql")
        with psycopg.connect(new.dsn(SUPERUSER, target), autocommit=True) as subscriber:
            if as_advised:
                command = ["psql", "--no-psqlrc", "-v", f"from={address}", "-f", "sql/maintenance/subscribe.sql"]
                subprocess.run(command, cwd=ROOT, env=libpq(new, target, SUPERUSER), check=True, capture_output=True)
            else:
                subscriber.execute(f"CREATE SUBSCRIPTION moving CONNECTION '{address}' PUBLICATION moving".encode())
            try:
                yield target, subscriber
            finally:
                subscriber.execute("DROP SUBSCRIPTION moving")


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_check_notices_whether_everything_was_copied(servers: tuple[Server, str, Server, Path]) -> None:
    """Without run_as_owner, PostgreSQL 15 copies all rows, because it writes as the subscription's owner. From 16 on a superuser's CREATE
    SUBSCRIPTION succeeds and copies nothing, as only the server's log says."""
    old, source, new, log = servers
    with subscribed(old, source, new, as_advised=False) as (target, subscriber):
        if subscriber.info.server_version < 160000:
            wait_until(lambda: digests(new, target) == digests(old, source))
            assert "inventory.movements hodgkin 1" in digests(new, target)
            return
        wait_until(lambda: "cannot replicate into relation with row-level security enabled" in log.read_text())
        assert subscriber.execute("SELECT count(*) FROM inventory.containers").fetchone() == (0,)
        assert digests(new, target) != digests(old, source)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_every_row_comes_also_what_is_written_meanwhile_and_the_check_says_so(
    servers: tuple[Server, str, Server, Path],
) -> None:
    old, source, new, _ = servers
    with subscribed(old, source, new, as_advised=True) as (target, subscriber):
        ready = "SELECT count(*) FROM pg_subscription_rel WHERE srsubstate <> 'r'"
        wait_until(lambda: subscriber.execute(ready).fetchone() == (0,))
        enter = "SELECT set_config('app.lab_id', '1', true), set_config('app.user_id', (SELECT min(user_id) FROM control.members)::text, true)"
        add = "INSERT INTO inventory.chemicals (name) VALUES ('Written meanwhile')"
        execute(old, source, enter, "SET LOCAL ROLE chemowner", add)
        wait_until(lambda: digests(new, target) == digests(old, source))
        assert "inventory.movements hodgkin 1" in digests(new, target)
        count = subprocess.run(
            ["psql", "--no-psqlrc", "-AtX", "-f", "sql/maintenance/sequences.sql"],
            cwd=ROOT, env=libpq(old, source, SUPERUSER), check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
        subscriber.execute(count.encode())
        [[made]] = execute(
            new, target, enter, "SET LOCAL ROLE chemowner", f"{add.replace('meanwhile', 'here')} RETURNING id"
        )
        assert made > 1
        assert [result.returncode for result in (run(new, target, "all.sql", "dba"),)] == [0]
