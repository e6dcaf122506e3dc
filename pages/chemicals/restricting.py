"""A restricted chemical: who may take it, and the running balance of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, redirect, render_template, request

from pages.chemicals.blueprint import Answer, blueprint
from pages.common import api
from pages.common.app import toast
from pages.common.login import require
from pages.common.navigation import path
from pages.common.problems import Problem

if TYPE_CHECKING:
    from pages.common import answers


@blueprint.get("/chemicals/<lab>/<int:chemical>/restriction")
def ask_who_may_take_it(lab: str, chemical: int) -> Answer:
    """The form for managers: whether the chemical is restricted, and who may take it then."""
    return _form(lab, chemical)


@blueprint.post("/chemicals/<lab>/<int:chemical>/restriction")
def restrict(lab: str, chemical: int) -> Answer:
    """Restrict the chemical, or lift its restriction."""
    form = request.form
    said = {
        "is_restricted": bool(form.get("is_restricted")),
        "user_ids": form.getlist("user", type=int),
        "version": form.get("version"),
    }
    try:
        api.put(f"/labs/{lab}/chemicals/{chemical}/restriction", said, key=form.get("key"))
    except Problem as refused:
        return _form(lab, chemical, refused.for_form())
    toast("Named members alone take it" if said["is_restricted"] else "All members take it")
    return redirect(path("chemicals", chemical), 303)


def _form(lab: str, chemical: int, refused: Problem | None = None) -> Answer:
    found: answers.Restriction = api.get(f"/labs/{lab}/chemicals/{chemical}/restriction")
    require("manager")
    named = {person["id"] for person in found["members"]}
    is_restricted = found["is_restricted"]
    if refused:
        named, is_restricted = set(request.form.getlist("user", type=int)), bool(request.form.get("is_restricted"))
    page = render_template(
        "chemicals/restriction.html", found=found, named=named, is_restricted=is_restricted, refused=refused
    )
    return (page, refused.status) if refused else page


@blueprint.get("/chemicals/<lab>/<int:chemical>/balance")
def show_balance(lab: str, chemical: int) -> Answer:
    """The running balance: each line with what all containers together held after it."""
    found: answers.Balance = api.get(f"/labs/{lab}/chemicals/{chemical}/balance")
    return render_template("chemicals/balance.html", found=found)


@blueprint.get("/chemicals/<lab>/<int:chemical>/balance.csv")
def download_balance(lab: str, chemical: int) -> Response:
    """The running balance as a file."""
    return api.stream(f"/labs/{lab}/chemicals/{chemical}/balance.csv")
