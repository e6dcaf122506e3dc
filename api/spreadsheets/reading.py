"""Opens a spreadsheet (CSV, XLSX, XLS, ODS) or an SD file and gives its rows as text, one after the other.

The whole file is never held in memory: rows are read one by one, and a workbook is unpacked once into a temporary file of rows.
"""

import csv
import io
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, TextIO

from api.core.unseen import as_seen

from .archives import check_archive, check_written, choose_csv, kind_of_archive, unpack
from .encodings import ENCODINGS, guess_encoding, offered_encodings
from .errors import LARGEST_FILE, LONGEST_CELL, MOST_COLUMNS, SpreadsheetError
from .merged import repeat_merged
from .structures import is_sd_file, read_structures

MOST_ROWS = 50_000

ReadBook = Callable[[BinaryIO, str | None, list[tuple[int, int, int, int]]], tuple[str, list[str], Iterator["Row"]]]
Row = tuple[int, list[str]]
"""A row's number as the spreadsheet numbers it, from 1, and its cells as text, without empty ones at its end."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]|_x000[dD]_")
"""Control characters. `as_seen` takes away the other signs that nobody sees."""


@dataclass
class Spreadsheet:
    """An opened file: `rows()` may be read any number of times. Close it, or use it in a `with`."""

    kind: str
    """`CSV`, `XLSX`, `XLS`, `ODS` or `SDF`."""
    sheet: str | None
    sheets: list[str]
    encoding: str | None
    """A name of `ENCODINGS`; None for a workbook, which is always Unicode."""
    encodings: list[tuple[str, list[str]]]
    """The encodings that the file may have, the one in which it is read first, each with names as they would be read."""
    delimiter: str | None
    _text: TextIO = field(repr=False)
    filled: dict[int, list[int]] = field(default_factory=dict)
    """Row → its columns that have the value of a cell merged with them from above."""

    def rows(self) -> Iterator[Row]:
        """The rows that are not empty. Raises SpreadsheetError where a limit is passed or a quotation mark is open."""
        self._text.seek(0)
        if self.kind != "CSV":
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

    def size(self) -> int:
        """The bytes that its rows take, written out."""
        return self._text.seek(0, io.SEEK_END)

    def close(self) -> None:
        self._text.close()

    def __enter__(self) -> "Spreadsheet":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_spreadsheet(
    content: bytes | Path | BinaryIO, sheet: str | None = None, encoding: str | None = None
) -> Spreadsheet:
    """Open a file by its contents (endings.py holds its name to them): CSV, XLSX, XLS, ODS, SDF, or a ZIP archive of CSV files.

    `sheet` chooses one of a workbook's or a file of an archive; without it, the fullest is read. `encoding` chooses that of a CSV; without it,
    the likeliest is taken.
    Raises SpreadsheetError with one sentence if it is none of them, or too large.
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
        return _open_archive(file, sheet, encoding)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        from .oldworkbooks import read_old_workbook  # slow to import, and a CSV does not need it

        return _from_rows("XLS", read_old_workbook, file, sheet)
    _refuse_other_kinds(start)
    return _open_text(file, encoding)


def tidy_cells(cells: list[str]) -> list[str]:
    """The cells without control characters, without spaces around their texts, and without empty cells at the end."""
    if _CONTROL.search("\n".join(cells)):  # one search of the whole row: hardly any has such a sign
        cells = [_CONTROL.sub("", cell) for cell in cells]
    tidy = [as_seen(cell).strip() for cell in cells]
    while tidy and not tidy[-1]:
        tidy.pop()
    return tidy


def check_size(number: int, cells: list[str], count: int) -> None:
    """Refuses a file with more rows, columns or text in a cell than an inventory has. Raises SpreadsheetError."""
    if count > MOST_ROWS + 50:  # the head, and lines above it, are not counted as rows
        raise SpreadsheetError(f"The sheet has more than {MOST_ROWS:,} rows. Split it into several files.")
    if len(cells) > MOST_COLUMNS:
        raise SpreadsheetError(f"Row {number} has {len(cells)} columns; at most {MOST_COLUMNS} can be read.")
    if len("".join(cells)) > LONGEST_CELL and any(len(cell) > LONGEST_CELL for cell in cells):
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


def _open_text(file: BinaryIO, encoding: str | None) -> Spreadsheet:
    if encoding is None:
        encoding = guess_encoding(file)
    elif encoding not in ENCODINGS:
        raise SpreadsheetError("This encoding is not known here. Choose one of the list.")
    offered = offered_encodings(file, encoding)
    file.seek(0)
    codec = "utf-8-sig" if encoding == "utf-8" else encoding  # leaves a byte-order mark away
    text = io.TextIOWrapper(file, encoding=codec, errors="replace", newline="")
    sample = text.read(64 * 1024)
    if sum(char < " " and char not in "\t\r\n" for char in sample) > len(sample) / 100:
        raise SpreadsheetError("This is not a text file, so not a CSV. Choose a CSV or XLSX file.")
    if is_sd_file(sample):
        with text:
            return Spreadsheet("SDF", None, [], encoding, offered, None, _stored(read_structures(text)))
    return Spreadsheet("CSV", None, [], encoding, offered, _delimiter(sample), text)


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


def _open_archive(file: BinaryIO, sheet: str | None, encoding: str | None) -> Spreadsheet:
    """Checks the archive before unpacking it, then writes its rows into a temporary file as lines of JSON."""
    sizes = check_archive(file)
    kind = kind_of_archive(file, sizes)
    if kind == "CSV":
        chosen, names = choose_csv(sizes, sheet)
        opened = _open_text(unpack(file, chosen), encoding)
        opened.sheet, opened.sheets = chosen, names
        return opened
    # imported here, because both are slow to import and a CSV does not need them
    if kind == "XLSX":
        from .workbooks import read_workbook as open_book
    else:
        from .opendocument import read_opendocument as open_book
    return _from_rows(kind, open_book, file, sheet)


def _from_rows(kind: str, open_book: ReadBook, file: BinaryIO, sheet: str | None) -> Spreadsheet:
    """A workbook whose rows are written into a temporary file."""
    merged: list[tuple[int, int, int, int]] = []
    chosen, sheets, rows = open_book(file, sheet, merged)
    text = _stored(rows)
    runs_down = any(first_row != last_row for _, first_row, _, last_row in merged)
    return Spreadsheet(kind, chosen, sheets, None, [], None, text, repeat_merged(text, merged) if runs_down else {})


def _stored(rows: Iterator[Row]) -> TextIO:
    """The rows in a temporary file, as lines of JSON. Raises SpreadsheetError."""
    text = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 (closed by the Spreadsheet)
    try:
        count = written = 0
        for number, values in rows:
            if cells := tidy_cells(values):
                count += 1
                check_size(number, cells, count)
                written += text.write(json.dumps((number, cells), ensure_ascii=False) + "\n")
                check_written(written)
    except BaseException:
        text.close()
        raise
    return text
