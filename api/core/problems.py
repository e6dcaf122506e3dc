"""The one shape of errors: RFC 9457 problem details.

`errors` points at the wrong fields of the request: [{"pointer": "/lines/0/amount", "detail": "Only 140 mL is left…"}].
"""

from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    412: "Changed meanwhile",
    413: "Too large",
    422: "Not accepted",
    429: "Too many tries",
    500: "Something failed here",
    503: "Not available",
}
NOT_FOUND = "There is nothing here. If you scanned a label, it may be another lab's."


class FieldError(BaseModel):
    """One field of the request, and the sentence that says what is wrong with it."""

    pointer: str = Field(description="JSON pointer into the request", examples=["/lines/0/amount"])
    detail: str = Field(examples=["Only 140 mL is left in this bottle. Take less, or scan a second one."])


class ProblemDetails(BaseModel):
    """An answer that is an error (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError]


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": description,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
    }
    for status, description in (("4XX", "Refused, with a sentence"), ("5XX", "Not available just now"))
}
"""The problems that any route may answer with, for the OpenAPI document."""


def schemas() -> dict[str, Any]:
    """The components that PROBLEMS refers to."""
    schema = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs"), "ProblemDetails": schema}


class Problem(Exception):
    """An answer that is an error. `errors` maps a JSON pointer into the request to a sentence."""

    def __init__(
        self,
        status: int,
        detail: str,
        errors: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors, self.headers = status, detail, errors or {}, headers
        self.extra = extra or {}

    def body(self) -> dict[str, Any]:
        """The problem as JSON."""
        body = {
            "type": "about:blank",
            "title": TITLES.get(self.status, "Error"),
            "status": self.status,
            "detail": self.detail,
        }
        errors = [{"pointer": pointer, "detail": sentence} for pointer, sentence in self.errors.items()]
        return body | {"errors": errors} | self.extra

    def response(self) -> JSONResponse:
        """The problem as application/problem+json."""
        return JSONResponse(self.body(), self.status, self.headers, "application/problem+json")


def failed() -> Problem:
    """The problem 500 for a fault of ChemTrack's own. Its cause goes into the log, never into the answer."""
    return Problem(500, "Something failed here. Nothing was changed.")


def not_found() -> Problem:
    """The problem 404. It says the same whether the thing does not exist or belongs to another lab."""
    return Problem(404, NOT_FOUND)
