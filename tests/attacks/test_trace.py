"""Every act leaves a line in control.events, whoever acts; and nobody can change a line."""

import hashlib
import secrets
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.installation import Client, Installation, make_login

NOT_ALLOWED = psycopg.errors.InsufficientPrivilege
LINES = """
SELECT kind, made_by_name, about_name, (SELECT slug FROM control.labs l WHERE l.id = lab_id), database_role, details, address
  FROM control.events WHERE id > %s ORDER BY id"""

Line = tuple[Any, ...]
Since = Callable[[], list[Line]]


@pytest.fixture(scope="module")
def root(installation: Installation) -> Client:
    return installation.as_user("root")


@pytest.fixture
def since(installation: Installation, root: Client) -> Since:
    """The lines that were written since the test began."""
    [[last]] = installation.psql("SELECT max(id) FROM control.events")
    return lambda: installation.psql(LINES, last)


@pytest.fixture
def kim(installation: Installation, root: Client) -> str:
    """A login for one test, which may change or remove it."""
    name = f"kim-{secrets.token_hex(3)}"
    make_login(root, name)
    return name


def names(lines: list[Line]) -> list[tuple[str, str, str | None, str | None]]:
    """For each line: its kind, who acted, about whom, in which lab."""
    return [line[:4] for line in lines]


# -- Acts of administrators -------------------------------------------------------------------------------------------


def test_a_member_who_comes_goes_and_comes_again_leaves_a_line_each(kim: str, root: Client, since: Since) -> None:
    for _ in range(2):
        added = root.post("/labs/curie/members", json={"usernames": [kim], "role": "viewer"})
        assert added.status_code == 201
        [user] = [item["user_id"] for item in added.json()["items"] if item["username"] == kim]
        assert root.patch(f"/labs/curie/members/{user}", json={"role": "manager"}).status_code == 204
        assert root.delete(f"/labs/curie/members/{user}").status_code == 204
    lines = [line for line in since() if line[0] != "login_made"]
    assert names(lines) == [
        (kind, "root", kim, "curie") for _ in range(2) for kind in ("member_added", "role_changed", "member_removed")
    ]
    assert [line[5] for line in lines[:2]] == [{"role": "viewer"}, {"role": ["viewer", "manager"]}]
    assert {line[6] for line in lines} == {"127.0.0.1"}, "not where the administrator signed in from"


def test_logins_labs_and_administrators_leave_lines(kim: str, root: Client, since: Since) -> None:
    assert root.patch(f"/logins/{kim}", json={"administrator": True, "name": "Kim"}).status_code == 204
    assert root.patch(f"/logins/{kim}", json={"administrator": False}).status_code == 204
    assert root.put(f"/logins/{kim}/password", json={}).status_code == 200
    assert root.delete(f"/logins/{kim}").status_code == 204
    slug = f"lab-{secrets.token_hex(3)}"
    assert root.post("/labs", json={"slug": slug, "name": "Lab"}).status_code == 201
    assert root.patch(f"/labs/{slug}", json={"name": "Labs", "archived": True}).status_code == 200
    lines = since()
    assert names(lines) == [
        ("login_changed", "root", kim, None),
        ("administrator_made", "root", kim, None),
        ("administrator_removed", "root", kim, None),
        ("password_reset", "root", kim, None),
        ("login_removed", "root", kim, None),
        ("lab_made", "root", None, slug),
        ("lab_archived", "root", None, slug),
        ("lab_changed", "root", None, slug),
    ]
    assert lines[0][5] == {"name": [kim, "Kim"]}


def test_a_proof_of_isolation_and_the_sessions_that_it_makes_leave_lines(root: Client, since: Since) -> None:
    assert root.get("/isolation", params={"lab": "curie", "other": "hodgkin"}).json()["holds"]
    lines = since()
    assert [line[:2] for line in lines] == [
        ("isolation_proved", "root"),
        ("session_made", "root"),
        ("session_made", "root"),
        ("session_ended", "root"),
        ("session_ended", "root"),
        ("isolation_held", "root"),
    ]
    assert lines[0][5] == lines[-1][5] == {"lab": "curie", "other": "hodgkin"}


