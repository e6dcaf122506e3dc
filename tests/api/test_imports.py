"""Imports of spreadsheets: rows are read, asked about, refused or loaded; importing the same file again adds nothing."""

import csv
import io
import json
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import openpyxl
import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from api.spreadsheets.records import ROWS_OF_A_TABLE
from tests.installation import Client, Installation
from tests.sql.shelf import shelf

STOCK = """Barcode,Name,CAS,Room,Owner,Amount,Received
K-1,Ethanol,64-17-5,Store > Shelf 1,Chemistry,500 mL,3/27/2013
K-2,Thionyl chloride,9/7/7719,Store > Shelf 2,Chemistry,250 g,
K-3,Agar,NO CAS,Store > Shelf 1,Biology,100,
,,NO CAS,Store,Biology,1 g,
K-1,Acetone,67-64-1,Store,Art,1 L,
"""
LABS = {"ada": "curie", "eve": "hodgkin"}


def upload(client: Client, content: bytes | str, name: str = "", lab: str = "curie") -> requests.Response:
    data = content.encode() if isinstance(content, str) else content
    name = name or ("stock.xlsx" if data.startswith(b"PK") else "stock.csv")
    return client.post(f"/labs/{lab}/imports", files={"file": (name, data)})


def uploaded(client: Client, content: bytes | str, lab: str = "curie") -> str:
    """The path of a new import of this file."""
    answer = upload(client, content, lab=lab)
    assert answer.status_code == 201, answer.text
    return f"/labs/{lab}/imports/{answer.json()['id']}"


def read(client: Client, path: str, only: dict[str, Any] | None = None, **choices: Any) -> dict[str, Any]:
    """Read the file with the columns as they are guessed."""
    looked = client.get(f"{path}/columns").json()
    columns = {str(column["index"]): column["field"] for column in looked["columns"]}
    reading = {"head_row": looked["head_row"], "columns": columns, "choices": choices, "only": only}
    answer = client.put(f"{path}/reading", json=reading)
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]


def commit(client: Client, path: str, with_questions: bool = False) -> list[dict[str, Any]]:
    """Commit the import and return the lines of the answer."""
    answer = client.post(f"{path}/commit", json={"with_questions": with_questions})
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


def loaded(client: Client, content: bytes | str, lab: str = "curie", **choices: Any) -> dict[str, Any]:
    """The outcome of importing a file with all its questions."""
    path = uploaded(client, content, lab)
    read(client, path, **choices)
    outcome = commit(client, path, with_questions=True)[-1]
    return outcome["outcome"]  # type: ignore[no-any-return]


def stock(installation: Installation, lab: str = "curie") -> list[tuple[Any, ...]]:
    return installation.psql(
        "SELECT barcode, chemical_name, amount, unit, location FROM inventory.stock ORDER BY barcode", lab=lab
    )


def everything(installation: Installation) -> list[tuple[Any, ...]]:
    """Table → its number of rows, for each table that an import could change."""
    tables = ("imports", "import_rows", "chemicals", "containers", "locations", "movements", "requests")
    counts = ", ".join(f"(SELECT count(*) FROM inventory.{table})" for table in tables)
    return [installation.psql(f"SELECT {counts}", lab=lab)[0] for lab in LABS.values()]


@pytest.fixture
def ada(installation: Installation, empty_labs: None) -> Client:
    return installation.as_user("ada")


@pytest.fixture
def standing(installation: Installation) -> str:
    """The path of an import of STOCK that was read, shared by the tests that change nothing."""
    client = installation.as_user("ada")
    for found in client.get("/labs/curie/imports").json()["items"]:
        if (found["file_name"], found["state"]) == ("standing.csv", "read"):
            return f"/labs/curie/imports/{found['id']}"
    path = f"/labs/curie/imports/{upload(client, STOCK, 'standing.csv').json()['id']}"
    read(client, path)
    return path


@pytest.fixture
def empty_labs(installation: Installation) -> None:
    """Two labs without any rows."""
    for lab in LABS.values():
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
            "requests",
        ):
            installation.psql(f"DELETE FROM inventory.{table}", lab=lab)


# The way of a file


def test_a_file_is_read_asked_about_and_loaded(installation: Installation, ada: Client) -> None:
    path = uploaded(ada, STOCK)
    looked = ada.get(f"{path}/columns").json()
    assert looked["import"]["state"] == "new"
    assert [column["field"] for column in looked["columns"]] == [
        "barcode", "name", "cas_number", "location", "owner", "amount", "received_on"]  # fmt: skip
    assert looked["values"] == [
        {"value": "Chemistry", "rows": 2},
        {"value": "Biology", "rows": 2},
        {"value": "Art", "rows": 1},
    ]

    summary = read(ada, path)["summary"]
    assert {state: summary[state] for state in ("rows", "ready", "question", "joined", "refused", "present")} == {
        "rows": 5, "ready": 2, "question": 1, "joined": 0, "refused": 2, "present": 0}  # fmt: skip
    assert [(kind["kind"], kind["rows"]) for kind in summary["kinds"]] == [
        ("amount_without_unit", 1), ("cas_date", 1), ("amount_with_unit", 4), ("hazards_filled", 3),
        ("no_name_no_cas", 1), ("barcode_twice", 1)]  # fmt: skip
    assert stock(installation) == []

    lines = commit(ada, path)
    assert lines[0] == {"loaded": 0, "of": 2}
    assert lines[-2] == {"loaded": 2, "of": 2}
    assert lines[-1] == {"outcome": {"loaded": 2, "question": 1, "refused": 2, "containers": 2, "chemicals": 2}}
    assert [tuple(map(str, row)) for row in stock(installation)] == [
        ("K-1", "Ethanol", "500", "mL", "Store › Shelf 1"), ("K-2", "Thionyl chloride", "250", "g", "Store › Shelf 2")]  # fmt: skip
    found = ada.get(path).json()
    assert (found["state"], found["committed_by_name"], found["outcome"]) == (
        "committed",
        "Ada Lind",
        lines[-1]["outcome"],
    )
    [(content,)] = installation.psql("SELECT content FROM inventory.imports", lab="curie")
    assert bytes(content) == STOCK.encode(), "the file stays"
    [line] = ada.get("/labs/curie/chemicals", params={"q": "7719-09-7"}).json()["items"]
    assert line["name"] == "Thionyl chloride"


