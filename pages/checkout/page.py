"""/checkout/LAB: take amounts and bottles. /checkout/LAB/returns: return amounts. /checkout/LAB/bring-back: return bottles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flask import Flask, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pages.checkout import rules
from pages.checkout.basket import MOST_LINES, Basket
from pages.checkout.blueprint import Answer, blueprint
from pages.common import api
from pages.common.app import create_page, toast
from pages.common.config import PageSettings
from pages.common.filters import amount, number, things
from pages.common.ids import id_of
from pages.common.login import require
from pages.common.paths import is_fragment
from pages.common.problems import Problem
from pages.common.typed_amounts import typed_amount

if TYPE_CHECKING:
    from pages.common import answers

__all__ = ["rules"]  # importing it adds its routes to the blueprint


@blueprint.get("/checkout/<lab>")
def show(lab: str) -> Answer:
    """The form: empty, with the containers of the address (`container`), or with a code scanned on another page (`scan`)."""
    return _work(lab, Basket.of_address(request.args), scanned=_scanned(request.args))


@blueprint.post("/checkout/<lab>")
def check_out(lab: str) -> Answer:
    """Take all amounts. Without script, Enter in the scan field also arrives here; then a line is added and nothing is taken."""
    basket = Basket.of_form(request.form)
    scanned = _scanned(request.form)
    if scanned or not basket.lines:
        return _work(lab, basket, scanned=scanned)
    try:
        done: answers.CheckedOut = api.post(f"/labs/{lab}/check-outs", basket.as_json(), key=request.form.get("key"))
    except Problem as refused:
        return _work(lab, basket, problem=refused.for_form())
    toast(
        f"{_amounts(done['items'])} checked out",
        undo=url_for("checkout.undo", lab=lab),
        movements=_written(done["items"]),
    )
    return redirect(url_for("checkout.show", lab=lab, taken=1), 303)  # read by basket.js


@blueprint.post("/checkout/<lab>/lines")
def change_lines(lab: str) -> Answer:
    """Add a line (scanned, or `add` chosen among several hits) or remove one (`remove`). Typed amounts stay; no stock moves."""
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
        held: answers.AllHeld = api.post(
            f"/labs/{lab}/holdings", {"container_ids": [bottle]}, key=request.form.get("key")
        )
    except Problem as refused:
        place = [line.container_id for line in basket.lines]
        if bottle not in place:
            raise
        pointer = f"/lines/{place.index(bottle)}/amount"
        errors = [{"pointer": pointer, "detail": refused.for_form().detail}]
        return _work(lab, basket, problem=Problem(refused.status, refused.title, refused.detail, errors))
    taken = held["items"][0]
    message = f"You have {taken['chemical_name']}, {taken['barcode']}"
    if taken["transfer_id"]:
        toast(message, undo=url_for("checkout.undo", lab=lab), transfers=str(taken["transfer_id"]))
    else:
        toast(message)
    basket.lines = [line for line in basket.lines if line.container_id != bottle]
    home = url_for("checkout.show", lab=lab)
    return redirect(basket.address(home, taken=True) or home, 303)


@blueprint.post("/checkout/<lab>/undo")
def undo(lab: str) -> Answer:
    """Undo what was just taken, returned or brought back; `movements` and `transfers` are the ids to undo."""
    wanted = {
        f"{kind}_ids": [found for text in request.form.get(f"{kind}s", "").split() if (found := id_of(text))]
        for kind in ("movement", "transfer")
    }
    api.post(f"/labs/{lab}/undo", wanted, key=request.form.get("key"))
    toast("Undone: all is as it was")
    return redirect(url_for("checkout.show", lab=lab), 303)


@blueprint.get("/checkout/<lab>/returns")
def show_out(lab: str) -> Answer:
    """The amounts that are out: the user's own check-outs, or the check-outs named in the address (`movement`)."""
    return _returns(lab, _ids("movement"))


@blueprint.post("/checkout/<lab>/returns")
def put_back(lab: str) -> Answer:
    """Puts back what was typed; lines without an amount stay out."""
    form = request.form
    movements = [found for text in form.getlist("movement") if (found := id_of(text))]
    said = {movement: form.get(f"amount-{movement}", "").strip() for movement in movements}
    lines = [
        {"movement_id": movement, **typed_amount(amount, form.get(f"amount-{movement}-unit", ""))}
        for movement, amount in said.items()
        if amount
    ]
    if not lines:
        return _returns(lab, movements, Problem(422, "Nothing came back", "Write how much comes back of at least one."))
    try:
        done: answers.AllReturned = api.post(f"/labs/{lab}/returns", {"lines": lines}, key=form.get("key"))
    except Problem as refused:
        refused.for_form()
        # Lines without an amount were not sent, so the API's line numbers differ from the form's: map each error back.
        errors = {
            f"/amount/{line['movement_id']}": sentence
            for place, line in enumerate(lines)
            for pointer, sentence in refused.by_field.items()
            if pointer.startswith(f"/lines/{place}/")
        }
        return _returns(lab, movements, refused, errors)
    toast(
        f"{_amounts(done['items'])} put back",
        undo=url_for("checkout.undo", lab=lab),
        movements=" ".join(str(item["movement_id"]) for item in done["items"]),
    )
    return redirect(url_for("checkout.show", lab=lab), 303)


@blueprint.get("/checkout/<lab>/bring-back")
def show_held(lab: str) -> Answer:
    """Bottles to bring back: those named in the address (`container`), else the user's own; a manager sees all."""
    return _held(lab)


