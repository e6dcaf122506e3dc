"""Receiving a purchase, in a browser."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers, accessibility_faults, fits
from tests.browser.test_common_scripts import scan
from tests.installation import Installation


@pytest.fixture(scope="module", autouse=True)
def shelf(installation: Installation) -> None:
    """Curie lab has two shelves and two chemicals, one of them with a bottle."""
    ada = installation.as_user("ada")
    room = ada.post("/labs/curie/locations", json={"kind": "room", "name": "Room 2.14"}).json()["id"]
    for name in ("Shelf 2", "Shelf 10"):
        ada.post("/labs/curie/locations", json={"kind": "shelf", "name": name, "parent_id": room})
    for name, cas_number in (("Acetonitrile, HPLC grade", "75-05-8"), ("Acetic acid", "64-19-7")):
        chemical = {"name": name, "cas_number": cas_number, "pictograms": ["GHS02", "GHS07"], "signal_word": "Danger"}
        assert ada.post("/labs/curie/chemicals", json=chemical).status_code == 201
    line = {"chemical_id": 1, "pack_size": "2.5 L", "location_id": room}
    assert ada.post("/labs/curie/deliveries", json={"lines": [line]}).status_code == 201


def latest(installation: Installation) -> dict[str, Any]:
    ada = installation.as_user("ada")
    newest = max(one["id"] for one in ada.get("/labs/curie/deliveries").json()["items"])
    return dict(ada.get(f"/labs/curie/deliveries/{newest}").json())


def faults(page: Page) -> list[str]:
    """What axe finds while no bar is sticky: axe takes a field that a sticky bar half covers for too small."""
    page.evaluate(
        "document.querySelectorAll('.ct-top, .ct-act, .ct-tabs').forEach(bar => bar.style.position = 'static')"
    )
    found = accessibility_faults(page)
    page.evaluate("document.querySelectorAll('.ct-top, .ct-act, .ct-tabs').forEach(bar => bar.style.position = '')")
    return found


def test_a_manufacturers_code_fills_the_line_and_is_remembered(browsers: Browsers, installation: Installation) -> None:
    code = "]d2010401234567890117311200" + "10LOT-7\x1d21S1"
    page = browsers("ben", "/checkin/curie")
    scan(page, code)
    expect(page.locator("#work")).to_contain_text("GTIN 04012345678901 is not known here yet")
    assert faults(page) == []
    scan(page, "Acetic acid")
    expect(page.locator("#lines-0-lot")).to_have_value("LOT-7")
    expect(page.locator("#lines-0-expires_on")).to_have_value("2031-12-31")
    expect(page.locator("#lines-0-serial_numbers")).to_have_value("S1")
    assert faults(page) == []
    page.fill("#lines-0-pack-amount", "1 L")
    page.get_by_role("button", name="No labels").click()
    page.wait_for_url(re.compile("/received/"))
    page = browsers("ben", "/checkin/curie")
    page.focus("#order_number")
    scan(page, code.replace("21S1", "21S2"))
    expect(page.get_by_role("heading", name="Acetic acid")).to_be_visible()
    for field, value in (("#lines-0-pack-amount", "1"), ("#lines-0-lot", "LOT-7"), ("#order_number", "")):
        expect(page.locator(field)).to_have_value(value)


@pytest.mark.parametrize(
    ("phone", "cas_number", "name", "molar_mass"),
    [(False, "109-99-9", "Tetrahydrofuran", "72.11 g/mol"), (True, "67-64-1", "Acetone", "58.08 g/mol")],
)
def test_ben_receives_a_delivery_and_its_labels(
    browsers: Browsers, installation: Installation, phone: bool, cas_number: str, name: str, molar_mass: str
) -> None:
    page = browsers("ben", "/checkin/curie", phone=phone)
    expect(page.locator("#scan")).to_be_focused()
    assert faults(page) == []
    assert fits(page)

    # A chemical is found while Ben types and chosen with one press; then the cursor is in the field for the number of containers.
    page.locator("#scan").press_sequentially("aceton")
    page.get_by_role("option", name=re.compile("Acetonitrile")).click()
    expect(page.locator("[name=lines-0-count]")).to_be_focused()
    page.fill("[name=lines-0-count]", "4")
    expect(page.get_by_role("button", name="Receive 4 containers and print")).to_be_visible()
    page.get_by_label("Lot").fill("SHBQ4471")
    page.select_option("[name=lines-0-location_id]", label="Room 2.14 › Shelf 2")

    # A new chemical by its CAS RN: the form shows at once what the reference knows, and keeps what Ben typed.
    page.fill("#scan", cas_number)
    page.keyboard.press("Enter")
    page.get_by_role("option", name=f"List “{cas_number}”").click()
    expect(page.locator("[name=lines-1-chemical-name]")).to_have_value(name)
    expect(page.locator("#known-1")).to_contain_text(molar_mass)
    page.fill("[name=lines-1-amount]", "1,5")
    page.select_option("[name=lines-1-unit]", "L")
    page.fill("[name=order_number]", "4500123")
    assert faults(page) == []
    assert fits(page)

    page.get_by_role("button", name="Receive 5 containers and print").click()
    wrong = page.locator("[aria-invalid=true]")
    expect(wrong).to_have_attribute("name", "lines-1-amount")
    expect(wrong).to_be_focused()
    expect(page.locator("#lines-1-amount-error")).to_have_text("Write the decimal point as a point: 1.5")
    expect(page.locator("[name=lines-0-lot]")).to_have_value("SHBQ4471")
    expect(page.locator(".ct-act")).to_contain_text("Nothing was received.")
    assert faults(page) == []

    wrong.fill("1.5")
    with page.expect_download() as labels:
        page.get_by_role("button", name="Receive 5 containers and print").click()
    assert labels.value.suggested_filename.startswith("labels-curie-")
    expect(page.get_by_role("heading", name="5 containers received")).to_be_visible()
    made = latest(installation)
    assert made["order_number"] == "4500123"
    for one in made["items"]:
        expect(page.get_by_role("link", name=one["barcode"], exact=True)).to_be_visible()
    assert faults(page) == []
    assert fits(page)


def test_bottles_that_have_a_barcode_are_scanned(browsers: Browsers, installation: Installation) -> None:
    page = browsers("ben", "/checkin/curie?chemical=1")
    page.fill("[name=lines-0-count]", "2")
    page.get_by_text("Scan mine").click()
    for number in (1, 2):
        page.fill("#scan", f"MINE-{number}")
        page.keyboard.press("Enter")
        expect(page.locator(".ct-scan-state")).to_contain_text(f"MINE-{number} is barcode {number} of 2.")
        expect(page.locator("#scan")).to_be_focused()
        expect(page.locator("#scan")).to_have_value("")
    # A scan that falls into another field is taken out of that field and still counts as a scan.
    page.fill("[name=lines-0-count]", "3")
    page.get_by_label("Lot").fill("L-7")
    scan(page, "MINE-0003")
    expect(page.locator("[name=lines-0-barcodes]")).to_have_value("MINE-1\nMINE-2\nMINE-0003")
    expect(page.get_by_label("Lot")).to_have_value("L-7")
    page.get_by_role("button", name="No labels").click()
    expect(page.get_by_role("heading", name="3 containers received")).to_be_visible()
    assert {one["barcode"] for one in latest(installation)["items"]} == {"MINE-1", "MINE-2", "MINE-0003"}


def test_a_line_is_taken_out_and_enter_never_receives(browsers: Browsers, installation: Installation) -> None:
    before = latest(installation)["id"]
    page = browsers("ben", "/checkin/curie?chemical=1&chemical=2")
    page.get_by_label("Lot").first.fill("L-1")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Lot").first).to_have_value("L-1")
    page.get_by_role("button", name="Take out Acetic acid").click()
    expect(page.get_by_role("heading", level=2, name="Acetic acid")).to_have_count(0)
    expect(page.get_by_label("Lot")).to_have_value("L-1")
    assert latest(installation)["id"] == before


def test_a_delivery_is_received_without_javascript(browsers: Browsers, installation: Installation) -> None:
    page = browsers("ben", "/checkin/curie?barcode=PAPER-1", java_script_enabled=False)
    page.fill("[name=supplier]", "VWR")
    page.fill("#scan", "acetic")
    page.keyboard.press("Enter")
    page.get_by_role("option", name=re.compile("Acetic acid")).click()
    page.fill("[name=lines-0-count]", "2")
    page.fill("[name=lines-0-pack-amount]", "500")
    page.select_option("[name=lines-0-pack-unit]", "mL")
    page.get_by_role("button", name="No labels").click()
    page.wait_for_url("**/received/*")
    made = latest(installation)
    assert made["supplier"] == "VWR"
    assert "PAPER-1" in {one["barcode"] for one in made["items"]}
    assert [one["amount"] for one in made["items"]] == ["500", "500"]


@pytest.mark.parametrize("phone", [False, True])
def test_what_was_received_is_listed(browsers: Browsers, phone: bool) -> None:
    page = browsers("cleo", "/checkin/curie/received", phone=phone, color_scheme="dark")
    assert faults(page) == []
    assert fits(page)
    page.locator("tbody a.name").first.click()
    page.wait_for_url("**/received/*")
    assert faults(page) == []
    assert fits(page)


def test_names_are_typed_where_codes_are_scanned(browsers: Browsers, installation: Installation) -> None:
    for name in ("Quillaic acid", "Quillaja saponin"):
        assert installation.as_user("ada").post("/labs/curie/chemicals", json={"name": name}).status_code == 201
    page = browsers("ben", "/checkin/curie")
    field, options = page.locator("#scan"), page.locator("#found [role=option]")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("quill", delay=120)
    expect(options).to_have_count(3)
    expect(field).to_have_attribute("aria-expanded", "true")
    assert faults(page) == []
    field.press("ArrowDown")
    field.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", str(options.nth(1).get_attribute("id")))
    field.press("Escape")
    expect(options.first).not_to_be_visible()
    expect(field).to_have_value("quill")
    field.press("a")
    expect(options.last).to_have_text(re.compile("List “quilla”"))
    field.press("ArrowUp")
    field.press("ArrowUp")
    field.press("Enter")
    expect(page.get_by_role("heading", level=2, name="Quillaja saponin")).to_be_visible()

    # Enter adds the only hit of a name with one wrong letter. Enter adds nothing for a code that finds a chemical by chance.
    field.fill("")
    field.press_sequentially("quilaic", delay=120)
    expect(options.first).to_have_attribute("data-only", "quilaic")
    field.press("Enter")
    expect(page.get_by_role("heading", level=2, name="Quillaic acid")).to_be_visible()
    expect(page.get_by_label("Lot")).to_have_count(2)
    field.fill("")
    field.press_sequentially("6419", delay=120)
    expect(options.first).to_contain_text("Acetic acid")
    field.press("Enter")
    expect(page.locator(".ct-scan-state")).to_contain_text("1 chemical found.")
    expect(page.get_by_label("Lot")).to_have_count(2)
