"""/reconcile/LAB/locations: the tree of locations, kept by a manager, seen by everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, redirect, render_template, request, url_for

from pages.common import api, merging
from pages.common.app import toast
from pages.common.ids import id_of
from pages.common.login import require
from pages.common.problems import Problem
from pages.common.words import LOCATION_KINDS
from pages.reconcile.blueprint import LOCATION, Answer, blueprint

if TYPE_CHECKING:
    from pages.common import answers

Found = dict[str, Any]

BELOW = {None: "building", "building": "room", "room": "storage", "storage": "shelf", "shelf": "shelf"}
"""Kind of a location → the kind of location that most often lies in it."""


@blueprint.get("/reconcile/<lab>/locations")
def show_locations(lab: str) -> Answer:
    """The tree."""
    archived = bool(request.args.get("archived"))
    found: answers.LocationTree = api.get(f"/labs/{lab}/locations", archived="true" if archived else None)
    return render_template(
        "reconcile/locations.html", tree=found["items"], archived=archived, location_kinds=LOCATION_KINDS
    )


@blueprint.get("/reconcile/<lab>/locations/new")
def new_location(lab: str) -> Answer:
    """The form for a location, at the top or in another one (`inside`)."""
    return _form(lab, None, _typed(request.args))


@blueprint.post("/reconcile/<lab>/locations/new")
def add_location(lab: str) -> Answer:
    """Makes a location; then shows the form for another one beside it, or the tree."""
    typed = _typed(request.form)
    try:
        made: answers.Written = api.post(f"/labs/{lab}/locations", _sent(typed), key=request.form.get("key"))
    except Problem as refused:
        return _form(lab, None, typed, refused)
    toast(f"{typed['name'].strip()} is added")
    if request.form.get("again"):
        beside = {"inside": typed["parent_id"], "kind": typed["kind"], "count_period_days": typed["count_period_days"]}
        return redirect(url_for("reconcile.new_location", lab=lab, **beside), 303)
    return redirect(url_for("reconcile.show_locations", lab=lab, _anchor=f"l{made['id']}"), 303)


@blueprint.get(f"{LOCATION}/edit")
def edit_location(lab: str, location: int) -> Answer:
    """The form to rename or move a location, and to say how often it is counted."""
    return _form(lab, location, {})


@blueprint.post(f"{LOCATION}/edit")
def change_location(lab: str, location: int) -> Answer:
    """Save the changed fields of a location."""
    typed = _typed(request.form)
    tree = _tree(lab, archived=True)
    here = _found(tree, location)
    now = _saved(here)
    words = {"kind": LOCATION_KINDS, "parent_id": {str(one["id"]): one["full_name"] for one in tree}}
    try:
        merging.merge(typed, request.form.get("was"), now, words=words)
        if here["archived_at"]:
            raise Problem(
                409,
                "Archived meanwhile",
                "Somebody archived this location meanwhile. Bring it back before you change it.",
            )
        sent = _sent(typed) | {"version": here["version"]}
        api.patch(f"/labs/{lab}/locations/{location}", sent, key=request.form.get("key"))
    except Problem as refused:
        return _form(lab, location, typed, refused, merging.opened(now))
    toast(f"{typed['name'].strip()} is changed")
    return redirect(url_for("reconcile.show_locations", lab=lab, _anchor=f"l{location}"), 303)


@blueprint.get(f"{LOCATION}/archive")
def ask_to_archive(lab: str, location: int) -> Answer:
    """Asks once before a location is archived."""
    tree = _tree(lab)
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
    """The fields as typed, or as given in the address of a new form."""
    return {
        "name": said.get("name", ""),
        "kind": said.get("kind", ""),
        "parent_id": said.get("parent_id") or said.get("inside") or "",
        "count_period_days": said.get("count_period_days", ""),
    }


def _saved(here: answers.Location) -> Found:
    """The fields as they are saved at present, in the form's words."""
    return {name: "" if value is None else str(value) for name, value in here.items() if name in _typed({})}


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


def _tree(lab: str, archived: bool = False) -> list[answers.Location]:
    found: answers.LocationTree = api.get(f"/labs/{lab}/locations", archived="true" if archived else None)
    return found["items"]


def _found(tree: list[answers.Location], location: int) -> answers.Location:
    return next((one for one in tree if one["id"] == location), None) or abort(404)


def _below(tree: list[answers.Location], location: int) -> list[answers.Location]:
    """All locations inside a location, at any depth, each after the location that it lies in."""
    inside = {location}
    for one in tree:
        if one["parent_id"] in inside:
            inside.add(one["id"])
    return [one for one in tree if one["id"] in inside and one["id"] != location]


def _form(
    lab: str, location: int | None, typed: Found, refused: Problem | None = None, was: str | None = None
) -> Answer:
    problem = refused.for_form() if refused else None
    tree = _tree(lab, archived=refused is not None)
    require("manager")
    here = _found(tree, location) if location else None
    outside = {one["id"] for one in _below(tree, location)} | {location} if location else set()
    above = next((one for one in tree if str(one["id"]) == typed.get("parent_id")), None)
    values = _saved(here) if here and not typed else typed
    if not values["kind"]:
        values = values | {"kind": BELOW[above["kind"] if above else None]}
    page = render_template(
        "reconcile/location_form.html",
        here=here,
        values=values,
        was=was or (merging.opened(_saved(here)) if here else None),
        above=above,
        locations=[
            (one["id"], one["full_name"]) for one in tree if one["id"] not in outside and not one["archived_at"]
        ],
        below=_below(tree, location) if location else [],
        kinds=list(LOCATION_KINDS.items()),
        problem=problem,
    )
    return (page, problem.status) if problem else page
