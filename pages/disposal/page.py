"""/disposal/LAB: what is marked for deletion; a manager confirms it, or it is taken back. Nothing is erased."""

from typing import Any

from flask import Blueprint, Flask, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pages.common import api
from pages.common.app import create_page, toast
from pages.common.config import PageSettings
from pages.common.filters import number, things
from pages.common.login import current_member
from pages.common.problems import Problem

blueprint = Blueprint("disposal", __name__, template_folder="templates")

Answer = Response | str | tuple[str, int]
Item = dict[str, Any]
STATES = {"open": "Marked", "disposed": "Disposed of", "kept": "Taken back"}
REASONS = (
    "Empty",
    "Expired",
    "Contaminated",
    "Broken",
    "Cap corroded",
    "Peroxides found",
    "Label cannot be read",
    "No longer needed",
    "Not found",
)


@blueprint.get("/disposal/<lab>")
def show(lab: str) -> Answer:
    """What is marked; with `state` what was disposed of or taken back. `scan`: the container that goes."""
    if code := request.args.get("scan", "").strip():
        return _scanned(lab, code)
    return _list(lab)


@blueprint.get("/disposal/<lab>/mark")
def mark_form(lab: str) -> Answer:
    """Asks why: containers (`container`, several) or whole chemicals (`chemical`)."""
    return _mark_form(lab)


@blueprint.post("/disposal/<lab>/mark")
def mark(lab: str) -> Answer:
    """Marks them, all or nothing."""
    containers, chemicals = _ids("container"), _ids("chemical")
    lines = [{"container_id": one} for one in containers] + [{"chemical_id": one} for one in chemicals]
    reason = request.form.get("reason", "").strip()
    try:
        made = api.post(f"/labs/{lab}/disposals", {"lines": lines, "reason": reason}, key=request.form.get("key"))
    except Problem as refused:
        return _mark_form(lab, refused.for_form())
    ids = ",".join(str(one) for one in made["disposal_ids"])
    what = " and ".join(
        words
        for words in (
            things(len(containers), "container") if containers else "",
            things(len(chemicals), "chemical") if chemicals else "",
        )
        if words
    )
    toast(f"{what} marked for deletion", url_for("disposal.withdraw", lab=lab), disposals=ids)
    return redirect(url_for("disposal.show", lab=lab), 303)


@blueprint.post("/disposal/<lab>")
def decide(lab: str) -> Answer:
    """What was chosen in the list: confirm them (asks first), or take them back. The button says which."""
    chosen = _ids("disposal")
    if one := request.form.get("withdraw", ""):
        return _withdraw(lab, [int(one)] if one.isdigit() and len(one) < 19 else [])
    if not chosen:
        return redirect(url_for("disposal.show", lab=lab), 303)
    if request.form.get("act") == "withdraw":
        return _withdraw(lab, chosen)
    return redirect(url_for("disposal.confirm_form", lab=lab, disposal=chosen), 303)


@blueprint.get("/disposal/<lab>/confirm")
def confirm_form(lab: str) -> Answer:
    """The question before the act; the list shows it as a dialog."""
    return _confirm_form(lab)


@blueprint.post("/disposal/<lab>/confirm")
def confirm(lab: str) -> Answer:
    """Disposes of them."""
    chosen = _ids("disposal")
    try:
        done = api.post(f"/labs/{lab}/disposals/confirmations", {"disposal_ids": chosen}, key=request.form.get("key"))
    except Problem as refused:
        return _confirm_form(lab, refused.for_form())
    retired = f", {things(done['retired_chemicals'], 'chemical')} retired" if done["retired_chemicals"] else ""
    toast(f"{things(done['disposed_containers'], 'container')} disposed of{retired}")
    return redirect(url_for("disposal.show", lab=lab), 303)


@blueprint.post("/disposal/<lab>/withdraw")
def withdraw(lab: str) -> Answer:
    """Takes marks back: the Undo of marking."""
    return _withdraw(lab, [int(one) for one in request.form.get("disposals", "").split(",") if one.isdigit()][:200])


def _ids(name: str) -> list[int]:
    """The ids of that name, each once, as they were sent."""
    sent = request.values.getlist(name)
    return list(dict.fromkeys(int(one) for one in sent if one.isascii() and one.isdigit() and len(one) < 19))[:200]


