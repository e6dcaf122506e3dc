"""Settings of a page, from the environment; read once, when the page is made."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from pages.common.problems import Misconfigured

SHORTEST_SECRET = 16
YES, NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


@dataclass(frozen=True)
class PageSettings:
    """Each is an environment variable with the prefix CHEMTRACK_, such as CHEMTRACK_API_URL."""

    api_url: str
    """Where the API answers, such as http://chemtrack-api:8000."""
    service_token: str = field(repr=False)
    """Proves to the API that a page of ours calls."""
    cookie_key: str = field(repr=False)
    """Signs the session cookie; the same for all pages."""
    cookie_secure: bool = True
    """The cookie goes over HTTPS only; false on one machine."""
    sessions_table: str | None = None
    """A table of DynamoDB for web sessions; without it the cookie holds them."""
    assets: Path = Path(__file__).parents[1] / "assets"
    """What build_assets.py made."""


def read_settings() -> PageSettings:
    """Read the settings from the environment; raise Misconfigured, whose text names what is missing or wrong.

    Plainly, although the API has pydantic for it: to import that takes a page a third of the time that it starts in.
    """
    given = {name: os.environ.get(f"CHEMTRACK_{name.upper()}", "") for name in PageSettings.__dataclass_fields__}
    faults = {name: "is missing" for name in ("api_url", "service_token", "cookie_key") if not given[name]}
    if urlsplit(given["api_url"]).scheme not in ("http", "https") or not urlsplit(given["api_url"]).netloc:
        faults.setdefault("api_url", "must be an address such as http://chemtrack-api:8000")
    for name in ("service_token", "cookie_key"):
        if len(given[name]) < SHORTEST_SECRET:
            faults.setdefault(name, f"must have {SHORTEST_SECRET} characters or more")
    if given["cookie_secure"].lower() not in ("", *YES, *NO):
        faults["cookie_secure"] = "must be true or false"
    if faults:
        said = "; ".join(f"CHEMTRACK_{name.upper()} {fault}" for name, fault in faults.items())
        raise Misconfigured(f"This page cannot start. {said}")
    return PageSettings(
        given["api_url"],
        given["service_token"],
        given["cookie_key"],
        cookie_secure=given["cookie_secure"].lower() not in NO,
        sessions_table=given["sessions_table"] or None,
        assets=Path(given["assets"] or PageSettings.assets),
    )
