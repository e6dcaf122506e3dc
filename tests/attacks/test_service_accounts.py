"""Service accounts: a manager's programs of one lab. What another lab, a token, a promotion or a sign-in might make of one, and does not."""

import hashlib
import secrets
from typing import Any

import psycopg
import pytest

from tests.api.test_tokens import with_token
from tests.installation import PASSWORD, Client, Installation, make_login

PLACE = "/labs/curie/service-accounts"


def made(manager: Client, name: str = "Balances", place: str = PLACE) -> int:
    answer = manager.post(place, json={"name": name})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def token_of(manager: Client, account: int, access: str = "write", place: str = PLACE) -> dict[str, Any]:
    answer = manager.post(f"{place}/{account}/tokens", json={"name": "Balance 1", "access": access})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def listed(manager: Client, account: int) -> Any:
    return next(item for item in manager.get(PLACE).json()["items"] if item["id"] == account)


@pytest.fixture
def ada(installation: Installation) -> Client:
    return installation.as_user("ada")


@pytest.fixture
def account(ada: Client) -> int:
    return made(ada)


@pytest.fixture
def program(installation: Installation, ada: Client, account: int) -> Client:
    return with_token(installation, token_of(ada, account)["token"])


# -- What it may do ---------------------------------------------------------------------------------------------------


def test_it_does_what_a_member_does_under_its_own_name(
    installation: Installation, ada: Client, program: Client
) -> None:
    added = program.post("/labs/curie/chemicals", json={"name": f"Salt {secrets.token_hex(4)}"})
    assert added.status_code == 201, added.text
    assert ada.get(f"/labs/curie/chemicals/{added.json()['id']}").json()["made_by_name"] == "Balances"
    assert program.post("/labs/curie/locations", json={"kind": "room", "name": "Its own"}).status_code == 403
    assert program.get("/labs/curie/events").status_code == 403
    assert program.get("/labs/hodgkin/chemicals").status_code == 404


def test_a_token_that_reads_writes_nothing(installation: Installation, ada: Client, account: int) -> None:
    reader = with_token(installation, token_of(ada, account, "read")["token"])
    assert reader.get("/labs/curie/chemicals").status_code == 200
    assert reader.post("/labs/curie/chemicals", json={"name": "Written"}).status_code == 403


def test_it_makes_neither_tokens_nor_accounts(ada: Client, account: int, program: Client) -> None:
    for path, body in (
        (PLACE, {"name": "More"}),
        (f"{PLACE}/{account}/tokens", {"name": "More", "access": "write"}),
        ("/tokens", {"name": "More", "access": "write", "labs": ["curie"]}),
    ):
        assert program.post(path, json=body).status_code == 403
    assert program.get(PLACE).status_code == 403
    assert program.delete(f"{PLACE}/{account}").status_code == 403


@pytest.mark.parametrize("who", ["ben", "cleo"])
def test_members_and_viewers_keep_none(installation: Installation, account: int, who: str) -> None:
    client = installation.as_user(who)
    assert client.get(PLACE).status_code == 403
    assert client.post(PLACE, json={"name": "Mine"}).status_code == 403
    assert client.post(f"{PLACE}/{account}/tokens", json={"name": "Mine", "access": "read"}).status_code == 403
    assert client.delete(f"{PLACE}/{account}").status_code == 403


# -- Another lab ------------------------------------------------------------------------------------------------------


def test_another_labs_manager_reaches_none(
    installation: Installation, ada: Client, account: int, program: Client
) -> None:
    eve, hers = installation.as_user("eve"), "/labs/hodgkin/service-accounts"
    token = listed(ada, account)["tokens"][0]["id"]
    before = listed(ada, account)
    wanted = {"name": "Spy", "access": "write"}
    for place in (PLACE, hers):
        assert eve.post(f"{place}/{account}/tokens", json=wanted).status_code == 404
        assert eve.delete(f"{place}/{account}/tokens/{token}").status_code == 404
        assert eve.delete(f"{place}/{account}").status_code == 404
    own = made(eve, "Hodgkin's own", hers)
    assert eve.delete(f"{hers}/{own}/tokens/{token}").status_code == 404
    assert [item["id"] for item in eve.get(hers).json()["items"] if item["id"] == account] == []
    assert listed(ada, account) == before
    assert program.get("/labs/curie/chemicals").status_code == 200


def test_an_administrator_makes_it_a_member_of_no_second_lab_and_no_manager(
    installation: Installation, ada: Client, account: int
) -> None:
    root, name = installation.as_user("root"), listed(ada, account)["username"]
    for answer in (
        root.post("/labs/hodgkin/members", json={"usernames": [name], "role": "viewer"}),
        root.patch(f"/labs/curie/members/{account}", json={"role": "manager"}),
    ):
        assert answer.status_code == 422, answer.text
        assert "never more than a member" in answer.json()["detail"]
    assert root.patch(f"/labs/curie/members/{account}", json={"role": "viewer"}).status_code == 204


