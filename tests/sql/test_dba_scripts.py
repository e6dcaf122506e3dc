"""The scripts with which a DBA proves the isolation of labs: they fail when a policy is missing."""

import re
import subprocess

import psycopg
import pytest

from local import postgres
from tests.conftest import ROOT
from tests.installation import Installation
from tests.server import Server, own_database
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
        return [
            line for line in lines if "pg_catalog.setval(" not in line
        ]  # a sequence keeps the ids that rolled-back rows took

    before = rows()
    run(server, installation.database, "all.sql", "dba")
    run(server, installation.database, "as_chemuser.sql", "chemuser")
    assert rows() == before


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("ALTER TABLE inventory.chemicals DISABLE ROW LEVEL SECURITY", "row-level security enabled and forced"),
        ("ALTER TABLE inventory.containers NO FORCE ROW LEVEL SECURITY", "row-level security enabled and forced"),
        (
            'DROP POLICY "a lab reaches only its own rows" ON inventory.movements',
            "has the policy of the lab's own rows",
        ),
        ("CREATE POLICY backdoor ON inventory.locations FOR SELECT USING (true)", "no other policy opens a table"),
        ("CREATE INDEX leaky ON inventory.chemicals (name)", "lab_id leads every primary key"),
        (
            "GRANT UPDATE (amount) ON inventory.containers TO chemuser",
            "may not write lab_id, nor what the ledger keeps",
        ),
        ("GRANT DELETE ON inventory.movements TO chemuser", "are append-only"),
        ("GRANT SELECT ON inventory.chemicals TO chemadmin", "chemadmin has no right on inventory"),
        ("GRANT SELECT ON control.sessions TO chemuser", "chemuser cannot read sessions"),
        ("GRANT chemadmin TO chemuser", "own nothing, bypass nothing and inherit nothing"),
        ("ALTER VIEW inventory.stock SET (security_invoker = false)", "every view of inventory is security_invoker"),
        ("ALTER FUNCTION control.lab_id() RESET search_path", "every function pins its search_path"),
        ("GRANT EXECUTE ON FUNCTION control.lab_id() TO PUBLIC", "no function is executable by PUBLIC"),
        (
            "ALTER TABLE inventory.import_rows DROP CONSTRAINT import_rows_pkey; DROP INDEX inventory.import_rows_by_state",
            "is reached by an index that begins with lab_id",
        ),
        ("CREATE OR REPLACE FUNCTION control.lab_id() RETURNS int LANGUAGE sql STABLE AS 'SELECT 1'", "sees"),
        ("ALTER TABLE inventory.movements DISABLE TRIGGER post_movement", "no trigger of inventory is disabled"),
        (
            "UPDATE inventory.containers SET amount = amount + 1",
            "lines add up to",
        ),
    ],
)
def test_a_fence_that_is_down_is_red(server: Server, installation: Installation, fault: str, said: str) -> None:
    """Each test removes one protection in a copy of the database, which is dropped afterwards."""
    with psycopg.connect(server.dsn(SUPERUSER, "postgres"), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            [installation.database],
        )
    with own_database(server, installation.database) as copy:
        try:
            with psycopg.connect(server.dsn(SUPERUSER, copy), autocommit=True) as connection:
                connection.execute(fault.encode())
            result = run(server, copy, "all.sql", "dba")
            assert result.returncode == 3, result.stdout + result.stderr
            assert said in "".join(re.findall(r"^not ok .*\n(?:#   .*\n)*", result.stdout, re.MULTILINE))
        finally:
            with psycopg.connect(server.dsn(SUPERUSER, "postgres"), autocommit=True) as connection:
                connection.execute("REVOKE chemadmin FROM chemuser")
