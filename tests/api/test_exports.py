"""ChemTrack's CSV files as a spreadsheet and a program read them."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from api.core import workbooks
from api.core.tables import Writer, ZipOfCsv, csv_lines
from api.core.workbooks import Workbook
from api.spreadsheets.reading import open_spreadsheet

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (Decimal("-0.250"), "-0.25"),
        (Decimal("1E+3"), "1000"),
        (-12, "-12"),
        (True, "yes"),
        (date(2026, 3, 31), "2026-03-31"),
        (datetime(2026, 7, 1, 13, 5, 2, 99, UTC), "2026-07-01 14:05:02"),
        ("µg", "µg"),
        ("", ""),
        (["GHS02", "GHS07"], '"GHS02; GHS07"'),
        ([], ""),
        ("=1+1", "'=1+1"),
        ("+44 20", "'+44 20"),
        ("-20 °C freezer", "'-20 °C freezer"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", '"\'\tx"'),
        ("\r=1", '"\'\r=1"'),
        ("1=1", "1=1"),
        ("a,b", '"a,b"'),
        ("a;b", '"a;b"'),
        ('6" tube', '"6"" tube"'),
        ("two\nlines", '"two\nlines"'),
    ],
)
def test_each_value_is_written_so_that_no_spreadsheet_runs_it(value: object, written: str) -> None:
    assert csv_lines([[value]], LONDON) == written + "\r\n"


def test_what_is_written_is_read_again_as_it_was() -> None:
    row = ["plain", 'say "so", then\r\nstop', "", "α-Pinene"]
    [read] = csv.reader([csv_lines([row], LONDON)], strict=True)
    assert read == row


def written(kind: type[Writer], *tables: list[list[object]]) -> bytes:
    """A file of tables called T1, T2 …, the first row of each being its heads."""
    writer = kind(LONDON)
    pieces = [
        piece
        for number, (heads, *rows) in enumerate(tables, 1)
        for piece in (writer.begin(f"T{number}", [str(head) for head in heads]), writer.rows(rows))
    ]
    return b"".join([*pieces, writer.end()])


def test_a_workbook_has_numbers_days_and_texts_as_a_spreadsheet_knows_them() -> None:
    row: list[object] = [
        Decimal("-0.25"), Decimal("0.12345678901234567"), date(2026, 3, 31), date(1900, 1, 1),
        datetime(2026, 7, 1, 13, 5, 2, 99, UTC), True, None, "00042", "=1+1", "a\r\nb <&> \x07\"", ["H225", "H319"],
    ]  # fmt: skip
    content = written(Workbook, [[str(number) for number in range(len(row))], row], [["ü"], ["x"], ["y"]])
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["T1", "T2"]
    assert [cell.value for cell in book["T1"][2]] == [
        -0.25, "0.12345678901234567", datetime(2026, 3, 31), "1900-01-01", datetime(2026, 7, 1, 14, 5, 2), "yes", None, "00042",  # noqa: DTZ001
        "'=1+1", 'a\nb <&> "', "H225; H319",
    ]  # fmt: skip
    assert [cell.value for cell in book["T2"]["A"]] == ["ü", "x", "y"]


def test_a_workbook_is_read_again_as_a_csv_is() -> None:
    row: list[object] = [
        Decimal("1500.125"),
        date(2026, 3, 31),
        datetime(2026, 7, 1, 13, 5, 2, 0, UTC),
        "-20 °C",
        "'x",
        "α",
        False,
    ]
    table: list[list[object]] = [["a", "b", "c", "d", "e", "f", "g"], row]
    from_csv = [cells for _, cells in open_spreadsheet(csv_lines(table, LONDON).encode()).rows()]
    assert [cells for _, cells in open_spreadsheet(written(Workbook, table)).rows()] == from_csv


def test_a_table_that_is_too_long_for_a_sheet_goes_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "_MOST_ROWS_OF_A_SHEET", 3)
    book = openpyxl.load_workbook(io.BytesIO(written(Workbook, [["n"], [0], [1], [2], [3]], [["m"]])))
    writer = Workbook(LONDON)
    pieces = [
        writer.begin("T1", ["n"]),
        *(writer.rows([[number]]) for number in range(4)),
        writer.begin("T2", ["m"]),
        writer.end(),
    ]
    assert openpyxl.load_workbook(io.BytesIO(b"".join(pieces)))["T1 2"]["A3"].value == 3
    values = {name: [cell.value for cell in book[name]["A"]] for name in book.sheetnames}
    assert values == {"T1": ["n", 0, 1], "T1 2": ["n", 2, 3], "T2": ["m"]}


def test_a_zip_has_a_csv_for_each_table() -> None:
    archive = zipfile.ZipFile(io.BytesIO(written(ZipOfCsv, [["a"], ["µ"]], [["b"]])))
    assert archive.testzip() is None
    assert {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()} == {
        "t1.csv": "a\r\nµ\r\n",
        "t2.csv": "b\r\n",
    }
