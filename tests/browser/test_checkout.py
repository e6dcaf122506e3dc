"""Checking out in a browser, at a desk and with a phone: scan, type, Enter."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Browsers, accessibility_faults, fits
from tests.browser.scanner import type_by_hand
from tests.browser.test_common_scripts import scan
from tests.installation import Installation
from tests.sql.shelf import LEDGER_FAULTS, shelf

sizes = pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])


def stock(installation: Installation, *containers: tuple[str, str | None, str | None]) -> list[tuple[int, str]]:
    """Containers (name, amount, unit) in Curie lab: their ids and barcodes."""
    with shelf(installation, "ada") as on:
        made = [on.add_container(amount, unit, name) for name, amount, unit in containers]
        codes = dict(on.run("SELECT id, barcode FROM inventory.containers"))
    return [(container, codes[container]) for container in made]


def left(installation: Installation, container: int) -> Decimal | None:
    with shelf(installation) as on:
        assert on.run(LEDGER_FAULTS) == []
        return on.left(container)


def faults(page: Page) -> list[str]:
    """What axe-core finds on the whole page, on a screen so high that no sticky bar covers half of a field."""
    size = page.viewport_size
    assert size
    page.set_viewport_size({"width": size["width"], "height": 3000})
    found = accessibility_faults(page)
    page.set_viewport_size(size)
    return found


@sizes
def test_a_known_chemical_is_checked_out_by_scan_amount_and_enter(
    browsers: Browsers, installation: Installation, phone: bool
) -> None:
    [(bottle, code)] = stock(installation, ("Tetrahydrofuran", "1.62", "L"))
    page = browsers("ben", "/checkout/curie", phone=phone)
    expect(page.locator("#scan")).to_be_focused()
    assert faults(page) == []
    scan(page, code)
    expect(page.locator("#lines-0-amount")).to_be_focused()
    expect(page.locator("#scan-state")).to_contain_text(f"Tetrahydrofuran, {code}, added.")
    expect(page.locator("#scan")).to_have_value("")
    type_by_hand(page, "250 mL", end="Enter")  # the amount of the bottle that was just scanned
    expect(page.locator(".ct-toast")).to_contain_text("250 mL of Tetrahydrofuran checked out")
    expect(page.locator("#scan")).to_be_focused()
    assert left(installation, bottle) == Decimal("1.37")
    assert fits(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".ct-toast")).to_contain_text("Undone")
    assert left(installation, bottle) == Decimal("1.62")


@sizes
def test_bottle_after_bottle_is_scanned_wherever_the_cursor_is(
    browsers: Browsers, installation: Installation, phone: bool
) -> None:
    [(first, one), (second, two), (third, three)] = stock(
        installation, ("Acetone", "2.5", "L"), ("Sodium chloride", "500", "g"), ("Mystery", None, None)
    )
    page = browsers("ben", "/checkout/curie", phone=phone)
    scan(page, one)
    expect(page.locator("#lines-0-amount")).to_be_focused()
    type_by_hand(page, "1.5")
    expect(page.locator("[data-leaves-out]")).to_have_text("leaves 1 L")
    page.wait_for_timeout(150)  # a person's pause
    scan(page, two)  # the scan falls into the amount field and is taken out of it
    expect(page.locator(".ct-basket .name").first).to_have_text("Sodium chloride")
    expect(page.locator("#lines-0-amount")).to_be_focused()
    expect(page.locator("#lines-1-amount")).to_have_value("1.5")
    type_by_hand(page, "20")
    page.wait_for_timeout(150)
    scan(page, two)
    expect(page.locator("#scan-state")).to_contain_text("is in the list already")
    expect(page.locator("#lines-0-amount")).to_have_value("20")
    page.wait_for_timeout(150)
    scan(page, three)
    expect(page.locator("#lines-0-left_before")).to_be_focused()
    page.fill("#lines-0-left_before", "40")
    page.select_option("#lines-0-left_unit", "g")
    page.fill("#lines-0-amount", "250")
    page.select_option("#lines-0-unit", "mg")
    page.fill("#purpose", "Practical 3")
    assert faults(page) == []
    assert fits(page)
    page.reload()  # the address holds what was typed before the last scan
    expect(page.locator("#lines-0-amount")).to_have_value("250")  # and what was typed since, which the tab has kept
    expect(page.locator("#lines-1-amount")).to_have_value("20")
    page.fill("#lines-0-left_before", "40")
    page.select_option("#lines-0-left_unit", "g")
    page.fill("#lines-0-amount", "250")
    page.select_option("#lines-0-unit", "mg")
    page.get_by_role("button", name="Check out 3 amounts").click()
    expect(page.locator(".ct-toast")).to_contain_text("3 amounts checked out")
    assert [left(installation, container) for container in (first, second, third)] == [1, 480, Decimal("39.75")]


@sizes
def test_too_much_is_said_on_the_line_and_nothing_moves(
    browsers: Browsers, installation: Installation, phone: bool
) -> None:
    [(plenty, _), (little, _)] = stock(installation, ("Plenty", "500", "mL"), ("n-Butyllithium", "140", "mL"))
    page = browsers("ben", f"/checkout/curie?container={plenty}&container={little}", phone=phone)
    page.fill("#lines-0-amount", "5")
    page.fill("#lines-1-amount", "200")
    page.keyboard.press("Enter")
    sentence = "Only 140 mL is left in this bottle. Take less, or scan a second one."
    expect(page.locator("#lines-1-error")).to_have_text(sentence)
    expect(page.locator("#lines-1-amount")).to_be_focused()
    expect(page.locator("#lines-1-amount")).to_have_value("200")
    assert faults(page) == []
    assert fits(page)
    assert (left(installation, plenty), left(installation, little)) == (500, 140)
    page.fill("#lines-1-amount", "40")
    page.keyboard.press("Enter")
    expect(page.locator(".ct-toast")).to_contain_text("2 amounts checked out")
    assert (left(installation, plenty), left(installation, little)) == (495, 100)


@sizes
def test_words_find_several_and_one_tap_chooses(browsers: Browsers, installation: Installation, phone: bool) -> None:
    name = f"Boronic acid {'at hand' if phone else 'on the desk'}"
    stock(installation, (name, "5", "g"), (name, "7", "g"))
    page = browsers("ben", "/checkout/curie", phone=phone)
    page.fill("#scan", f"boron {'hand' if phone else 'desk'}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Which one?")).to_be_visible()
    expect(page.locator("button[name=add]")).to_have_count(2)
    expect(page.locator("button[name=add]").first).to_be_focused()
    assert faults(page) == []
    page.locator("button[name=add]").nth(1).click()
    expect(page.locator("#lines-0-amount")).to_be_focused()
    expect(page.locator(".leaves")).to_contain_text("of 7 g")
    page.get_by_role("button", name="Do not take").click()
    expect(page.locator("#taking")).to_contain_text("Nothing yet")
    expect(page.locator("#foot")).to_be_hidden()
    page.fill("#scan", "NO-SUCH-CODE")
    page.keyboard.press("Enter")
    expect(page.locator("#scan-state")).to_contain_text("is on no container here")
    assert faults(page) == []


@sizes
def test_a_bottle_is_taken_with_one_tap_and_brought_back(
    browsers: Browsers, installation: Installation, phone: bool
) -> None:
    [(bottle, code)] = stock(installation, ("Dichloromethane", "2.5", "L"))
    page = browsers("ben", "/checkout/curie", phone=phone)
    scan(page, code)
    page.get_by_role("button", name="Take the bottle").click()
    expect(page.locator(".ct-toast")).to_contain_text(f"You have Dichloromethane, {code}")
    assert left(installation, bottle) == Decimal("2.5")
    page.get_by_role("link", name=f"Bring back Dichloromethane, {code}").click()
    expect(page.get_by_label("What is left in it")).to_be_focused()
    assert faults(page) == []
    assert fits(page)
    type_by_hand(page, "2.1", end="Enter")
    expect(page.locator(".ct-toast")).to_contain_text("Dichloromethane is back: 0.4 L used")
    assert left(installation, bottle) == Decimal("2.1")


@sizes
def test_a_rest_is_returned(browsers: Browsers, installation: Installation, phone: bool) -> None:
    [(jar, _)] = stock(installation, ("Palladium on carbon", "10", "g"))
    with shelf(installation, "ben") as on:
        movement, *_ = on.post(jar, "check_out", "2", reason="Hydrogenation")
    page = browsers("ben", "/checkout/curie", phone=phone)
    page.get_by_role("link", name="Return some Palladium on carbon").first.click()
    expect(page.locator(f"#amount-{movement}")).to_be_focused()
    assert faults(page) == []
    assert fits(page)
    type_by_hand(page, "0.5", end="Enter")
    expect(page.locator(".ct-toast")).to_contain_text("0.5 g of Palladium on carbon put back")
    assert left(installation, jar) == Decimal("8.5")


def test_a_check_out_works_without_javascript(browsers: Browsers, installation: Installation) -> None:
    [(first, one), (second, two)] = stock(installation, ("Silica", "1000", "g"), ("Celite", "500", "g"))
    page = browsers("ben", "/checkout/curie", java_script_enabled=False)
    for code, amount in ((one, "30"), (two, "20")):
        page.fill("#scan", code)
        page.press("#scan", "Enter")
        page.fill("#lines-0-amount", amount)
    page.press("#lines-0-amount", "Enter")
    expect(page.locator(".ct-toast")).to_contain_text("2 amounts checked out")
    assert (left(installation, first), left(installation, second)) == (970, 480)


def test_what_is_scanned_while_the_first_is_on_its_way_waits_its_turn(
    browsers: Browsers, installation: Installation
) -> None:
    [(_, one), (_, two), (_, three)] = stock(installation, *[(f"Swift {n}", "5", "g") for n in "123"])
    page = browsers("ben", "/checkout/curie")
    held: list[Route] = []
    page.route("**/lines", lambda route: held.append(route))
    for code in (one, two, three):
        scan(page, code)
    expect(page.locator("#scan")).to_have_value("")
    for number in (1, 2, 3):
        while not held:
            page.wait_for_timeout(20)
        assert len(held) == 1
        held.pop().continue_()
        expect(page.locator(".ct-basket li")).to_have_count(number)
    expect(page.locator("#lines-0-amount")).to_be_focused()


def test_dark_and_mid_sizes_have_no_faults(browsers: Browsers, installation: Installation) -> None:
    [(jar, _), (unknown, _)] = stock(installation, ("Night jar", "10", "g"), ("Night mystery", None, "g"))
    page = browsers(
        "ada",
        f"/checkout/curie?container={jar}&container={unknown}",
        color_scheme="dark",
        viewport={"width": 1024, "height": 768},
    )
    assert faults(page) == []
    assert fits(page)


def test_whoever_leaves_check_out_finds_the_basket_again_until_it_is_checked_out(
    browsers: Browsers, installation: Installation
) -> None:
    with shelf(installation, "ben") as on:
        bottle = on.add_container("500", "mL", "Left and found")
    page = browsers("ben", f"/checkout/curie?container={bottle}")
    page.get_by_label("Amount of Left and found").fill("20")
    page.get_by_label("Purpose").fill("Rinsing")
    page.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("History")
    page.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name="Check out").click()
    expect(page.get_by_label("Amount of Left and found")).to_have_value("20")
    expect(page.get_by_label("Purpose")).to_have_value("Rinsing")
    page.get_by_role("button", name="Check out 1 amount").click()
    expect(page.locator("#ct-toasts")).to_contain_text("checked out")
    page.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("History")
    page.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name="Check out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check out")
    expect(page.get_by_label("Amount of Left and found")).to_have_count(0)


def test_a_container_of_another_page_comes_to_the_basket_that_was_left(
    browsers: Browsers, installation: Installation
) -> None:
    [(first, _), (second, code)] = stock(installation, ("Left before", "500", "mL"), ("Chosen later", "300", "mL"))
    page = browsers("ben", f"/checkout/curie?container={first}&amount=20&unit=mL&purpose=Rinsing")
    expect(page.get_by_label("Amount of Left before")).to_have_value("20")
    for address in (f"/checkout/curie?container={second}", f"/checkout/curie?scan={code}"):
        page.goto(address)
        expect(page.get_by_label("Amount of Left before")).to_have_value("20")
        expect(page.get_by_label("Amount of Chosen later")).to_have_value("")
        expect(page.get_by_label("Purpose")).to_have_value("Rinsing")
        page.get_by_role("button", name="Do not take Chosen later").click()
        expect(page.get_by_label("Amount of Chosen later")).to_have_count(0)
        page.goto("/checkout/curie")
        expect(page.get_by_label("Amount of Left before")).to_have_value("20")
    page.goto(f"/checkout/curie?container={first}")
    expect(page.get_by_label("Amount of Left before")).to_have_value("20")


def test_what_was_checked_out_does_not_come_back_though_the_tab_kept_it(
    browsers: Browsers, installation: Installation
) -> None:
    """Who is quick sends the form before the script runs that forgets the basket."""
    with shelf(installation, "ben") as on:
        bottle = on.add_container("500", "mL", "Sent early")
    page = browsers("ben", f"/checkout/curie?container={bottle}&amount=20&unit=mL")
    expect(page.get_by_label("Amount of Sent early")).to_have_value("20")
    page.evaluate(
        "document.getElementById('basket').addEventListener('submit', event => event.stopImmediatePropagation(), true)"
    )
    page.get_by_role("button", name="Check out 1 amount").click()
    expect(page.locator("#ct-toasts")).to_contain_text("checked out")
    expect(page.get_by_label("Amount of Sent early")).to_have_count(0)


def test_g_and_a_letter_lead_away_from_an_empty_scan_field_and_a_name_does_not(browsers: Browsers) -> None:
    page = browsers("ben", "/checkout/curie")
    field = page.get_by_label("Scan or find a container")
    expect(field).to_be_focused()
    page.clock.install(time=0)
    page.clock.pause_at(3_600_000)
    for letter in "gypsum":
        page.keyboard.type(letter)
        page.clock.run_for(200)
    page.clock.run_for(5_000)
    expect(field).to_have_value("gypsum")
    page.clock.resume()
    page.goto("/checkout/curie")
    expect(page.get_by_label("Scan or find a container")).to_be_focused()
    page.keyboard.type("gh", delay=100)
    page.wait_for_url("**/home/curie")
