"""Downloads as CSV, for people who open them in a spreadsheet and for programs: one way of writing for all resources.

UTF-8 with a byte-order mark (without it Excel reads µg as Âµg; Python's `utf-8-sig`, R's `UTF-8-BOM` and our own import drop
it), comma, CRLF and quotes as in RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe in front;
numbers do not, so −0.25 stays one. The first page is read before anything is sent: who may not read gets a problem, not half
a file. A fault later breaks the connection off, so that no half file looks whole.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from api.access import Visit
from api.quantities import plain

BYTE_ORDER_MARK = "\ufeff"
FORMULA_BEGINS_WITH = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # Excel reads wide ones too
# The semicolon too: Excel on a machine with a decimal comma, and LibreOffice, may take it for a separator.
QUOTED = re.compile(r'[,;"\t\r\n]')

Page = Sequence[Sequence[object]]


async def csv_download(visit: Visit, name: str, heads: Sequence[str], pages: AsyncIterator[Page]) -> StreamingResponse:
    """The rows of all pages as a file NAME-LAB-DAY.csv, each page sent as it is read.

    `pages` reads by `visit`, so after its first page the visit knows the member. Rows are as wide as `heads`.
    """
    first = await _next(pages) or ()
    zone = ZoneInfo(visit.member["time_zone"])
    file = f"{name}-{visit.member['slug']}-{datetime.now(zone):%Y-%m-%d}.csv"

    async def text() -> AsyncIterator[str]:
        yield BYTE_ORDER_MARK + csv_lines([heads], zone) + csv_lines(first, zone)
        # The next page is read while this one is written, and others are answered meanwhile.
        upcoming = asyncio.create_task(_next(pages))
        try:
            while (page := await upcoming) is not None:
                upcoming = asyncio.create_task(_next(pages))
                yield await run_in_threadpool(csv_lines, page, zone)
        finally:
            upcoming.cancel()
            await asyncio.wait([upcoming])

    headers = {"Content-Disposition": f'attachment; filename="{file}"'} | dict(visit.response.headers)
    return StreamingResponse(text(), media_type="text/csv; charset=utf-8", headers=headers)


async def _next(pages: AsyncIterator[Page]) -> Page | None:
    """The next page, if there is one. (`anext` with a default answers SystemError in Python 3.11.)"""
    async for page in pages:
        return page
    return None


def csv_lines(rows: Iterable[Sequence[object]], zone: ZoneInfo) -> str:
    """The rows as lines of a CSV file; instants as the clock in `zone` showed them."""
    return "".join(",".join(_cell(value, zone) for value in row) + "\r\n" for row in rows)


def _cell(value: object, zone: ZoneInfo) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _text(value)
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
    return _text("; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value))


def _text(text: str) -> str:
    if text.startswith(FORMULA_BEGINS_WITH):
        text = "'" + text
    return '"' + text.replace('"', '""') + '"' if QUOTED.search(text) else text
