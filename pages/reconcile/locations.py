"""/reconcile/LAB/locations: the tree of locations, kept by a manager, seen by everybody."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for

from pages.common import api
from pages.common.app import toast
from pages.common.login import require
from pages.common.problems import Problem
from pages.reconcile.blueprint import LOCATION, Answer, blueprint, id_of
from pages.reconcile.words import KINDS

Found = dict[str, Any]

BELOW = {None: "building", "building": "room", "room": "storage", "storage": "shelf", "shelf": "shelf"}
"""What most often lies in what."""


@blueprint.get("/reconcile/<lab>/locations")
def show_locations(lab: str) -> Answer:
    """The tree."""
    archived = bool(request.args.get("archived"))
    found = api.get(f"/labs/{lab}/locations", archived="true" if archived else None)
    return render_template("reconcile/locations.html", tree=found["items"], archived=archived)


@blueprint.get("/reconcile/<lab>/locations/new")
def new_location(lab: str) -> Answer:
    """The form for a location, at the top or in another one (`inside`)."""
    return _form(lab, None, _typed(request.args))


@blueprint.post("/reconcile/<lab>/locations/new")
def add_location(lab: str) -> Answer:
    """Makes a location; then the next one beside it, or the tree."""
    typed = _typed(request.form)
    try:
        made = api.post(f"/labs/{lab}/locations", _sent(typed), key=request.form.get("key"))
    except Problem as refused:
        return _form(lab, None, typed, refused)
    toast(f"{typed['name'].strip()} is added")
    if request.form.get("again"):
        beside = {"inside": typed["parent_id"], "kind": typed["kind"], "count_period_days": typed["count_period_days"]}
        return redirect(url_for("reconcile.new_location", lab=lab, **beside), 303)
    return redirect(url_for("reconcile.show_locations", lab=lab, _anchor=f"l{made['id']}"), 303)


@blueprint.get(LOCATION)
def edit_location(lab: str, location: int) -> Answer:
    """The form to rename or move a location, and to say how often it is counted."""
    return _form(lab, location, {})


@blueprint.post(LOCATION)
def change_location(lab: str, location: int) -> Answer:
    """Keeps what was changed."""
    typed = _typed(request.form)
    try:
        api.patch(f"/labs/{lab}/locations/{location}", _sent(typed), key=request.form.get("key"))
    except Problem as refused:
        return _form(lab, location, typed, refused)
    toast(f"{typed['name'].strip()} is changed")
    return redirect(url_for("reconcile.show_locations", lab=lab, _anchor=f"l{location}"), 303)


@blueprint.get(f"{LOCATION}/archive")
def ask_to_archive(lab: str, location: int) -> Answer:
    """Asks once before a location is archived."""
    tree = api.get(f"/labs/{lab}/locations")["items"]
    require("manager")
    return render_template("reconcile/archive.html", here=_found(tree, location), below=_below(tree, location))


@blueprint.post(f"{LOCATION}/archive")
def archive_location(lab: str, location: int) -> Answer:
    """Archives a location with all below it, or brings one back (`back`)."""
    back = bool(request.form.get("back"))
    try:
        api.patch(f"/labs/{lab}/locations/{location}", {"archived": not back}, key=request.form.get("key"))
    except Problem as refused:
        return _form(lab, location, {}, refused)
    if back:
        toast("Brought back")
        return redirect(url_for("reconcile.show_locations", lab=lab, archived=1, _anchor=f"l{location}"), 303)
    toast("Archived", undo=url_for("reconcile.archive_location", lab=lab, location=location), back="1")
    return redirect(url_for("reconcile.show_locations", lab=lab), 303)


def _typed(said: Any) -> Found:
    """The fields of a form, or of an address that begins one."""
    return {
        "name": said.get("name", ""),
        "kind": said.get("kind", ""),
        "parent_id": said.get("parent_id") or said.get("inside") or "",
        "count_period_days": said.get("count_period_days", ""),
    }


def _sent(typed: Found) -> Found:
    """The fields as the API takes them."""
    period = typed["count_period_days"].strip()
    return {
        "name": typed["name"],
        "kind": typed["kind"],
        "parent_id": id_of(typed["parent_id"]),
        "count_period_days": int(period)
        if period.isascii() and period.isdigit() and len(period) < 10
        else period or None,
    }


def _found(tree: list[Found], location: int) -> Found:
    return next((place for place in tree if place["id"] == location), None) or abort(404)


def _below(tree: list[Found], location: int) -> list[Found]:
    """What lies in a location, at whatever depth; each comes after what it lies in."""
    inside = {location}
    for place in tree:
        if place["parent_id"] in inside:
            inside.add(place["id"])
    return [place for place in tree if place["id"] in inside and place["id"] != location]


def _form(lab: str, location: int | None, typed: Found, refused: Problem | None = None) -> Answer:
    problem = refused.for_form() if refused else None
    tree = api.get(f"/labs/{lab}/locations")["items"]
    require("manager")
    here = _found(tree, location) if location else None
    outside = {place["id"] for place in _below(tree, location)} | {location} if location else set()
    above = next((place for place in tree if str(place["id"]) == typed.get("parent_id")), None)
    values = (
        {name: "" if here[name] is None else here[name] for name in typed or _typed({})}
        if here and not typed
        else typed
    )
    if not values["kind"]:
        values = values | {"kind": BELOW[above["kind"] if above else None]}
    page = render_template(
        "reconcile/location_form.html",
        here=here,
        values=values,
        above=above,
        places=[(place["id"], place["full_name"]) for place in tree if place["id"] not in outside],
        below=_below(tree, location) if location else [],
        kinds=list(KINDS.items()),
        problem=problem,
    )
    return (page, problem.status) if problem else page
