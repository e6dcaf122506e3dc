"""Amounts in a browser: figures that mean something, the two acts of a correction, and the question of a full bottle."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Browsers, accessibility_faults
from tests.installation import Installation
from tests.sql.shelf import Shelf, shelf


@pytest.fixture
def ada(installation: Installation) -> Iterator[Shelf]:
    with shelf(installation) as on:
        yield on


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_count_is_corrected_to_empty_or_did_not_happen(browsers: Browsers, ada: Shelf, phone: bool) -> None:
    bottle = ada.add_container("500", "mL", "Acetone", density="0.791")
    ada.post(bottle, "check_out", "100", "g")
    counted, *_ = ada.post(bottle, "count", "300", "mL")
    page = browsers("ada", f"/history/curie?container={bottle}", phone=phone)
    expect(page.locator("#results")).to_contain_text("373.6" if not phone else "−100")
    page.goto(f"/history/curie/{counted}/correct")
    expect(page.get_by_text("Nobody counted this container?")).to_be_visible()
    assert accessibility_faults(page) == []
    page.get_by_role("button", name="It did not happen").click()
    expect(page.locator("#ct-toasts")).to_contain_text("Undone. It holds 373.6 mL now")


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_bottle_that_would_hold_too_much_is_asked_about(browsers: Browsers, ada: Shelf, phone: bool) -> None:
    bottle = ada.add_container(None, "mL", "Brine")
    ada.run("UPDATE inventory.containers SET pack_size = 500, pack_unit = 'mL' WHERE id = %s", bottle)
    page = browsers("ada", f"/checkout/curie?container={bottle}", phone=phone)
    page.get_by_label("What is in it now").fill("600")
    page.get_by_label("Of it I take").fill("5")
    page.get_by_role("button", name="Check out 1 amount").click()
    question = page.get_by_text("This is a pack of 500 mL. Does it really hold 600 mL?")
    expect(question).to_be_visible()
    expect(page.get_by_label("What is in it now")).to_have_value("600")
    assert accessibility_faults(page) == []
    page.get_by_label("Yes, it holds that much").check()
    page.get_by_role("button", name="Check out 1 amount").click()
    expect(page.locator("#ct-toasts")).to_contain_text("5 mL of Brine checked out")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#ct-toasts")).to_contain_text("Undone: all is as it was")
    assert ada.left(bottle) is None
