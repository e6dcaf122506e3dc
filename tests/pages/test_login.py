"""Signing in and out, choosing a lab, changing one's password: with the real API and a real database."""

import re

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.installation import PASSWORD, Installation, make_login, words

SIGN_IN = "form:has([name=password])"
CHANGE = "form:has([name=new_password])"
NEW = "violet tractor under glass"


def sign_in(client: FlaskClient, username: str, password: str = PASSWORD, path: str = "/login") -> TestResponse:
    return client.submit(path, SIGN_IN, follow=False, username=username, password=password)  # type: ignore[attr-defined,no-any-return]


def test_ada_comes_to_her_only_lab(installation: Installation) -> None:
    assert sign_in(installation.page("login"), "ada").location == "/home/curie"


def test_a_user_name_is_taken_as_it_is_typed(installation: Installation) -> None:
    assert sign_in(installation.page("login"), " Ada ").location == "/home/curie"


def test_ben_chooses_one_of_his_labs(installation: Installation) -> None:
    client = installation.page("login")
    assert sign_in(client, "ben").location == "/login/lab"
    page = client.soup("/login/lab")
    assert [(str(lab["href"]), lab.select(".ct-small")[0].text) for lab in page.select(".ct-pick")] == [
        ("/home/curie", "member"),
        ("/home/hodgkin", "viewer"),
    ]
    assert "You belong to two." in words(page)


def test_root_comes_to_administration(installation: Installation) -> None:
    client = installation.page("login")
    assert sign_in(client, "root").location == "/admin"
    page = client.soup("/account")
    assert "no lab’s chemicals here" in words(page)


def test_one_comes_back_to_where_one_was(installation: Installation) -> None:
    client = installation.page("login")
    where = "/login?next=/checkout/curie%3Fstep%3D2"
    assert "Check out" in client.soup(where).select(".ct-note")[0].text
    assert sign_in(client, "ada", path=where).location == "/checkout/curie?step=2"


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "https://evil.example", "/%2fevil.example", "/\\evil.example", "/logout"]
)
def test_nobody_is_led_elsewhere(installation: Installation, elsewhere: str) -> None:
    client = installation.page("login")
    page = client.soup("/login", query_string={"next": elsewhere})
    assert str(page.select("[name=next]")[0]["value"]) in ("", "/logout")
    token = page.select("[name=csrf_token]")[0]["value"]
    fields = {"csrf_token": token, "username": "ada", "password": PASSWORD, "next": elsewhere}
    assert client.post("/login", data=fields).location == "/home/curie"


def test_who_is_signed_in_is_led_on(installation: Installation) -> None:
    client = installation.page("login", "ada")
    assert client.get("/login?next=/history/curie").location == "/history/curie"
    assert client.get("/login").location == "/home/curie"


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("ada", "not-her-password"),
        ("nobody", PASSWORD),
        ("ada'--", PASSWORD),
        ("a" * 100, PASSWORD),
        ("ada", "x" * 900),
        ("ada\x00", "not-her-password"),
    ],
)
def test_a_wrong_login_is_said_beside_the_field(installation: Installation, username: str, password: str) -> None:
    client = installation.page("login")
    answer = sign_in(client, username, password)
    assert answer.status_code in (401, 422)
    assert 'aria-invalid="true"' in answer.text
    assert password not in answer.text
    assert client.get("/account").status_code == 302


def test_the_typed_name_stays_and_the_password_does_not(installation: Installation) -> None:
    client = installation.page("login")
    answer = sign_in(client, "cleo", "not-her-password")
    assert answer.status_code == 401
    assert 'value="cleo"' in answer.text
    assert "not-her-password" not in answer.text
    assert "is wrong." in answer.text


@pytest.mark.parametrize(
    ("username", "password", "said"), [("", "x", "user name"), ("ada", "", "password"), (" ", "", "user name")]
)
def test_an_empty_field_is_named(installation: Installation, username: str, password: str, said: str) -> None:
    answer = sign_in(installation.page("login"), username, password)
    assert answer.status_code == 422
    assert f"Type your {said}." in answer.text


def test_too_many_tries_are_slowed_down_and_it_is_said_for_how_long(installation: Installation) -> None:
    client = installation.page("login")
    for _ in range(8):
        answer = sign_in(client, "somebody", "guess")
        if answer.status_code == 429:
            break
    assert answer.status_code == 429
    assert "Try again in" in answer.text
    installation.psql("DELETE FROM control.login_failures")


def test_signing_out_ends_the_session_everywhere(installation: Installation) -> None:
    client = installation.page("login")
    sign_in(client, "eve")
    other = installation.page("login")
    cookie = client.get_cookie("chemtrack")
    assert cookie
    other.set_cookie("chemtrack", cookie.value)
    assert other.get("/login/lab").status_code == 200
    assert client.submit("/logout", "main form", follow=False).location == "/login"
    assert client.get("/account").location == "/login?next=/account"
    assert other.get("/login/lab").location == "/login?next=/login/lab"  # the API knows the copy no more


