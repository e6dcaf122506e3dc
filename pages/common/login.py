"""Who is signed in, kept wholly in the signed cookie: no page has a store of its own (but see sessions.py).

The cookie holds the API's session token, the user's names and the labs as they were at sign-in. Roles change: what the
API said in this request (`g.member`) always goes before the cookie.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, g, redirect, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from pages.common import sessions
from pages.common.paths import is_fragment, sign_in_path
from pages.common.problems import Problem

COLOURS = 8
LABS_IN_COOKIE = 30  # a cookie holds 4 KB; who has more labs chooses on a page
ROLES = ("viewer", "member", "manager")


@dataclass(frozen=True)
class Lab:
    """A lab as the frame shows it; `role` is the user's there."""

    id: int
    slug: str
    name: str
    role: str = "viewer"
    time_zone: str = "UTC"

    @property
    def colour(self) -> int:
        """1 to 8: the class `ct-lab-N` carries the lab's colour."""
        return (self.id - 1) % COLOURS + 1

    @property
    def letter(self) -> str:
        """What stands on the lab's tile."""
        return self.name[:1].upper() or "?"


@dataclass(frozen=True)
class Member:
    """Who asks, in which lab, as what. In templates: `member.lab.name`, `member.role`, `member.may('manager')`."""

    lab: Lab
    user_id: int
    username: str
    name: str

    @classmethod
    def from_api(cls, said: dict[str, Any]) -> "Member":
        """Read the header X-Chemtrack-Member: {"lab": {…}, "user": {…}, "role": "manager"}."""
        lab, user = said["lab"], said["user"]
        return cls(
            Lab(int(lab["id"]), str(lab["slug"]), str(lab["name"]), str(said["role"]), str(lab["time_zone"])),
            int(user["id"]),
            str(user["username"]),
            str(user["name"]),
        )

    @property
    def role(self) -> str:
        """viewer, member or manager."""
        return self.lab.role

    def may(self, role: str) -> bool:
        """Whether the member's role is `role` or a greater one."""
        return self.role in ROLES and ROLES.index(self.role) >= ROLES.index(role)


class User(UserMixin):  # type: ignore[misc]  # flask-login has no types
    """The signed-in user, as the cookie has them."""

    def __init__(self, kept: dict[str, Any]) -> None:
        self.token: str = kept["token"]
        self.expires: float = kept["expires"]
        self.id_number: int = kept["id"]
        self.username: str = kept["username"]
        self.name: str = kept["name"]
        self.administrator: bool = kept["administrator"]
        self.labs = [Lab(**lab) for lab in kept["labs"]]
        self.more_labs: bool = kept["more_labs"]

    def get_id(self) -> str:
        return str(self.id_number)

    def lab(self, slug: str | None) -> Lab | None:
        """The user's lab with this slug, if the cookie has it."""
        return next((lab for lab in self.labs if lab.slug == slug), None)


def sign_in(issued: dict[str, Any]) -> User:
    """Begin a session from the API's answer to POST /sessions; what an earlier one left in the cookie is dropped."""
    session.clear()
    session.permanent = True
    keep(issued)
    sessions.renew()
    user = User(session["login"])
    login_user(user)
    return user


def keep(said: dict[str, Any]) -> None:
    """Put what the API says of the session (POST /sessions; GET /sessions/current, without token) into the cookie."""
    labs = said["labs"][:LABS_IN_COOKIE]
    session["login"] = {
        "token": said.get("token") or session["login"]["token"],
        "expires": datetime.fromisoformat(said["expires_at"]).timestamp(),
        "id": said["user"]["id"],
        "username": said["user"]["username"],
        "name": said["user"]["name"],
        "administrator": bool(said["administrator"]),
        "labs": [{key: lab[key] for key in ("id", "slug", "name", "role")} for lab in labs],
        "more_labs": len(said["labs"]) > LABS_IN_COOKIE,
    }


def sign_out() -> None:
    """End the session in this browser."""
    logout_user()
    session.clear()


def load_user(user_id: str) -> User | None:
    """flask-login's user loader. A cookie of another shape (an older deployment's) or past its time counts as none."""
    try:
        user = User(session["login"])
    except (KeyError, TypeError):
        return None
    return user if user.get_id() == user_id and time.time() < user.expires else None


def current_member() -> Member | None:
    """Who asks, in the lab that the request is about; None where there is no lab (sign-in, administration)."""
    known: Member | None = g.get("member")
    if known:
        return known
    user = signed_in()
    lab = user.lab(lab_in_request()) if user else None
    return Member(lab, user.id_number, user.username, user.name) if user and lab else None


def signed_in() -> User | None:
    """The user of this request, None if nobody is signed in."""
    return current_user._get_current_object() if current_user and current_user.is_authenticated else None


def require(role: str) -> Member:
    """Who asks, if their role in the lab is `role` or a greater one; else a Problem, as the API would say it."""
    member = current_member()
    if member and member.may(role):
        return member
    name = f"a {member.role} of {member.lab.name}" if member else "a stranger here"
    raise Problem(403, "This is not yours to do", f"You are {name}: you can look, not change.")


def lab_in_request() -> str | None:
    """The lab's slug: the second part of the path, also on a page that is not there."""
    if request.view_args and "lab" in request.view_args:
        return str(request.view_args["lab"])
    parts = request.path.split("/")
    return parts[2] if len(parts) > 2 else None


def to_sign_in() -> Response:
    """Lead to /login and back here afterwards. htmx would put that page in place of a part, so it is told to go."""
    session.pop("login", None)
    where = sign_in_path(request)
    if is_fragment(request):
        response = Response(status=204)
        response.headers["HX-Redirect"] = where
        return response
    return redirect(where)


def init_app(app: Flask) -> None:
    """Set up flask-login; nothing but what is marked `public` is shown to nobody."""
    manager = LoginManager(app)
    manager.session_protection = None  # it binds to the address; a phone changes that on the way to the store room
    manager.user_loader(load_user)
    manager.unauthorized_handler(to_sign_in)
