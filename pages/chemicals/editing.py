"""The form of a chemical: adding and editing it, and what the reference fills in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request

from pages.chemicals import forms
from pages.chemicals.blueprint import Answer, blueprint
from pages.chemicals.listing import HAZARDS
from pages.chemicals.reference_facts import facts_of
from pages.common import api, merging
from pages.common.app import toast
from pages.common.login import require
from pages.common.navigation import path
from pages.common.problems import Problem
from pages.common.words import UNITS

if TYPE_CHECKING:
    from pages.common import answers

CAS_NUMBER = re.compile(r"\s*(CAS\b.{0,4}?)?\d{2,7}[-‐–]\d{2}[-‐–]\d\s*", re.IGNORECASE)
MOST_SEARCHED = 200
"""The length of the longest text for which the API suggests substances."""


@blueprint.get("/chemicals/<lab>/new")
def new(lab: str) -> str:
    """The empty form; a search without hits has filled in its words."""
    require("member")
    query = request.args.get("q", "").strip()[:300]
    values = forms.chemical_values({"cas_number" if CAS_NUMBER.fullmatch(query) else "name": query})
    if values["cas_number"]:
        return _look_up(lab, None, values)
    return _form(None, values)


@blueprint.post("/chemicals/<lab>/new")
def add(lab: str) -> Answer:
    """List a chemical."""
    values = forms.typed_chemical(request.form)
    if _is_to_be_looked_up(values):
        return _look_up(lab, None, values)
    try:
        made: answers.WrittenChemical = api.post(
            f"/labs/{lab}/chemicals",
            forms.chemical_to_send(values, forms.LookUp.of(request.form).origins_in(values)),
            key=request.form.get("key"),
        )
    except Problem as refused:
        return _form(None, values, refused.for_form()), refused.status
    toast(f"{values['name']} is listed")
    return redirect(path("chemicals", made["id"]))


@blueprint.get("/chemicals/<lab>/<int:chemical>/edit")
def edit(lab: str, chemical: int) -> str:
    """The form of a chemical."""
    require("member")
    found: answers.Chemical = api.get(f"/labs/{lab}/chemicals/{chemical}")
    values = forms.chemical_values(found)
    return _form(found, values, was=merging.opened(values), found=forms.LookUp.of_listed(found))


@blueprint.post("/chemicals/<lab>/<int:chemical>/edit")
def change(lab: str, chemical: int) -> Answer:
    """Change a chemical."""
    values = forms.typed_chemical(request.form)
    listed = {"id": chemical, "name": request.form.get("called", "")}
    if _is_to_be_looked_up(values):
        return _look_up(lab, listed, values)
    found: answers.Chemical = api.get(f"/labs/{lab}/chemicals/{chemical}")
    now = forms.chemical_values(found)
    try:
        merging.merge(values, request.form.get("was"), now, together=forms.TOGETHER)
    except Problem as refused:
        return _form(listed, values, refused, was=merging.opened(now)), refused.status
    try:
        # Somebody else may have filled in fields since this form was opened.
        origins = [read.origins_in(values) for read in (forms.LookUp.of_listed(found), forms.LookUp.of(request.form))]
        sent = forms.chemical_to_send(values, origins[0] | origins[1]) | {"version": found["version"]}
        api.patch(f"/labs/{lab}/chemicals/{chemical}", sent, key=request.form.get("key"))
    except Problem as refused:
        return _form(listed, values, refused.for_form()), refused.status
    toast(f"{values['name']} is changed")
    return redirect(path("chemicals", chemical))


@blueprint.post("/chemicals/<lab>/look-up")
def look_up(lab: str) -> Answer:
    """For htmx: fills the fields that are still empty with what the reference knows of the typed CAS RN."""
    values, listed = forms.typed_chemical(request.form), request.form.get("listed", type=int)
    return _look_up(lab, {"id": listed} if listed else None, values, "chemicals/looked_up.html")


@blueprint.get("/chemicals/<lab>/substances")
def suggest_substances(lab: str) -> str:
    """For htmx: the substances that somebody may mean who types in a field of the form, which gives its text under its name."""
    field = next((name for name in forms.SUGGESTED if name in request.args), "")
    typed = request.args.get(field, "")
    # A whole CAS RN is looked up at once: suggestions would cover what the look-up says.
    is_looked_up = field == "cas_number" and CAS_NUMBER.fullmatch(typed)
    found = [] if is_looked_up else _substances_like(lab, typed)
    return render_template("chemicals/substances.html", field=field, substances=found)


@blueprint.get("/chemicals/<lab>/molar-mass")
def molar_mass(lab: str) -> str:
    """For htmx: the molar mass of the typed formula."""
    formula = request.args.get("formula", "").strip()
    try:
        found: answers.MolarMass | None = api.get(f"/labs/{lab}/molar-mass", formula=formula) if formula else None
    except Problem as refused:
        return render_template("chemicals/molar_mass.html", error=refused.for_form().detail, found=None)
    return render_template("chemicals/molar_mass.html", error=None, found=found)


def _substances_like(lab: str, typed: str) -> list[answers.Substance]:
    if not 2 <= len(typed.strip()) <= MOST_SEARCHED:
        return []
    found: answers.SubstanceList = api.get(f"/labs/{lab}/substances", q=typed.strip())
    return found["items"]


def _is_to_be_looked_up(values: forms.Values) -> bool:
    """Whether the user pressed Look up, chose a substance, or has changed the CAS RN so that values filled in for the former one would be saved with it."""
    form = request.form
    return form.get("act") in ("look-up", "replace") or "chosen" in form or forms.LookUp.of(form).is_of_another(values)


def _look_up(lab: str, listed: Mapping[str, object] | None, values: forms.Values, template: str = "") -> str:
    """The form after a look-up: empty fields have the reference's values, and values that were filled in for another CAS RN are gone."""
    found, errors = forms.LookUp.of(request.form), {}
    substance: answers.Substance | None = None
    chosen, number = forms.chosen_substance(request.form)
    if chosen:
        values["cas_number"] = number
    typed_in = next((name for name in forms.SUGGESTED if values[name]), "name")
    like = [] if template or values["cas_number"] else _substances_like(lab, values[typed_in])
    found.take_back(values)
    if CAS_NUMBER.fullmatch(values["cas_number"]):
        try:
            known: answers.Substance = api.get(f"/labs/{lab}/substances/{values['cas_number']}")
            substance = known
        except Problem as problem:
            errors["/cas_number"] = problem.detail
    elif not template and not like:
        errors["/cas_number"] = "Write the CAS RN to look up, such as 109-99-9, or a name that the reference has."
    if substance:
        if chosen and substance["known"] and chosen != "cas_number":
            values[chosen] = ""  # what was typed there only asked for the substance
        substance["listed"] = [other for other in substance["listed"] if not listed or other["id"] != listed["id"]]
        found.fill_in(values, substance, over=request.form.get("act") == "replace")
    words: dict[str, Any] = {
        "substance": substance,
        "facts": facts_of(substance) if substance else [],
        "found": found,
        "values": values,
        "titles": forms.TITLES,
        "chosen": chosen,
        "like": like,
        "typed_in": typed_in,
    }
    if template:
        return render_template(template, errors=errors, hazards=HAZARDS, **words)
    refused = (
        Problem(422, "Nothing was looked up", "", [{"pointer": "/cas_number", "detail": errors["/cas_number"]}])
        if errors
        else None
    )
    return _form(listed, refused=refused, **words)


def _form(
    listed: Mapping[str, object] | None, values: forms.Values, refused: Problem | None = None, **words: Any
) -> str:
    return render_template(
        "chemicals/form.html",
        listed=listed,
        values=values,
        refused=refused,
        errors=forms.errors_of(refused) if refused else {},
        hazards=HAZARDS,
        units=UNITS,
        **{
            "was": request.form.get("was"),
            "substance": None,
            "facts": [],
            "found": forms.LookUp.of(request.form),
            "titles": forms.TITLES,
            "like": [],
        }
        | words,
    )