@pytest.mark.parametrize(
    "write",
    [
        "UPDATE control.members SET role = 'manager' WHERE user_id = %(account)s",
        "INSERT INTO control.members (lab_id, user_id, role) VALUES (%(other)s, %(account)s, 'viewer')",
        "INSERT INTO control.administrators (user_id) VALUES (%(account)s)",
        "INSERT INTO control.sessions (token_hash, user_id, expires_at) VALUES ('\\x01', %(account)s, 'infinity')",
        "INSERT INTO control.sessions (token_hash, user_id, expires_at, token_name, token_role, token_labs)"
        " VALUES ('\\x01', %(account)s, 'infinity', 'Wide', 'member', ARRAY[%(lab)s, %(other)s])",
        "INSERT INTO control.users (username, name) VALUES ('service:forged-1', 'Forged')",
    ],
)
def test_not_even_chemadmins_credentials_make_more_of_it(installation: Installation, account: int, write: str) -> None:
    given = {"account": account, "lab": installation.lab_id("curie"), "other": installation.lab_id("hodgkin")}
    with psycopg.connect(installation.dsn("chemadmin")) as connection:
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute(write.encode(), given)
        connection.rollback()


def test_injected_sql_makes_none_with_a_managers_session(installation: Installation, account: int) -> None:
    token = str(installation.as_user("ada").headers["Authorization"]).removeprefix("Bearer ")
    session = hashlib.sha256(token.encode()).hexdigest()
    with psycopg.connect(installation.dsn("chemuser")) as connection:
        for call in (
            "SELECT control.make_service_account('Injected')",
            f"SELECT control.make_service_token({account}, '{'ab' * 32}', 'Injected', 'member', 9, '')",
        ):
            connection.execute("SELECT control.enter_session(%s, 'curie', 'manager')", [session])
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"):
                connection.execute(call.encode())
            connection.rollback()


# -- Nobody signs in as one -------------------------------------------------------------------------------------------


def test_nobody_signs_in_as_one(installation: Installation, ada: Client, account: int) -> None:
    name = listed(ada, account)["username"]
    refused = installation.service.post(
        "/sessions", json={"username": name, "password": PASSWORD, "address": "192.0.2.77"}
    )
    assert refused.status_code == 401
    root = installation.as_user("root")
    assert root.post("/logins", json={"logins": [{"username": name}]}).status_code == 422
    assert root.put(f"/logins/{name}/password", json={}).status_code == 404
    assert name not in [item["username"] for item in root.get("/logins").json()["items"]]
    with psycopg.connect(installation.dsn("chemadmin")) as connection:
        with pytest.raises(
            psycopg.errors.CheckViolation
        ):  # even where somebody writes the name into the secret of logins
            connection.execute(
                "SELECT control.begin_session(%s, %s, '', '', '', interval '1 hour', interval '1 hour')",
                ["cd" * 32, name],
            )
        connection.rollback()


def test_it_has_no_second_factor_and_no_sessions_of_its_own(program: Client) -> None:
    for method, path in (
        ("POST", "/sessions/current/second-factor/keys"),
        ("PUT", "/sessions/current/second-factor"),
        ("PUT", "/sessions/current/password"),
        ("PUT", "/sessions/current/confirmation"),
        ("GET", "/sessions"),
        ("GET", "/tokens"),
    ):
        assert program.request(method, path, json={}).status_code == 403, path


# -- Its end ----------------------------------------------------------------------------------------------------------


def test_it_stays_when_its_maker_leaves_and_is_kept_by_the_others(installation: Installation, ada: Client) -> None:
    root, name = installation.as_user("root"), f"mia-{secrets.token_hex(3)}"
    make_login(root, name)
    assert root.post("/labs/curie/members", json={"usernames": [name], "role": "manager"}).status_code == 201
    mia = Client(installation.api_url, installation.service_token)
    mia.headers["Authorization"] = f"Bearer {installation.new_token(name, 'a password of their own')}"
    account = made(mia, "Mia's balances")
    program = with_token(installation, token_of(mia, account)["token"])
    assert root.delete(f"/logins/{name}").status_code == 204
    assert mia.get(PLACE).status_code == 401
    assert program.get("/labs/curie/chemicals").status_code == 200
    assert len(listed(ada, account)["tokens"]) == 1
    assert ada.delete(f"{PLACE}/{account}").status_code == 204
    assert program.get("/labs/curie/chemicals").status_code == 401


