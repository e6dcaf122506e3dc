"""Whole databases for tests of a DBA's work: made and dropped by the superuser, owned and used by chemtrack_master."""

import os
import subprocess
from typing import Any

import psycopg

from local import postgres
from tests.conftest import ROOT
from tests.server import OWNER, Server

Rows = dict[str, list[dict[str, Any]]]


def libpq(server: Server, name: str, login: str = OWNER) -> dict[str, str]:
    """An environment with libpq's variables set, as a DBA sets them."""
    return {
        "PATH": f"{postgres.find_binaries()}{os.pathsep}{os.environ['PATH']}",
        "PGHOST": server.host,
        "PGPORT": str(server.port),
        "PGDATABASE": name,
        "PGUSER": login,
        "PGPASSWORD": server.superuser_password if login == postgres.SUPERUSER else server.passwords[login],
    }


def run_file(server: Server, name: str, file: str, login: str = OWNER) -> None:
    """Run a file with psql, as the owner unless another login is given."""
    command = ["psql", "--no-psqlrc", "-q", "-v", "ON_ERROR_STOP=1", "-f", file]
    subprocess.run(command, cwd=ROOT, env=libpq(server, name, login), check=True, capture_output=True)


def execute(server: Server, name: str, *statements: str) -> list[tuple[Any, ...]]:
    """Run statements as the owner, in one transaction; returns the rows of the last statement."""
    with psycopg.connect(server.dsn(OWNER, name)) as connection:
        for statement in statements:
            cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def rows_of(server: Server, name: str) -> Rows:
    """All rows of all tables, past all policies."""
    with psycopg.connect(server.dsn(postgres.SUPERUSER, name)) as connection:
        tables = connection.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('control', 'inventory', 'reference')"
        ).fetchall()
        found: Rows = {}
        for (table,) in tables:
            sql = f"SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY to_jsonb(t)), '[]') FROM {table} t"
            [[found[table]]] = connection.execute(sql.encode()).fetchall()
    return found


def of_lab(rows: Rows, lab: int) -> Rows:
    """The rows of a table whose lab_id is the lab's."""
    return {table: [row for row in found if row.get("lab_id") == lab] for table, found in rows.items()}
