"""/checkin/LAB: receive a purchase; /checkin/LAB/received: what came, and the labels of what came."""

from typing import Any

from flask import Blueprint, Flask, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pages.checkin.form import BARCODE, CAS_NUMBER, Delivery, errors_by_field
from pages.common import api
from pages.common.app import create_page, toast
from pages.common.config import PageSettings
from pages.common.filters import things
from pages.common.login import current_member
from pages.common.paths import is_fragment
from pages.common.problems import Problem

blueprint = Blueprint("checkin", __name__, template_folder="templates")

Answer = Response | str | tuple[str, int]
Found = dict[str, Any]
SOME = 8
"""So many chemicals are shown of those found."""


@blueprint.get("/checkin/<lab>")
def show(lab: str) -> Answer:
    """The form: empty, about a chemical (`chemical`), or with what was scanned or searched elsewhere (`barcode`, `q`)."""
    delivery = Delivery(pending=request.args.get("barcode", "").strip()[:64])
    if delivery.pending and not BARCODE.fullmatch(delivery.pending):
        delivery.pending = ""
    for chemical in request.args.getlist("chemical", type=int)[:SOME]:
        delivery.add(chemical)
    return _scan(lab, delivery, request.args.get("q", "").strip())


@blueprint.post("/checkin/<lab>")
def write(lab: str) -> Answer:
    """One step of the form: a scan, a line more or less, or the end of it. Which one the button says."""
    delivery, form = Delivery.read(request.form), request.form
    if form.get("act") in ("print", "receive"):
        return _receive(lab, delivery)
    if "add" in form:
        chosen = form["add"]
        delivery.add(int(chosen) if chosen.isdigit() and len(chosen) < 19 else None, form.get("called", "").strip())
        return _form(lab, delivery, sound="hit")
    if "remove" in form or "attach" in form or "list_as" in form:
        number, _, chemical = (form.get("remove") or form.get("attach") or form.get("list_as") or "").partition(":")
        if not number.isdigit() or int(number) >= len(delivery.lines):
            abort(400)
        line = delivery.lines[int(number)]
        if "remove" in form:
            delivery.lines.remove(line)
        elif "attach" in form:
            line.add_barcode(form.get("called", "").strip())
        else:
            line.fields["chemical_id"] = chemical
        return _form(lab, delivery)
    return _scan(lab, delivery, form.get("scan", "").strip())


@blueprint.get("/checkin/<lab>/find")
def find(lab: str) -> Answer:
    """Chemicals that fit what is being typed, for htmx."""
    typed = request.args.get("scan", "").strip()
    found = _find(lab, typed) if typed else {"items": []}
    return render_template("checkin/found.html", lab=lab, called=typed, found=found["items"], roomy=None)


@blueprint.get("/checkin/<lab>/known")
def known(lab: str) -> Answer:
    """What is known of a line's CAS RN, for htmx."""
    delivery = Delivery.read(request.args)
    delivery.learn(api.get(f"/labs/{lab}/receipts/new", **delivery.asked()))
    line = delivery.lines[0] if delivery.lines else abort(400)
    line.fields["chemical-fill_in"] = "1"
    return render_template("checkin/known.html", line=line, i=request.args.get("line", 0, int))


@blueprint.get("/checkin/<lab>/received")
def deliveries(lab: str) -> Answer:
    """All deliveries, the latest first."""
    page = api.get(f"/labs/{lab}/receipts", cursor=request.args.get("cursor"))
    return render_template("checkin/deliveries.html", lab=lab, page=page)


@blueprint.get("/checkin/<lab>/received/<int:delivery>")
def received(lab: str, delivery: int) -> Answer:
    """One delivery with its containers. With `print` the labels follow by themselves, as a download."""
    found = api.get(f"/labs/{lab}/receipts/{delivery}")
    answer = Response(render_template("checkin/received.html", lab=lab, delivery=found), mimetype="text/html")
    if request.args.get("print") and found["items"]:
        answer.headers["Refresh"] = f"1; url={url_for('checkin.labels', lab=lab, delivery=delivery, save=1)}"
    return answer


