"""/login, /logout, /account: the session begins and ends here, and users change their password here.

A second factor is in second_factor.py, what follows a sign-in in arriving.py, access tokens of programs in tokens.py
and service_accounts.py, the identity provider in single_sign_on.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pages.common import api, cookies, kept_forms, login, navigation
from pages.common.app import THEME, THEMES, create_page, public, toast
from pages.common.config import PageSettings
from pages.common.paths import on_this_site
from pages.common.problems import Problem
from pages.login import known_browser, service_accounts, single_sign_on, tokens
from pages.login.arriving import arrive, onward
from pages.login.blueprint import blueprint
from pages.login.second_factor import ask_for_code

if TYPE_CHECKING:
    from pages.common import answers

__all__ = ["service_accounts", "single_sign_on", "tokens"]  # importing them adds their routes to the blueprint
# A bound, because anybody may post here. It leaves room for a kept form (kept_forms.py).
LARGEST_BODY = 128 * 1024


@blueprint.get("/login")
@public
def sign_in_form() -> Response | str:
    """The form; users who are signed in already are led on."""
    if user := login.signed_in():
        return redirect(onward(user, request.args.get("next")))
    return _form()


@blueprint.post("/login")
@public
def sign_in() -> Response | tuple[str, int]:
    """Sign in, then go where the user wanted to go, or choose a lab."""
    username, password = request.form.get("username", "").strip(), request.form.get("password", "")
    if not username and not password and (form := _kept_for_me()):
        return render_template("send_again.html", form=form), 200
    missing = {}
    if not username:
        missing["/username"] = "Type your user name."
    if not password:
        missing["/password"] = "Type your password."
    if missing:
        return _form(missing), 422
    try:
        credentials = {
            "username": username,
            "password": password,
            "address": request.remote_addr or "",
            "browser": request.user_agent.string[:200],
            "device": known_browser.device_of(request, username),
        }
        issued: answers.NewSession = api.post("/sessions", credentials)
    except Problem as refused:
        if refused.status not in (401, 422, 429, 503):
            raise
        if ticket := refused.extra.get("ticket"):
            return ask_for_code(username, ticket), 200
        if refused.status == 503:
            return _form(away=True), 503
        errors = refused.by_field or {"/password": refused.detail}
        return _form(errors), refused.status
    return arrive(issued)


@blueprint.get("/login/lab")
def choose_lab() -> Response | str:
    """The user's labs as they are now: one may have been added since they signed in."""
    current: answers.Session = api.get("/sessions/current")
    login.keep(current)
    labs = [login.Lab(lab["id"], lab["slug"], lab["name"], lab["role"]) for lab in current["labs"]]
    return render_template("login/lab.html", labs=labs)


@blueprint.get("/logout")
@public
def sign_out_form() -> Response | str:
    """Ask before signing out, because a mere link must not sign anybody out."""
    return render_template("login/logout.html") if login.signed_in() else redirect(url_for("login.sign_in_form"))


@blueprint.post("/logout")
@public
def sign_out() -> Response:
    """End the session at the API and here. If the API does not answer, the cookie is still removed, and the session expires."""
    if login.signed_in():
        try:
            api.delete("/sessions/current")
        except Problem as refused:
            if refused.status not in (401, 503):
                raise
    login.sign_out()
    # The user may still be signed in at the identity provider: the form leads there.
    ended = 1 if current_app.config["SINGLE_SIGN_ON"] else None
    response = redirect(url_for("login.sign_in_form", ended=ended))
    # The next user of this computer must find nothing of the lab.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@blueprint.get("/account")
def account() -> str:
    """The user's names, labs and sessions, and the form for a new password."""
    return _account(None)


@blueprint.post("/account/sessions/<int:session>/end")
def end_session(session: int) -> Response:
    """End one of the user's own sessions, such as that of a lost phone."""
    api.delete(f"/sessions/{session}")
    toast("That session has ended")
    return redirect(url_for("login.account"))


@blueprint.post("/account")
def change_password() -> Response | tuple[str, int]:
    """Change the user's own password. This page checks only that both new ones are equal; all other rules are the API's."""
    form = request.form
    new = form.get("new_password", "")
    if new != form.get("new_password_again", ""):
        unlike = Problem(
            422,
            "The password was not changed",
            "Your password was not changed.",
            [{"pointer": "/new_password_again", "detail": "This is not the same as the line above."}],
        )
        return _account(unlike), 422
    try:
        change = {"current_password": form.get("current_password", ""), "new_password": new}
        renewed: answers.NewToken = api.put("/sessions/current/password", change)
    except Problem as refused:
        if refused.status == 429:
            return _account(refused), 429
        return _account(refused.for_form()), refused.status
    login.renew(renewed["token"])
    toast("Your password is changed")
    return redirect(url_for("login.account"))


@blueprint.post("/login/theme")
@public
def set_theme() -> Response:
    """Keep the theme, light or dark, in a cookie for a year. The server writes the theme into the page, so that nothing flashes."""
    theme = request.form.get("theme")
    response = redirect(on_this_site(request.form.get("next")) or "/")
    if theme in THEMES:
        cookies.keep(response, THEME, theme)
    return response


def _kept_for_me() -> kept_forms.KeptForm | None:
    """The form that this page keeps, if its user has signed in meanwhile in another tab."""
    user, form = login.signed_in(), kept_forms.unseal(request.form.get("kept"))
    return form if user and form and form.user_id == user.id_number else None


def _account(problem: Problem | None) -> str:
    own: answers.OwnSessions = api.get("/sessions")
    words = {"sessions": own["items"], "describe": known_browser.describe}
    return render_template("login/account.html", problem=problem, **words)


def _form(errors: dict[str, str] | None = None, away: bool = False) -> str:
    wanted = on_this_site(request.values.get("next"))
    return render_template(
        "login/login.html",
        errors=errors or {},
        away=away,
        username=request.form.get("username", "")[:200],
        next=wanted or "",
        wanted=navigation.title_of(wanted),
        kept=request.form.get("kept") if kept_forms.unseal(request.form.get("kept")) else None,
    )


def create_app(settings: PageSettings | None = None) -> Flask:
    """The page, for gunicorn and for tests."""
    app = create_page(blueprint, settings, LARGEST_BODY)
    app.extensions["csrf"].exempt(single_sign_on.end_there)
    return app
