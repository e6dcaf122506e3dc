"""Stands in for the load balancer on one machine: one port, each page behind its own paths.

    python -m local.gateway --port 8080 [--host ADDRESS] --page checkout=http://127.0.0.1:9001 [--page …]

Routes by cloudformation/pages.json, as the ALB does: rules in the order of their priority, patterns matched against the
path alone, case-sensitively, `*` any characters, `?` one. Paths are passed on byte for byte, so that the gateway and the page judge a
tricky path by the same characters. A path without a rule gets 404, so that nobody outside reaches the /health of a page; the
gateway answers /health for itself.
"""

import argparse
import asyncio
import json
import logging
import logging.config
import re
import secrets
import signal
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from aiohttp import (
    ClientConnectionError,
    ClientError,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    StreamReader,
    TCPConnector,
    web,
)
from multidict import CIMultiDict
from yarl import URL

import logs
import release

log = logging.getLogger("chemtrack.gateway")

TABLE = Path(__file__).parent.parent / "cloudformation" / "pages.json"

# Headers that belong to one connection, not to the message: RFC 9110, section 7.6.1.
HOP_BY_HOP = frozenset(
    (
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    )
)
LINE_BYTES = 16 * 1024  # the ALB's limit for a request line and for one header
IDLE_SECONDS = 60  # the ALB's idle timeout
# Anybody may send forms to this page, so the gateway reads each body whole, within a time limit, before it calls the page.
OPEN_PAGE = "login"
OPEN_BYTES, OPEN_SECONDS = 128 * 1024, 5


@dataclass(frozen=True)
class Rule:
    """One page of pages.json: its name and the pattern of its paths."""

    page: str
    pattern: re.Pattern[str]


class Entry(TypedDict):
    """One page as pages.json has it."""

    priority: int
    paths: list[str]


def read_rules(table: Mapping[str, Entry]) -> list[Rule]:
    """The rules of pages.json in the order of their priority."""
    wildcards = {"*": ".*", "?": "."}
    rules = []
    for page, entry in sorted(table.items(), key=lambda item: item[1]["priority"]):
        patterns = ("".join(wildcards.get(letter, re.escape(letter)) for letter in path) for path in entry["paths"])
        rules.append(Rule(page, re.compile("|".join(patterns), re.DOTALL)))
    return rules


def find_page(rules: list[Rule], path: str) -> str | None:
    """The page that owns `path`, or None."""
    return next((rule.page for rule in rules if rule.pattern.fullmatch(path)), None)


STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:34em;margin:20vh auto;padding:0 24px;color-scheme:light dark}"
    "h1{font-size:22px}a{color:light-dark(#0b5c66,#6ecbd0)}"
)


def answer(status: int, sentence: str, title: str = "") -> web.Response:
    """A short HTML page of the gateway itself. In AWS the load balancer has one for addresses without a page (cloudformation/platform.yaml)."""
    return web.Response(
        status=status,
        content_type="text/html",
        charset="utf-8",
        headers={"Cache-Control": "no-store"},
        text=(
            f"<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'><title>{title or status} · ChemTrack"
            f"</title><style>{STYLE}</style><h1>{title or status}</h1><p>{sentence}</p><p><a href=/>Home</a></p></html>"
        ),
    )


