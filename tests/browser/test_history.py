"""The history in a browser, at a desk and with a phone: filter it, correct a line, move containers by scanning."""

import csv
import re
import time

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Browsers, accessibility_faults, fits
from tests.browser.scanner import type_by_hand
from tests.browser.test_common_scripts import scan
from tests.installation import Installation
from tests.sql.shelf import LEDGER_FAULTS, shelf

sizes = pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
Rooms = dict[str, int]


def stock(installation: Installation, *names: str) -> list[tuple[int, str]]:
    """Containers of 100 g in Curie lab: their ids and barcodes."""
    with shelf(installation, "ada") as on:
        made = [on.add_container(name=name) for name in names]
        codes = dict(on.run("SELECT id, barcode FROM inventory.containers"))
    return [(container, codes[container]) for container in made]


@pytest.fixture(scope="module")
def rooms(installation: Installation) -> Rooms:
    add = "INSERT INTO inventory.locations (parent_id, kind, name) VALUES (%s, %s, %s) RETURNING id"
    with shelf(installation, "ada") as on:
        [[building]] = on.run(add, None, "building", "Chemistry building")
        [[cold]] = on.run(add, building, "room", "Cold room")
        [[bench]] = on.run(add, building, "room", "Bench")
    return {"Cold room": cold, "Bench": bench}


def where(installation: Installation, container: int) -> int | None:
    with shelf(installation) as on:
        [[location]] = on.run("SELECT location_id FROM inventory.containers WHERE id = %s", container)
    return int(location) if location else None


def is_fine(page: Page) -> None:
    """Checks that nothing is wider than the screen, and that axe-core finds no fault."""
    assert fits(page)
    assert accessibility_faults(page) == []


# ── what happened ─────────────────────────────────────────────────────────────────────────────────────────────────────


@sizes
def test_the_list_follows_the_filters_and_the_file_has_the_same_lines(
    browsers: Browsers, installation: Installation, phone: bool
) -> None:
    name = "Quinine" if phone else "Quartz"
    [(first, _), (_, code)] = stock(installation, f"{name} sand", f"{name} wool")
    with shelf(installation, "ben") as ben:
        ben.post(first, "check_out", "500", "mg", reason="Grinding")
    page = browsers("ada", "/history/curie", phone=phone)
    is_fine(page)
    if phone:
        page.locator("summary", has_text="Filters").click()
    page.get_by_role("textbox", name="Chemical or container").press_sequentially(f"{name} sand")
    expect(page.locator("#results tr[data-row]")).to_have_count(2)
    expect(page.locator(".ct-chip")).to_contain_text(f"{name} sand")
    expect(page).to_have_url(re.compile(rf"\?q={name}\+sand$"))
    expect(page.locator("#results")).to_contain_text("−500mg")
    is_fine(page)
    page.locator("summary.form-select").click()
    page.get_by_label("Check-out", exact=True).check()
    expect(page.locator("#results tr[data-row]")).to_have_count(1)
    expect(page.locator("summary.form-select")).to_have_text("Check-out")
    is_fine(page)
    page.keyboard.press("Escape")
    expect(page.get_by_label("Return", exact=True)).to_be_hidden()
    page.select_option("#member", label="Ben Okoro")
    expect(page.locator(".ct-chip")).to_have_count(3)
    with page.expect_download() as file:
        page.get_by_role("link", name="Download CSV").click()
    with file.value.path().open(encoding="utf-8-sig", newline="") as lines:
        assert [(line["Change"], line["Purpose"]) for line in csv.DictReader(lines)] == [("-0.5", "Grinding")]
    assert file.value.suggested_filename.startswith("history-curie-")
    page.get_by_role("link", name="Remove the filter: Kind Check-out").click()
    expect(page.locator("#results tr[data-row]")).to_have_count(1)
    page.get_by_role("link", name="Clear all").click()
    page.wait_for_url("/history/curie")
    if phone:  # a page that was loaded anew shows its filters folded
        page.locator("summary", has_text="Filters").click()
    page.get_by_role("textbox", name="Chemical or container").fill(code.lower())
    expect(page.locator("#results tr[data-row]")).to_have_count(1)
    page.get_by_role("textbox", name="Chemical or container").fill("nothing of this name")
    expect(page.locator("#results")).to_contain_text("Nothing fits these filters")
    is_fine(page)


def test_a_day_before_the_first_is_said_beside_the_field(browsers: Browsers, installation: Installation) -> None:
    stock(installation, "Dated salt")
    page = browsers("cleo", "/history/curie")
    page.get_by_label("From").fill("2025-07-02")
    expect(page.locator(".ct-chip")).to_contain_text("2 July 2025")
    page.get_by_label("To", exact=True).fill("2025-07-01")
    expect(page.locator("#to-error")).to_have_text("This is before the first day.")
    expect(page.locator("#to")).to_have_value("2025-07-01")
    expect(page.locator("#results tr[data-row]").first).to_be_visible()
    is_fine(page)


