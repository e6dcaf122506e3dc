"""Access tokens: a program acts for a user in chosen labs, reads or writes, and reaches nothing else."""

import hashlib
import secrets
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from tests.api.test_every_route import ADMINISTRATION, FOR_MANAGERS, OPERATIONS, Ids, prepare, send, stock
from tests.installation import Client, Installation, make_login

pytestmark = pytest.mark.usefixtures("published")

Line = tuple[Any, ...]
FOR_MANAGERS_ALONE = (
    "POST /locations",
    "PATCH /locations/{location}",
    "POST /disposals/confirmations",
    "PUT /labels/settings",
    "PUT /check-out-rules",
    "PUT /chemicals/{chemical}/restriction",
    "POST /mergers",
    "POST /mergers/{merger}/undo",
    "GET /events",
    "GET /events.csv",
    "GET /service-accounts",
    "POST /service-accounts",
    "POST /service-accounts/{account}/tokens",
    "DELETE /service-accounts/{account}/tokens/{token}",
    "DELETE /service-accounts/{account}",
)


def with_token(installation: Installation, token: str, address: str = "192.0.2.7") -> Client:
    client = Client(installation.api_url, installation.service_token)
    client.headers["Authorization"] = f"Bearer {token}"
    client.headers["X-Chemtrack-Client"] = address
    return client


