"""The imports page, over the real API: a file, its columns, its check, and the load."""

import io
import json
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup

from tests.installation import Installation, PageClient, words

STOCK = b"""Barcode,Name,CAS,Room,Owner,Amount,Received
K-1,Ethanol,64-17-5,Store > Shelf 1,Chemistry,500 mL,3/27/2013
K-2,Thionyl chloride,9/7/7719,Store > Shelf 2,Chemistry,250 g,
K-3,Agar,NO CAS,Store > Shelf 1,Biology,100,
K-4,Trypsin from bovine pancreas,7/7/9002,Store,Biology,50,
,,NO CAS,Store,Biology,1 g,
K-1,Acetone,67-64-1,Store,Art,1 L,
"""
UPLOAD = "form[enctype]"


@pytest.fixture
def ada(installation: Installation) -> PageClient:
    """Ada, in a lab without anything."""
    for table in (
        "import_rows",
        "movements",
        "transfers",
        "containers",
        "container_numbers",
        "chemical_words",
        "chemicals",
        "imports",
        "locations",
    ):
        installation.psql(f"DELETE FROM inventory.{table}", lab="curie")
    return installation.page("imports", "ada")


def upload(page: PageClient, content: bytes = STOCK, name: str = "stock.csv") -> str:
    """Send a file; returns the path of its import."""
    form = page.soup("/imports/curie").select_one(UPLOAD)
    assert form is not None
    fields = {tag["name"]: tag["value"] for tag in form.select("input[type=hidden]")}
    answer = page.post("/imports/curie", data=fields | {"file": (io.BytesIO(content), name)})
    assert answer.status_code == 302, answer.text
    return answer.location.removesuffix("/columns")


def checked(page: PageClient, content: bytes = STOCK) -> str:
    """Send a file and accept the guessed columns; returns the path of its check."""
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
        "Hazards filled in by CAS number": "4", "No name and no CAS": "1", "Barcode used twice in the file": "1"}  # fmt: skip
    assert "4 of 6 rows can be loaded." in check.select_one(".ct-act").text  # type: ignore[union-attr]
    assert words(check.select_one(".ct-problems [aria-current]")).startswith("No unit")
    dates = ada.soup(f"{where}?kind=cas_date")
    assert [cell.text.strip() for cell in dates.select(".ct-was")] == ["9/7/7719", "7/7/9002"]
    assert [cell.text for cell in dates.select(".ct-now")] == ["7719-09-7", "9002-07-7"]

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
    assert [cell.text for cell in soup.select(".ct-now")] == ["7719-09-7"]
    assert [box.has_attr("checked") for box in soup.select("[name=row]")] == [True, False]
    none = ada.submit(kind, "form:has(.ct-seg)", answer="no")
    soup = BeautifulSoup(none.text, "html.parser")
    assert soup.select(".ct-now") == []
    assert [box.has_attr("checked") for box in soup.select("[name=row]")] == [False, False]
    one = ada.submit(kind, "form:has([name=shown])", row="5", answer="rows")
    assert [cell.text for cell in BeautifulSoup(one.text, "html.parser").select(".ct-now")] == ["9002-07-7"]
    every = ada.submit(kind, "form:has(.ct-seg)", answer="yes")
    assert len(BeautifulSoup(every.text, "html.parser").select(".ct-now")) == 2


def test_only_one_department_is_taken_from_a_shared_file(ada: PageClient) -> None:
    where = upload(ada)
    check = ada.submit(f"{where}/columns", "main form[method=post]", only=["Chemistry"])
    assert "only Chemistry, 4 others aside" in words(check)
    assert "Load 2 rows now" in check.text
    again = ada.soup(f"{where}/columns")
    assert [box["value"] for box in again.select("[name=only][checked]")] == ["Chemistry"]
    check = ada.submit(f"{where}/columns", "main form[method=post]", only=[])
    assert "4 of 6 rows can be loaded." in check.text


def test_sheets_that_are_not_looked_at_are_counted(ada: PageClient) -> None:
    book = openpyxl.Workbook()
    for line in (["Name", "CAS"], ["Ethanol", "64-17-5"]):
        book.worksheets[0].append(line)
    for number in range(22):
        book.create_sheet(f"Empty {number}")
    packed = io.BytesIO()
    book.save(packed)
    shown = words(ada.get(f"{upload(ada, packed.getvalue(), 'stock.xlsx')}/columns"))
    assert "2 further sheets were not looked at for tables, because that would take too long. Choose the sheet" in shown
    assert "Only sheet" not in shown


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
    assert api.post("/labs/curie/deliveries", json={"lines": [line]}).status_code == 201
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


