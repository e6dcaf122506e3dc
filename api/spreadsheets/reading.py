"""Opens what a lab calls its spreadsheet, CSV or XLSX, and gives its rows as text, one after the other.

Nothing here holds the whole file: its rows pass once, and an XLSX is unpacked once into a temporary file of rows.
"""

import codecs
import csv
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, TextIO

from .errors import LARGEST_FILE, SpreadsheetError

MOST_ROWS = 50_000
MOST_COLUMNS = 200
LONGEST_CELL = 10_000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_UNPACKED_STRINGS = 60 * 1024 * 1024
HIGHEST_RATIO = 150

Row = tuple[int, list[str]]
"""A row's number as the spreadsheet numbers it, from 1, and its cells as text, without empty ones at its end."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]|_x000[dD]_")


@dataclass
class Spreadsheet:
    """An opened file: `rows()` may be read any number of times. Close it, or use it in a `with`."""

    kind: str
    """`CSV` or `XLSX`."""
    sheet: str | None
    sheets: list[str]
    encoding: str | None
    delimiter: str | None
    _text: TextIO = field(repr=False)

    def rows(self) -> Iterator[Row]:
        """The rows that are not empty. Raises SpreadsheetError where a limit is passed or a quotation mark is open."""
        self._text.seek(0)
        if self.kind == "XLSX":
            yield from ((number, cells) for number, cells in map(json.loads, self._text))
            return
        count = 0
        reader = csv.reader(self._text, delimiter=self.delimiter or ",")
        number = 0
        while True:
            number += 1
            try:
                cells = tidy_cells(next(reader))
            except StopIteration:
                return
            except csv.Error as error:
                raise SpreadsheetError(
                    f"Row {number} cannot be read: a quotation mark may be open. Mend that row, or save as XLSX."
                ) from error
            if number == 1 and self._names_its_delimiter(cells):
                continue
            if cells:
                count += 1
                check_size(number, cells, count)
                yield number, cells

    def _names_its_delimiter(self, cells: list[str]) -> bool:
        return bool(re.fullmatch(r"sep=.?", "".join(cells)))

    def close(self) -> None:
        self._text.close()

    def __enter__(self) -> "Spreadsheet":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_spreadsheet(content: bytes | Path | BinaryIO, sheet: str | None = None) -> Spreadsheet:
    """Open a CSV or XLSX file by its contents, whatever it is called.

    `sheet` chooses one of a workbook's; without it, the one with the most rows is read.
    Raises SpreadsheetError with one sentence if it is neither, or too large.
    """
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    if isinstance(file, Path):
        file = file.open("rb")
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size > LARGEST_FILE:
        raise SpreadsheetError(f"The file has {size / 1024**2:.1f} MB; at most 20 MB can be read. Split it.")
    if size == 0:
        raise SpreadsheetError("The file is empty.")
    start = file.read(4096)
    file.seek(0)
    if start.startswith(b"PK"):
        return _open_workbook(file, sheet)
    _refuse_other_kinds(start)
    return _open_text(file)


def tidy_cells(cells: list[str]) -> list[str]:
    """Without control characters, spaces around, and empty cells at the end."""
    tidy = [_CONTROL.sub("", cell).replace("\xa0", " ").strip() for cell in cells]
    while tidy and not tidy[-1]:
        tidy.pop()
    return tidy


def check_size(number: int, cells: list[str], count: int) -> None:
    """Refuse the whole file where it is no inventory any more. Raises SpreadsheetError."""
    if count > MOST_ROWS + 50:  # a head and some lines above it
        raise SpreadsheetError(f"The sheet has more than {MOST_ROWS:,} rows. Split it into several files.")
    if len(cells) > MOST_COLUMNS:
        raise SpreadsheetError(f"Row {number} has {len(cells)} columns; at most {MOST_COLUMNS} can be read.")
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise SpreadsheetError(
            f"A cell in row {number} has more than {LONGEST_CELL:,} characters. "
            "If that is not one text, a quotation mark is open there."
        )


def _refuse_other_kinds(start: bytes) -> None:
    """Raise SpreadsheetError that names what the file is, if it is known not to be a spreadsheet."""
    begins = {
        b"%PDF": "a PDF",
        b"\x89PNG": "a picture (PNG)",
        b"\xff\xd8\xff": "a picture (JPEG)",
        b"GIF8": "a picture (GIF)",
        b"RIFF": "a picture or sound",
        b"{\\rtf": "a text document (RTF)",
        b"SQLite format": "a database (SQLite)",
        b"\x1f\x8b": "a compressed file (gzip)",
        b"7z\xbc\xaf": "a compressed file (7z)",
        b"Rar!": "a compressed file (RAR)",
        b"\x7fELF": "a program",
        b"MZ": "a program",
    }
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise SpreadsheetError(
            "This is an Excel file of the old kind (.xls), or one with a password. "
            "Save it in Excel as .xlsx without a password, or as CSV."
        )
    for magic, name in begins.items():
        if start.startswith(magic):
            raise SpreadsheetError(f"This is {name}, not a spreadsheet. Choose a CSV or XLSX file.")
    words = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if words.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<body")):
        raise SpreadsheetError("This is a web page (HTML), not a spreadsheet. Save it as CSV or XLSX.")
    if words.startswith((b"<?xml", b"<svg", b"<")):
        raise SpreadsheetError("This is XML, not a spreadsheet. Save it as CSV or XLSX.")
    if re.match(rb'[\[{]\s*["{\[]', words):
        raise SpreadsheetError("This is JSON, not a spreadsheet. Save it as CSV or XLSX.")


def _open_text(file: BinaryIO) -> Spreadsheet:
    encoding = _encoding(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    sample = text.read(64 * 1024)
    if sum(char < " " and char not in "\t\r\n" for char in sample) > len(sample) / 100:
        raise SpreadsheetError("This is not a text file, so not a CSV. Choose a CSV or XLSX file.")
    return Spreadsheet("CSV", None, [], encoding, _delimiter(sample), text)


def _encoding(file: BinaryIO) -> str:
    """By the mark at its start, else UTF-8 if it is, else what Windows writes in western Europe and America."""
    start = file.read(4096)
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if len(start) > 3 and start[1::2].count(0) > len(start) / 4:
        return "utf-16-le"
    if len(start) > 3 and start[0::2].count(0) > len(start) / 4:
        return "utf-16-be"
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    broken = good = 0
    while block := file.read(64 * 1024):
        letters = [char for char in decoder.decode(block) if char > "\x7f"]
        escaped = sum("\udc80" <= char <= "\udcff" for char in letters)
        broken += escaped
        good += len(letters) - escaped
    # One broken byte in a file that is otherwise UTF-8 does not make it another encoding.
    return "utf-8" if broken <= good / 3 else "cp1252"


def _delimiter(sample: str) -> str:
    """The character that cuts most rows of the sample into one same number of columns."""
    if named := re.match(r"sep=(.)\r?\n", sample):
        return named[1]
    complete = sample if len(sample) < 64 * 1024 else sample.rpartition("\n")[0]
    best, best_score = ",", 0.0
    for delimiter in ",;\t|":
        try:
            rows = [row for row in csv.reader(io.StringIO(complete, newline=""), delimiter=delimiter) if row]
        except csv.Error:
            continue
        widths = [len(row) for row in rows]
        if not widths:
            continue
        usual = max(set(widths), key=lambda width: (widths.count(width), width))
        score = widths.count(usual) / len(widths) * min(usual - 1, 12)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _open_workbook(file: BinaryIO, sheet: str | None) -> Spreadsheet:
    """Check the archive before unpacking it, then write its rows once as lines of JSON."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise SpreadsheetError("The file is damaged: it cannot be unpacked. Save it again as XLSX or CSV.") from error
    names = {entry.filename for entry in entries}
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if "xl/workbook.xml" not in names:
        raise SpreadsheetError(_other_archive(names))
    strings = sum(entry.file_size for entry in entries if entry.filename.lower().endswith("sharedstrings.xml"))
    too_dense = unpacked > 10 * 1024 * 1024 and unpacked > HIGHEST_RATIO * max(packed, 1)
    if unpacked > MOST_UNPACKED or strings > MOST_UNPACKED_STRINGS or too_dense or len(entries) > 2000:
        raise SpreadsheetError(
            f"Unpacked, the file has {unpacked / 1024**2:.0f} MB, more than can be read. Save the sheet as CSV."
        )
    text = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 (closed by the Spreadsheet)
    try:
        chosen, sheets = _unpack(file, sheet, text)
    except BaseException:
        text.close()
        raise
    return Spreadsheet("XLSX", chosen, sheets, None, None, text)