def test_rows_with_a_question_are_loaded_as_the_question_says_when_that_is_wanted(
    installation: Installation, ada: Client
) -> None:
    outcome = loaded(ada, STOCK)
    assert outcome == {"loaded": 3, "refused": 2, "containers": 3, "chemicals": 3}
    [agar] = [row for row in stock(installation) if row[0] == "K-3"]
    assert agar[2:4] == (None, None)
    [(notes,)] = installation.psql("SELECT notes FROM inventory.containers WHERE barcode = 'K-3'", lab="curie")
    assert "Amount left in the file: 100 (without a unit)" in notes


def test_an_answer_for_the_whole_file_leaves_no_question(ada: Client) -> None:
    path = uploaded(ada, STOCK)
    for choices in ({"unit": "g"}, {"repairs": {"amount_without_unit": False}}):
        summary = read(ada, path, **choices)["summary"]
        assert (summary["question"], summary["ready"]) == (0, 3)
        [kind] = [kind for kind in summary["kinds"] if kind["kind"] == "amount_without_unit"]
        assert kind["answer"] is ("unit" in choices)


def test_one_repair_is_taken_back_and_the_others_stay(ada: Client) -> None:
    file = "Name,CAS\nThionyl chloride,9/7/7719\nTrypsin from bovine pancreas,7/7/9002\n"
    path = uploaded(ada, file)
    read(ada, path, exceptions={"cas_date": [3]})
    rows = ada.get(f"{path}/rows", params={"kind": "cas_date"}).json()["items"]
    assert [row["chemical"].get("cas_number") for row in rows] == ["7719-09-7", None]
    assert [row["problems"][0].get("becomes") for row in rows] == ["7719-09-7", None]
    read(ada, path, repairs={"cas_date": False}, exceptions={"cas_date": [3]})
    rows = ada.get(f"{path}/rows", params={"kind": "cas_date"}).json()["items"]
    assert [row["chemical"].get("cas_number") for row in rows] == [None, "9002-07-7"]


def test_the_same_file_again_adds_nothing(installation: Installation, ada: Client) -> None:
    file = "Name,CAS,Room,Containers,Pack size\nEthanol,64-17-5,1,3,500 mL\nEthanol,64-17-5,1,3,500 mL\nUrea,57-13-6,1,0,1 kg\n"
    assert loaded(ada, file) == {"loaded": 3, "containers": 6, "chemicals": 2}
    before = stock(installation)
    path = uploaded(ada, file)
    assert read(ada, path)["summary"]["present"] == 3
    assert commit(ada, path)[-1]["outcome"] == {"present": 3, "containers": 0, "chemicals": 0}
    assert stock(installation) == before
    assert [row[0] for row in before] == [f"CT-00000{number}" for number in range(1, 7)]


def test_a_file_that_was_read_before_another_one_loaded_it_adds_nothing_either(
    installation: Installation, ada: Client
) -> None:
    first, second = uploaded(ada, STOCK), uploaded(ada, STOCK)
    read(ada, first)
    read(ada, second)
    commit(ada, first, with_questions=True)
    outcome = commit(ada, second, with_questions=True)[-1]["outcome"]
    assert outcome == {"present": 3, "refused": 2, "containers": 0, "chemicals": 0}
    assert len(stock(installation)) == 3


def test_committing_again_adds_nothing_and_says_the_same(installation: Installation, ada: Client) -> None:
    path = uploaded(ada, STOCK)
    read(ada, path)
    first = commit(ada, path)
    assert commit(ada, path) == [first[-1]]
    assert len(stock(installation)) == 2


