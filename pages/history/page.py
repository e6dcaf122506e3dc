"""/history/LAB: what happened. /history/LAB/correct/LINE: set a line right. /history/LAB/move: put containers elsewhere."""

import re
from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pages.common import api
from pages.common.app import create_page, toast
from pages.common.config import PageSettings
from pages.common.filters import number, place, things
from pages.common.login import require
from pages.common.navigation import path
from pages.common.paths import is_fragment, on_this_site, this_address
from pages.common.problems import Problem
from pages.history.listing import KINDS, Listing, by_day, counted, span
from pages.history.moving import LONGEST_UNDO, MOST, Load, as_ranges, id_of, of_ranges

blueprint = Blueprint("history", __name__, template_folder="templates")

Answer = Response | str | tuple[str, int]
Found = dict[str, Any]
NOT_HERE = "There is nothing here. If you scanned a label, it may be another lab's."


# ── what happened ─────────────────────────────────────────────────────────────────────────────────────────────────────


@blueprint.get("/history/<lab>")
def show(lab: str) -> Answer:
    """A page of the history; for htmx the list alone. A filter that is refused is left out, with the reason beside it."""
    listing, typed = Listing.read(request.args), Listing.read(request.args)
    try:
        found = api.get(f"/labs/{lab}/history", facets=True, **listing.given)
    except Problem as refused:
        if is_fragment(request):  # the field that it belongs to is outside of the list
            return Response(status=204, headers={"HX-Redirect": typed.address()})
        listing.drop(refused.for_form())
        found = api.get(f"/labs/{lab}/history", facets=True, **listing.given)
    answer = render_template(
        "history/results.html" if is_fragment(request) else "history/show.html",
        listing=listing,
        typed=typed,
        found=found,
        days=by_day(found["items"]),
        here={line["id"] for line in found["items"] if line["source"] == "movement"},
        chips=listing.chips(found["facets"]),
        counted=counted(found["facets"]),
        span=span(found["items"]),
        people=[(person["id"], person["name"]) for person in found["facets"]["members"]],
        kinds=KINDS,
        fragment=is_fragment(request),
    )
    status = 422 if listing.errors else 200
    return Response(answer, status, {"HX-Push-Url": listing.address()}, mimetype="text/html")


@blueprint.get("/history/<lab>/history.csv")
def download(lab: str) -> Answer:
    """Everything that fits the filters, as a file."""
    return api.stream(f"/labs/{lab}/history.csv", **Listing.read(request.args).filters)


# ── correct a line ────────────────────────────────────────────────────────────────────────────────────────────────────


@blueprint.get("/history/<lab>/correct/<int(max=9223372036854775807):line>")
def ask_for_correction(lab: str, line: int) -> Answer:
    """The form: what is right, the amount or the container."""
    return _correction(lab, line)


@blueprint.post("/history/<lab>/correct/<int(max=9223372036854775807):line>")
def correct(lab: str, line: int) -> Answer:
    """Writes the counter-entry."""
    form = request.form
    try:
        if form.get("what") == "container":
            said = {"container_id": _container(lab, form.get("container", "").strip())}
        else:
            said = _amount(form.get("amount", "").strip(), form.get("unit", "").strip())
        written = {"reason": form.get("reason", "").strip(), "lines": [{"movement_id": line, **said}]}
        items = api.post(f"/labs/{lab}/corrections", written, key=form.get("key"))["items"]
    except Problem as refused:
        return _correction(lab, line, refused.for_form())
    last = items[-1]
    holds = (
        "How much is in it is not known"
        if last["balance"] is None
        else f"It holds {number(last['balance'])} {last['unit']}"
    )
    what = "Corrected" if len(items) == 1 else f"Moved to {last['barcode']}"
    toast(f"{what}. {holds} now.")
    return redirect(on_this_site(form.get("next")) or url_for("history.show", lab=lab), 303)


def _amount(amount: str, unit: str) -> Found:
    """What was typed; a unit that was written beside the number, 25 mL, is meant, not the list's."""
    if not amount:
        raise _refused("/lines/0/amount", "Write the right amount, such as 25 mL; 0 if it did not happen.")
    if written := re.fullmatch(r"([0-9.,\s]+?)\s*([A-Za-zµμ]+)", amount):
        return {"amount": written[1], "unit": written[2]}
    return {"amount": amount, "unit": unit}


def _container(lab: str, code: str) -> int:
    """The container with a barcode."""
    if not code or "/" in code:
        raise _refused("/lines/0/container_id", "Scan the right container, or type its barcode.")
    try:
        return int(api.get(f"/labs/{lab}/containers/by-barcode/{code[:64]}")["id"])
    except Problem as problem:
        if problem.status not in (404, 422):
            raise
        raise _refused("/lines/0/container_id", NOT_HERE) from problem