def _unpack(file: BinaryIO, sheet: str | None, text: TextIO) -> tuple[str, list[str]]:
    # openpyxl is slow to import, and the API, which imports this module, opens no workbook itself
    from .workbooks import read_workbook

    chosen, sheets, rows = read_workbook(file, sheet)
    count = 0
    for number, values in rows:
        if cells := tidy_cells(values):
            count += 1
            check_size(number, cells, count)
            text.write(json.dumps((number, cells), ensure_ascii=False) + "\n")
    return chosen, sheets


def _other_archive(names: set[str]) -> str:
    if any(name.startswith("word/") for name in names):
        return "This is a Word document, not a spreadsheet. Copy its table into one, and save that as XLSX or CSV."
    if any(name.startswith("ppt/") for name in names):
        return "This is a PowerPoint file, not a spreadsheet. Choose a CSV or XLSX file."
    if "xl/workbook.bin" in names:
        return "This is an Excel file of the binary kind (.xlsb). Save it as .xlsx or CSV."
    if "mimetype" in names or "content.xml" in names:
        return "This is an OpenDocument file. Save it as XLSX or CSV."
    if any(name.startswith("Index/") for name in names):
        return "This is a Numbers file. Export it as XLSX or CSV."
    return "This is a ZIP archive, not a spreadsheet. Unpack it, and choose the CSV or XLSX file in it."
