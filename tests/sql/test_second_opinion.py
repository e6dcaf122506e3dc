"""A second opinion on the policies: docs/dba.md explains each remark of the tool pgrls, and no other."""

import json
import os
import re
import subprocess
import sys
from fnmatch import fnmatchcase

import psycopg
import pytest

from local import postgres
from tests.conftest import ROOT
from tests.server import Server, own_database

SECTION = (ROOT / "docs" / "dba.md").read_text().split("\n## A second opinion\n")[1].split("\n## ")[0]
EXPLAINED = {
    (rule, place)
    for rule, places in re.findall(r"^\| ([A-Z]+\d+) \| (.*?) \|", SECTION, re.MULTILINE)
    for place in re.findall(r"`(.+?)`", places)
}


def remarks(server: Server, database: str) -> set[tuple[str, str]]:
    """Each remark of pgrls: its rule, and the object that it is about."""
    found = subprocess.run(
        [sys.executable, "-m", "pgrls", "lint", "--schemas", "inventory,control,reference", "--format", "json"],
        env=os.environ | {"DATABASE_URL": server.dsn(postgres.SUPERUSER, database)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode in (0, 1), found.stderr
    return {(remark["rule_id"], remark["location"]) for remark in json.loads(found.stdout)["violations"]}


def unexplained(said: set[tuple[str, str]]) -> set[tuple[str, str]]:
    return {(rule, at) for rule, at in said if not any(rule == r and fnmatchcase(at, place) for r, place in EXPLAINED)}


def test_each_remark_is_explained_and_each_explanation_is_of_a_remark(server: Server) -> None:
    with own_database(server) as name:
        said = remarks(server, name)
    assert unexplained(said) == set()
    assert {
        (rule, place) for rule, place in EXPLAINED if not any(rule == r and fnmatchcase(at, place) for r, at in said)
    } == set()


@pytest.mark.parametrize(
    "fault",
    [
        "ALTER TABLE inventory.chemicals NO FORCE ROW LEVEL SECURITY",
        'ALTER POLICY "a lab reaches only its own rows" ON inventory.containers USING (true)',
        "CREATE POLICY more ON inventory.movements FOR SELECT TO chemuser USING (true)",
        "ALTER VIEW inventory.stock SET (security_invoker = false)",
        'ALTER POLICY "a lab sees its own members" ON control.members USING (true)',
    ],
)
def test_a_fence_that_is_down_is_remarked(server: Server, fault: str) -> None:
    with own_database(server) as name:
        with psycopg.connect(server.dsn(postgres.SUPERUSER, name), autocommit=True) as superuser:
            superuser.execute(fault.encode())
        assert unexplained(remarks(server, name))
