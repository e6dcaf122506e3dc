"""The most that an Excel file of the old kind can cost: 20 MB of the smallest cells, read by the process that reads files."""

import json
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from api.spreadsheets.__main__ import MOST_MEMORY, MOST_SECONDS
from tests.conftest import ROOT

SECTOR = 512
END, FREE, TABLE, TABLE_OF_TABLES = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFC
MEASURED = """
import resource, subprocess, sys
answer = subprocess.run([sys.executable, "-m", "api.spreadsheets"], stdin=sys.stdin, capture_output=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_maxrss * 1024, used.ru_utime + used.ru_stime, answer.stdout.decode())
"""


def record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def numbers(columns: int) -> Iterator[bytes]:
    """Rows of whole numbers, each in six bytes."""
    for row in range(65_536):
        yield record(0xBD, struct.pack("<HH", row, 0) + struct.pack("<HI", 15, 0x3FF00002) * columns + struct.pack("<H", columns - 1))  # fmt: skip


def blanks(columns: int) -> Iterator[bytes]:
    """Rows of empty cells that have a format, each in two bytes."""
    for row in range(65_536):
        yield record(0xBE, struct.pack("<HH", row, 0) + struct.pack("<H", 15) * columns + struct.pack("<H", columns - 1))  # fmt: skip


def workbook(rows: Iterator[bytes], size: int) -> bytes:
    """A workbook of one sheet with as many of these rows as fit."""
    beginning = [
        record(0x809, struct.pack("<HHHHII", 0x600, kind, 0x0DBB, 0x07CC, 0, 6)) for kind in (5, 16)
    ]  # of the workbook, of the sheet
    formats = b"".join(
        record(0xE0, struct.pack("<HHHBBBBIIH", 0, 0, style, 32, 0, 0, 0, 0, 0, 0x20C0))
        for style in [0xFFF5] * 15 + [1]
    )
    first = beginning[0] + record(0x42, struct.pack("<H", 1200)) + formats
    name = b"\x01\x00S"
    first += record(0x85, struct.pack("<IBB", len(first) + 17, 0, 0) + name) + record(0x0A, b"")
    cells = bytearray()
    for row in rows:
        if len(cells) + len(row) > size:
            break
        cells += row
    return in_file(first + beginning[1] + bytes(cells) + record(0x0A, b""))


def in_file(stream: bytes) -> bytes:
    """The stream as the only one of a compound file."""
    stream += bytes(-len(stream) % SECTOR)
    sectors = len(stream) // SECTOR
    tables = next(count for count in range(1, 10_000) if count * 128 >= sectors + 1 + count + of_tables(count))
    more = of_tables(tables)
    chain = [*range(1, sectors), END, END, *[TABLE] * tables, *[TABLE_OF_TABLES] * more]
    chain += [FREE] * (tables * 128 - len(chain))
    places = [sectors + 1 + number for number in range(tables)]
    beyond = [sectors + 1 + tables + number for number in range(more)] + [END]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHHHI", 0x3E, 3, 0xFFFE, 9, 6, 0, 0)
    head += struct.pack("<IIIIIIIII", 0, tables, sectors, 0, 4096, END, 0, beyond[0], more)
    head += struct.pack("<109I", *(places + [FREE] * 109)[:109])
    lists = b""
    for number in range(more):
        part = places[109 + number * 127 :][:127]
        lists += struct.pack("<128I", *part, *[FREE] * (127 - len(part)), beyond[number + 1])
    directory = entry("Root Entry", 5, 1, END, 0) + entry("Workbook", 2, FREE, 0, len(stream))
    return head + stream + directory.ljust(SECTOR, b"\0") + struct.pack(f"<{len(chain)}I", *chain) + lists


def of_tables(tables: int) -> int:
    """How many sectors list the tables that the head of the file has no room for."""
    return max(0, -(-(tables - 109) // 127))


def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<HBBIII", len(text), kind, 1, FREE, FREE, child)
    return text.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)


@pytest.mark.slow(ci=True)
@pytest.mark.parametrize("rows", [numbers, blanks], ids=["numbers", "blanks"])
def test_the_largest_file_of_the_old_kind_stays_within_half_of_its_bounds(
    rows: Callable[[int], Iterator[bytes]],
) -> None:
    content = workbook(rows(200), 19_900_000)
    request: dict[str, object] = {"act": "describe", "name": "stock.xls", "sheet": None, "encoding": None, "head_row": None,
               "values_of": None, "tables": None, "lists": {}}  # fmt: skip
    given = b"\n".join([json.dumps(request).encode(), b"{}", content])
    done = subprocess.run([sys.executable, "-c", MEASURED], cwd=ROOT, input=given, capture_output=True, check=True)
    memory, seconds, answer = done.stdout.decode().split(" ", 2)
    said = json.loads(answer)
    assert said.get("kind") == "XLS" or said == {"error": "The sheet is empty."}
    assert int(memory) < MOST_MEMORY / 2
    assert float(seconds) < MOST_SECONDS