def test_a_mended_file_of_the_rows_left_out_loads_the_rest(installation: Installation, ada: Client) -> None:
    path = uploaded(ada, STOCK)
    read(ada, path)
    commit(ada, path)
    answer = ada.get(f"{path}/refused.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[0] == ["Row", "Why it was left out", "Barcode", "Name", "CAS", "Room", "Owner", "Amount", "Received"]
    assert [line[:2] for line in lines[1:]] == [
        ["4", "No unit beside the amount"], ["5", "No name and no CAS"], ["6", "Barcode used twice in the file"]]  # fmt: skip
    lines[1][7], lines[2][3], lines[3][2] = "100 g", "Salt", "K-4"
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    assert loaded(ada, text.getvalue())["loaded"] == 3
    assert [row[1] for row in stock(installation)] == ["Salt", "Ethanol", "Thionyl chloride", "Agar", "Acetone"]


def test_only_one_department_of_a_shared_file_is_loaded(installation: Installation, ada: Client) -> None:
    path = uploaded(ada, STOCK)
    found = read(ada, path, only={"column": 4, "values": ["Chemistry"]})
    assert (found["summary"]["rows"], found["summary"]["left_aside"]) == (2, 3)
    commit(ada, path)
    notes = installation.psql("SELECT notes FROM inventory.containers WHERE barcode = 'K-1'", lab="curie")
    assert notes == [(None,)]  # a department that is the lab itself becomes no note


def test_a_row_of_several_containers_makes_them_all(installation: Installation, ada: Client) -> None:
    assert loaded(ada, "Name,Pack size\nAcetone,6 x 500 mL\n") == {"loaded": 1, "containers": 6, "chemicals": 1}
    assert {row[1] for row in stock(installation)} == {"Acetone"}
    keys = installation.psql("SELECT import_key FROM inventory.containers ORDER BY id", lab="curie")
    assert [key.partition("#")[2] for (key,) in keys] == ["", "2", "3", "4", "5", "6"]


def test_synonym_rows_share_what_becomes_of_the_row_above(installation: Installation, ada: Client) -> None:
    too_long = "U" * 301
    file = f"ID,Name,CAS,Cat No,Containers\n1,Oxolane,109-99-9,X,1\n,THF,109-99-9,X,\n2,,,,\n3,{too_long},57-13-6,Y,1\n,Carbamide,57-13-6,Y,\n"
    path = uploaded(ada, file)
    summary = read(ada, path)["summary"]
    assert (summary["joined"], summary["refused"]) == (1, 3)
    outcome = commit(ada, path, with_questions=True)[-1]["outcome"]
    assert outcome == {"loaded": 2, "refused": 3, "containers": 1, "chemicals": 1}
    assert installation.psql("SELECT synonyms FROM inventory.chemicals", lab="curie") == [(["THF"],)]
    path = uploaded(ada, file)
    assert read(ada, path)["summary"]["present"] == 2


def test_a_barcode_that_comes_later_in_the_file_is_not_given_to_a_row_without_one(
    installation: Installation, ada: Client
) -> None:
    assert loaded(ada, "Barcode,Name\n,Ethanol\nCT-000001,Acetone\n,Urea\n")["loaded"] == 3
    assert [row[:2] for row in stock(installation)] == [
        ("CT-000001", "Acetone"),
        ("CT-000002", "Ethanol"),
        ("CT-000003", "Urea"),
    ]


def test_a_barcode_of_another_container_is_refused_and_one_of_the_same_chemical_is_there(
    installation: Installation, ada: Client
) -> None:
    for name, barcode in (("Ethanol", "K-1"), ("Toluene", "K-2")):
        chemical = ada.post("/labs/curie/chemicals", json={"name": name}).json()["id"]
        answer = ada.post(
            "/labs/curie/deliveries",
            json={"lines": [{"chemical_id": chemical, "amount_unknown": True, "barcodes": [barcode]}]},
        )
        assert answer.status_code == 201, answer.text
    path = uploaded(ada, STOCK)
    summary = read(ada, path)["summary"]
    assert (summary["present"], summary["refused"]) == (1, 3)
    [row] = ada.get(f"{path}/rows", params={"kind": "barcode_taken"}).json()["items"]
    assert (row["problems"][-1]["says"], row["problems"][-1]["proof"]) == ("K-2", "on a container of Toluene")


def test_a_chemical_of_the_lab_is_used_again_whatever_its_case(installation: Installation, ada: Client) -> None:
    chemical = ada.post("/labs/curie/chemicals", json={"name": "ethanol", "cas_number": "64-17-5"}).json()["id"]
    outcome = loaded(ada, "Name,CAS,Room\nEthanol,64-17-5,1\nETHANOL,64-17-5,1\nEthanol,,1\n")
    assert outcome == {"loaded": 3, "containers": 3, "chemicals": 1}
    assert installation.psql(
        "SELECT count(*) FROM inventory.containers WHERE chemical_id = %s", chemical, lab="curie"
    ) == [(2,)]


# Hazards


def test_hazards_that_the_file_does_not_know_are_filled_in_by_cas_number_unless_somebody_says_no(ada: Client) -> None:
    file = "Name,CAS,H codes\nEthanol,64-17-5,\nAcetone,67-64-1,H225\nUnheard-of,7789-09-5,\n"
    path = uploaded(ada, file)
    read(ada, path)
    rows = {row["chemical"]["name"]: row["chemical"] for row in ada.get(f"{path}/rows").json()["items"]}
    assert rows["Ethanol"]["pictograms"] == ["GHS02", "GHS07"]
    assert rows["Ethanol"]["signal_word"] == "Danger"
    assert rows["Acetone"]["h_statements"] == ["H225"]
    assert "pictograms" not in rows["Unheard-of"]
    read(ada, path, repairs={"hazards_filled": False})
    commit(ada, path)
    found = {item["name"]: item for item in ada.get("/labs/curie/chemicals").json()["items"]}
    assert (found["Ethanol"]["pictograms"], found["Acetone"]["pictograms"]) == (None, ["GHS02"])


# Files that are refused


def zip_of(**files: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/"), text)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (b"", 422, "The file is empty."),
        (b"\n\n  \n", 422, "The sheet is empty."),
        (b"Name,CAS\n", 422, "The sheet has a head and no rows below it."),
        (b"just some words\nand more\n", 422, "This text has no columns. Choose a CSV or XLSX file whose first row names the columns."),
        (b"Name,CAS\nx," + b"1" * (20 * 1024 * 1024), 413, "The file has 20.0 MB; at most 20 MB can be read. Split it."),
        (b"Name,CAS\nx," + b"1" * (30 * 1024 * 1024), 413, "The file has 30.0 MB; at most 20 MB can be read. Split it."),
        (b"%PDF-1.7 \x00\x01", 422, "This is a PDF, not a spreadsheet. Choose a CSV or XLSX file."),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), 422, "This is a picture (PNG), not a spreadsheet. Choose a CSV or XLSX file."),
        (bytes(range(256)) * 20, 422, "This is not a text file, so not a CSV. Choose a CSV or XLSX file."),
        (b"PK\x03\x04 broken", 422, "The file is damaged: it cannot be unpacked. Save it again as XLSX or CSV."),
        (zip_of(word__document="x"), 422, "This is a Word document, not a spreadsheet. Copy its table into one, and save that as XLSX or CSV."),
        (zip_of(**{"xl__workbook.xml": " " * 50_000_000}), 422, "Unpacked, the file has 48 MB, more than can be read. Save the sheet as CSV."),
        (b"Name,CAS\n" + b"," * 1_000_000 + b"\n", 422, None),
        (b"Name," + b",".join(b"c%d" % number for number in range(250)) + b"\nx" + b",1" * 250, 422, "Row 1 has 251 columns; at most 200 can be read."),
        (b'Name,CAS\n"Ethanol,64-17-5\n' + b"x,1\n" * 5000, 422, None),
        (b"Name,CAS\n" + b"A,1\n" * 60_000, 422, "The sheet has more than 50,000 rows. Split it into several files."),
    ],
)  # fmt: skip
def test_what_is_no_spreadsheet_is_refused_beside_the_field(
    installation: Installation, content: bytes, status: int, sentence: str | None
) -> None:
    before = everything(installation)
    answer = upload(installation.as_user("ada"), content)
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["Content-Type"] == "application/problem+json"
    [error] = answer.json()["errors"]
    assert error["pointer"] == "/file"
    assert sentence in (None, error["detail"])
    assert everything(installation) == before