def test_a_proof_that_does_not_hold_leaves_a_line_that_says_so(
    installation: Installation, root: Client, since: Since
) -> None:
    installation.psql("ALTER TABLE inventory.chemicals NO FORCE ROW LEVEL SECURITY")
    try:
        proof = root.get("/isolation", params={"lab": "curie", "other": "hodgkin"}).json()
    finally:
        installation.psql("ALTER TABLE inventory.chemicals FORCE ROW LEVEL SECURITY")
    assert proof["holds"] is False
    assert names(since())[-1] == ("isolation_broken", "root", None, None)


# -- Signing in -------------------------------------------------------------------------------------------------------


def test_signing_in_and_out_and_a_changed_password_leave_lines(
    installation: Installation, kim: str, since: Since
) -> None:
    client = Client(installation.api_url, installation.service_token)
    client.headers["Authorization"] = f"Bearer {installation.new_token(kim, 'a password of their own')}"
    change = {"current_password": "a password of their own", "new_password": "violet tractor under glass"}
    client.headers["Authorization"] = f"Bearer {client.put('/sessions/current/password', json=change).json()['token']}"
    assert client.delete("/sessions/current").status_code == 204
    # The changed password begins a new session of this browser and ends the one before.
    kinds = ("signed_in", "password_changed", "signed_in", "session_ended", "session_ended")
    assert names(since()) == [(kind, kim, kim, None) for kind in kinds]


def test_refusals_are_noted_once_and_never_fill_the_table(installation: Installation, since: Since) -> None:
    def guess(username: str, address: str) -> None:
        answer = installation.service.post(
            "/sessions", json={"username": username, "password": "wrong", "address": address}
        )
        assert answer.status_code in (401, 429)

    for _ in range(3):
        guess("ada", "198.51.100.1")
    guess("Tr0ub4dor&3", "198.51.100.1")
    first = since()
    assert [(line[0], line[2], line[6], line[5]) for line in first] == [
        ("sign_in_refused", "ada", "198.51.100.1", {"reason": "wrong password"}),
        ("sign_in_refused", None, "198.51.100.1", {"reason": "wrong password"}),
    ], "each once, and a name that nobody has is not kept: it may be somebody's password"
    for number in range(200):
        installation.psql(
            "SELECT control.note_refusal('ada', %s, 'wrong password')", f"203.0.113.{number}", as_="chemadmin"
        )
    refusals = [line for line in since() if line[0] == "sign_in_refused"]
    assert len(refusals) <= 60
    assert refusals[-1][5] == {"reason": "wrong password", "more": True}
    installation.psql("DELETE FROM control.login_failures")


# -- Who does not come through the API --------------------------------------------------------------------------------


def test_what_a_dba_does_is_traced_as_theirs_whomever_they_claim_to_be(
    installation: Installation, since: Since
) -> None:
    [[eve]] = installation.psql("SELECT id FROM control.users WHERE username = 'eve'")
    with psycopg.connect(installation.dsn()) as owner:
        owner.execute("SET ROLE chemowner")
        owner.execute("SELECT set_config('app.user_id', %s, true)", [str(eve)])
        owner.execute(
            "INSERT INTO control.members (lab_id, user_id, role) SELECT id, %s, 'manager' FROM control.labs WHERE slug = 'curie'",
            [eve],
        )
        owner.execute("DELETE FROM control.members WHERE user_id = %s AND role = 'manager' AND lab_id = 1", [eve])
    assert [line[:5] for line in since()] == [
        ("member_added", "chemtrack_master", "eve", "curie", "chemtrack_master"),
        ("membership_erased", "chemtrack_master", "eve", "curie", "chemtrack_master"),
    ]


def test_a_session_made_with_stolen_credentials_of_the_api_is_traced(installation: Installation, since: Since) -> None:
    token = secrets.token_hex(32)
    insert = "INSERT INTO control.sessions (token_hash, user_id, expires_at) SELECT sha256(decode(%s, 'hex')), id, now() + interval '1 day' FROM control.users WHERE username = 'ada'"
    installation.psql(insert, token, as_="chemadmin")
    installation.psql("UPDATE control.sessions SET expires_at = 'infinity' WHERE token_hash = sha256(decode(%s, 'hex'))", token, as_="chemadmin")  # fmt: skip
    installation.psql(
        "DELETE FROM control.sessions WHERE token_hash = sha256(decode(%s, 'hex'))", token, as_="chemadmin"
    )
    kinds = ("session_made", "session_changed", "session_ended")
    assert names(since()) == [(kind, "chemadmin", "ada", None) for kind in kinds]


