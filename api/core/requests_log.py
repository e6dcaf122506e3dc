"""Gives each request the number that its page gave it, and logs a line for it: the route, never the path, which may hold a scanned code."""

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

import logs

log = logging.getLogger("chemtrack.api")


class LoggedRequests:
    """ASGI middleware around the whole app. /health is not logged, because it is asked for every few seconds."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on to the app, and logs it when it is answered."""
        if scope["type"] != "http" or scope["path"] == "/health":
            await self.app(scope, receive, send)
            return
        sent = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"").decode("latin-1")
        token = logs.request_number.set(sent if logs.NUMBER.fullmatch(sent) else "")
        began, status = time.perf_counter(), 500

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, note)
        finally:
            log.info(
                "answered",
                extra={
                    "fields": {
                        "method": scope["method"] if scope["method"].isalpha() else "other",
                        "route": getattr(scope.get("route"), "path", "none"),
                        "status": status,
                        "ms": round(1000 * (time.perf_counter() - began)),
                    }
                },
            )
            logs.request_number.reset(token)