@pytest.mark.parametrize(
    "request_parts",
    [
        {"json": {"file": "x"}},
        {"data": "file=x", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
        {"files": {"other": ("x.csv", b"Name\nx")}},
        {"files": {"file": (None, b"Name\nx")}},
        {"data": b""},
    ],
)
def test_a_form_without_a_file_is_asked_for_one(installation: Installation, request_parts: dict[str, Any]) -> None:
    answer = installation.as_user("ada").post("/labs/curie/imports", **request_parts)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"] == [{"pointer": "/file", "detail": "Choose a file."}]


def test_a_broken_form_is_a_bad_request(installation: Installation) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert installation.as_user("ada").post(
        "/labs/curie/imports", data=b"--x\r\nnonsense", headers=headers
    ).status_code in (400, 422)
    assert installation.as_user("ada").post(
        "/labs/curie/imports", data=b"x", headers={"Content-Type": "multipart/form-data"}
    ).status_code in (400, 422)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("C:\\lists\\stock.csv", "stock.csv"),
        ("../../etc/passwd.csv", "passwd.csv"),
        ("Bestände µ “2025”.csv", "Bestände µ “2025”.csv"),
        ("evil\u202egpj.csv", "evilgpj.csv"),
        ("x" * 400 + ".csv", "x" * 150 + "…" + "x" * 36 + ".csv"),
        ("\x07.csv", ".csv"),
        ("Stock.XLS", "Stock.XLS.txt"),
        ("x" * 400 + ".xls", "x" * 150 + "…" + "x" * 36 + ".xls.txt"),
    ],
)
def test_a_file_may_have_any_name_before_its_ending(ada: Client, name: str, kept: str) -> None:
    answer = upload(ada, STOCK, name)
    assert answer.status_code == 201, answer.text
    assert answer.json()["file_name"] == kept


def test_cells_with_any_characters_are_loaded(installation: Installation, ada: Client) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (
        ["Name", "Notes", "Room"],
        ["+HYPERLINK('x')", "a\nb", "Room\u2028 1"],
        ["_xD83D_ α-Pinene\x85", "x" * 9_000, "\u200b"],
    ):
        sheet.append(line)
    packed = io.BytesIO()
    book.save(packed)
    assert loaded(ada, packed.getvalue())["loaded"] == 2
    text = "Name,Notes\nA\x00B\x80\x9f,\x01\nC,\\u0000" + "x" * 500 + "\n"
    assert loaded(ada, text)["loaded"] == 2
    assert loaded(ada, "Name,Notes\nD\ud800x,y\n".encode("utf-16", "surrogatepass"))["loaded"] == 1


COLUMNS = {"0": "barcode", "1": "name", "2": "cas_number"}


@pytest.mark.parametrize(
    ("reading", "pointer"),
    [
        ({}, "/columns"),
        ({"columns": {}}, "/columns"),
        ({"columns": {"0": "barcode"}}, "/columns"),
        ({"columns": {"0": "name", "1": "nonsense"}}, "/columns"),
        ({"columns": {"0": "name", "1": "name"}}, "/columns"),
        ({"columns": {"x": "name"}}, "/columns"),
        ({"columns": {"-1": "name"}}, "/columns"),
        ({"columns": ["name"]}, "/columns"),
        ({"columns": {str(number): "notes" for number in range(900)}}, "/columns"),
        ({"columns": COLUMNS, "head_row": -1}, "/head_row"),
        ({"columns": COLUMNS, "head_row": 2**70}, "/head_row"),
        ({"columns": COLUMNS, "head_row": "x"}, "/head_row"),
        ({"columns": COLUMNS, "head_row": 900}, "/sheet"),
        ({"columns": COLUMNS, "sheet": "a\x00b"}, "/sheet"),
        ({"columns": COLUMNS, "choices": {"unit": "stone"}}, "/choices/unit"),
        ({"columns": COLUMNS, "choices": {"day_first": "perhaps"}}, "/choices/day_first"),
        ({"columns": COLUMNS, "choices": {"repairs": {"nonsense": True}}}, "/choices"),
        ({"columns": COLUMNS, "choices": {"repairs": {"cas_date": "perhaps"}}}, "/choices/repairs/cas_date"),
        ({"columns": COLUMNS, "choices": {"exceptions": {"no_name_no_cas": [1]}}}, "/choices"),
        ({"columns": COLUMNS, "choices": {"exceptions": {"cas_date": [2**70]}}}, "/choices/exceptions/cas_date/0"),
        ({"columns": COLUMNS, "choices": {"nonsense": 1}}, "/choices/nonsense"),
        ({"columns": COLUMNS, "only": {"column": 4, "values": []}}, "/only/values"),
        ({"columns": COLUMNS, "only": {"column": 4, "values": ["a\x00b"]}}, "/only/values/0"),
        ({"columns": COLUMNS, "only": {"column": 4, "values": ["Nobody"]}}, "/sheet"),
        ({"columns": COLUMNS, "only": {"column": 2**70, "values": ["x"]}}, "/only/column"),
        ({"columns": COLUMNS, "nonsense": 1}, "/nonsense"),
    ],
)
def test_a_reading_that_cannot_be_is_refused_and_changes_nothing(
    installation: Installation, standing: str, reading: dict[str, Any], pointer: str
) -> None:
    ada, path = installation.as_user("ada"), standing
    before, as_it_was = everything(installation), ada.get(path).json()
    answer = ada.put(f"{path}/reading", json=reading)
    assert answer.status_code == 422, answer.text
    assert pointer in [error["pointer"] for error in answer.json()["errors"]], answer.text
    assert (everything(installation), ada.get(path).json()) == (before, as_it_was)


