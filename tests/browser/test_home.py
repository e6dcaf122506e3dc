"""Home in a browser: what needs attention, the plots, the numbers of the side bar, a new lab's doors."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Browsers, accessibility_faults, fits
from tests.installation import Installation
from tests.sql.shelf import shelf

sizes = pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
DRAWN = "() => [...document.querySelectorAll('canvas')].filter(canvas => Chart.getChart(canvas)?.chartArea?.width).length === 2"


@pytest.fixture(scope="module", autouse=True)
def busy_lab(installation: Installation) -> None:
    """Curie lab has an expired container, a marked one, a bottle that Ada holds, a posted and an open stocktake; Hodgkin lab is empty."""
    with shelf(installation) as on:
        old = on.add_container("340", "mL", "Aniline")
        on.run("UPDATE inventory.containers SET expires_on = control.today() - 3 WHERE id = %s", old)
        mine = on.add_container("1", "L", "Bromine")
        on.run("UPDATE inventory.containers SET holder_id = control.user_id() WHERE id = %s", mine)
        on.post(mine, "check_out", "20", "mL")
        marked = on.add_container("5", "g", "Spoiled salt")
        on.run(
            "INSERT INTO inventory.disposals (chemical_id, container_id, reason) SELECT chemical_id, id, 'wet' FROM inventory.containers WHERE id = %s",
            marked,
        )
        for posted in (True, False):
            [[stocktake]] = on.run("INSERT INTO inventory.stocktakes DEFAULT VALUES RETURNING id")
            on.run(
                "INSERT INTO inventory.stocktake_counts (stocktake_id, container_id, found, counted, counted_unit) VALUES (%s, %s, true, 300, 'mL')",
                stocktake,
                old,
            )
            if posted:
                on.run("SELECT inventory.post_stocktake(%s)", stocktake)


@sizes
def test_home_shows_what_to_do_and_leads_there(browsers: Browsers, phone: bool) -> None:
    page = browsers("ada", "/", phone=phone)
    page.wait_for_url("/home/curie")
    expect(page.get_by_role("heading", name="What needs attention")).to_be_visible()
    expect(page.get_by_role("navigation", name="Needs attention").get_by_role("link").first).to_contain_text("Expired")
    page.wait_for_function(DRAWN)
    if not phone:
        expect(page.locator("#n-disposal")).to_have_text("1")
        expect(page.locator("#n-reconcile")).to_have_text("1")
    assert accessibility_faults(page) == []
    assert fits(page)
    page.get_by_role("link", name="Bring back Bromine").click()
    page.wait_for_url("**/checkout/curie/bring-back?container=*")


def test_dark_and_mid_sizes_have_no_faults(browsers: Browsers) -> None:
    page = browsers("ada", "/home/curie", color_scheme="dark", viewport={"width": 1024, "height": 768})
    expect(page.locator("#n-disposal")).to_have_text("1")
    assert accessibility_faults(page) == []
    assert fits(page)


@sizes
def test_a_new_lab_begins_with_three_doors(browsers: Browsers, phone: bool) -> None:
    page = browsers("eve", "/", phone=phone)
    page.wait_for_url("/home/hodgkin")
    expect(page.get_by_role("heading", name="Hodgkin lab has no chemicals yet")).to_be_visible()
    expect(page.locator("main .ct-pick")).to_have_count(3)
    assert accessibility_faults(page) == []


def test_a_viewer_is_offered_nothing_to_change(browsers: Browsers) -> None:
    page = browsers("cleo", "/home/curie")
    expect(page.get_by_role("heading", name="Do next")).to_be_visible()
    expect(page.locator("main .btn", has_text="Mark")).to_have_count(0)
    expect(page.get_by_role("link", name="Check out")).to_have_count(0)
    assert accessibility_faults(page) == []