def made(owner: Client, access: str = "read", labs: tuple[str, ...] = ("curie",), **more: Any) -> dict[str, Any]:
    body = {"name": "Balance", "access": access, "labs": list(labs)} | more
    answer = owner.post("/tokens", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@pytest.fixture(scope="module")
def ada(installation: Installation) -> Client:
    return installation.as_user("ada")


@pytest.fixture(scope="module")
def reader(installation: Installation, ada: Client) -> Client:
    """A program with a token of Ada's, a manager, that may read."""
    return with_token(installation, made(ada)["token"])


@pytest.fixture(scope="module")
def writer(installation: Installation, ada: Client) -> Client:
    return with_token(installation, made(ada, "write")["token"])


@pytest.fixture(scope="module")
def bens(installation: Installation) -> Client:
    """A program with a token of Ben's, who belongs to curie and hodgkin, for hodgkin."""
    return with_token(installation, made(installation.as_user("ben"), "write", ("hodgkin",))["token"])


@pytest.fixture(scope="module")
def curies(ada: Client) -> Ids:
    return stock(ada, "curie")


@pytest.fixture
def kim(installation: Installation) -> Client:
    """A member of curie for one test."""
    root, name = installation.as_user("root"), f"kim-{secrets.token_hex(3)}"
    make_login(root, name)
    added = root.post("/labs/curie/members", json={"usernames": [name], "role": "member"})
    client = Client(installation.api_url, installation.service_token)
    client.headers["Authorization"] = f"Bearer {installation.new_token(name, 'a password of their own')}"
    client.user = next(item["user_id"] for item in added.json()["items"] if item["username"] == name)  # type: ignore[attr-defined]
    client.name = name  # type: ignore[attr-defined]
    return client


# -- What a token opens -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_token_that_reads_does_what_a_viewer_does(reader: Client, curies: Ids, operation: str) -> None:
    answer = send(reader, "curie", operation, curies)
    if operation.startswith("GET ") and not operation.startswith(FOR_MANAGERS):
        assert answer.status_code == (204 if operation == "GET /membership" else 200), answer.text
    else:
        assert answer.status_code == 403, answer.text


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_managers_token_that_writes_does_what_a_member_does(ada: Client, writer: Client, operation: str) -> None:
    i = prepare(ada, operation, stock(ada, "curie"))
    answer = send(writer, "curie", operation, i)
    if operation in FOR_MANAGERS_ALONE:
        assert answer.status_code == 403, answer.text
    else:
        assert answer.status_code < 300, answer.text


@pytest.mark.parametrize("operation", OPERATIONS)
def test_another_lab_of_its_owner_is_a_lab_that_is_not_there(bens: Client, curies: Ids, operation: str) -> None:
    here, nowhere = (send(bens, lab, operation, curies) for lab in ("curie", "nowhere"))
    assert here.status_code == 404
    assert (here.status_code, here.json()) == (nowhere.status_code, nowhere.json())


def test_a_token_reaches_no_route_outside_its_labs(installation: Installation, writer: Client) -> None:
    """Of accounts, logins, sessions, tokens, labs, members and administration it can call none, whoever made it."""
    root = installation.as_user("root")
    assert root.post("/labs/curie/members", json={"usernames": ["root"], "role": "manager"}).status_code in (200, 201)
    of_an_administrator = with_token(installation, made(root, "write")["token"])
    paths = installation.service.get("/openapi.json").json()["paths"]
    outside = [path for path in paths if not path.startswith("/labs/{lab}/") or path in ADMINISTRATION]
    assert {"/sessions", "/tokens", "/tokens/{token}", "/events", "/labs", "/logins", "/isolation"} <= set(outside)
    for path in outside:
        for method in paths[path]:
            for client in (writer, of_an_administrator):
                place = path.format(lab="curie", user=1, username="ada", session=1, token=1, number=1)
                answer = client.request(method.upper(), place, json={})
                assert answer.status_code == 403, f"{method} {path}: {answer.status_code} {answer.text}"
                assert "access token" in answer.text


def test_administration_is_closed_to_tokens_by_the_database_too(installation: Installation) -> None:
    root = installation.as_user("root")
    root.post("/labs/curie/members", json={"usernames": ["root"], "role": "manager"})
    token = made(root, "write")["token"]
    for bearer, opens in ((str(root.headers["Authorization"]).removeprefix("Bearer "), True), (token, False)):
        statement = "SELECT * FROM control.enter_administration(%s)"
        inner = hashlib.sha256(bearer.encode()).hexdigest()
        if opens:
            assert installation.psql(statement, inner, as_="chemadmin")
        else:
            with pytest.raises(psycopg.errors.InvalidAuthorizationSpecification):
                installation.psql(statement, inner, as_="chemadmin")


# -- The database holds it, whatever SQL is run as chemuser ------------------------------------------------------------

ENTER = "SELECT set_config('app.lab_id', %s, true), set_config('app.session', %s, true)"
ADD = "INSERT INTO inventory.chemicals (name) VALUES ('Injected')"


@pytest.mark.parametrize("access", ["read", "write"])
def test_injected_sql_writes_no_row_with_a_token_that_reads(
    installation: Installation, ada: Client, access: str
) -> None:
    session = hashlib.sha256(made(ada, access)["token"].encode()).hexdigest()
    with psycopg.connect(installation.dsn("chemuser")) as connection:
        connection.execute(ENTER, [str(installation.lab_id("curie")), session])
        assert connection.execute("SELECT control.role()").fetchone() == (
            {"read": "viewer", "write": "member"}[access],
        )
        if access == "write":
            connection.execute(ADD)
        else:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(ADD)
        connection.rollback()


def test_injected_sql_opens_no_lab_that_the_token_is_not_for(installation: Installation) -> None:
    session = hashlib.sha256(made(installation.as_user("ben"))["token"].encode()).hexdigest()
    with psycopg.connect(installation.dsn("chemuser")) as connection:
        connection.execute(ENTER, [str(installation.lab_id("curie")), session])
        connection.execute("SELECT count(*) FROM inventory.chemicals")
        connection.execute(ENTER, [str(installation.lab_id("hodgkin")), session])
        with pytest.raises(psycopg.errors.InvalidAuthorizationSpecification, match="no lab was entered"):
            connection.execute("SELECT count(*) FROM inventory.chemicals")


# -- When a token ends ------------------------------------------------------------------------------------------------


def revoke(installation: Installation, kim: Any, number: int) -> None:
    assert kim.delete(f"/tokens/{number}").status_code == 204


def let_expire(installation: Installation, kim: Any, number: int) -> None:
    installation.psql("UPDATE control.sessions SET expires_at = now() - interval '1 second' WHERE id = %s", number)


def remove_from_lab(installation: Installation, kim: Any, number: int) -> None:
    assert installation.as_user("root").delete(f"/labs/curie/members/{kim.user}").status_code == 204


def make_viewer(installation: Installation, kim: Any, number: int) -> None:
    changed = installation.as_user("root").patch(f"/labs/curie/members/{kim.user}", json={"role": "viewer"})
    assert changed.status_code == 204


def change_password(installation: Installation, kim: Any, number: int) -> None:
    change = {"current_password": "a password of their own", "new_password": "violet tractor under glass"}
    assert kim.put("/sessions/current/password", json=change).status_code == 200


def reset_password(installation: Installation, kim: Any, number: int) -> None:
    assert installation.as_user("root").put(f"/logins/{kim.name}/password", json={}).status_code == 200


def remove_login(installation: Installation, kim: Any, number: int) -> None:
    assert installation.as_user("root").delete(f"/logins/{kim.name}").status_code == 204


@pytest.mark.parametrize(
    ("end", "reading", "writing"),
    [
        (revoke, 401, 401),
        (let_expire, 401, 401),
        (remove_from_lab, 404, 404),
        (make_viewer, 200, 403),
        (change_password, 401, 401),
        (reset_password, 401, 401),
        (remove_login, 401, 401),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_token_ends_at_once(
    installation: Installation,
    kim: Client,
    end: Callable[[Installation, Client, int], None],
    reading: int,
    writing: int,
) -> None:
    token = made(kim, "write")
    program = with_token(installation, token["token"])
    add = {"name": f"Salt {secrets.token_hex(4)}"}
    assert program.get("/labs/curie/chemicals").status_code == 200
    assert program.post("/labs/curie/chemicals", json=add).status_code == 201
    end(installation, kim, token["id"])
    assert program.get("/labs/curie/chemicals").status_code == reading
    assert program.post("/labs/curie/chemicals", json={"name": f"More {add['name']}"}).status_code == writing


# -- Making, listing, revoking ----------------------------------------------------------------------------------------


def test_a_token_is_shown_once_and_kept_as_a_hash(installation: Installation, ada: Client) -> None:
    new = made(ada, name="Shown once")
    assert new["token"].startswith("chemtrack_")
    assert len(new["token"]) > 50
    listed = ada.get("/tokens")
    [mine] = [item for item in listed.json()["items"] if item["id"] == new["id"]]
    assert (mine["name"], mine["access"], mine["labs"]) == ("Shown once", "read", ["curie"])
    assert new["token"] not in listed.text
    [(row, days)] = installation.psql(
        "SELECT s::text, extract(day FROM expires_at - made_at)::int FROM control.sessions s WHERE id = %s", new["id"]
    )
    inner = hashlib.sha256(new["token"].encode()).hexdigest()
    assert new["token"] not in row
    assert inner not in row, "what opens a lab is not stored: only a hash of it"
    assert days == 90
    assert new["id"] not in [session["id"] for session in ada.get("/sessions").json()["items"]]


def test_when_and_from_where_a_token_was_used_is_listed(installation: Installation, ada: Client) -> None:
    new = made(ada)

    def listed() -> Any:
        return next(item for item in ada.get("/tokens").json()["items"] if item["id"] == new["id"])

    assert (listed()["used_at"], listed()["used_from"]) == (None, None)
    with_token(installation, new["token"], "192.0.2.7").get("/labs/curie/chemicals")
    first = listed()
    assert first["used_from"] == "192.0.2.7"
    with_token(installation, new["token"], "192.0.2.7").get("/labs/curie/chemicals")
    assert listed() == first, "a row is not written with each request"
    with_token(installation, new["token"], "198.51.100.9").get("/labs/curie/chemicals")
    assert listed()["used_from"] == "198.51.100.9"
    installation.psql("UPDATE control.sessions SET used_at = now() - interval '6 minutes' WHERE id = %s", new["id"])
    before = listed()["used_at"]
    with_token(installation, new["token"], "198.51.100.9").get("/labs/curie/chemicals")
    assert listed()["used_at"] > before


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"labs": ["hodgkin"]}, "/labs"),
        ({"labs": ["curie", "nowhere"]}, "/labs"),
        ({"labs": []}, "/labs"),
        ({"name": " "}, "/name"),
        ({"name": "a" * 81}, "/name"),
        ({"access": "manage"}, "/access"),
        ({"days": 366}, "/days"),
        ({"days": 0}, "/days"),
    ],
)
def test_a_token_that_cannot_be_made_is_refused_beside_its_field(
    ada: Client, change: dict[str, Any], pointer: str
) -> None:
    answer = ada.post("/tokens", json={"name": "Balance", "access": "read", "labs": ["curie"]} | change)
    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_a_user_has_twenty_tokens_at_most(kim: Client) -> None:
    for _ in range(20):
        made(kim)
    full = kim.post("/tokens", json={"name": "One more", "access": "read", "labs": ["curie"]})
    assert full.status_code == 422
    assert "20 tokens" in full.json()["detail"]
    assert kim.delete(f"/tokens/{kim.get('/tokens').json()['items'][0]['id']}").status_code == 204
    made(kim)


