"""The rows of an OpenDocument spreadsheet (ODS) as text, read as its XML is parsed.

Written here, because python-calamine reads what lies hidden beneath a merged cell and joins words at line breaks, and pyexcel-ods moves
the cells behind a merged one (findings/). Element and attribute names: OpenDocument 1.3, part 3, chapters 6, 9 and 19.
"""

import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, BinaryIO
from xml.sax.handler import ContentHandler, feature_namespaces

from defusedxml.sax import make_parser  # type: ignore[import-untyped]

from .errors import LONGEST_CELL, MOST_COLUMNS, NO_RESULT, SpreadsheetError
from .heads import CONTAINERS_FILE

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
_TABLE, _TEXT, _OFFICE, _DRAW = (_NAMES.format(name) for name in ("table", "text", "office", "drawing"))
_PIECE = 64 * 1024
_SAMPLE_ROWS = 200
_DAMAGED = "The file is damaged, has a password or is no OpenDocument spreadsheet. Save it again without a password, or as XLSX or CSV."
_MASKED = re.compile(r"0[0-9]+|[0-9]+(?:[-/][0-9]+)+")
_WITH_WORDS = re.compile(r"([^0-9]*?)[-−]?[0-9](?:[0-9.,'’\s]*[0-9])?([^0-9]*)")

Merged = tuple[int, int, int, int]


class _Tables(ContentHandler):
    """Collects the rows of one table; or, for each table, the number of filled cells in its first rows."""

    def __init__(self, chosen: str | None) -> None:
        super().__init__()
        self.chosen = chosen
        self.fullness: dict[str, int] = {}
        self.merged: list[Merged] = []
        self.rows: list[tuple[int, list[str], int]] = []
        """Rows that were read and not yet taken: number, cells, and how many times the row is repeated."""
        self.is_over = False
        self._table: str | None = None
        self._depth = self._hidden = 0  # open tables inside each other; open elements whose text is not the cell's
        self._row, self._repeated = 0, 1
        self._cells: list[str] = []
        self._column, self._too_wide = 0, False
        self._cell: dict[str, str] | None = None
        self._covered = False
        self._text: list[str] = []
        self._length = self._paragraphs = 0

    def startElementNS(self, name: tuple[str | None, str], _: str | None, attributes: Any) -> None:  # noqa: N802
        space, local = name
        if self._hidden or space == _DRAW or (space, local) in ((_OFFICE, "annotation"), (_TABLE, "shapes")):
            self._hidden += 1
        elif space == _TABLE and local == "table":
            self._depth += 1
            if self._depth == 1:
                self._table = _get(attributes, _TABLE, "name")[:100]
                self.fullness.setdefault(self._table, 0)
                self._row = 0
        elif self._depth != 1:
            pass
        elif space == _TABLE and local == "table-row":
            self._row += 1
            self._cells, self._column, self._too_wide = [], 0, False
            self._repeated = _number(_get(attributes, _TABLE, "number-rows-repeated"))
        elif space == _TABLE and local in ("table-cell", "covered-table-cell"):
            self._cell = {key: _get(attributes, space, key) for space, key in _OF_A_CELL}
            self._covered = local == "covered-table-cell"
            self._text, self._length, self._paragraphs = [], 0, 0
        elif self._cell is not None and space == _TEXT:
            self._start_text(local, attributes)

    def _start_text(self, local: str, attributes: Any) -> None:
        if local == "p":
            self._paragraphs += 1
            if self._paragraphs > 1:
                self.characters("\n")
        elif local == "s":
            self.characters(" " * min(_number(_get(attributes, _TEXT, "c")), 100))
        elif local in ("tab", "line-break"):
            self.characters(" " if local == "tab" else "\n")

    def characters(self, content: str) -> None:
        if self._cell is not None and not self._hidden and self._length <= LONGEST_CELL:
            self._text.append(content)
            self._length += len(content)

    def endElementNS(self, name: tuple[str | None, str], _: str | None) -> None:  # noqa: N802
        space, local = name
        if self._hidden:
            self._hidden -= 1
        elif space != _TABLE:
            pass
        elif local == "table":
            self._depth -= 1
            if not self._depth:
                self.is_over = self._table == self.chosen
                self._table = None
        elif self._depth != 1:
            pass
        elif self._cell is not None and local in ("table-cell", "covered-table-cell"):
            self._end_cell(self._cell)
        elif local == "table-row":
            self._end_row()

    def _end_cell(self, cell: dict[str, str]) -> None:
        text = "" if self._covered else cell_text(cell, "".join(self._text))
        repeated, self._cell = _number(cell["number-columns-repeated"]), None
        rows, columns = _number(cell["number-rows-spanned"]), _number(cell["number-columns-spanned"])
        if rows > 1 and self._table == self.chosen:
            self.merged.append((self._column + 1, self._row, self._column + columns, self._row + rows - 1))
        if text and self._column + repeated > MOST_COLUMNS:
            self._too_wide = True
            repeated = max(MOST_COLUMNS + 1 - self._column, 0)
        if text:
            self._cells += [""] * (self._column - len(self._cells)) + [text] * repeated
        self._column = min(self._column + repeated, MOST_COLUMNS + 1)

    def _end_row(self) -> None:
        if self.chosen is None and self._table is not None and self._row <= _SAMPLE_ROWS:
            ours = self._row == 1 and CONTAINERS_FILE.issubset(self._cells)
            self.fullness[self._table] += 10**9 if ours else sum(map(bool, self._cells))
        elif self._table == self.chosen and self._cells:
            if self._too_wide:
                raise SpreadsheetError(f"Row {self._row} has more than {MOST_COLUMNS} columns, which cannot be read.")
            self.rows.append((self._row, self._cells, self._repeated))
        self._row += self._repeated - 1


