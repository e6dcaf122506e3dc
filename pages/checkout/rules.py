"""/checkout/LAB/rules: what happens when somebody takes from a container that should not be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from pages.checkout.blueprint import Answer, blueprint
from pages.common import api
from pages.common.app import toast
from pages.common.login import require
from pages.common.problems import Problem

if TYPE_CHECKING:
    from pages.common import answers

ASKED = {
    "expired": "A container that is expired",
    "marked": "One that is marked for deletion",
    "peroxides": "One with too many peroxides, or whose test is due",
}
"""What the lab decides about, as the form says it."""


@blueprint.get("/checkout/<lab>/rules")
def show_rules(lab: str) -> Answer:
    """The lab's rules, as a form for managers."""
    return _form(lab)


@blueprint.post("/checkout/<lab>/rules")
def keep_rules(lab: str) -> Answer:
    """The lab's rules from now on."""
    form = request.form
    said = {name: form.get(name, "").strip() for name in (*ASKED, "peroxide_limit_ppm", "version")}
    try:
        api.put(f"/labs/{lab}/check-out-rules", said, key=form.get("key"))
    except Problem as refused:
        return _form(lab, refused.for_form())
    toast("Check-outs follow these rules from now on")
    return redirect(url_for("checkout.show", lab=lab), 303)


def _form(lab: str, refused: Problem | None = None) -> Answer:
    found: answers.Rules = api.get(f"/labs/{lab}/check-out-rules")
    require("manager")
    values = request.form if refused else found
    # A rule that somebody else changed meanwhile is said above the form; saving again puts the one that was chosen in its place.
    page = render_template(
        "checkout/rules.html",
        asked=ASKED,
        values=values,
        now=found,
        refused=refused,
        errors=refused.by_field if refused else {},
    )
    return (page, refused.status) if refused else page
