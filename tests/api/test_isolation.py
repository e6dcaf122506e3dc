"""The administrator's proof of isolation: it passes while all policies stand, and names the fault when one is missing."""

from typing import Any

import psycopg
import pytest

from local import postgres
from tests.installation import Installation
from tests.server import Server
from tests.sql.shelf import shelf


@pytest.fixture(scope="module", autouse=True)
def stock(installation: Installation) -> None:
    with shelf(installation) as ada, shelf(installation, "eve", "hodgkin") as eve:
        for _ in range(3):
            ada.add_container("10")
        eve.add_container("20")
        eve.run("INSERT INTO inventory.locations (kind, name) VALUES ('room', 'Crystal room')")


def prove(installation: Installation, lab: str = "curie", other: str = "hodgkin") -> dict[str, Any]:
    answer = installation.as_user("root").get("/isolation", params={"lab": lab, "other": other})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.mark.parametrize(("lab", "other", "own", "there"), [("curie", "hodgkin", 3, 1), ("hodgkin", "curie", 1, 3)])
def test_each_lab_sees_its_own_and_nothing_of_the_other(
    installation: Installation, lab: str, other: str, own: int, there: int
) -> None:
    proof = prove(installation, lab, other)
    assert proof["holds"], proof
    assert proof["own"] == own
    assert {attempt["seen"] for attempt in proof["attempts"] if attempt["there"] is not None} == {0}
    [containers] = [attempt for attempt in proof["attempts"] if attempt["what"] == "Read all containers"]
    assert containers["there"] == there
    assert len(proof["attempts"]) >= 12


@pytest.mark.parametrize(
    ("down", "up", "attempt"),
    [
        (
            'DROP POLICY "a lab reaches only its own rows" ON inventory.containers',
            'CREATE POLICY "a lab reaches only its own rows" ON inventory.containers TO chemuser, chemowner'
            " USING (lab_id = (SELECT control.lab_id())) WITH CHECK (lab_id = (SELECT control.lab_id()))",
            None,
        ),
        (
            "ALTER TABLE inventory.containers DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE inventory.containers ENABLE ROW LEVEL SECURITY",
            "Read all containers",
        ),
        (
            "GRANT UPDATE (amount) ON inventory.containers TO chemuser",
            "REVOKE UPDATE (amount) ON inventory.containers FROM chemuser",
            "Change an amount past the ledger",
        ),
        ("GRANT chemadmin TO chemuser", "REVOKE chemadmin FROM chemuser", "Become another role"),
        (
            "GRANT INSERT (lab_id) ON inventory.chemicals TO chemuser",
            "REVOKE INSERT (lab_id) ON inventory.chemicals FROM chemuser",
            None,
        ),
        (
            "ALTER TABLE inventory.movements NO FORCE ROW LEVEL SECURITY",
            "ALTER TABLE inventory.movements FORCE ROW LEVEL SECURITY",
            None,
        ),
    ],
)
def test_a_fence_that_is_down_turns_it_red(
    server: Server, installation: Installation, down: str, up: str, attempt: str | None
) -> None:
    assert prove(installation)["holds"]
    with psycopg.connect(server.dsn(postgres.SUPERUSER, installation.database), autocommit=True) as connection:
        connection.execute(down.encode())
        try:
            proof = prove(installation)
        finally:
            connection.execute(up.encode())
    assert not proof["holds"]
    assert any(check["faults"] for check in proof["catalogue"])
    if attempt:
        assert attempt in [tried["what"] for tried in proof["attempts"] if not tried["held"]]
    assert prove(installation)["holds"]


def test_nothing_remains_of_a_proof(installation: Installation) -> None:
    def state() -> object:
        sessions = installation.psql("SELECT count(*) FROM control.sessions")
        rows = installation.psql("SELECT count(*), sum(amount) FROM inventory.containers", as_="dba", lab="hodgkin")
        return sessions, rows

    before = state()
    prove(installation)
    assert state() == before


def test_a_lab_that_nobody_belongs_to_cannot_be_tried(installation: Installation) -> None:
    root = installation.as_user("root")
    root.post("/labs", json={"slug": "empty", "name": "Empty lab"})
    last = "SELECT coalesce(max(id), 0) FROM control.events"
    [[before]] = installation.psql(last)
    for lab, other, wrong in [("curie", "empty", "/other"), ("nope", "curie", "/lab"), ("curie", "curie", "/other")]:
        answer = root.get("/isolation", params={"lab": lab, "other": other})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, wrong)
    assert installation.psql(last) == [(before,)], "a proof that was refused is no proof that began"


@pytest.mark.parametrize("who", ["ada", "eve"])
def test_only_an_administrator_proves(installation: Installation, who: str) -> None:
    answer = installation.as_user(who).get("/isolation", params={"lab": "curie", "other": "hodgkin"})
    assert answer.status_code == 403


def test_a_proof_that_is_refused_leaves_no_line(installation: Installation) -> None:
    root = installation.as_user("root")
    lines = "SELECT count(*) FROM control.events WHERE kind LIKE 'isolation%' OR kind = 'session_made'"
    before = installation.psql(lines)
    for asked in ({"lab": "nope", "other": "curie"}, {"lab": "curie", "other": "nope"}):
        assert root.get("/isolation", params=asked).status_code == 422
    assert installation.psql(lines) == before
