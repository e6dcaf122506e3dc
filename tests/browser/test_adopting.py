"""Hazards from a published list: an administrator keeps it, a lab adopts from it."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SCREENSHOTS, Browsers, accessibility_faults
from tests.installation import Installation

LIST = b"""CAS,Name,H codes,Pictograms,Signal word
109-66-0,pentane,H225 H304,GHS02 GHS08,Danger
7440-66-6,zinc powder (pyrophoric),H250 H260,GHS02,Danger
7440-66-6,zinc powder (stabilised),H410,GHS09,Warning
67-56-1,methanol,H999,GHS02,Danger
"""


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_list_is_kept_and_a_lab_chooses_an_entry(browsers: Browsers, installation: Installation, phone: bool) -> None:
    version = "on a phone" if phone else "on a desk"
    zinc = {"name": f"Zinc {version}", "cas_number": "7440-66-6", "belong_together": True}
    number = installation.as_user("ada").post("/labs/curie/chemicals", json=zinc).json()["id"]
    page = browsers("root", "/admin/classifications", phone=phone)
    page.get_by_label("List", exact=True).fill("HCIS")
    page.get_by_label("Version", exact=True).fill(version)
    page.get_by_label("Spreadsheet").set_input_files({"name": "list.csv", "mimeType": "text/csv", "buffer": LIST})
    page.get_by_role("button", name="Read the list").click()
    expect(page.get_by_text("“H999” is not understood")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / f"classifications-{phone}.png")
    assert accessibility_faults(page) == []
    page.get_by_role("button", name="Keep for all labs").click()
    expect(page.get_by_text(f"All labs see HCIS, {version} now")).to_be_visible()
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    page = browsers("ada", "/chemicals/curie/adopt", phone=phone)
    expect(page.get_by_role("button", name="Adopt for")).to_have_count(0)
    assert accessibility_faults(page) == []
    page.get_by_role("link", name=f"Zinc {version}").click()
    page.get_by_label("zinc powder (stabilised)").check()
    page.screenshot(path=SCREENSHOTS / f"adopt-{phone}.png")
    assert accessibility_faults(page) == []
    page.get_by_role("button", name="Adopt").click()
    expect(page.get_by_text(f"From HCIS, {version}")).to_be_visible()
    found = installation.as_user("ada").get(f"/labs/curie/chemicals/{number}").json()
    assert (found["pictograms"], found["signal_word"]) == (["GHS09"], "Warning")
