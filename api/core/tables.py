"""Tables as files that are written piece by piece: as CSV, and as a ZIP of CSV files.

A CSV is UTF-8 with a byte-order mark (without the mark, Excel reads µg as Âµg; Python's `utf-8-sig`, R's `UTF-8-BOM` and ChemTrack's
import drop it), with commas, CRLF and quotes as in RFC 4180. A text that a spreadsheet would run as a formula gets an apostrophe in
front; numbers do not, so that −0.25 stays a number.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Protocol
from zoneinfo import ZoneInfo

from api.chemistry.quantities import plain

BYTE_ORDER_MARK = "\ufeff"
# Excel also accepts the full-width signs.
FORMULA_BEGINS_WITH = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# The semicolon is among them because LibreOffice, and Excel on a machine with a decimal comma, may take it for a separator.
QUOTED = re.compile(r'[,;"\t\r\n]')

Page = Sequence[Sequence[object]]
"""Some rows of a table."""


def csv_lines(rows: Iterable[Sequence[object]], zone: ZoneInfo) -> str:
    """The rows as lines of a CSV file; points in time as a clock in the time zone `zone` showed them."""
    return "".join(",".join(_quoted(cell_text(value, zone)) for value in row) + "\r\n" for row in rows)


def cell_text(value: object, zone: ZoneInfo) -> str:
    """The text of a cell."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _guarded(value)
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(" ", "seconds")[:19]
    if isinstance(value, date):
        return value.isoformat()
    return _guarded("; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value))


def _guarded(text: str) -> str:
    # a text that begins with apostrophes gets one more, so that an import may always take one off
    return "'" + text if text.lstrip("'").startswith(FORMULA_BEGINS_WITH) else text


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if QUOTED.search(text) else text


class Writer(Protocol):
    """Writes one file: for each table `begin`, then `rows` any number of times; then `end`. Each gives the next piece of the file."""

    ending: str
    media_type: str

    def __init__(self, zone: ZoneInfo) -> None: ...

    def begin(self, title: str, heads: Sequence[str]) -> bytes: ...

    def rows(self, page: Page) -> bytes: ...

    def end(self) -> bytes: ...


class CsvFile:
    """One table as a CSV file. Points in time are written as a clock in the time zone `zone` showed them."""

    ending = "csv"
    media_type = "text/csv; charset=utf-8"

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def begin(self, title: str, heads: Sequence[str]) -> bytes:
        """The byte-order mark and the line of heads."""
        return (BYTE_ORDER_MARK + csv_lines([heads], self._zone)).encode()

    def rows(self, page: Page) -> bytes:
        """The lines of some rows."""
        return csv_lines(page, self._zone).encode()

    def end(self) -> bytes:
        """Nothing: a CSV has no end of its own."""
        return b""


class Sink(io.RawIOBase):
    """Takes what zipfile writes, until it is taken away."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: object, /) -> int:
        self._pieces.append(bytes(memoryview(piece)))  # type: ignore[arg-type]
        return len(self._pieces[-1])

    def take(self) -> bytes:
        """The bytes that were written since the last call."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


class ZipOfCsv:
    """Each table as a CSV file of its own, in a ZIP archive."""

    ending = "zip"
    media_type = "application/zip"

    def __init__(self, zone: ZoneInfo) -> None:
        self._csv, self._sink = CsvFile(zone), Sink()
        self._archive = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_DEFLATED)
        self._part: IO[bytes] = io.BytesIO()  # there is no file before the first

    def begin(self, title: str, heads: Sequence[str]) -> bytes:
        """The end of the file before, and the beginning of this one."""
        self._part.close()
        self._part = self._archive.open(f"{title.lower().replace(' ', '-')}.csv", "w")
        return self._write(self._csv.begin(title, heads))

    def rows(self, page: Page) -> bytes:
        """These rows as lines of the CSV, compressed."""
        return self._write(self._csv.rows(page))

    def end(self) -> bytes:
        """The end of the last file, and the archive's list of files."""
        self._part.close()
        self._archive.close()
        return self._sink.take()

    def _write(self, lines: bytes) -> bytes:
        self._part.write(lines)
        return self._sink.take()
