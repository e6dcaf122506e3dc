"""Work that takes long for one lab or user keeps nobody else waiting, and ends when nobody waits for it any more."""

import asyncio
import contextlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path

import psutil
import pytest
from fastapi import FastAPI, Request

from api.core import errors
from api.core.confinement import NICENESS
from api.core.problems import Problem
from api.core.processes import AT_ONCE, MOST_WAITING, Crashed, InProcess, Processes, TookTooLong, while_connected
from api.spreadsheets.apart import Reader
from tests.coroutines import run
from tests.installation import Installation, serving

WORK = "tests.attacks.waiting_work"


async def until(happened: Callable[[], bool]) -> None:
    while not happened():
        await asyncio.sleep(0.01)


def begun(name: Path) -> Callable[[], bool]:
    return Path(f"{name}.begun").exists


def process_of(name: Path) -> psutil.Process:
    return psutil.Process(int(Path(f"{name}.begun").read_text()))


async def work(processes: Processes, name: Path, owner: str, seconds: float = 60) -> str:
    async def prepare() -> bytes:
        Path(f"{name}.prepared").touch()
        return str(name).encode()

    with await processes.run(WORK, prepare, owner, seconds) as output:
        return output.read().decode().strip()


@contextlib.asynccontextmanager
async def ended_afterwards(*tasks: Coroutine[None, None, str]) -> AsyncIterator[list[asyncio.Task[str]]]:
    running = [asyncio.create_task(task) for task in tasks]
    try:
        yield running
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def test_work_of_one_owner_runs_one_by_one_beside_that_of_other_owners(tmp_path: Path) -> None:
    first, second, other = (tmp_path / name for name in ("first", "second", "other"))

    async def scene() -> None:
        processes = Processes()
        works = (work(processes, first, "lab a"), work(processes, second, "lab a"), work(processes, other, "lab b"))
        async with ended_afterwards(*works) as (a, b, c):
            await until(begun(first))
            await until(begun(other))
            Path(f"{other}.go").touch()
            assert await c == str(other), "done before the two that came earlier"
            assert not a.done()
            assert not begun(second)(), "it waits for its turn, although a process is free"
            assert not Path(f"{second}.prepared").exists(), "and holds no memory meanwhile"
            Path(f"{first}.go").touch()
            assert await a == str(first)
            await until(begun(second))
            Path(f"{second}.go").touch()
            assert await b == str(second)

    run(scene())


def test_a_file_that_waits_for_its_turn_is_not_read_into_memory(tmp_path: Path) -> None:
    first = tmp_path / "first"
    read = []

    async def content() -> bytes:
        read.append(True)
        return b"Name,CAS\nAgar,9002-18-0\n"

    async def stays() -> dict[str, str]:
        await asyncio.Event().wait()
        return {}

    async def describe(reader: Reader) -> str:
        return str((await reader.describe(content, "/file"))["row_count"])

    async def scene() -> None:
        processes = Processes()
        reader = Reader(Request({"type": "http", "path_params": {"lab": "a"}}, stays), processes)
        async with ended_afterwards(work(processes, first, "lab a"), describe(reader)) as (before, asking):
            await until(begun(first))
            assert (read, asking.done()) == ([], False)
            Path(f"{first}.go").touch()
            assert await before == str(first)
            assert (await asking, read) == ("1", [True])

    run(scene())


def test_no_more_processes_than_processors_run(tmp_path: Path) -> None:
    names = [tmp_path / str(number) for number in range(AT_ONCE + 2)]

    async def scene() -> None:
        processes = Processes()
        async with ended_afterwards(*(work(processes, name, f"lab {name}") for name in names)) as tasks:
            for name in names[:AT_ONCE]:
                await until(begun(name))
            assert not any(begun(name)() for name in names[AT_ONCE:])
            for name in names:
                Path(f"{name}.go").touch()
            assert await asyncio.gather(*tasks) == list(map(str, names))

    run(scene())


def test_a_user_with_too_much_waiting_work_is_refused_with_a_sentence(tmp_path: Path) -> None:
    async def scene() -> None:
        processes = Processes()
        works = (work(processes, tmp_path / str(number), "user 1") for number in range(MOST_WAITING))
        async with ended_afterwards(*works):
            await until(begun(tmp_path / "0"))
            with pytest.raises(Problem, match="being worked on already"):
                await work(processes, tmp_path / "more", "user 1")

    run(scene())