@pytest.mark.parametrize(
    "query",
    [
        "cursor=x",
        "cursor=WyJuZXh0IiwgIngiXQ",
        "state=nonsense",
        "kind=%00",
        "limit=0",
        "limit=99999999999999999999",
        "fine=perhaps",
    ],
)
def test_a_list_asked_for_in_an_impossible_way_is_refused(
    installation: Installation, standing: str, query: str
) -> None:
    ada, path = installation.as_user("ada"), standing
    assert ada.get(f"{path}/rows?{query}").status_code == 422
    if not query.startswith(("state", "kind", "fine")):
        assert ada.get(f"/labs/curie/imports?{query}").status_code == 422
    huge = ada.get(f"{path}/rows", params={"cursor": "WyJuZXh0IiwgOTk5OTk5OTk5OTk5OTk5OTk5OTk5OTldCg"})
    assert huge.status_code in (200, 422)


@pytest.mark.parametrize("query", ["head_row=-1", "head_row=5000", "sheet=Nonsense", "values_of=x", "sheet=%00"])
def test_columns_asked_for_in_an_impossible_way_are_refused(ada: Client, query: str) -> None:
    book = openpyxl.Workbook()
    for line in (["Name", "CAS"], ["Ethanol", "64-17-5"]):
        book.worksheets[0].append(line)
    packed = io.BytesIO()
    book.save(packed)
    path = uploaded(ada, packed.getvalue())
    assert ada.get(f"{path}/columns?{query}").status_code == 422
    assert ada.get(f"{path}/columns?values_of=999&sheet=Sheet").json()["values"] == [{"value": "", "rows": 1}]


# A load that fails


def test_a_row_that_the_database_refuses_is_named_and_nothing_is_loaded(
    installation: Installation, ada: Client
) -> None:
    path = uploaded(ada, STOCK)
    read(ada, path)
    # Between the reading and the load, somebody gives this barcode to another container.
    chemical = ada.post("/labs/curie/chemicals", json={"name": "Toluene"}).json()["id"]
    line = {"chemical_id": chemical, "amount_unknown": True, "barcodes": ["K-2"]}
    assert ada.post("/labs/curie/deliveries", json={"lines": [line]}).status_code == 201
    before = everything(installation)
    problem = commit(ada, path)[-1]["problem"]
    assert problem["status"] == 409
    assert (
        problem["detail"] == "Row 3 cannot be loaded, so nothing was. This barcode is on another container of the lab."
    )
    assert problem["errors"][0]["pointer"] == "/rows/3"
    assert everything(installation) == before
    assert ada.get(path).json()["state"] == "read"
    assert read(ada, path)["summary"]["refused"] == 3
    assert commit(ada, path)[-1]["outcome"]["loaded"] == 1


def test_a_reading_and_a_load_are_refused_where_somebody_has_read_the_file_otherwise(
    installation: Installation, ada: Client
) -> None:
    path = uploaded(ada, STOCK)
    seen = read(ada, path)
    reading = seen["reading"] | {"version": seen["version"]}
    reading.pop("heads")
    other = ada.put(f"{path}/reading", json=reading | {"columns": {"1": "name", "0": "barcode"}}).json()

    for stale in (
        ada.put(f"{path}/reading", json=reading),
        ada.post(f"{path}/commit", json={"version": seen["version"]}),
    ):
        assert stale.status_code == 409
        assert stale.json()["detail"].startswith("Somebody else has changed how this file is read.")
    assert ada.get(path).json() == other
    assert stock(installation) == []
    assert ada.put(f"{path}/reading", json=reading | {"version": other["version"]}).status_code == 200
    assert ada.post(f"{path}/commit", json={"version": ada.get(path).json()["version"]}).status_code == 200
    assert (
        ada.post(f"{path}/commit", json={"version": seen["version"]}).status_code == 200
    )  # loaded already: adds nothing


def test_two_imports_are_not_loaded_at_the_same_moment(installation: Installation, ada: Client) -> None:
    path = uploaded(ada, STOCK)
    read(ada, path)
    import psycopg

    with psycopg.connect(installation.dsn("chemuser")) as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtext('inventory.imports'), %s)", [installation.lab_id("curie")])
        answer = ada.post(f"{path}/commit", json={})
    assert answer.status_code == 409
    assert answer.json()["detail"].startswith("Another import is being loaded")
    assert commit(ada, path)[-1]["outcome"]["loaded"] == 2


def test_a_load_goes_on_when_nobody_listens(installation: Installation, ada: Client) -> None:
    file = "Barcode,Name\n" + "".join(f"K-{number},Salt {number % 40}\n" for number in range(3000))
    path = uploaded(ada, file)
    read(ada, path)
    with ada.post(f"{path}/commit", json={}, stream=True) as answer:
        next(answer.iter_lines())
    deadline = time.monotonic() + 60
    while ada.get(path).json()["state"] != "committed":
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert len(stock(installation)) == 3000


def test_others_are_answered_while_a_file_is_read(ada: Client) -> None:
    file = "Barcode,Name,CAS\n" + "".join(f"K-{number},Salt {number},64-17-5\n" for number in range(6_000))
    path = uploaded(ada, file)
    answers: list[int] = []

    def ask() -> None:
        while not done.is_set():
            answers.append(ada.get("/labs/curie/imports").status_code)

    done = threading.Event()
    asker = threading.Thread(target=ask)
    asker.start()
    read(ada, path)
    done.set()
    asker.join()
    assert set(answers) == {200}
    assert len(answers) > 5, "who asks is kept waiting until the file is read"


