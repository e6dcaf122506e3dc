"""What is typed, pasted or scanned arrives without the signs that nobody sees, in each field of each page; only passwords stay as they are.

The same signs are dropped in api/core/unseen.py, from texts that are stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict

_DROPPED = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


def as_seen(text: str) -> str:
    """The text without signs that nobody sees, and with plain spaces for those of other widths."""
    return text if text.isascii() else _SPACES.sub(" ", _DROPPED.sub("", text))


def _seen(value: object) -> object:
    return as_seen(value) if isinstance(value, str) else value


class _Seen(ImmutableMultiDict[str, Any]):
    """The fields of a form or an address. Files pass unchanged."""

    def __init__(self, mapping: Iterable[tuple[str, Any]] = ()) -> None:
        super().__init__([(name, value if "password" in name else _seen(value)) for name, value in mapping])


class PageRequest(Request):
    """A request whose fields hold what their user sees."""

    parameter_storage_class = _Seen