def test_making_a_token_asks_for_the_password_again(installation: Installation, kim: Client) -> None:
    installation.psql("UPDATE control.sessions SET password_given_at = now() - interval '2 days'")
    refused = kim.post("/tokens", json={"name": "Balance", "access": "read", "labs": ["curie"]})
    assert refused.status_code == 403
    assert refused.json()["errors"][0]["pointer"] == "/session/password"
    installation.psql("UPDATE control.sessions SET password_given_at = now()")


def test_a_password_that_an_administrator_made_makes_no_token(installation: Installation, kim: Client) -> None:
    root, name = installation.as_user("root"), kim.name  # type: ignore[attr-defined]
    password = root.put(f"/logins/{name}/password", json={}).json()["password"]
    kim.headers["Authorization"] = f"Bearer {installation.new_token(name, password)}"
    refused = kim.post("/tokens", json={"name": "Balance", "access": "read", "labs": ["curie"]})
    assert refused.status_code == 403
    assert "password of your own" in refused.json()["detail"]


def test_nobody_revokes_or_lists_somebody_elses_token(installation: Installation, ada: Client) -> None:
    new, eve = made(ada), installation.as_user("eve")
    assert eve.delete(f"/tokens/{new['id']}").status_code == 404
    assert new["id"] not in [item["id"] for item in eve.get("/tokens").json()["items"]]
    assert eve.delete(f"/sessions/{new['id']}").status_code == 404
    [own] = [session["id"] for session in ada.get("/sessions").json()["items"] if session["this_one"]]
    assert ada.delete(f"/tokens/{own}").status_code == 404, "a session is no token"


