"""OpenDocument spreadsheets, SD files and archives of CSV files, read as other lists are; hostile ones are refused within their bounds."""

import base64
import io
import zipfile
import zlib
from xml.sax.saxutils import escape

import pytest

from api.spreadsheets import Choices, Mapping, SpreadsheetError, archives
from api.spreadsheets.preview import Preview, describe
from api.spreadsheets.reading import open_spreadsheet
from api.spreadsheets.records import Record

NAMES = "".join(
    f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (("office", "office"), ("t", "table"), ("text", "text"), ("draw", "drawing"))
)


def text(words: str, attributes: str = "", name: str = "table-cell") -> str:
    return f'<t:{name} office:value-type="string"{attributes}><text:p>{escape(words)}</text:p></t:{name}>'


def number(value: str, shown: str = "", kind: str = "float", attributes: str = "") -> str:
    return f'<t:table-cell office:value-type="{kind}" office:value="{value}"{attributes}><text:p>{shown or value}</text:p></t:table-cell>'


def row(*cells: str, repeated: int = 1) -> str:
    times = f' t:number-rows-repeated="{repeated}"' if repeated > 1 else ""
    return f"<t:table-row{times}>{''.join(cells)}</t:table-row>"


def ods(*rows: str, before: str = "", **sheets: str) -> bytes:
    """An ODS whose sheet Stock has these rows, followed by the sheets that are named."""
    tables = "".join(
        f'<t:table t:name="{name}">{body}</t:table>' for name, body in {"Stock": "".join(rows), **sheets}.items()
    )
    content = f"{before}<office:document-content{NAMES}><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    return archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def archive(files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in files.items():
            written.writestr(name, content)
    return packed.getvalue()


def cells(content: bytes, sheet: str | None = None) -> list[tuple[int, list[str]]]:
    with open_spreadsheet(content, sheet) as opened:
        return list(opened.rows())


def records(content: bytes, columns: dict[str, str] | None = None) -> list[Record]:
    """The records of a file with the columns as they are guessed, or as given."""
    with open_spreadsheet(content) as opened:
        looked = describe(opened)
        guessed = {str(column.index): column.field for column in looked.columns}
        mapping = Mapping.from_json({"head_row": looked.head_row, "columns": columns or guessed})
        return list(Preview(opened, mapping, Choices(), substances=SUBSTANCES))


SUBSTANCES = {"7789-09-5": (["Ammonium dichromate"], "(NH4)2Cr2O7")}
HEADS = row(*map(text, ("Name", "CAS", "Amount", "Location", "Received")))


def test_the_cells_of_an_ods_are_read_as_somebody_would_type_them() -> None:
    content = ods(
        row(
            text("a\u00a0b"),
            number("2.5", "2.5 mL"),
            number("2.34567", "2.3 g"),
            number("42", "0042"),
            number("64175", "000064-17-5"),
        ),
        row(
            number("64175", "64-17-5"),
            number("1500", "1,500.00"),
            number("0.98", "98%", "percentage"),
            number("12.5", "€ 12.50", "currency"),
        ),
        row(
            number("12.5", "12,50 €", "currency", ' office:currency="EUR"'),
            number("-0.25", "-0.25 g"),
            number("1500", "1.5E+03"),
            number("1e400"),
        ),
        row(
            '<t:table-cell office:value-type="date" office:date-value="2026-03-31"><text:p>31/03/26</text:p></t:table-cell>',
            '<t:table-cell office:value-type="date" office:date-value="0107-06-02T00:00:00"><text:p>107-06-2</text:p></t:table-cell>',
            '<t:table-cell office:value-type="date" office:date-value="2026-03-31T15:30:00"><text:p>x</text:p></t:table-cell>',
            '<t:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>TRUE</text:p></t:table-cell>',
            '<t:table-cell t:formula="of:=A1+1"/>',
        ),
    )
    assert cells(content) == [
        (1, ["a b", "2.5 mL", "2.34567 g", "0042", "000064-17-5"]),
        (2, ["64-17-5", "1500", "98%", "€ 12.5"]),
        (3, ["12.5 EUR", "-0.25 g", "1500"]),
        (4, ["2026-03-31", "0107-06-02", "2026-03-31 15:30:00", "yes", "#NO RESULT! =A1+1"]),
    ]


