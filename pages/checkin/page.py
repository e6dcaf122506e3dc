"""/checkin/LAB: receive a purchase; /checkin/LAB/received: what came, and the labels of what came. Attaching codes: attaching.py."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Flask, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pages.checkin import attaching
from pages.checkin.blueprint import Answer, blueprint
from pages.checkin.form import BARCODE, CAS_NUMBER, RECEIVED, Delivery, errors_by_field
from pages.common import api, hits
from pages.common.app import create_page, toast
from pages.common.config import PageSettings
from pages.common.filters import things
from pages.common.ids import id_of
from pages.common.label_addresses import elsewhere
from pages.common.login import require
from pages.common.paths import is_fragment
from pages.common.problems import Problem

if TYPE_CHECKING:
    from pages.common import answers

__all__ = ["attaching"]  # importing it adds its routes to the blueprint

MAY_BE_PRODUCT_CODE = re.compile(r"\][A-Za-z]|[0-9]{8}|.*\x1d")
"""A text may be a manufacturer's code if it begins so or has a separator in it. The API decides whether it is."""
SOME = 8
"""The largest number of found chemicals that the page shows."""


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
    """One step of the form: scan, add a line, remove a line, or receive the delivery. The button pressed decides which."""
    delivery, form = Delivery.read(request.form), request.form
    if form.get("act") in ("print", "receive"):
        return _receive(lab, delivery)
    if "add" in form:
        chosen = form["add"]
        delivery.add(id_of(chosen), form.get("called", "").strip())
        return _form(lab, delivery, sound="hit")
    if about := next((name for name in ("remove", "attach", "list_as", "weigh") if name in form), ""):
        number, _, chemical = form[about].partition(":")
        if not (number.isascii() and number.isdigit() and len(number) < 9) or int(number) >= len(delivery.lines):
            abort(400)
        line = delivery.lines[int(number)]
        if about == "remove":
            delivery.lines.remove(line)
        elif about == "weigh":
            line.weigh()
        elif about == "attach":
            line.add_barcode(form.get("called", "").strip())
        else:
            line.fields["chemical_id"] = chemical
        return _form(lab, delivery)
    return _scan(lab, delivery, form.get("scan", "").strip())


@blueprint.get("/checkin/<lab>/find")
def find(lab: str) -> Answer:
    """Chemicals that fit what is being typed, for htmx."""
    typed = request.args.get("scan", "").strip()
    found = _find(lab, typed) if typed else None
    return render_template(
        "checkin/found.html",
        lab=lab,
        called=typed,
        found=found["items"] if found else [],
        roomy=None,
        only=_only(typed, found) if found else None,
    )


@blueprint.get("/checkin/<lab>/known")
def known(lab: str) -> Answer:
    """For htmx: the reference's facts about the CAS RN of a line."""
    delivery = Delivery.read(request.args)
    offer: answers.Offer = api.get(f"/labs/{lab}/deliveries/new", **delivery.asked())
    delivery.learn(offer)
    line = delivery.lines[0] if delivery.lines else abort(400)
    line.fields["chemical-fill_in"] = "1"
    return render_template("checkin/known.html", line=line, i=request.args.get("line", 0, int))


@blueprint.get("/checkin/<lab>/received")
def deliveries(lab: str) -> Answer:
    """All deliveries, the latest first."""
    page: answers.DeliveryList = api.get(f"/labs/{lab}/deliveries", cursor=request.args.get("cursor"))
    return render_template("checkin/deliveries.html", lab=lab, page=page)


@blueprint.get("/checkin/<lab>/received/<int:delivery>")
def received(lab: str, delivery: int) -> Answer:
    """One delivery with its containers. With `print` the labels follow by themselves, as a download."""
    found: answers.Delivery = api.get(f"/labs/{lab}/deliveries/{delivery}")
    answer = Response(render_template("checkin/received.html", lab=lab, delivery=found), mimetype="text/html")
    if request.args.get("print") and found["items"]:
        answer.headers["Refresh"] = f"1; url={url_for('checkin.labels', lab=lab, delivery=delivery, save=1)}"
    return answer


@blueprint.route("/checkin/<lab>/received/<int:delivery>/take-back", methods=["GET", "POST"])
def take_back(lab: str, delivery: int) -> Answer:
    """Ask once, then take back a delivery that was received by mistake; if something has happened to its containers, say what."""
    refused = None
    if request.method == "POST":
        try:
            done: answers.ReceiptTakenBack = api.post(
                f"/labs/{lab}/deliveries/{delivery}/take-back", key=request.form.get("key")
            )
        except Problem as problem:
            refused = problem.for_form()
        else:
            toast(f"The receipt of {things(done['containers'], 'container')} is taken back")
            return redirect(url_for("checkin.received", lab=lab, delivery=delivery), 303)
    found: answers.Delivery = api.get(f"/labs/{lab}/deliveries/{delivery}")
    require("member")
    page = render_template("checkin/take_back.html", delivery=found, refused=refused)
    return (page, refused.status) if refused else page


@blueprint.get("/checkin/<lab>/received/<int:delivery>/labels.pdf")
def labels(lab: str, delivery: int) -> Answer:
    """The labels of a delivery's containers. With `save` they are a download, so that the browser stays on the page."""
    answer = api.stream(f"/labs/{lab}/labels", delivery=delivery)
    if request.args.get("save"):
        answer.headers["Content-Disposition"] = f'attachment; filename="labels-{lab}-{delivery}.pdf"'
    return answer