def test_a_long_history_is_read_page_by_page(browsers: Browsers, installation: Installation) -> None:
    [(bottle, code)] = stock(installation, "Long salt")
    with shelf(installation, "ben") as ben:
        for _ in range(60):
            ben.post(bottle, "check_out", "1")
    page = browsers("cleo", f"/history/curie?barcode={code}", color_scheme="dark")
    expect(page.locator("#results tr[data-row]")).to_have_count(50)
    is_fine(page)
    page.get_by_role("link", name="Older").click()
    expect(page.locator("#results tr[data-row]")).to_have_count(11)
    page.get_by_role("link", name="Newer").click()
    expect(page.locator("#results tr[data-row]")).to_have_count(50)


# ── correct a line ────────────────────────────────────────────────────────────────────────────────────────────────────


@sizes
def test_ben_corrects_what_he_took(browsers: Browsers, installation: Installation, phone: bool) -> None:
    [(bottle, _), (other, other_code)] = stock(installation, "Wrong jar", "Right jar")
    with shelf(installation, "ben") as ben:
        line, *_ = ben.post(bottle, "check_out", "25", reason="CK-421")
    page = browsers("ben", f"/history/curie?container={bottle}", phone=phone)
    page.locator(f"#m{line}").get_by_role("link", name="Correct the check-out").locator("visible=true").click()
    dialog = page.locator("dialog[open]")
    expect(dialog.get_by_role("heading")).to_have_text("Correct this check-out")
    expect(page.locator("#amount")).to_be_focused()
    expect(page.locator("#right_container")).to_be_hidden()
    is_fine(page)
    type_by_hand(page, "1,5", end="Enter")
    expect(page.locator("#amount-error")).to_have_text("Write the decimal point as a point: 1.5")
    expect(page.locator("#amount")).to_be_focused()
    is_fine(page)
    page.fill("#amount", "1.5")
    page.fill("#reason", "Read the wrong scale")
    page.get_by_role("button", name="Correct it").click()
    expect(page.locator(".ct-toast")).to_contain_text("Corrected. It holds 98.5 g now.")
    page.locator(f"#m{line}").get_by_role("link", name="corrected to 1.5 g by Ben Okoro").locator(
        "visible=true"
    ).click()
    is_fine(page)

    page.locator(f"#m{line}").get_by_role("link", name="Correct the check-out").locator("visible=true").click()
    page.get_by_text("Wrong container").click()
    expect(page.locator("#amount")).to_be_hidden()
    page.locator("#right_container").focus()
    type_by_hand(page, other_code, end="Enter")
    expect(page.locator(".ct-toast")).to_contain_text(f"Moved to {other_code}. It holds 98.5 g now.")
    with shelf(installation) as on:
        assert (on.left(bottle), on.left(other)) == (100, 98.5)
        assert on.run(LEDGER_FAULTS) == []


# ── move containers ───────────────────────────────────────────────────────────────────────────────────────────────────


@sizes
def test_ben_moves_what_he_scans_and_takes_it_back(
    browsers: Browsers, installation: Installation, rooms: Rooms, phone: bool
) -> None:
    bottles = stock(installation, "Acetone", "Benzene", "Cumene")
    page = browsers("ben", "/history/curie/move", phone=phone)
    is_fine(page)
    page.select_option("#to", label="Chemistry building › Cold room")
    expect(page.locator("#scan")).to_be_focused()
    for container, code in bottles:
        scan(page, code)
        expect(page.locator(f"#moving input[value='{container}']")).to_be_attached()
        expect(page.locator(".ct-scan-state")).to_contain_text(f"{code}, added.")
        expect(page.locator("#scan")).to_have_value("")
        expect(page.locator("#scan")).to_be_focused()
    scan(page, bottles[0][1])
    expect(page.locator(".ct-scan-state")).to_contain_text("is in the list already")
    scan(page, "CT-NOT-OURS")
    expect(page.locator(".ct-scan-state")).to_contain_text("is on no container here")
    is_fine(page)
    page.get_by_role("button", name="Do not move Cumene").click()
    expect(page.locator("#moving li")).to_have_count(2)
    page.get_by_role("button", name="Move 2 containers to Cold room").click()
    expect(page.locator(".ct-toast")).to_contain_text("2 containers moved to Chemistry building › Cold room")
    assert [where(installation, container) for container, _ in bottles] == [
        rooms["Cold room"],
        rooms["Cold room"],
        None,
    ]
    expect(page.locator("#to")).to_have_value(str(rooms["Cold room"]))
    expect(page.locator("#scan")).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".ct-toast")).to_contain_text("Undone: 2 containers moved back")
    assert [where(installation, container) for container, _ in bottles] == [None, None, None]


