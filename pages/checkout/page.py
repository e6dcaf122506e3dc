"""/checkout/LAB: take amounts and bottles. /checkout/LAB/returns: a rest comes back. /checkout/LAB/bring-back: a bottle does."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pages.checkout.basket import MOST_LINES, Basket, id_of, typed
from pages.common import api
from pages.common.app import create_page, toast
from pages.common.config import PageSettings
from pages.common.filters import number, things
from pages.common.login import require
from pages.common.paths import is_fragment
from pages.common.problems import Problem

blueprint = Blueprint("checkout", __name__, template_folder="templates")

Answer = Response | str | tuple[str, int]
Found = dict[str, Any]


@blueprint.get("/checkout/<lab>")
def show(lab: str) -> Answer:
    """The form: empty, with the containers of the address (`container`), or with what was scanned elsewhere (`scan`)."""
    return _work(lab, Basket.of_address(request.args), scanned=_scanned(request.args))


@blueprint.post("/checkout/<lab>")
def check_out(lab: str) -> Answer:
    """Takes all amounts. Without script Enter in the scan field comes here too: then nothing is taken, the line is added."""
    basket = Basket.of_form(request.form)
    scanned = _scanned(request.form)
    if scanned or not basket.lines:
        return _work(lab, basket, scanned=scanned)
    try:
        items = api.post(f"/labs/{lab}/check-outs", basket.as_json(), key=request.form.get("key"))["items"]
    except Problem as refused:
        return _work(lab, basket, problem=refused.for_form())
    toast(
        f"{_amounts(items)} checked out",
        undo=url_for("checkout.undo", lab=lab),
        movements=" ".join(str(item["movement_id"]) for item in items),
    )
    return redirect(url_for("checkout.show", lab=lab), 303)


@blueprint.post("/checkout/<lab>/lines")
def change_lines(lab: str) -> Answer:
    """A line more (scanned, or `add` chosen of several) or less (`remove`); what was typed stays. Nothing moves."""
    basket = Basket.of_form(request.form)
    removed, added = id_of(request.form.get("remove", "")), id_of(request.form.get("add", ""))
    basket.lines = [line for line in basket.lines if line.container_id != removed]
    if added:
        basket.put(added)
    return _work(lab, basket, scanned="" if removed or added else _scanned(request.form))


@blueprint.post("/checkout/<lab>/bottles")
def take_bottle(lab: str) -> Answer:
    """Makes the member the holder of one bottle (`bottle`); the other lines stay as they are."""
    basket = Basket.of_form(request.form)
    bottle = id_of(request.form.get("bottle", ""))
    try:
        taken = api.post(f"/labs/{lab}/holdings", {"container_ids": [bottle]}, key=request.form.get("key"))["items"][0]
    except Problem as refused:
        place = [line.container_id for line in basket.lines]
        if bottle not in place:
            raise
        pointer = f"/lines/{place.index(bottle)}/amount"
        errors = [{"pointer": pointer, "detail": refused.for_form().detail}]
        return _work(lab, basket, problem=Problem(refused.status, refused.title, refused.detail, errors))
    toast(
        f"You have {taken['chemical_name']}, {taken['barcode']}",
        undo=url_for("checkout.bring_back", lab=lab),
        container_id=str(taken["id"]),
        unchanged="1",
    )
    basket.lines = [line for line in basket.lines if line.container_id != bottle]
    home = url_for("checkout.show", lab=lab)
    return redirect(basket.address(home) or home, 303)


@blueprint.post("/checkout/<lab>/undo")
def undo(lab: str) -> Answer:
    """What was just taken or returned did not happen (`movements`: their ids)."""
    lines = [
        {"movement_id": found, "amount": "0"}
        for text in request.form.get("movements", "").split()
        if (found := id_of(text))
    ]
    api.post(f"/labs/{lab}/corrections", {"reason": "Undone", "lines": lines}, key=request.form.get("key"))
    toast("Undone: the amounts are as they were")
    return redirect(url_for("checkout.show", lab=lab), 303)


@blueprint.get("/checkout/<lab>/returns")
def show_out(lab: str) -> Answer:
    """What is out: one's own check-outs, or those of the address (`movement`)."""
    return _returns(lab, _ids("movement"))


@blueprint.post("/checkout/<lab>/returns")
def put_back(lab: str) -> Answer:
    """Puts back what was typed; lines without an amount stay out."""
    form = request.form
    movements = [found for text in form.getlist("movement") if (found := id_of(text))]
    said = {movement: form.get(f"amount-{movement}", "").strip() for movement in movements}
    lines = [
        {"movement_id": movement, **typed(amount, form.get(f"amount-{movement}-unit", ""))}
        for movement, amount in said.items()
        if amount
    ]
    if not lines:
        return _returns(lab, movements, Problem(422, "Nothing came back", "Write how much comes back of at least one."))
    try:
        items = api.post(f"/labs/{lab}/returns", {"lines": lines}, key=form.get("key"))["items"]
    except Problem as refused:
        refused.for_form()
        # Only what was typed was sent: each error goes back to its check-out.
        errors = {
            f"/amount/{line['movement_id']}": sentence
            for place, line in enumerate(lines)
            for pointer, sentence in refused.by_field.items()
            if pointer.startswith(f"/lines/{place}/")
        }
        return _returns(lab, movements, refused, errors)
    toast(
        f"{_amounts(items)} put back",
        undo=url_for("checkout.undo", lab=lab),
        movements=" ".join(str(item["movement_id"]) for item in items),
    )
    return redirect(url_for("checkout.show", lab=lab), 303)


@blueprint.get("/checkout/<lab>/bring-back")
def show_held(lab: str) -> Answer:
    """Bottles to bring back: those of the address (`container`), else one's own; a manager sees all."""
    return _held(lab)


