"""Signing in, in a browser."""

from tests.browser.conftest import Browsers, accessibility_faults
from tests.installation import PASSWORD


def test_ada_signs_in_and_lands_where_she_wanted_to_go(browsers: Browsers) -> None:
    page = browsers(path="/account")
    assert "/login?next=" in page.url
    assert accessibility_faults(page) == []
    page.fill("[name=username]", "ada")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("/account")
    assert accessibility_faults(page) == []


def test_the_sign_in_page_fits_a_phone_and_works_without_javascript(browsers: Browsers) -> None:
    page = browsers(path="/login?next=/account", phone=True, java_script_enabled=False)
    page.fill("[name=username]", "eve")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("/account")
