"""An unattended browser gives nobody rights: before logins, labs, members or sessions change, the password is asked for again."""

import hashlib
from typing import Any

import psycopg
import pytest
from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from tests.installation import PASSWORD, Client, Installation, PageClient, fields_of, words

BODIES: dict[str, Any] = {
    "POST /labs": {"slug": "new-lab", "name": "New lab"},
    "PATCH /labs/{lab}": {"name": "Renamed"},
    "POST /labs/{lab}/members": {"usernames": ["eve"], "role": "manager"},
    "PATCH /labs/{lab}/members/{user}": {"role": "manager"},
    "POST /logins": {"logins": [{"username": "intruder"}]},
    "PATCH /logins/{username}": {"administrator": True},
    "PUT /logins/{username}/password": {},
}
"""A body with which the route would do its work."""
IDS = {"lab": "curie", "user": "1", "username": "ben", "session": "1", "number": "1"}
ASKED_LATER = {"post /classifications"}
"""Nobody but administrators sees what is uploaded until it is kept, which is asked about."""
ASKED = "/session/password"


def signed_in(installation: Installation, username: str) -> Client:
    client = Client(installation.api_url, installation.service_token)
    client.headers["Authorization"] = f"Bearer {installation.new_token(username)}"
    return client


def leave_alone(installation: Installation, token: str) -> None:
    """The session's owner typed their password a day ago and more."""
    inner = hashlib.sha256(token.removeprefix("Bearer ").encode()).hexdigest()
    aged = "UPDATE control.sessions SET password_given_at = now() - interval '25 hours' WHERE token_hash = sha256(decode(%s, 'hex')) RETURNING 1"
    assert installation.psql(aged, inner) == [(1,)]


@pytest.fixture
def root(installation: Installation) -> Client:
    """Root, who signed in long ago."""
    client = signed_in(installation, "root")
    leave_alone(installation, str(client.headers["Authorization"]))
    return client


def pointers(answer: Any) -> list[str]:
    return [error["pointer"] for error in answer.json()["errors"]]


def test_no_route_of_administration_writes_without_the_password(installation: Installation, root: Client) -> None:
    paths = installation.service.get("/openapi.json").json()["paths"]
    tried = []
    acts = "SELECT count(*) FROM control.events WHERE made_by_name = 'root'"
    before = installation.psql(acts)
    for path, methods in paths.items():
        for method, route in methods.items():
            if method == "get" or not ("administration" in route["tags"] or path == "/sessions/{session}"):
                continue
            if f"{method} {path}" in ASKED_LATER:
                continue
            answer = root.request(method.upper(), path.format(**IDS), json=BODIES.get(f"{method.upper()} {path}"))
            assert (answer.status_code, pointers(answer)) == (403, [ASKED]), f"{method} {path}: {answer.text}"
            tried.append(f"{method.upper()} {path}")
    assert {*BODIES} < {*tried}
    assert installation.psql(acts) == before, "what was refused has left a line, so something was done"
    assert root.get("/logins").status_code == 200, "looking is not asked about"


def test_the_password_typed_again_holds_in_every_process(
    installation: Installation, other_process: Client, root: Client
) -> None:
    session = {"Authorization": str(root.headers["Authorization"])}
    rename = {"name": "Curie lab"}
    assert other_process.patch("/labs/curie", json=rename, headers=session).status_code == 403
    wrong = root.put("/sessions/current/confirmation", json={"password": "a guess"})
    assert (wrong.status_code, pointers(wrong)) == (422, ["/password"])
    assert other_process.patch("/labs/curie", json=rename, headers=session).status_code == 403
    assert root.put("/sessions/current/confirmation", json={"password": PASSWORD}).status_code == 204
    assert other_process.patch("/labs/curie", json=rename, headers=session).status_code == 200