def _list(lab: str, problem: Problem | None = None, said: str = "", unknown: str = "") -> Answer:
    state = request.args.get("state", "open")
    if state not in STATES:
        abort(404)
    page = api.get(f"/labs/{lab}/disposals", state=state, cursor=request.args.get("cursor"))
    words = {"page": page, "state": state, "states": STATES, "problem": problem, "said": said, "unknown": unknown}
    html = render_template("disposal/list.html", lab=lab, may_keep=_may_keep, **words)
    return (html, problem.status) if problem else html


def _may_keep(item: Item) -> bool:
    """Whether who asks may take this mark back: who made it, or a manager."""
    member = current_member()
    return bool(member and (member.may("manager") or (member.may("member") and item["marked_by"] == member.user_id)))


def _scanned(lab: str, code: str) -> Answer:
    """A scan leads to what can be done: confirm what is marked, mark what is not."""
    found = api.get(f"/labs/{lab}/disposals/candidates", barcode=code[:64])["items"]
    member = current_member()
    if not found:
        return _list(lab, said=f"{code} is on no container of this lab.", unknown=code)
    [one] = found[:1]
    if one["gone"]:
        return _list(lab, said=f"{one['barcode']} was disposed of.")
    if one["disposal_id"] is None:
        return redirect(url_for("disposal.mark_form", lab=lab, container=one["container_id"]))
    if member and member.may("manager"):
        return redirect(url_for("disposal.confirm_form", lab=lab, disposal=one["disposal_id"]))
    return _list(lab, said=f"{one['barcode']} is marked already: a manager confirms it.")


def _mark_form(lab: str, problem: Problem | None = None) -> Answer:
    containers, chemicals = _ids("container"), _ids("chemical")
    found = api.get(f"/labs/{lab}/disposals/candidates", container=containers, chemical=chemicals)["items"]
    member = current_member()
    if not (member and member.may("member")):
        abort(403)
    if not found or len(found) < len(containers) + len(chemicals):
        abort(404)
    waiting = [item for item in found if not item["gone"] and item["disposal_id"] is None]
    wrong = [] if problem is None else [said for where, said in problem.by_field.items() if where.startswith("/lines/")]
    html = render_template(
        "disposal/mark.html",
        lab=lab,
        items=found,
        open_items=waiting,
        reasons=REASONS,
        reason=request.form.get("reason", request.args.get("reason", "")),
        problem=problem,
        errors=problem.by_field if problem else {},
        wrong=wrong,
        title=title_of(waiting) if waiting else "",
    )
    return (html, problem.status) if problem else html


def _confirm_form(lab: str, problem: Problem | None = None) -> Answer:
    chosen = _ids("disposal")
    found = api.get(f"/labs/{lab}/disposals", state="any", id=chosen, limit=200)["items"] if chosen else []
    member = current_member()
    if not (member and member.may("manager")):
        abort(403)
    if not chosen or len(found) < len(chosen):
        abort(404)
    waiting = [item for item in found if item["outcome"] is None]
    html = render_template(
        "disposal/confirm.html",
        lab=lab,
        items=waiting,
        title=title_of(waiting),
        what=amount_of(waiting),
        problem=problem,
    )
    return (html, problem.status) if problem else html


def _withdraw(lab: str, chosen: list[int]) -> Answer:
    try:
        api.post(f"/labs/{lab}/disposals/withdrawals", {"disposal_ids": chosen}, key=request.form.get("key"))
    except Problem as refused:
        return _list(lab, refused.for_form())
    toast(f"{things(len(chosen), 'mark')} taken back: in stock as before")
    return redirect(url_for("disposal.show", lab=lab), 303)


def amount_of(items: list[Item]) -> str:
    """What leaves the stock, as a button says it: 120 mL, or 3 containers."""
    totals = [total for item in items for total in item["totals"]]
    containers = sum(item["containers"] for item in items)
    if len(items) == 1 and len(totals) == 1 and not items[0]["unknown_amounts"]:
        return f"{number(totals[0]['amount'])} {totals[0]['unit']}"
    return things(containers, "container")


def title_of(items: list[Item]) -> str:
    """The same with a name where there is one: 120 mL of Bromine, CT-000012 of Bromine, 3 containers of Bromine."""
    names = list(dict.fromkeys(item["chemical_name"] for item in items))
    amount = amount_of(items)
    if len(items) == 1 and items[0]["container_id"] and amount == "1 container":
        amount = items[0]["barcode"]
    return f"{amount} of {names[0]}" if len(names) == 1 else f"{amount} of {things(len(names), 'chemical')}"


def create_app(settings: PageSettings | None = None) -> Flask:
    """The page, for gunicorn and for tests."""
    return create_page(blueprint, settings)
