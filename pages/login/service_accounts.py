"""/account/programs/LAB: the service accounts of a lab and their access tokens, for its managers. A new token is shown once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pages.common import api
from pages.common.app import toast
from pages.common.problems import Problem
from pages.login.blueprint import blueprint
from pages.login.tokens import BEGUN, DAYS, days_of

if TYPE_CHECKING:
    from pages.common import answers

NUMBER = "int(max=9223372036854775807)"


@blueprint.get("/account/programs/<lab>")
def list_service_accounts(lab: str) -> str:
    """The lab's programs, and the form for another."""
    return _accounts(lab, {"name": ""}, None)


@blueprint.post("/account/programs/<lab>")
def make_service_account(lab: str) -> Response | tuple[str, int]:
    """Make a service account, and lead to it."""
    wanted = {"name": request.form.get("name", "")}
    try:
        made: answers.Written = api.post(f"/labs/{lab}/service-accounts", wanted)
    except Problem as refused:
        return _accounts(lab, wanted, refused.for_form()), refused.status
    return redirect(url_for("login.show_service_account", lab=lab, account=made["id"]))


@blueprint.get(f"/account/programs/<lab>/<{NUMBER}:account>")
def show_service_account(lab: str, account: int) -> str:
    """One program: its tokens, and the form for another."""
    return _account(lab, account, BEGUN, None)


@blueprint.post(f"/account/programs/<lab>/<{NUMBER}:account>")
def make_service_token(lab: str, account: int) -> str | tuple[str, int]:
    """Make a token of the program and show it, this once."""
    wanted = {"name": request.form.get("name", ""), "access": request.form.get("access", ""), "days": days_of(request)}
    try:
        made: answers.MadeToken = api.post(f"/labs/{lab}/service-accounts/{account}/tokens", wanted)
    except Problem as refused:
        return _account(lab, account, wanted, refused.for_form()), refused.status
    here = url_for("login.show_service_account", lab=lab, account=account)
    trail = [("Programs", url_for("login.list_service_accounts", lab=lab)), ("Access tokens", here)]
    return render_template("login/token.html", made=made, name=wanted["name"], trail=trail)


@blueprint.post(f"/account/programs/<lab>/<{NUMBER}:account>/<{NUMBER}:token>/revoke")
def revoke_service_token(lab: str, account: int, token: int) -> Response:
    """End a token of the program at once."""
    api.delete(f"/labs/{lab}/service-accounts/{account}/tokens/{token}")
    toast("That token is revoked")
    return redirect(url_for("login.show_service_account", lab=lab, account=account))


@blueprint.route(f"/account/programs/<lab>/<{NUMBER}:account>/remove", methods=["GET", "POST"])
def remove_service_account(lab: str, account: int) -> str | Response:
    """Ask once, then end the program with all its tokens."""
    if request.method == "GET":
        return render_template("login/remove_service_account.html", account=_found(lab, account))
    api.delete(f"/labs/{lab}/service-accounts/{account}")
    toast("That program is removed; its tokens open nothing any more")
    return redirect(url_for("login.list_service_accounts", lab=lab))


def _accounts(lab: str, wanted: dict[str, Any], problem: Problem | None) -> str:
    found: answers.ServiceAccounts = api.get(f"/labs/{lab}/service-accounts")
    return render_template("login/service_accounts.html", accounts=found["items"], wanted=wanted, problem=problem)


def _account(lab: str, account: int, wanted: dict[str, Any], problem: Problem | None) -> str:
    words = {"account": _found(lab, account), "wanted": wanted, "days": DAYS, "problem": problem}
    return render_template("login/service_account.html", **words)


def _found(lab: str, account: int) -> answers.ServiceAccount:
    found: answers.ServiceAccounts = api.get(f"/labs/{lab}/service-accounts")
    for item in found["items"]:
        if item["id"] == account:
            return item
    raise Problem(404, "Not found", "The lab has no such program.")