def test_a_session_that_is_used_from_another_network_asks_for_it(installation: Installation) -> None:
    root = signed_in(installation, "root")
    rename = {"name": "Curie lab"}

    def change(address: str) -> int:
        return root.patch("/labs/curie", json=rename, headers={"X-Chemtrack-Client": address}).status_code

    def confirm(address: str) -> None:
        again = {"password": PASSWORD, "address": address}
        answer = root.put("/sessions/current/confirmation", json=again, headers={"X-Chemtrack-Client": address})
        assert answer.status_code == 204

    tried = ("127.0.0.1", "127.0.0.77", "192.0.2.7", "2001:db8::1")
    assert [change(address) for address in tried] == [200, 200, 403, 403]
    assert root.get("/logins", headers={"X-Chemtrack-Client": "192.0.2.7"}).status_code == 200, (
        "looking is not asked about"
    )
    confirm("2001:db8::1")
    assert [change(address) for address in ("2001:db8::2", "127.0.0.1")] == [200, 403]
    confirm("127.0.0.1")
    assert change("127.0.0.1") == 200


def test_an_api_of_before_is_served_too(installation: Installation) -> None:
    token = installation.new_token("root")
    session = hashlib.sha256(token.encode()).hexdigest()
    asked = "SELECT control.require_password(%s, %s)"
    assert len(installation.psql(asked, session, "1 hour")) == 1
    leave_alone(installation, token)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        installation.psql(asked, session, "1 hour")


def test_a_page_asks_where_the_browser_has_moved_to_another_network(installation: Installation) -> None:
    browser = installation.page("login")
    browser.submit("/login", "form:has([name=password])", username="root", password=PASSWORD)
    cookie = browser.get_cookie("chemtrack")
    assert cookie
    moved = installation.page("admin")
    moved.environ_base["REMOTE_ADDR"] = "198.51.100.20"
    moved.set_cookie("chemtrack", cookie.value)
    asked = moved.submit("/admin/new-lab", "form:has([name=slug])", name="Moved lab", slug="moved")
    assert (asked.status_code, "Your password again" in asked.text) == (403, True)
    assert "Moved lab is made" in go_on(moved, asked, PASSWORD).text


def test_guessing_it_is_slowed_and_told(installation: Installation) -> None:
    ben = signed_in(installation, "ben")
    guess = {"password": "a guess", "address": "192.0.2.77"}
    assert [ben.put("/sessions/current/confirmation", json=guess).status_code for _ in range(5)] == [422] * 5
    assert ben.put("/sessions/current/confirmation", json={"password": PASSWORD}).status_code == 429
    again = {"username": "ben", "password": PASSWORD, "address": "127.0.0.1"}
    told = installation.service.post("/sessions", json=again).json()["refused_before"]
    assert (told["tries"], told["addresses"][0]) == (6, "192.0.2.77")


# -- the pages ------------------------------------------------------------------------------------------------------


def browser_of(installation: Installation, page: str, username: str) -> PageClient:
    """A browser whose user signed in long ago, on a page."""
    desk = installation.page("login")
    desk.submit("/login", "form:has([name=password])", username=username, password=PASSWORD)
    with desk.session_transaction() as session:
        leave_alone(installation, session["login"]["token"])
    cookie = desk.get_cookie("chemtrack")
    assert cookie
    client = installation.page(page)
    client.set_cookie("chemtrack", cookie.value)
    return client


def go_on(client: PageClient, asked: TestResponse, password: str) -> TestResponse:
    form = BeautifulSoup(asked.text, "html.parser").select_one("form:has([name=password_again])")
    assert form
    return client.post(
        str(form["action"]), data=fields_of(form) | {"password_again": [password]}, follow_redirects=True
    )