_OF_A_CELL = (
    *((_OFFICE, key) for key in ("value-type", "value", "date-value", "time-value", "boolean-value", "string-value", "currency")),
    *((_TABLE, key) for key in ("number-columns-repeated", "number-rows-spanned", "number-columns-spanned", "formula")),
)  # fmt: skip


def _get(attributes: Any, space: str, key: str) -> str:
    return str(attributes.get((space, key), ""))


def _number(text: str) -> int:
    """A count in an attribute; 1 where none is given."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) and int(text) else 1


def cell_text(cell: dict[str, str], shown: str) -> str:
    """The text of a cell as somebody would type it; `shown` is the text that the sheet shows."""
    kind = cell["value-type"]
    if kind == "date":
        return cell["date-value"].removesuffix("T00:00:00").replace("T", " ")
    if kind == "boolean":
        return "yes" if cell["boolean-value"] == "true" else "no"
    if kind in ("float", "percentage", "currency"):
        return _figure(cell["value"], shown, kind, cell["currency"])
    if cell["formula"] and not kind and not shown:
        return NO_RESULT + re.sub("^[a-z]+:", "", cell["formula"])
    return shown or cell["string-value"]


def _figure(value: str, shown: str, kind: str, currency: str) -> str:
    """The number with all its digits, and with the words that its number format shows around it: 2.5 mL, 0042, 98%."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return shown
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return ""
    if kind == "percentage":
        return f"{_plain(number * 100)}%"
    if kind == "currency" and currency:
        return f"{_plain(number)} {currency}"
    if _MASKED.fullmatch(shown) and int(re.sub("[-/]", "", shown)) == number:
        return shown
    words = _WITH_WORDS.fullmatch(shown)
    return f"{words[1].lstrip()}{_plain(number)}{words[2].rstrip()}" if words else _plain(number)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_opendocument(
    file: BinaryIO, sheet: str | None, merged: list[Merged]
) -> tuple[str, list[str], Iterator[tuple[int, list[str]]]]:
    """The name of the sheet (the chosen or the fullest one), the names of all sheets, and the sheet's rows with their numbers. After the
    last row, `merged` is complete.

    Raises SpreadsheetError.
    """
    tables = _Tables(None)
    for _ in _parsed(file, tables):
        pass
    names = list(tables.fullness)
    if not names:
        raise SpreadsheetError("The file has no sheet with cells.")
    if sheet is not None and sheet not in names:
        raise SpreadsheetError(f"The workbook has no sheet “{sheet[:60]}”.")
    chosen = sheet if sheet is not None else max(names, key=lambda name: tables.fullness[name])
    return chosen, names, _rows(file, _Tables(chosen), merged)


def _rows(file: BinaryIO, table: _Tables, merged: list[Merged]) -> Iterator[tuple[int, list[str]]]:
    for number, cells, repeated in _parsed(file, table):
        for again in range(repeated):
            yield number + again, cells
    merged += table.merged


def _parsed(file: BinaryIO, tables: _Tables) -> Iterator[tuple[int, list[str], int]]:
    """Parses piece by piece, and gives the rows of each piece."""
    parser = make_parser()
    parser.setFeature(feature_namespaces, True)
    parser.forbid_dtd = True
    parser.setContentHandler(tables)
    try:
        with zipfile.ZipFile(file) as archive, archive.open("content.xml") as source:
            while (piece := source.read(_PIECE)) and not tables.is_over:
                parser.feed(piece)
                rows, tables.rows = tables.rows, []
                yield from rows
            if not tables.is_over:
                parser.close()
    except SpreadsheetError:
        raise
    except Exception as error:  # a broken file may raise any error of zipfile, the parser or defusedxml
        raise SpreadsheetError(_DAMAGED) from error
