"""Finding, looking at, adding and editing chemicals, in a browser."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from psycopg.types.json import Jsonb

from tests.browser.conftest import Browsers, accessibility_faults, fits, started
from tests.browser.scanner import scan, type_by_hand
from tests.installation import Installation
from tests.sql.shelf import shelf

RECEIVE = "SELECT container_id FROM inventory.receive('{}', %s)"


@pytest.fixture(scope="module", autouse=True)
def stock(installation: Installation) -> None:
    """Curie: THF in two bottles in Room 2.14, acetone in Stores, a powder nobody knows, and sixty salts."""
    ada = installation.as_user("ada")

    def add(**chemical: object) -> int:
        return int(ada.post("/labs/curie/chemicals", json=chemical).json()["id"])

    thf = add(
        name="Tetrahydrofuran",
        synonyms=["THF"],
        cas_number="109-99-9",
        formula="C4H8O",
        physical_state="liquid",
        pictograms=["GHS02", "GHS07", "GHS08"],
        signal_word="Danger",
        h_statements=["H225", "H302", "EUH019"],
        p_statements=["P210", "P301+P310"],
        low_stock_amount="2",
        low_stock_unit="L",
    )
    acetone = add(
        name="Acetone", cas_number="67-64-1", formula="C3H6O", physical_state="liquid", pictograms=["GHS02", "GHS07"]
    )
    add(name="Brown powder")
    for number in range(60):
        add(name=f"Salt {number:02}", physical_state="solid", pictograms=[], formula="NaCl")
    with shelf(installation) as on:
        location = "INSERT INTO inventory.locations (kind, name) VALUES ('room', %s) RETURNING id"
        [[room]], [[store]] = on.run(location, "Room 2.14"), on.run(location, "Stores")
        common = {"unit": "L", "pack_size": "2.5", "pack_unit": "L", "lot": "STBK0412"}
        lines = [
            {
                "chemical_id": chemical,
                "count": 1,
                "barcodes": [code],
                "amount": amount,
                "unit": "L",
                "container": common | {"location_id": where},
            }
            for chemical, code, amount, where in (
                (thf, "CT-000101", "1.37", room),
                (thf, "CT-000102", "2.5", room),
                (acetone, "CT-000103", "0.4", store),
            )
        ]
        on.run(RECEIVE, Jsonb(lines))
        on.run("UPDATE inventory.containers SET expires_on = control.today() + 12 WHERE barcode = 'CT-000103'")
        on.run(
            "UPDATE inventory.containers SET holder_id = (SELECT id FROM control.users WHERE username = 'ben') WHERE barcode = 'CT-000102'"
        )


def names(page: Page) -> Locator:
    return page.locator("#results tbody a.name")


def test_the_list_follows_what_is_typed_and_chosen(browsers: Browsers) -> None:
    page = browsers("ada", "/chemicals/curie")
    expect(names(page)).to_have_count(50)
    assert accessibility_faults(page) == []
    page.keyboard.press("/")
    page.keyboard.type("tetra", delay=80)
    expect(page.locator("#results tbody tr")).to_have_count(1)
    expect(names(page)).to_have_text(["Tetrahydrofuran"])
    expect(page).to_have_url(re.compile(r"/chemicals/curie\?q=tetra$"))
    page.locator("#q").fill("")
    expect(page.locator("#results [role=status]")).to_have_text("63 chemicals")
    page.get_by_role("radio", name="Room 2.14").check()
    expect(page.locator("#results [role=status]")).to_have_text("1 chemical")
    expect(page).to_have_url(re.compile(r"/chemicals/curie\?location=\d+$"))
    expect(page.get_by_role("radio", name="Room 2.14")).to_be_focused()  # after filters were redrawn
    page.get_by_role("radio", name="Anywhere").check()
    page.get_by_title("Flammable").first.click()
    page.get_by_role("checkbox", name="Expires within 30 days").check()
    expect(page.locator("#results .ct-chip")).to_have_count(2)
    expect(names(page)).to_have_text(["Acetone"])
    assert accessibility_faults(page) == []
    page.get_by_role("link", name="Remove the filter: Stock Expires within 30 days").click()
    expect(page.locator("#results tbody tr")).to_have_count(2)
    page.go_back()
    expect(page.locator("#results tbody tr")).to_have_count(1)
    expect(page.get_by_role("checkbox", name="Expires within 30 days")).to_be_checked()


def test_sorting_and_pages_go_by_keys_of_the_list(browsers: Browsers) -> None:
    page = browsers("ada", "/chemicals/curie")
    expect(page.locator(".ct-pager span").first).to_contain_text("Acetone to Salt")
    page.get_by_role("link", name="Next").click()
    expect(page.locator(".ct-pager span").first).to_contain_text("Salt 48 to Tetrahydrofuran")
    expect(names(page).last).to_have_text("Tetrahydrofuran")
    page.get_by_role("link", name="Previous").click()
    expect(names(page).first).to_have_text("Acetone")
    page.get_by_role("link", name="Name").click()
    expect(page.locator("th[aria-sort=descending]")).to_have_text("Name")
    expect(names(page).first).to_have_text("Tetrahydrofuran")
    page.get_by_role("checkbox", name="Liquid").check()
    expect(page.locator("#results tbody tr")).to_have_count(2)
    expect(names(page)).to_have_text(["Tetrahydrofuran", "Acetone"])  # the order stays


def test_a_scan_on_the_list_opens_the_container(browsers: Browsers) -> None:
    page = browsers("ben", "/chemicals/curie")
    scan(page, "CT-000102")
    page.wait_for_url(re.compile(r"/chemicals/curie/\d+\?container=\d+$"))
    chosen = page.locator(".ct-chosen")
    expect(chosen).to_contain_text("CT-000102")
    expect(chosen).to_contain_text("with Ben since today")
    expect(chosen.get_by_role("link", name="Bring back")).to_be_visible()
    assert accessibility_faults(page) == []


def test_rows_are_chosen_and_their_labels_printed(browsers: Browsers) -> None:
    page = browsers("ada", "/chemicals/curie?state=liquid")
    bar = page.locator("[data-chosen-bar]")
    expect(bar).to_be_hidden()
    page.get_by_label("Choose all on this page").check()
    expect(bar).to_contain_text("2 chosen")
    assert accessibility_faults(page) == []
    bar.get_by_role("button", name="Labels").click()
    page.wait_for_url(re.compile(r"/chemicals/curie/labels\?chemical=\d+&chemical=\d+"))
    expect(page.locator("tbody tr")).to_have_count(3)
    assert accessibility_faults(page) == []
    # A PDF is shown in a tab of its own, which headless Chromium downloads instead.
    address = page.evaluate(
        "new URLSearchParams(new FormData(document.querySelector('form[action$=\"labels.pdf\"]'))).toString()"
    )
    printed = page.request.get(f"/chemicals/curie/labels.pdf?{address}")
    assert printed.headers["content-type"] == "application/pdf"


def test_the_numbers_beside_the_filters_follow_what_is_typed(browsers: Browsers) -> None:
    page = browsers("ada", "/chemicals/curie")
    expect(page.locator("#left-state-liquid")).to_have_text("2")
    page.locator("#q").press_sequentially("thf")
    expect(page.locator("#left-state-liquid")).to_have_text("1")
    expect(page.locator("#left-state-solid")).to_have_text("0")
    expect(page.locator("#left-flag-expiring")).to_have_text("0")
    expect(page.get_by_role("radio", name="Anywhere")).to_be_checked()


def test_a_phone_sorts_chooses_and_moves(browsers: Browsers) -> None:
    page = browsers("ada", "/chemicals/curie", phone=True)
    page.get_by_role("link", name="Filters").click()
    page.get_by_label("Sort by").select_option("In stock: most first")
    page.get_by_role("link", name="Show results").click()
    expect(page.locator("#results tbody a.name").first).to_have_text("Tetrahydrofuran")
    page.get_by_role("checkbox", name="Choose Tetrahydrofuran").check()
    page.get_by_role("checkbox", name="Choose Acetone").check()
    expect(page.locator("[data-chosen-count]")).to_have_text("2")
    page.get_by_role("button", name="Move…").click()
    for code in ("CT-000101", "CT-000102", "CT-000103"):
        expect(page.get_by_text(code, exact=True)).to_be_visible()
    page.get_by_label("Where they stand now").select_option("Stores")
    page.get_by_role("button", name="Move 3 containers to Stores").click()
    expect(page).to_have_url(re.compile(r"/chemicals/curie\?sort=-stock$"))
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: 2 containers moved back")).to_be_visible()


def test_the_list_is_exported_as_it_is_filtered(browsers: Browsers) -> None:
    page = browsers("cleo", "/chemicals/curie")
    page.locator("#q").fill("acet")
    expect(page.locator("#results tbody tr")).to_have_count(1)
    page.locator("summary", has_text="Export").click()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Their containers (CSV)").click()
    text = downloading.value.path().read_text("utf-8-sig")
    assert "CT-000103" in text
    assert "CT-000101" not in text


def test_ada_adds_a_chemical_by_its_cas_number(browsers: Browsers) -> None:
    page = browsers("ada", "/chemicals/curie/new")
    assert accessibility_faults(page) == []
    expect(page.get_by_label("CAS RN")).to_be_focused()
    page.keyboard.type("60-29-8", delay=20)
    expect(page.locator("#looked-up")).to_contain_text("Did you mean 60-29-7?")
    page.get_by_label("Name", exact=True).fill("Ether, stabilised")
    page.get_by_label("CAS RN").fill("60-29-7")
    expect(page.locator("#looked-up")).to_contain_text("Filled in from the reference of Diethyl ether")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Ether, stabilised")  # what was typed stays
    expect(page.get_by_label("Formula")).to_have_value("C4H10O")
    expect(page.get_by_role("radio", name=re.compile("^Classified"))).to_be_checked()
    expect(page.get_by_label("Flammable")).to_be_checked()
    expect(page.get_by_role("textbox", name="H statements")).to_have_value(re.compile("H224"))
    assert accessibility_faults(page) == []
    page.get_by_label("Reorder at", exact=False).first.fill("1,5")
    page.get_by_role("button", name="Add chemical").click()
    expect(page.locator("[aria-invalid=true]")).to_be_focused()
    expect(page.locator(".ct-error")).to_have_text("Write the decimal point as a point: 1.5")
    assert accessibility_faults(page) == []
    page.keyboard.press("ControlOrMeta+A")
    type_by_hand(page, "1.5", end="Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ether, stabilised")
    expect(page.locator("#ct-toasts")).to_contain_text("Ether, stabilised is listed")
    expect(page.get_by_text("Extremely flammable liquid and vapour.")).to_be_visible()
    assert accessibility_faults(page) == []


def test_a_duplicate_is_said_with_a_link(browsers: Browsers) -> None:
    page = browsers("ada", "/chemicals/curie/new")
    page.get_by_label("CAS RN").fill("109-99-9")
    page.locator("#looked-up").get_by_role("link", name="Tetrahydrofuran").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tetrahydrofuran")


def test_hazards_are_recorded_from_the_page_where_they_are_missed(browsers: Browsers) -> None:
    page = browsers("ben", "/chemicals/curie?q=brown")
    expect(page.locator("#results tbody tr")).to_contain_text("Not known")
    page.get_by_role("link", name="Brown powder").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Brown powder")
    assert accessibility_faults(page) == []
    page.get_by_role("link", name="Record its hazards").click()
    expect(page.get_by_label("Corrosive")).to_be_hidden()
    page.get_by_role("radio", name=re.compile("^Classified")).check()
    page.get_by_label("Corrosive").check()
    page.get_by_role("textbox", name="H statements").fill("H314")
    page.get_by_label("Formula").fill("CuSO4·5H2O")
    expect(page.locator("#computed")).to_contain_text("249.6")
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator(".ct-hazside")).to_contain_text("Corrosive")
    expect(page.get_by_text("Causes severe skin burns and eye damage.")).to_be_visible()


def test_a_containers_label_is_edited(browsers: Browsers) -> None:
    page = browsers("ada", "/C/curie/CT-000103")
    page.locator(".ct-chosen").get_by_role("link", name="CT-000103", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("CT-000103")
    assert accessibility_faults(page) == []
    page.get_by_role("link", name="Edit its label").click()
    expect(page.get_by_label("Purity")).to_be_visible()
    assert accessibility_faults(page) == []
    page.get_by_label("Purity").fill("99.8 %")
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator("main")).to_contain_text("99.8 %")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_cards_and_the_filters_as_a_sheet(browsers: Browsers, scheme: str) -> None:
    page = browsers("ben", "/chemicals/curie?q=tetra", phone=True, color_scheme=scheme)
    assert fits(page)
    assert accessibility_faults(page) == []
    expect(page.locator("#filters")).to_have_js_property("open", False)
    page.locator("#results").get_by_role("link", name="Filters").tap()
    expect(page.get_by_role("checkbox", name="Liquid")).to_be_visible()
    assert accessibility_faults(page) == []
    page.locator("input[name=state][value=gas]").check()
    page.get_by_role("link", name="Show results").tap()
    expect(page.locator("#results")).to_contain_text("No chemical fits “tetra” and 1 filter")
    assert fits(page)
    page.get_by_role("link", name="Remove the filter: Physical state Gas").tap()
    page.get_by_role("link", name="Tetrahydrofuran").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tetrahydrofuran")
    assert fits(page)
    assert accessibility_faults(page) == []
    page.get_by_text("More", exact=True).first.tap()
    expect(page.get_by_role("link", name="Mark for deletion…")).to_be_visible()


@pytest.mark.parametrize("path", ["new", "labels"])
def test_forms_fit_a_phone(browsers: Browsers, path: str) -> None:
    page = browsers("ada", f"/chemicals/curie/{path}", phone=True)
    assert fits(page)
    assert accessibility_faults(page) == []


def test_chemicals_are_found_and_added_without_script(browsers: Browsers) -> None:
    page = browsers("ada", "/chemicals/curie", java_script_enabled=False)
    page.locator("#q").fill("tetra")
    page.get_by_role("checkbox", name="Liquid").check()
    page.get_by_role("button", name="Show results").click()
    expect(names(page)).to_have_text(["Tetrahydrofuran"])
    expect(page.get_by_role("checkbox", name="Liquid")).to_be_checked()
    page.locator("#q").fill("CT-000101")
    page.get_by_role("checkbox", name="Liquid").uncheck()
    page.locator("#q").press("Enter")
    page.wait_for_url(re.compile("container="))
    page.goto("/chemicals/curie/new")
    page.get_by_label("CAS RN").fill("64-17-5")
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value(re.compile("^Ethanol"))
    page.get_by_role("button", name="Add chemical").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Ethanol"))


def test_a_viewer_sees_no_act(browsers: Browsers) -> None:
    page = browsers("cleo", "/C/curie/CT-000101")
    for act in ("Check out", "Edit", "Receive", "Mark for deletion…"):
        assert page.locator("main").get_by_role("link", name=act).count() == 0
    assert accessibility_faults(page) == []


def test_what_was_filled_in_for_a_cas_number_goes_with_it(browsers: Browsers) -> None:
    page = browsers("ada", "/chemicals/curie/new")
    page.get_by_label("CAS RN").fill("67-64-1")
    page.keyboard.press("Tab")
    expect(page.locator("#looked-up")).to_contain_text("Filled in from the reference of Acetone")
    page.get_by_label("Other names").fill("Rinse")  # a person's own text is asked about, not taken out
    page.get_by_label("CAS RN").fill("26628-22-8")
    page.keyboard.press("Tab")
    expect(page.locator("#looked-up")).to_contain_text("Filled in from the reference of Sodium azide")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Sodium azide")
    expect(page.get_by_role("textbox", name="H statements")).not_to_have_value(re.compile("H225"))
    expect(page.get_by_role("textbox", name="H statements")).to_have_value(re.compile("H300"))
    expect(page.get_by_label("Density")).not_to_have_value(re.compile("0.7"))
    expect(page.get_by_label("Other names")).to_have_value("Rinse")
    page.get_by_label("CAS RN").fill("26628-22")
    page.get_by_label("CAS RN").press("Tab")
    expect(page.get_by_label("Name", exact=True)).to_have_value("")
    expect(page.get_by_role("radio", name=re.compile("^Not known"))).to_be_checked()
    expect(page.locator("#looked-up")).to_contain_text("Taken out")
    assert accessibility_faults(page) == []


def test_what_was_typed_is_asked_about_and_replaced_on_request(browsers: Browsers) -> None:
    page = browsers("ada", "/chemicals/curie/new")
    page.get_by_label("Name", exact=True).fill("Acetone")
    page.get_by_label("Formula").fill("C3H6O")
    page.get_by_label("CAS RN").fill("26628-22-8")
    expect(page.locator("#looked-up")).to_contain_text("says something else than what stands here: name, formula")
    page.get_by_role("button", name="Add chemical").click()
    expect(page.locator(".ct-error")).to_contain_text("26628-22-8 is Sodium azide; Acetone has 67-64-1.")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Acetone")
    started(page)
    page.get_by_label("CAS RN").press("End")
    page.keyboard.type(" ")
    page.get_by_role("button", name="Take what the reference says").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Sodium azide")
    expect(page.get_by_label("Formula")).to_have_value(re.compile("N"))
    page.get_by_role("button", name="Add chemical").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sodium azide")
