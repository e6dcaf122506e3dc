"""What happens once a sign-in has succeeded: what the user has to know, and where they go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pages.common import kept_forms, login, navigation
from pages.common.app import toast
from pages.common.paths import on_this_site
from pages.login import known_browser

if TYPE_CHECKING:
    from pages.common import answers


def arrive(issued: answers.NewSession, wanted: str | None = None) -> Response:
    """Begin the session in this browser, and lead on: to `wanted`, else to where the form says that the user wanted to go."""
    form = kept_forms.unseal(request.form.get("kept"))
    user = login.sign_in(issued)
    if issued["refused_before"]:
        toast(render_template("login/refused_before.html", refused=issued["refused_before"]), stays=True)
    if issued["second_factor_reset_at"]:
        toast(render_template("login/factor_reset.html", at=issued["second_factor_reset_at"]), stays=True)
    if issued["password_first"]:
        toast("Choose a password of your own: the one that you were given is used up")
        response = redirect(url_for("login.account"))
    elif form and form.user_id == user.id_number:
        response = make_response(render_template("send_again.html", form=form))
    elif form:
        toast("What had been typed before was somebody else's. It was not sent.")
        response = redirect("/")
    elif issued["second_factor_needed"]:
        toast("A second factor is needed here: set it up first")
        response = redirect(url_for("login.second_factor"))
    else:
        response = redirect(onward(user, wanted or request.form.get("next")))
    known_browser.remember(request, response, user.username)
    return response


def onward(user: login.User, wanted: str | None) -> str:
    """Where to go after signing in: where the user wanted to go, their only lab, administration, or the choice."""
    target = on_this_site(wanted)
    if target and target != "/" and not target.startswith((navigation.SIGN_IN, navigation.SIGN_OUT)):
        return target
    return navigation.start(user)