def test_an_import_is_cancelled_with_its_file_and_rows(installation: Installation, ada: Client) -> None:
    path = uploaded(ada, STOCK)
    read(ada, path)
    answer = ada.post(f"{path}/cancel")
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    assert installation.psql("SELECT content FROM inventory.imports", lab="curie") == [(None,)]
    assert installation.psql("SELECT count(*) FROM inventory.import_rows", lab="curie") == [(0,)]
    assert ada.post(f"{path}/commit", json={}).status_code == 409
    assert ada.put(f"{path}/reading", json={"columns": COLUMNS}).status_code == 409
    assert ada.get(f"{path}/columns").status_code == 409
    assert ada.post(f"{path}/cancel").status_code == 200


def test_a_committed_import_is_over(ada: Client) -> None:
    path = uploaded(ada, STOCK)
    assert ada.post(f"{path}/commit", json={}).status_code == 409  # not read yet
    read(ada, path)
    commit(ada, path)
    assert ada.post(f"{path}/cancel").status_code == 409
    assert ada.put(f"{path}/reading", json={"columns": COLUMNS}).status_code == 409


BOTTLES = "Barcode,Name,CAS,Room,Amount\nK-1,Ethanol,64-17-5,Shelf 1,500 mL\nK-2,Acetone,67-64-1,Shelf 1,1 L\n,Toluene,108-88-3,Shelf 2,1 L\n"


def contents(installation: Installation, lab: str) -> list[tuple[Any, ...]]:
    """The containers of a lab with their chemicals and locations, but for who changed them when."""
    return installation.psql(
        "SELECT c.barcode, h.name, to_jsonb(c), to_jsonb(h) - ARRAY['changed_at', 'changed_by'], l.full_name FROM inventory.containers c"
        " JOIN inventory.chemicals h ON h.id = c.chemical_id LEFT JOIN inventory.locations l ON l.id = c.location_id ORDER BY c.id",
        lab=lab,
    )


def here(installation: Installation) -> list[tuple[Any, ...]]:
    """The containers of the lab that were not disposed of."""
    return installation.psql(
        "SELECT barcode, chemical_name, amount, unit, location FROM inventory.stock WHERE disposed_at IS NULL ORDER BY barcode",
        lab="curie",
    )


def taken_back(client: Client, path: str) -> dict[str, Any]:
    answer = client.post(f"{path}/take-back")
    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "taken_back"
    return answer.json()["taken_back"]  # type: ignore[no-any-return]


def test_an_import_is_taken_back_and_the_file_loaded_again(installation: Installation, ada: Client) -> None:
    path = uploaded(ada, BOTTLES)
    read(ada, path)
    commit(ada, path)
    before = here(installation)
    back = taken_back(ada, path)
    assert {name: back[name] for name in ("containers", "chemicals", "locations", "stay", "staying")} == {
        "containers": 3, "chemicals": 3, "locations": 2, "stay": 0, "staying": []}  # fmt: skip
    assert here(installation) == []
    assert ada.get("/labs/curie/chemicals").json()["items"] == []
    reasons = installation.psql("SELECT kind, reason FROM inventory.history WHERE kind = 'dispose'", lab="curie")
    assert reasons == [("dispose", "Import taken back: stock.csv")] * 3
    assert taken_back(ada, path) == back  # a second time changes nothing
    assert loaded(ada, BOTTLES)["containers"] == 3
    assert [row[1:] for row in here(installation)] == [row[1:] for row in before]
    assert {row[0] for row in here(installation)} >= {"K-1", "K-2"}
    assert taken_back(ada, path) == back  # and leaves alone what a later import made with the same keys
    assert len(here(installation)) == 3


def test_what_was_used_since_stays_when_an_import_is_taken_back(installation: Installation, ada: Client) -> None:
    path = uploaded(ada, BOTTLES)
    read(ada, path)
    commit(ada, path)
    [[used]] = installation.psql("SELECT id FROM inventory.containers WHERE barcode = 'K-1'", lab="curie")
    with shelf(installation) as on:
        on.post(used, "check_out", "100", "mL")
    back = taken_back(ada, path)
    assert (back["containers"], back["stay"], back["staying"]) == (2, 1, ["K-1"])
    assert [row[:2] for row in here(installation)] == [("K-1", "Ethanol")]


def test_what_was_disposed_of_does_not_keep_its_row_out(installation: Installation, ada: Client) -> None:
    loaded(ada, BOTTLES)
    with shelf(installation) as on:
        for (container,) in on.run("SELECT id FROM inventory.containers"):
            on.post(container, "dispose")
    path = uploaded(ada, BOTTLES)
    summary = read(ada, path)["summary"]
    assert (summary["present"], summary["ready"], summary["refused"]) == (0, 3, 0)
    assert ("barcode_of_disposed", 2) in [(kind["kind"], kind["rows"]) for kind in summary["kinds"]]
    assert commit(ada, path)[-1]["outcome"]["containers"] == 3
    assert {row[0] for row in here(installation)} >= {"K-1", "K-2"}


def test_only_what_was_loaded_is_taken_back(ada: Client) -> None:
    path = uploaded(ada, BOTTLES)
    answer = ada.post(f"{path}/take-back")
    assert (answer.status_code, "was not loaded" in answer.text) == (409, True)


def kinds_of(summary: dict[str, Any]) -> dict[str, tuple[str, int]]:
    return {kind["kind"]: (kind["severity"], kind["rows"]) for kind in summary["kinds"] if kind["rows"]}