def test_a_lab_reads_of_its_tokens_in_its_events(installation: Installation, ada: Client) -> None:
    [[last]] = installation.psql("SELECT max(id) FROM control.events")
    new = made(ada, "write", name="Traced balance")
    for _ in range(2):
        with_token(installation, new["token"], "198.51.100.9").get("/labs/curie/history.csv")
    assert ada.delete(f"/tokens/{new['id']}").status_code == 204
    lines = installation.psql(
        "SELECT kind, made_by_name, about_name, lab_id, details ->> 'token', address FROM control.events"
        " WHERE id > %s AND kind <> 'exported' ORDER BY id",
        last,
    )
    curie = installation.lab_id("curie")
    assert [line[:5] for line in lines] == [
        (kind, "ada", "ada", curie, "Traced balance") for kind in ("token_made", "token_used", "token_revoked")
    ]
    assert lines[1][5] == "198.51.100.9"
    exports = installation.psql(
        "SELECT details ->> 'token', address FROM control.events WHERE id > %s AND kind = 'exported'", last
    )
    assert exports == [("Traced balance", "198.51.100.9")] * 2, "a file that a program took away names its token"
    shown = ada.get("/labs/curie/events", params={"kind": "token_made"}).json()["items"][0]
    assert (shown["title"], shown["more"]) == ("Access token made", "role: member; token: Traced balance")
