"""Whole databases for tests of a DBA's work: made and dropped by the superuser, owned and used by chemtrack_master."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from local import postgres
from tests.conftest import ROOT, Server, numbers

OWNER = "chemtrack_master"
Rows = dict[str, list[dict[str, Any]]]


@contextmanager
def database(server: Server, template: str | None = None) -> Iterator[str]:
    """A new database: a copy of `template`, or one with nothing in it."""
    name = f"chemtrack_kept_{next(numbers)}"
    with psycopg.connect(server.dsn(postgres.SUPERUSER, "postgres"), autocommit=True) as superuser:
        superuser.execute(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template or 'template0'}".encode())
        try:
            if template:
                run_file(server, name, "sql/roles.sql")  # PostgreSQL copies no grants on the database itself
            yield name
        finally:
            superuser.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def libpq(server: Server, name: str, login: str = OWNER) -> dict[str, str]:
    """libpq's variables, as a DBA sets them."""
    return {
        "PATH": f"{postgres.find_binaries()}{os.pathsep}{os.environ['PATH']}",
        "PGHOST": server.host,
        "PGPORT": str(server.port),
        "PGDATABASE": name,
        "PGUSER": login,
        "PGPASSWORD": server.superuser_password if login == postgres.SUPERUSER else server.passwords[login],
    }


def run_file(server: Server, name: str, file: str, login: str = OWNER) -> None:
    """Run a file by psql, as the owner unless said."""
    command = ["psql", "--no-psqlrc", "-q", "-v", "ON_ERROR_STOP=1", "-f", file]
    subprocess.run(command, cwd=ROOT, env=libpq(server, name, login), check=True, capture_output=True)


def execute(server: Server, name: str, *statements: str) -> list[tuple[Any, ...]]:
    """Run statements as the owner, in one transaction; the rows of the last."""
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
    """The rows that say they are that lab's."""
    return {table: [row for row in found if row.get("lab_id") == lab] for table, found in rows.items()}
