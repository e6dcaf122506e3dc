"""Who is signed in, kept wholly in the signed cookie: no page has a store of its own (but see sessions.py).

The cookie holds the API's session token, the user's names and the labs as they were at sign-in. Roles change: what the
API said in this request (`g.member`) always goes before the cookie.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from pages.common import kept_forms, sessions
from pages.common.paths import is_fragment, on_this_site, sign_in_path, this_address
from pages.common.problems import Problem

if TYPE_CHECKING:
    from pages.common import answers

COLOURS = 8
# The side bar lists this many labs, which bounds the cookie; users with more labs choose on a page.
LABS_IN_COOKIE = 8
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
        """The letter on the lab's tile."""
        return self.name[:1].upper() or "?"


@dataclass(frozen=True)
class Member:
    """The user of a request, with the lab and their role there. In templates: `member.lab.name`, `member.may('manager')`."""

    lab: Lab
    user_id: int
    username: str
    name: str

    @classmethod
    def from_api(cls, answer: dict[str, Any]) -> Member:
        """Read the header X-Chemtrack-Member: {"lab": {…}, "user": {…}, "role": "manager"}."""
        lab, user = answer["lab"], answer["user"]
        return cls(
            Lab(int(lab["id"]), str(lab["slug"]), str(lab["name"]), str(answer["role"]), str(lab["time_zone"])),
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
        self.idle_seconds: int = kept["idle_seconds"]
        self.id_number: int = kept["id"]
        self.username: str = kept["username"]
        self.name: str = kept["name"]
        self.administrator: bool = kept["administrator"]
        self.labs = [Lab(**lab) for lab in kept["labs"]]
        self.more_labs: bool = kept["more_labs"]

    def get_id(self) -> str:
        return str(self.id_number)

    @property
    def times(self) -> dict[str, int]:
        """For the page's script (session.js): the seconds until the session ends, and after which it ends without a request."""
        return {"user": self.id_number, "left": round(self.expires - time.time()), "idle": self.idle_seconds}

    def lab(self, slug: str | None) -> Lab | None:
        """The user's lab with this slug, if the cookie has it."""
        return next((lab for lab in self.labs if lab.slug == slug), None)


def sign_in(issued: answers.NewSession) -> User:
    """Begin a session from the API's answer to POST /sessions; an earlier session's content of the cookie is dropped."""
    session.clear()
    session.permanent = True
    session["login"] = {"token": issued["token"]}
    keep(issued)
    kept_forms.bind(int(issued["user"]["id"]))
    sessions.renew()
    user = User(session["login"])
    login_user(user)
    return user


def keep(current: answers.Session | answers.NewSession) -> None:
    """Put the API's present data of the session into the cookie, beside the token, which the API returns only at sign-in."""
    labs = current["labs"][:LABS_IN_COOKIE]
    session["login"] = {
        "token": session["login"]["token"],
        "expires": datetime.fromisoformat(current["expires_at"]).timestamp(),
        "idle_seconds": current["idle_seconds"],
        "id": current["user"]["id"],
        "username": current["user"]["username"],
        "name": current["user"]["name"],
        "administrator": bool(current["administrator"]),
        "labs": [{key: lab[key] for key in ("id", "slug", "name", "role")} for lab in labs],
        "more_labs": len(current["labs"]) > LABS_IN_COOKIE,
    }


def renew(token: str) -> None:
    """Replace the API's token in the cookie, because a changed password gives the session another one."""
    session["login"] = session["login"] | {"token": token}
    sessions.renew()


def sign_out() -> None:
    """End the session in this browser."""
    logout_user()
    session.clear()


def load_user(user_id: str) -> User | None:
    """flask-login's user loader. A cookie that has expired, or has the fields of an older release, counts as no cookie."""
    try:
        user = User(session["login"])
    except (KeyError, TypeError):
        return None
    return user if user.get_id() == user_id and time.time() < user.expires else None


def current_member() -> Member | None:
    """The member that the request comes from, in the lab of its path; None on pages without a lab (sign-in, administration)."""
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
    """The member that the request comes from. Raises Problem 403, as the API would, if their role is below `role`."""
    member = current_member()
    if member is None and (lab := lab_in_request()):
        # The cookie has only some of the user's labs. The API knows all of them, and answers 404 to a user outside the lab
        current_app.extensions["chemtrack-api"].call("GET", f"/labs/{lab}/membership")
        member = current_member()
    if member and member.may(role):
        return member
    name = f"a {member.role} of {member.lab.name}" if member else "a stranger here"
    may = "you can look, not change" if role == "member" else f"only a {role} may do this"
    raise Problem(403, "This is not yours to do", f"You are {name}: {may}.")


def lab_in_request() -> str | None:
    """The lab's slug: the second part of the path, also on a page that is not there."""
    if request.view_args and "lab" in request.view_args:
        return str(request.view_args["lab"])
    parts = request.path.split("/")
    return parts[2].lower() if len(parts) > 2 else None  # addresses on labels are in capitals


def to_sign_in() -> ResponseReturnValue:
    """Lead to /login and back here afterwards. A form that was sent, and the fields of a page that asked by htmx, are kept."""
    session.pop("login", None)
    if is_fragment(request):
        return signed_out_note()
    if request.method in ("GET", "HEAD"):
        return redirect(sign_in_path(request))
    form = kept_forms.form_of_request()
    back = on_this_site(this_address(request)) or "/"
    sealed, had_file = (kept_forms.seal(form), form.had_file) if form else (None, bool(request.files))
    return render_template("signed_out.html", kept=sealed, had_file=had_file, back=back), 401


def signed_out_note(again: bool = False) -> ResponseReturnValue:
    """The note for htmx, in place of a whole sign-in page. `again`: the user has signed in anew; the page's forms get a new token."""
    if request.headers.get("X-Quiet"):
        return Response(status=204)
    headers = {"HX-Retarget": "#ct-problem", "HX-Reswap": "innerHTML show:window:top", "HX-Reselect": "unset"}
    if again:
        headers["HX-Trigger"] = json.dumps({"ct-token": generate_csrf()})
    return render_template("signed_out_note.html", again=again), 401, headers


def init_app(app: Flask) -> None:
    """Set up flask-login. Without being signed in, only views marked `public` are shown."""
    manager = LoginManager(app)
    # Flask-Login's own protection is off: it ties a session to an IP address, which a phone changes on the way to the store room.
    manager.session_protection = None
    manager.user_loader(load_user)
    manager.unauthorized_handler(to_sign_in)
