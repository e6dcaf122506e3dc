"""Whoever takes many files away, or leaves while a file is read, takes nothing from others."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI, Request, Response
from starlette.requests import Request as AnyRequest
from starlette.responses import StreamingResponse

from api.core import errors
from api.core.exports import MOST_OF_ONE_USER, PAGES_AT_ONCE, Download, Sending
from api.core.problems import Problem
from api.core.tables import Page
from api.core.visit import Visit
from tests.coroutines import run
from tests.installation import serving


def from_somebody_who_stays() -> AnyRequest:
    async def receive() -> dict[str, str]:
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    return AnyRequest({"type": "http"}, receive)


async def begin(sending: Sending, user: str, pages: AsyncIterator[Page], seconds: float = 60) -> StreamingResponse:
    """Begins a file for a user and reads its first page."""
    return await Download(from_somebody_who_stays(), sending, seconds).csv(Visit(user), None, "file", ["Head"], pages)


async def text_of(file: StreamingResponse) -> str:
    return b"".join([bytes(part) async for part in file.body_iterator if not isinstance(part, str)]).decode()


class Pages:
    """Pages of files, read when the test says so; counts how many are read at the same time."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.now = self.most = self.read = 0

    async def of_a_file(self, number: int = 2) -> AsyncIterator[Page]:
        for page in range(number):
            self.now += 1
            self.most = max(self.most, self.now)
            if page:
                await self.go.wait()
            self.now -= 1
            self.read += 1
            yield [[str(page)]]


async def settle() -> None:
    """Lets all tasks go on until each waits for something."""
    for _ in range(100):
        await asyncio.sleep(0)


def test_a_file_is_whole() -> None:
    async def scene() -> None:
        pages = Pages()
        pages.go.set()
        file = await begin(Sending(), "ada", pages.of_a_file(3))
        assert await text_of(file) == "\ufeffHead\r\n0\r\n1\r\n2\r\n"

    run(scene())


def test_of_one_user_a_page_is_read_at_a_time_and_the_next_users_beside_it() -> None:
    async def scene() -> None:
        sending, mine, theirs = Sending(), Pages(), Pages()
        files = [await begin(sending, "ada", mine.of_a_file()) for _ in range(3)]
        sent = [asyncio.create_task(text_of(file)) for file in files]
        await settle()
        assert (mine.now, mine.most) == (1, 1)
        theirs.go.set()
        assert await text_of(await begin(sending, "eve", theirs.of_a_file())) == "\ufeffHead\r\n0\r\n1\r\n"
        mine.go.set()
        assert set(await asyncio.gather(*sent)) == {"\ufeffHead\r\n0\r\n1\r\n"}
        assert mine.most == 1

    run(scene())


def test_files_of_all_users_together_leave_connections_to_the_rest() -> None:
    async def scene() -> None:
        sending, pages = Sending(), Pages()
        files = [await begin(sending, f"user {number}", pages.of_a_file()) for number in range(PAGES_AT_ONCE + 2)]
        sent = [asyncio.create_task(text_of(file)) for file in files]
        await settle()
        assert pages.now == PAGES_AT_ONCE
        pages.go.set()
        await asyncio.gather(*sent)
        assert pages.most == PAGES_AT_ONCE

    run(scene())


def test_one_file_too_many_is_refused_with_a_sentence_until_another_is_complete() -> None:
    async def scene() -> None:
        sending, pages = Sending(), Pages()
        files = [await begin(sending, "ada", pages.of_a_file()) for _ in range(MOST_OF_ONE_USER)]
        sent = [asyncio.create_task(text_of(file)) for file in files]
        await settle()
        with pytest.raises(Problem, match="several files away already"):
            await begin(sending, "ada", pages.of_a_file())
        pages.go.set()
        await asyncio.gather(*sent)
        assert await text_of(await begin(sending, "ada", pages.of_a_file()))

    run(scene())


def test_a_file_that_takes_too_long_is_broken_off() -> None:
    async def scene() -> None:
        sending, pages = Sending(), Pages()
        file = await begin(sending, "ada", pages.of_a_file(), seconds=0.2)
        with pytest.raises(TimeoutError):
            await text_of(file)
        pages.go.set()
        assert await text_of(await begin(sending, "ada", pages.of_a_file())), "its turn and its place are free again"

    run(scene())


@pytest.mark.parametrize("page", [0, 1])
def test_reading_ends_when_the_client_hangs_up(page: int) -> None:
    """The client may hang up before the first byte or later."""
    reads, ended = asyncio.Event(), asyncio.Event()
    app = FastAPI()
    errors.install(app)
    sending = Sending()

    async def pages() -> AsyncIterator[Page]:
        for _ in range(page):
            yield [["0"]]
        reads.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    @app.get("/file")
    async def file(request: Request, response: Response) -> StreamingResponse:
        return await Download(request, sending, 600).csv(Visit("ada", response), None, "file", ["Head"], pages())

    async def happened(event: asyncio.Event) -> None:  # runs in the event loop of another thread
        while not event.is_set():
            await asyncio.sleep(0.01)

    with serving(app) as url:
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as connection, contextlib.suppress(OSError):
            connection.sendall(f"GET /file HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            run(asyncio.wait_for(happened(reads), 60))
        run(asyncio.wait_for(happened(ended), 60))
