"""Takes an uploaded file, and has it read by api/spreadsheets/__main__.py, in a process of its own."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Awaitable, Callable, Iterator
from typing import IO, Annotated, Any, NamedTuple

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from api.core.problems import Problem
from api.core.processes import Crashed, InProcess, Processes, TookTooLong, while_connected
from api.core.rows import Row
from api.spreadsheets import LARGEST_FILE

MOST_SECONDS = 55
TOO_LONG = "This file takes too long to read. Save the sheet as CSV, or split it."
UNREADABLE = (
    "This file could not be read. Open it in a spreadsheet program, save the sheet as CSV, and choose that file."
)


def tidy_name(name: str) -> str:
    """The file's name without folders and unprintable characters, shortened to 200 characters with its ending kept."""
    text = re.split(r"[/\\]", name)[-1]
    text = "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cs", "Cf", "Zl", "Zp")).strip()
    return text if len(text) <= 200 else f"{text[:150]}…{text[-40:]}"


async def uploaded_file(request: Request) -> UploadFile:
    """The uploaded file of a form. Problems point at the field `file`."""
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > LARGEST_FILE + 1024 * 1024:
        raise too_large(int(length))
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Problem(422, "Choose a file.", {"/file": "Choose a file."})
    form = await request.form(max_files=1, max_fields=10)
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise Problem(422, "Choose a file.", {"/file": "Choose a file."})
    if (file.size or 0) > LARGEST_FILE:
        raise too_large(file.size or 0)
    return file


async def digest_of(file: UploadFile) -> bytes:
    """A hash of the file. A file beyond one megabyte lies on the disk, and is never read into memory as a whole."""
    digest = hashlib.sha256()
    while block := await file.read(1024 * 1024):
        digest.update(block)
    return digest.digest()


def too_large(size: int) -> Problem:
    """The problem 413 for a file of `size` bytes."""
    sentence = f"The file has {size / 1024**2:.1f} MB; at most 20 MB can be read. Split it."
    return Problem(413, sentence, {"/file": sentence})


class Asked(NamedTuple):
    """The request that the process reads from its standard input (api/spreadsheets/__main__.py)."""

    request: Row
    reference: bytes
    """For a preview: the reference's hazards and substances, as one line of JSON."""
    content: bytes
    """The file."""


class Reader:
    """Reads files for one request; files of one lab are read one after the other, and those of administrators. Its methods raise a Problem at `pointer` for a file that
    cannot be read.
    """

    def __init__(self, request: Request, processes: Processes) -> None:
        self._request, self._processes = request, processes

    async def describe(self, content: Callable[[], Awaitable[bytes]], pointer: str, **asked: Any) -> Row:
        """The description of a file (kind, sheets, head_row, columns …). `content` reads the file when its turn has come. `asked` may have
        sheet, encoding, head_row, values_of, tables and lists, and the file's name, which must then fit its contents."""
        request = {
            "act": "describe",
            "name": None,
            "sheet": None,
            "encoding": None,
            "head_row": None,
            "values_of": None,
        }
        request |= {"tables": None, "lists": {}} | asked

        async def given() -> Asked:
            return Asked(request, b"{}", await content())

        with await self.lines(given, pointer) as lines:
            [description] = read_lines(lines, pointer)
        return description

    async def lines(self, given: Callable[[], Awaitable[Asked]], pointer: str) -> IO[bytes]:
        """The answer of the process, as lines for `read_lines`; the caller closes it. `given` is called when the file's turn has come, so
        that requests which wait hold neither a file nor the reference.
        """

        async def prepare() -> bytes:
            request, reference, content = await given()
            return b"\n".join([json.dumps(request).encode(), reference, content])

        owner = f"lab {self._request.path_params.get('lab', 'of none')}"
        run = self._processes.run("api.spreadsheets", prepare, owner, MOST_SECONDS)
        try:
            return await while_connected(self._request, run)
        except TookTooLong as error:
            raise Problem(422, TOO_LONG, {pointer: TOO_LONG}) from error
        except Crashed as error:
            raise Problem(422, UNREADABLE, {pointer: UNREADABLE}) from error


def read_lines(lines: IO[bytes], pointer: str) -> Iterator[Row]:
    """The lines as objects. Raises a Problem where the file could not be read, perhaps after some lines."""
    for line in lines:
        item = json.loads(line)
        if "error" in item:
            raise Problem(422, item["error"], {pointer: item["error"]})
        yield item


async def reader_of(request: Request, processes: InProcess) -> Reader:
    """The Reader for this request."""
    return Reader(request, processes)


Files = Annotated[Reader, Depends(reader_of)]
"""Dependency of a route: the Reader that reads its files."""