def test_what_a_later_list_changed_and_what_it_no_longer_has_is_shown(ada: PageClient) -> None:
    text = "No,Name,Room,Lot\n1,Agar,Room 1,A1\n2,Urea,Room 1,B1\n3,Salt <b>,Room 2,C1\n"
    before = checked(ada, text.encode())
    ada.submit(before, 'form[action$="/commit"]')
    path = checked(ada, text.replace("A1", "A2").rsplit("3,", 1)[0].encode())
    page = ada.soup(f"{path}?kind=container_changed")
    assert "Lot: A2" in words(page)
    assert "here: A1" in words(page)
    page = ada.soup(f"{path}?kind=absent")
    assert "1 container of an earlier import is not in this file" in words(page)
    assert "Salt <b>" in words(page)
    [link] = page.select("tr[data-row] a.ct-code")
    assert str(link["href"]).startswith("/chemicals/curie/containers/")
    ada.submit(f"{path}?kind=container_changed", 'form[action$="/answer"]', answer="yes")
    assert "1 with changes to take over" in words(ada.soup(path))
    ada.submit(path, 'form[action$="/commit"]')
    assert "Lot: A2" not in words(ada.soup(checked(ada, text.replace("A1", "A2").encode())))


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


def test_the_encoding_is_chosen_by_the_names_that_it_gives(installation: Installation, ada: PageClient) -> None:
    where = upload(ada, "Name;Ort\nEntfetter Müller;Zürich\nEis;Zürich\n".encode("cp850"))
    columns = ada.soup(f"{where}/columns")
    offered = {option["value"]: option.text.strip() for option in columns.select("#encoding option")}
    assert offered["cp850"] == "Western European (DOS) · Entfetter Müller · Zürich"
    again = ada.soup(f"{where}/columns?encoding=cp866")
    assert "Entfetter MБller" in again.select("main form[method=post]")[0].text
    assert ada.get(f"{where}/columns?encoding=rot13").status_code == 422
    ada.submit(f"{where}/columns?encoding=cp850", "main form[method=post]", follow=False)
    chosen = ada.soup(f"{where}/columns").select_one("#encoding option[selected]")
    assert chosen is not None
    assert chosen["value"] == "cp850"
    ada.submit(where, "form[data-load]", follow=False)
    names = installation.psql("SELECT name FROM inventory.chemicals ORDER BY name", lab="curie")
    assert [name for (name,) in names] == ["Eis", "Entfetter Müller"]


def test_an_import_that_was_loaded_is_taken_back_after_one_question(ada: PageClient) -> None:
    where = checked(ada)
    ada.submit(where, "form[data-load]", follow=False)
    # Somebody who tries to cancel an import that was loaded is told that it can only be taken back.
    assert ada.get(f"{where}/cancel").location == f"{where}/take-back"
    assert "4 containers are disposed of" in " ".join(ada.soup(f"{where}/take-back").text.split())
    after = ada.submit(f"{where}/take-back", "main form[method=post]")
    assert "Taken back by" in after.text
    assert "Take this import back" not in after.text
    assert "Taken back" in ada.soup("/imports/curie").text


def test_prices_get_the_currency_that_is_chosen_for_the_file(installation: Installation, ada: PageClient) -> None:
    where = checked(ada, b"Name,Room,Price\nSalt,1,45.20\nUrea,1,$12.50\n")
    assert lines(ada.soup(where))["Price without a currency"] == "2"
    ada.submit(
        f"{where}?kind=price_without_currency", "form:has(#currency)", press="button[value=currency]", currency="USD"
    )
    ada.submit(where, "form[data-load]", follow=False)
    prices = installation.psql("SELECT price, currency FROM inventory.containers ORDER BY price", lab="curie")
    assert [f"{price} {currency}" for price, currency in prices] == ["12.5 USD", "45.2 USD"]


def test_what_a_file_makes_is_said_before_it_is_loaded_and_titles_are_left_out(ada: PageClient) -> None:
    where = checked(ada, b"Name,CAS,Room,Bottles\nSOLIDS,,,\nUrea,57-13-6,1,2\nSalt,7647-14-5,1,30\nAgar,,2,1\n")
    soup = ada.soup(where)
    assert "They make 33 containers, 3 new chemicals, 2 locations." in " ".join(soup.text.split())
    assert {"Many containers from one row": "1", "Title, total or remark?": "1"}.items() <= lines(soup).items()
    titles = ada.soup(f"{where}?kind=no_chemical")
    assert "They are chemicals" in titles.text
    after = ada.submit(f"{where}?kind=no_chemical", "form:has(.ct-seg)", answer="yes")
    assert "4 new chemicals" in " ".join(after.text.split())


def test_a_column_that_only_its_cells_speak_for_is_shown_as_such(ada: PageClient) -> None:
    where = upload(ada, b"ID,Stuff,CAS\n1,Acetic acid,64-19-7\n2,Acetone,67-64-1\n3,Carbon glue,-\n")
    columns = ada.soup(f"{where}/columns")
    assert "No column is called the name; Stuff looks like it." in columns.text
    assert [option["value"] for option in columns.select("#column-1 option[selected]")] == ["name"]


