"""Files of every kind are either read, or refused with a sentence that says why."""

import io
import itertools
import subprocess
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from api.spreadsheets import Choices, Mapping, SpreadsheetError
from api.spreadsheets.preview import Preview, describe
from api.spreadsheets.reading import open_spreadsheet
from tests.conftest import ROOT
from tests.lists import INVENTORIES, needs_lists


def rows_of(content: bytes, sheet: str | None = None) -> list[list[str]]:
    with open_spreadsheet(content, sheet) as file:
        return [cells for _, cells in file.rows()]


def workbook(*sheets: Iterable[Iterable[object]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_csv_is_read_whatever_program_wrote_it(encoding: str, delimiter: str, line_end: str) -> None:
    lines = [["Name", "Amount", "Room"], ["Ölsäure, 99 %", "5 µL", "12"], ['the "best"', "1,5 g", "13"]]
    text = "".join(
        delimiter.join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in line) + line_end for line in lines
    )
    assert rows_of(text.encode(encoding)) == lines


LISTS = {
    "gb18030": ("名称,位置", "乙醇,柜1", "丙酮,柜2", "氯化钠,柜2"),
    "big5": ("名稱,位置", "乙醇,櫃1", "丙酮,櫃2", "氯化鈉,櫃2"),
    "cp932": ("試薬名,保管場所", "エタノール,薬品庫1", "塩化ナトリウム,棚2"),
    "euc_jp": ("試薬名,保管場所", "エタノール,薬品庫1", "塩化ナトリウム,棚2"),
    "cp949": ("시약명,위치", "에탄올,시약장1", "염화나트륨,시약장2"),
    "cp1250": ("Nazwa,Miejsce", "Siarczan żelaza,Półka", "Wodorotlenek,Szafa żółta", "Łój wołowy,Półka"),
    "cp1251": ("Название,Место", "Этанол,Шкаф 1", "Ацетон,Шкаф 2"),
    "cp1252": ("Bezeichnung,Ort", "Schwefelsäure,Kühlraum", "Lösungsmittel,Zürich", "Maßlösung,Schränke"),
    "cp1253": ("Όνομα,Θέση", "Αιθανόλη,Ντουλάπι", "Ακετόνη,Ράφι"),
    "cp1254": ("Ad,Yer", "Alüminyum sülfat şişe,Dolap ığ", "Bakır tozu,Dolap", "Gümüş nitrat,Soğutucu"),
    "mac_roman": ("Bezeichnung,Ort", "Schwefelsäure,Kühlraum", "Lösungsmittel,Zürich", "Maßlösung,Schränke"),
    "mac_latin2": ("Nazwa,Miejsce", "Siarczan żelaza,Półka", "Wodorotlenek,Szafa żółta", "Łój wołowy,Półka"),
    "iso8859_2": ("Nazwa,Ilość", "Siarczan żelaza,Półka", "Wodorotlenek,Szafa żółta", "Łódź,Półka"),
    "cp852": ("Nazwa,Miejsce", "Siarczan żelaza,Półka", "Wodorotlenek,Szafa żółta", "Łój wołowy,Półka"),
    "mac_cyrillic": ("Название,Место", "Этанол,Шкаф 1", "Ацетон,Шкаф 2"),
    "mac_greek": ("Όνομα,Θέση", "Αιθανόλη,Ντουλάπι", "Ακετόνη,Ράφι"),
    "mac_turkish": ("Ad,Yer", "Alüminyum sülfat şişe,Dolap ığ", "Bakır tozu,Dolap", "Gümüş nitrat,Soğutucu"),
    "cp850": ("Bezeichnung,Ort", "Schwefelsäure,Kühlraum", "Lösungsmittel,Zürich", "Maßlösung,Schränke"),
    "cp857": ("Ad,Yer", "Alüminyum sülfat şişe,Dolap ığ", "Bakır tozu,Dolap", "Gümüş nitrat,Soğutucu"),
    "cp866": ("Название,Место", "Этанол,Шкаф 1", "Ацетон,Шкаф 2"),
    "cp737": ("Όνομα,Θέση", "Αιθανόλη,Ντουλάπι", "Ακετόνη,Ράφι"),
    "iso8859_5": ("Название,Место", "Этанол,Шкаф 1", "Ацетон,Шкаф 2"),
    "iso8859_15": ("Nom,Prix", "Éthanol,3 €", "Dégraissant,4 €"),
    "cp874": ("ชื่อ,ที่เก็บ", "เอทานอล,ตู้ 1", "อะซิโตน,ตู้ 2"),
    "utf-16": ("名称,位置", "乙醇,柜1", "丙酮,柜2"),
    "utf-16-le": ("名称,位置", "乙醇,柜1", "丙酮,柜2"),
}


@pytest.mark.parametrize("encoding", LISTS)
def test_the_letters_of_a_list_are_right_whatever_computer_wrote_it(encoding: str) -> None:
    lines = LISTS[encoding]
    assert rows_of("\n".join(lines).encode(encoding)) == [line.split(",") for line in lines]


@pytest.mark.parametrize(
    ("line", "encoding"), [("Kwas żółty,1 g", "cp1250"), ("Acid,3 €", "iso8859_15"), ("Kjøleskap,1", "mac_roman")]
)
def test_one_word_may_show_the_encoding(line: str, encoding: str) -> None:
    assert rows_of(f"Name,Note\n{line}\n".encode(encoding))[1] == line.split(",")


@pytest.mark.parametrize("sign", ["5 µL", "4 °C", "pure – dry", "Merck®", "3½"])
def test_a_lone_sign_among_english_words_is_western(sign: str) -> None:
    assert rows_of(f"Name,Note\nEthanol,{sign}\n".encode("cp1252"))[1] == ["Ethanol", sign]


def test_an_encoding_may_be_chosen_by_the_names_that_it_gives() -> None:
    content = "Name;Ort\nEntfetter Müller;Zürich\n".encode("cp850")
    with open_spreadsheet(content, encoding="cp850") as file:
        assert [cells for _, cells in file.rows()][1] == ["Entfetter Müller", "Zürich"]
        assert file.encodings[0] == ("cp850", ["Entfetter Müller", "Zürich"])
        offered = dict(file.encodings)
    assert offered["cp866"] == ["Entfetter MБller", "ZБrich"]
    assert "cp1252" not in offered  # there, 0x81 is no letter
    with open_spreadsheet(b"Name,Room\nEthanol,1\n") as file:
        assert file.encodings == []
    with pytest.raises(SpreadsheetError, match="not known here"):
        open_spreadsheet(content, encoding="rot13")


@pytest.mark.parametrize(
    ("content", "encoding"), [(b"M\x81ller", "iso8859_15"), (b"M\x81ller", "cp1252"), ("Müller".encode(), "cp1252")]
)
def test_names_that_look_broken_are_a_question(content: bytes, encoding: str) -> None:
    with open_spreadsheet(b"Name,Room\n" + content + b",1\n", encoding=encoding) as file:
        [record] = Preview(file, Mapping(1, {0: "name", 1: "location"}))
    assert [(problem.kind, problem.severity) for problem in record.problems] == [("letters_lost", "question")]
    assert record.chemical["name"].isprintable()


def test_one_broken_byte_does_not_change_the_encoding_of_the_others() -> None:
    content = "Name,Room\nα-Pinen,1\nβ-Pinen,2\nÄthanol,3\n".encode() + b"caf\xe9,4\n"
    assert rows_of(content)[1:] == [["α-Pinen", "1"], ["β-Pinen", "2"], ["Äthanol", "3"], ["caf\ufffd", "4"]]


def test_rows_keep_the_numbers_that_the_spreadsheet_shows() -> None:
    with open_spreadsheet(b'Name,CAS\n\n"two\nlines",64-17-5\nB,\n') as file:
        assert list(file.rows()) == [(1, ["Name", "CAS"]), (3, ["two\nlines", "64-17-5"]), (4, ["B"])]
        assert len(list(file.rows())) == 3, "it can be read again"


def test_a_line_that_names_the_delimiter_is_no_row() -> None:
    assert rows_of(b"sep=;\nName;CAS\nA;1\n") == [["Name", "CAS"], ["A", "1"]]


def test_control_characters_are_left_away() -> None:
    content = b"Name,CAS\nA\x00ceton\x07,67-64-1\n" + b"Ethanol,64-17-5\n" * 20
    assert rows_of(content)[1] == ["Aceton", "67-64-1"]


def test_the_cells_of_a_workbook_are_read_as_one_would_type_them() -> None:
    midnight = datetime.fromisoformat("7789-09-05")
    content = workbook(
        [["Name", "Number"], ["a", 13030034], ["b", 0.1], ["c", 1e-07], ["d", midnight], ["e", True], [None, " f "]]
    )
    assert [cells[-1] for cells in rows_of(content)[1:]] == ["13030034", "0.1", "0.0000001", "7789-09-05", "yes", "f"]


def test_a_per_cent_cell_keeps_its_sign() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Purity", 0.995])
    sheet["B1"].number_format = "0.0%"
    file = io.BytesIO()
    book.save(file)
    assert rows_of(file.getvalue()) == [["Purity", "99.5%"]]


def test_of_several_sheets_the_fullest_is_read_unless_one_is_chosen() -> None:
    content = workbook([["Inventory of the college"]], [["Name", "CAS"], ["Ethanol", "64-17-5"]])
    with open_spreadsheet(content) as file:
        assert (file.sheet, file.sheets) == ("Sheet 2", ["Sheet 1", "Sheet 2"])
    assert rows_of(content, "Sheet 1") == [["Inventory of the college"]]
    with pytest.raises(SpreadsheetError, match="The workbook has no sheet “Nowhere”"):
        open_spreadsheet(content, "Nowhere")


def archive(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as members_of:
        for name, content in members.items():
            members_of.writestr(name.replace("__", "/"), content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7 ...", "This is a PDF, not a spreadsheet. Choose a CSV or XLSX file."),
        (b"\x89PNG\r\n\x1a\n....", "This is a picture (PNG), not a spreadsheet. Choose a CSV or XLSX file."),
        (b"\xff\xd8\xff\xe0....", "This is a picture (JPEG), not a spreadsheet. Choose a CSV or XLSX file."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9, "The file is damaged, has a password or is no Excel workbook. "),
        (b"<!DOCTYPE html><html><table>", "This is a web page (HTML), not a spreadsheet. Save it as CSV or XLSX."),
        (b"<?xml version='1.0'?><a/>", "This is XML, not a spreadsheet. Save it as CSV or XLSX."),
        (b'[{"name": "Ethanol"}]', "This is JSON, not a spreadsheet. Save it as CSV or XLSX."),
        (bytes(range(256)) * 20, "This is not a text file, so not a CSV. Choose a CSV or XLSX file."),
        (b"PK\x03\x04 broken", "The file is damaged: it cannot be unpacked. Save it again as XLSX or CSV."),
        (archive(word__document=b"<w/>"), "This is a Word document, not a spreadsheet. "),
        (archive(mimetype=b"application/x"), "This is an OpenDocument file, but no spreadsheet. "),
        (archive(readme=b"hello"), "This is a ZIP archive, not a spreadsheet. "),
        (archive(**{"xl__workbook.xml": b"<no"}), "The file is damaged or no Excel workbook. Save it again as XLSX or CSV."),
        (b"x" * (20 * 1024 * 1024 + 1), "The file has 20.0 MB; at most 20 MB can be read. Split it."),
        (b'Name,CAS\nA,"' + b"x" * 200_000, "Row 2 cannot be read: a quotation mark may be open. "),
        (b"Name,CAS\nA," + b"x" * 20_000, "A cell in row 2 has more than 10,000 characters. "),
        (b"Name" + b",x" * 300, "Row 1 has 301 columns; at most 200 can be read."),
        (b"Name" + b",x" * 1_000_000, "Row 1 has 1000001 columns; at most 200 can be read."),
        (b"Name,CAS\n" + b"A,1\n" * 50_100, "The sheet has more than 50,000 rows. Split it into several files."),
    ],
)  # fmt: skip
def test_what_is_no_spreadsheet_is_refused_with_what_it_is(content: bytes, sentence: str) -> None:
    with pytest.raises(SpreadsheetError) as refused:
        rows_of(content)
    assert str(refused.value).startswith(sentence)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = archive(**{"xl__workbook.xml": b"<w/>", "xl__worksheets__sheet1.xml": b"0" * (60 * 1024 * 1024)})
    assert len(bomb) < 100_000
    tracemalloc.start()
    with pytest.raises(SpreadsheetError, match="Unpacked, the file has 60 MB, more than can be read"):
        open_spreadsheet(bomb)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    "row",
    [
        '<row r="999999999999"><c r="A1"><v>1</v></c></row>',
        '<row><c r="ZZZ1"><v>1</v></c></row>' * 3000,
        "<row><c r='A0'/></row>",
        "<row>" + "<c><v>1</v></c>" * 1_000_000 + "</row>",
    ],
)
def test_a_workbook_made_to_keep_the_server_busy_is_given_up(row: str) -> None:
    file = io.BytesIO(workbook([["Name", "CAS"]]))
    made = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                start, end = content.split(b"<sheetData>")[0], content.split(b"</sheetData>")[1]
                content = start + b"<sheetData>" + row.encode() + b"</sheetData>" + end
            new.writestr(entry, content)
    with suppress(SpreadsheetError):
        rows_of(made.getvalue())


