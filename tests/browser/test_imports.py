"""A spreadsheet comes in, in a browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SCREENSHOTS, Browsers, accessibility_faults
from tests.installation import Installation

STOCK = """Barcode,Name,CAS,Room,Owner,Amount,Received
{0}-1,Ethanol,64-17-5,Store > Shelf 1,Chemistry,500 mL,3/27/2013
{0}-2,Ammonium dichromate,9/5/7789,Store > Shelf 2,Chemistry,250 g,1/1/2010
{0}-3,Agar,NO CAS,Store > Shelf 1,Biology,100,
{0}-4,Potassium bromide,2/3/7758,Store > shelf-1,Biology,50,
,,NO CAS,Store,Biology,1 g,
{0}-1,Acetone,67-64-1,Store,Art,1 L,
{0}-5,Some salt,,,,,
"""


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def faults(page: Page) -> list[str]:
    """What axe finds with the bars laid flat: it takes what one of them half covers just now for too small."""
    page.evaluate(
        "document.querySelectorAll('.ct-top, .ct-act, .ct-tabs').forEach(bar => bar.style.position = 'static')"
    )
    found = accessibility_faults(page)
    page.evaluate("document.querySelectorAll('.ct-top, .ct-act, .ct-tabs').forEach(bar => bar.style.position = '')")
    return found


def shot(page: Page, name: str, phone: bool) -> None:
    page.screenshot(path=SCREENSHOTS / f"imports-{name}-{'phone' if phone else 'desktop'}.png", full_page=False)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_ada_imports_a_spreadsheet(browsers: Browsers, installation: Installation, tmp_path: Path, phone: bool) -> None:
    code = "P" if phone else "D"
    file = tmp_path / f"stock-{code}.csv"
    file.write_text(STOCK.format(code))
    page = browsers("ada", "/imports/curie", phone=phone)
    shot(page, "list", phone)
    assert faults(page) == []
    assert fits(page)

    page.get_by_label("Spreadsheet", exact=True).set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    page.wait_for_url("**/columns")
    expect(page.get_by_label("CAS", exact=True)).to_have_value("cas_number")
    expect(page.get_by_label("Owner", exact=True)).to_have_value("owner")
    shot(page, "columns", phone)
    assert faults(page) == []
    assert fits(page)

    page.get_by_role("button", name="Check the rows").click()
    problems = page.get_by_role("navigation", name="Problems")
    expect(problems.get_by_role("link", name="No unit beside the amount")).to_have_attribute("aria-current", "true")
    shot(page, "check", phone)
    assert faults(page) == []
    assert fits(page)
    page.get_by_label("Unit of these amounts").select_option("g")
    page.get_by_role("button", name="All are in this unit").click()
    expect(problems.get_by_role("link", name="Unit chosen for this file")).to_be_visible()

    expect(page.get_by_text("1 waits for your word")).to_be_visible()
    problems.get_by_role("link", name="One place in several spellings").click()
    page.get_by_text("Make them one").click()
    expect(page.get_by_text("Store › Shelf 1").first).to_be_visible()
    expect(page.get_by_text("waits for your word")).to_be_hidden()

    problems.get_by_role("link", name="CAS had become a date").click()
    expect(page.get_by_text("7789-09-5", exact=True)).to_be_visible()
    shot(page, "repairs", phone)
    assert faults(page) == []
    page.get_by_label("Repair row 5").uncheck()
    page.get_by_role("button", name="Apply the ticks").click()
    expect(page.get_by_text("7758-02-3", exact=True)).to_be_hidden()
    page.get_by_text("Leave all").click()
    expect(page.get_by_text("7789-09-5", exact=True)).to_be_hidden()
    page.get_by_text("Repair all").click()
    expect(page.get_by_text("7758-02-3", exact=True)).to_be_visible()

    problems.get_by_role("link", name="Barcode used twice").click()
    shot(page, "refused", phone)
    assert faults(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="The 2").click()
    assert "Barcode used twice in the file" in Path(download.value.path()).read_text()

    page.get_by_role("button", name="Load 5 rows now").click()
    page.wait_for_url("**/imports/curie/*")
    expect(page.get_by_role("heading", name="5 rows loaded")).to_be_visible()
    shot(page, "result", phone)
    assert faults(page) == []
    assert fits(page)
    page.get_by_role("link", name="See the chemicals").click()
    expect(page.get_by_text("Potassium bromide").first).to_be_visible()
    stock = installation.psql(
        "SELECT count(*) FROM inventory.containers WHERE barcode LIKE %s", f"{code}-%", lab="curie"
    )
    assert stock == [(5,)]


def test_the_load_is_shown_while_it_goes_on(browsers: Browsers, installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    file.write_text("Barcode,Name\n" + "".join(f"M-{number},Salt {number % 90}\n" for number in range(3000)))
    page = browsers("ada", "/imports/curie")
    page.get_by_label("Spreadsheet", exact=True).set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name="Check the rows").click()
    page.evaluate("""() => {
      window.seen = [];
      new MutationObserver(() => seen.push(document.querySelector('[data-loaded]').textContent))
        .observe(document.querySelector('[data-load-progress]'), {subtree: true, childList: true, characterData: true});
      addEventListener('beforeunload', () => sessionStorage.setItem('seen', JSON.stringify(seen)));
    }""")
    page.get_by_role("button", name="Load 3,000 rows now").click()
    expect(page.locator("[data-load-progress]")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="of 3,000 rows")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / "imports-loading-desktop.png")
    expect(page.get_by_role("heading", name="3,000 rows loaded")).to_be_visible(timeout=60_000)
    seen = set(page.evaluate("JSON.parse(sessionStorage.getItem('seen'))"))
    assert len(seen & {"500", "1,000", "1,500", "2,000", "2,500", "3,000"}) >= 3, seen


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_without_script_the_same_is_done(browsers: Browsers, tmp_path: Path, phone: bool) -> None:
    code = "NP" if phone else "ND"
    file = tmp_path / "stock.csv"
    file.write_text(STOCK.format(code))
    page = browsers("ada", "/imports/curie", phone=phone, java_script_enabled=False)
    page.get_by_label("Spreadsheet", exact=True).set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    page.get_by_label("Biology").check()
    page.get_by_role("button", name="Check the rows").click()
    page.get_by_role("button", name="Not known; keep the figure as a note").click()
    page.get_by_role("navigation", name="Problems").get_by_role("link", name="CAS had become a date").click()
    page.get_by_text("Leave all").click()
    page.get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_text("7758-02-3", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Load all 2 rows").click()
    expect(page.get_by_role("heading", name="2 rows loaded")).to_be_visible()


@pytest.mark.parametrize(("megabytes", "sentence"), [(21, "The file has 21.0 MB"), (40, "The file has 40.0 MB")])
def test_a_file_that_is_too_large_is_refused_beside_the_field(
    browsers: Browsers, tmp_path: Path, megabytes: int, sentence: str
) -> None:
    file = tmp_path / "large.csv"
    file.write_bytes(b"Name,CAS\n" + b"x,1\n" * (megabytes * 1024 * 256))
    page = browsers("ada", "/imports/curie")
    page.get_by_label("Spreadsheet", exact=True).set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    expect(page.locator("#file-error")).to_contain_text(sentence)
    assert faults(page) == []


def test_a_file_that_is_no_spreadsheet_is_refused_beside_the_field(browsers: Browsers, tmp_path: Path) -> None:
    file = tmp_path / "photo.csv"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500))
    page = browsers("ada", "/imports/curie", phone=True)
    page.get_by_label("Spreadsheet", exact=True).set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    expect(page.locator("#file-error")).to_contain_text("This is a picture (PNG), not a spreadsheet.")
    shot(page, "no-spreadsheet", True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_empty_lab_is_told_what_an_import_does(browsers: Browsers, scheme: str) -> None:
    page = browsers("eve", "/imports/hodgkin", color_scheme=scheme)
    expect(page.get_by_role("heading", name="Nothing was imported yet")).to_be_visible()
    assert faults(page) == []
    page = browsers("ben", "/imports/hodgkin", phone=True, color_scheme=scheme)
    expect(page.get_by_text("A manager of the lab imports its spreadsheets.")).to_be_visible()
    expect(page.get_by_label("Spreadsheet", exact=True)).to_have_count(0)
    assert faults(page) == []