def test_lines_spaces_comments_and_shapes_of_an_ods_are_told_apart() -> None:
    content = ods(
        row(
            '<t:table-cell office:value-type="string"><office:annotation><text:p>a comment</text:p></office:annotation>'
            '<text:p>Acetone<text:line-break/>67-64-1</text:p><text:p>dry<text:s text:c="2"/>and<text:tab/><text:span>pure</text:span></text:p>'
            "<draw:frame><draw:text-box><text:p>in a shape</text:p></draw:text-box></draw:frame></t:table-cell>",
            text("x"),
        )
    )
    assert cells(content) == [(1, ["Acetone\n67-64-1\ndry  and pure", "x"])]


def test_merged_cells_of_an_ods_fill_down_as_a_question_and_hide_what_lies_beneath() -> None:
    spanned = ' t:number-columns-spanned="1" t:number-rows-spanned="2"'
    content = ods(
        HEADS,
        row(text("Acetone"), text("67-64-1"), text("1 L"), text("Shelf 1", spanned)),
        row(
            text("Toluene"),
            text("108-88-3"),
            text("1 L"),
            text("Shelf 9", name="covered-table-cell"),
            text("2026-01-05"),
        ),
        row(text("Hexane"), text("110-54-3"), text("1 L"), "<t:table-cell/>", text("2026-01-05")),
    )
    found = records(content)
    assert [one.location_path for one in found] == [["Shelf 1"], ["Shelf 1"], []]
    assert [problem.severity for one in found for problem in one.problems if problem.kind == "merged_cells"] == [
        "question"
    ]
    assert [(one.container or {}).get("received_on") for one in found] == [None, "2026-01-05", "2026-01-05"]


def test_an_ods_asks_and_repairs_as_other_files_do() -> None:
    day = (
        '<t:table-cell office:value-type="date" office:date-value="7789-09-05"><text:p>05/09/89</text:p></t:table-cell>'
    )
    [one, other] = records(
        ods(
            HEADS,
            row(text("Ammonium dichromate"), day, number("2.5", "2.5 mL")),
            row(text("Ethanol"), text("64-17-5"), number("100")),
        )
    )
    assert (one.chemical["cas_number"], {problem.kind for problem in one.problems} & {"cas_date"}) == (
        "7789-09-5",
        {"cas_date"},
    )
    assert one.container is not None
    assert (one.container["amount"], one.container["unit"]) == ("2.5", "mL")
    assert (other.state, [problem.kind for problem in other.problems]) == ("question", ["amount_without_unit"])


def test_the_fullest_sheet_of_an_ods_is_read_or_the_one_that_is_chosen() -> None:
    content = ods(
        row(text("Cover")),
        Liste=row(text("Name"), text("CAS")) + row(text("Ethanol"), text("64-17-5")),
        Empty=row("<t:table-cell/>"),
    )
    with open_spreadsheet(content) as opened:
        assert (opened.kind, opened.sheet, opened.sheets) == ("ODS", "Liste", ["Stock", "Liste", "Empty"])
    assert cells(content, "Stock") == [(1, ["Cover"])]
    with pytest.raises(SpreadsheetError, match="no sheet “Other”"):
        open_spreadsheet(content, "Other")


def test_repeated_rows_and_columns_count_as_they_stand() -> None:
    content = ods(
        row(
            '<t:table-cell t:number-columns-repeated="2"/>',
            text("c"),
            '<t:table-cell t:number-columns-repeated="1000000"/>',
        ),
        row("<t:table-cell/>", repeated=1_048_000),
        row(text("x", ' t:number-columns-repeated="3"'), repeated=2),
    )
    assert cells(content) == [(1, ["", "", "c"]), (1048002, ["x"] * 3), (1048003, ["x"] * 3)]


DEEP = 5000


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (ods(row(text("x"), repeated=999_999_999)), "more than 50,000 rows"),
        (ods(row(text("x", ' t:number-columns-repeated="999999999"'))), "more than 200 columns"),
        (ods(row('<t:table-cell t:number-columns-repeated="999999999"/>', text("x"))), "more than 200 columns"),
        (ods(row(text("x" * 10_001))), "more than 10,000 characters"),
        (ods(row(f'<t:table-cell><text:p>{"<text:span>" * DEEP}x{"</text:span>" * DEEP}</text:p></t:table-cell>'), row(text("x" * 10_001))), "more than 10,000"),
        (ods(row(text("&a;")).replace("&amp;", "&"), before='<!DOCTYPE x [<!ENTITY a "bcd">]>'), "damaged"),
        (ods(row(text("x"))[:-9]), "damaged"),
        (archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "\x00\x01 encrypted"}), "password"),
        (archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}), "OpenDocument file, but no spreadsheet"),
        (archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": " " * 11_000_000}), "more than can be read"),
        (archive({"list.csv": "Name\n" + "x\n" * 6_000_000}), "more than can be read"),
    ],
)  # fmt: skip
def test_a_hostile_or_broken_file_is_refused_with_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(SpreadsheetError, match=sentence):
        cells(content)


