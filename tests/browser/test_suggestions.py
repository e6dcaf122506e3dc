"""The search of every page suggests chemicals while a person types."""

from playwright.sync_api import expect

from tests.browser.conftest import Browsers, accessibility_faults
from tests.installation import Installation


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
