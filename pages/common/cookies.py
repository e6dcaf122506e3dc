"""The cookies that the pages set beside Flask's own."""

from flask import current_app
from werkzeug.wrappers import Response

A_YEAR = 365 * 24 * 3600


def name_of(cookie: str) -> str:
    """The cookie's name in the browser. A name that begins with __Host- makes browsers accept the cookie from this host alone, over HTTPS."""
    return f"__Host-{cookie}" if current_app.config["SESSION_COOKIE_SECURE"] else cookie


def keep(response: Response, cookie: str, value: str, seconds: int = A_YEAR) -> None:
    """Keep the value in the browser, out of reach of scripts."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(name_of(cookie), value, max_age=seconds, httponly=True, samesite="Lax", secure=secure, path="/")


def forget(response: Response, cookie: str) -> None:
    """Take the value from the browser."""
    keep(response, cookie, "", 0)