class Gateway:
    """Routes requests to `upstreams`: page → its base URL without a path."""

    def __init__(self, rules: list[Rule], upstreams: Mapping[str, str]) -> None:
        self.rules, self.upstreams = rules, upstreams

    async def session(self, app: web.Application) -> AsyncIterator[None]:
        # A page closes connections that were idle for a while. The gateway closes them sooner, so that no request is sent on a closed one.
        connector = TCPConnector(limit=0, keepalive_timeout=1)
        timeout = ClientTimeout(total=None, sock_connect=5, sock_read=IDLE_SECONDS)
        async with ClientSession(
            connector=connector,
            timeout=timeout,
            auto_decompress=False,
            cookie_jar=DummyCookieJar(),
            max_line_size=LINE_BYTES,
            max_field_size=LINE_BYTES,
        ) as self.client:
            yield

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Sends a request to the page that its path belongs to and returns the answer. The line in the log leaves out the path, which may hold what was scanned."""
        page = find_page(self.rules, request.raw_path.partition("?")[0])
        logs.request_number.set(f"{secrets.token_hex(2)}-{secrets.token_hex(2)}")
        response = await self.route(request, page)
        if page:
            log.info("answered", extra={"fields": {"page": page, "status": response.status, "from": request.remote}})
        return response

    async def route(self, request: web.Request, page: str | None) -> web.StreamResponse:
        target = request.raw_path
        if not target.startswith("/"):
            return answer(400, "A request names a path that starts with a slash.")
        if target == "/health":  # answers for the gateway alone, whatever the state of the pages
            return web.json_response(release.health())
        if page is None:
            return answer(404, "No page of ChemTrack has this address.", "There is nothing here")
        if page not in self.upstreams:
            return answer(503, f"The page “{page}” is not running.")
        body: AsyncIterator[bytes] | bytes | None = request.content.iter_any() if request.body_exists else None
        if body and page == OPEN_PAGE:
            try:
                async with asyncio.timeout(OPEN_SECONDS):
                    body = await read_at_most(request.content, OPEN_BYTES)
            except TimeoutError:
                return answer(408, "The form did not come in time.")
            if body is None:
                return answer(413, "That is too large.")
        try:
            return await self.pass_on(request, URL(self.upstreams[page] + target, encoded=True), body)
        except TimeoutError:
            return answer(504, f"The page “{page}” did not answer in time.")
        except ClientConnectionError:
            return answer(502, f"The page “{page}” does not answer. It may be starting: try again in a moment.")

    async def pass_on(
        self, request: web.Request, url: URL, body: AsyncIterator[bytes] | bytes | None
    ) -> web.StreamResponse:
        async with self.client.request(
            request.method,
            url,
            headers=forwarded_headers(request),
            data=body,
            allow_redirects=False,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        ) as upstream:
            response = web.StreamResponse(
                status=upstream.status, reason=upstream.reason, headers=end_to_end(upstream.headers)
            )
            await response.prepare(request)
            try:
                async for chunk in upstream.content.iter_any():
                    await response.write(chunk)
            except (ClientError, TimeoutError):
                # The status was sent already. Cutting the connection is the only way left to show that the rest of the body is missing.
                if request.transport is not None:
                    request.transport.close()
                return response
            await response.write_eof()
            return response


async def read_at_most(content: StreamReader, most: int) -> bytes | None:
    """The whole body, or None if it has more than `most` bytes."""
    read = b""
    async for chunk in content.iter_any():
        read += chunk
        if len(read) > most:
            return None
    return read


def end_to_end(headers: Mapping[str, str]) -> CIMultiDict[str]:
    """The headers without those that apply only to the connection on which they came."""
    named = {name.strip().lower() for name in headers.get("Connection", "").split(",")}
    return CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in HOP_BY_HOP | named)


def forwarded_headers(request: web.Request) -> CIMultiDict[str]:
    """The request's headers as the ALB passes them on: the client's address is appended, protocol and port are replaced."""
    headers = end_to_end(request.headers)
    before = headers.get("X-Forwarded-For")
    headers["X-Forwarded-For"] = f"{before}, {request.remote}" if before else str(request.remote)
    headers["X-Forwarded-Proto"] = "http"
    # The gateway makes this number itself and ignores one that the client sent. The pages log it beside their own number.
    headers["X-Request-Id"] = logs.request_number.get()
    socket = request.transport.get_extra_info("sockname") if request.transport else None
    headers["X-Forwarded-Port"] = str(socket[1]) if socket else "80"
    return headers


def create_app(upstreams: Mapping[str, str], table: Path = TABLE) -> web.Application:
    gateway = Gateway(read_rules(json.loads(table.read_text())), upstreams)
    app = web.Application()
    app.cleanup_ctx.append(gateway.session)
    app.router.add_route("*", "/{path:.*}", gateway.handle)
    return app


async def start(app: web.Application, host: str, port: int) -> web.AppRunner:
    """Serve `app`; await the result's cleanup() to stop."""
    runner = web.AppRunner(
        app,
        access_log=None,
        auto_decompress=False,
        keepalive_timeout=IDLE_SECONDS,
        max_line_size=LINE_BYTES,
        max_field_size=LINE_BYTES,
    )
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return runner


@contextmanager
def running(app: web.Application, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve `app` from a thread of its own; yields its URL without a trailing slash."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True, name="gateway")
    thread.start()
    runner = asyncio.run_coroutine_threadsafe(start(app, host, port), loop).result()
    try:
        yield f"http://{host}:{runner.addresses[0][1]}"
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def main() -> None:
    usage, _, _ = (__doc__ or "").partition("\n\nRoutes")
    parser = argparse.ArgumentParser(description=usage, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--page", action="append", default=[], metavar="NAME=URL")
    arguments = parser.parse_args()
    logging.config.dictConfig(logs.settings())
    upstreams = dict(page.split("=", 1) for page in arguments.page)

    async def serve() -> None:
        stopped = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
        runner = await start(create_app(upstreams), arguments.host, arguments.port)
        await stopped.wait()
        await runner.cleanup()

    asyncio.run(serve())


if __name__ == "__main__":
    main()