LONG = text("x" * 5_000)


@pytest.mark.parametrize(
    "content",
    [
        ods(row(LONG, repeated=40)),
        ods(row(LONG.replace("<t:table-cell", '<t:table-cell t:number-columns-repeated="40"', 1))),
        ods(
            row(text("x" * 5_000, ' t:number-rows-spanned="40"'), text("a")),
            *[row("<t:covered-table-cell/>", text("b"))] * 39,
        ),
    ],
    ids=["rows", "columns", "merged"],
)
def test_a_long_cell_that_is_repeated_fills_no_disk(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(cells(content)) in (1, 40)
    monkeypatch.setattr(archives, "MOST_WRITTEN", 100_000)
    with pytest.raises(SpreadsheetError, match="Delete long cells that repeat"):
        cells(content)


STRUCTURE = """{title}
  a program

  1  0  0  0  0  0  0  0  0  0999 V2000
    0.0000    0.0000    0.0000 O   0  0  0  0  0  0  0  0  0  0  0  0
M  END
"""


def sdf(*items: tuple[str, str]) -> str:
    """One record: the first item is its title."""
    (_, title), *fields = items
    return STRUCTURE.format(title=title) + "".join(f">  <{name}> (7)\n{value}\n\n" for name, value in fields) + "$$$$\n"


def test_an_sd_file_becomes_a_row_for_each_structure() -> None:
    content = sdf(
        ("", "Water"),
        ("CAS_NO", "7732-18-5"),
        ("PURITY", ">99%"),
        ("Note", "water < 0.1 %\n> 98 % (GC)"),
        ("Amount", "500 mL"),
    )
    content += sdf(
        ("", "Ethanol"),
        ("SMILES", "CCO"),
        ("CAS_NO", "64-17-5"),
        ("INCHI_KEY", "LFQSCWFLJHTTHZ-UHFFFAOYSA-N"),
        ("PURITY", ""),
    )
    content += STRUCTURE.format(title="") + "> DT12\nnumbered\n\n> 25 <CAS_NO> DT3\n67-64-1\n"
    with open_spreadsheet(content.replace("\n", "\r\n").encode()) as opened:
        assert opened.kind == "SDF"
        assert list(opened.rows()) == [
            (1, ["Title", "CAS_NO", "PURITY", "Note", "Amount", "SMILES", "INCHI_KEY", "DT12"]),
            (2, ["Water", "7732-18-5", ">99%", "water < 0.1 %\n> 98 % (GC)", "500 mL"]),
            (3, ["Ethanol", "64-17-5", "", "", "", "CCO", "LFQSCWFLJHTTHZ-UHFFFAOYSA-N"]),
            (4, ["", "67-64-1", "", "", "", "", "", "numbered"]),
        ]
    water, ethanol, acetone = records(content.encode())
    assert (water.chemical["name"], (water.container or {})["purity"], (water.container or {})["amount"]) == (
        "Water",
        ">99%",
        "500",
    )
    assert (ethanol.chemical["smiles"], ethanol.chemical["inchikey"]) == ("CCO", "LFQSCWFLJHTTHZ-UHFFFAOYSA-N")
    assert (acetone.chemical["name"], acetone.state) == ("67-64-1", "question")


def test_an_sd_file_keeps_its_letters_and_its_bounds() -> None:
    content = sdf(("", "Wasser für Müller"), ("Name", "Säure"))
    assert cells(content.encode("cp1252"))[1] == (2, ["Wasser für Müller", "Säure"])
    with pytest.raises(SpreadsheetError, match="more than 199 fields"):
        cells(sdf(("", "x"), *((f"F{number}", "1") for number in range(200))).encode())
    with pytest.raises(SpreadsheetError, match="more than 10,000 characters"):
        cells(sdf(("", "x"), ("F", "y" * 10_001)).encode())
    with pytest.raises(SpreadsheetError, match="more than 50,000 rows"):
        cells((STRUCTURE.format(title="x") + "$$$$\n" + "x\n$$$$\n" * 50_100).encode())


def test_a_csv_in_an_archive_is_read_the_largest_unless_another_is_chosen() -> None:
    files = {
        "a.csv": "Name,CAS\nEthanol,64-17-5\n",
        "folder/b.csv": "Name;CAS\nAcetone;67-64-1\nWater;7732-18-5\n",
    }
    with open_spreadsheet(archive(files)) as opened:
        assert (opened.kind, opened.sheet, opened.sheets) == ("CSV", "folder/b.csv", ["a.csv", "folder/b.csv"])
    assert cells(archive(files), "a.csv")[1] == (2, ["Ethanol", "64-17-5"])
    assert cells(archive(files | {"inventory.csv": "Name\n"})) == [(1, ["Name"])]


# Written by xlwt 1.3.0: a sheet Cover with one cell, and a sheet Stock with number formats, a day, a line break, and Shelf 1 merged over two rows.
OLD_WORKBOOK = zlib.decompress(base64.b85decode(
    'c-rk4OGs2v^xXHEk2yM;1}Y81Kvrfs(x#0~la?VWmVqCF8pjujIxmJXutk~XDuSR@(MGVMjn$?PmDH|9pwuD=0xjC)Dkx~7^E&6e_e^a92THKsd2`RZ=iGZf'
    '_n!04yYr@}3TDRcm(Icp*b6eG4KKKs@B}umP51%F4THM&-Gj|=U|oUNgMoCZ@Wl7ZO);c+&w>Q^loyBrK43crr=eL-Xu&mv{p>?bkPkIN!Q7MJ2DUsXVZRC)'
    '#~E*Ae3$1wWxS6$ml@aK+!@gcQ<3J1JyssKOCcW1LoDDS%e-SwH59{3%H#7_ggIA*XtF2P_x}zAlw24G%#M03p(RcFCeh*WPWlBDAKapcKfEg(3idaKh;f@3'
    'b#+xuO;sHoGf;$yH4fj5Ai!6<f;<m8{I%r^K>qjTeD`no9*l7&z87PiiJyZZ&&1z=5-a&vB?Vvzj1z($zftgkqSA;8wfY$?NsLaH$!JaK@!ol8L;b)FAJRiT'
    'DBc|F*JOa&Xe-W)_Ui+Q6lPqb9*?DZ^aPI7#Rf5t+c8h0aV>@A3wy1nw7!$UYMgjf@5>p$d?uA<4fHRofj+Jbxrn<VpZf(|AN;s6^LM_yZt7}@9B0lDzxT|y'
    ';}%*N7;u3kP&jXK#KaXWv4in2Yc1n`DdQqsFW$>rimlGU5uS6AN6XR9ZiY9JtxNjbus=F?_)%c=V`Mw_C+cU<7EQd3j6n#uz8mG~8i7htDXw25cpS0s!m6Y1'
    '8JGN0Q$3R3^4+kG0Qs=MVF26@J|{?p@PMXb&HV{$v8yuJTG#8Yx-#x6t=OdO-C3{_zkt_lQZiD?BBdauE>bE|F3XO{U`MbW3d%F|l-5xQlb>buZcZjU<{Yv>'
    'F*qj?rQkjePfMUm9)2^BpQK;PpkHGBUQ1TOs~9e!(Mi-Nv0m94A-@|M%48R8MoP6-NT*0sp&J4M0%+kAyChg#Hj@rAC7lBfIN*Q-4mhw15ayAZ-@6K*9n3S8'
    '+xo7vfGzEOCi!RK2<UjF@DJJnNZ>sQgIVRzCQyZ~ORQ4H{$5DXhSrnN3tj9-Z`S#XCvCBGJ*yV<|G7sfTl?v3{QS%Ie*oLhIUW'
))  # fmt: skip


def test_an_excel_file_of_the_old_kind_is_read_with_its_number_formats_and_merged_cells() -> None:
    with open_spreadsheet(OLD_WORKBOOK) as opened:
        assert (opened.kind, opened.sheet, opened.sheets, opened.filled) == (
            "XLS",
            "Stock",
            ["Cover", "Stock"],
            {3: [3]},
        )
        assert list(opened.rows()) == [
            (1, ["Name", "CAS", "Amount", "Location", "Day", "X"]),
            (2, ["Acetone", "64-17-5", "2.5 mL", "Shelf 1", "2026-03-31", "yes"]),
            (3, ["Tol\nuene", "", "98%", "Shelf 1", "13030034"]),
        ]
    assert cells(OLD_WORKBOOK, "Cover") == [(1, ["Hi"])]


@pytest.mark.parametrize(
    "content",
    [OLD_WORKBOOK[:3000], OLD_WORKBOOK[:512] + b"\xff" * 5000, b"\xd0\xcf\x11\xe0" * 900],
    ids=["cut", "spoilt", "other"],
)
def test_a_broken_excel_file_of_the_old_kind_is_refused_with_a_sentence(
    content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SpreadsheetError, match=r"Save it in Excel as \.xlsx"):
        cells(content)
    assert capsys.readouterr().out == ""