def test_tokens_and_accounts_end_at_once(installation: Installation, ada: Client, account: int) -> None:
    first, second = token_of(ada, account), token_of(ada, account)
    programs = [with_token(installation, one["token"]) for one in (first, second)]
    assert ada.delete(f"{PLACE}/{account}/tokens/{first['id']}").status_code == 204
    assert [one.get("/labs/curie/chemicals").status_code for one in programs] == [401, 200]
    root = installation.as_user("root")
    assert root.delete(f"/labs/curie/members/{account}").status_code == 204
    assert programs[1].get("/labs/curie/chemicals").status_code == 404
    assert listed(ada, account)["ended"] is True
    assert ada.post(f"{PLACE}/{account}/tokens", json={"name": "Late", "access": "read"}).status_code == 404
    assert ada.delete(f"{PLACE}/{account}").status_code == 204
    assert programs[1].get("/labs/curie/chemicals").status_code == 401
    assert ada.delete(f"{PLACE}/{account}").status_code == 404


def test_a_managers_own_tokens_are_not_revoked_as_an_accounts(ada: Client, account: int) -> None:
    own = ada.post("/tokens", json={"name": "Mine", "access": "read", "labs": ["curie"]}).json()["id"]
    assert ada.delete(f"{PLACE}/{account}/tokens/{own}").status_code == 404
    [[person]] = [[ada.get("/sessions/current").json()["user"]["id"]]]
    assert ada.delete(f"{PLACE}/{person}").status_code == 404
    assert ada.post(f"{PLACE}/{person}/tokens", json={"name": "As me", "access": "read"}).status_code == 404
    assert own in [item["id"] for item in ada.get("/tokens").json()["items"]]


# -- The trace, the password, how many ---------------------------------------------------------------------------------


def test_the_labs_events_tell_all_of_it(installation: Installation, ada: Client) -> None:
    [[last]] = installation.psql("SELECT max(id) FROM control.events")
    account = made(ada, "Traced")
    name = listed(ada, account)["username"]
    assert name.startswith("service:traced-")
    token = token_of(ada, account)
    with_token(installation, token["token"]).get("/labs/curie/chemicals")
    assert ada.delete(f"{PLACE}/{account}").status_code == 204
    lines = installation.psql(
        "SELECT kind, made_by_name, about_name, lab_id FROM control.events WHERE id > %s ORDER BY id", last
    )
    curie = installation.lab_id("curie")
    assert {(kind, by) for kind, by, _, _ in lines} == {
        ("service_account_made", "ada"),
        ("member_added", "ada"),
        ("token_made", "ada"),
        ("token_used", name),
        ("service_account_removed", "ada"),
        ("member_removed", "ada"),
        ("token_revoked", "ada"),
    }
    assert {(about, lab) for _, _, about, lab in lines} == {(name, curie)}
    shown = ada.get("/labs/curie/events", params={"kind": "service_account_made"}).json()["items"][0]
    assert (shown["title"], shown["about_name"]) == ("Service account made", name)


def test_making_one_asks_for_the_password_again(installation: Installation, ada: Client, account: int) -> None:
    manager = Client(installation.api_url, installation.service_token)
    token = installation.new_token("ada")
    manager.headers["Authorization"] = f"Bearer {token}"
    inner = hashlib.sha256(token.encode()).hexdigest()
    aged = "UPDATE control.sessions SET password_given_at = now() - interval '2 days' WHERE token_hash = sha256(decode(%s, 'hex')) RETURNING 1"
    assert installation.psql(aged, inner) == [(1,)]
    for path, body in ((PLACE, {"name": "Late"}), (f"{PLACE}/{account}/tokens", {"name": "Late", "access": "read"})):
        refused = manager.post(path, json=body)
        assert refused.status_code == 403
        assert refused.json()["errors"][0]["pointer"] == "/session/password"
    assert manager.get(PLACE).status_code == 200, "looking is not asked about"


@pytest.mark.parametrize("name", ["", " ", "a" * 81, "two\nlines"])
def test_a_name_that_cannot_be_is_refused_beside_its_field(ada: Client, name: str) -> None:
    answer = ada.post(PLACE, json={"name": name})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/name"]


def test_a_lab_has_so_many_and_an_account_so_many_tokens(installation: Installation) -> None:
    eve, place = installation.as_user("eve"), "/labs/hodgkin/service-accounts"
    account = made(eve, "Сфера 🧪", place)
    for _ in range(20):
        token_of(eve, account, "read", place)
    full = eve.post(f"{place}/{account}/tokens", json={"name": "One more", "access": "read"})
    assert (full.status_code, "20 tokens" in full.json()["detail"]) == (422, True)
    for _ in range(50 - len(eve.get(place).json()["items"])):
        made(eve, "Same name", place)
    full = eve.post(place, json={"name": "One more"})
    assert (full.status_code, "50 service accounts" in full.json()["detail"]) == (422, True)
