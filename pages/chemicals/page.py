"""/chemicals/LAB: the list, one chemical, adding and editing; /chemicals/LAB/containers, labels; /C/LAB/CODE from a label."""

import re
from typing import Any

from flask import Blueprint, Flask, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from pages.chemicals import forms
from pages.chemicals.listing import (
    FLAGS,
    HAZARDS,
    OTHER_HAZARDS,
    STATES,
    Listing,
    badge_of,
    days_left,
    place,
    state_of_hazards,
)
from pages.common import api
from pages.common.app import create_page, toast
from pages.common.config import PageSettings
from pages.common.login import current_member
from pages.common.navigation import path
from pages.common.paths import is_fragment
from pages.common.problems import Problem

blueprint = Blueprint("chemicals", __name__, template_folder="templates")

Answer = Response | str | tuple[str, int]
CAS_NUMBER = re.compile(r"\s*(CAS\b.{0,4}?)?\d{2,7}[-‐–]\d{2}[-‐–]\d\s*", re.IGNORECASE)


# -- the list -----------------------------------------------------------------------------------------------------


@blueprint.get("/chemicals")
def no_lab() -> Response:
    """Without a lab there is no list: the way leads to one's lab."""
    return redirect("/")


@blueprint.get("/chemicals/<lab>")
def show_list(lab: str) -> Answer:
    """A page of the list. A barcode that was scanned leads to its container; for htmx only what changed."""
    listing, fragment = Listing.read(request.args), is_fragment(request)
    # The rail stands as it is while one types; another location shows those around it.
    with_rail = not fragment or request.headers.get("HX-Trigger") == "filters"
    try:
        page = api.get(f"/labs/{lab}/chemicals", facets=with_rail, **listing.given)
    except Problem as refused:
        if refused.status != 422:
            raise
        listing.drop(refused)
        page = api.get(f"/labs/{lab}/chemicals", facets=with_rail, **listing.given)
    if page["container"] and not fragment and not listing.filters:
        return redirect(path("C", page["container"]["barcode"]))
    words = {
        "listing": listing,
        "page": page,
        "facets": page["facets"],
        "rail": listing.rail(page["facets"]["locations"]) if with_rail else [],
    }
    if not fragment:
        return render_template("chemicals/list.html", **words)
    response = make_response(render_template("chemicals/found.html", **words))
    # Each filter is a step to go back to; each letter is not.
    response.headers["HX-Push-Url" if with_rail else "HX-Replace-Url"] = listing.address()
    return response


@blueprint.get("/chemicals/<lab>/<any('chemicals.csv', 'containers.csv'):file>")
def export(lab: str, file: str) -> Response:
    """The list, or its containers, as a file."""
    given = {name: value for name, value in Listing.read(request.args).given.items() if name != "cursor"}
    return api.stream(f"/labs/{lab}/{file}", **given)


@blueprint.get("/C/<lab>/<code>")
def scanned(lab: str, code: str) -> Response:
    """The address on a label: the chemical's page with that container on top."""
    container = api.get(f"/labs/{lab}/containers/by-barcode/{code}")
    return redirect(path("chemicals", container["chemical_id"], container=container["id"]))


# -- one chemical -------------------------------------------------------------------------------------------------


@blueprint.get("/chemicals/<lab>/<int:chemical>")
def show(lab: str, chemical: int) -> str:
    """A chemical; ?container= is shown on top of it."""
    found = api.get(f"/labs/{lab}/chemicals/{chemical}")
    asked = request.args.get("container", "")
    chosen = next((container for container in found["containers"] if str(container["id"]) == asked), None)
    return render_template("chemicals/chemical.html", chemical=found, chosen=chosen)


@blueprint.get("/chemicals/<lab>/new")
def new(lab: str) -> str:
    """The empty form; what was searched for in vain is in it already."""
    _only_for("member")
    query = request.args.get("q", "").strip()[:300]
    values = forms.chemical_values({"cas_number" if CAS_NUMBER.fullmatch(query) else "name": query})
    if values["cas_number"]:
        return _look_up(lab, None, values)
    return _form(None, values)


