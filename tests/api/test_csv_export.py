"""What a spreadsheet and a program read from a CSV of ours."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from api.csv_export import csv_lines

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
