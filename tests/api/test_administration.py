"""Administrators keep labs, members and logins; everybody else is refused; they see no inventory."""

import pytest
import requests

from tests.installation import PASSWORD, Client, Installation, make_login


@pytest.fixture(scope="module")
def root(installation: Installation) -> Client:
    return installation.as_user("root")


def test_a_lab_is_made_renamed_archived_and_taken_back(installation: Installation, root: Client) -> None:
    made = root.post("/labs", json={"slug": "noether", "name": "Noether lab", "time_zone": "Europe/Berlin"})
    assert made.status_code == 201, made.text
    assert root.post("/labs/noether/members", json={"usernames": ["ada"], "role": "manager"}).status_code == 201
    ada = installation.as_user("ada")
    assert ada.get("/labs/noether/chemicals").status_code == 200
    assert root.patch("/labs/noether", json={"slug": "emmy", "name": "Emmy lab"}).json()["name"] == "Emmy lab"
    assert ada.get("/labs/noether/chemicals").status_code == 404
    assert ada.get("/labs/emmy/chemicals").status_code == 200
    assert root.patch("/labs/emmy", json={"archived": True}).json()["archived_at"]
    assert ada.get("/labs/emmy/chemicals").status_code == 404
    assert root.patch("/labs/emmy", json={"archived": False}).json()["archived_at"] is None
    assert ada.get("/labs/emmy/chemicals").status_code == 200


@pytest.mark.parametrize(
    ("lab", "status", "pointer"),
    [
        ({"slug": "curie", "name": "Again"}, 409, "/slug"),
        ({"slug": "static", "name": "S"}, 422, "/slug"),
        ({"slug": "A b", "name": "S"}, 422, "/slug"),
        ({"slug": "okay", "name": " "}, 422, "/name"),
        ({"slug": "okay", "name": "Okay", "time_zone": "Mars/Olympus"}, 422, "/time_zone"),
        ({"slug": "okay", "name": "Okay", "time_zone": "'; DROP"}, 422, "/time_zone"),
    ],
)
def test_a_lab_that_cannot_be_is_refused_beside_its_field(
    root: Client, lab: dict[str, str], status: int, pointer: str
) -> None:
    before = root.get("/labs").json()
    answer = root.post("/labs", json=lab)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (status, pointer)
    assert root.get("/labs").json() == before


def test_a_role_and_a_membership_change_at_once(installation: Installation, root: Client) -> None:
    root.post("/labs", json={"slug": "franklin", "name": "Franklin lab"})
    members = root.post("/labs/franklin/members", json={"usernames": ["ben"], "role": "member"}).json()["items"]
    [ben_id] = [member["user_id"] for member in members]
    ben = installation.as_user("ben")
    assert ben.post("/labs/franklin/chemicals", json={"name": "Salt"}).status_code == 201
    assert root.patch(f"/labs/franklin/members/{ben_id}", json={"role": "viewer"}).status_code == 204
    assert ben.post("/labs/franklin/chemicals", json={"name": "Sugar"}).status_code == 403
    assert root.delete(f"/labs/franklin/members/{ben_id}").status_code == 204
    assert ben.get("/labs/franklin/chemicals").status_code == 404
    again = root.post("/labs/franklin/members", json={"usernames": ["ben"], "role": "member"})
    assert again.status_code == 201
    assert ben.get("/labs/franklin/chemicals").status_code == 200
    twice = root.post("/labs/franklin/members", json={"usernames": ["ben"], "role": "manager"})
    assert (twice.status_code, twice.json()["detail"]) == (422, "ben: a member already.")
    unknown = root.post("/labs/franklin/members", json={"usernames": ["nobody"], "role": "member"})
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/usernames")


def test_a_role_changes_although_other_labs_have_the_same_member(root: Client) -> None:
    """Ada's membership of Curie lab has another version than the membership that is changed."""
    root.post("/labs", json={"slug": "meitner", "name": "Meitner lab"})
    [ada] = root.post("/labs/meitner/members", json={"usernames": ["ada"], "role": "member"}).json()["items"]
    change = f"/labs/meitner/members/{ada['user_id']}"
    assert root.patch(change, json={"role": "manager", "version": ada["version"]}).status_code == 204
    assert root.patch(change, json={"role": "viewer", "version": ada["version"]}).status_code == 409
    roles = [member["role"] for member in root.get("/labs/meitner/members").json()["items"]]
    assert roles == ["manager"]


def test_logins_are_made_many_at_once_and_sign_in(installation: Installation, root: Client) -> None:
    wanted = [{"username": "Dora", "name": "Dora Li"}, {"username": "finn", "password": "chosen by root"}]
    made = root.post("/logins", json={"logins": wanted})
    assert made.status_code == 201, made.text
    dora, finn = made.json()["items"]
    assert installation.new_token("dora", dora["password"])
    assert finn["password"] != "chosen by root", "no administrator chooses somebody else's password"
    shown = {login["username"]: login for login in root.get("/logins").json()["items"]}
    assert shown["dora"]["name"] == "Dora Li"
    assert "password" not in shown["dora"]


def test_wrong_logins_are_refused_beside_their_fields_and_none_is_made(root: Client) -> None:
    wanted = [
        {"username": "gus"},
        {"username": "ada"},
        {"username": "g us"},
        {"username": "gus"},
    ]
    answer = root.post("/logins", json={"logins": wanted})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [
        "/logins/1/username",
        "/logins/2/username",
        "/logins/3/username",
    ]
    assert "gus" not in [login["username"] for login in root.get("/logins").json()["items"]]


