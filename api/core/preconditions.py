"""ETag and If-Match (RFC 9110), by which a program says which version of a thing it changes, as the pages do in the field `version`."""

import re
from typing import Annotated, Any

from fastapi import Depends, Header

from api.core.problems import Problem
from api.core.visit import Visit

ETAG = re.compile(r'"([0-9]{1,20})"')
CHANGED = "rows_are_as_they_were_read"
"""The constraint that the database names where a row is of another version than the change was made for."""

GIVES_ETAG: dict[int | str, dict[str, Any]] = {
    200: {
        "headers": {
            "ETag": {"description": "The version, for If-Match of a change", "schema": {"type": "string"}},
        }
    }
}
"""For the OpenAPI document, of a route that answers with an ETag."""


def tag(visit: Visit, version: str) -> None:
    """Sends the version as the answer's ETag."""
    visit.response.headers["ETag"] = f'"{version}"'


async def wanted_version(
    if_match: Annotated[
        str | None,
        Header(
            max_length=100,
            description="The ETag of the answer from which the change was made: 412 where somebody changed the thing since.",
            examples=['"4711"'],
        ),
    ] = None,
) -> str | None:
    """The version that the request names in If-Match; None where it names none, or with * any."""
    if if_match is None or if_match.strip() == "*":
        return None
    if found := ETAG.fullmatch(if_match.strip()):
        return found[1]
    raise Problem(422, 'If-Match holds one ETag as an answer gave it, in its quotes: "4711".')


IfMatch = Annotated[str | None, Depends(wanted_version)]
