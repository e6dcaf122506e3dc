"""Errors as programs read them: RFC 9457 problem details, as the API's own."""

import json
from http import HTTPStatus

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from pages.common.problems import Problem

TYPE = "application/problem+json"
SENTENCES = {
    404: "Nothing is published at this address. /api/docs lists what is.",
    405: "This address is not called by this method. /api/docs lists what is.",
    413: "A body has at most 1 MiB, and Content-Length says how much.",
    500: "Something failed here. If this was to change something, look whether it did.",
}


class NoToken(Problem):
    """The request has no access token."""

    challenge = 'Bearer realm="ChemTrack"'

    def __init__(self) -> None:
        super().__init__(401, "Not signed in", "Send an access token: Authorization: Bearer chemtrack_…")


class BadToken(Problem):
    """The request has an access token that opens nothing."""

    challenge = 'Bearer realm="ChemTrack", error="invalid_token"'

    def __init__(self) -> None:
        super().__init__(401, "Not signed in", "This access token is not known, was revoked or has expired.")


def body_of(status: int, title: str, detail: str) -> bytes:
    """The problem as JSON."""
    found = {"type": "about:blank", "title": title, "status": status, "detail": detail, "errors": []}
    return json.dumps(found, ensure_ascii=False).encode()


def init_app(app: Flask) -> None:
    """Answer every error with problem details."""

    @app.errorhandler(Problem)
    def problem(error: Problem) -> Response:
        response = Response(body_of(error.status, error.title, error.detail), error.status, content_type=TYPE)
        if error.retry_after:
            response.headers["Retry-After"] = str(error.retry_after)
        if isinstance(error, NoToken | BadToken):
            response.headers["WWW-Authenticate"] = error.challenge
        return response

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        response: Response = error.get_response()  # type: ignore[assignment]
        if error.code and error.code >= 400:
            title = HTTPStatus(error.code).phrase
            response.data = body_of(error.code, title, SENTENCES.get(error.code, f"{title}."))
            response.content_type = TYPE
        return response
