"""/login, /logout, /account: the session begins and ends here; one's own password is changed here."""

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pages.common import api, login, navigation
from pages.common.app import THEMES, create_page, public, toast
from pages.common.config import PageSettings
from pages.common.paths import on_this_site
from pages.common.problems import Problem

blueprint = Blueprint("login", __name__, template_folder="templates")
A_YEAR = 365 * 24 * 3600


@blueprint.get("/login")
@public
def sign_in_form() -> Response | str:
    """The form; who is signed in already is led on."""
    if user := login.signed_in():
        return redirect(_onward(user, request.args.get("next")))
    return _form()


@blueprint.post("/login")
@public
def sign_in() -> Response | tuple[str, int]:
    """Sign in, then go where the user wanted to go, or choose a lab."""
    username, password = request.form.get("username", "").strip(), request.form.get("password", "")
    missing = {}
    if not username:
        missing["/username"] = "Type your user name."
    if not password:
        missing["/password"] = "Type your password."
    if missing:
        return _form(missing), 422
    try:
        issued = api.post("/sessions", {"username": username, "password": password, "address": request.remote_addr})
    except Problem as refused:
        if refused.status not in (401, 422, 429, 503):
            raise
        if refused.status == 503:
            return _form(away=True), 503
        said = refused.by_field or {"/password": refused.detail}
        return _form(said), refused.status
    user = login.sign_in(issued)
    return redirect(_onward(user, request.form.get("next")))


@blueprint.get("/login/lab")
def choose_lab() -> Response | str:
    """The user's labs as they are now: one may have been added since they signed in."""
    said = api.get("/sessions/current")
    login.keep(said)
    labs = [login.Lab(lab["id"], lab["slug"], lab["name"], lab["role"]) for lab in said["labs"]]
    return render_template("login/lab.html", labs=labs)


@blueprint.get("/logout")
@public
def sign_out_form() -> Response | str:
    """A link cannot sign anybody out: it only asks."""
    return render_template("login/logout.html") if login.signed_in() else redirect(url_for("login.sign_in_form"))


@blueprint.post("/logout")
@public
def sign_out() -> Response:
    """End the session at the API and here. If the API is away the cookie goes all the same; the session will expire."""
    if login.signed_in():
        try:
            api.delete("/sessions/current")
        except Problem as refused:
            if refused.status not in (401, 503):
                raise
    login.sign_out()
    return redirect(url_for("login.sign_in_form"))


@blueprint.get("/account")
def account() -> str:
    """The user's names and labs, and the form for a new password."""
    return render_template("login/account.html", problem=None)


@blueprint.post("/account")
def change_password() -> Response | tuple[str, int]:
    """Change one's own password; the rules are the API's, that both new ones are equal is seen here."""
    form = request.form
    new = form.get("new_password", "")
    if new != form.get("new_password_again", ""):
        unlike = Problem(
            422,
            "The password was not changed",
            "Your password was not changed.",
            [{"pointer": "/new_password_again", "detail": "This is not the same as the line above."}],
        )
        return render_template("login/account.html", problem=unlike), 422
    try:
        change = {"current_password": form.get("current_password", ""), "new_password": new}
        api.put("/sessions/current/password", change)
    except Problem as refused:
        if refused.status == 429:
            return render_template("login/account.html", problem=refused), 429
        return render_template("login/account.html", problem=refused.for_form()), refused.status
    toast("Your password is changed")
    return redirect(url_for("login.account"))


@blueprint.post("/login/theme")
@public
def set_theme() -> Response:
    """Light or dark, kept in a cookie for a year; the server writes it into the page, so that nothing flashes."""
    theme = request.form.get("theme")
    response = redirect(on_this_site(request.form.get("next")) or "/")
    if theme in THEMES:
        response.set_cookie("theme", theme, max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def _form(errors: dict[str, str] | None = None, away: bool = False) -> str:
    wanted = on_this_site(request.values.get("next"))
    return render_template(
        "login/login.html",
        errors=errors or {},
        away=away,
        username=request.form.get("username", "")[:200],
        next=wanted or "",
        wanted=navigation.title_of(wanted),
    )


def _onward(user: login.User, wanted: str | None) -> str:
    """Where to go after signing in: where the user wanted to go, their only lab, administration, or the choice."""
    target = on_this_site(wanted)
    if target and target != "/" and not target.startswith((navigation.SIGN_IN, navigation.SIGN_OUT)):
        return target
    return navigation.start(user)


def create_app(settings: PageSettings | None = None) -> Flask:
    """The page, for gunicorn and for tests."""
    return create_page(blueprint, settings)
