"""/disposal/LAB: what is marked for deletion; a manager confirms it, or it is taken back. Nothing is erased."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pages.common import api
from pages.common.app import create_page, toast
from pages.common.config import PageSettings
from pages.common.filters import amount, things
from pages.common.ids import id_of
from pages.common.label_addresses import elsewhere
from pages.common.login import current_member, require
from pages.common.narrowing import narrowing_of
from pages.common.problems import Problem

if TYPE_CHECKING:
    from pages.common import answers

blueprint = Blueprint("disposal", __name__, template_folder="templates")

Answer = Response | str | tuple[str, int]
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
    """The open marks, or with `state` those confirmed or taken back. `scan` is the barcode of a container to dispose of."""
    if code := request.args.get("scan", "").strip():
        return _scanned(lab, code)
    return _list(lab)


@blueprint.get("/disposal/<lab>/mark")
def mark_form(lab: str) -> Answer:
    """The form that asks for the reason, for containers (`container`, several) or whole chemicals (`chemical`)."""
    return _mark_form(lab)


@blueprint.post("/disposal/<lab>/mark")
def mark(lab: str) -> Answer:
    """Mark the containers and chemicals of the form: all of them, or none if one is refused."""
    containers, chemicals = _ids("container"), _ids("chemical")
    lines = [{"container_id": one} for one in containers] + [{"chemical_id": one} for one in chemicals]
    reason = request.form.get("reason", "").strip()
    try:
        made: answers.Marked = api.post(
            f"/labs/{lab}/disposals", {"lines": lines, "reason": reason}, key=request.form.get("key")
        )
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
    """Confirm (after a question) or take back the marks chosen in the list. The button pressed decides which."""
    chosen = _ids("disposal")
    if one := request.form.get("withdraw", ""):
        return _withdraw(lab, _known([one]))
    if not chosen:
        return redirect(url_for("disposal.show", lab=lab), 303)
    if request.form.get("act") == "withdraw":
        return _withdraw(lab, chosen)
    return redirect(url_for("disposal.confirm_form", lab=lab, disposal=chosen), 303)


@blueprint.get("/disposal/<lab>/confirm")
def confirm_form(lab: str) -> Answer:
    """The question before confirming; the list opens it as a dialog."""
    return _confirm_form(lab)


@blueprint.post("/disposal/<lab>/confirm")
def confirm(lab: str) -> Answer:
    """Dispose of the containers of the confirmed marks: of those that the question showed, and of no others."""
    chosen = _ids("disposal")
    shown = [number for one in request.form.get("shown", "").split(",") if (number := id_of(one))]
    try:
        done: answers.Confirmed = api.post(
            f"/labs/{lab}/disposals/confirmations",
            {"disposal_ids": chosen, "container_ids": shown},
            key=request.form.get("key"),
        )
    except Problem as refused:
        return _confirm_form(lab, refused.for_form())
    retired = f", {things(done['retired_chemicals'], 'chemical')} retired" if done["retired_chemicals"] else ""
    toast(f"{things(done['disposed_containers'], 'container')} disposed of{retired}")
    return redirect(url_for("disposal.show", lab=lab), 303)


@blueprint.post("/disposal/<lab>/withdraw")
def withdraw(lab: str) -> Answer:
    """Takes marks back: the Undo of marking."""
    return _withdraw(lab, _known(request.form.get("disposals", "").split(",")))


def _ids(name: str) -> list[int]:
    """The ids sent under `name`, each once, in the order sent."""
    return _known(request.values.getlist(name))


def _known(sent: list[str]) -> list[int]:
    """The ids among the texts, each once."""
    return list(dict.fromkeys(number for one in sent if (number := id_of(one))))[:200]


def _list(lab: str, problem: Problem | None = None, message: str = "", unknown: str = "") -> Answer:
    state = request.args.get("state", "open")
    if state not in STATES:
        abort(404)
    page: answers.DisposalList = api.get(f"/labs/{lab}/disposals", state=state, cursor=request.args.get("cursor"))
    words = {"page": page, "state": state, "states": STATES, "problem": problem, "message": message, "unknown": unknown}
    html = render_template("disposal/list.html", lab=lab, may_keep=_may_keep, **words)
    return (html, problem.status) if problem else html


def _may_keep(item: answers.Disposal) -> bool:
    """Whether the user may take this mark back: the member who made it and managers may."""
    member = current_member()
    return bool(member and (member.may("manager") or (member.may("member") and item["marked_by"] == member.user_id)))


def _scanned(lab: str, code: str) -> Answer:
    """Lead from a scanned barcode to the next step: confirm the container's mark, or mark the container."""
    candidates: answers.Candidates = api.get(f"/labs/{lab}/disposals/new", barcode=code[:200])
    member = current_member()
    if not candidates["items"]:
        message = elsewhere(code) or f"{code} is on no container of this lab."
        return _list(lab, message=message, unknown=code)
    one = candidates["items"][0]
    if one["gone"]:
        return _list(lab, message=f"{one['barcode']} was disposed of.")
    if one["disposal_id"] is None:
        return redirect(url_for("disposal.mark_form", lab=lab, container=one["container_id"]))
    if member and member.may("manager"):
        return redirect(url_for("disposal.confirm_form", lab=lab, disposal=one["disposal_id"]))
    return _list(lab, message=f"{one['barcode']} is marked already: a manager confirms it.")