def _find(lab: str, text: str) -> answers.ChemicalList:
    """Chemicals found by words, CAS RN or catalogue number; the answer has a `container` where the text is its barcode."""
    found: answers.ChemicalList = api.get(f"/labs/{lab}/chemicals", q=text[:200], limit=SOME)
    return found


def _meant(text: str, found: answers.ChemicalList) -> answers.ChemicalLine | None:
    """The chemical that the text means for certain: by its name, or as the only one with this CAS RN."""
    return hits.only(text, found["items"]) if CAS_NUMBER.fullmatch(text) else hits.named(text, found["items"])


def _only(text: str, found: answers.ChemicalList) -> int | None:
    """The chemical that Enter takes. A text with a digit may be a code that hits by chance, so it has to mean the chemical for certain."""
    has_digit = any(sign.isdigit() for sign in text)
    only = _meant(text, found) if has_digit else hits.only(text, found["items"])
    return only["id"] if only and not found["container"] else None


def _scan(lab: str, delivery: Delivery, text: str) -> Answer:
    """Use the text of the scan field: a chemical for the next line, or the barcode of a container."""
    if not text:
        return _form(lab, delivery)
    if delivery.holds(text):
        return _form(lab, delivery, message=f"{text} is in this delivery already.", sound="miss")
    waiting = delivery.waiting
    code = _product_code(lab, text)
    if code and (code["is_certain"] or (code["product"] and not waiting)):  # other digits may be a barcode
        return _add_product(lab, delivery, code)
    found = _find(lab, text)
    if held := found["container"]:
        if waiting:
            return _form(lab, delivery, message=f"{text} is on another container of the lab.", sound="miss")
        delivery.add(held["chemical_id"])
        return _form(lab, delivery, message=f"{text} is here already: one more of the same.", sound="hit")
    items = found["items"]
    if not items and waiting and BARCODE.fullmatch(text):
        waiting.add_barcode(text)
        message = f"{text} is barcode {len(waiting.barcodes)} of {waiting.count}."
        return _form(lab, delivery, message=message, sound="hit")
    if meant := _meant(text, found):
        delivery.add(meant["id"])
        return _form(lab, delivery, message=f"Found {meant['name']}.", sound="hit")
    if label := elsewhere(text):
        return _form(lab, delivery, message=label, sound="miss")
    message = f"{things(len(items), 'chemical')} found." if items else f"“{text}” is not known here."
    return _form(lab, delivery, message=message, sound="hit" if items else "miss", called=text, found=items)


def _product_code(lab: str, text: str) -> answers.ReadProduct | None:
    """The elements of a manufacturer's code; None for a text that is no such code."""
    if not MAY_BE_PRODUCT_CODE.match(text):
        return None
    code: answers.ReadProduct | None = api.get(f"/labs/{lab}/product-codes/scanned", code=text[:200])
    return code


def _add_product(lab: str, delivery: Delivery, code: answers.ReadProduct) -> Answer:
    """Add the pack whose manufacturer's code was scanned to the form, or ask which product it is."""
    number, product = code["serial_number"], code["product"]
    if code["fault"]:
        return _form(lab, delivery, message=code["fault"], sound="miss")
    if number and any(number in line.serial_numbers for line in delivery.lines if line["gtin"] == code["gtin"]):
        message = f"The pack with serial number {number} is in this delivery already."
        return _form(lab, delivery, message=message, sound="miss")
    if product and product["barcode"]:
        message = f"The pack with serial number {number} is here already: {product['barcode']}."
        return _form(lab, delivery, message=message, sound="miss")
    line = delivery.add_product(code)
    if line:
        message = f"One more pack of {product['name'] if product else line.title}."
    else:
        message = f"GTIN {code['gtin']} is not known here yet. Find its chemical: what the code says is filled in."
    if code["joined"]:
        message += f" Your scanner may leave separators out. Write lot and serial number, of “{code['joined']}”."
    return _form(lab, delivery, message=message, sound="hit" if line and not code["joined"] else "miss")


def _receive(lab: str, delivery: Delivery) -> Answer:
    """Send the delivery. If the API refuses it, show the form again as it was typed, each error beside its field."""
    try:
        made: answers.Made = api.post(f"/labs/{lab}/deliveries", delivery.as_json(), key=request.form.get("key"))
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
    message: str = "",
    sound: str = "",
    called: str = "",
    found: list[answers.ChemicalLine] | None = None,
    problem: Problem | None = None,
) -> Answer:
    """The form with its lines. `message` tells what the last step did; `called` is the text searched for, `found` its hits."""
    asked_for = len(delivery.lines)
    offer: answers.Offer = api.get(f"/labs/{lab}/deliveries/new", **delivery.asked())
    require("member")
    delivery.learn(offer)
    if len(delivery.lines) < asked_for and not problem:
        message, sound = "There is nothing here. If you scanned a label, it may be another lab's.", "miss"
    template = "checkin/work.html" if is_fragment(request) else "checkin/receive.html"
    page = render_template(
        template,
        lab=lab,
        delivery=delivery,
        offer=offer,
        locations=[(location["id"], location["full_name"]) for location in offer["locations"]],
        message=message,
        sound=sound,
        called=called,
        found=found,
        only=None,
        RECEIVED=RECEIVED,
        roomy=delivery.roomy,
        problem=problem,
        errors=errors_by_field(problem.by_field) if problem else {},
    )
    return (page, problem.status) if problem else page


def create_app(settings: PageSettings | None = None) -> Flask:
    """The page, for gunicorn and for tests."""
    return create_page(blueprint, settings)
