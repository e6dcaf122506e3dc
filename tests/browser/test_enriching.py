"""Filling in the list from the reference in a browser: preview, act and undo; a chemical's page says where its hazards are from, also on paper."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SCREENSHOTS, Browsers, accessibility_faults
from tests.browser.test_printing import printed
from tests.installation import Installation


@pytest.fixture(scope="module", autouse=True)
def two_chemicals(installation: Installation) -> None:
    ada = installation.as_user("ada")
    ether = {"name": "Ethoxyethane", "cas_number": "60-29-7"}
    wrong = {"name": "Benzene", "cas_number": "67-66-3", "belong_together": True}
    for chemical in (ether, wrong):
        assert ada.post("/labs/curie/chemicals", json=chemical).status_code == 201


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_list_is_filled_in_and_that_is_undone(browsers: Browsers, size: str) -> None:
    page = browsers("ada", "/chemicals/curie/enrich", phone=size == "phone")
    expect(page.get_by_role("heading", name="1 chemical left as it is")).to_be_visible()
    filled = page.get_by_role("listitem").filter(has_text="Ethoxyethane")
    expect(filled).to_contain_text(re.compile(r"density 0.713 g/mL", re.IGNORECASE))
    assert accessibility_faults(page) == []
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"enrich-{size}.png", full_page=True)
    page.get_by_role("button", name="Fill in 1 chemical").click()
    expect(page).to_have_url(re.compile(r"/chemicals/curie$"))
    expect(page.locator("#ct-toasts")).to_contain_text("of 1 chemical filled in")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#ct-toasts")).to_contain_text(re.compile("Undone: .* emptied"))


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_chemical_says_where_its_hazards_are_from_also_on_paper(
    browsers: Browsers, installation: Installation, size: str
) -> None:
    line = {"chemical": {"fill_in": True, "cas_number": "67-63-0"}, "count": 1, "pack_size": "1 L"}
    made = installation.as_user("ada").send_once("/labs/curie/deliveries", {"lines": [line]}).json()
    container = installation.as_user("ada").get(f"/labs/curie/containers/{made['containers'][0]['id']}").json()
    page = browsers("ada", f"/chemicals/curie/{container['chemical_id']}", phone=size == "phone")
    hazards = page.get_by_role("group", name="Hazards")
    expect(hazards).to_contain_text("From ChemTrack, after suppliers' safety data sheets. Taken over by Ada Lind on")
    assert accessibility_faults(page) == []
    page.screenshot(path=SCREENSHOTS / f"hazards-{size}.png", full_page=True)
    expect(page.get_by_text("Keep away from heat").first).not_to_be_visible()
    assert "Keepawayfromheat" in "".join(printed(page)), "P statements are printed, though a click unfolds them"
