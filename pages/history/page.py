"""/history/LAB: what happened. /history/LAB/LINE/correct: set a line right. /history/LAB/move: put containers elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pages.common import api
from pages.common.app import create_page, toast
from pages.common.config import PageSettings
from pages.common.events import show_events
from pages.common.filters import amount, short_location, things
from pages.common.ids import id_of
from pages.common.label_addresses import elsewhere
from pages.common.location_codes import location_of
from pages.common.login import require
from pages.common.navigation import path
from pages.common.paths import is_fragment, on_this_site, this_address
from pages.common.problems import Problem
from pages.common.typed_amounts import typed_amount
from pages.history.listing import KINDS, HistoryListing, by_day, counted, span
from pages.history.moving import LONGEST_ADDRESS, LONGEST_UNDO, MOST, Load, as_ranges, of_ranges

if TYPE_CHECKING:
    from pages.common import answers

blueprint = Blueprint("history", __name__, template_folder="templates")

Answer = Response | str | tuple[str, int]
Found = dict[str, Any]
NOT_HERE = "There is nothing here. If you scanned a label, it may be another lab's."


# ── what happened ─────────────────────────────────────────────────────────────────────────────────────────────────────


@blueprint.get("/history/<lab>")
def show(lab: str) -> Answer:
    """A page of the history; for htmx the list alone. A filter that is refused is left out, with the reason beside it."""
    listing, typed = HistoryListing.read(request.args), HistoryListing.read(request.args)
    try:
        found: answers.History = api.get(f"/labs/{lab}/history", facets=True, **listing.given)
    except Problem as refused:
        if is_fragment(request):  # the field that it belongs to is outside of the list
            return Response(status=204, headers={"HX-Redirect": typed.address()})
        listing.drop(refused.for_form())
        found = api.get(f"/labs/{lab}/history", facets=True, **listing.given)
    facets = cast("answers.HistoryFacets", found["facets"])  # they were asked for
    answer = render_template(
        "history/results.html" if is_fragment(request) else "history/show.html",
        listing=listing,
        typed=typed,
        found=found,
        days=by_day(found["items"]),
        here={line["id"] for line in found["items"] if line["source"] == "movement"},
        chips=listing.chips(facets),
        counted=counted(facets),
        span=span(found["items"]),
        people=[(person["id"], person["name"]) for person in facets["members"]],
        kinds=KINDS,
        fragment=is_fragment(request),
    )
    status = 422 if listing.errors else 200
    return Response(answer, status, {"HX-Push-Url": listing.address()}, mimetype="text/html")


@blueprint.get("/history/<lab>/history.csv")
def download(lab: str) -> Answer:
    """Everything that fits the filters, as a file."""
    return api.stream(f"/labs/{lab}/history.csv", **HistoryListing.read(request.args).query)


@blueprint.get("/history/<lab>/events")
def show_trace(lab: str) -> Answer:
    """What was done to the lab and its members, and which files were taken out of it; for managers."""
    sentence = "Who was added, changed or removed, and who took which file: by whom, when. Nobody changes a line."
    return show_events(f"/labs/{lab}/events", url_for("history.show_trace", lab=lab), "Events of the lab", sentence)


@blueprint.get("/history/<lab>/events.csv")
def download_trace(lab: str) -> Answer:
    """All acts that fit the filters, as a file."""
    return api.stream(f"/labs/{lab}/events.csv", **request.args.to_dict())


# ── correct a line ────────────────────────────────────────────────────────────────────────────────────────────────────


@blueprint.get("/history/<lab>/<int(max=9223372036854775807):line>/correct")
def ask_for_correction(lab: str, line: int) -> Answer:
    """The form: what is right, the amount or the container."""
    return _correction(lab, line)


@blueprint.post("/history/<lab>/<int(max=9223372036854775807):line>/correct")
def correct(lab: str, line: int) -> Answer:
    """Writes the counter-entry."""
    form = request.form
    try:
        said: Found
        if form.getlist("what")[-1:] == ["undone"]:
            said = {"undone": True}
        elif form.get("what") == "container":
            said = {"container_id": _container(lab, form.get("right_container", "").strip())}
        else:
            said = _amount(form.get("amount", "").strip(), form.get("unit", "").strip())
            said |= {"gross": True} if form.get("gross") else {}
        if "undone" not in said:
            said |= {"holds_more": bool(form.get("holds_more"))}
        written = {"reason": form.get("reason", "").strip(), "lines": [{"movement_id": line, **said}]}
        answer: answers.AllCorrected = api.post(f"/labs/{lab}/corrections", written, key=form.get("key"))
        items = answer["items"]
    except Problem as refused:
        return _correction(lab, line, refused.for_form())
    last = items[-1]
    holds = (
        "How much is in it is not known"
        if last["balance"] is None
        else f"It holds {amount(last['balance'], last['unit'])}"
    )
    what = "Undone" if "undone" in said else "Corrected" if len(items) == 1 else f"Moved to {last['barcode']}"
    toast(" ".join([f"{what}. {holds} now.", *answer["not_restored"]]))
    return redirect(on_this_site(form.get("next")) or url_for("history.show", lab=lab), 303)


def _amount(typed: str, unit: str) -> Found:
    """The typed amount; nothing typed is refused."""
    if not typed:
        raise _refused("/lines/0/amount", "Write the right amount, such as 25 mL, or say that it did not happen.")
    return typed_amount(typed, unit)


def _container(lab: str, code: str) -> int:
    """The container with a barcode."""
    if not code:
        raise _refused("/lines/0/container_id", "Scan the right container, or type its barcode.")
    try:
        found: answers.ScannedContainer | None = api.get(f"/labs/{lab}/containers/scanned", code=code[:200])
    except Problem as problem:
        if problem.status not in (400, 422):
            raise
        found = None
    if not found:
        raise _refused("/lines/0/container_id", elsewhere(code) or NOT_HERE)
    return found["id"]


def _refused(pointer: str, sentence: str) -> Problem:
    return Problem(422, "Not accepted", sentence, [{"pointer": pointer, "detail": sentence}])


def _correction(lab: str, line: int, problem: Problem | None = None) -> Answer:
    found: answers.LineDetail = api.get(f"/labs/{lab}/history/{line}")
    require("member")
    by_field = problem.by_field if problem else {}
    errors = {
        at.removeprefix("/lines/0").replace("container_id", "right_container"): sentence
        for at, sentence in by_field.items()
    }
    back = on_this_site(request.values.get("next")) or url_for("history.show", lab=lab)
    page = render_template("history/correct.html", **found, back=back, problem=problem, errors=errors)
    return (page, 422) if problem else page


# ── move containers ───────────────────────────────────────────────────────────────────────────────────────────────────


@blueprint.get("/history/<lab>/move")
def ask_for_move(lab: str) -> Answer:
    """The form: empty, or with the containers of the address (`container`, `scan`; all of `chemical`) and the location `to` chosen."""
    return _move(lab, Load.read(request.args), request.args.get("scan", "").strip())


@blueprint.post("/history/<lab>/move")
def move(lab: str) -> Answer:
    """Add a container (scanned, or `add` chosen among several hits), remove one (`remove`), or move them all (the button)."""
    load, form = Load.read(request.form), request.form
    if form.get("act") != "move":
        removed, added = id_of(form.get("remove", "")), id_of(form.get("add", ""))
        load.containers = [n for n in dict.fromkeys([added, *load.containers]) if n and n != removed]
        return _move(lab, load, "" if removed or added else form.get("scan", "").strip())
    try:
        if not load.location:
            raise _refused("/to", "Choose where they stand now.")
        body = {"location_id": load.location, "container_ids": load.containers}
        moved: answers.AllMoved = api.post(f"/labs/{lab}/moves", body, key=form.get("key"))
    except Problem as refused:
        return _move(lab, load, problem=refused if refused.status == 404 else refused.for_form())
    undo = as_ranges([item["transfer_id"] for item in moved["items"] if item["transfer_id"]])
    first = moved["items"][0]
    what = first["chemical_name"] if len(moved["items"]) == 1 else things(moved["moved"], "container")
    name = short_location(moved["location"])
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
    undone: answers.Undone = api.post(f"/labs/{lab}/undo", {"transfer_ids": transfers}, key=request.form.get("key"))
    toast(f"Undone: {things(undone['undone'], 'container')} moved back")
    return redirect(on_this_site(this_address(request)) or url_for("history.show", lab=lab), 303)


def _move(lab: str, load: Load, scanned: str = "", problem: Problem | None = None) -> Answer:
    """The form with its containers and the result of the last scan."""
    room = len(load.containers) < MOST
    asked = {"container": load.containers, "q": scanned[:200] if room else None}
    try:
        form: answers.MoveForm = api.get(f"/labs/{lab}/moves/new", **asked, chemical=load.chemicals, **load.narrowing)
    except Problem as refused:
        if refused.status != 422 or not load.chemicals:
            raise
        without: answers.MoveForm = api.get(f"/labs/{lab}/moves/new", **asked)
        form, problem = without, refused.for_form()
    require("member")
    is_new = load.learn(form)
    hits = form["hits"]
    named = {location["id"]: location["full_name"] for location in form["locations"]}
    here = None if hits or form["added"] else location_of(scanned)
    if here in named:
        load.location = here
    gone = hits[0] if len(hits) == 1 and hits[0]["disposed_at"] else None
    back = on_this_site(request.values.get("next"))
    message, sound, unknown = "Ready to scan", "", False
    if is_new is not None:
        one = next(container for container in load.known if container["id"] == form["added"])
        message = f"{one['chemical_name']}, {one['barcode']}, {'added' if is_new else 'is in the list already'}."
        sound = "hit"
    elif not room:
        message = f"At most {MOST} containers at once. Move these first."
    elif gone:
        message, sound = f"{gone['barcode']} was disposed of.", "miss"
    elif hits:
        message = f"{things(len(hits), 'container')} found: choose."
    elif here in named:
        message, sound = f"To {short_location(named[here])}. Scan what stands there now.", "hit"
    elif scanned:
        message, sound, unknown = "", "miss", True
    page = render_template(
        "history/move_changed.html" if is_fragment(request) else "history/move.html",
        load=load,
        hits=[] if gone else hits,
        locations=[(location["id"], location["full_name"]) for location in form["locations"]],
        message=message,
        sound=sound,
        scanned=scanned,
        unknown=unknown,
        product=form["product"],
        here_scanned=here in named,
        fragment=is_fragment(request),
        problem=problem,
        errors=problem.by_field if problem else {},
        back=back,
    )
    status = problem.status if problem else 200
    answer = Response(page, status, mimetype="text/html")
    # The address has the list, so that whoever follows a link and comes back finds it.
    address = path("history", "move", container=load.containers, to=load.location, next=back)
    if is_fragment(request) and len(address) <= LONGEST_ADDRESS:
        answer.headers["HX-Replace-Url"] = address
    return answer


def create_app(settings: PageSettings | None = None) -> Flask:
    """The page, for gunicorn and for tests."""
    return create_page(blueprint, settings)