def test_a_value_that_does_not_fit_names_its_field(ada: PageClient) -> None:
    where = checked(ada, b"Name,Room,Flash point\nSalt,1,hot\n")
    body = ada.soup(f"{where}?kind=value_left_out").select_one("tbody")
    assert body is not None
    assert "Flash point (°C) (column Flash point): hot" in " ".join(body.text.split())


def test_another_table_is_ticked_and_loaded_and_its_location_ordered(
    installation: Installation, ada: PageClient
) -> None:
    content = b"Name,Room,,Name,Room\nAgar,1,,Urea,2\n"
    where = upload(ada, content)
    page = ada.soup(f"{where}/columns")
    assert [box["value"] for box in page.select("input[name=table][checked]")] == ["D1"]
    table: dict[str, Any] = {str(page.select("select[name^=column-]")[-1]["name"]): "location"}
    ada.submit(f"{where}/columns", "main form[method=post]", **table)
    page = ada.soup(f"{where}/columns")
    assert [field["name"] for field in page.select("select[name^=order-]")] == ["order-1", "order-3"]
    order: dict[str, Any] = {"order-1": "2", "order-3": "1"}
    ada.submit(f"{where}/columns", "main form[method=post]", **table, **order)
    page = ada.soup(f"{where}?kind=fine")
    assert [row.select("td")[0].text for row in page.select("tr[data-row]")] == ["A1 2", "D1 2"]
    assert "D1 › 2" in words(page)
    unticked = ada.soup(f"{where}/columns?head_row=1&table=")
    assert unticked.select("input[name=table][checked]") == []


def test_an_unknown_word_for_a_unit_is_asked_once(ada: PageClient) -> None:
    where = checked(ada, b"Name,Amount,Unit\nAgar,2,heap\nUrea,3,heap\nSalt,4,pinch\n")
    page = ada.soup(f"{where}?kind=unit_unknown")
    assert [label.text for label in page.select("label[for^=means-]")] == ["What is “heap”?", "What is “pinch”?"]
    ada.submit(f"{where}?kind=unit_unknown", 'form[action$="/answer"]', press="[value=units]", means=["g", ""])
    assert lines(ada.soup(where))["Unit as somebody here said"] == "2"
    assert lines(ada.soup(where))["Unit not known here"] == "1"


def test_answers_about_words_for_units_stay_and_are_taken_back(ada: PageClient) -> None:
    def answered(*means: str) -> BeautifulSoup:
        answer = ada.submit(
            f"{where}?kind=unit_unknown", 'form[action$="/answer"]', press="[value=units]", means=[*means]
        )
        return BeautifulSoup(answer.text, "html.parser")

    where = checked(ada, b"Name,Amount,Unit\nKelp,2,lump\nBran,3,lump\nMalt,4,dab\n")
    assert lines(answered("containers", ""))["Unit not known here"] == "1"
    shown = answered("g")
    assert [label.text for label in shown.select("label[for^=means-]")] == ["What is “dab”?"], "the rows just answered"
    assert "Unit not known here" not in lines(shown)
    assert lines(answered(""))["Unit not known here"] == "1", "dab alone: lump is a container still"


def test_each_row_may_be_said_to_be_a_container(ada: PageClient) -> None:
    where = upload(ada, b"Name,Formula\nAgar,C12H18O9\nUrea,CH4N2O\n")
    shown = ada.submit(f"{where}/columns", "main form[method=post]")
    assert "They make 0 containers, 2 new chemicals" in words(shown)
    shown = ada.submit(f"{where}/columns", "main form[method=post]", all_containers="1")
    assert "They make 2 containers, 2 new chemicals" in words(shown)
    assert ada.soup(f"{where}/columns").select_one("input[name=all_containers][checked]")


def test_all_containers_may_be_said_to_be_full(ada: PageClient) -> None:
    where = upload(ada, b"Name,Pack size\nAgar,500 g\n")
    ada.submit(f"{where}/columns", "main form[method=post]", all_full="1")
    assert lines(ada.soup(where))["Full, as you said"] == "1"
    assert ada.soup(f"{where}/columns").select_one("input[name=all_full][checked]")


def selected(soup: BeautifulSoup) -> dict[str, Any]:
    """The fields that the form has for the columns."""
    fields = soup.select("select[name^=column-]")
    return {str(one["name"]): (one.select_one("option[selected]") or {"value": ""})["value"] for one in fields}


