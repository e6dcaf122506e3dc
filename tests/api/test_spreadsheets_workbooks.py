"""Cells of a workbook are read as they are shown: number formats, days, merged cells, formulas without a result."""

import io
import zipfile
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from api.chemistry.cas_numbers import is_valid, repair
from api.spreadsheets import Choices, Mapping, SpreadsheetError
from api.spreadsheets.formats import show
from api.spreadsheets.preview import Preview, describe
from api.spreadsheets.reading import open_spreadsheet
from api.spreadsheets.records import Record


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (2.5, '0.0"%"', "2.5%"),
        (1, "0%", "100%"),
        (0.025, "0.0%_)", "2.5%"),
        (0.995, "0.0%", "99.5%"),
        (0.5, "0%;[Red]-0%", "50%"),
        (42, "0000", "0042"),
        (7, "00", "07"),
        (64175, "000-00-0", "064-17-5"),
        (64175, "#-00-0", "64-17-5"),
        (2.5, '0.0" mL"', "2.5 mL"),
        (2.5, '0.0\\ "mL"', "2.5 mL"),
        (2500, '0.0," kg"', "2.5 kg"),
        (250, '#,##0" g"', "250 g"),
        (3, '"Box "0', "Box 3"),
        (12.5, "[$€-407] 0.00", "€ 12.5"),
        (12.5, '"£"#,##0.00', "£12.5"),
        (12.5, "_-* #,##0.00 €_-", "12.5 €"),
        (12.34567, "0.0", "12.34567"),  # nothing is rounded away
        (1.25, "# ?/?", "1.25"),
        (1.5e-7, "0.00E+00", "0.00000015"),
        (13030034, "General", "13030034"),
        (-3, "0.0;(0.0)", "-3"),
        (3, "@", "3"),
        (0, "0", "0"),
        (1, "yyyy-mm-dd", "1900-01-01"),
        (59, "yyyy-mm-dd", "1900-02-28"),
        (60, "d/m/yy", "1900-02-29"),  # there is none, but Excel shows it
        (61, "d/m/yy", "1900-03-01"),
        (45930, "dd.mm.yyyy", "2025-09-30"),
        (45930.5, "m/d/yy h:mm", "2025-09-30 12:00:00"),
        (0.5, "h:mm", "12:00:00"),
        (1.5, "[h]:mm", "1 day, 12:00:00"),
        (2151163, "d/m/yyyy", "7789-09-05"),
        (1e300, "d/m/yyyy", ""),
        (-1e9, "d/m/yyyy", ""),
        (5, '"', "5"),
        (5, "[", "5"),
    ],
)
def test_a_number_is_read_as_its_cell_shows_it(value: float, number_format: str, shown: str) -> None:
    assert show(value, number_format) == shown


def test_days_may_count_from_1904() -> None:
    assert show(44468, "d/m/yyyy", since_1904=True) == "2025-09-30"


def julian_number(year: int, month: int, day: int) -> int:
    """A spreadsheet's number of a day of the Julian calendar, as LibreOffice counts: 0 is 30 December 1899."""
    since_march = (month + 9) % 12
    year -= month < 3
    return 365 * year + year // 4 + (153 * since_march + 2) // 5 + day - 1 + 1721118 - 2415019


def test_cas_numbers_that_libreoffice_read_as_days_of_the_julian_calendar_come_back() -> None:
    numbers = [
        (f"{year}-{month:02d}-{day}", julian_number(year, month, day))
        for year in range(100, 1582)
        for month in range(1, 13)
        for day in range(1, 10)
        if is_valid(f"{year}-{month:02d}-{day}")
    ]
    assert ("107-06-2", -654727) in numbers
    for cas_number, number in numbers:
        for written in (show(number, "yyyy-mm-dd"), str(number)):
            found = repair(written)
            assert found is not None, (cas_number, written)
            assert found.cas_number == cas_number


def workbook(rows: list[list[Any]], merged: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def records_of(content: bytes, choices: dict[str, Any] | None = None) -> list[Record]:
    with open_spreadsheet(content) as file:
        columns = {column.index: column.field for column in describe(file, 1).columns if column.field}
        return list(Preview(file, Mapping(1, columns), Choices.from_json(choices or {})))


def test_a_merged_cell_counts_for_each_of_its_rows() -> None:
    lines: list[list[Any]] = [
        ["Name", "Amount", "Location"],
        ["A", "1 g", "Fridge 2"],
        ["B", "2 g", None],
        ["C", "3 g", None],
        ["D", "4 g", None],
    ]
    content = workbook(lines, merged=("C2:C4",))
    records = records_of(content)
    assert [record.location_path for record in records] == [["Fridge 2"], ["Fridge 2"], ["Fridge 2"], []]
    assert [record.state for record in records] == ["ready", "question", "question", "ready"]
    records = records_of(content, {"repairs": {"merged_cells": False}, "exceptions": {"merged_cells": [3]}})
    assert [record.location_path for record in records] == [["Fridge 2"], ["Fridge 2"], [], []]


def test_cells_merged_side_by_side_are_left_as_they_are() -> None:
    content = workbook([["Stock list", None], ["Name", "CAS"], ["Ethanol", "64-17-5"]], merged=("A1:B1",))
    with open_spreadsheet(content) as file:
        assert next(cells for _, cells in file.rows()) == ["Stock list"]


def test_a_formula_without_a_result_is_a_question() -> None:
    [record] = records_of(
        workbook([["Name", "Amount", "Unit", "Expires", "Location"], ["A", "=5*100", "g", "=DATE(2027,5,1)", "=D2"]])
    )
    assert record.state == "question"
    assert {problem.kind for problem in record.problems} == {"formula_without_result"}
    assert {problem.says for problem in record.problems} == {"=5*100", "=DATE(2027,5,1)", "=D2"}
    assert record.location_path == []
    assert record.container is not None
    assert not {"amount", "expires_on"} & record.container.keys()
    assert "Amount left in the file: =5*100" in record.container["notes"]


def test_a_strict_workbook_is_refused_with_what_to_do() -> None:
    content, strict = workbook([["Name"], ["A"]]), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(strict, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            new.writestr(
                name,
                text.replace(
                    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                    "http://purl.oclc.org/ooxml/spreadsheetml/main",
                ),
            )
    with pytest.raises(SpreadsheetError, match="Strict Open XML"):
        open_spreadsheet(strict.getvalue())


def test_a_day_and_its_time_stay_together() -> None:
    content = workbook([["Name", "Received"], ["A", datetime.fromisoformat("2025-09-30T12:30")]])
    with open_spreadsheet(content) as file:
        assert [cells for _, cells in file.rows()][1] == ["A", "2025-09-30 12:30:00"]