def test_work_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    async def scene() -> None:
        with pytest.raises(TookTooLong):
            await work(Processes(), tmp_path / "long", "lab a", seconds=1)

    run(scene())
    if begun(tmp_path / "long")():
        assert not psutil.pid_exists(int((tmp_path / "long.begun").read_text()))


@pytest.mark.parametrize(
    ("end", "raised"), [(signal.SIGXCPU, TookTooLong), (signal.SIGKILL, TookTooLong), (signal.SIGSEGV, Crashed)]
)
def test_work_that_crashes_is_told_from_work_that_takes_too_long(
    tmp_path: Path, end: signal.Signals, raised: type[Exception]
) -> None:
    async def scene() -> None:
        async with ended_afterwards(work(Processes(), tmp_path / "work", "lab a")) as [task]:
            await until(begun(tmp_path / "work"))
            process_of(tmp_path / "work").send_signal(end)
            with pytest.raises(raised):
                await task

    run(scene())


def test_work_ends_when_the_client_hangs_up_and_the_next_one_begins(tmp_path: Path) -> None:
    app = FastAPI()
    errors.install(app)

    @app.get("/work/{name}")
    async def answer(name: str, request: Request, processes: InProcess) -> str:
        run = work(processes, tmp_path / name, "user 1")
        return await while_connected(request, run)

    with serving(app) as url:
        host, port = url.removeprefix("http://").split(":")

        def ask(name: str) -> socket.socket:
            connection = socket.create_connection((host, int(port)))
            connection.sendall(f"GET /work/{name} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            return connection

        with ask("left"):
            run(asyncio.wait_for(until(begun(tmp_path / "left")), 60))
            process = process_of(tmp_path / "left")
        # The process was never told to go on (NAME.go), so it was ended. The test looks without waiting for it: the API, which runs in
        # a thread of this process, would never hear of the end of a child whose exit status somebody else has taken.
        run(asyncio.wait_for(until(lambda: not psutil.pid_exists(process.pid)), 60))
        with ask("next"):
            run(asyncio.wait_for(until(begun(tmp_path / "next")), 60))
            (tmp_path / "next.go").touch()


LARGE = "Name,CAS,Amount,Notes\n" + f'Ethanol,64-17-5,1 mL,"{"Kept cold. " * 30}"\n' * 12_000


def readers() -> list[psutil.Process]:
    """The processes that are reading files of labs at this moment."""
    found = []
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if "api.spreadsheets" in child.cmdline():
                found.append(child)
    return found


def test_a_small_file_of_another_lab_is_read_before_the_large_ones(installation: Installation) -> None:
    ada, eve = installation.as_user("ada"), installation.as_user("eve")
    order: list[str] = []

    def send(number: int) -> None:
        file = io.BytesIO(f"{LARGE}Water,,{number} mL,\n".encode())
        assert ada.post("/labs/curie/imports", files={"file": ("large.csv", file)}, timeout=120).ok
        order.append("large")

    senders = [threading.Thread(target=send, args=(number,)) for number in range(AT_ONCE)]
    for sender in senders:
        sender.start()
    while not (seen := readers()):
        time.sleep(0.01)
    with contextlib.suppress(psutil.Error):
        assert "CHEMTRACK_SERVICE_TOKEN" not in seen[0].environ()
    small = io.BytesIO(b"Name,CAS\nEthanol,64-17-5\n")
    assert eve.post("/labs/hodgkin/imports", files={"file": ("small.csv", small)}).ok
    order.append("small")
    polite = False  # a reader gives its priority up itself, shortly after it has begun
    while not polite and any(sender.is_alive() for sender in senders):
        with contextlib.suppress(psutil.Error):
            polite = any(reader.nice() >= os.nice(0) + NICENESS for reader in readers())
    assert polite, "whoever only looks at a page goes first"
    for sender in senders:
        sender.join()
    assert order == ["small", *["large"] * AT_ONCE]


def test_labels_go_with_low_priority_too() -> None:
    label = {"name": "Ethanol", "code": "CT-1", "expires_on": None, "opened_on": None}
    request = json.dumps({"sheet": "roll-62", "skip": 0, "format": "pdf", "labels": [label]}).encode()
    code = "import os, runpy; runpy.run_module('api.labels', run_name='__main__'); print(os.nice(0))"
    drawn = subprocess.run([sys.executable, "-c", code], input=request, capture_output=True, check=True)
    assert drawn.stdout.startswith(b"%PDF")
    assert drawn.stdout.endswith(f"{os.nice(0) + NICENESS}\n".encode())