@blueprint.post("/checkout/<lab>/bring-back")
def bring_back(lab: str) -> Answer:
    """One bottle comes back: with what is left in it, or unchanged."""
    form = request.form
    container = id_of(form.get("container_id", ""))
    line: Found = {"container_id": container, "location_id": id_of(form.get("location_id", ""))}
    if form.get("unchanged"):
        line["unchanged"] = True
    else:
        left = typed(form.get("left_amount", "").strip(), form.get("left_unit", ""))
        line |= {"left_amount": left["amount"], "left_unit": left["unit"]}
    try:
        brought = {"purpose": form.get("purpose", "").strip(), "lines": [line]}
        item = api.post(f"/labs/{lab}/holdings/returns", brought, key=form.get("key"))["items"][0]
    except Problem as refused:
        return _held(lab, container, refused.for_form())
    said = f"{item['chemical_name']} is back"
    if item["kind"] == "check_out":
        said += f": {number(item['amount'].lstrip('-'))} {item['unit']} used"
    elif item["kind"] == "count":
        said += f": {number(item['balance'])} {item['unit']} in it"
    if item["kind"] is None:
        toast(said, undo=url_for("checkout.take_bottle", lab=lab), bottle=str(item["container_id"]))
    else:
        toast(said)
    return redirect(url_for("checkout.show", lab=lab), 303)


@blueprint.post("/checkout/<lab>/give")
def give(lab: str) -> Answer:
    """A manager gives a bottle to somebody else."""
    container, holder = id_of(request.form.get("container_id", "")), id_of(request.form.get("holder_id", ""))
    body = {"container_ids": [container], "holder_id": holder}
    try:
        item = api.post(f"/labs/{lab}/holdings", body, key=request.form.get("key"))["items"][0]
    except Problem as refused:
        return _held(lab, container, refused.for_form())
    toast(f"{item['chemical_name']}, {item['barcode']}, is with {item['holder']} now")
    return redirect(url_for("checkout.show_held", lab=lab), 303)


def _scanned(fields: Mapping[str, str]) -> str:
    """What is in the scan field, without the control characters that scanners may send along."""
    return "".join(letter for letter in fields.get("scan", "") if letter.isprintable()).strip()[:200]


def _amounts(items: list[Found]) -> str:
    """250 mL of Tetrahydrofuran, or 4 amounts."""
    [first, *others] = items
    named = f"{number(first['typed_amount'])} {first['typed_unit']} of {first['chemical_name']}"
    return things(len(items), "amount") if others else named


def _work(lab: str, basket: Basket, scanned: str = "", problem: Problem | None = None) -> Answer:
    """The form with its lines, and what the last scan did; for htmx the parts of it that changed."""
    room = len(basket.lines) < MOST_LINES
    form: Found = api.get(
        f"/labs/{lab}/check-outs",
        container=[line.container_id for line in basket.lines],
        q=scanned if room else None,
    )
    require("member")
    if form["added"]:
        is_more = basket.put(form["added"])
    basket.learn(form["containers"])
    if form["added"]:
        line = basket.lines[0] if is_more else basket.line(form["added"])
        said, result = ("added" if is_more else "is in the list already"), "hit"
        name = {"name": line.container["chemical_name"], "barcode": line.container["barcode"]} if line else {}
    else:
        name, result = {}, "miss" if scanned and not _to_choose_from(form) else ""
        said = "" if room else f"At most {MOST_LINES} containers at once. Check these out first."
    words = {
        "lab": lab,
        "basket": basket,
        "form": form,
        "scanned": scanned,
        "result": result,
        "said": said,
        "found": name,
        "problem": problem,
        "errors": problem.by_field if problem else {},
        "wrong": sorted({place.split("/")[2] for place in problem.by_field if place.startswith("/lines/")})
        if problem
        else [],
        "fragment": is_fragment(request),
    }
    if not is_fragment(request):
        page = render_template("checkout/show.html", **words)
        return (page, 422) if problem else page
    answer = Response(render_template("checkout/changed.html", **words), mimetype="text/html")
    if address := basket.address(url_for("checkout.show", lab=lab)):
        answer.headers["HX-Replace-Url"] = address
    return answer


def _to_choose_from(form: Found) -> bool:
    """Whether the scan found several containers that are there."""
    return bool(form["hits"]) and form["hits"][0]["disposed_at"] is None


def _returns(
    lab: str, movements: list[int], problem: Problem | None = None, errors: dict[str, str] | None = None
) -> Answer:
    form = api.get(f"/labs/{lab}/check-outs", movement=movements)
    require("member")
    page = render_template("checkout/returns.html", lab=lab, out=form["out"], problem=problem, errors=errors or {})
    return (page, 422) if problem else page


def _held(lab: str, container: int | None = None, problem: Problem | None = None) -> Answer:
    containers = [container] if container else _ids("container")
    held = api.get(f"/labs/{lab}/holdings", container=containers)
    member = require("member")
    held["items"] = [item for item in held["items"] if member.may("manager") or item["holder_id"] == member.user_id]
    page = render_template(
        "checkout/bring_back.html",
        lab=lab,
        held=held,
        places=[(place["id"], place["full_name"]) for place in held["locations"]],
        people=[(person["id"], person["name"]) for person in held["members"]],
        asked=containers,
        problem=problem,
    )
    return (page, 422) if problem else page


def _ids(name: str) -> list[int]:
    """The ids of the address under this name."""
    return [found for text in request.args.getlist(name)[:MOST_LINES] if (found := id_of(text))]


def create_app(settings: PageSettings | None = None) -> Flask:
    """The page, for gunicorn and for tests."""
    return create_page(blueprint, settings)