def test_entities_of_xml_are_not_multiplied() -> None:
    assert openpyxl.DEFUSEDXML
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    content = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{laughs}]><workbook>&a11;</workbook>'.encode()
    with pytest.raises(SpreadsheetError):
        open_spreadsheet(archive(**{"xl__workbook.xml": content}))


def read_everything(content: bytes) -> None:
    with open_spreadsheet(content) as file:
        looked = describe(file)
        mapping = Mapping(looked.head_row, {column.index: column.field for column in looked.columns if column.field})
        preview = Preview(file, mapping, Choices(unit="g"))
        records = list(preview)
        assert preview.summary.loadable + preview.summary.states["refused"] == preview.summary.rows == len(records)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some.binary(max_size=300) | some.builds(lambda text: ("Name,CAS\n" + text).encode(), some.text(max_size=200)))
def test_any_bytes_are_read_or_refused_with_a_sentence(content: bytes) -> None:
    with suppress(SpreadsheetError):
        read_everything(content)


HEADS = ["ID", "Name", "CAS", "Formula", "Location", "Amount", "Unit", "Pack size", "Containers", "Received", "Expires", "Price",
         "H codes", "Pictograms", "Hazards", "Barcode", "MW", "Cat No", "State", "Notes"]  # fmt: skip
CELLS = ["", "64-17-5", "9/5/7789", "250 g", "1,500", "6 x 500 mL", "C2H6O", "1/1/2001", "13/2/2014", "H225 H319", "GHS02", "toxic",
         "n/a", "=1+1", "B > C", "12.5 €", "0", "2", "A0334-25G", "Sep 2025", "99999"]  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    some.lists(
        some.lists(some.sampled_from(CELLS) | some.text(max_size=8), min_size=1, max_size=22), min_size=1, max_size=5
    )
)
def test_any_cells_are_understood_or_kept(rows: list[list[str]]) -> None:
    lines = [HEADS, *rows]
    text = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
    with suppress(SpreadsheetError):
        read_everything(text.encode("utf-8", "replace"))


