"""Starts the process that reads a file (api/spreadsheets/__main__.py), away from the event loop and from our secrets."""

import asyncio
import json
import logging
import subprocess  # of our own code, by its path
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Annotated, Any

from fastapi import Depends, Request

from api.access import Row
from api.problems import Problem

log = logging.getLogger("chemtrack.api")

ROOT = Path(__file__).parent.parent.parent
AT_ONCE = 2
"""Processes; one takes a processor, and up to a gigabyte."""
MOST_SECONDS = 55
TOO_LONG = "This file takes too long to read. Save the sheet as CSV, or split it."


class Reader:
    """Reads files, few at once. A Problem that says what is wrong with a file stands at `pointer`."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(AT_ONCE)

    async def describe(self, content: bytes, pointer: str, **asked: Any) -> Row:
        """What a file is: kind, sheet, sheets, head_row, row_count, columns …; asked: sheet, head_row, values_of."""
        request = {"act": "describe", "sheet": None, "head_row": None, "values_of": None} | asked
        with await self._run(request, content) as lines:
            [description] = read_lines(lines, pointer)
        return description

    async def preview(self, content: bytes, **asked: Any) -> IO[bytes]:
        """The records of a file, for `read_lines`; asked: sheet, mapping, choices, today, hazards. Close it."""
        return await self._run({"act": "preview"} | asked, content)

    async def _run(self, request: Row, content: bytes) -> IO[bytes]:
        async with self._free:
            return await asyncio.to_thread(_run, request, content)


def read_lines(lines: IO[bytes], pointer: str) -> Iterator[Row]:
    """The lines as objects. Raises a Problem where the file could not be read, perhaps after some lines."""
    lines.seek(0)
    for line in lines:
        said = json.loads(line)
        if "error" in said:
            raise Problem(422, said["error"], {pointer: said["error"]})
        yield said


def _run(request: Row, content: bytes) -> IO[bytes]:
    """Run the process to its end; its output. Of one that is killed the output is a sentence."""
    output = tempfile.TemporaryFile()  # noqa: SIM115 (closed by whoever reads it)
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "api.spreadsheets"],
            input=json.dumps(request).encode() + b"\n" + content,
            stdout=output,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env={"PYTHONUTF8": "1"},
            timeout=MOST_SECONDS,
            check=False,
        )
        if ended.returncode == 0:
            return output
        log.error("reading a spreadsheet ended with %d: %s", ended.returncode, ended.stderr[-2000:].decode())
    except subprocess.TimeoutExpired:
        log.warning("a spreadsheet took more than %d s to read", MOST_SECONDS)
    except BaseException:
        output.close()
        raise
    output.seek(0)
    output.truncate()
    output.write(json.dumps({"error": TOO_LONG}).encode())
    return output


async def reader_of(request: Request) -> Reader:
    """The reader of this process."""
    state = request.app.state
    if not hasattr(state, "spreadsheet_reader"):
        state.spreadsheet_reader = Reader()
    reader: Reader = state.spreadsheet_reader
    return reader


Files = Annotated[Reader, Depends(reader_of)]
"""What reads files."""