def _mark_form(lab: str, problem: Problem | None = None) -> Answer:
    containers, chemicals = _ids("container"), _ids("chemical")
    narrowing = narrowing_of(request.args)
    asked: answers.Candidates = api.get(
        f"/labs/{lab}/disposals/new", container=containers, chemical=chemicals, **narrowing
    )
    found = asked["items"]
    require("member")
    if not narrowing and (not found or len(found) < len(containers) + len(chemicals)):
        abort(404)
    waiting = [item for item in found if not item["gone"] and item["disposal_id"] is None]
    wrong = (
        []
        if problem is None
        else [sentence for where, sentence in problem.by_field.items() if where.startswith("/lines/")]
    )
    html = render_template(
        "disposal/mark.html",
        lab=lab,
        items=found,
        open_items=waiting,
        in_stock=asked["in_stock"],
        whole=url_for("disposal.mark_form", lab=lab, chemical=chemicals),
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
    asked: answers.DisposalList = api.get(f"/labs/{lab}/disposals", state="any", id=chosen or None, limit=200)
    require("manager")
    if not chosen or len(asked["items"]) < len(chosen):
        abort(404)
    waiting = [item for item in asked["items"] if item["outcome"] is None]
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


def amount_of(items: Sequence[answers.Candidate | answers.Disposal]) -> str:
    """The stock that is disposed of, for the words of a button: 120 mL, or 3 containers."""
    totals = [total for item in items for total in item["totals"]]
    containers = sum(item["containers"] for item in items)
    if len(items) == 1 and len(totals) == 1 and not items[0]["unknown_amounts"]:
        return amount(totals[0]["amount"], totals[0]["unit"])
    return things(containers, "container")


def title_of(items: Sequence[answers.Candidate | answers.Disposal]) -> str:
    """The stock with its name, if it has one: 120 mL of Bromine, CT-000012 of Bromine, 3 containers of Bromine."""
    names = list(dict.fromkeys(item["chemical_name"] for item in items))
    held = amount_of(items)
    if len(items) == 1 and items[0]["barcode"] and held == "1 container":
        held = items[0]["barcode"]
    return f"{held} of {names[0]}" if len(names) == 1 else f"{held} of {things(len(names), 'chemical')}"


def create_app(settings: PageSettings | None = None) -> Flask:
    """The page, for gunicorn and for tests."""
    return create_page(blueprint, settings)
