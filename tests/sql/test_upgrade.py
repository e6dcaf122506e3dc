"""An old database that is in use becomes today's: every row is kept, and nothing but today's schema remains."""

import re
from collections.abc import Iterator

import pytest

from tests.server import Server, own_database
from tests.sql.databases import rows_of, run_file
from tests.sql.test_apply import apply, dump
from tests.sql.test_dba_scripts import run


@pytest.fixture(scope="module")
def old(server: Server) -> Iterator[str]:
    """A database with the first schema, and rows in each of its tables."""
    with own_database(server, None) as name:
        for file in ("tests/sql/first_schema.sql", "tests/sql/first_rows.sql"):
            run_file(server, name, file)
        yield name


def without_order(schema: str) -> str:
    """A dump with the lines of grants in alphabetical order, because the order in which rights were granted means nothing."""
    return re.sub(r"(?:^(?:GRANT|REVOKE) .*\n)+", lambda m: "".join(sorted(m[0].splitlines(True))), schema, flags=re.M)


def test_a_database_of_the_first_schema_becomes_todays(server: Server, old: str) -> None:
    before = rows_of(server, old)
    empty = [table for table, rows in before.items() if not rows and not table.startswith("reference.")]
    assert empty == [], "each table has rows, so that each is seen to be kept"

    result = apply(server, old)
    assert (result.returncode, result.stderr) == (0, "")

    after = rows_of(server, old)
    derived = before.pop("inventory.chemical_words")
    assert derived != after["inventory.chemical_words"], "made anew by today's folding"
    for table, rows in before.items():
        columns = rows[0].keys() if rows else ()
        kept = [{column: row[column] for column in columns} for row in after[table]]
        assert sorted(kept, key=str) == sorted(rows, key=str), table

    with own_database(server, None) as fresh:
        run_file(server, fresh, "sql/apply.sql")
        assert without_order(dump(server, old)) == without_order(dump(server, fresh))

    result = run(server, old, "all.sql", "dba")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "not ok" not in result.stdout


def test_a_second_run_on_an_upgraded_database_changes_nothing(server: Server, old: str) -> None:
    apply(server, old)
    before = dump(server, old), rows_of(server, old)
    result = apply(server, old)
    assert (result.returncode, result.stderr) == (0, "")
    assert (dump(server, old), rows_of(server, old)) == before
