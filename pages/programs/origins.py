"""CORS: which other sites' pages may call for which lab. None, but for the origins that an administrator lists (CHEMTRACK_ORIGINS).

A page of such a site needs an access token, too: no cookie counts here, and none is asked for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Flask, Response, request

if TYPE_CHECKING:
    from collections.abc import Mapping

OF_A_LAB = re.compile(r"/api/v1/labs/([^/]+)/.+")
PERMISSIONS = {
    "Access-Control-Allow-Methods": "GET, POST, PATCH",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, If-Match",
    "Access-Control-Max-Age": "600",
}
READABLE = "Content-Disposition, ETag, Idempotent-Replayed, Retry-After"


def init_app(app: Flask, origins: Mapping[str, frozenset[str]]) -> None:
    """Give the listed origins of a lab their permission. All others are answered as if this module were not there."""

    def permitted() -> str | None:
        lab, origin = OF_A_LAB.fullmatch(request.path), request.headers.get("Origin")
        return origin if lab and origin and origin in origins.get(lab[1], ()) else None

    @app.before_request
    def ask() -> Response | None:
        """Answer a browser that asks before it sends a page's request. It asks without a token."""
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers and permitted():
            return Response(status=204, headers=PERMISSIONS)
        return None

    @app.after_request
    def permit(response: Response) -> Response:
        if origin := permitted():
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = READABLE
            response.vary.add("Origin")
        return response