def test_two_managers_choose_the_columns_of_one_file_and_nothing_is_lost(
    installation: Installation, ada: PageClient
) -> None:
    where = checked(ada)
    form = "main form[method=post]"
    opened = ada.soup(f"{where}/columns")
    fields = {tag["name"]: tag["value"] for tag in opened.select(f"{form} input[type=hidden]")}
    chosen = selected(opened)

    other = installation.page("imports", "ada")
    theirs: dict[str, Any] = {"column-4": "", "column-5": "kept", "all_full": "1"}
    other.submit(f"{where}/columns", form, **theirs)
    merged = ada.post(f"{where}/columns", data=fields | chosen | {"column-6": "expires_on"})
    assert merged.status_code == 302
    again = ada.soup(f"{where}/columns")
    now = [option["value"] for option in again.select("select[name^=column-] option[selected]")]
    assert now == ["barcode", "name", "cas_number", "location", "kept", "expires_on"]
    assert again.select_one("[name=all_full][checked]")

    refused = ada.post(f"{where}/columns", data=fields | chosen | {"column-5": "pack_size", "column-6": "expires_on"})
    soup = BeautifulSoup(refused.text, "html.parser")
    assert refused.status_code == 409
    assert words(soup.select_one(".ct-note.danger")).startswith(
        "Somebody else changed the same meanwhile. Nothing was saved"
    )
    assert words(soup.select_one("#column-5-error")) == "It is now: Kept as a note."
    assert soup.select_one("[name=column-5] option[selected]")["value"] == "pack_size"  # type: ignore[index]
    mine: dict[str, Any] = {str(tag["name"]): tag["value"] for tag in soup.select(f"{form} input[type=hidden]")}
    mine |= selected(soup)
    assert ada.post(f"{where}/columns", data=mine).status_code == 302
    assert ada.soup(f"{where}/columns").select_one("[name=column-5] option[selected]")["value"] == "pack_size"  # type: ignore[index]


def test_the_columns_of_a_table_that_somebody_else_left_are_asked_about(
    installation: Installation, ada: PageClient
) -> None:
    where = checked(ada)
    form = "main form[method=post]"
    opened = ada.soup(f"{where}/columns")
    fields = {tag["name"]: tag["value"] for tag in opened.select(f"{form} input[type=hidden]")}
    installation.page("imports", "ada").submit(f"{where}/columns", form, head_row="2")
    refused = ada.post(f"{where}/columns", data=fields | {"column-1": "name"})
    assert refused.status_code == 409
    assert "Where the rows are: It is now: head in row 2" in refused.text


def test_rows_are_not_loaded_as_somebody_else_reads_them_meanwhile(installation: Installation, ada: PageClient) -> None:
    where = checked(ada)
    load = "form[data-load]:not(:has([name=with_questions]))"
    soup = ada.soup(where)
    fields = {tag["name"]: tag["value"] for tag in soup.select(f"{load} input[type=hidden]")}
    theirs: dict[str, Any] = {"column-1": "", "column-2": "name"}
    installation.page("imports", "ada").submit(f"{where}/columns", "main form[method=post]", **theirs)
    refused = ada.post(f"{where}/commit", data=fields)
    assert refused.status_code == 409
    assert "Somebody else has changed how this file is read. Nothing of yours was done yet" in refused.text
    assert installation.psql("SELECT count(*) FROM inventory.containers", lab="curie") == [(0,)]
    ada.submit(where, load)
    assert installation.psql("SELECT count(*) > 0 FROM inventory.containers", lab="curie") == [(True,)]


def test_the_names_of_another_list_are_ticked_and_read_by_their_numbers(ada: PageClient) -> None:
    chemicals = checked(ada, b"chem_id,Name,CAS\n7,Sodium chloride,7647-14-5\n8,Agar,\n")
    ada.submit(chemicals, "form[data-load]")
    where = upload(ada, b"Barcode,chem_id,Amount\nB-1,7,500 g\nB-2,8,1 kg\n", "bottles.csv")
    refused = ada.submit(f"{where}/columns", "main form[method=post]")
    assert "load that list first, and tick it on this page" in refused.text
    page = ada.soup(f"{where}/columns")
    box = page.select_one("input[type=checkbox][name=list]")
    assert box
    assert not box.has_attr("checked")
    assert "chem_id has the numbers of stock.csv" in words(page)
    looked = ada.soup(f"{where}/columns?list=&list={str(box['value']).replace(' ', '+')}")
    assert looked.select_one("input[name=list][checked]")
    fields = {str(tag["name"]): tag["value"] for tag in looked.select("main form[method=post] input[type=hidden]")}
    assert ada.post(f"{where}/columns", data=fields | selected(looked)).status_code == 302
    assert "They make 2 containers, 0 new chemicals" in words(ada.soup(where))
    again = ada.soup(f"{where}/columns")
    assert again.select_one("input[name=list][checked]")
    assert selected(again)["column-3"] == "name"
