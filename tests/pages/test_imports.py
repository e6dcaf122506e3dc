"""The imports page, over the real API: a file, its columns, its check, and the load."""

import io
import json
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup

from tests.installation import Installation, PageClient

STOCK = b"""Barcode,Name,CAS,Room,Owner,Amount,Received
K-1,Ethanol,64-17-5,Store > Shelf 1,Chemistry,500 mL,3/27/2013
K-2,Ammonium dichromate,9/5/7789,Store > Shelf 2,Chemistry,250 g,
K-3,Agar,NO CAS,Store > Shelf 1,Biology,100,
K-4,Potassium bromide,2/3/7758,Store,Biology,50,
,,NO CAS,Store,Biology,1 g,
K-1,Acetone,67-64-1,Store,Art,1 L,
"""
UPLOAD = "form[enctype]"


@pytest.fixture
def ada(installation: Installation) -> PageClient:
    """Ada, in a lab without anything."""
    installation.psql("DELETE FROM inventory.imports", lab="curie")
    for table in ("movements", "containers", "container_numbers", "chemical_words", "chemicals", "locations"):
        installation.psql(f"DELETE FROM inventory.{table}", lab="curie")
    return installation.page("imports", "ada")


def upload(page: PageClient, content: bytes = STOCK, name: str = "stock.csv") -> str:
    """Send a file; the path of its import."""
    form = page.soup("/imports/curie").select_one(UPLOAD)
    assert form is not None
    fields = {tag["name"]: tag["value"] for tag in form.select("input[type=hidden]")}
    answer = page.post("/imports/curie", data=fields | {"file": (io.BytesIO(content), name)})
    assert answer.status_code == 302, answer.text
    return answer.location.removesuffix("/columns")


def checked(page: PageClient, content: bytes = STOCK) -> str:
    """Send a file and take its columns as they are guessed; the path of its check."""
    where = upload(page, content)
    answer = page.submit(f"{where}/columns", "main form[method=post]", follow=False)
    assert answer.status_code == 302, answer.text
    return where


def lines(soup: BeautifulSoup) -> dict[str, str]:
    """The list of problems: title → rows."""
    return {link.select("span")[1].text: link.select_one("b").text for link in soup.select(".ct-problems a")}  # type: ignore[union-attr]


def test_a_file_becomes_stock_in_four_steps(installation: Installation, ada: PageClient) -> None:
    assert "Nothing was imported yet" in ada.soup("/imports/curie").text
    where = upload(ada)
    columns = ada.soup(f"{where}/columns")
    chosen = [option["value"] for option in columns.select("select[name^=column-] option[selected]")]
    assert chosen == ["barcode", "name", "cas_number", "location", "owner", "amount", "received_on"]
    assert "Chemistry2" in columns.select_one(".ct-values").get_text("", strip=True)  # type: ignore[union-attr]

    ada.submit(f"{where}/columns", "main form[method=post]")
    check = ada.soup(where)
    assert lines(check) == {
        "No unit beside the amount": "2", "CAS had become a date": "2", "Amount and unit in one cell": "4",
        "Hazards filled in by CAS number": "2", "No name and no CAS": "1", "Barcode used twice in the file": "1"}  # fmt: skip
    assert "4 of 6 rows can be loaded." in check.select_one(".ct-act").text  # type: ignore[union-attr]
    assert check.select_one(".ct-problems [aria-current]").text.startswith("No unit")  # type: ignore[union-attr]
    dates = ada.soup(f"{where}?kind=cas_date")
    assert [cell.text.strip() for cell in dates.select(".ct-was")] == ["9/5/7789", "2/3/7758"]
    assert [cell.text for cell in dates.select(".ct-now")] == ["7789-09-5", "7758-02-3"]

    done = ada.submit(where, "form[data-load]:not(:has([name=with_questions]))")
    assert "2 rows loaded" in done.text
    assert "2 rows, left out. Import the same file again" in done.text
    assert "The 4 left out" in done.text
    left_out = ada.get(f"{where}/left-out.csv")
    assert left_out.text.count("\r\n") == 5
    stock = installation.psql("SELECT barcode FROM inventory.containers ORDER BY 1", lab="curie")
    assert stock == [("K-1",), ("K-2",)]
    assert ada.soup("/imports/curie").select_one("tbody tr").text.split()[:3] == ["stock.csv", "Loaded", "6"]  # type: ignore[union-attr]


