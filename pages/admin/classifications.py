"""/admin/classifications: lists of hazard classifications are uploaded, looked at, and kept for all labs or discarded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from pages.admin.blueprint import Answer, blueprint
from pages.common import api
from pages.common.app import toast
from pages.common.problems import Problem

if TYPE_CHECKING:
    from pages.common import answers


@blueprint.get("/admin/classifications")
def show_classifications() -> Answer:
    """All versions of all lists, and the form for another."""
    return _show_lists()


@blueprint.post("/admin/classifications")
def upload_classifications() -> Answer:
    """Upload a list; what was understood of it is shown next."""
    file = request.files.get("file")
    typed = {name: request.form.get(name, "").strip() for name in ("name", "version")}
    if file is None or not file.filename:
        missing = Problem(422, "Choose a file", "", [{"pointer": "/file", "detail": "Choose a file."}])
        return _show_lists(missing), 422
    try:
        made: answers.LoadedList = api.upload("/classifications", file.stream, file.filename, **typed)
    except Problem as refused:
        return _show_lists(refused.for_form()), refused.status
    return redirect(url_for("admin.show_classification_list", number=made["id"]), 303)


def _show_lists(problem: Problem | None = None) -> str:
    found: answers.ClassificationLists = api.get("/classifications")
    return render_template("admin/classifications.html", lists=found["items"], problem=problem, typed=request.form)


@blueprint.get("/admin/classifications/<int:number>")
def show_classification_list(number: int) -> Answer:
    """What was understood of a list, and which rows were not."""
    found: answers.LoadedList = api.get(f"/classifications/{number}")
    return render_template("admin/classification_list.html", it=found, problem=None)


@blueprint.post("/admin/classifications/<int:number>/keep")
def keep_classifications(number: int) -> Answer:
    """Let all labs see the list."""
    try:
        kept: answers.LoadedList = api.post(f"/classifications/{number}/keep")
    except Problem as refused:
        found: answers.LoadedList = api.get(f"/classifications/{number}")
        return render_template("admin/classification_list.html", it=found, problem=refused.for_form()), refused.status
    toast(f"All labs see {kept['name']}, {kept['version']} now")
    return redirect(url_for("admin.show_classifications"), 303)


@blueprint.post("/admin/classifications/<int:number>/discard")
def discard_classifications(number: int) -> Answer:
    """Discard a list that was not kept."""
    try:
        api.delete(f"/classifications/{number}")
    except Problem as refused:
        toast(refused.for_form().detail, stays=True)
    else:
        toast("The list is discarded")
    return redirect(url_for("admin.show_classifications"), 303)