def test_a_reset_password_ends_what_was_open(installation: Installation, root: Client) -> None:
    make_login(root, "ida", "first password")
    token = installation.new_token("ida", "first password")
    new = root.put("/logins/ida/password", json={}).json()["password"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert installation.service.get("/sessions/current", headers=bearer).status_code == 401
    assert installation.new_token("ida", new)
    old = {"username": "ida", "password": "first password"}
    assert installation.service.post("/sessions", json=old).status_code == 401


def test_a_login_made_anew_under_an_old_name_is_a_new_user(installation: Installation, root: Client) -> None:
    make_login(root, "jo", "the first jo")
    root.post("/labs/hodgkin/members", json={"usernames": ["jo"], "role": "member"})
    token = installation.new_token("jo", "the first jo")
    assert root.delete("/logins/jo").status_code == 204
    assert (
        installation.service.get("/sessions/current", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    )
    make_login(root, "jo", "the second jo")
    bearer = {"Authorization": f"Bearer {installation.new_token('jo', 'the second jo')}"}
    assert installation.service.get("/sessions/current", headers=bearer).json()["labs"] == []
    assert installation.service.get("/labs/hodgkin/chemicals", headers=bearer).status_code == 404


def test_one_administrator_always_remains(root: Client) -> None:
    assert root.patch("/logins/root", json={"administrator": False}).status_code == 409
    assert root.delete("/logins/root").status_code == 409


def test_another_administrator_is_made_and_unmade(installation: Installation, root: Client) -> None:
    make_login(root, "kim", "kim's password")
    assert root.patch("/logins/kim", json={"administrator": True, "name": "Kim Sato"}).status_code == 204
    bearer = {"Authorization": f"Bearer {installation.new_token('kim', 'kim' + chr(39) + 's password')}"}
    assert installation.service.get("/labs", headers=bearer).status_code == 200
    assert root.patch("/logins/kim", json={"administrator": False}).status_code == 204
    assert installation.service.get("/labs", headers=bearer).status_code == 403


ROUTES = [
    ("GET", "/labs", None),
    ("POST", "/labs", {"slug": "mine", "name": "Mine"}),
    ("PATCH", "/labs/curie", {"name": "Mine"}),
    ("GET", "/labs/curie/members", None),
    ("POST", "/labs/curie/members", {"usernames": ["eve"], "role": "manager"}),
    ("PATCH", "/labs/curie/members/1", {"role": "viewer"}),
    ("DELETE", "/labs/curie/members/1", None),
    ("GET", "/logins", None),
    ("POST", "/logins", {"logins": [{"username": "mallory"}]}),
    ("PATCH", "/logins/eve", {"administrator": True}),
    ("PUT", "/logins/ada/password", {}),
    ("DELETE", "/logins/ada", None),
]


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
@pytest.mark.parametrize("who", ["ada", "eve", "cleo"])
def test_only_an_administrator_administers(
    installation: Installation, who: str, method: str, path: str, body: object
) -> None:
    assert installation.as_user(who).request(method, path, json=body).status_code == 403


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_without_a_session_nothing_is_administered(
    installation: Installation, method: str, path: str, body: object
) -> None:
    assert installation.service.request(method, path, json=body).status_code == 401


def test_guessing_slows_down_and_does_not_tell_who_exists(installation: Installation) -> None:
    def guess(username: str, address: str) -> requests.Response:
        login = {"username": username, "password": "guess", "address": address}
        return installation.service.post("/sessions", json=login)

    for username in ("cleo", "nobody-of-this-name"):
        first = guess(username, "192.0.2.1")
        assert (first.status_code, first.json()["detail"]) == (401, "The user name or the password is wrong.")
        for _ in range(4):
            guess(username, "192.0.2.1")
        slowed = guess(username, "192.0.2.2")
        assert slowed.status_code == 429
        assert 1 <= int(slowed.headers["Retry-After"]) <= 3
    for number in range(20):
        guess(f"user{number}", "192.0.2.3")
    assert guess("somebody-else", "192.0.2.3").status_code == 429


def test_my_own_password_is_changed_and_my_other_sessions_end(installation: Installation, root: Client) -> None:
    make_login(root, "lea", "lea's first one")
    here = {"Authorization": f"Bearer {installation.new_token('lea', 'lea' + chr(39) + 's first one')}"}
    there = {"Authorization": f"Bearer {installation.new_token('lea', 'lea' + chr(39) + 's first one')}"}

    def change(current: str, new: str) -> requests.Response:
        body = {"current_password": current, "new_password": new}
        return installation.service.put("/sessions/current/password", json=body, headers=here)

    assert change("wrong", "a longer new one").json()["errors"][0]["pointer"] == "/current_password"
    assert change("lea's first one", "short").json()["errors"][0]["pointer"] == "/new_password"
    renewed = change("lea's first one", "a longer new one")
    assert installation.service.get("/sessions/current", headers=here).status_code == 401
    here = {"Authorization": f"Bearer {renewed.json()['token']}"}
    assert installation.service.get("/sessions/current", headers=here).status_code == 200
    assert installation.service.get("/sessions/current", headers=there).status_code == 401
    assert installation.new_token("lea", "a longer new one")


def test_without_the_service_token_there_is_nothing(installation: Installation) -> None:
    login = {"username": "ada", "password": PASSWORD}
    for headers in ({}, {"X-Chemtrack-Service": "wrong"}):
        assert (
            requests.post(f"{installation.api_url}/sessions", json=login, headers=headers, timeout=30).status_code
            == 403
        )
    told = requests.get(f"{installation.api_url}/health", timeout=30)
    assert (told.status_code, told.json()["status"]) == (200, "ok")
