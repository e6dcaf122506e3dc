"""The list of chemicals as files: with its filters, order and columns as CSV and XLSX, and as an SD file that is read again."""

import csv
import io
from typing import Any

import openpyxl
import pytest
from rdkit import Chem

from api.resources.chemicals.files import CHEMICAL_HEADS, HEADS_OF_COLUMNS
from api.spreadsheets.reading import open_spreadsheet
from pages.chemicals.listing import COLUMNS
from tests.installation import Installation

LONG = "word " * 70 + "$$$$ > <x>"


@pytest.fixture(scope="module", autouse=True)
def chemicals(installation: Installation) -> None:
    ada = installation.as_user("ada")
    for fields in (
        {
            "name": "Ethanol",
            "cas_number": "64-17-5",
            "formula": "C2H6O",
            "smiles": "CCO",
            "pictograms": ["GHS02"],
            "h_statements": ["H225"],
        },
        {"name": "Not looked at", "melting_point_celsius": "-12.5"},
        {"name": "> <Name> $$$$", "synonyms": [LONG[:300]], "pictograms": []},
    ):
        assert ada.post("/labs/curie/chemicals", json=fields | {"belong_together": True}).status_code == 201


def taken(installation: Installation, file: str, **params: Any) -> bytes:
    answer = installation.as_user("cleo").get(f"/labs/curie/{file}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.content


def test_each_column_of_the_list_is_one_of_the_file() -> None:
    assert HEADS_OF_COLUMNS.keys() == COLUMNS.keys()
    assert {head for heads in HEADS_OF_COLUMNS.values() for head in heads} <= set(CHEMICAL_HEADS)


def test_the_file_has_the_filters_the_order_and_the_columns_of_the_list(installation: Installation) -> None:
    asked = {"sort": "-name", "unknown": "hazards", "column": ["melting_point", "hazards"]}
    [line] = csv.DictReader(io.StringIO(taken(installation, "chemicals.csv", **asked).decode("utf-8-sig")))
    assert line == {
        "Name": "Not looked at",
        "Pictograms": "not known",
        "Signal word": "",
        "H statements": "",
        "Melting point (°C)": "-12.5",
    }
    sheet = openpyxl.load_workbook(
        io.BytesIO(taken(installation, "chemicals.xlsx", sort="-name", column="cas_number"))
    ).active
    assert sheet is not None
    assert [row[:2] for row in sheet.iter_rows(values_only=True)] == [
        ("Name", "CAS RN"), ("Not looked at", None), ("> <Name> $$$$", None), ("Ethanol", "64-17-5"),
    ]  # fmt: skip


@pytest.mark.parametrize("file", ["chemicals.csv", "chemicals.xlsx", "chemicals.sdf"])
def test_a_column_that_there_is_not_is_refused(installation: Installation, file: str) -> None:
    answer = installation.as_user("cleo").get(f"/labs/curie/{file}", params={"column": "colour"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith("/column")


def test_an_sd_file_is_read_by_others_and_by_an_import(installation: Installation) -> None:
    file = taken(installation, "chemicals.sdf", sort="-name")
    supplier = Chem.SDMolSupplier()
    supplier.SetData(file.decode())
    records = [
        record.GetPropsAsDict() | {"atoms": record.GetNumAtoms(), "title": record.GetProp("_Name")}
        for record in supplier
    ]
    assert [(record["title"], record["atoms"]) for record in records] == [
        ("Not looked at", 0),
        ("> <Name> $$$$", 0),
        ("Ethanol", 0),
    ]
    assert (records[2]["SMILES"], records[2]["Formula"], records[0]["Pictograms"]) == ("CCO", "C2H6O", "not known")
    with open_spreadsheet(file) as opened:
        (_, heads), *rows = opened.rows()
    assert opened.kind == "SDF"
    read = [dict(zip(heads, cells, strict=False)) for _, cells in rows]
    assert [line["Name"].strip() for line in read] == ["Not looked at", "> <Name> $$$$", "Ethanol"]
    assert read[0]["Melting point (°C)"] == "-12.5"
