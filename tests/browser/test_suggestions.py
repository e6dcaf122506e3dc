"""The search of every page suggests chemicals while a person types."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Browsers, accessibility_faults
from tests.installation import Installation


def test_a_form_suggests_substances_and_a_choice_fills_it(browsers: Browsers) -> None:
    page = browsers("ada", "/chemicals/curie/new")
    name, options = page.get_by_label("Name", exact=True), page.locator("#found-name [role=option]")
    name.press_sequentially("Et2", delay=80)
    expect(options.first).to_contain_text("Diethyl ether")
    assert accessibility_faults(page) == []
    name.press("Escape")
    expect(page.locator("#found-name")).to_be_hidden()
    name.press("o")
    expect(page.locator("#found-name")).to_be_visible()
    name.press("ArrowDown")
    expect(name).to_have_attribute("aria-activedescendant", "found-name-1")
    name.press("Enter")
    expect(page.locator("#looked-up")).to_contain_text("Filled in from the reference of Diethyl ether")
    expect(name).to_have_value("Diethyl ether")
    expect(name).to_be_focused()
    expect(page.get_by_label("CAS RN")).to_have_value("60-29-7")
    expect(page.get_by_label("Formula")).to_have_value("C4H10O")
    expect(page).to_have_url(re.compile("/chemicals/curie/new$"))
    formula = page.locator("#f-formula")
    expect(formula).to_contain_text("From reference: the reference (60-29-7)")
    page.get_by_label("Formula").press("End")
    page.get_by_label("Formula").press("Backspace")
    expect(formula).not_to_contain_text("From reference")
    page.get_by_label("Formula").fill("C4H10O")
    page.get_by_label("CAS RN").fill("67-6")
    page.locator("#found-cas_number [role=option]", has_text="67-63-0").click()
    expect(page.get_by_label("CAS RN")).to_have_value("67-63-0")
    expect(name).to_have_value("2-Propanol")
    page.get_by_label("CAS RN").press_sequentially("1", delay=80)
    expect(page.locator("#found-cas_number")).to_be_hidden()
    page.get_by_label("InChIKey").fill("CSCPPACGZOOCGX-UHFFFAOYSA-N")
    page.get_by_label("Notes").click()
    expect(page.locator("#found-inchikey")).to_be_hidden()


def test_the_top_bar_suggests_chemicals(browsers: Browsers, installation: Installation) -> None:
    ada = installation.as_user("ada")
    for name in ("Suggestol", "Suggestine", "Zirconocene"):
        assert ada.post("/labs/curie/chemicals", json={"name": name}).status_code == 201
    page = browsers("cleo", "/history/curie")
    field, options = page.locator("#q"), page.locator("#suggested [role=option]")
    field.press_sequentially("suggest", delay=80)
    expect(options).to_have_text(["Suggestine", "Suggestol"])
    assert accessibility_faults(page) == []
    field.press("Escape")
    expect(page.locator("#suggested")).to_be_hidden()
    expect(field).to_have_value("suggest")
    field.press("o")
    expect(options).to_have_count(1)
    field.press("Backspace")
    expect(options).to_have_count(2)
    field.press("ArrowDown")
    field.press("ArrowDown")
    field.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Suggestol")).to_be_visible()

    page = browsers("cleo", "/history/curie")
    page.locator("#q").press_sequentially("zirconcene", delay=80)
    expect(page.locator("#suggested [role=option]")).to_have_attribute("data-only", "zirconcene")
    page.locator("#q").press("Enter")
    expect(page.get_by_role("heading", level=1, name="Zirconocene")).to_be_visible()

    page = browsers("cleo", "/history/curie", java_script_enabled=False)
    page.locator("#q").fill("suggest")
    page.locator("#q").press("Enter")
    expect(page.locator("tbody tr")).to_have_count(2)
