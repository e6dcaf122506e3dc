"""Before a grave act the API wants the user's password again, if it was typed some minutes ago: the page asks, and the form is kept.

The API refuses the act with 403 and the pointer /session/password. `ask` answers with a form of one field that holds, hidden, all that was
sent; its button sends all of it to the same address again. There `init_app` gives the password to the API before the view runs.
"""

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue

from pages.common import api, kept_forms
from pages.common.kept_forms import PASSWORD_AGAIN, PASSWORD_AGAIN_BACK
from pages.common.paths import on_this_site, this_address
from pages.common.problems import Problem

POINTER = "/session/password"


def is_asked_for(problem: Problem) -> bool:
    """Whether the API refused an act because it wants the password again."""
    return problem.status == 403 and POINTER in problem.by_field and request.method == "POST"


def ask(wrong: Problem | None = None) -> ResponseReturnValue:
    """The form for the password, with the fields of this request. `wrong` says why the password that was typed is refused."""
    if wrong is None and request.form.get(PASSWORD_AGAIN) == "":
        wrong = Problem(422, "Not accepted", "Type your password, or sign in again in the new tab first.")
    words = {
        "fields": kept_forms.fields_of_request() or [],
        "errors": {f"/{PASSWORD_AGAIN}": wrong.detail} if wrong else {},
        "back": on_this_site(request.form.get(PASSWORD_AGAIN_BACK)) or on_this_site(this_address(request)) or "/",
    }
    return render_template("confirm_password.html", **words), wrong.status if wrong else 403


def init_app(app: Flask) -> None:
    """Give the API the password that came with a form, before the view does what the form asks for."""

    @app.before_request
    def confirm() -> ResponseReturnValue | None:
        password = request.form.get(PASSWORD_AGAIN) if request.method == "POST" else None
        if password is None:
            return None
        if not password and app.config["SINGLE_SIGN_ON"]:
            return None  # the user may have signed in again at the identity provider: the API knows, and else refuses the act once more
        if not password:
            return ask(Problem(422, "Not accepted", "Type your password."))
        try:
            api.put("/sessions/current/confirmation", {"password": password, "address": request.remote_addr or ""})
        except Problem as refused:
            if refused.status in (422, 429):
                return ask(refused)
            raise
        return None
