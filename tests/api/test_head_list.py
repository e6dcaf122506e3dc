"""The public list of heads is the one by which an import reads; the template to fill in has heads of it and is understood as it is."""

import io

import openpyxl
import pytest

from api.spreadsheets.heads import field_of_head
from api.spreadsheets.template import COLUMNS
from local import head_list
from tests.api.test_imports import loaded, read, uploaded
from tests.installation import Installation

FILLED: dict[str, str | float] = {
    "Name": "Templatol", "CAS RN": "67-64-1", "Barcode": "T-1", "Containers": 1, "Amount": 250, "Unit": "mL", "Pack size": 500,
    "Pack unit": "mL", "Location": "Room 1 > Shelf 2", "Lot": "007", "Supplier": "Shop", "Catalogue number": "00-12", "Purity": "99 %",
    "Received": "2026-01-05", "Opened": "2026-02-05", "Expires": "2031-12-31", "Price": 12.5, "Currency": "EUR", "Notes": "By hand",
    "Synonyms": "Propanone; Dimethyl ketone", "Formula": "C3H6O", "Physical state": "liquid", "Pictograms": "GHS02 GHS07",
    "Signal word": "Danger", "H statements": "H225 H319 P210", "Storage class": "3", "SMILES": "CC(C)=O",
    "InChIKey": "CSCPPACGZOOCGX-UHFFFAOYSA-N", "Safety data sheet": "https://example.org/sds", "Reorder at": 100, "Unit of reorder at": "mL",
}  # fmt: skip


def test_the_page_has_every_head_that_is_understood() -> None:
    assert head_list.FILE.read_text(encoding="utf-8") == head_list.page(), "run: python -m local.head_list"


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("mp|melting(point)?s?", "`mp`, `melting[point][s]`"),
        ("cas.*|(a|b(c)?)x", "`cas…`, `{a / b[c]}x`"),
        ("((item|product)?name)?", "`[[item / product]name]`"),
    ],
)
def test_a_pattern_is_said_in_the_notation_that_the_page_explains(pattern: str, said: str) -> None:
    assert head_list.readable(pattern) == said


def test_a_template_that_is_filled_in_asks_nothing_and_loses_nothing(installation: Installation) -> None:
    ada = installation.as_user("ada")
    answer = ada.get("/labs/curie/imports/template.xlsx")
    assert answer.status_code == 200, answer.text
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book["Inventory"]
    heads = [cell.value for cell in sheet[1]]
    assert heads == [head for head, _, _ in COLUMNS]
    assert all(field_of_head(str(head)) for head in heads)
    assert "gas,liquid,solid" in str(sheet.data_validations.dataValidation)
    for column, head in enumerate(heads, 1):
        if head in FILLED:
            sheet.cell(2, column, FILLED[str(head)])
    file = io.BytesIO()
    book.save(file)
    summary = read(ada, uploaded(ada, file.getvalue()))["summary"]
    assert (summary["rows"], summary["fine"]) == (1, 1), summary["kinds"]
    assert loaded(ada, file.getvalue())["containers"] == 1
    [(container, chemical)] = installation.psql(
        """SELECT to_jsonb(c), to_jsonb(h) FROM inventory.containers c JOIN inventory.chemicals h ON h.lab_id = c.lab_id AND h.id = c.chemical_id
            WHERE c.barcode = 'T-1'""",
        lab="curie",
    )
    for name in (
        "amount",
        "unit",
        "pack_size",
        "lot",
        "catalogue_number",
        "purity",
        "opened_on",
        "expires_on",
        "price",
        "currency",
        "notes",
    ):
        assert container[name] is not None, name
    assert (container["lot"], chemical["synonyms"]) == ("007", ["Propanone", "Dimethyl ketone"])
    for name in (
        "formula",
        "physical_state",
        "h_statements",
        "p_statements",
        "smiles",
        "inchikey",
        "sds_url",
        "low_stock_amount",
    ):
        assert chemical[name], name


def test_the_template_is_for_members(installation: Installation) -> None:
    assert installation.as_user("eve").get("/labs/curie/imports/template.xlsx").status_code == 404
    assert installation.as_user("cleo").get("/labs/curie/imports/template.xlsx").status_code == 200