def test_the_meaning_of_a_unit_is_kept_for_the_labs_next_lists(installation: Installation, ada: Client) -> None:
    text = "Name,Amount,Unit\n{0} agar,2,tabs\n{0} urea,3,Tabs\n{0} salt,1,heap\n"
    path = uploaded(ada, text.format("First"))
    summary = read(ada, path)["summary"]
    assert [(word["word"], word["means"], word["rows"]) for word in summary["unit_words"]] == [
        ("Tabs", None, 1),
        ("heap", None, 1),
        ("tabs", None, 1),
    ]
    summary = read(ada, path, unit_words={"tabs": "each"})["summary"]
    assert (summary["question"], kinds_of(summary)["unit_word"]) == (1, ("repaired", 2))
    commit(ada, path)
    summary = read(ada, uploaded(ada, text.format("Second")))["summary"]
    assert (summary["question"], kinds_of(summary)["unit_word"]) == (1, ("repaired", 2))
    summary = read(ada, uploaded(ada, text.format("Fourth")), unit_words={"tabs": "", "Tabs": ""})["summary"]
    assert kinds_of(summary)["unit_unknown"] == ("question", 3), "somebody said that the word is not known after all"
    eve = installation.as_user("eve")
    other = uploaded(eve, text.format("Third"), "hodgkin")
    assert "unit_word" not in kinds_of(read(eve, other)["summary"]), "another lab has words of its own"


def test_tables_of_several_sheets_are_loaded_together(installation: Installation, ada: Client) -> None:
    book = openpyxl.Workbook()
    rows = {"Acids": ["Acetic acid", "Nitric acid"], "Bases": ["Sodium hydroxide"]}
    for sheet, names in rows.items():
        made = book.create_sheet(sheet)
        for line in [["Name", "Lot"], *([name, f"L{number}"] for number, name in enumerate(names))]:
            made.append(line)
    book.remove(book.worksheets[0])
    file = io.BytesIO()
    book.save(file)
    path = uploaded(ada, file.getvalue())
    looked = ada.get(f"{path}/columns").json()
    assert looked["tables"] == [{"table": "Bases!A1", "heads": ["Name", "Lot"], "rows": 1, "chosen": False}]
    looked = ada.get(f"{path}/columns?table=Bases!A1").json()
    assert [column["head"] for column in looked["columns"]] == ["Name", "Lot", "Table"]
    reading = {"head_row": 1, "columns": {"0": "name", "1": "lot", "2": "location"}, "tables": ["Bases!A1"]}
    reading["choices"] = {"exceptions": {"cas_date": [50 * ROWS_OF_A_TABLE + 2]}}  # a row of the fiftieth further table
    assert ada.put(f"{path}/reading", json=reading).status_code == 200
    shown = [(row["part"], row["number"], row["location"]) for row in ada.get(f"{path}/rows").json()["items"]]
    assert shown == [("Acids", 2, "Acids"), ("Acids", 3, "Acids"), ("Bases", 2, "Bases")]
    assert commit(ada, path)[-1]["outcome"]["containers"] == 3
    assert ada.put(f"{uploaded(ada, file.getvalue())}/reading", json=reading | {"tables": ["X!A1"]}).status_code == 422


def test_the_columns_of_a_list_are_remembered(installation: Installation, ada: Client) -> None:
    content = "Stuff,CAS,Bin\nAcetone,67-64-1,A 1\n,,A 2\n"
    chosen = {"0": "name", "1": "cas_number", "2": "kept"}
    path = uploaded(ada, content)
    assert ada.get(f"{path}/columns").json()["remembered"] is None
    assert ada.put(f"{path}/reading", json={"head_row": 1, "columns": chosen}).status_code == 200
    commit(ada, path)

    def proposed(content: str, who: Client = ada, lab: str = "curie") -> tuple[Any, list[str | None]]:
        looked = who.get(f"{uploaded(who, content, lab)}/columns").json()
        return looked["remembered"], [column["field"] for column in looked["columns"]]

    assert proposed(content) == ("stock.csv", ["name", "cas_number", "kept"])
    left_out = ada.get(f"{path}/refused.csv").text
    assert proposed(left_out) == ("stock.csv", [None, None, "name", "cas_number", "kept"])
    assert proposed(content.replace("Bin", "Box"))[0] is None
    # The choices of one lab are not offered in another.
    assert proposed(content, installation.as_user("eve"), "hodgkin")[0] is None


def test_a_lab_keeps_twenty_files_at_most(installation: Installation, ada: Client) -> None:
    installation.psql(
        "INSERT INTO inventory.imports (file_name, made_by) SELECT 'x', u.id FROM control.users u, generate_series(1, 20) WHERE u.username = 'ada'",
        lab="curie",
    )
    before = everything(installation)
    answer = upload(ada, STOCK)
    assert (answer.status_code, answer.json()["detail"]) == (
        409,
        "20 imports are open already. Load or cancel one of them first.",
    )
    assert everything(installation) == before
    installation.psql("UPDATE inventory.imports SET made_at = now() - interval '31 days'", lab="curie")
    assert upload(ada, STOCK).status_code == 201


def test_a_file_sent_twice_with_one_key_comes_in_once(installation: Installation, ada: Client) -> None:
    def send(content: str) -> requests.Response:
        return ada.post(
            "/labs/curie/imports", files={"file": ("a.csv", content)}, headers={"Idempotency-Key": "the-same-key"}
        )

    first, second = send(STOCK), send(STOCK)
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert second.headers["Idempotent-Replayed"] == "true"
    assert send(STOCK + "K-9,Urea,,,,,\n").status_code == 422
    assert installation.psql("SELECT count(*) FROM inventory.imports", lab="curie") == [(1,)]


# Lists


def test_lists_are_paged_in_both_directions(ada: Client) -> None:
    paths = [uploaded(ada, STOCK) for _ in range(3)]
    read(ada, paths[0])
    for path, wanted in (("/labs/curie/imports", 3), (f"{paths[0]}/rows", 5)):
        all_of_them = [item.get("id", item.get("row_number")) for item in ada.get(path).json()["items"]]
        assert len(all_of_them) == wanted
        seen: list[int] = []
        cursor: str | None = ""
        page: dict[str, Any] = {}
        while cursor is not None:
            page = ada.get(path, params={"limit": "2", "cursor": cursor}).json()
            seen += [item.get("id", item.get("row_number")) for item in page["items"]]
            cursor = page["next"]
        assert seen == all_of_them
        back = ada.get(path, params={"limit": "2", "cursor": page["previous"]}).json()
        assert [item.get("id", item.get("row_number")) for item in back["items"]] == all_of_them[
            -len(page["items"]) - 2 : -len(page["items"])
        ]


