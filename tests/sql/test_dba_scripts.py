"""The scripts that a DBA runs, and that they are red when a fence is down."""

import subprocess

import psycopg
import pytest

from local import postgres
from tests.conftest import ROOT, Server
from tests.installation import Installation
from tests.sql.shelf import shelf

SUPERUSER = postgres.SUPERUSER


def run(server: Server, database: str, script: str, login: str) -> subprocess.CompletedProcess[str]:
    """psql as `login`: the exit code and the TAP."""
    command = [
        f"{postgres.find_binaries()}/psql",
        "--no-psqlrc",
        "-f",
        f"sql/tests/{script}",
        server.dsn(login, database),
    ]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module", autouse=True)
def stock(installation: Installation) -> None:
    with shelf(installation) as ada, shelf(installation, "eve", "hodgkin") as eve:
        ada.add_container("10")
        eve.add_container("20")


def test_everything_holds_for_a_dba(server: Server, installation: Installation) -> None:
    result = run(server, installation.database, "all.sql", "dba")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "not ok" not in result.stdout
    assert "# SKIP" not in result.stdout
    assert result.stdout.rstrip().endswith(f"1..{result.stdout.count('ok ')}")


def test_everything_holds_for_a_session_of_chemuser(server: Server, installation: Installation) -> None:
    result = run(server, installation.database, "as_chemuser.sql", "chemuser")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "not ok" not in result.stdout


def test_the_script_for_chemuser_refuses_another_login(server: Server, installation: Installation) -> None:
    result = run(server, installation.database, "as_chemuser.sql", "dba")
    assert result.returncode != 0
    assert "run this as the login chemuser" in result.stderr


def test_nothing_remains_of_a_run(server: Server, installation: Installation) -> None:
    dump = [f"{postgres.find_binaries()}/pg_dump", "--restrict-key=x", server.dsn(SUPERUSER, installation.database)]

    def rows() -> list[str]:
        lines = subprocess.run(dump, check=True, capture_output=True, text=True).stdout.splitlines()
        return [line for line in lines if "pg_catalog.setval(" not in line]  # an id that was tried is skipped

    before = rows()
    run(server, installation.database, "all.sql", "dba")
    run(server, installation.database, "as_chemuser.sql", "chemuser")
    assert rows() == before


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("ALTER TABLE inventory.chemicals DISABLE ROW LEVEL SECURITY", "not ok 2"),
        ("ALTER TABLE inventory.containers NO FORCE ROW LEVEL SECURITY", "not ok 2"),
        ('DROP POLICY "a lab reaches only its own rows" ON inventory.movements', "not ok 3"),
        ("CREATE POLICY backdoor ON inventory.locations FOR SELECT USING (true)", "not ok 4"),
        ("CREATE INDEX leaky ON inventory.chemicals (name)", "not ok 6"),
        ("GRANT UPDATE (amount) ON inventory.containers TO chemuser", "not ok 11"),
        ("GRANT DELETE ON inventory.movements TO chemuser", "not ok 12"),
        ("GRANT SELECT ON inventory.chemicals TO chemadmin", "not ok 14"),
        ("GRANT SELECT ON control.sessions TO chemuser", "not ok 15"),
        ("GRANT chemadmin TO chemuser", "not ok 16"),
        ("ALTER VIEW inventory.stock SET (security_invoker = false)", "not ok 19"),
        ("ALTER FUNCTION control.lab_id() RESET search_path", "not ok 21"),
        ("GRANT EXECUTE ON FUNCTION control.lab_id() TO PUBLIC", "not ok 22"),
        (
            "ALTER TABLE inventory.import_rows DROP CONSTRAINT import_rows_pkey; DROP INDEX inventory.import_rows_by_state",
            "not ok 27",
        ),
        ("CREATE OR REPLACE FUNCTION control.lab_id() RETURNS int LANGUAGE sql STABLE AS 'SELECT 1'", "sees"),
        ("ALTER TABLE inventory.movements DISABLE TRIGGER post_movement", "not ok 10"),
        (
            "UPDATE inventory.containers SET amount = amount + 1",
            "lines add up to",
        ),
    ],
)
def test_a_fence_that_is_down_is_red(server: Server, installation: Installation, fault: str, said: str) -> None:
    """On a copy of the database, which is thrown away."""
    copy = f"{installation.database}_fault"
    with psycopg.connect(server.dsn(SUPERUSER, "postgres"), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            [installation.database],
        )
        connection.execute(f"DROP DATABASE IF EXISTS {copy}".encode())
        connection.execute(f"CREATE DATABASE {copy} TEMPLATE {installation.database}".encode())
    try:
        with psycopg.connect(server.dsn(SUPERUSER, copy), autocommit=True) as connection:
            connection.execute(fault.encode())
        result = run(server, copy, "all.sql", "dba")
        assert result.returncode == 3, result.stdout + result.stderr
        assert said in result.stdout
    finally:
        with psycopg.connect(server.dsn(SUPERUSER, "postgres"), autocommit=True) as connection:
            connection.execute("REVOKE chemadmin FROM chemuser")
            connection.execute(f"DROP DATABASE {copy} WITH (FORCE)".encode())
