"""/chemicals/LAB/labels: the labels of containers, what they look like, and what the lab prints on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, redirect, render_template, request

from pages.chemicals.blueprint import Answer, blueprint
from pages.common import api
from pages.common.app import toast
from pages.common.login import require
from pages.common.narrowing import narrowing_of
from pages.common.navigation import path
from pages.common.problems import Problem

if TYPE_CHECKING:
    from pages.common import answers


@blueprint.get("/chemicals/<lab>/labels")
def labels(lab: str) -> Answer:
    """The containers to print labels for, and the choice of paper and fields. A scanned code adds its container."""
    chosen: dict[str, Any] = {name: request.args.getlist(name) for name in ("container", "chemical")}
    code, missed = request.args.get("scan", "").strip(), ""
    if code:
        found: answers.ContainerList = api.get(f"/labs/{lab}/containers", q=code, limit=1)
        if not found["exact"]:
            missed = code
        else:
            chosen["container"] += [found["items"][0]["id"]]
            return redirect(path("chemicals", "labels", **chosen))
    return _form(lab, chosen, missed=missed)


@blueprint.get("/chemicals/<lab>/labels.pdf")
def print_labels(lab: str) -> Answer:
    """The labels as a PDF, or as ZPL."""
    chosen = request.args.getlist("container")
    if not chosen:
        return redirect(path("chemicals", "labels", lab=lab))
    try:
        return api.stream(f"/labs/{lab}/labels", container=chosen, **_asked())
    except Problem as refused:
        return _form(lab, {"container": chosen}, refused.for_form())


@blueprint.get("/chemicals/<lab>/labels.png")
def show_label(lab: str) -> Answer:
    """The picture of the first label."""
    return api.stream(f"/labs/{lab}/labels/picture", container=request.args.getlist("container")[:1], **_asked())


@blueprint.route("/chemicals/<lab>/labels/keep", methods=["GET", "POST"])
def keep(lab: str) -> Answer:
    """Ask once, then paper and fields are those of the lab's labels from now on."""
    said, refused = request.values, None
    sheet = said.get("sheet", "")
    fields = said["fields"].split() if "fields" in said else said.getlist("field")
    chosen = said.get("containers", "").split() or said.getlist("container")
    if request.method == "POST":
        try:
            # The version of the lab's present choice, which this page showed beside the question
            settings = {"sheet": sheet, "fields": fields, "version": request.form.get("version")}
            api.put(f"/labs/{lab}/labels/settings", settings, key=request.form.get("key"))
        except Problem as problem:
            refused = problem.for_form()
        else:
            toast("The lab’s labels are like this from now on")
            return redirect(path("chemicals", "labels", container=chosen), 303)
    found: answers.LabelPreview = api.get(f"/labs/{lab}/labels/preview")
    require("manager")
    papers = {one["name"]: one["title"] for one in found["sheets"]}
    titles = {one["name"]: one["title"] for one in found["fields"]}
    page = render_template(
        "chemicals/labels_keep.html",
        sheet=sheet if sheet in papers else abort(404),
        fields=[name for name in titles if name in fields],
        now=found["settings"],
        papers=papers,
        titles=titles,
        chosen=chosen,
        refused=refused,
    )
    return (page, refused.status) if refused else page


def _asked() -> dict[str, Any]:
    """Paper, fields and format of the form; what it does not say is the lab's."""
    asked: dict[str, Any] = {name: request.args.get(name) or None for name in ("sheet", "skip", "format")}
    return asked | {"fields": ",".join(request.args.getlist("field")) if "chosen" in request.args else None}


def _form(lab: str, chosen: dict[str, Any], refused: Problem | None = None, missed: str = "") -> Answer:
    page: answers.LabelPreview = api.get(f"/labs/{lab}/labels/preview", **chosen, **narrowing_of(request.args))
    said, settings = request.values, page["settings"]
    answer = render_template(
        "chemicals/labels.html",
        page=page,
        sheets=[(one["name"], one["title"]) for one in page["sheets"]],
        formats=[(one["name"], one["title"]) for one in page["formats"]],
        missed=missed,
        refused=refused,
        sheet=said.get("sheet") or settings["sheet"],
        skip=said.get("skip"),
        form=said.get("format"),
        fields=said.getlist("field") if "chosen" in said else settings["fields"],
    )
    return (answer, refused.status) if refused else answer