@blueprint.post("/chemicals/<lab>/new")
def add(lab: str) -> Answer:
    """List a chemical."""
    values = forms.typed_chemical(request.form)
    if request.form.get("act") == "look-up":
        return _look_up(lab, None, values)
    try:
        made = api.post(f"/labs/{lab}/chemicals", forms.chemical_to_send(values), key=request.form.get("key"))
    except Problem as refused:
        return _form(None, values, refused.for_form()), refused.status
    toast(f"{values['name']} is listed")
    return redirect(path("chemicals", made["id"]))


@blueprint.get("/chemicals/<lab>/<int:chemical>/edit")
def edit(lab: str, chemical: int) -> str:
    """The form of a chemical."""
    _only_for("member")
    found = api.get(f"/labs/{lab}/chemicals/{chemical}")
    return _form(found, forms.chemical_values(found))


@blueprint.post("/chemicals/<lab>/<int:chemical>/edit")
def change(lab: str, chemical: int) -> Answer:
    """Change a chemical."""
    values = forms.typed_chemical(request.form)
    listed = {"id": chemical, "name": request.form.get("called", "")}
    if request.form.get("act") == "look-up":
        return _look_up(lab, listed, values)
    try:
        api.patch(f"/labs/{lab}/chemicals/{chemical}", forms.chemical_to_send(values), key=request.form.get("key"))
    except Problem as refused:
        return _form(listed, values, refused.for_form()), refused.status
    toast(f"{values['name']} is changed")
    return redirect(path("chemicals", chemical))


@blueprint.post("/chemicals/<lab>/look-up")
def look_up(lab: str) -> Answer:
    """For htmx: what the reference knows of the CAS RN that was typed, in the fields that are still empty."""
    values, listed = forms.typed_chemical(request.form), request.form.get("listed", type=int)
    if not CAS_NUMBER.fullmatch(values["cas_number"]):
        return render_template("chemicals/looked_up.html", substance=None, filled=[], values=values, errors={})
    return _look_up(lab, {"id": listed} if listed else None, values, "chemicals/looked_up.html")


@blueprint.get("/chemicals/<lab>/molar-mass")
def molar_mass(lab: str) -> str:
    """For htmx: what the formula that was typed weighs."""
    formula = request.args.get("formula", "").strip()
    try:
        found = api.get(f"/labs/{lab}/molar-mass", formula=formula) if formula else None
    except Problem as refused:
        return render_template("chemicals/molar_mass.html", error=refused.for_form().detail, found=None)
    return render_template("chemicals/molar_mass.html", error=None, found=found)


def _look_up(lab: str, listed: dict[str, Any] | None, values: forms.Values, template: str = "") -> str:
    """The form with what is known of its CAS RN filled in where it is empty."""
    try:
        substance = api.get(f"/labs/{lab}/substances/{values['cas_number'] or 'none'}")
    except Problem as refused:
        errors = {"/cas_number": refused.detail if values["cas_number"] else "Write the CAS RN to look up."}
        if template:
            return render_template(template, substance=None, filled=[], values=values, errors=errors)
        return _form(
            listed,
            values,
            Problem(422, "Nothing was looked up", "", [{"pointer": "/cas_number", "detail": errors["/cas_number"]}]),
        )
    substance["listed"] = [other for other in substance["listed"] if not listed or other["id"] != listed["id"]]
    words = {
        "substance": substance,
        "filled": forms.fill_in(values, substance),
        "values": values,
        "titles": forms.TITLES,
    }
    if template:
        return render_template(template, errors={}, hazards=HAZARDS, **words)
    return _form(listed, **words)