def test_the_question_of_a_unit_is_answered_for_the_whole_file_and_asked_again(ada: PageClient) -> None:
    where = checked(ada)
    form = "form:has([name=unit])"
    soup = ada.soup(where)
    fields = {tag["name"]: tag["value"] for tag in soup.select(f"{form} input[type=hidden]")}
    target = str(soup.select_one(form)["action"])  # type: ignore[index]
    answered = ada.post(target, data=fields | {"unit": "g", "answer": "unit"}, follow_redirects=True)
    soup = BeautifulSoup(answered.text, "html.parser")
    assert lines(soup)["Unit chosen for this file"] == "2"
    assert "wait for your word" not in soup.select_one(".ct-act").text  # type: ignore[union-attr]
    assert soup.select_one("button[aria-pressed][value=unit]")
    not_known = ada.post(target, data=fields | {"unit": "g", "answer": "no"}, follow_redirects=True)
    soup = BeautifulSoup(not_known.text, "html.parser")
    assert lines(soup)["No unit beside the amount"] == "2"
    assert soup.select_one("button[aria-pressed][value=no]")
    done = ada.submit(where, "form[data-load]")
    assert "4 rows loaded" in done.text


def test_repairs_are_refused_all_at_once_or_row_by_row(ada: PageClient) -> None:
    where = checked(ada)
    kind = f"{where}?kind=cas_date"
    single = ada.submit(kind, "form:has([name=shown])", row="3", answer="rows")
    soup = BeautifulSoup(single.text, "html.parser")
    assert [cell.text for cell in soup.select(".ct-now")] == ["7789-09-5"]
    assert [box.has_attr("checked") for box in soup.select("[name=row]")] == [True, False]
    none = ada.submit(kind, "form:has(.ct-seg)", answer="no")
    soup = BeautifulSoup(none.text, "html.parser")
    assert soup.select(".ct-now") == []
    assert [box.has_attr("checked") for box in soup.select("[name=row]")] == [False, False]
    one = ada.submit(kind, "form:has([name=shown])", row="5", answer="rows")
    assert [cell.text for cell in BeautifulSoup(one.text, "html.parser").select(".ct-now")] == ["7758-02-3"]
    every = ada.submit(kind, "form:has(.ct-seg)", answer="yes")
    assert len(BeautifulSoup(every.text, "html.parser").select(".ct-now")) == 2


def test_only_one_department_is_taken_from_a_shared_file(ada: PageClient) -> None:
    where = upload(ada)
    check = ada.submit(f"{where}/columns", "main form[method=post]", only=["Chemistry"])
    assert "only Chemistry, 4 others aside" in check.text
    assert "Load 2 rows now" in check.text
    again = ada.soup(f"{where}/columns")
    assert [box["value"] for box in again.select("[name=only][checked]")] == ["Chemistry"]
    check = ada.submit(f"{where}/columns", "main form[method=post]", only=[])
    assert "4 of 6 rows can be loaded." in check.text


def test_another_sheet_and_another_head_are_looked_at(ada: PageClient) -> None:
    book = openpyxl.Workbook()
    for line in (["Stock of 2025"], [], ["Name", "CAS"], ["Ethanol", "64-17-5"]):
        book.worksheets[0].append(line)
    other = book.create_sheet("Old")
    for line in (["Reagent", "Bottle"], ["Urea", "B-7"], ["Agar", "B-8"], ["Salt", "B-9"]):
        other.append(line)
    packed = io.BytesIO()
    book.save(packed)
    where = upload(ada, packed.getvalue(), "stock.xlsx")
    first = ada.soup(f"{where}/columns?sheet=Sheet")
    assert "1 row in sheet “Sheet”, head in row 3" in first.text
    second = ada.submit(
        f"{where}/columns", "main form:not([method=post]):has([name=head_row])", sheet="Old", head_row="0"
    )
    assert "4 rows in sheet “Old”, without a head" in second.text
    wrong = ada.get(f"{where}/columns?sheet=Old&head_row=x")
    assert wrong.status_code == 422
    assert "Write a whole number." in wrong.text
    assert ada.get(f"{where}/columns?sheet=Nonsense").status_code == 422


