"""An old database that is in use becomes today's: every row is kept, and nothing but today's schema remains."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, Server
from tests.sql.databases import database, rows_of, run_file
from tests.sql.test_apply import apply, dump
from tests.sql.test_dba_scripts import run


def git(*arguments: str) -> bytes:
    """What git says of this clone; skips the test where nobody can say."""
    try:
        return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True).stdout
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        pytest.skip(f"the first schema is in the history, and there is none here: {error}")


@pytest.fixture(scope="module")
def first_sql(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder sql/ as it was in the first commit that had one."""
    if git("rev-parse", "--is-shallow-repository").strip() != b"false":
        pytest.skip("the first schema is in the history, and this clone is shallow: git fetch --unshallow")
    commit = git("log", "--diff-filter=A", "--format=%H", "--", "sql/apply.sql").decode().split()[-1]
    folder = tmp_path_factory.mktemp("first")
    subprocess.run(["tar", "-x", "-C", folder], input=git("archive", commit, "sql"), check=True)
    return folder / "sql"


@pytest.fixture(scope="module")
def old(server: Server, first_sql: Path) -> Iterator[str]:
    """A database with the first schema, and rows in each of its tables."""
    with database(server) as name:
        for file in (str(first_sql / "apply.sql"), "tests/sql/first_rows.sql"):
            run_file(server, name, file)
        yield name


def without_order(schema: str) -> str:
    """The order in which rights were granted means nothing."""
    return re.sub(r"(?:^(?:GRANT|REVOKE) .*\n)+", lambda m: "".join(sorted(m[0].splitlines(True))), schema, flags=re.M)


def test_a_database_of_the_first_commit_becomes_todays(server: Server, old: str) -> None:
    before = rows_of(server, old)
    empty = [table for table, rows in before.items() if not rows and not table.startswith("reference.")]
    assert empty == [], "each table has rows, so that each is seen to be kept"

    result = apply(server, old)
    assert (result.returncode, result.stderr) == (0, "")

    after = rows_of(server, old)
    for table, rows in before.items():
        columns = rows[0].keys() if rows else ()
        kept = [{column: row[column] for column in columns} for row in after[table]]
        assert sorted(kept, key=str) == sorted(rows, key=str), table

    with database(server) as fresh:
        run_file(server, fresh, "sql/apply.sql")
        assert without_order(dump(server, old)) == without_order(dump(server, fresh))

    result = run(server, old, "all.sql", "dba")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "not ok" not in result.stdout


def test_it_is_done_once(server: Server, old: str) -> None:
    apply(server, old)
    before = dump(server, old), rows_of(server, old)
    result = apply(server, old)
    assert (result.returncode, result.stderr) == (0, "")
    assert (dump(server, old), rows_of(server, old)) == before
