"""The second step of a sign-in, and the page where users set their second factor up: with the real API and a real database."""

import re
import time

import pyotp
import pytest
from bs4 import BeautifulSoup

from tests.installation import Installation, PageClient, make_login, words

OWN = "a password of their own"
SIGN_IN = "form:has([name=password])"
CODE = "form:has([name=ticket])"
SET_UP = "form:has([name=key])"
WHERE = "/login?next=/account%3Fwanted%3D1"


def set_up(page: PageClient) -> tuple[str, list[str]]:
    """Sets the second factor up as somebody does who types the key; returns it and the recovery codes."""
    key = str(page.soup("/account/second-factor").select("[name=key]")[0]["value"])
    answer = page.submit("/account/second-factor", SET_UP, key=key, code=pyotp.TOTP(key).now(), password=OWN)
    assert "Your second factor is on" in words(answer), words(answer)
    return key, [code.text for code in BeautifulSoup(answer.text, "html.parser").select("li.ct-code")]


@pytest.fixture
def login(installation: Installation, request: pytest.FixtureRequest) -> str:
    """A new login without a second factor."""
    name = re.sub(r"[^a-z0-9]+", "-", request.node.name.lower())[:60].strip("-")
    make_login(installation.as_user("root"), name, OWN)
    return name


def first_step(installation: Installation, username: str, path: str = "/login") -> tuple[PageClient, BeautifulSoup]:
    page = installation.page("login")
    answer = page.submit(path, SIGN_IN, follow=False, username=username, password=OWN)
    return page, BeautifulSoup(answer.text, "html.parser")


def send(page: PageClient, shown: BeautifulSoup, code: str) -> tuple[int, str, BeautifulSoup]:
    """Types the code into the form of the second step."""
    form = shown.select_one(CODE)
    assert form is not None, words(shown)
    fields = {str(tag["name"]): str(tag.get("value", "")) for tag in form.select("input[name]")}
    answer = page.post(str(form["action"]), data=fields | {"code": code})
    return answer.status_code, answer.location or "", BeautifulSoup(answer.text, "html.parser")


def test_the_second_step_keeps_where_one_wanted_to_go(installation: Installation, login: str) -> None:
    page, _ = first_step(installation, login)
    key, recovery_codes = set_up(page)
    assert len(set(recovery_codes)) == 10
    page, shown = first_step(installation, login, WHERE)
    assert page.get("/account").status_code == 302, "nobody is signed in yet"
    status, _, again = send(page, shown, "000000")
    assert (status, "This code is wrong, or its time is over." in words(again)) == (401, True)
    status, _, again = send(page, again, "")
    assert (status, "Type the code." in words(again)) == (422, True)
    code = pyotp.TOTP(key).at(int(time.time()), counter_offset=1)
    assert send(page, again, code)[:2] == (302, "/account?wanted=1")
    page, shown = first_step(installation, login, WHERE)
    status, _, again = send(page, shown, code)
    assert "This code was used already: wait for the next one." in words(again)
    assert send(page, again, recovery_codes[3])[:2] == (302, "/account?wanted=1")
    assert "9 recovery codes left" in words(page.soup("/account/second-factor"))


def test_a_ticket_that_is_over_leads_back_to_the_sign_in(installation: Installation, login: str) -> None:
    page, _ = first_step(installation, login)
    set_up(page)
    page, shown = first_step(installation, login, WHERE)
    for field in shown.select("[name=ticket]"):
        field["value"] = "1.x"
    status, location, _ = send(page, shown, "123456")
    assert (status, location) == (302, "/login?next=/account?wanted%3D1")
    assert "Sign in again" in page.soup(location).text


def test_what_was_typed_wrong_keeps_the_key_that_the_phone_has(installation: Installation, login: str) -> None:
    page, _ = first_step(installation, login)
    shown = page.soup("/account/second-factor")
    key = str(shown.select("[name=key]")[0]["value"])
    token = str(shown.select("[name=csrf_token]")[0]["value"])
    assert len(shown.select("svg[aria-label] path")) == 2
    for wrong, sentence in (
        ({"password": "wrong"}, "This is not your password now."),
        ({"code": "000000"}, "This code is wrong, or its time is over."),
    ):
        fields = {"csrf_token": token, "key": key, "code": pyotp.TOTP(key).now(), "password": OWN} | wrong
        answer = page.post("/account/second-factor", data=fields)
        assert (answer.status_code, sentence in words(answer)) == (422, True)
        assert BeautifulSoup(answer.text, "html.parser").select("[name=key]")[0]["value"] == key
    fields = {"csrf_token": token, "key": "<b>", "code": "1", "password": OWN}
    assert page.post("/account/second-factor", data=fields).status_code == 422


def test_it_is_turned_off_on_the_account_page(installation: Installation, login: str) -> None:
    page, _ = first_step(installation, login)
    key, _ = set_up(page)
    off = "form:has([data-busy='Turning off…'])"
    answer = page.submit("/account/second-factor", off, password=OWN, code="000000")
    assert (answer.status_code, "This code is wrong" in words(answer)) == (422, True)
    code = pyotp.TOTP(key).at(int(time.time()), counter_offset=1)
    assert "Your second factor is off" in words(page.submit("/account/second-factor", off, password=OWN, code=code))
    page, shown = first_step(installation, login)
    assert shown.select_one(CODE) is None


def test_an_administrator_takes_it_from_who_lost_the_phone(installation: Installation, login: str) -> None:
    page, _ = first_step(installation, login)
    set_up(page)
    root = installation.page("admin", "root")
    assert f"{login} second factor" in words(root.soup("/admin/logins"))
    path = f"/admin/logins/{login}/second-factor"
    answer = root.submit(path, "[data-dialog-body] form")
    assert f"{login} signs in with the password alone now" in answer.text
    assert "This login has no second factor." in root.submit(path, "[data-dialog-body] form").text
    page, _ = first_step(installation, login)
    assert "An administrator took your second factor away" in words(page.soup("/account"))