def test_columns_that_cannot_be_are_refused_and_what_was_chosen_stays(ada: PageClient) -> None:
    where = upload(ada)
    wrong: dict[str, Any] = {"column-1": "", "column-2": "", "column-5": "notes"}
    answer = ada.submit(f"{where}/columns", "main form[method=post]", **wrong)
    assert answer.status_code == 422
    assert "Choose which column is the name or the CAS number." in answer.text
    chosen = BeautifulSoup(answer.text, "html.parser").select("select[name=column-5] option[selected]")
    assert [option["value"] for option in chosen] == ["notes"]


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (b"", 422, "The file is empty."),
        (b"%PDF-1.7", 422, "This is a PDF, not a spreadsheet. Choose a CSV or XLSX file."),
        (b"Name,CAS\nx," + b"1" * (21 * 1024 * 1024), 413, "The file has 21.0 MB; at most 20 MB can be read. Split it."),
        (b"Name,CAS\nx," + b"1" * (31 * 1024 * 1024), 413, "The file has 31.0 MB; at most 20 MB can be read. Split it."),
    ],
    ids=["empty", "pdf", "21 MB", "31 MB"],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_beside_the_field(
    installation: Installation, ada: PageClient, content: bytes, status: int, sentence: str
) -> None:
    form = ada.soup("/imports/curie").select_one(UPLOAD)
    assert form is not None
    fields = {tag["name"]: tag["value"] for tag in form.select("input[type=hidden]")}
    answer = ada.post("/imports/curie", data=fields | {"file": (io.BytesIO(content), "x.csv")})
    assert answer.status_code == status
    soup = BeautifulSoup(answer.text, "html.parser")
    assert soup.select_one("#file-error").text.strip() == sentence  # type: ignore[union-attr]
    assert soup.select_one("#file[aria-invalid=true][aria-describedby=file-error]")
    assert installation.psql("SELECT count(*) FROM inventory.imports", lab="curie") == [(0,)]


def test_a_form_without_a_file_asks_for_one(ada: PageClient) -> None:
    answer = ada.submit("/imports/curie", UPLOAD)
    assert answer.status_code == 422
    assert "Choose a file." in answer.text


def test_the_load_is_relayed_step_by_step_to_a_script(ada: PageClient) -> None:
    where = checked(ada)
    form = ada.soup(where).select_one("form[data-load]")
    assert form is not None
    fields = {tag["name"]: tag["value"] for tag in form.select("input")}
    answer = ada.post(str(form["action"]), data=fields, headers={"Accept": "application/x-ndjson"})
    said = [json.loads(line) for line in answer.text.splitlines()]
    assert said[0] == {"loaded": 0, "of": 4}
    assert said[-1]["outcome"]["loaded"] == 4


def test_a_load_that_fails_says_the_row_and_stays_at_the_check(installation: Installation, ada: PageClient) -> None:
    where = checked(ada)
    api = installation.as_user("ada")
    chemical = api.post("/labs/curie/chemicals", json={"name": "Toluene"}).json()["id"]
    line = {"chemical_id": chemical, "amount_unknown": True, "barcodes": ["K-2"]}
    assert api.post("/labs/curie/receipts", json={"lines": [line]}).status_code == 201
    answer = ada.submit(where, "form[data-load]")
    assert answer.status_code == 409
    assert "Row 3 cannot be loaded, so nothing was." in answer.text
    assert "Load 2 rows now" in answer.text


def test_an_import_is_cancelled_after_one_question(ada: PageClient) -> None:
    where = checked(ada)
    assert "Cancel the import of stock.csv?" in ada.soup(f"{where}/cancel").text
    assert "The import of stock.csv is cancelled" in ada.submit(f"{where}/cancel", "form[action$='/cancel']").text
    assert "was cancelled" in ada.soup(where).text
    assert ada.get(f"{where}/columns").status_code == 302


def test_the_same_file_again_says_that_all_is_here(ada: PageClient) -> None:
    ada.submit(checked(ada), "form[data-load]")
    again = ada.soup(checked(ada))
    assert lines(again)["Nothing would be added"] == "4"
    assert "There is nothing to load." in again.select_one(".ct-act").text  # type: ignore[union-attr]
    assert not again.select("form[data-load]")
    present = ada.soup(f"{checked(ada)}?kind=present")
    assert present.select_one("tbody a.name")["href"].startswith("/chemicals/curie/")  # type: ignore[index, union-attr]


@pytest.mark.parametrize("who", ["ben", "cleo"])
def test_others_see_what_was_imported_and_are_offered_nothing(
    installation: Installation, ada: PageClient, who: str
) -> None:
    where = checked(ada)
    page = installation.page("imports", who)
    soup = page.soup("/imports/curie")
    assert "stock.csv" in soup.text
    assert not soup.select(UPLOAD)
    assert not soup.select(".ct-side a[href='/imports/curie']")
    assert page.get(f"{where}/columns").status_code == 403
    check = page.soup(where)
    assert not check.select("main form")


def test_another_labs_import_is_not_there(installation: Installation, ada: PageClient) -> None:
    where = checked(ada)
    number = where.rpartition("/")[2]
    for who in ("eve", "root"):
        page = installation.page("imports", who)
        for path in (where, f"{where}/columns", f"{where}/cancel", f"{where}/left-out.csv", "/imports/curie"):
            assert page.get(path).status_code == 404
        assert page.get(f"/imports/hodgkin/{number}").status_code == 404
    assert ada.get("/imports/curie/99999999999999999999999").status_code == 404
