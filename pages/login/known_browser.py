"""A cookie that marks a browser as known to the API: somebody else's wrong passwords then do not delay the user's sign-in here.

The cookie is signed and counts only for the users named in it. It never replaces the password.
"""

import secrets

from flask import Request
from itsdangerous import BadSignature
from werkzeug.wrappers import Response

from pages.common import cookies
from pages.common.signing import serializer

COOKIE, PURPOSE = "chemtrack-browser", "a browser that users signed in with"
USERS = 5  # users of a shared computer; a bound keeps the cookie small
# Names in User-Agent, the more specific first: Edge's also contains Chrome, and Chrome's also contains Safari.
PROGRAMS = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
MACHINES = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


def describe(user_agent: str) -> str:
    """Words by which people know their own browser again: "Firefox on Linux"."""
    program = next((name for sign, name in PROGRAMS.items() if sign in user_agent), "A browser")
    machine = next((name for sign, name in MACHINES.items() if sign in user_agent), "")
    return f"{program} on {machine}" if machine else program


def device_of(request: Request, username: str) -> str:
    """The key under which the API counts this user's failed sign-ins in this browser; empty if they never signed in here."""
    return _devices(request).get(username.strip().lower(), "")


def remember(request: Request, response: Response, username: str) -> None:
    """Note in the browser that this user signed in with it."""
    devices = _devices(request)
    device = devices.pop(username, "") or secrets.token_urlsafe(16)
    newest = dict([*devices.items(), (username, device)][-USERS:])
    cookies.keep(response, COOKIE, str(serializer(PURPOSE).dumps(newest)))


def _devices(request: Request) -> dict[str, str]:
    try:
        known = serializer(PURPOSE).loads(request.cookies.get(cookies.name_of(COOKIE), ""), max_age=cookies.A_YEAR)
    except BadSignature:
        return {}
    return known if isinstance(known, dict) else {}