def test_an_access_token_made_with_stolen_credentials_of_the_api_is_traced(
    installation: Installation, since: Since
) -> None:
    token = secrets.token_hex(32)
    insert = """INSERT INTO control.sessions (token_hash, user_id, expires_at, token_name, token_role, token_labs)
                SELECT sha256(decode(%s, 'hex')), u.id, now() + interval '1 day', 'Forged', 'member', ARRAY[l.id]
                  FROM control.users u CROSS JOIN control.labs l WHERE u.username = 'ada' AND l.slug = 'curie'"""
    of_it = "WHERE token_hash = sha256(decode(%s, 'hex'))"
    installation.psql(insert, token, as_="chemadmin")
    installation.psql(f"UPDATE control.sessions SET expires_at = now() + interval '9 days' {of_it}", token, as_="chemadmin")  # fmt: skip
    installation.psql(f"DELETE FROM control.sessions {of_it}", token, as_="chemadmin")
    assert names(since()) == [
        ("token_made", "chemadmin", "ada", "curie"),
        ("session_changed", "chemadmin", "ada", None),
        ("token_revoked", "chemadmin", "ada", "curie"),
    ]


@pytest.mark.parametrize(
    ("table", "change", "kind"),
    [
        ("sessions", "password_given_at = now()", "session_changed"),
        ("sessions", "password_given_from = '192.0.2.0/24'", "session_changed"),
        ("sessions", "password_first = NOT password_first", "session_changed"),
        ("sessions", "second_factor = true", "session_changed"),
        ("sessions", "expires_at = now()", "session_changed"),
        ("sessions", "expires_at = ends_at", "session_changed"),
        ("users", "made_password_until = now() + interval '1 year'", "login_changed"),
        ("users", "signed_in_at = now() - interval '1 year'", "login_changed"),
    ],
)
def test_what_chemadmin_changes_by_hand_leaves_a_line(
    installation: Installation, since: Since, table: str, change: str, kind: str
) -> None:
    [[ada]] = installation.psql("SELECT id FROM control.users WHERE username = 'ada'")
    installation.new_token("ada")
    since()
    owner = "id" if table == "users" else "id = (SELECT max(id) FROM control.sessions) AND user_id"
    installation.psql(f"UPDATE control.{table} SET {change} WHERE {owner} = %s", ada, as_="chemadmin")
    installation.psql("UPDATE control.users SET made_password_until = NULL WHERE id = %s", ada)
    assert names(since())[-1:] == [(kind, "chemadmin", "ada", None)]


@pytest.mark.parametrize("login", ["chemadmin", "chemuser"])
@pytest.mark.parametrize(
    "act",
    [
        "UPDATE control.events SET made_by_name = 'eve'",
        "DELETE FROM control.events",
        "TRUNCATE control.events",
        "INSERT INTO control.events (kind, lab_id) VALUES ('exported', 1)",
        "INSERT INTO control.events (kind, made_by) VALUES ('exported', 1)",
        "INSERT INTO control.events (kind, made_by_name) VALUES ('exported', 'eve')",
        "INSERT INTO control.events (kind, made_at) VALUES ('exported', now())",
        "INSERT INTO control.events (kind) VALUES ('member_added')",
        "INSERT INTO control.events (kind) VALUES ('signed_in')",
        "SELECT control.trace('signed_in', 1, 1)",
    ],
)
def test_no_line_is_changed_taken_away_or_forged(installation: Installation, login: str, act: str) -> None:
    with pytest.raises((NOT_ALLOWED, psycopg.errors.InvalidAuthorizationSpecification)):
        installation.psql(act, as_=login)


@pytest.mark.parametrize("act", ["UPDATE control.events SET kind = 'nothing'", "DELETE FROM control.events", "TRUNCATE control.events"])  # fmt: skip
def test_not_even_the_owner_changes_a_line_by_mistake(installation: Installation, act: str) -> None:
    with pytest.raises(NOT_ALLOWED):
        installation.psql(act)


