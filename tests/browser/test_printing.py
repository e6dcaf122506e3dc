"""The list of chemicals on paper: a table without the parts of the page that only serve clicking."""

import re

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SCREENSHOTS, Browsers, accessibility_faults
from tests.installation import Installation

NAMES = [f"Substance {number:02}" for number in range(45)]
LONG = "1-Ethyl-3-(3-dimethylaminopropyl)carbodiimide hydrochloride"


@pytest.fixture(scope="module", autouse=True)
def stock(installation: Installation) -> None:
    ada = installation.as_user("ada")
    room = ada.post("/labs/curie/locations", json={"kind": "room", "name": "Room 2.14"}).json()["id"]
    lines = [
        {"chemical": {"name": name}, "count": 1, "amount": "250", "unit": "mL", "location_id": room, "expires_on": "2020-01-31"}
        for name in [*NAMES, LONG]
    ]  # fmt: skip
    answer = ada.send_once("/labs/curie/deliveries", {"lines": lines})
    assert answer.status_code == 201, answer.text


def printed(page: Page) -> list[str]:
    """The text of each sheet, without blanks: where they stand depends on the fonts of the PDF."""
    document = pypdfium2.PdfDocument(page.pdf(format="A4"))
    return ["".join(sheet.get_textpage().get_text_range().split()) for sheet in document]


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_list_is_printed_as_a_list(browsers: Browsers, phone: bool) -> None:
    sheets = printed(browsers("ada", "/chemicals/curie", phone=phone))
    text = "".join(sheets)
    assert [name for name in [*NAMES, LONG] if name.replace(" ", "") not in text] == []
    assert text.count("250mL") == text.count("Room2.14") == text.count("Expired") == len(NAMES) + 1
    assert "46chemicals" in text
    for sheet in sheets:
        assert "Substance" in sheet, "no sheet is blank"
        assert "Instock" in sheet, "each sheet has the heads of its columns"
    controls = ("Filters", "Sortby", "Columns", "Export", "Checkout", "Molarmass", "Next", "chosen")
    assert [control for control in controls if control in text] == []


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_a_label_is_seen_before_it_is_printed_and_kept_for_the_lab(
    browsers: Browsers, installation: Installation, size: str
) -> None:
    installation.psql("DELETE FROM inventory.label_settings", lab="curie")
    theme = "dark" if size == "wide" else "light"
    page = browsers("ada", "/chemicals/curie/labels?container=1", phone=size == "phone", color_scheme=theme)
    picture = page.locator("#label-look img")

    def seen() -> str:
        return str(picture.evaluate("async image => { await image.decode(); return image.currentSrc; }"))

    assert "field=lot" in seen()
    page.get_by_label("Lot", exact=True).uncheck()
    expect(picture).to_have_attribute("src", re.compile("^(?!.*field=lot)"))
    assert "field=lot" not in seen()
    page.get_by_label("Paper").select_option("brother-dk-22205")
    expect(picture).to_have_attribute("src", re.compile("sheet=brother-dk-22205"))
    expect(picture).to_have_js_property("naturalHeight", 472)
    assert accessibility_faults(page) == []
    page.screenshot(path=SCREENSHOTS / f"labels-{size}.png", full_page=True)
    page.get_by_role("button", name="Keep paper and fields for the lab…").click()
    expect(page.get_by_role("heading", name="Print the labels of")).to_be_visible()
    assert accessibility_faults(page) == []
    page.screenshot(path=SCREENSHOTS / f"labels-keep-{size}.png")
    page.get_by_role("button", name="Keep it", exact=True).click()
    page.wait_for_url(re.compile(r"/chemicals/curie/labels\?container=1$"))
    expect(page.get_by_label("Paper")).to_have_value("brother-dk-22205")
    expect(page.get_by_label("Lot", exact=True)).not_to_be_checked()
    page.get_by_label("File").select_option("zpl-203")
    with page.expect_download() as zpl:
        page.get_by_role("button", name="Print labels").click()
    assert zpl.value.suggested_filename == "labels-curie.zpl"
    assert zpl.value.path().read_bytes().startswith(b"^XA^PW495^LL319")


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_a_locations_label_is_seen_before_it_is_printed(browsers: Browsers, size: str) -> None:
    theme = "dark" if size == "wide" else "light"
    page = browsers("cleo", "/reconcile/curie/locations", phone=size == "phone", color_scheme=theme)
    page.get_by_role("link", name="Labels", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Labels of locations")
    picture = page.get_by_role("img", name="The first label")
    page.get_by_label("Paper").select_option("brother-dk-22205")
    expect(picture).to_have_js_property("naturalHeight", 472)
    page.get_by_role("link", name="Only from here on Room 2.14").click()
    expect(page.get_by_role("link", name="All locations")).to_be_visible()
    page.get_by_label("Paper").select_option("brother-dk-22205")
    expect(picture).to_have_attribute("src", re.compile(r"inside=\d+.*sheet=brother-dk-22205"))
    expect(picture).to_have_js_property("naturalHeight", 472)
    assert accessibility_faults(page) == []
    page.screenshot(path=SCREENSHOTS / f"location-labels-{size}.png", full_page=True)
    page.get_by_label("File").select_option("zpl-203")
    with page.expect_download() as zpl:
        page.get_by_role("button", name="Print labels").click()
    assert zpl.value.suggested_filename == "locations-curie.zpl"