@blueprint.post("/checkout/<lab>/bring-back")
def bring_back(lab: str) -> Answer:
    """Bring one bottle back, either with the amount left in it or unchanged."""
    form = request.form
    container = id_of(form.get("container_id", ""))
    line: dict[str, Any] = {"container_id": container, "location_id": id_of(form.get("location_id", ""))}
    if form.get("unchanged"):
        line["unchanged"] = True
    else:
        left = typed_amount(form.get("left_amount", "").strip(), form.get("left_unit", ""))
        line |= {"left_amount": left["amount"], "left_unit": left["unit"], "holds_more": bool(form.get("holds_more"))}
    try:
        brought = {"purpose": form.get("purpose", "").strip(), "lines": [line]}
        back: answers.AllBroughtBack = api.post(f"/labs/{lab}/holdings/returns", brought, key=form.get("key"))
    except Problem as refused:
        return _held(lab, container, refused.for_form())
    item = back["items"][0]
    message = f"{item['chemical_name']} is back"
    if item["kind"] == "check_out" and item["amount"]:
        message += f": {amount(item['amount'].lstrip('-'), item['unit'])} used"
    elif item["kind"] == "count":
        message += f": {amount(item['balance'], item['unit'])} in it"
    toast(
        message,
        undo=url_for("checkout.undo", lab=lab),
        movements=" ".join(str(line) for line in {item["movement_id"], item["counted_id"]} if line),
        transfers=str(item["transfer_id"] or ""),
    )
    return redirect(url_for("checkout.show", lab=lab), 303)


@blueprint.post("/checkout/<lab>/give")
def give(lab: str) -> Answer:
    """A manager gives a bottle to somebody else."""
    container, holder = id_of(request.form.get("container_id", "")), id_of(request.form.get("holder_id", ""))
    body = {"container_ids": [container], "holder_id": holder}
    try:
        given: answers.AllHeld = api.post(f"/labs/{lab}/holdings", body, key=request.form.get("key"))
    except Problem as refused:
        return _held(lab, container, refused.for_form())
    item = given["items"][0]
    toast(f"{item['chemical_name']}, {item['barcode']}, is with {item['holder']} now")
    return redirect(url_for("checkout.show_held", lab=lab), 303)


def _scanned(fields: Mapping[str, str]) -> str:
    """The text of the scan field, without the control characters that some scanners send; the separators in a manufacturer's code stay."""
    typed = fields.get("scan", "")
    return "".join(letter for letter in typed if letter.isprintable() or letter == "\x1d").strip()[:200]


def _written(items: list[answers.Taken]) -> str:
    """The ids of all ledger lines that a check-out wrote: its movements, and the counts written just before them."""
    return " ".join(str(found) for item in items for found in (item["count_id"], item["movement_id"]) if found)


def _amounts(items: Sequence[answers.Taken | answers.Returned]) -> str:
    """Name one amount as "250 mL of Tetrahydrofuran", and several as "4 amounts"."""
    [first, *others] = items
    named = f"{number(first['typed_amount'])} {first['typed_unit']} of {first['chemical_name']}"
    return things(len(items), "amount") if others else named


def _work(lab: str, basket: Basket, scanned: str = "", problem: Problem | None = None) -> Answer:
    """The form with its lines and the result of the last scan. htmx gets only the parts that changed."""
    room = len(basket.lines) < MOST_LINES
    form: answers.CheckOutForm = api.get(
        f"/labs/{lab}/check-outs/new",
        container=[line.container_id for line in basket.lines],
        q=scanned if room else None,
    )
    require("member")
    if form["added"]:
        is_more = basket.put(form["added"])
    basket.learn(form["containers"])
    if form["added"]:
        line = basket.lines[0] if is_more else basket.line(form["added"])
        message, result = ("added" if is_more else "is in the list already"), "hit"
        name = (
            {"name": line.container["chemical_name"], "barcode": line.container["barcode"]}
            if line and line.container
            else {}
        )
    else:
        name, result = {}, "miss" if scanned and not _to_choose_from(form) else ""
        message = "" if room else f"At most {MOST_LINES} containers at once. Check these out first."
    words = {
        "lab": lab,
        "basket": basket,
        "form": form,
        "scanned": scanned,
        "result": result,
        "message": message,
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


def _to_choose_from(form: answers.CheckOutForm) -> bool:
    """Whether the scan fits several containers in stock, so that the user has to choose one."""
    return bool(form["hits"]) and form["hits"][0]["disposed_at"] is None


def _returns(
    lab: str, movements: list[int], problem: Problem | None = None, errors: dict[str, str] | None = None
) -> Answer:
    form: answers.CheckOutForm = api.get(f"/labs/{lab}/check-outs/new", movement=movements)
    require("member")
    page = render_template("checkout/returns.html", lab=lab, out=form["out"], problem=problem, errors=errors or {})
    return (page, 422) if problem else page


def _held(lab: str, container: int | None = None, problem: Problem | None = None) -> Answer:
    containers = [container] if container else _ids("container")
    held: answers.Holdings = api.get(f"/labs/{lab}/holdings", container=containers)
    member = require("member")
    held["items"] = [item for item in held["items"] if member.may("manager") or item["holder_id"] == member.user_id]
    page = render_template(
        "checkout/bring_back.html",
        lab=lab,
        held=held,
        locations=[(location["id"], location["full_name"]) for location in held["locations"]],
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
