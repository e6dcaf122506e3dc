"""/reconcile/LAB/locations/labels: labels with a code for all locations, or for one with all that lies in it (`inside`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template, request

from pages.common import api
from pages.common.ids import id_of
from pages.common.problems import Problem
from pages.reconcile.blueprint import Answer, blueprint

if TYPE_CHECKING:
    from pages.common import answers


@blueprint.get("/reconcile/<lab>/locations/labels")
def show_location_labels(lab: str) -> Answer:
    """The locations that get a label, the first label as it will be printed, and the choice of paper."""
    return _form(lab)


@blueprint.get("/reconcile/<lab>/locations/labels.pdf")
def print_location_labels(lab: str) -> Answer:
    """The labels as a PDF, or as ZPL."""
    try:
        return api.stream(f"/labs/{lab}/location-labels", **_asked("inside", "sheet", "skip", "format"))
    except Problem as refused:
        return _form(lab, refused.for_form())


@blueprint.get("/reconcile/<lab>/locations/labels.png")
def show_location_label(lab: str) -> Answer:
    """The picture of the first label."""
    return api.stream(f"/labs/{lab}/location-labels/picture", **_asked("inside", "sheet"))


def _asked(*names: str) -> dict[str, Any]:
    asked: dict[str, Any] = {name: request.args.get(name) or None for name in names}
    return asked | {"inside": id_of(request.args.get("inside", ""))}


def _form(lab: str, refused: Problem | None = None) -> Answer:
    page: answers.LocationLabels = api.get(f"/labs/{lab}/location-labels/preview", **_asked("inside"))
    said = request.args
    answer = render_template(
        "reconcile/location_labels.html",
        page=page,
        inside=id_of(said.get("inside", "")),
        sheets=[(one["name"], one["title"]) for one in page["sheets"]],
        formats=[(one["name"], one["title"]) for one in page["formats"]],
        sheet=said.get("sheet") or page["sheet"],
        skip=said.get("skip"),
        form=said.get("format"),
        refused=refused,
    )
    return (answer, refused.status) if refused else answer
