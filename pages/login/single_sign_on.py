"""/login/single-sign-on: signing in through the identity provider, where the setting CHEMTRACK_SINGLE_SIGN_ON names one.

What must come back from there is kept meanwhile in a signed cookie of this browser, so that nobody can be signed in by a link that was
begun in another browser. The API alone talks to the provider, and knows the client secret.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from flask import abort, current_app, redirect, render_template, request, url_for
from itsdangerous import BadData
from werkzeug.wrappers import Response

from pages.common import api, cookies
from pages.common.app import public, toast
from pages.common.paths import on_this_site
from pages.common.problems import Problem
from pages.common.signing import serializer
from pages.login.arriving import arrive
from pages.login.blueprint import blueprint

if TYPE_CHECKING:
    from pages.common import answers

COOKIE, PURPOSE = "chemtrack-single-sign-on", "a single sign-on that was begun"
LASTS = 15 * 60
"""Seconds that somebody may take at the provider."""
START_AGAIN = "This sign-in was not begun in this browser, or more than a quarter of an hour ago. Start again."


@blueprint.before_request
def only_where_there_is_one() -> None:
    """Without a provider there is nothing at these addresses."""
    if (
        request.path.startswith(("/login/single-sign-on", "/account/signed-in"))
        and not current_app.config["SINGLE_SIGN_ON"]
    ):
        abort(404)


@blueprint.get("/login/single-sign-on")
@public
def go_there() -> Response:
    """Sends the browser to the provider. With `again`, the provider asks anew who somebody is, as before a grave act."""
    if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        # Another site's link would sign in whoever is signed in at the provider, without an act of theirs: the form has the button.
        return redirect(url_for("login.sign_in_form", next=on_this_site(request.args.get("next"))))
    try:
        way: answers.WayThere = api.post("/single-sign-on", {"again": request.args.get("again") == "1"})
    except Problem as refused:
        return _back_to_the_form(refused)
    kept = {name: way[name] for name in ("state", "nonce", "verifier")}
    response = redirect(way["address"])
    sealed = str(serializer(PURPOSE).dumps(kept | {"next": on_this_site(request.args.get("next")) or ""}))
    cookies.keep(response, COOKIE, sealed, LASTS)
    return response


@blueprint.get("/login/single-sign-on/back")
@public
def come_back() -> Response:
    """Back from the provider: the API asks it who this is, and signs them in."""
    try:
        kept = serializer(PURPOSE).loads(request.cookies.get(cookies.name_of(COOKIE), ""), max_age=LASTS)
    except BadData:
        return _back_to_the_form(Problem(401, "Start again", START_AGAIN))
    if not hmac.compare_digest(request.args.get("state", "").encode(), kept["state"].encode()):
        response = _back_to_the_form(Problem(401, "Start again", START_AGAIN))
    elif not request.args.get("code"):
        response = _back_to_the_form(
            Problem(401, "Refused", "The identity provider did not sign you in."), kept["next"]
        )
    else:
        response = _arrive(kept)
    cookies.forget(response, COOKIE)  # a code counts once, and so does what was kept for it
    return response


@blueprint.get("/account/signed-in")
def done() -> str:
    """After signing in again in a second tab, before a grave act in the first."""
    return render_template("login/done.html")


@blueprint.post("/login/single-sign-on/ended")
@public
def end_there() -> tuple[str, int]:
    """The provider, not a browser, says that somebody signed out there; the API verifies its signature. So no CSRF token is asked for."""
    try:
        api.post("/single-sign-on/ended", {"logout_token": request.form.get("logout_token", "")[:8000]})
    except Problem as refused:
        return refused.detail, 400 if refused.status in (400, 422) else refused.status
    return "", 200


@blueprint.get("/login/single-sign-on/sign-out")
@public
def sign_out_there() -> Response:
    """To where this browser signs out of the provider itself."""
    there: answers.SignOutAddress = api.get("/single-sign-on/sign-out")
    return redirect(there["address"] or url_for("login.sign_in_form"))


def _arrive(kept: dict[str, str]) -> Response:
    back = {
        "code": request.args["code"],
        "nonce": kept["nonce"],
        "verifier": kept["verifier"],
        "address": request.remote_addr or "",
        "browser": request.user_agent.string[:200],
    }
    try:
        issued: answers.NewSession = api.post("/sessions/single-sign-on", back)
    except Problem as refused:
        return _back_to_the_form(refused, kept["next"])
    return arrive(issued, kept["next"])


def _back_to_the_form(refused: Problem, wanted: str = "") -> Response:
    """To the sign-in form, which says what was refused."""
    if refused.status not in (401, 422, 429, 503):
        raise refused
    toast(refused.detail or refused.title, stays=True)
    return redirect(url_for("login.sign_in_form", next=wanted or on_this_site(request.args.get("next")) or None))
