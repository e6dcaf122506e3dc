"""A file whose name does not fit its contents, or that carries programs, is refused: managers can download the lab's files and open them."""

import io
import zipfile

import openpyxl
import pytest

from api.spreadsheets import SpreadsheetError
from api.spreadsheets.endings import ENDINGS, check_ending
from api.spreadsheets.reading import open_spreadsheet
from tests.api.test_spreadsheets_formats import OLD_WORKBOOK, archive, cells, ods, row, text
from tests.installation import Installation


def workbook(**more: str) -> bytes:
    """A workbook that also holds these files; in their names __ stands for a slash."""
    book, packed = openpyxl.Workbook(), io.BytesIO()
    book.worksheets[0].append(["Name"])
    book.worksheets[0].append(["Ethanol"])
    book.save(packed)
    with zipfile.ZipFile(packed, "a") as written:
        for name, content in more.items():
            written.writestr(name.replace("__", "/"), content)
    return packed.getvalue()


DDE = '<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
CARRIERS = {
    "macros of an XLSX": (workbook(**{"xl__vbaProject.bin": "x"}), "macros"),
    "macros under another name": (workbook(**{"xl__other__VBAPROJECT.BIN": "x"}), "macros"),
    "Excel 4 macros": (workbook(**{"xl__macrosheets__sheet1.xml": "x"}), "macros"),
    "ActiveX": (workbook(**{"xl__activeX__activeX1.bin": "x"}), "macros"),
    "an embedded file": (workbook(**{"xl__embeddings__oleObject1.bin": "x"}), "embedded objects"),
    "DDE": (workbook(**{"xl__externalLinks__externalLink1.xml": DDE}), "links that start"),
    "macros of an XLS": (OLD_WORKBOOK + "_VBA_PROJECT_CUR".encode("utf-16-le"), "macros"),
    "an embedded file of an XLS": (OLD_WORKBOOK + "MBD0018D4CE".encode("utf-16-le"), "embedded objects"),
    "a program beside a CSV": (archive({"stock.csv": "Name\nEthanol\n", "setup.exe": "MZ"}), "setup.exe"),
}


@pytest.mark.parametrize("name", CARRIERS)
def test_a_file_that_carries_programs_is_refused(name: str) -> None:
    content, word = CARRIERS[name]
    with pytest.raises(SpreadsheetError, match=word):
        cells(content)


@pytest.mark.parametrize("folder", ["Basic/Standard/Module1.xml", "Scripts/python/a.py", "Object 1"])
def test_an_opendocument_that_carries_programs_is_refused(folder: str) -> None:
    packed = io.BytesIO(ods(row(text("Name")), row(text("Ethanol"))))
    with zipfile.ZipFile(packed, "a") as written:
        written.writestr(folder, "x")
    with pytest.raises(SpreadsheetError, match="The workbook has"):
        cells(packed.getvalue())


def test_charts_pictures_and_links_to_other_workbooks_are_no_programs() -> None:
    link = "<externalLink><externalBook/></externalLink>"
    more = {"xl__externalLinks__externalLink1.xml": link, "xl__charts__chart1.xml": "x", "xl__media__image1.png": "x"}
    assert cells(workbook(**more)) == [(1, ["Name"]), (2, ["Ethanol"])]
    of_a_mac = {"stock.csv": "Name\nEthanol\n", "__MACOSX/._stock.csv": "x", ".DS_Store": "x"}
    assert cells(archive(of_a_mac)) == [(1, ["Name"]), (2, ["Ethanol"])]
    with open_spreadsheet(OLD_WORKBOOK) as opened:
        assert opened.kind == "XLS"


def test_the_page_offers_the_endings_that_are_accepted(installation: Installation) -> None:
    field = installation.page("imports", "ada").soup("/imports/curie").select_one("input[type=file]")
    assert field
    assert sorted(str(field["accept"]).split(",")) == sorted(
        ending for endings in ENDINGS.values() for ending in endings
    )


def test_a_name_fits_its_contents_in_any_case() -> None:
    check_ending("Stock.XLSX", "XLSX")
    with pytest.raises(SpreadsheetError, match="By its contents this is an XLSX workbook"):
        check_ending("stock.csv", "XLSX")


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("stock.xlsx", b"Name\nEthanol\n", "a CSV file"),
        ("stock.xls", workbook(), "an XLSX workbook"),
        ("stock.csv", OLD_WORKBOOK, "an XLS workbook"),
        ("stock.csv", archive({"stock.csv": "Name\nEthanol\n"}), "a ZIP archive"),
        ("stock.exe", b"Name\nEthanol\n", "a CSV file"),
        ("stock", b"Name\nEthanol\n", "a CSV file"),
        ("stock.csv.html", b"Name\nEthanol\n", "a CSV file"),
    ],
)
def test_an_upload_under_another_ending_is_refused_beside_the_field(
    installation: Installation, name: str, content: bytes, word: str
) -> None:
    answer = installation.as_user("ada").post("/labs/curie/imports", files={"file": (name, content)})
    assert answer.status_code == 422, answer.text
    [error] = answer.json()["errors"]
    assert error["pointer"] == "/file"
    assert error["detail"].startswith(f"By its contents this is {word}, but its name does not end with .")