def test_a_page_asks_keeps_the_form_and_goes_on(installation: Installation) -> None:
    browser = browser_of(installation, "admin", "root")
    asked = browser.submit("/admin/new-lab", "form:has([name=slug])", name="Lovelace lab", slug="lovelace")
    assert (asked.status_code, "Your password again" in asked.text) == (403, True)
    assert installation.psql("SELECT 1 FROM control.labs WHERE slug = 'lovelace'") == []
    for password, sentence in (("", "Type your password."), ("a guess", "This is not your password now.")):
        asked = go_on(browser, asked, password)
        assert asked.status_code == 422
        shown = BeautifulSoup(asked.text, "html.parser").select_one("#password_again-error")
        assert shown
        assert words(shown) == sentence
        assert "a guess" not in asked.text
    done = go_on(browser, asked, PASSWORD)
    assert (done.status_code, "Lovelace lab is made" in done.text) == (200, True)
    assert browser.submit("/admin/labs/lovelace/archive", "[data-dialog-body] form").status_code == 200, "not again"


def test_leaving_it_leads_back(installation: Installation) -> None:
    browser = browser_of(installation, "admin", "root")
    form = browser.soup("/admin/labs/curie/archive").select_one("[data-dialog-body] form")
    assert form
    headers = {"Referer": "http://localhost/admin/labs/curie"}
    asked = browser.post("/admin/labs/curie/archive", data=fields_of(form), headers=headers)
    again = go_on(browser, asked, "a guess")
    for page in (asked, again):
        leave = BeautifulSoup(page.text, "html.parser").select_one("footer a.btn")
        assert leave
        assert leave["href"] == "/admin/labs/curie"


def test_the_password_is_in_no_form_that_is_kept_for_later(installation: Installation) -> None:
    """The session ends while the password is asked for: the form is kept, and the password is not in it."""
    browser = browser_of(installation, "admin", "root")
    asked = browser.submit("/admin/labs/curie/archive", "[data-dialog-body] form")
    installation.psql("DELETE FROM control.sessions WHERE password_given_at < now() - interval '1 day'")
    kept = go_on(browser, asked, PASSWORD)
    assert (kept.status_code, "What you typed is kept" in kept.text) == (401, True)
    sealed = BeautifulSoup(kept.text, "html.parser").select_one("[name=kept]")
    assert sealed
    with installation.page_app("admin").test_request_context("/"):
        from pages.common import kept_forms

        form = kept_forms.unseal(str(sealed["value"]))
    assert form
    assert form.path == "/admin/labs/curie/archive"
    assert not any("password" in name or PASSWORD in value for name, value in form.fields)


# -- what was refused is told ---------------------------------------------------------------------------------------


def guess(installation: Installation, address: str, **more: str) -> None:
    credentials = {"username": "cleo", "password": "a guess", "address": address} | more
    assert installation.service.post("/sessions", json=credentials).status_code in (401, 429)


def test_refused_tries_are_told_at_the_next_sign_in_and_on_the_account_page(installation: Installation) -> None:
    for address in ("198.51.100.1", "198.51.100.1", "2001:db8::7"):
        guess(installation, address)
    guess(installation, "203.0.113.9", device="a browser where cleo signed in")
    browser = installation.page("login")
    there = browser.submit("/login", "form:has([name=password])", username="cleo", password=PASSWORD, follow=False)
    assert there.status_code == 302
    account = browser.soup("/account")
    toast = account.select_one(".ct-toast[data-stays]")
    assert toast, "it stays until it is read"
    assert words(toast).startswith("3 refused tries to sign in as you since ")
    assert words(toast).endswith(" UTC, from 198.51.100.1, 2001:db8::7")
    assert "Before it: 3 refused tries" in words(account)
    assert installation.as_user("cleo").get("/sessions").status_code == 200
    second = {"username": "cleo", "password": PASSWORD, "address": "127.0.0.1"}
    assert installation.service.post("/sessions", json=second).json()["refused_before"] is None


def test_a_flood_from_everywhere_stays_one_short_line(installation: Installation) -> None:
    for number in range(40):
        guess(installation, f"203.{number}.113.1")
    told = installation.service.post(
        "/sessions", json={"username": "cleo", "password": PASSWORD, "address": "127.0.0.1"}
    ).json()["refused_before"]
    assert (told["tries"], len(told["addresses"])) == (40, 5)
