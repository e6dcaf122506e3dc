"""Settings of a page, from the environment; read once, when the page is made.

A plain class: pydantic-settings, which reads the API's, would be a third of a page's start and a fifth of its memory.
"""

import os
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

from pages.common.problems import Misconfigured

YES, NO = ("true", "1", "yes", "on"), ("false", "0", "no", "off")


def _address(text: str) -> str:
    """An address that begins with http:// or https:// and names a host."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
        raise ValueError("it should be an address such as http://chemtrack-api:8000")
    return text.rstrip("/")


def _secret(text: str) -> str:
    if len(text) < 16:
        raise ValueError("it should have at least 16 characters")
    return text


def _yes_or_no(text: str) -> bool:
    if text.lower() not in YES + NO:
        raise ValueError("it should be true or false")
    return text.lower() in YES


@dataclass(frozen=True)
class PageSettings:
    """Each is an environment variable with the prefix CHEMTRACK_, such as CHEMTRACK_API_URL; `read` makes the value of its text."""

    api_url: str = field(metadata={"read": _address})
    """Where the API answers, such as http://chemtrack-api:8000."""
    service_token: str = field(repr=False, metadata={"read": _secret})
    """Proves to the API that a page of ours calls."""
    cookie_key: str = field(repr=False, metadata={"read": _secret})
    """Signs the session cookie; the same for all pages."""
    cookie_secure: bool = field(default=True, metadata={"read": _yes_or_no})
    """The cookie goes over HTTPS only; false on one machine."""
    sessions_table: str | None = field(default=None, metadata={"read": str})
    """A table of DynamoDB for web sessions; without it the cookie holds them."""
    assets: Path = field(default=Path(__file__).parents[1] / "assets", metadata={"read": Path})
    """What build_assets.py made."""


def read_settings() -> PageSettings:
    """Read the settings from the environment; raise Misconfigured, whose text names what is missing or wrong, but no value."""
    found, faults = {}, []
    for setting in fields(PageSettings):
        name = f"CHEMTRACK_{setting.name.upper()}"
        if name in os.environ:
            try:
                found[setting.name] = setting.metadata["read"](os.environ[name])
            except ValueError as error:
                faults.append(f"{name}: {error}")
        elif setting.default is MISSING:
            faults.append(f"{name} is missing")
    if faults:
        raise Misconfigured("This page cannot start. " + "; ".join(faults))
    return PageSettings(**found)
