"""At the shelf, in a browser: what is left is weighed, a test for peroxides is noted, and the lab decides what may be taken."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers, accessibility_faults, fits
from tests.installation import Installation


def ether(installation: Installation, name: str, **label: Any) -> dict[str, Any]:
    """A bottle of a peroxide former that keeps for 30 days after opening."""
    ada = installation.as_user("ada")
    facts = {
        "peroxide_class": "B",
        "days_after_opening": "30",
        "density_g_per_ml": "0.7",
        "h_statements": ["EUH019"],
        "pictograms": [],
    }
    chemical = ada.send_once("/labs/curie/chemicals", {"name": name, **facts})
    assert chemical.status_code == 201, chemical.text
    line = {"chemical_id": chemical.json()["id"], "amount": "500", "unit": "mL"}
    received = ada.send_once("/labs/curie/deliveries", {"lines": [line]})
    assert received.status_code == 201, received.text
    bottle: dict[str, Any] = received.json()["containers"][0]
    changed = ada.patch(f"/labs/curie/containers/{bottle['id']}", json={"tare_g": "212.1", **label})
    assert changed.status_code == 200, changed.text
    return bottle


def is_sound(page: Page) -> None:
    assert accessibility_faults(page) == []
    assert fits(page)


@pytest.mark.parametrize("phone", [False, True])
def test_a_bottle_is_weighed_in_a_stocktake(browsers: Browsers, installation: Installation, phone: bool) -> None:
    bottle = ether(installation, f"Weighed ether {phone}")
    ada = installation.as_user("ada")
    room = ada.send_once("/labs/curie/locations", {"kind": "room", "name": f"Room of weighing {phone}"}).json()["id"]
    stocktake = ada.send_once("/labs/curie/stocktakes", {"location_id": room}).json()["id"]
    page = browsers("ben", f"/reconcile/curie/{stocktake}/count?container={bottle['id']}", phone=phone)
    gross = page.get_by_label("Weighed with its container: take the tare of 212.1 g off")
    expect(gross).not_to_be_checked()
    is_sound(page)
    page.get_by_label("Unit of what is in it").select_option("g")
    page.get_by_label("What is in it", exact=True).fill("200")
    gross.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Count", exact=True).click()
    error = page.locator("#amount-error")
    expect(error).to_contain_text("200 g is less than the tare")
    expect(page.get_by_label("What is in it", exact=True)).to_have_value("200")
    expect(gross).to_be_checked()
    is_sound(page)
    field = page.get_by_label("What is in it", exact=True)
    field.fill("492.1 g gross" if not phone else "492.1")
    field.press("Enter")
    expect(page.locator("#count-hit")).to_contain_text("280 g")
    is_sound(page)


@pytest.mark.parametrize("phone", [False, True])
def test_a_test_for_peroxides_is_noted_with_the_keyboard(
    browsers: Browsers, installation: Installation, phone: bool
) -> None:
    bottle = ether(installation, f"Tested ether {phone}", opened_on="2026-01-05")
    page = browsers("ben", f"/chemicals/curie/containers/{bottle['id']}", phone=phone)
    expect(page.locator("#peroxides")).to_contain_text("Never tested")
    is_sound(page)
    found = page.get_by_label("Peroxides found")
    found.fill("-3")
    found.press("Enter")
    expect(page.locator("#ppm-error")).to_be_visible()
    expect(found).to_have_value("-3")
    is_sound(page)
    found.fill("25")
    found.press("Enter")
    expect(page.locator("#peroxides li")).to_contain_text("25 ppm")
    is_sound(page)


@pytest.mark.parametrize("phone", [False, True])
def test_the_lab_refuses_what_is_expired(browsers: Browsers, installation: Installation, phone: bool) -> None:
    bottle = ether(installation, f"Expired ether {phone}", opened_on="2026-01-05")
    warned = browsers("ben", f"/checkout/curie?container={bottle['id']}", phone=phone)
    expect(warned.locator("[data-line]")).to_contain_text("30 days after opening")
    expect(warned.locator("[data-line]")).to_contain_text("Peroxide test due")
    is_sound(warned)
    page = browsers("ada", "/checkout/curie/rules", phone=phone)
    is_sound(page)
    page.get_by_label("A container that is expired").select_option("refuse")
    page.get_by_role("button", name="Keep these rules").click()
    expect(page.locator(".ct-toast")).to_contain_text("follow these rules from now on")
    amount = warned.locator("input[name=lines-0-amount]")
    amount.fill("5")
    amount.press("Enter")
    expect(warned.locator("[data-line]")).to_contain_text("This lab lets nobody take from it.")
    expect(amount).to_have_value("5")
    is_sound(warned)
    said = {"expired": "warn", "marked": "warn", "peroxides": "warn"}
    assert installation.as_user("ada").put("/labs/curie/check-out-rules", json=said).status_code == 200