def _form(listed: dict[str, Any] | None, values: forms.Values, refused: Problem | None = None, **words: Any) -> str:
    return render_template(
        "chemicals/form.html",
        listed=listed,
        values=values,
        refused=refused,
        errors=forms.errors_of(refused) if refused else {},
        hazards=HAZARDS,
        units=forms.UNITS,
        **{"substance": None, "filled": [], "titles": forms.TITLES} | words,
    )


# -- containers and labels ----------------------------------------------------------------------------------------


@blueprint.get("/chemicals/<lab>/containers/<int:container>")
def show_container(lab: str, container: int) -> str:
    """A container with its own history."""
    return render_template("chemicals/container.html", container=api.get(f"/labs/{lab}/containers/{container}"))


@blueprint.get("/chemicals/<lab>/containers/<int:container>/edit")
def edit_container(lab: str, container: int) -> str:
    """The form of what a container's label says."""
    _only_for("member")
    found = api.get(f"/labs/{lab}/containers/{container}")
    return _label_form(found, {name: "" if found[name] is None else found[name] for name in forms.LABEL})


@blueprint.post("/chemicals/<lab>/containers/<int:container>/edit")
def change_container(lab: str, container: int) -> Answer:
    """Change what a container's label says."""
    values = forms.typed_label(request.form)
    try:
        api.patch(f"/labs/{lab}/containers/{container}", forms.label_to_send(values), key=request.form.get("key"))
    except Problem as refused:
        shown = {
            "id": container,
            "barcode": request.form.get("barcode", ""),
            "chemical_name": request.form.get("called", ""),
        }
        return _label_form(shown, values, refused.for_form()), refused.status
    toast(f"The label of {request.form.get('barcode', '')} is changed")
    return redirect(path("chemicals", "containers", container))


def _label_form(container: dict[str, Any], values: forms.Values, refused: Problem | None = None) -> str:
    errors = forms.errors_of(refused) if refused else {}
    words = {"container": container, "values": values, "refused": refused, "errors": errors, "units": forms.UNITS}
    return render_template("chemicals/container_form.html", **words)


@blueprint.get("/chemicals/<lab>/labels")
def labels(lab: str) -> Answer:
    """What labels are printed for, and on what. A code that is scanned adds its container."""
    chosen: dict[str, Any] = {name: request.args.getlist(name) for name in ("container", "chemical")}
    code, missed = request.args.get("scan", "").strip(), ""
    if code:
        found = api.get(f"/labs/{lab}/containers", q=code, limit=1)
        if not found["exact"]:
            missed = code
        else:
            chosen["container"] += [found["items"][0]["id"]]
            return redirect(path("chemicals", "labels", **chosen))
    page = api.get(f"/labs/{lab}/labels/preview", **chosen)
    return render_template("chemicals/labels.html", page=page, missed=missed)


@blueprint.get("/chemicals/<lab>/labels.pdf")
def print_labels(lab: str) -> Answer:
    """The labels as a PDF."""
    given: dict[str, Any] = {name: request.args.get(name) or None for name in ("sheet", "skip")}
    chosen = request.args.getlist("container")
    try:
        return api.stream(f"/labs/{lab}/labels", container=chosen, **given)
    except Problem as refused:
        page = api.get(f"/labs/{lab}/labels/preview", container=chosen)
        return render_template("chemicals/labels.html", page=page, refused=refused.for_form(), **given), refused.status


def _only_for(role: str) -> None:
    """What one may not do is not offered; the API refuses it in any case."""
    member = current_member()
    if not member or not member.may(role):
        abort(403)


@blueprint.app_context_processor
def words() -> dict[str, Any]:
    """What the templates of this page know besides."""
    return {
        "badge_of": badge_of,
        "state_of_hazards": state_of_hazards,
        "FLAGS": FLAGS,
        "STATES": STATES,
        "HAZARDS": HAZARDS,
        "OTHER_HAZARDS": OTHER_HAZARDS,
        "days_left": days_left,
        "place": place,
    }


def create_app(settings: PageSettings | None = None) -> Flask:
    """The page, for gunicorn and for tests."""
    return create_page(blueprint, settings)
