"""Single sign-on in a browser: at a real identity provider, and back."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.behind_gateway import behind_gateway
from tests.browser.conftest import Browsers, accessibility_faults, started
from tests.installation import Installation
from tests.provider import NAME, Campus, campus

if TYPE_CHECKING:
    from tests.server import Server


@pytest.fixture(scope="module")
def there(server: "Server", aws: str) -> Iterator[Campus]:
    with campus(server) as made:
        yield made


@pytest.fixture(scope="module")
def installation(there: Campus) -> Installation:
    return there.installation


@pytest.fixture(scope="module")
def url(there: Campus) -> Iterator[str]:
    with behind_gateway(there.installation) as address:
        assert address == there.chemtrack
        yield address


def show_who_one_is(page: Page, subject: str) -> None:
    """Fills in the provider's forms: the name, and that ChemTrack may know it."""
    page.locator("[name=login]").fill(subject)
    page.locator("[name=password]").fill("any")
    page.get_by_role("button", name="Sign-in").click()
    expect(page.locator("[name=login]")).to_have_count(0)
    agree = page.get_by_role("button", name="Continue")
    expect(agree.or_(page.get_by_text("ChemTrack")).first).to_be_visible()
    started(page)
    if agree.is_visible():
        agree.click()


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_person_signs_in_at_the_provider_and_out_again(browsers: Browsers, there: Campus, phone: bool) -> None:
    page = browsers(path="/login?next=/chemicals/curie", phone=phone, color_scheme="dark" if phone else "light")
    link = page.get_by_role("link", name=f"Sign in with {NAME}")
    expect(link).to_be_visible()
    assert accessibility_faults(page) == []
    link.click()
    show_who_one_is(page, "staff/ben")
    expect(page.get_by_role("heading", level=1, name="Chemicals")).to_be_visible()
    page.goto("/logout")
    page.get_by_role("button", name="Sign out").last.click()
    expect(page.get_by_text(f"may still be signed in at {NAME}")).to_be_visible()
    assert accessibility_faults(page) == []
    page.get_by_role("link", name="Sign out there, too").click()
    page.get_by_role("button", name=re.compile("Yes", re.IGNORECASE)).click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.url.startswith(there.chemtrack)


def test_the_form_says_why_somebody_was_not_let_in(browsers: Browsers) -> None:
    page = browsers(path="/login")
    page.get_by_role("link", name=f"Sign in with {NAME}").click()
    show_who_one_is(page, "staff/stranger")
    expect(page.get_by_text("ChemTrack has no login of that name")).to_be_visible()
    page.goto("/login/single-sign-on/back?code=somebodys&state=somebodys")
    expect(page.get_by_text("was not begun in this browser")).to_be_visible()


def test_a_session_ends_when_the_person_signs_out_at_the_provider(browsers: Browsers, there: Campus) -> None:
    page = browsers(path="/login?next=/account")
    page.get_by_role("link", name=f"Sign in with {NAME}").click()
    show_who_one_is(page, "staff/cleo")
    expect(page.get_by_role("heading", level=1, name="My account")).to_be_visible()
    other = page.context.new_page()
    other.goto(f"{there.issuer}/session/end")
    other.get_by_role("button", name=re.compile("Yes", re.IGNORECASE)).click()
    expect(other.get_by_text("Sign-out Success").or_(other.get_by_text("signed out")).first).to_be_visible()
    page.goto("/account")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_before_a_grave_act_somebody_without_a_password_signs_in_again(browsers: Browsers) -> None:
    page = browsers(path="/login?next=/account/tokens")
    page.get_by_role("link", name=f"Sign in with {NAME}").click()
    show_who_one_is(page, "staff/ada")
    page.get_by_label("What it is for").fill("balance")
    page.get_by_role("checkbox", name="Curie").check()
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_role("heading", name="Your password again")).to_be_visible()
    assert accessibility_faults(page) == []
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("or sign in again in the new tab first")).to_be_visible()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=f"sign in again with {NAME}").click()
    show_who_one_is(opened.value, "staff/ada")
    expect(opened.value.get_by_role("heading", name="You are signed in")).to_be_visible()
    opened.value.close()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("This token is shown this once")).to_be_visible()
