"""Where a request may lead: only to a path on this site."""

import re
from urllib.parse import quote, unquote, urlsplit

from flask import Request

# Browsers read a backslash as a slash and drop control characters, so that "/\evil.org" leaves the site.
LEAVES_THE_SITE = re.compile(r"[\x00-\x20\x7f-\x9f\\]")


def on_this_site(target: str | None) -> str | None:
    """Return `target` if it is a path on this site (with its query), else None. It must stay such a path when decoded twice."""
    if not target or len(target) > 2000:
        return None
    seen = target
    for _ in range(3):
        path = seen.partition("?")[0].partition("#")[0]
        if not path.startswith("/") or "//" in path or LEAVES_THE_SITE.search(path):
            return None
        seen = unquote(seen)
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc and target.isprintable() and "\\" not in target else None


def is_fragment(request: Request) -> bool:
    """Whether htmx asks for a part of a page. False when htmx restores a whole page from the browser's history."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"


def this_address(request: Request) -> str:
    """The address to come back to: this page, or for a POST the page with the form."""
    if request.method in ("GET", "HEAD") and not is_fragment(request):
        return request.full_path.rstrip("?")
    came_from = request.headers.get("HX-Current-URL") or request.referrer or ""
    parts = urlsplit(came_from)
    if parts.netloc == request.host:
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return "/"


def sign_in_path(request: Request) -> str:
    """/login, with the way back."""
    back = on_this_site(this_address(request))
    return f"/login?next={quote(back, safe='/')}" if back and back != "/" else "/login"
