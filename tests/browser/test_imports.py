"""A spreadsheet comes in, in a browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SCREENSHOTS, Browsers, accessibility_faults, fits
from tests.installation import Installation

STOCK = """Barcode,Name,CAS,Room,Owner,Amount,Received
{0}-1,Ethanol,64-17-5,Store > Shelf 1,Chemistry,500 mL,3/27/2013
{0}-2,Thionyl chloride,9/7/7719,Store > Shelf 2,Chemistry,250 g,1/1/2010
{0}-3,Agar,NO CAS,Store > Shelf 1,Biology,100,
{0}-4,Trypsin from bovine pancreas,7/7/9002,Store > shelf-1,Biology,50,
,,NO CAS,Store,Biology,1 g,
{0}-1,Acetone,67-64-1,Store,Art,1 L,
{0}-5,Some salt,,,,,
{0}-6,Potassium bromide,2/3/7758,Store,Chemistry,50 g,
"""
"""The reference knows thionyl chloride and trypsin, so their CAS numbers are repaired; of potassium bromide only the check digit speaks."""


def faults(page: Page) -> list[str]:
    """What axe finds while no bar is sticky: axe takes a field that a sticky bar half covers for too small."""
    page.evaluate(
        "document.querySelectorAll('.ct-top, .ct-act, .ct-tabs').forEach(bar => bar.style.position = 'static')"
    )
    found = accessibility_faults(page)
    page.evaluate("document.querySelectorAll('.ct-top, .ct-act, .ct-tabs').forEach(bar => bar.style.position = '')")
    return found


def choose(problems: Locator, title: str) -> None:
    """Follow the link of a problem, and wait for the page that shows its rows."""
    problems.get_by_role("link", name=title).click()
    expect(problems.get_by_role("link", name=title)).to_have_attribute("aria-current", "true")


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

    expect(page.get_by_text("2 wait for your word")).to_be_visible()
    problems.get_by_role("link", name="One location in several spellings").click()
    page.get_by_text("Make them one").click()
    expect(page.get_by_text("Store › Shelf 1").first).to_be_visible()
    expect(page.get_by_text("1 waits for your word")).to_be_visible()

    choose(problems, "May be a CAS number that a spreadsheet changed")
    expect(page.get_by_text("7758-02-3", exact=True)).to_be_hidden()
    shot(page, "question", phone)
    assert faults(page) == []
    page.get_by_text("Take them as CAS numbers").click()
    expect(page.get_by_text("7758-02-3", exact=True)).to_be_visible()
    expect(page.get_by_text("waits for your word")).to_be_hidden()

    problems.get_by_role("link", name="CAS had become a date").click()
    expect(page.get_by_text("7719-09-7", exact=True)).to_be_visible()
    shot(page, "repairs", phone)
    assert faults(page) == []
    page.get_by_label("Repair row 5").uncheck()
    page.get_by_role("button", name="Apply the ticks").click()
    expect(page.get_by_text("9002-07-7", exact=True)).to_be_hidden()
    page.get_by_text("Leave all").click()
    expect(page.get_by_text("7719-09-7", exact=True)).to_be_hidden()
    page.get_by_text("Repair all").click()
    expect(page.get_by_text("9002-07-7", exact=True)).to_be_visible()

    choose(problems, "Barcode used twice")
    shot(page, "refused", phone)
    assert faults(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="The 2").click()
    assert "Barcode used twice in the file" in Path(download.value.path()).read_text()

    page.get_by_role("button", name="Load 6 rows now").click()
    page.wait_for_url("**/imports/curie/*")
    expect(page.get_by_role("heading", name="6 rows loaded")).to_be_visible()
    shot(page, "result", phone)
    assert faults(page) == []
    assert fits(page)
    page.get_by_role("link", name="See the chemicals").click()
    expect(page.get_by_text("Potassium bromide").first).to_be_visible()
    stock = installation.psql(
        "SELECT count(*) FROM inventory.containers WHERE barcode LIKE %s", f"{code}-%", lab="curie"
    )
    assert stock == [(6,)]


def test_the_load_is_shown_while_it_goes_on(browsers: Browsers, installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    file.write_text("Barcode,Name\n" + "".join(f"M-{number},Salt {number % 90}\n" for number in range(3000)))
    page = browsers("ada", "/imports/curie")
    page.get_by_label("Spreadsheet", exact=True).set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name="Check the rows").click()
    expect(page.get_by_role("button", name="Load 3,000 rows now")).to_be_visible()
    page.evaluate("""() => {
      const bar = document.querySelector('[data-load-progress]'), seen = [];
      new MutationObserver(changes => seen.push([bar.innerText, ...changes.flatMap(change => [...change.addedNodes].map(node => node.textContent))]))
        .observe(bar.querySelector('[data-loaded]'), {childList: true});
      addEventListener('beforeunload', () => sessionStorage.setItem('seen', JSON.stringify(seen)));
    }""")
    page.get_by_role("button", name="Load 3,000 rows now").click()
    expect(page.get_by_role("heading", name="3,000 rows loaded")).to_be_visible(timeout=120_000)
    seen = page.evaluate("JSON.parse(sessionStorage.getItem('seen'))")
    assert all("of 3,000 rows" in shown for shown, *_ in seen), seen
    loaded = {number for _, *numbers in seen for number in numbers}
    assert len(loaded & {"500", "1,000", "1,500", "2,000", "2,500", "3,000"}) >= 3, seen


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_spreadsheet_is_imported_without_script(browsers: Browsers, tmp_path: Path, phone: bool) -> None:
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
    expect(page.get_by_text("9002-07-7", exact=True)).to_be_visible()
    page.get_by_text("Leave all").click()
    page.get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_text("9002-07-7", exact=True)).to_have_count(0)
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


LIST = """No,Name,CAS,Room,Amount,Unit
1,{0} acetone,67-64-1,Room {0},500,mL
2,{0} ethanol,64-17-5,Room {0},"1,000",mL
3,{0} agar,,Room {0},3,spoons
,LIQUIDS OF {0},,,,
"""


def begin(page: Page, file: Path) -> None:
    page.goto("/imports/curie")
    page.get_by_label("Spreadsheet", exact=True).set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    page.wait_for_url("**/columns")
    page.get_by_role("button", name="Check the rows").click()
    page.get_by_role("navigation", name="Problems").wait_for()


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_list_comes_again_is_taken_back_and_comes_once_more(
    browsers: Browsers, installation: Installation, tmp_path: Path, phone: bool
) -> None:
    code = "Fon" if phone else "Desk"
    file = tmp_path / f"list-{code}.csv"
    file.write_text(LIST.format(code))
    page = browsers("ada", "/imports/curie", phone=phone)
    problems = page.get_by_role("navigation", name="Problems")

    begin(page, file)
    expect(page.get_by_text("They make 3 containers, 3 new chemicals, 1 location.")).to_be_visible()
    choose(problems, "Comma or point with three digits behind it")
    shot(page, "comma", phone)
    assert faults(page) == []
    page.get_by_text("1,500 is fifteen hundred").click()
    expect(page.get_by_text("1000", exact=True)).to_be_visible()
    choose(problems, "Title, total or remark?")
    shot(page, "title", phone)
    assert faults(page) == []
    assert fits(page)
    page.get_by_role("button", name="Load all 3 rows").click()
    expect(page.get_by_role("heading", name="3 rows loaded")).to_be_visible()
    shot(page, "loaded", phone)

    file.write_text(LIST.format(code).replace('"1,000"', "350") + f"4,{code} methanol,67-56-1,Room {code},1,L\n")
    begin(page, file)
    problems.get_by_role("link", name="Here already, with another amount").click()
    expect(page.get_by_text("here: 1000 mL")).to_be_visible()
    shot(page, "again", phone)
    assert faults(page) == []
    assert fits(page)
    page.get_by_text("Take the file's amounts").click()
    expect(page.get_by_text("1 with changes to take over")).to_be_visible()
    page.get_by_role("button", name="Load 1 row now").click()
    expect(page.get_by_role("heading", name="1 row loaded")).to_be_visible()

    page.get_by_role("link", name="Take this import back…").click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Taken back by")).to_be_visible()
    shot(page, "taken-back", phone)
    assert faults(page) == []
    assert fits(page)

    begin(page, file)
    page.get_by_role("button", name="Load 1 row now").click()
    expect(page.get_by_role("heading", name="1 row loaded")).to_be_visible()
    stock = installation.psql(
        "SELECT chemical_name, amount, unit FROM inventory.stock WHERE location = %s AND disposed_at IS NULL ORDER BY chemical_name",
        f"Room {code}",
        lab="curie",
    )
    assert [f"{name} {amount} {unit}" for name, amount, unit in stock] == [
        f"{code} acetone 500 mL", f"{code} agar None None", f"{code} ethanol 350 mL", f"{code} methanol 1 L"]  # fmt: skip