def test_nothing_of_an_earlier_session_stays_in_the_cookie(installation: Installation) -> None:
    client = installation.page("login")

    def plant() -> None:
        with client.session_transaction() as session:
            session["last_lab"] = "hodgkin"

    plant()
    sign_in(client, "ada")
    with client.session_transaction() as session:
        assert session["login"]["username"] == "ada"
        assert "last_lab" not in session, "ada would be led by what another user did in this browser"
    plant()
    client.submit("/logout", "main form", follow=False)
    with client.session_transaction() as session:
        assert "last_lab" not in session


def test_a_link_signs_nobody_out(installation: Installation) -> None:
    client = installation.page("login", "ada")
    assert "Sign out?" in client.soup("/logout").text
    assert client.get("/account").status_code == 200


def test_signing_out_twice_does_no_harm(installation: Installation) -> None:
    client = installation.page("login")
    assert client.get("/logout").location == "/login"


def test_a_user_changes_their_password(installation: Installation) -> None:
    before = "a password of their own"
    make_login(installation.as_user("root"), "mia", before)
    client = installation.page("login")
    sign_in(client, "mia", before)
    answer = client.submit("/account", CHANGE, current_password=before, new_password=NEW, new_password_again=NEW)
    assert "Your password is changed" in answer.text
    assert sign_in(installation.page("login"), "mia", before).status_code == 401
    assert sign_in(installation.page("login"), "mia", NEW).status_code == 302


@pytest.mark.parametrize(
    ("current", "new", "again", "field"),
    [
        ("wrong", NEW, NEW, "current_password"),
        (PASSWORD, NEW, NEW + "r", "new_password_again"),
        (PASSWORD, "short", "short", "new_password"),
        (PASSWORD, "", "", "new_password"),
        ("", NEW, NEW, "current_password"),
        (PASSWORD, "x" * 1000, "x" * 1000, "new_password"),
    ],
)
def test_a_password_that_cannot_be_is_refused_beside_its_field(
    installation: Installation, current: str, new: str, again: str, field: str
) -> None:
    client = installation.page("login", "cleo")
    answer = client.submit("/account", CHANGE, current_password=current, new_password=new, new_password_again=again)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert sign_in(installation.page("login"), "cleo").status_code == 302


def test_the_account_shows_the_labs_and_roles(installation: Installation) -> None:
    page = installation.page("login", "ben").soup("/account")
    assert [
        item.get_text(" ", strip=True) for item in page.select('.ct-panel:has(h2:-soup-contains("My labs")) li')
    ] == [
        "C Curie lab member",
        "H Hodgkin lab viewer",
    ]


def test_the_choice_shows_a_lab_that_was_added_since(installation: Installation) -> None:
    client = installation.page("login")
    sign_in(client, "cleo")
    installation.psql(
        "INSERT INTO control.members (lab_id, user_id, role) SELECT l.id, u.id, 'viewer' FROM control.labs l, control.users u"
        " WHERE l.slug = 'hodgkin' AND u.username = 'cleo' RETURNING 1"
    )
    assert len(client.soup("/login/lab").select(".ct-pick")) == 2
    assert "Hodgkin lab" in client.soup("/account").text


def test_the_theme_is_kept_and_leads_back(installation: Installation) -> None:
    client = installation.page("login", "ada")
    answer = client.submit("/account", ".ct-top [data-theme-form]", follow=False)
    assert answer.location == "/account"
    token = client.soup("/account").select("[name=csrf_token]")[0]["value"]
    answer = client.post("/login/theme", data={"csrf_token": token, "theme": "dark", "next": "//evil.example"})
    assert answer.location == "/"
    assert 'data-bs-theme="dark"' in client.get("/account").text


def test_who_belongs_to_many_labs_works_in_each_of_them(installation: Installation) -> None:
    """The cookie names a few labs, whatever their number; a page asks the API about the others."""
    root = installation.as_user("root")
    slugs = [f"many{number:02}" for number in range(20)]
    for slug in slugs:
        assert root.post("/labs", json={"slug": slug, "name": f"The lab called {slug}"}).status_code == 201
        members = {"usernames": ["ben"], "role": "member"}
        assert root.post(f"/labs/{slug}/members", json=members).status_code == 201
    login = installation.page("login")
    login.submit("/login", "form:has([name=password])", username="ben", password="chemtrack-demo")
    cookie = login.get_cookie("chemtrack")
    assert cookie is not None
    assert len(cookie.value) < 1500
    for slug in (slugs[0], slugs[-1]):
        browser = installation.page("chemicals")
        browser.set_cookie("chemtrack", cookie.value)
        assert browser.soup(f"/chemicals/{slug}/new").select_one("form [name=name]")
    assert browser.get("/chemicals/hodgkins-neighbour/new").status_code == 404


@pytest.mark.parametrize("forged", ["203.0.113.9", "203.0.113.9, 203.0.113.10", "::1", "<b>", ""])
def test_a_browser_says_no_other_address_than_the_load_balancer_saw(installation: Installation, forged: str) -> None:
    page = installation.page("login")
    page.environ_base["HTTP_X_FORWARDED_FOR"] = ", ".join(filter(None, [forged, "198.51.100.7"]))
    assert sign_in(page, "cleo").status_code == 302
    shown = words(page.soup("/account"))
    assert "from 198.51.100.7" in shown
    assert "203.0.113" not in shown


