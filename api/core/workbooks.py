"""Tables as the sheets of an XLSX workbook that is written piece by piece.

It is written here and not by openpyxl or XlsxWriter, which give a file away only when all of it is complete: a lab with a
long history would wait for its first byte longer than a load balancer does. It follows ECMA-376, with texts inside their cells.

As in a CSV, a text that a spreadsheet would run as a formula gets an apostrophe in front: somebody may save the workbook as CSV.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import IO
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from api.core.tables import Page, Sink, cell_text

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OF_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OF_SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CONTENT_TYPES = (
    f'{_DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="{_OF_SHEETS}.worksheet+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_OF_SHEETS}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_OF_SHEETS}.styles+xml"/></Types>'
)
_STYLES = (
    f'{_DECLARATION}<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_SHEET_BEGINS = (
    f'{_DECLARATION}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    '<sheetFormatPr defaultRowHeight="15"/><sheetData>'
)
_DAY, _MOMENT, _HEAD = ' s="1"', ' s="2"', ' s="3"'
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FIRST_DAY = datetime(1899, 12, 30, tzinfo=UTC)
_FIRST_SURE_DAY = date(1900, 3, 1)
"""Spreadsheets disagree about the days before: Excel counts a 29 February 1900."""
_MOST_ROWS_OF_A_SHEET = 1_000_000
_MOST_DIGITS = 15
"""A spreadsheet keeps no more digits of a number."""


class Workbook:
    """Each table as a sheet of an XLSX workbook; one that is too long for a sheet goes on in the next."""

    ending = "xlsx"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone, self._sink = zone, Sink()
        self._archive = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_DEFLATED)
        self._archive.writestr("[Content_Types].xml", _CONTENT_TYPES)
        self._sheets: list[str] = []
        self._part: IO[bytes] = io.BytesIO()  # there is no sheet before the first
        self._heads: Sequence[str] = ()
        self._title, self._part_of_table, self._row = "", 1, 0

    def begin(self, title: str, heads: Sequence[str]) -> bytes:
        """The end of the sheet before, and the heads of this one."""
        self._title, self._heads, self._part_of_table = title, heads, 1
        self._begin_sheet(title)
        return self._sink.take()

    def rows(self, page: Page) -> bytes:
        """These rows as XML of the sheet, compressed."""
        while page:
            if self._row == _MOST_ROWS_OF_A_SHEET:
                self._part_of_table += 1
                self._begin_sheet(f"{self._title} {self._part_of_table}")
            room = _MOST_ROWS_OF_A_SHEET - self._row
            self._write(page[:room])
            page = page[room:]
        return self._sink.take()

    def end(self) -> bytes:
        """The end of the last sheet, and the parts that name the sheets."""
        self._end_sheet()
        numbered = list(enumerate(self._sheets, 1))
        sheets = "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in numbered)
        parts = [(f"{_OF_OFFICE}/worksheet", f"worksheets/sheet{number}.xml") for number, _ in numbered]
        self._archive.writestr(
            "xl/workbook.xml",
            f'{_DECLARATION}<workbook xmlns="{_MAIN}" xmlns:r="{_OF_OFFICE}"><sheets>{sheets}</sheets></workbook>',
        )
        self._archive.writestr(
            "xl/_rels/workbook.xml.rels", _relations([*parts, (f"{_OF_OFFICE}/styles", "styles.xml")])
        )
        self._archive.writestr("xl/styles.xml", _STYLES)
        self._archive.writestr("_rels/.rels", _relations([(f"{_OF_OFFICE}/officeDocument", "xl/workbook.xml")]))
        self._archive.close()
        return self._sink.take()

    def _begin_sheet(self, name: str) -> None:
        self._end_sheet()
        self._sheets.append(name)
        self._row = 0
        self._part = self._archive.open(f"xl/worksheets/sheet{len(self._sheets)}.xml", "w")
        self._put(_SHEET_BEGINS)
        self._write([self._heads], _HEAD)

    def _end_sheet(self) -> None:
        if self._sheets:
            self._put("</sheetData></worksheet>")
        self._part.close()

    def _write(self, page: Page, style: str = "") -> None:
        lines = []
        for row in page:
            self._row += 1
            lines.append(f'<row r="{self._row}">')
            lines += [self._cell(column, value, style) for column, value in zip(_letters(len(row)), row, strict=True)]
            lines.append("</row>")
        self._put("".join(lines))

    def _put(self, text: str) -> None:
        self._part.write(text.encode())

    def _cell(self, column: str, value: object, style: str) -> str:
        where = f'<c r="{column}{self._row}"'
        if isinstance(value, datetime):
            return f"{where}{_MOMENT}><v>{_days(value.astimezone(self._zone).replace(tzinfo=UTC))}</v></c>"
        if isinstance(value, date) and value >= _FIRST_SURE_DAY:
            return f"{where}{_DAY}><v>{(value - _FIRST_DAY.date()).days}</v></c>"
        text = cell_text(value, self._zone)
        if (
            isinstance(value, int | float | Decimal)
            and not isinstance(value, bool)
            and (len(text) <= _MOST_DIGITS or sum(map(str.isdigit, text)) <= _MOST_DIGITS)
        ):
            return f"{where}><v>{text}</v></c>"
        if not text:
            return ""
        kept = escape(_NO_XML.sub("", text.replace("\r\n", "\n")))
        return f'{where}{style} t="inlineStr"><is><t xml:space="preserve">{kept}</t></is></c>'


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{_DECLARATION}<Relationships xmlns="{_RELATIONS}">{lines}</Relationships>'


def _letters(width: int) -> list[str]:
    """The letters by which a spreadsheet names its first columns: A … Z, AA … (at most 702)."""
    alphabet = [chr(code) for code in range(ord("A"), ord("Z") + 1)]
    return [*alphabet, *(one + other for one in alphabet for other in alphabet)][:width]


def _days(moment: datetime) -> str:
    return f"{(moment - _FIRST_DAY).total_seconds() / 86400:.8f}"
