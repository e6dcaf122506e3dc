"""A short number for each request, which the API logs too and an error page shows, and one line of the log for each."""

import time
import uuid
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, g, request

import logs


def init_app(app: Flask, more: Callable[[], dict[str, Any]]) -> None:
    """Number and log the requests; `more` gives further fields of the line."""

    @app.before_request
    def begin() -> None:
        # A new number, never one from the request: a stranger could otherwise imitate other users' log lines. The gateway's
        # number is logged beside it.
        g.request_id = f"{uuid.uuid4().hex[:4]}-{uuid.uuid4().hex[:4]}"
        logs.request_number.set(g.request_id)
        g.began = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        if request.endpoint in ("asset", "health"):
            return response
        # Log the URL rule and the lab, not the path and query, which hold scanned codes and search words.
        before = request.headers.get("X-Request-Id", "")
        app.logger.info(
            "answered",
            extra={
                "fields": {
                    "method": request.method if request.method.isalpha() else "other",
                    "rule": request.url_rule.rule if request.url_rule else "none",
                    "status": response.status_code,
                    "ms": round(1000 * (time.perf_counter() - g.get("began", time.perf_counter()))),
                    "gateway": before if logs.NUMBER.fullmatch(before) else "",
                    **more(),
                }
            },
        )
        return response
