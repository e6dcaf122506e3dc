"""The codes on the labels of locations, LOC-000012, as the API prints them: a scan field takes one as "here"."""

import re

CODE = re.compile(r"LOC-0*([1-9][0-9]{0,17})", re.IGNORECASE)


def location_of(code: str) -> int | None:
    """The id of the location with this code; None where it is no such code."""
    found = CODE.fullmatch(code.strip())
    return int(found[1]) if found else None