@blueprint.get("/checkin/<lab>/received/<int:delivery>/labels.pdf")
def labels(lab: str, delivery: int) -> Answer:
    """The labels of a delivery's containers; with `save` as a download, so that the page it follows stays."""
    answer = api.stream(f"/labs/{lab}/labels", delivery=delivery)
    if request.args.get("save"):
        answer.headers["Content-Disposition"] = f'attachment; filename="labels-{lab}-{delivery}.pdf"'
    return answer


def _find(lab: str, text: str) -> Found:
    """Chemicals by words, CAS RN, catalogue number …; `container` is the one whose barcode this is."""
    found: Found = api.get(f"/labs/{lab}/chemicals", q=text[:200], limit=SOME)
    return found


def _scan(lab: str, delivery: Delivery, text: str) -> Answer:
    """A bottle that was scanned, or something typed: a chemical for the next line, or the barcode of a container."""
    if not text:
        return _form(lab, delivery)
    if delivery.holds(text):
        return _form(lab, delivery, said=f"{text} is in this delivery already.", sound="miss")
    found = _find(lab, text)
    waiting = delivery.waiting
    if held := found["container"]:
        if waiting:
            return _form(lab, delivery, said=f"{text} is on another container of the lab.", sound="miss")
        delivery.add(held["chemical_id"])
        return _form(lab, delivery, said=f"{text} is here already: one more of the same.", sound="hit")
    items = found["items"]
    if not items and waiting and BARCODE.fullmatch(text):
        waiting.add_barcode(text)
        said = f"{text} is barcode {len(waiting.barcodes)} of {waiting.count}."
        return _form(lab, delivery, said=said, sound="hit")
    if len(items) == 1 and (text.casefold() == items[0]["name"].casefold() or CAS_NUMBER.fullmatch(text)):
        delivery.add(items[0]["id"])
        return _form(lab, delivery, said=f"Found {items[0]['name']}.", sound="hit")
    said = f"{things(len(items), 'chemical')} found." if items else f"“{text}” is not known here."
    return _form(lab, delivery, said=said, sound="hit" if items else "miss", called=text, found=items)


def _receive(lab: str, delivery: Delivery) -> Answer:
    """Sends the delivery; a refused one is shown again as it was typed, each error beside its field."""
    try:
        made = api.post(f"/labs/{lab}/receipts", delivery.as_json(), key=request.form.get("key"))
    except Problem as refused:
        return _form(lab, delivery, problem=refused if refused.status == 404 else refused.for_form())
    toast(f"{things(len(made['containers']), 'container')} received")
    wants_labels = "1" if request.form.get("act") == "print" else None
    where = url_for("checkin.received", lab=lab, delivery=made["id"], print=wants_labels)
    if is_fragment(request):
        return Response(status=204, headers={"HX-Redirect": where})
    return redirect(where, 303)


def _form(
    lab: str,
    delivery: Delivery,
    said: str = "",
    sound: str = "",
    called: str = "",
    found: list[Found] | None = None,
    problem: Problem | None = None,
) -> Answer:
    """The form, with what is known of its lines. `said`: what the last step did; `called`, `found`: what was searched."""
    asked_for = len(delivery.lines)
    offer = api.get(f"/labs/{lab}/receipts/new", **delivery.asked())
    member = current_member()
    if not (member and member.may("member")):
        abort(403)
    delivery.learn(offer)
    if len(delivery.lines) < asked_for and not problem:
        said, sound = "There is nothing here. If you scanned a label, it may be another lab's.", "miss"
    template = "checkin/work.html" if is_fragment(request) else "checkin/receive.html"
    page = render_template(
        template,
        lab=lab,
        delivery=delivery,
        offer=offer,
        places=[(place["id"], place["full_name"]) for place in offer["locations"]],
        said=said,
        sound=sound,
        called=called,
        found=found,
        roomy=delivery.roomy,
        problem=problem,
        errors=errors_by_field(problem.by_field) if problem else {},
    )
    return (page, problem.status) if problem else page


def create_app(settings: PageSettings | None = None) -> Flask:
    """The page, for gunicorn and for tests."""
    return create_page(blueprint, settings)
