"""The page of a container, with its tests for peroxides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request

from pages.chemicals.blueprint import Answer, blueprint
from pages.common import api
from pages.common.app import toast
from pages.common.navigation import path
from pages.common.problems import Problem

if TYPE_CHECKING:
    from pages.common import answers


@blueprint.get("/chemicals/<lab>/containers/<int:container>")
def show_container(lab: str, container: int) -> Answer:
    """A container with its own history."""
    return _container(lab, container)


@blueprint.post("/chemicals/<lab>/containers/<int:container>/peroxide-tests")
def note_peroxide_test(lab: str, container: int) -> Answer:
    """Note a test for peroxides."""
    form = request.form
    said = {name: form.get(name, "").strip() for name in ("ppm", "tested_on", "next_due")}
    try:
        api.post(f"/labs/{lab}/containers/{container}/peroxide-tests", said, key=form.get("key"))
    except Problem as refused:
        return _container(lab, container, refused.for_form())
    toast("The test is noted")
    return redirect(path("chemicals", "containers", container) + "#peroxides", 303)


def _container(lab: str, container: int, refused: Problem | None = None) -> Answer:
    """The page of a container; with what was typed of a test for peroxides that was refused."""
    found: answers.ContainerDetail = api.get(f"/labs/{lab}/containers/{container}")
    typed = request.form if refused else {}
    errors = refused.by_field if refused else {}
    page = render_template("chemicals/container.html", container=found, refused=refused, typed=typed, errors=errors)
    return (page, refused.status) if refused else page
