"""/account/tokens: the access tokens with which programs act for the user, and where managers keep the programs of their labs. A new token is
shown once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pages.common import api
from pages.common.app import toast
from pages.common.problems import Problem
from pages.login.blueprint import blueprint

if TYPE_CHECKING:
    from flask import Request

    from pages.common import answers

DAYS = [(7, "a week"), (30, "30 days"), (90, "90 days"), (180, "half a year"), (365, "a year")]
BEGUN: dict[str, Any] = {"name": "", "access": "read", "labs": [], "days": 90}
"""The form as it is before somebody fills it in."""


@blueprint.get("/account/tokens")
def list_tokens() -> str:
    """The user's tokens, and the form for another."""
    return _tokens(BEGUN, None)


@blueprint.post("/account/tokens")
def make_token() -> str | tuple[str, int]:
    """Make a token and show it, this once."""
    form = request.form
    wanted = {
        "name": form.get("name", ""),
        "access": form.get("access", ""),
        "labs": form.getlist("labs"),
        "days": days_of(request),
    }
    try:
        made: answers.MadeToken = api.post("/tokens", wanted)
    except Problem as refused:
        return _tokens(wanted, refused.for_form()), refused.status
    trail = [("My account", "/account"), ("Access tokens", url_for("login.list_tokens"))]
    return render_template("login/token.html", made=made, name=wanted["name"], trail=trail)


@blueprint.post("/account/tokens/<int:token>/revoke")
def revoke_token(token: int) -> Response:
    """End a token at once."""
    api.delete(f"/tokens/{token}")
    toast("That token is revoked")
    return redirect(url_for("login.list_tokens"))


def days_of(asked: Request) -> int:
    """For how many days the form says; 0, which the API refuses, where that is no number."""
    days = asked.form.get("days", "")
    return int(days) if days.isascii() and days.isdigit() and len(days) < 5 else 0


def _tokens(wanted: dict[str, Any], problem: Problem | None) -> str:
    own: answers.AccessTokens = api.get("/tokens")
    words = {"tokens": own["items"], "labs": own["own_labs"], "wanted": wanted, "days": DAYS}
    return render_template("login/tokens.html", problem=problem, **words)
