"""A session ends: after its longest time, when it is not used, and when its owner ends it from another device."""

import hashlib

import pytest

from tests.installation import PASSWORD, Client, Installation


@pytest.fixture
def ada(installation: Installation) -> Client:
    """Ada, with a session of the test's own."""
    client = Client(installation.api_url, installation.service_token)
    client.headers["Authorization"] = f"Bearer {installation.new_token('ada')}"
    return client


def change(installation: Installation, client: Client, assignment: str) -> None:
    token = str(client.headers["Authorization"]).removeprefix("Bearer ")
    inner = hashlib.sha256(token.encode()).hexdigest()
    statement = f"UPDATE control.sessions SET {assignment} WHERE token_hash = sha256(decode(%s, 'hex')) RETURNING 1"
    assert installation.psql(statement, inner) == [(1,)]


def test_a_session_that_is_not_used_ends(installation: Installation, ada: Client) -> None:
    [(hours,)] = installation.psql("SELECT max(extract(epoch FROM expires_at - now())) / 3600 FROM control.sessions")
    assert 1.9 < hours <= 2
    change(installation, ada, "expires_at = now() - interval '1 second'")
    assert ada.get("/labs/curie/chemicals").status_code == 401


@pytest.mark.parametrize("path", ["/labs/curie/chemicals", "/sessions/current"])
def test_a_session_that_is_used_goes_on_until_its_end(installation: Installation, ada: Client, path: str) -> None:
    change(installation, ada, "expires_at = now() + interval '1 minute'")
    assert ada.get(path).status_code == 200
    change(installation, ada, "expires_at = expires_at - interval '110 minutes'")
    assert ada.get(path).status_code == 200, "the use before has moved the end of the session on by two hours"
    change(installation, ada, "ends_at = now() + interval '3 minutes', expires_at = now() + interval '1 minute'")
    assert ada.get(path).status_code == 200
    change(installation, ada, "expires_at = expires_at - interval '4 minutes'")
    assert ada.get(path).status_code == 401, "a session ends after its longest time, however busy it is"


def test_a_session_can_be_used_while_a_long_request_of_it_runs(installation: Installation, ada: Client) -> None:
    """A transaction that locks the session's row, as a long import may, does not make other requests wait."""
    import psycopg

    change(installation, ada, "expires_at = now() + interval '1 minute'")
    with psycopg.connect(installation.dsn()) as other:
        other.execute("SET ROLE chemowner")
        other.execute("SELECT FROM control.sessions FOR UPDATE")
        assert ada.get("/labs/curie/chemicals").status_code == 200


def test_my_sessions_are_listed_and_ended(installation: Installation, ada: Client) -> None:
    elsewhere = {"username": "ada", "password": "chemtrack-demo", "address": "192.0.2.50", "browser": "A phone"}
    token = installation.service.post("/sessions", json=elsewhere).json()["token"]
    mine = ada.get("/sessions").json()["items"]
    assert mine[0]["this_one"] is True
    [phone] = [session for session in mine if session["browser"] == "A phone"]
    assert (phone["address"], phone["this_one"]) == ("192.0.2.50", False)
    assert ada.delete(f"/sessions/{phone['id']}").status_code == 204
    ended = installation.service.get("/sessions/current", headers={"Authorization": f"Bearer {token}"})
    assert ended.status_code == 401


def test_a_session_of_somebody_else_is_not_mine_to_end(installation: Installation, ada: Client) -> None:
    eve = installation.as_user("eve")
    [hers, *_] = eve.get("/sessions").json()["items"]
    assert ada.delete(f"/sessions/{hers['id']}").status_code == 404
    assert eve.get("/sessions/current").status_code == 200
    assert hers["id"] not in [session["id"] for session in ada.get("/sessions").json()["items"]]


def test_a_new_sign_in_ends_the_session_that_the_browser_had(installation: Installation) -> None:
    browser = Client(installation.api_url, installation.service_token)

    def sign_in(password: str) -> int:
        answer = browser.post("/sessions", json={"username": "ada", "password": password, "address": "192.0.2.60"})
        if answer.status_code == 201:
            browser.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        return answer.status_code

    assert sign_in(PASSWORD) == 201
    former = {"Authorization": str(browser.headers["Authorization"])}
    assert sign_in("a wrong password") == 401
    assert installation.service.get("/sessions/current", headers=former).status_code == 200, "nobody signed in"
    assert sign_in(PASSWORD) == 201
    assert installation.service.get("/sessions/current", headers=former).status_code == 401
    assert browser.get("/sessions/current").status_code == 200


def test_signing_in_again_at_the_page_ends_the_session_before(installation: Installation) -> None:
    browser = installation.page("login")
    form = "form:has([name=password])"
    token = browser.soup("/login").select_one("input[name=csrf_token]")
    assert token
    browser.submit("/login", form, follow=False, username="ben", password=PASSWORD)
    with browser.session_transaction() as session:
        former = {"Authorization": f"Bearer {session['login']['token']}"}
    assert installation.service.get("/sessions/current", headers=former).status_code == 200
    [again] = [
        str(field["value"])
        for field in browser.soup("/account").select("form[action='/login/theme'] [name=csrf_token]")[:1]
    ]
    fields = {"csrf_token": again, "username": "ben", "password": PASSWORD}
    assert browser.post("/login", data=fields, headers={"Referer": "http://localhost/login"}).status_code == 302
    assert installation.service.get("/sessions/current", headers=former).status_code == 401


def test_a_changed_password_gives_the_session_another_token(installation: Installation, ada: Client) -> None:
    before = {"Authorization": str(ada.headers["Authorization"])}
    change = {"current_password": PASSWORD, "new_password": "violet tractor under glass"}
    answer = ada.put("/sessions/current/password", json=change)
    after = {"Authorization": f"Bearer {answer.json()['token']}"}
    assert installation.service.get("/sessions/current", headers=before).status_code == 401
    assert installation.service.get("/sessions/current", headers=after).status_code == 200
    [mine] = installation.service.get("/sessions", headers=after).json()["items"]
    assert mine["this_one"] is True
