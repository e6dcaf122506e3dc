"""Downloads, for spreadsheets and for programs. All resources send their files by this module, written as `tables` and `workbooks` say.

The first page of rows is read before anything is sent, so that
a visitor who may not read them gets a problem instead of an empty file. If a later page fails, the connection is broken off, so that
nobody takes half a file for the whole.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from typing import Annotated, NamedTuple
from urllib.parse import quote
from weakref import WeakSet
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from api.core.database import Database
from api.core.problems import Problem
from api.core.processes import while_connected
from api.core.tables import CsvFile, Page, Writer
from api.core.turns import Turns
from api.core.visit import Visit

PAGES_AT_ONCE = 2
"""The number of pages of files that one API process reads at the same time; each needs a connection to the database."""
MOST_OF_ONE_USER = 4
"""The number of files that are sent to one user at the same time."""
MOST_SECONDS = 600
PIECE = 256 * 1024
TOO_MANY = "You are taking several files away already. Try again when they are complete."
NO_TURN = "Too many files are being taken away just now. Try again in a moment."


class Table(NamedTuple):
    """A table to be sent: its title, its heads, and its rows page by page. Each row has as many cells as there are heads."""

    title: str
    heads: Sequence[str]
    pages: AsyncIterator[Page]


class Place:
    """The place that one download takes. It is free again when nothing refers to this object, however the request ended."""


class Sending:
    """The downloads that one API process is sending at this moment."""

    def __init__(self) -> None:
        self.turns = Turns(PAGES_AT_ONCE, MOST_OF_ONE_USER, TOO_MANY)
        self._places: defaultdict[str, WeakSet[Place]] = defaultdict(WeakSet)

    def place_for(self, owner: str) -> Place:
        """A place for one more download of this owner. Raises a Problem (429) if too many of them are being sent already."""
        if len(self._places[owner]) >= MOST_OF_ONE_USER:
            raise Problem(429, TOO_MANY)
        place = Place()
        self._places[owner].add(place)
        return place


class Download:
    """Sends a file as the answer to one request.

    Pages of all files are read by turns, so that whoever takes files away leaves connections and processor time to those who look
    at a page. A file that is not complete after `most_seconds` is broken off, and reading ends when the client hangs up.
    """

    def __init__(self, request: Request, sending: Sending, most_seconds: float) -> None:
        self._request, self._sending = request, sending
        self._ends = asyncio.get_running_loop().time() + most_seconds

    async def csv(
        self, visit: Visit, data: Database | None, name: str, heads: Sequence[str], pages: AsyncIterator[Page]
    ) -> StreamingResponse:
        """The rows of all pages as a file NAME-LAB-DAY.csv (see `tables`)."""
        return await self.tables(visit, data, name, CsvFile, [Table(name, heads, pages)])

    async def tables(
        self, visit: Visit, data: Database | None, name: str, kind: type[Writer], tables: Sequence[Table]
    ) -> StreamingResponse:
        """The tables as one file of this kind, NAME-LAB-DAY, each page sent as it is read.

        The pages are read with `visit`. That a file is taken away is noted in the lab's events before its first byte is sent; without
        `data` the route has noted that.
        """
        if data:
            await data.require(visit)  # fills visit.member: who takes the file away
        owner = f"user {visit.member['user_id']}" if data else visit.session
        place = self._sending.place_for(owner)
        try:
            first = await while_connected(self._request, self._next(tables[0].pages, owner)) or ()
        except TimeoutError as error:
            raise Problem(503, NO_TURN) from error
        if data:
            await data.note_export(visit, name)
        writer = kind(ZoneInfo(visit.member["time_zone"] if data else "UTC"))
        day = datetime.now(ZoneInfo(visit.member["time_zone"] if data else "UTC"))
        file = f"{name}-{visit.member['slug'] if data else 'all-labs'}-{day:%Y-%m-%d}.{writer.ending}"

        async def pieces(_: Place = place) -> AsyncIterator[bytes]:  # holds the place as long as the file is sent
            upcoming: asyncio.Task[Page | None] | None = None
            try:
                for number, table in enumerate(tables):
                    yield writer.begin(table.title, table.heads) + writer.rows(first if number == 0 else ())
                    # Read the next page while this one is written; other requests are answered in the meantime.
                    upcoming = asyncio.create_task(self._next(table.pages, owner))
                    while (page := await upcoming) is not None:
                        upcoming = asyncio.create_task(self._next(table.pages, owner))
                        yield await run_in_threadpool(writer.rows, page)
                if end := writer.end():
                    yield end
            finally:
                if upcoming:
                    upcoming.cancel()
                    await asyncio.wait([upcoming])

        headers = {"Content-Disposition": f'attachment; filename="{file}"'} | dict(visit.response.headers)
        return StreamingResponse(pieces(), media_type=writer.media_type, headers=headers)

    async def original(
        self, visit: Visit, data: Database, name: str, read: Callable[[], Awaitable[tuple[str, bytes]]]
    ) -> StreamingResponse:
        """A file that the lab itself brought, as it was: `read` gives its name and its content."""
        await data.require(visit)  # fills visit.member: who takes the file away
        owner = f"user {visit.member['user_id']}"
        place = self._sending.place_for(owner)
        try:
            async with asyncio.timeout_at(self._ends), self._sending.turns.of(owner):
                file_name, content = await read()
        except TimeoutError as error:
            raise Problem(503, NO_TURN) from error
        await data.note_export(visit, name)

        async def pieces(_: Place = place) -> AsyncIterator[bytes]:  # holds the place as long as the file is sent
            for begin in range(0, len(content), PIECE):
                yield content[begin : begin + PIECE]

        # The media type says nothing of what is in it, so that no browser shows it; RFC 6266 for names of any script.
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file_name, safe='')}"}
        return StreamingResponse(
            pieces(), media_type="application/octet-stream", headers=headers | dict(visit.response.headers)
        )

    async def _next(self, pages: AsyncIterator[Page], owner: str) -> Page | None:
        """The next page, or None after the last. (`anext` with a default raises SystemError in Python 3.11.)"""
        async with asyncio.timeout_at(self._ends), self._sending.turns.of(owner):
            async for page in pages:
                return page
        return None


async def download_of(request: Request) -> Download:
    """The Download for this request."""
    state = request.app.state
    if not hasattr(state, "sending"):
        state.sending = Sending()
    return Download(request, state.sending, MOST_SECONDS)


Downloads = Annotated[Download, Depends(download_of)]
"""Dependency of a route: the Download that sends its file."""