def test_rows_are_found_by_state_and_by_problem(ada: Client) -> None:
    path = uploaded(ada, STOCK + "K-7,Salt,,,,,\n")
    read(ada, path)

    def numbers(**query: Any) -> list[int]:
        return [row["row_number"] for row in ada.get(f"{path}/rows", params=query).json()["items"]]

    assert numbers(state=["refused", "question"]) == [4, 5, 6]
    assert numbers(kind="amount_with_unit") == [2, 3, 5, 6]
    assert numbers(fine="true") == [7]
    assert numbers(kind="nonsense") == []


# Who


@pytest.mark.parametrize("who", ["ben", "cleo"])
def test_members_and_viewers_see_imports_and_do_not_import(installation: Installation, ada: Client, who: str) -> None:
    path = uploaded(ada, STOCK)
    read(ada, path)
    client, before = installation.as_user(who), everything(installation)
    assert client.get("/labs/curie/imports").json()["items"][0]["file_name"] == "stock.csv"
    assert client.get(f"{path}/rows").status_code == 200
    for answer in (
        upload(client, STOCK),
        client.get(f"{path}/columns"),
        client.put(f"{path}/reading", json={"columns": COLUMNS}),
        client.post(f"{path}/commit", json={}),
        client.post(f"{path}/cancel"),
        client.post(f"{path}/take-back"),
    ):
        assert answer.status_code == 403, answer.text
    assert everything(installation) == before


def test_another_labs_import_does_not_exist(installation: Installation, ada: Client) -> None:
    path = uploaded(ada, STOCK)
    read(ada, path)
    number = path.rpartition("/")[2]
    before = everything(installation)
    for who, lab in (("eve", "curie"), ("root", "curie"), ("eve", "hodgkin")):
        client = installation.as_user(who)
        for there in (number, "999999", "99999999999999999999", "0"):
            theirs = f"/labs/{lab}/imports/{there}"
            for answer in (
                client.get(theirs),
                client.get(f"{theirs}/columns"),
                client.get(f"{theirs}/rows"),
                client.get(f"{theirs}/absent"),
                client.get(f"{theirs}/refused.csv"),
                client.put(f"{theirs}/reading", json={"columns": COLUMNS}),
                client.post(f"{theirs}/commit", json={}),
                client.post(f"{theirs}/cancel"),
                client.post(f"{theirs}/take-back"),
            ):
                assert answer.status_code == 404 or (
                    answer.status_code == 422 and there in ("0", "99999999999999999999")
                )
    assert everything(installation) == before


def test_the_same_file_in_two_labs_makes_two_stocks(installation: Installation, ada: Client) -> None:
    eve = installation.as_user("eve")
    assert loaded(ada, STOCK)["loaded"] == loaded(eve, STOCK, "hodgkin")["loaded"] == 3
    assert len(stock(installation)) == len(stock(installation, "hodgkin")) == 3


# Anything


HEADS = ["Barcode", "Name", "CAS", "Formula", "Synonyms", "Building", "Room", "Amount", "Unit", "Pack size", "Containers", "Lot", "Received",
         "Expires", "Price (EUR)", "H codes", "Pictograms", "Signal word", "MW", "Density", "Cat No", "State", "SDS", "Notes"]  # fmt: skip
CELLS = ["64-17-5", "9/7/7719", "250 g", "1,500", "6 x 500 mL", "C2H6O", "H0", "1/1/2001", "12/31/2199", "13/2/2014", "H225 H319", "GHS02", "Danger",
         "n/a", "999999999999 lb", "0.0000000001", "2", "A0334-25G", "https://x.org/a b", "\x9f", "\ud800", "ß" * 400, "a;" * 3000, "K 1", "CT-000001"]  # fmt: skip


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    some.lists(
        some.lists(some.sampled_from(CELLS) | some.text(max_size=12), min_size=2, max_size=len(HEADS)),
        min_size=5,
        max_size=25,
    )
)
def test_whatever_a_file_says_the_database_takes_it(
    installation: Installation, ada: Client, rows: list[list[str]]
) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([HEADS, *rows])
    answer = upload(ada, text.getvalue().encode("utf-16", "surrogatepass"))
    if answer.status_code == 422:
        return
    path = f"/labs/curie/imports/{answer.json()['id']}"
    read(ada, path, unit="lb", day_first=False, repairs={"name_spelling": True, "hazard_words": True})
    last = commit(ada, path, with_questions=True)[-1]
    assert "outcome" in last, last
    empty_again = sum(last["outcome"].get(state, 0) for state in ("loaded", "refused", "present"))
    assert empty_again == ada.get(path).json()["summary"]["rows"]


def test_files_that_come_at_the_same_moment_are_not_taken_for_each_other(installation: Installation) -> None:
    """One person sends two files from two tabs at the same moment: each answer names the import of its own file."""

    def send(number: int) -> tuple[int, str, int]:
        made = upload(installation.as_user("ada"), f"Name\nAgar {number}\n", f"tab-{number}.csv").json()
        return number, made["file_name"], made["id"]

    with ThreadPoolExecutor(6) as tabs:
        made = list(tabs.map(send, range(12)))
    ada = installation.as_user("ada")
    for _, _, import_id in made:
        ada.post(f"/labs/curie/imports/{import_id}/cancel")
    assert [name for _, name, _ in made] == [f"tab-{number}.csv" for number, _, _ in made]
    assert len({import_id for _, _, import_id in made}) == 12
