"""/chemicals/LAB/NUMBER/structure.svg: the drawn structure of a chemical."""

from __future__ import annotations

from flask import Response, request

from pages.chemicals.blueprint import blueprint
from pages.common import api
from pages.common.problems import Problem

POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""What the drawing may do if somebody opens it as a page of its own: nothing but look as it does."""
UNDRAWN = (422, 429)


@blueprint.get("/chemicals/<lab>/<int:chemical>/structure.svg")
def structure(lab: str, chemical: int) -> Response:
    """The drawing; a sentence where there is none, which structure.js shows in its place.

    The browser keeps the drawing and asks each time whether it may still show it.
    """
    try:
        answer = api.stream(
            f"/labs/{lab}/chemicals/{chemical}/structure", have=request.headers.get("If-None-Match", "")[:200]
        )
    except Problem as refused:
        if refused.status not in UNDRAWN:
            raise
        return Response(refused.detail, refused.status, mimetype="text/plain")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Content-Security-Policy"] = POLICY
    return answer
