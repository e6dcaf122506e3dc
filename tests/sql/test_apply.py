"""sql/apply.sql is run by a login that is no superuser, again and again, while labs work."""

import subprocess

import psycopg
import pytest

from local import postgres
from tests.conftest import ROOT
from tests.installation import Installation
from tests.server import Server


def dump(server: Server, database: str) -> str:
    """The schema as pg_dump writes it, without its random key."""
    command = [f"{postgres.find_binaries()}/pg_dump", "--schema-only", server.dsn(postgres.SUPERUSER, database)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return "\n".join(line for line in lines if "restrict" not in line)


def apply(server: Server, database: str) -> subprocess.CompletedProcess[str]:
    command = [f"{postgres.find_binaries()}/psql", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "-f", "sql/apply.sql"]
    command.append(server.dsn("chemtrack_master", database))
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_owner_is_no_superuser(installation: Installation) -> None:
    rows = installation.psql(
        "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname IN ('chemtrack_master', 'chemowner')"
    )
    assert rows == [(False, False)] * 2


def test_a_second_run_changes_nothing(server: Server, installation: Installation) -> None:
    before = dump(server, installation.database)
    result = apply(server, installation.database)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert dump(server, installation.database) == before


def test_a_second_run_waits_for_nobody_who_reads_or_writes(server: Server, installation: Installation) -> None:
    """The test holds the locks of a transaction that has read and written every table, so that an exclusive lock would time out."""
    with psycopg.connect(server.dsn(postgres.SUPERUSER, installation.database)) as busy:
        tables = busy.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('control', 'inventory', 'reference')"
        ).fetchall()
        assert len(tables) > 20
        for (table,) in tables:
            busy.execute(f"LOCK TABLE {table} IN ROW EXCLUSIVE MODE".encode())
        result = apply(server, installation.database)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("role", ["chemuser", "chemadmin"])
def test_the_services_own_nothing_and_bypass_nothing(installation: Installation, role: str) -> None:
    [[own]] = installation.psql("SELECT count(*) FROM pg_shdepend WHERE refobjid = %s::regrole AND deptype = 'o'", role)
    [flags] = installation.psql(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolinherit FROM pg_roles WHERE rolname = %s", role
    )
    [[member_of]] = installation.psql("SELECT count(*) FROM pg_auth_members WHERE member = %s::regrole", role)
    assert (own, flags, member_of) == (0, (False,) * 5, 0)
