"""Runs work that takes long, or that reads a file which may be made to do harm, in a process of its own: with low priority, bounded memory
and time, and without secrets.

Work waits for its turn: one process runs at a time for each owner (a lab or a user), while those of other owners go on beside it. When
the client hangs up, its process is ended.
"""

import asyncio
import logging
import os
import signal
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import IO, Annotated, Any, TypeVar

from fastapi import Depends, Request

from api.core.problems import Problem
from api.core.turns import Turns

log = logging.getLogger("chemtrack.api")

ROOT = Path(__file__).parents[2]
AT_ONCE = 2
"""The number of processes that one API process runs at the same time; each keeps a processor busy."""
MOST_WAITING = 8
"""How many requests of one owner may wait; each of them holds a connection, and the file that it uploads."""
ENDED_BY_A_LIMIT = (-signal.SIGXCPU, -signal.SIGKILL)
"""The exit status of a process that took more processor time than `confine` allows, or that Linux ended when the machine ran out of memory."""
TOO_MANY = "Several files of yours are being worked on already. Try again when they are done."

Answer = TypeVar("Answer")


class TookTooLong(Exception):
    """The process was ended, or ended itself, before it was done."""


class Crashed(Exception):
    """The process ended with an error of its own."""


class Processes:
    """Runs modules of ChemTrack (`python -m MODULE`), only a few at the same time."""

    def __init__(self, too_many: str = TOO_MANY) -> None:
        self._turns = Turns(AT_ONCE, MOST_WAITING, too_many)

    async def run(
        self, module: str, prepare: Callable[[], Awaitable[bytes]], owner: str, most_seconds: float
    ) -> IO[bytes]:
        """Runs the module with the bytes of `prepare` on standard input; returns its standard output as a file, which the caller closes.
        `prepare` is called when the work's turn has come, so that work which waits holds no memory.

        Raises TookTooLong, Crashed, and a Problem (429) if too much work of this owner waits already. If the caller is cancelled, the
        process is ended.
        """
        async with self._turns.of(owner):
            given = await prepare()
            output = tempfile.TemporaryFile()  # noqa: SIM115 (closed by whoever reads it)

            async def talk(process: Process) -> None:
                await process.communicate(given)

            try:
                await _run(module, output, talk, most_seconds)
            except BaseException:
                output.close()
                raise
            output.seek(0)
            return output

    async def converse(
        self, module: str, opening: bytes, reply: Callable[[bytes], Awaitable[bytes]], owner: str, most_seconds: float
    ) -> bytes:
        """The same for a module that asks back: it reads a line, writes a line, reads the reply to this, and writes its answer, which
        is returned. What `reply` raises ends the process."""

        async def talk(process: Process) -> bytes:
            to, by = process.stdin, process.stdout
            if to is None or by is None:
                raise ValueError("the process has no pipes")
            with suppress(ConnectionError):  # it has ended early: its exit status says how
                to.write(opening + b"\n")
                if question := await by.readline():
                    to.write(await reply(question))
                    await to.drain()
                to.close()
            return await by.read()

        async with self._turns.of(owner):
            return await _run(module, asyncio.subprocess.PIPE, talk, most_seconds)


async def _run(
    module: str, output: IO[bytes] | int, talk: Callable[[Process], Awaitable[Answer]], most_seconds: float
) -> Answer:
    """Starts the module, and returns what `talk` says with it."""
    with tempfile.TemporaryFile() as complaints:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module,
            stdin=asyncio.subprocess.PIPE, stdout=output, stderr=complaints, cwd=ROOT, env={"PYTHONUTF8": "1"},
        )  # fmt: skip
        try:
            said = await asyncio.wait_for(_until_the_end(process, talk), most_seconds)
        except TimeoutError as error:
            log.warning("%s took more than %d s", module, most_seconds)
            raise TookTooLong from error
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await asyncio.shield(process.wait())
        if process.returncode:
            complaints.seek(max(0, complaints.seek(0, os.SEEK_END) - 4000))
            # Log the places in the code only: the other lines of a traceback may quote cells of the file.
            lines = complaints.read().decode(errors="replace").splitlines()
            where = [line.strip() for line in lines if line.startswith("  File ")]
            log.error("%s ended with %d", module, process.returncode, extra={"fields": {"where": where}})
            raise TookTooLong if process.returncode in ENDED_BY_A_LIMIT else Crashed
        return said


async def _until_the_end(process: Process, talk: Callable[[Process], Awaitable[Answer]]) -> Answer:
    said = await talk(process)
    await process.wait()
    return said


async def while_connected(request: Request, work: Coroutine[Any, Any, Answer]) -> Answer:
    """The work's answer. Where the client hangs up first, the work is cancelled; nobody reads the problem that is raised."""
    doing = asyncio.create_task(work)
    leaving = asyncio.create_task(_left(request))
    try:
        await asyncio.wait({doing, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            raise Problem(408, "You left before this was done.")
        return doing.result()
    finally:
        for task in (doing, leaving):
            task.cancel()
        await asyncio.wait({doing, leaving})


async def _left(request: Request) -> None:
    """Returns when the client has hung up. The request's body has been read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def processes_of(request: Request) -> Processes:
    """The Processes of this API process."""
    state = request.app.state
    if not hasattr(state, "processes"):
        state.processes = Processes()
    processes: Processes = state.processes
    return processes


InProcess = Annotated[Processes, Depends(processes_of)]
"""Dependency of a route: the Processes that run its work."""
