"""Tables side by side, one below the other and on several sheets, read as one."""

import io
import math
import time
from contextlib import ExitStack

import openpyxl
import pytest

from api.spreadsheets import Choices, Mapping, SpreadsheetError, archives
from api.spreadsheets.__main__ import answer
from api.spreadsheets.errors import MOST_COLUMNS
from api.spreadsheets.preview import Preview, describe
from api.spreadsheets.reading import open_spreadsheet
from api.spreadsheets.records import Record
from api.spreadsheets.tables import MOST_SHEETS, MOST_TABLES, all_tables, read_together

BESIDE = "Name,CAS,Room,,Name,CAS,Room\nAgar,9002-18-0,1,,Urea,57-13-6,2\nSalt,7647-14-5,1,,,,\n,,,,Glucose,50-99-7,3\n"
BELOW = "Chemicals of lab 2,,,\nName,CAS,Room,\nAgar,9002-18-0,1,\n,,,\nSolvents,,,\nChemical,Amount,Unit,Room\nAcetone,500,mL,2\n"
REPEATED = "Name,CAS,Room\nAgar,9002-18-0,1\n\nName,,Room\nUrea,57-13-6,2\n"


def workbook(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.remove(book.worksheets[0])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


ACIDS: list[list[object]] = [
    ["Name", "CAS", "Qty", "Unit"],
    ["Acetic acid", "64-19-7", 500, "mL"],
    ["Nitric acid", "7697-37-2", 1, "L"],
]
BASES: list[list[object]] = [["Our bases"], ["CAS", "Chemical", "Unit", "Quantity", "Remark"], ["1310-73-2", "Sodium hydroxide", "g", 500, "old"]]  # fmt: skip


def read(content: bytes, names: list[str] | None = None, **fields: str) -> tuple[list[str], list[Record]]:
    """The names of the other tables, and the records of the first one with those of the given names, or of its own sheet."""
    with ExitStack() as opened:
        main = opened.enter_context(open_spreadsheet(content))
        tables, _ = all_tables(content, main, None, math.inf)
        chosen = [table.name for table in tables[1:] if table.sheet == main.sheet] if names is None else names
        together = read_together(opened, content, main, tables[0].head_row, chosen)
        looked = describe(together, tables[0].head_row)
        columns = {column.index: fields.get(column.head, column.field) for column in looked.columns}
        mapping = Mapping(looked.head_row, {index: field for index, field in columns.items() if field})
        return [table.name for table in tables[1:]], list(Preview(together, mapping, Choices()))


def placed(records: list[Record]) -> list[tuple[int, str, list[str]]]:
    return [(record.row_number, record.chemical["name"], record.location_path) for record in records]


def test_tables_side_by_side_are_two_tables() -> None:
    names, records = read(BESIDE.encode())
    assert names == ["E1"]
    assert placed(records) == [
        (2, "Agar", ["1"]),
        (3, "Salt", ["1"]),
        (2_000_002, "Urea", ["2"]),
        (2_000_004, "Glucose", ["3"]),
    ]
    assert [record.problems for record in records] == [[]] * 4
    assert placed(read(BESIDE.encode(), [])[1]) == [(2, "Agar", ["1"]), (3, "Salt", ["1"])]


def test_a_table_below_another_has_heads_of_its_own() -> None:
    names, records = read(BELOW.encode())
    assert names == ["A6"]
    assert placed(records) == [(3, "Agar", ["1"]), (2_000_007, "Acetone", ["2"])]
    assert records[1].container == {"amount": "500", "unit": "mL"}


def test_a_head_repeated_with_fewer_cells_begins_no_table() -> None:
    names, records = read(REPEATED.encode())
    assert names == []
    assert placed(records) == [(2, "Agar", ["1"]), (5, "Urea", ["2"])]
    moved = REPEATED.replace("Name,,Room\nUrea,57-13-6,2", "Name,Room,\nUrea,2,")
    names, records = read(moved.encode())
    assert names == ["A4"]
    assert placed(records) == [(2, "Agar", ["1"]), (2_000_005, "Urea", ["2"])]


def test_other_sheets_are_offered_and_brought_into_the_columns_of_the_first() -> None:
    content = workbook(Acids=ACIDS, Bases=BASES, Remarks=[["bought in May"]])
    assert read(content)[0] == ["Bases!A2"]
    assert len(read(content)[1]) == 2, "only when somebody says so"
    _, records = read(content, ["Bases!A2"], Table="location")
    assert placed(records) == [
        (2, "Acetic acid", ["Acids"]),
        (3, "Nitric acid", ["Acids"]),
        (2_000_003, "Sodium hydroxide", ["Bases"]),
    ]
    assert records[2].container == {"amount": "500", "unit": "g", "notes": "old"}
    assert records[2].chemical["cas_number"] == "1310-73-2"


def test_the_same_row_on_two_sheets_is_a_question() -> None:
    _, records = read(workbook(Old=ACIDS, New=ACIDS[:2] + ACIDS[1:2]), ["New!A1"])
    states = [(record.row_number, record.state, [problem.kind for problem in record.problems]) for record in records]
    assert states == [
        (2, "ready", []),
        (3, "ready", []),
        (2_000_002, "question", ["same_row_in_two_tables"]),
        (2_000_003, "question", ["same_row_in_two_tables"]),
    ]
    assert len({record.key for record in records}) == 4


@pytest.mark.parametrize("name", ["Nowhere!A1", "Bases!B9", "A1", "Acids!A1", "'"])
def test_a_table_that_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(SpreadsheetError, match="no table"):
        read(workbook(Acids=ACIDS, Bases=BASES), [name])


def test_no_further_sheet_is_looked_at_when_that_takes_too_long_or_there_are_too_many() -> None:
    content = workbook(Acids=ACIDS, Bases=BASES, More=BASES, **{f"Empty {number}": [] for number in range(MOST_SHEETS)})
    with open_spreadsheet(content) as main:
        tables, not_looked_at = all_tables(content, main, None, time.process_time() - 1)
        assert ([table.name for table in tables], not_looked_at) == (["Acids!A1"], MOST_SHEETS + 2)
        tables, not_looked_at = all_tables(content, main, None, math.inf)
        assert ([table.name for table in tables], not_looked_at) == (["Acids!A1", "Bases!A2", "More!A2"], 2)


WIDE: dict[str, list[list[object]]] = {
    letter: [["Name", *(f"{letter} {number}" for number in range(MOST_COLUMNS // 2))], [f"Salt {letter}", 1, 2]]
    for letter in "AB"
}


def test_tables_that_are_too_wide_together_are_refused() -> None:
    assert len(read(workbook(**WIDE), [])[1]) == 1
    with pytest.raises(SpreadsheetError, match="have 202 columns; at most 200 can be read"):
        read(workbook(**WIDE), ["B!A1"])


def test_tables_of_one_sheet_that_are_too_wide_together_are_offered_and_not_proposed() -> None:
    notes: list[object] = ["Name", "CAS", *["Notes"] * 150]
    rooms: list[object] = ["Name", "Lot", *["Room"] * 60]
    content = workbook(Both=[notes, ["Urea", "57-13-6", "a"], [], rooms, ["Agar", "L1", "b"]])
    asked: dict[str, object] = {
        "act": "describe",
        "sheet": None,
        "encoding": None,
        "head_row": None,
        "values_of": None,
        "tables": None,
        "lists": {},
        "name": None,
    }
    [description] = answer(asked, content)
    assert [(table["table"], table["chosen"]) for table in description["tables"]] == [("Both!A4", False)]


def test_tables_that_are_too_long_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = workbook(A=[["Name"], ["x" * 600], ["y"]], B=[["Name"], ["z" * 600], ["y"]])
    monkeypatch.setattr(archives, "MOST_WRITTEN", 1000)
    with open_spreadsheet(content, "A") as main, ExitStack() as opened, pytest.raises(SpreadsheetError, match="Written out"):  # fmt: skip
        read_together(opened, content, main, 1, ["B!A1"])


def test_more_tables_than_can_be_read_together_are_not_proposed() -> None:
    heads = "Name,CAS,Room", "Name,Amount,Room"
    text = "\n\n".join(f"Shelf {number}\n{heads[number % 2]}\nSalt {number},,1" for number in range(MOST_TABLES + 3))
    asked: dict[str, object] = {
        "act": "describe",
        "sheet": None,
        "encoding": None,
        "head_row": None,
        "values_of": None,
        "tables": None,
        "lists": {},
        "name": None,
    }
    [looked] = answer(asked, text.encode())
    assert len(looked["tables"]) == MOST_TABLES + 2
    assert [table["chosen"] for table in looked["tables"]] == [True] * MOST_TABLES + [False] * 2
