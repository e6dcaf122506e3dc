"""What somebody types or chooses while the server's answer is on its way is not lost, and stays where it was typed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Browsers
from tests.installation import Installation

Row = dict[str, Any]


@contextmanager
def held_back(page: Page, address: str, act: Callable[[], object]) -> Iterator[None]:
    """`act` sends a request to `address`, which is answered only after the block."""
    held: list[Route] = []
    page.route(address, lambda route: held.append(route), times=1)
    with page.expect_request(address):
        act()
    while not held:
        page.wait_for_timeout(20)
    yield
    with page.expect_response(address):
        held.pop().continue_()


@pytest.fixture(scope="module")
def bottles(installation: Installation) -> list[Row]:
    """Two chemicals of Curie lab, each with a bottle of 100 g on Bench 1."""
    ada = installation.as_user("ada")
    bench = ada.post("/labs/curie/locations", json={"kind": "room", "name": "Bench 1"}).json()["id"]
    ada.post("/labs/curie/locations", json={"kind": "room", "name": "Bench 2"})
    for name in ("Sodium chloride", "Sucrose"):
        chemical = ada.post("/labs/curie/chemicals", json={"name": name, "pictograms": []}).json()["id"]
        line = {"chemical_id": chemical, "pack_size": "100 g", "location_id": bench}
        assert ada.post("/labs/curie/deliveries", json={"lines": [line]}).status_code == 201
    return sorted(ada.get("/labs/curie/containers").json()["items"], key=lambda row: str(row["chemical_name"]))


def test_a_look_up_overwrites_nothing(browsers: Browsers) -> None:
    page = browsers("ada", "/chemicals/curie/new")
    with held_back(page, "**/look-up", lambda: page.get_by_label("CAS RN").fill("67-64-1")):
        page.get_by_label("Name", exact=True).press_sequentially("Acetone, for rinsing")
        page.get_by_label("Density").fill("0.79")
        page.get_by_label("Other names").fill("Rinse")
        page.get_by_role("radio", name="None").check()
    expect(page.get_by_label("Formula")).to_have_value("C3H6O")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Acetone, for rinsing")
    expect(page.get_by_label("Density")).to_have_value("0.79")
    expect(page.get_by_label("Other names")).to_have_value("Rinse")
    expect(page.get_by_role("radio", name="None")).to_be_checked()
    # The note tells what stands in the form now, not what it would have been.
    note = page.locator("#looked-up")
    expect(note).to_contain_text("says something else than what stands here: name, density, hazards")
    expect(note).to_contain_text("Filled in from the reference of Acetone: formula,")


def test_taking_what_the_reference_says_does_not_take_what_is_typed_meanwhile(browsers: Browsers) -> None:
    page = browsers("ada", "/chemicals/curie/new")
    page.get_by_label("Name", exact=True).fill("Rinse")
    page.get_by_label("CAS RN").fill("67-64-1")
    take = page.get_by_role("button", name="Take what the reference says")
    expect(take).to_be_visible()
    with held_back(page, "**/look-up", take.click):
        page.get_by_label("Name", exact=True).fill("Rinse of the workshop")
    expect(page.locator("#looked-up")).to_contain_text("says something else than what stands here: name")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Rinse of the workshop")


def test_a_delivery_keeps_each_text_in_its_line(browsers: Browsers, bottles: list[Row]) -> None:
    salt, sugar = (row["chemical_id"] for row in bottles)
    page = browsers("ben", f"/checkin/curie?chemical={salt}&chemical={sugar}")
    with held_back(page, "**/checkin/curie", page.get_by_role("button", name="Take out Sodium chloride").click):
        page.locator("#lines-1-lot").press_sequentially("L-7")
        page.locator("#lines-1-expires_on").fill("2031-12-31")
        page.locator("[name=lines-1-amount_unknown]").check()
        page.locator("#lines-1-location_id").select_option(label="Bench 1")
        page.get_by_label("Order number").fill("PO-1")
    expect(page.get_by_role("heading", name="Sodium chloride")).to_have_count(0)
    expect(page.locator("#lines-0-lot")).to_have_value("L-7")
    expect(page.locator("#lines-0-expires_on")).to_have_value("2031-12-31")
    expect(page.locator("[name=lines-0-amount_unknown]")).to_be_checked()
    expect(page.locator("#lines-0-location_id")).to_have_value(str(bottles[0]["location_id"]))
    expect(page.get_by_label("Order number")).to_have_value("PO-1")


def test_a_scanned_barcode_joins_those_that_are_typed_meanwhile(browsers: Browsers, bottles: list[Row]) -> None:
    page = browsers("ben", f"/checkin/curie?chemical={bottles[0]['chemical_id']}")
    page.locator("#lines-0-count").fill("3")
    page.get_by_text("Scan mine").click()
    barcodes = page.locator("#lines-0-barcodes")
    barcodes.fill("MINE-1")
    page.locator("#scan").fill("MINE-2")
    with held_back(page, "**/checkin/curie", lambda: page.locator("#scan").press("Enter")):
        barcodes.press("End")
        barcodes.press_sequentially("\nMINE-3")
    expect(barcodes).to_have_value("MINE-1\nMINE-3\nMINE-2")


def test_a_delivery_keeps_the_choice_of_barcodes(browsers: Browsers, bottles: list[Row]) -> None:
    page = browsers("ben", f"/checkin/curie?chemical={bottles[0]['chemical_id']}")
    page.locator("#scan").fill("Sucrose")
    with held_back(page, "**/checkin/curie", lambda: page.locator("#scan").press("Enter")):
        page.get_by_text("Scan mine").click()
    expect(page.get_by_role("heading", name="Sucrose")).to_be_visible()
    expect(page.locator("[name=lines-0-scans][value='1']")).to_be_checked()


def test_a_location_that_is_chosen_during_a_scan_stays(browsers: Browsers, bottles: list[Row]) -> None:
    page = browsers("ben", "/history/curie/move")
    page.locator("#scan").fill(bottles[0]["barcode"])
    with held_back(page, "**/move", lambda: page.locator("#scan").press("Enter")):
        page.get_by_label("Where they stand now").select_option(label="Bench 2")
    expect(page.locator("#moving li")).to_have_count(1)
    expect(page.get_by_label("Where they stand now").locator("option:checked")).to_have_text("Bench 2")


def test_a_label_that_is_left_out_during_a_scan_stays_out(browsers: Browsers, bottles: list[Row]) -> None:
    first, second = bottles
    page = browsers("ben", f"/chemicals/curie/labels?container={first['id']}")
    page.locator("#scan").fill(second["barcode"])
    with held_back(page, "**/labels?*", lambda: page.locator("#scan").press("Enter")):
        page.get_by_label(f"Print the label of {first['barcode']}").uncheck()
    expect(page.get_by_label(f"Print the label of {second['barcode']}")).to_be_checked()
    expect(page.get_by_label(f"Print the label of {first['barcode']}")).not_to_be_checked()


def test_rows_that_are_chosen_during_a_search_stay_chosen(browsers: Browsers, bottles: list[Row]) -> None:
    page = browsers("ben", "/chemicals/curie")
    with held_back(page, "**/chemicals/curie?*", lambda: page.locator("#q").fill("sucrose")):
        page.get_by_label("Choose Sucrose").check()
    expect(page.get_by_label("Choose Sodium chloride")).to_have_count(0)
    expect(page.get_by_label("Choose Sucrose")).to_be_checked()


def test_an_amount_typed_for_one_bottle_is_not_the_next_bottles(
    browsers: Browsers, bottles: list[Row], installation: Installation
) -> None:
    stocktake = (
        installation.as_user("ada")
        .post("/labs/curie/stocktakes", json={"location_id": bottles[0]["location_id"]})
        .json()["id"]
    )
    first, second = bottles
    page = browsers("ben", f"/reconcile/curie/{stocktake}/count?container={first['id']}")
    page.locator("#scan").fill(second["barcode"])
    with held_back(page, "**/count?*", lambda: page.locator("#scan").press("Enter")):
        page.locator("#amount").fill("12")
    expect(page.locator("#count-hit")).to_contain_text("Sucrose")
    expect(page.locator("#amount")).to_have_value("")
