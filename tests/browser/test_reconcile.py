"""A stocktake as it is counted: with a scanner at a desk, with a thumb on a phone. And the tree of locations."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SCREENSHOTS, Browsers, accessibility_faults, fits
from tests.browser.scanner import scan
from tests.installation import Installation
from tests.sql.shelf import shelf

SIZES = pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
BOTTLES: tuple[tuple[str, str | None, str, int, list[str] | None, str | None], ...] = (
    ("Tetrahydrofuran", "1.37", "L", 1, ["GHS02", "GHS07", "GHS08"], "Danger"),
    ("2-Methyltetrahydrofuran", "490", "mL", 1, ["GHS02", "GHS05"], "Danger"),
    ("1,4-Dioxane", "1", "L", 1, ["GHS02", "GHS08"], "Danger"),
    ("Diethyl ether", "610", "mL", 2, ["GHS02", "GHS07"], "Danger"),
    ("Toluene", "855", "mL", 2, ["GHS02", "GHS07", "GHS08"], "Danger"),
    ("Anisole", "410", "mL", 2, ["GHS02"], "Warning"),
    ("Iodine", "100", "g", 0, None, None),
    ("Celite 545", "900", "g", 0, [], None),
    ("Old salt", None, "g", 0, None, None),
)


@dataclass
class Room:
    """Room 2.14 with a cabinet of two shelves, and a bottle that belongs elsewhere."""

    id: int
    name: str
    shelves: list[int] = field(default_factory=list)
    barcodes: dict[str, str] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)


def furnish(installation: Installation, name: str) -> Room:
    """Makes the room, with its bottles, that a test counts."""
    ada = installation.as_user("ada")

    def location(name: str, kind: str, parent: int | None) -> int:
        made = ada.post("/labs/curie/locations", json={"name": name, "kind": kind, "parent_id": parent})
        return int(made.json()["id"])

    room = Room(location(name, "room", None), name)
    cabinet = location("Flammables cabinet 1", "storage", room.id)
    room.shelves = [location(f"Shelf {number}", "shelf", cabinet) for number in (1, 2)]
    elsewhere = location(f"Cold room by {name}", "room", None)
    with shelf(installation) as here:
        for chemical, amount, unit, board, pictograms, signal in (
            *BOTTLES,
            ("Stray acid", "250", "mL", 9, ["GHS05"], "Danger"),
        ):
            bottle = here.add_container(amount, unit, chemical)
            where = elsewhere if board == 9 else room.shelves[board - 1] if board else room.id
            here.run("UPDATE inventory.containers SET location_id = %s, lot = 'STBK0412' WHERE id = %s", where, bottle)
            here.run(
                "UPDATE inventory.chemicals SET pictograms = %s, signal_word = %s WHERE id = (SELECT chemical_id FROM inventory.containers WHERE id = %s)",
                pictograms,
                signal,
                bottle,
            )
            [[room.barcodes[chemical]]] = here.run("SELECT barcode FROM inventory.containers WHERE id = %s", bottle)
            room.ids[chemical] = bottle
    return room


def look(page: Page, name: str) -> None:
    """Keeps a picture of the screen and checks that axe-core finds no fault."""
    page.screenshot(path=SCREENSHOTS / f"reconcile-{name}.png")
    assert accessibility_faults(page) == []
    assert fits(page)


@SIZES
def test_a_manager_starts_a_blind_count_of_what_is_dangerous(
    browsers: Browsers, installation: Installation, phone: bool
) -> None:
    size = "phone" if phone else "desktop"
    room = furnish(installation, f"Room 3.01 {size}")
    page = browsers("ada", f"/reconcile/curie/new?location={room.id}", phone=phone)
    page.get_by_text("Count only a part, blind").click()
    page.get_by_label("Not counted for").fill("0")
    page.get_by_label("Only chemicals with the signal word Danger").check()
    page.get_by_label("Blind:").check()
    look(page, f"part-{size}")
    page.get_by_role("button", name=f"Count {room.name}", exact=True).click()
    expect(page.get_by_label("Not counted for")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Blind:")).to_be_checked()
    look(page, f"part-refused-{size}")
    page.get_by_label("Not counted for").fill("30")
    page.get_by_role("button", name=f"Count {room.name}", exact=True).click()
    expect(page.get_by_text("0 of 7")).to_be_visible()  # without Anisole, a warning, and Celite, which has no hazards
    scan(page, room.barcodes["Toluene"])
    expect(page.locator("#count-hit .big")).to_have_text("Toluene")
    expect(page.locator("body")).not_to_contain_text("855")
    look(page, f"blind-{size}")
    page.get_by_label("What is in it", exact=True).fill("780")
    page.keyboard.press("Enter")
    expect(page.locator("#count-hit")).to_contain_text("780 mL")
    expect(page.locator("#count-hit")).not_to_contain_text("855")
    look(page, f"blind-done-{size}")


@SIZES
def test_ben_counts_a_room_and_ada_posts_it(browsers: Browsers, installation: Installation, phone: bool) -> None:
    size = "phone" if phone else "desktop"
    room = furnish(installation, f"Room 2.14 {size}")
    page = browsers("ben", "/reconcile/curie", phone=phone)
    look(page, f"overview-empty-{size}")
    page.get_by_role("link", name="Start a stocktake").first.click()
    expect(page.get_by_role("button", name=f"Start counting {room.name}", exact=True)).to_be_visible()
    look(page, f"start-{size}")
    page.get_by_role("button", name=f"Start counting {room.name}", exact=True).click()
    expect(page.get_by_text("0 of 9")).to_be_visible()
    expect(page.get_by_label("Scan a container, or type a name")).to_be_focused()
    look(page, f"count-{size}")
    stocktake = page.url.removesuffix("/count")

    # a bottle that holds what is expected takes one scan and one tap
    scan(page, room.barcodes["Diethyl ether"])
    expect(page.locator("#count-hit .big")).to_have_text("Diethyl ether")
    look(page, f"hit-{size}")
    with shelf(installation, "ada") as ada:
        ada.post(room.ids["Tetrahydrofuran"], "check_out", "0.25", "L")
    page.get_by_role("button", name="As expected · 610 mL").click()
    expect(page.locator("#count-hit")).to_contain_text("610 mL, as expected")
    expect(page.get_by_label("Scan a container, or type a name")).to_be_focused()
    look(page, f"done-{size}")

    # what was taken since the stocktake began is already left out of the expected amount
    scan(page, room.barcodes["Tetrahydrofuran"])
    expect(page.locator("#count-hit")).to_contain_text("Ada Lind took 0.25 L")
    page.get_by_role("button", name="As expected · 1.12 L").click()
    expect(page.locator("#count-hit")).to_contain_text("1.12 L, as expected")

    # another amount than expected is typed, at first a wrong one
    scan(page, room.barcodes["Toluene"])
    expect(page.locator("#count-hit .big")).to_have_text("Toluene")
    page.get_by_label("What is in it", exact=True).fill("0,78")
    page.get_by_role("button", name="Count", exact=True).click()
    expect(page.get_by_text("Write the decimal point as a point: 0.78")).to_be_visible()
    look(page, f"refused-{size}")
    page.get_by_label("What is in it", exact=True).fill("780")
    page.keyboard.press("Enter")
    expect(page.locator("#count-hit")).to_contain_text("expected 855 mL")

    # a count is undone, and the bottle counted again
    page.locator("#count-hit").get_by_role("button", name="Undo").click()
    expect(page.get_by_text("2 of 9")).to_be_visible()
    page.get_by_label("What is in it", exact=True).fill("780")
    page.get_by_role("button", name="Count", exact=True).click()
    expect(page.get_by_text("3 of 9")).to_be_visible()

    # a bottle that belongs elsewhere is found; then a code that nobody knows
    scan(page, room.barcodes["Stray acid"])
    expect(page.locator("#count-hit")).to_contain_text("Belongs elsewhere")
    look(page, f"elsewhere-{size}")
    page.get_by_role("button", name="As expected · 250 mL").click()
    expect(page.locator("#count-hit")).to_contain_text("moves here")
    scan(page, "SIGMA-99812")
    expect(page.locator("#count-hit")).to_contain_text("“SIGMA-99812” is on no container here")
    look(page, f"unknown-{size}")

    # bottles are counted from the list, without a scanner
    if phone:
        page.get_by_role("link", name="Iodine").click()
        expect(page.locator("#count-hit .big")).to_have_text("Iodine")
        page.get_by_role("button", name="Not found", exact=True).click()
        expect(page.locator("#count-hit")).to_contain_text("not found")
    else:
        page.get_by_role("button", name=f"Not found Iodine {room.barcodes['Iodine']}").click()
        expect(page.locator("#count-hit")).to_contain_text("not found")

    # at the end of a shelf, one button says that all other bottles hold what is expected
    page.get_by_role("link", name="Choose a shelf").click()
    expect(page.get_by_role("link", name="Shelf 1")).to_be_visible()
    look(page, f"locations-{size}")
    page.get_by_role("link", name="Shelf 1").click()
    expect(page.locator(".ct-here")).to_contain_text("Flammables cabinet 1 › Shelf 1")
    page.get_by_role("link", name="The rest is as expected…").click()
    expect(page.get_by_role("dialog")).to_contain_text("Is the rest as expected?")
    look(page, f"rest-{size}")
    page.get_by_role("dialog").get_by_role("button", name="2 containers as expected").click()
    expect(page.get_by_text("3 of 3 here")).to_be_visible()

    # a manager looks at the differences
    page = browsers("ada", stocktake, phone=phone)
    expect(page.get_by_role("link", name="Toluene")).to_be_visible()
    expect(page.locator("#will")).to_contain_text(
        "Posting writes 6 counts. 1 amount changes, 1 container moves here, 1 becomes missing."
    )
    page.get_by_label("Reason for Toluene").select_option("Evaporated")
    page.get_by_text("Recount", exact=True).click()
    expect(page.locator("#will")).to_contain_text("1 waits for a recount.")
    page.get_by_text("Post", exact=True).click()
    expect(page.locator("#will")).not_to_contain_text("recount")
    look(page, f"review-{size}")
    page.reload()
    expect(page.get_by_label("Reason for Toluene")).to_have_value("Evaporated")
    page.get_by_role("link", name="Not counted").click()
    expect(page.get_by_role("link", name="Not counted")).to_have_attribute("aria-current", "true")
    look(page, f"uncounted-{size}")
    page.get_by_role("link", name="Post the stocktake").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    look(page, f"post-{size}")
    page.get_by_role("dialog").get_by_role("button", name="Post 6 counts").click()
    expect(page.get_by_role("status").filter(has_text="Posted: 6 counts")).to_be_visible()
    expect(page.get_by_role("link", name="In the history")).to_be_visible()
    look(page, f"report-{size}")
    page.goto("/reconcile/curie")
    expect(page.get_by_text("1 off (17 %)").first).to_be_visible()
    look(page, f"overview-{size}")
    with shelf(installation) as here:
        assert here.left(room.ids["Toluene"]) == 780
        [[location, missing]] = here.run(
            "SELECT s.location_id, i.missing_since IS NOT NULL FROM inventory.containers s, inventory.containers i WHERE s.id = %s AND i.id = %s",
            room.ids["Stray acid"],
            room.ids["Iodine"],
        )
        assert (location, missing) == (room.id, True)


@SIZES
def test_each_scan_counts_as_expected(browsers: Browsers, installation: Installation, phone: bool) -> None:
    room = furnish(installation, f"Room quick {phone}")
    page = browsers("ben", "/reconcile/curie/new", phone=phone)
    page.get_by_role("button", name=f"Start counting {room.name}", exact=True).click()
    page.get_by_role("link", name="A scan is “as expected”").click()
    expect(page.get_by_label("Scan a container", exact=True)).to_be_focused()
    for number, name in enumerate(("Toluene", "Anisole", "Diethyl ether"), start=1):
        scan(page, room.barcodes[name])
        expect(page.locator("#count-hit .big")).to_have_text(name)
        expect(page.get_by_text(f"{number} of 9")).to_be_visible()
    scan(page, "SIGMA-99812")
    expect(page.locator("#count-hit")).to_contain_text("“SIGMA-99812” is on no container here")
    assert accessibility_faults(page) == []


@SIZES
def test_a_stocktake_is_counted_without_script(browsers: Browsers, installation: Installation, phone: bool) -> None:
    room = furnish(installation, f"Room plain {phone}")
    page = browsers("ben", "/reconcile/curie/new", phone=phone, java_script_enabled=False)
    page.get_by_role("button", name=f"Start counting {room.name}", exact=True).click()
    page.get_by_label("Scan a container, or type a name").fill(room.barcodes["Toluene"])
    page.keyboard.press("Enter")
    page.get_by_label("What is in it", exact=True).fill("500")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 of 9")).to_be_visible()
    page.goto(page.url.partition("/count")[0])
    page.get_by_label("Reason for Toluene").select_option("Spilled")
    page.get_by_role("button", name="Save reasons and recounts").click()
    expect(page.locator("input[type=hidden][value=Spilled]")).to_be_attached()  # the saved reason
    expect(page.get_by_label("Reason for Toluene")).to_have_value("Spilled")
    page.get_by_role("link", name="Post the stocktake").click()
    page.get_by_role("button", name="Post 1 count").click()
    expect(page.get_by_role("link", name="In the history")).to_be_visible()


@SIZES
def test_ada_keeps_the_tree_of_locations(browsers: Browsers, installation: Installation, phone: bool) -> None:
    size = "phone" if phone else "desktop"
    lab = "hodgkin" if phone else "curie"
    if not phone:  # eve begins with an empty lab, ada adds to her tree
        furnish(installation, "Room beside the annexe")
    page = browsers("eve" if phone else "ada", f"/reconcile/{lab}/locations", phone=phone)
    look(page, f"locations-before-{size}")
    page.get_by_role("link", name="Make the first building" if phone else "Add a building").click()
    page.get_by_label("Name").fill(f"Annexe {size}")
    look(page, f"location-form-{size}")
    page.get_by_role("button", name="Add it", exact=True).click()
    page.get_by_role("link", name=f"Add inside Annexe {size}").click()
    page.get_by_label("Name").fill("Room A1")
    page.get_by_label("Count it every").fill("90")
    page.get_by_role("button", name="Add it and another").click()
    expect(page.get_by_role("status").filter(has_text="Room A1 is added")).to_be_visible()
    page.get_by_label("Name").fill("Room A2")
    page.get_by_role("button", name="Add it", exact=True).click()
    expect(page.get_by_role("link", name="Room A1", exact=True)).to_be_visible()
    look(page, f"locations-{size}")
    page.get_by_role("link", name="Room A2", exact=True).click()
    page.get_by_label("Lies in").select_option(label=f"Annexe {size} › Room A1")
    page.get_by_label("Name").fill("Bench")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Bench is changed")).to_be_visible()
    page.get_by_role("link", name="Bench", exact=True).click()
    page.get_by_role("link", name="Archive it…").click()
    expect(page.get_by_role("dialog")).to_contain_text("Archive Bench?")
    look(page, f"archive-{size}")
    page.get_by_role("dialog").get_by_role("button", name="Archive it").click()
    expect(page.get_by_role("link", name="Bench", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="Bench", exact=True)).to_be_visible()
    page.goto(f"/reconcile/{lab}")
    expect(page.get_by_text("Due for a count")).to_be_visible()
    look(page, f"due-{size}")


@SIZES
def test_cleo_looks_at_a_stocktake(browsers: Browsers, installation: Installation, phone: bool) -> None:
    room = furnish(installation, f"Room seen {phone}")
    ben = installation.as_user("ben")
    stocktake = ben.post("/labs/curie/stocktakes", json={"location_id": room.id}).json()["id"]
    line = {"container_id": room.ids["Toluene"], "counted": "500", "unit": "mL"}
    assert ben.post(f"/labs/curie/stocktakes/{stocktake}/counts", json={"lines": [line]}).status_code == 200
    page = browsers("cleo", "/reconcile/curie", phone=phone)
    page.get_by_role("link", name=f"Review {room.name}").click()
    expect(page.get_by_role("link", name="Toluene")).to_be_visible()
    expect(page.get_by_role("link", name="Post the stocktake")).to_have_count(0)
    look(page, f"viewer-{'phone' if phone else 'desktop'}")
    page.goto("/reconcile/curie/locations")
    look(page, f"locations-viewer-{'phone' if phone else 'desktop'}")


@pytest.mark.parametrize("width", [768, 1024])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_counting_and_reviewing_fit_other_screens(
    browsers: Browsers, installation: Installation, width: int, scheme: str
) -> None:
    room = furnish(installation, f"Room {width} {scheme}")
    ben = installation.as_user("ben")
    stocktake = ben.post("/labs/curie/stocktakes", json={"location_id": room.id}).json()["id"]
    lines = [
        {"container_id": room.ids["Toluene"], "counted": "500", "unit": "mL"},
        {"container_id": room.ids["Iodine"], "result": "not_found"},
        {"container_id": room.ids["Stray acid"], "result": "there"},
        {"container_id": room.ids["Old salt"], "counted": "12", "unit": "g"},
    ]
    assert ben.post(f"/labs/curie/stocktakes/{stocktake}/counts", json={"lines": lines}).status_code == 200
    screen: dict[str, Any] = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    page = browsers("ada", f"/reconcile/curie/{stocktake}/count?container={room.ids['Anisole']}", **screen)
    look(page, f"count-{width}-{scheme}")
    for state in ("off", "not_found", "elsewhere", "first", "matched"):
        page.goto(f"/reconcile/curie/{stocktake}?state={state}")
        look(page, f"review-{state}-{width}-{scheme}")
    for path in ("locations", f"{stocktake}/locations", "new", "locations/new"):
        page.goto(f"/reconcile/curie/{path}")
        look(page, f"{path.split('/')[-1]}-{width}-{scheme}")