def _refused(pointer: str, sentence: str) -> Problem:
    return Problem(422, "Not accepted", sentence, [{"pointer": pointer, "detail": sentence}])


def _correction(lab: str, line: int, problem: Problem | None = None) -> Answer:
    found = api.get(f"/labs/{lab}/history/{line}")
    require("member")
    said = problem.by_field if problem else {}
    errors = {at.removeprefix("/lines/0").replace("_id", ""): sentence for at, sentence in said.items()}
    back = on_this_site(request.values.get("next")) or url_for("history.show", lab=lab)
    page = render_template("history/correct.html", **found, back=back, problem=problem, errors=errors)
    return (page, 422) if problem else page


# ── move containers ───────────────────────────────────────────────────────────────────────────────────────────────────


@blueprint.get("/history/<lab>/move")
def ask_for_move(lab: str) -> Answer:
    """The form: empty, or with the containers of the address (`container`, `scan`), to the location `to`."""
    return _move(lab, Load.read(request.args), request.args.get("scan", "").strip())


@blueprint.post("/history/<lab>/move")
def move(lab: str) -> Answer:
    """A container more (scanned, or `add` chosen of several) or less (`remove`); or, by its button, the move itself."""
    load, form = Load.read(request.form), request.form
    if form.get("act") != "move":
        removed, added = id_of(form.get("remove", "")), id_of(form.get("add", ""))
        load.containers = [n for n in dict.fromkeys([added, *load.containers]) if n and n != removed]
        return _move(lab, load, "" if removed or added else form.get("scan", "").strip())
    try:
        if not load.location:
            raise _refused("/to", "Choose where they stand now.")
        body = {"location_id": load.location, "container_ids": load.containers}
        moved = api.post(f"/labs/{lab}/moves", body, key=form.get("key"))
    except Problem as refused:
        return _move(lab, load, problem=refused if refused.status == 404 else refused.for_form())
    undo = as_ranges([item["transfer_id"] for item in moved["items"] if item["transfer_id"]])
    first = moved["items"][0]
    what = first["chemical_name"] if len(moved["items"]) == 1 else things(moved["moved"], "container")
    name = place(moved["location"])
    if not undo:
        toast(f"Nothing to move: {'it stands' if len(moved['items']) == 1 else 'they stand'} in {name} already")
    elif len(undo) > LONGEST_UNDO:
        toast(f"{what} moved to {name}")
    else:
        toast(f"{what} moved to {name}", undo=url_for("history.undo_move", lab=lab), transfers=undo)
    where = on_this_site(form.get("next")) or path("history", "move", to=load.location)
    return redirect(where, 303)


@blueprint.post("/history/<lab>/move/undo")
def undo_move(lab: str) -> Answer:
    """Puts containers back to where they stood before a move (`transfers`: its lines)."""
    transfers = of_ranges(request.form.get("transfers", ""))
    undone = api.post(f"/labs/{lab}/moves/undo", {"transfer_ids": transfers}, key=request.form.get("key"))
    toast(f"Undone: {things(undone['moved'], 'container')} moved back")
    return redirect(on_this_site(this_address(request)) or url_for("history.show", lab=lab), 303)


def _move(lab: str, load: Load, scanned: str = "", problem: Problem | None = None) -> Answer:
    """The form with its containers, and what the last scan did."""
    room = len(load.containers) < MOST
    form = api.get(f"/labs/{lab}/moves", container=load.containers, q=scanned[:200] if room else None)
    require("member")
    is_new = load.learn(form)
    hits = form["hits"]
    gone = hits[0] if len(hits) == 1 and hits[0]["disposed_at"] else None
    said, sound = "Ready to scan", ""
    if is_new is not None:
        one = next(container for container in load.known if container["id"] == form["added"])
        said = f"{one['chemical_name']}, {one['barcode']}, {'added' if is_new else 'is in the list already'}."
        sound = "hit"
    elif not room:
        said = f"At most {MOST} containers at once. Move these first."
    elif gone:
        said, sound = f"{gone['barcode']} was disposed of.", "miss"
    elif hits:
        said = f"{things(len(hits), 'container')} found: choose."
    elif scanned:
        said, sound = f"“{scanned}” is not known here. {NOT_HERE}", "miss"
    page = render_template(
        "history/move_changed.html" if is_fragment(request) else "history/move.html",
        load=load,
        hits=[] if gone else hits,
        places=[(place["id"], place["full_name"]) for place in form["locations"]],
        said=said,
        sound=sound,
        fragment=is_fragment(request),
        problem=problem,
        errors=problem.by_field if problem else {},
        back=on_this_site(request.values.get("next")),
    )
    return (page, problem.status) if problem else page


def create_app(settings: PageSettings | None = None) -> Flask:
    """The page, for gunicorn and for tests."""
    return create_page(blueprint, settings)
