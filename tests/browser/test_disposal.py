"""Marking for deletion and confirming it, in a browser."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Browsers, accessibility_faults, fits
from tests.installation import Installation


def receive(installation: Installation, name: str, *amounts: str) -> list[dict[str, Any]]:
    """The containers of a new chemical that holds what bromine's hazards are."""
    ada = installation.as_user("ada")
    hazards = {"pictograms": ["GHS05", "GHS06", "GHS09"], "signal_word": "Danger", "h_statements": ["H330"]}
    chemical = ada.post("/labs/curie/chemicals", json={"name": name, **hazards}).json()["id"]
    lines = [{"chemical_id": chemical, "amount": amount} for amount in amounts]
    assert ada.post("/labs/curie/deliveries", json={"lines": lines}).status_code == 201
    found = ada.get("/labs/curie/containers", params={"chemical": chemical}).json()["items"]
    return sorted(found, key=lambda one: int(one["id"]))


def mark(installation: Installation, *containers: dict[str, Any], reason: str = "Cap corroded, vapour seen") -> None:
    lines = [{"container_id": one["id"]} for one in containers]
    answer = installation.as_user("ben").post("/labs/curie/disposals", json={"lines": lines, "reason": reason})
    assert answer.status_code == 201


def amount(installation: Installation, container: dict[str, Any]) -> str:
    return str(installation.as_user("cleo").get(f"/labs/curie/containers/{container['id']}").json()["amount"])


@pytest.mark.parametrize("phone", [False, True])
def test_ben_scans_marks_and_undoes(browsers: Browsers, installation: Installation, phone: bool) -> None:
    [bottle] = receive(installation, f"Bromine {phone}", "120 mL")
    page = browsers("ben", "/disposal/curie", phone=phone)
    expect(page.locator("#scan")).to_be_focused()
    page.fill("#scan", bottle["barcode"])
    page.keyboard.press("Enter")
    expect(page.get_by_label("Why")).to_be_focused()
    assert accessibility_faults(page) == []
    assert fits(page)
    page.keyboard.type("Cap corroded")
    page.get_by_role("button", name=f"Mark {bottle['barcode']}").click()
    toast = page.locator(".ct-toast")
    expect(toast).to_contain_text("1 container marked for deletion")
    row = page.locator("tbody tr", has_text=bottle["barcode"])
    expect(row).to_contain_text("Cap corroded")
    assert accessibility_faults(page) == []
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator(".ct-toast")).to_contain_text("taken back")
    expect(row).to_have_count(0)


@pytest.mark.parametrize("phone", [False, True])
def test_ada_confirms_in_a_dialog(browsers: Browsers, installation: Installation, phone: bool) -> None:
    [bottle] = receive(installation, f"Iodine {phone}", "25 g")
    mark(installation, bottle)
    page = browsers("ada", "/disposal/curie", phone=phone)
    assert accessibility_faults(page) == []
    assert fits(page)
    page.get_by_role("link", name=f"Confirm… {bottle['barcode']}").click()
    dialog = page.get_by_role("dialog", name=f"Dispose of 25 g of Iodine {phone}?")
    expect(dialog).to_contain_text("leaves the stock of Curie lab")
    assert accessibility_faults(page) == []
    dialog.get_by_role("link", name="Keep it").click()
    expect(dialog).to_have_count(0)
    assert amount(installation, bottle) == "25"
    page.get_by_role("link", name=f"Confirm… {bottle['barcode']}").click()
    dialog.get_by_role("button", name="Dispose of 25 g").click()
    expect(page.locator(".ct-toast")).to_contain_text("1 container disposed of")
    assert amount(installation, bottle) == "0"
    page.get_by_role("link", name="Disposed of").click()
    expect(page.locator("tbody tr", has_text=bottle["barcode"])).to_contain_text("25")
    assert accessibility_faults(page) == []
    assert fits(page)


@pytest.mark.parametrize("script", [True, False])
def test_several_are_chosen_and_confirmed_on_a_page_of_their_own(
    browsers: Browsers, installation: Installation, script: bool
) -> None:
    bottles = receive(installation, f"Nitre {script}", "1 g", "2 g", "3 g")
    mark(installation, *bottles, reason="Expired")
    page = browsers("ada", "/disposal/curie", java_script_enabled=script)
    if script:
        expect(page.locator("[data-chosen-bar]")).to_be_hidden()
    for bottle in bottles[:2]:
        page.get_by_role("checkbox", name=f"Choose {bottle['barcode']}").check()
    if script:
        expect(page.locator("[data-chosen-count]")).to_have_text("2")
    page.get_by_role("button", name="Confirm disposal…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Dispose of 2 containers of Nitre {script}?")
    if script:
        assert accessibility_faults(page) == []
    page.get_by_role("button", name="Dispose of 2 containers").click()
    page.wait_for_url("**/disposal/curie")
    assert [amount(installation, bottle) for bottle in bottles] == ["0", "0", "3"]
    page.get_by_role("button", name=f"Take back the mark on {bottles[2]['barcode']}").click()
    expect(page.locator("tbody tr", has_text=bottles[2]["barcode"])).to_have_count(0)


def test_a_viewer_only_looks(browsers: Browsers, installation: Installation) -> None:
    [bottle] = receive(installation, "Seen", "1 g")
    mark(installation, bottle)
    page = browsers("cleo", "/disposal/curie", color_scheme="dark")
    expect(page.locator("tbody tr", has_text=bottle["barcode"])).to_be_visible()
    expect(page.get_by_text("You are a viewer of Curie lab")).to_be_visible()
    assert page.locator("main").get_by_role("button").count() == 0
    assert accessibility_faults(page) == []