@sizes
def test_a_scanner_is_faster_than_the_network(
    browsers: Browsers, installation: Installation, rooms: Rooms, phone: bool
) -> None:
    bottles = stock(installation, *(f"Fast {number}" for number in range(4)))
    page = browsers("ben", f"/history/curie/move?to={rooms['Bench']}", phone=phone)

    def slowly(route: Route) -> None:
        time.sleep(0.3)
        route.continue_()

    page.route("**/history/curie/move", slowly)
    for _, code in bottles:
        scan(page, code)
        page.wait_for_timeout(100)
    expect(page.locator("#moving li")).to_have_count(4)
    expect(page.locator(".ct-scan-state")).to_contain_text("Fast 3")
    expect(page.locator("#scan")).to_have_value("")
    page.get_by_role("button", name="Move 4 containers to Bench").click()
    expect(page.locator(".ct-toast")).to_contain_text("4 containers moved")
    assert [where(installation, container) for container, _ in bottles] == [rooms["Bench"]] * 4


def test_a_container_is_moved_from_its_own_page_and_back(
    browsers: Browsers, installation: Installation, rooms: Rooms
) -> None:
    [(bottle, code)] = stock(installation, "Lone salt")
    page = browsers("ben", f"/C/curie/{code}")
    home = page.url
    page.locator("#main").get_by_role("link", name="Move", exact=True).click()
    expect(page.locator("#moving li")).to_have_count(1)
    page.select_option("#to", label="Chemistry building › Bench")
    page.get_by_role("button", name="Move 1 container to Bench").click()
    page.wait_for_url(home)
    expect(page.locator(".ct-toast")).to_contain_text("Lone salt moved to Chemistry building › Bench")
    assert where(installation, bottle) == rooms["Bench"]
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".ct-toast")).to_contain_text("Undone: 1 container moved back")
    expect(page).to_have_url(home)
    assert where(installation, bottle) is None


def test_words_find_several_and_one_is_chosen(browsers: Browsers, installation: Installation, rooms: Rooms) -> None:
    [_, (_, two)] = stock(installation, "Boronic acid", "Boronic ester")
    page = browsers("ben", "/history/curie/move")
    page.fill("#scan", "boronic")
    page.keyboard.press("Enter")
    expect(page.locator(".ct-scan-state")).to_contain_text("2 containers found: choose.")
    is_fine(page)
    page.get_by_role("button", name=two).click()
    expect(page.locator("#moving li")).to_have_count(1)
    expect(page.locator("#scan")).to_be_focused()
    page.get_by_role("button", name="Move 1 container…").click()
    expect(page.locator("#to-error")).to_have_text("Choose where they stand now.")
    expect(page.locator("#to")).to_be_focused()
    is_fine(page)


def test_correcting_and_moving_work_without_script(
    browsers: Browsers, installation: Installation, rooms: Rooms
) -> None:
    [(first, one), (second, two)] = stock(installation, "Plain salt", "Plain sand")
    with shelf(installation, "ben") as ben:
        line, *_ = ben.post(first, "check_out", "25")
    page = browsers("ben", "/history/curie", java_script_enabled=False)
    page.get_by_role("textbox", name="Chemical or container").fill("plain")
    page.get_by_role("button", name="Show results").click()
    expect(page.locator("#results tr[data-row]")).to_have_count(3)
    page.locator(f"#m{line}").get_by_role("link", name="Correct the check-out").locator("visible=true").click()
    page.fill("#amount", "2.5")
    page.get_by_role("button", name="Correct it").click()
    expect(page.locator(f"#m{line}")).to_contain_text("corrected to 2.5 g")
    page.get_by_role("link", name="Move containers").click()
    page.select_option("#to", label="Chemistry building › Bench")
    for code in (one, two):
        page.fill("#scan", code)
        page.keyboard.press("Enter")
        expect(page.locator(".ct-scan-state")).to_contain_text("added")
    page.get_by_role("button", name="Move 2 containers to Bench").click()
    expect(page.locator(".ct-toast")).to_contain_text("2 containers moved")
    assert [where(installation, container) for container in (first, second)] == [rooms["Bench"]] * 2


def test_filters_fold_on_a_phone_and_open_on_request(browsers: Browsers) -> None:
    page = browsers("ada", "/history/curie", phone=True)
    expect(page.get_by_label("Chemical or container")).to_be_hidden()
    page.locator("summary", has_text="Filters").tap()
    expect(page.get_by_label("Chemical or container")).to_be_visible()
    assert accessibility_faults(page) == []