def test_old_lines_are_forgotten_and_young_ones_never(installation: Installation) -> None:
    with psycopg.connect(installation.dsn()) as owner:
        owner.execute("SET ROLE chemowner")
        owner.execute("ALTER TABLE control.events DISABLE TRIGGER sign_event")
        for days in (800, 100, 80):
            owner.execute(
                "INSERT INTO control.events (made_at, kind, made_by_name, database_role) VALUES (now() - %s * interval '1 day', 'old_act', 'ada', 'chemadmin')",
                [days],
            )
        owner.execute("ALTER TABLE control.events ENABLE TRIGGER sign_event")

    def ages() -> list[int]:
        found = installation.psql("SELECT extract(day FROM now() - made_at)::int FROM control.events WHERE kind = 'old_act' ORDER BY 1")  # fmt: skip
        return [age for (age,) in found]

    assert installation.psql("SELECT control.forget_events(730)", as_="chemadmin") == [(1,)]
    assert ages() == [80, 100]
    assert installation.psql("SELECT control.forget_events(0)", as_="chemadmin") == [(1,)]
    assert ages() == [80], "whoever steals chemadmin's credentials could hide what they did"


# -- Who sees lines ---------------------------------------------------------------------------------------------------


def test_exports_leave_a_line_of_their_lab_by_whoever_took_the_file(installation: Installation, since: Since) -> None:
    assert installation.as_user("cleo").get("/labs/curie/history.csv").status_code == 200
    assert installation.as_user("eve").get("/labs/curie/history.csv").status_code == 404
    lines = [line for line in since() if line[0] == "exported"]
    assert [(*line[:4], line[5]) for line in lines] == [("exported", "cleo", None, "curie", {"file": "history"})]


def test_printed_labels_leave_a_line_of_their_lab(installation: Installation, since: Since) -> None:
    ada = installation.as_user("ada")
    chemical = ada.post("/labs/curie/chemicals", json={"name": "Salt"}).json()["id"]
    line = {"chemical_id": chemical, "count": 1, "amount": "5", "unit": "g"}
    container = ada.post("/labs/curie/deliveries", json={"lines": [line]}).json()["containers"][0]["id"]
    assert ada.post("/labs/curie/locations", json={"kind": "room", "name": "Room 7"}).status_code == 201
    assert ada.get("/labs/curie/labels", params={"container": container}).status_code == 200
    assert ada.get("/labs/curie/location-labels").status_code == 200
    lines = [line for line in since() if line[0] == "exported"]
    assert [(line[1], line[3], line[5]) for line in lines] == [
        ("ada", "curie", {"file": "labels"}),
        ("ada", "curie", {"file": "location-labels"}),
    ]


@pytest.mark.parametrize(
    ("who", "lab", "sees"),
    [("ada", "curie", True), ("ben", "curie", False), ("cleo", "curie", False), ("ben", "hodgkin", False), ("eve", "hodgkin", True)],
)  # fmt: skip
def test_managers_see_lines_of_their_lab_and_of_no_other(
    installation: Installation, root: Client, who: str, lab: str, sees: bool
) -> None:
    for slug in ("curie", "hodgkin"):  # a line for each lab
        assert root.patch(f"/labs/{slug}", json={"name": f"{slug} {secrets.token_hex(2)}"}).status_code == 200
    session = hashlib.sha256(installation.new_token(who).encode()).hexdigest()
    with psycopg.connect(installation.dsn("chemuser")) as connection:
        connection.execute("SELECT * FROM control.enter_session(%s, %s, 'viewer')", [session, lab])
        found = connection.execute(sql.SQL("SELECT DISTINCT lab_id FROM control.events")).fetchall()
    assert found == ([(installation.lab_id(lab),)] if sees else [])


def test_a_line_of_another_labs_export_cannot_be_written(installation: Installation) -> None:
    session = hashlib.sha256(installation.new_token("ada").encode()).hexdigest()
    hodgkin = installation.lab_id("hodgkin")
    with psycopg.connect(installation.dsn("chemuser")) as connection:
        connection.execute("SELECT * FROM control.enter_session(%s, 'curie', 'member')", [session])
        connection.execute("SELECT set_config('app.lab_id', %s, true)", [str(hodgkin)])
        with pytest.raises((NOT_ALLOWED, psycopg.errors.InvalidAuthorizationSpecification)):
            connection.execute("INSERT INTO control.events (kind) VALUES ('exported')")
