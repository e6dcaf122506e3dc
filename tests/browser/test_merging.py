"""Two entries of one substance are merged in a browser, and that is undone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SCREENSHOTS, Browsers, accessibility_faults
from tests.installation import Installation


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_two_entries_are_merged(browsers: Browsers, installation: Installation, size: str) -> None:
    ada = installation.as_user("ada")
    kept, other = (
        ada.post("/labs/curie/chemicals", json={"name": f"{name} {size}", "cas_number": "67-64-1"}).json()["id"]
        for name in ("Acetone", "Acetone p.a.")
    )
    line = {"chemical_id": other, "count": 2, "amount": "1", "unit": "L"}
    assert ada.post("/labs/curie/deliveries", json={"lines": [line]}).status_code == 201
    page = browsers("ada", f"/chemicals/curie/{kept}", phone=size == "phone")
    menu = page.locator(".ct-act summary", has_text="More") if size == "phone" else page.get_by_label("More: history")
    menu.click()
    page.get_by_role("link", name="Merge another entry…").click()
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page.get_by_text("Choose the entry that is to become part of this one.").first).to_be_visible()
    page.get_by_label(f"Acetone p.a. {size}").check()
    assert accessibility_faults(page) == []
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"merge-{size}.png", full_page=True)
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page).to_have_url(re.compile(rf"/chemicals/curie/{kept}$"))
    expect(page.locator("#ct-toasts")).to_contain_text("Merged: 2 containers moved")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#ct-toasts")).to_contain_text("Undone: 2 containers went back")
    assert len(ada.get(f"/labs/curie/chemicals/{other}").json()["containers"]) == 2