# -- Access tokens ----------------------------------------------------------------------------------------------------


def test_a_token_is_made_shown_once_listed_and_revoked(installation: Installation) -> None:
    ada = installation.page("login", "ada")
    assert "No program has a token of yours" in words(ada.soup("/account/tokens"))
    assert ada.soup("/account").select_one('a[href="/account/tokens"]')
    form = "form[action='/account/tokens']"
    made = ada.submit("/account/tokens", form, name="Balance <b>2.14</b>", labs=["curie"], access="write", days="30")
    assert made.status_code == 200
    [token] = re.findall(r"<pre>(chemtrack_[\w-]{43})</pre>", made.text)
    assert "shown this once" in words(made)
    listed = ada.soup("/account/tokens")
    assert token not in str(listed)
    assert "<b>2.14" not in str(listed)
    assert "Balance <b>2.14</b> reads and writes in curie, until" in words(listed)
    assert "never used" in words(listed)
    revoked = ada.submit("/account/tokens", "form[action$='/revoke']")
    assert "That token is revoked" in words(revoked)
    assert "No program has a token of yours" in words(revoked)


def test_a_token_that_is_refused_keeps_what_was_typed(installation: Installation) -> None:
    ada = installation.page("login", "ada")
    form = "form[action='/account/tokens']"
    refused = ada.submit("/account/tokens", form, name="Balance", access="write", days="365", labs=[])
    assert refused.status_code == 422
    page = BeautifulSoup(refused.text, "html.parser")
    assert page.select_one("#labs-error")
    assert page.select("[name=name]")[0]["value"] == "Balance"
    chosen = [str(option["value"]) for option in page.select("option[selected]")]
    assert chosen == ["write", "365"]
    forged = ada.submit("/account/tokens", form, name="Balance", labs=["hodgkin"], days="a")
    assert forged.status_code == 422
    assert installation.page("login", "eve").post("/account/tokens/1/revoke").status_code == 400, "without its token"


def test_whoever_belongs_to_no_lab_makes_no_token(installation: Installation) -> None:
    assert "You belong to no lab" in words(installation.page("login", "root").soup("/account/tokens"))


# -- Programs of a lab ------------------------------------------------------------------------------------------------


def test_a_manager_adds_a_program_gives_it_a_token_and_removes_it(installation: Installation) -> None:
    ada = installation.page("login", "ada")
    assert ada.soup("/account/tokens").select_one('a[href="/account/programs/curie"]')
    assert "no program of its own" in words(ada.soup("/account/programs/curie"))
    begun = ada.submit("/account/programs/curie", "form[action='/account/programs/curie']", name="Scales <b>2</b>")
    assert "It has no token, so it can do nothing." in words(begun)
    assert "Scales <b>2</b>" in words(begun)
    place = begun.request.path
    made = ada.submit(place, f"form[action='{place}']", name="Room 2.14", access="write", days="30")
    [token] = re.findall(r"<pre>(chemtrack_[\w-]{43})</pre>", made.text)
    assert f'href="{place}"' in made.text
    shown = ada.soup(place)
    assert token not in str(shown)
    assert "Room 2.14 reads and writes, until" in words(shown)
    revoked = ada.submit(place, "form[action$='/revoke']")
    assert "That token is revoked" in words(revoked)
    assert "It has no token" in words(revoked)
    removed = ada.submit(f"{place}/remove", f"form[action='{place}/remove']")
    assert "That program is removed" in words(removed)
    assert "no program of its own" in words(removed)
    assert ada.get(place).status_code == 404


def test_a_program_or_token_that_is_refused_keeps_what_was_typed(installation: Installation) -> None:
    ada = installation.page("login", "ada")
    form = "form[action='/account/programs/curie']"
    refused = ada.submit("/account/programs/curie", form, name="a" * 81)
    assert refused.status_code == 422
    page = BeautifulSoup(refused.text, "html.parser")
    assert page.select_one("#name-error")
    assert page.select("[name=name]")[0]["value"] == "a" * 81
    place = ada.submit("/account/programs/curie", form, name="Refused").request.path
    refused = ada.submit(place, f"form[action='{place}']", name="Balance", access="write", days="x")
    assert refused.status_code == 422
    page = BeautifulSoup(refused.text, "html.parser")
    assert page.select_one("#days-error")
    assert page.select("[name=name]")[0]["value"] == "Balance"


@pytest.mark.parametrize(("who", "status"), [("ben", 403), ("eve", 404)])
def test_nobody_but_its_managers_sees_the_programs_of_a_lab(installation: Installation, who: str, status: int) -> None:
    page = installation.page("login", who)
    assert page.get("/account/programs/curie").status_code == status
    assert page.get("/account/programs/curie/1").status_code == status
    assert not page.soup("/account/tokens").select_one('a[href="/account/programs/curie"]')