def test_a_file_of_many_rows_is_read_in_little_memory() -> None:
    lines = (f"E{number},Ethanol {number % 50},64-17-5,Room {number % 20},250 g,3/27/2013\n" for number in range(4_000))
    content = ("Barcode,Name,CAS,Location,Amount,Received\n" + "".join(lines)).encode()
    tracemalloc.start()
    with open_spreadsheet(content) as file:
        looked = describe(file)
        mapping = Mapping(looked.head_row, {column.index: column.field for column in looked.columns if column.field})
        assert sum(1 for _ in Preview(file, mapping)) == 4_000
    assert tracemalloc.get_traced_memory()[1] < 4_000_000
    tracemalloc.stop()


@needs_lists
@pytest.mark.parametrize(
    ("name", "rows", "refused"),
    [
        ("A_cispro_flat.csv", 5683, 0),
        ("A_cispro_chemicals.csv", 3309, 2),
        ("C_biolab_split_name_freetext_location.csv", 538, 0),
        ("G_SYNTHETIC_amount_with_unit.csv", 972, 0),
        ("H_made_up_stock_of_real_chemicals.csv", 416, 0),
    ],
)
def test_every_row_of_what_labs_really_keep_is_accounted_for(name: str, rows: int, refused: int) -> None:
    with open_spreadsheet(INVENTORIES / name) as file:
        looked = describe(file)
        mapping = Mapping(looked.head_row, {column.index: column.field for column in looked.columns if column.field})
        preview = Preview(file, mapping)
        keys = [record.key for record in preview]
        assert (preview.summary.rows, preview.summary.states["refused"]) == (rows, refused)
        assert preview.summary.loadable == rows - refused
        again = [record.key for record in itertools.islice(preview, 50)]
    assert len(set(keys)) == rows
    assert again == keys[:50]


@pytest.mark.skipif(not Path("/proc/self/oom_score_adj").exists(), reason="Linux alone chooses whom it ends")
def test_where_memory_is_short_the_process_that_reads_is_ended_and_not_the_api() -> None:
    command = [sys.executable, "-m", "api.spreadsheets"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as reader:
        score = Path(f"/proc/{reader.pid}/oom_score_adj")
        for _ in range(300):
            if score.read_text() == "1000\n":
                break
            time.sleep(0.1)
        assert int(score.read_text()) == 1000
        reader.kill()
