"""/reconcile/LAB: what is due, open and past; a stocktake is started, reviewed, posted. Counting and locations are beside it."""

from typing import Any

from flask import Flask, Response, redirect, render_template, request, url_for

from pages.common import api
from pages.common.app import create_page, toast
from pages.common.config import PageSettings
from pages.common.login import require
from pages.common.paths import is_fragment
from pages.common.problems import Problem
from pages.reconcile import counting, locations, words
from pages.reconcile.blueprint import STOCKTAKE, Answer, blueprint, id_of

__all__ = ["counting", "locations"]  # their routes are on the blueprint

REVIEWED = (*words.STATES, "recount")


@blueprint.app_context_processor
def say() -> dict[str, Any]:
    """The words of `words` are known to the templates."""
    return {"say": words}


@blueprint.get("/reconcile/<lab>")
def show(lab: str) -> Answer:
    """What is due, what is open, what is past."""
    found = api.get(f"/labs/{lab}/stocktakes", cursor=request.args.get("cursor"))
    return render_template("reconcile/overview.html", found=found)


@blueprint.get("/reconcile/<lab>/start")
def choose(lab: str) -> Answer:
    """Where to count."""
    found = api.get(f"/labs/{lab}/locations")
    require("member")
    return render_template("reconcile/start.html", tree=found["items"], problem=None)


@blueprint.post("/reconcile/<lab>/start")
def start(lab: str) -> Answer:
    """Starts a stocktake and goes counting."""
    where = request.form.get("location_id", "")
    try:
        made = api.post(
            f"/labs/{lab}/stocktakes", {"location_id": id_of(where) if where else None}, request.form.get("key")
        )
    except Problem as refused:
        problem = refused.for_form()
        tree = api.get(f"/labs/{lab}/locations")["items"]
        return render_template("reconcile/start.html", tree=tree, problem=problem), problem.status
    return redirect(url_for("reconcile.count", lab=lab, stocktake=made["id"]), 303)


@blueprint.get(STOCKTAKE)
def review(lab: str, stocktake: int) -> Answer:
    """The variances of a stocktake; when it is over, its report."""
    state = request.args.get("state", "off")
    if state not in REVIEWED:
        state = "off"
    found = api.get(f"/labs/{lab}/stocktakes/{stocktake}/lines", state=state, cursor=request.args.get("cursor"))
    return render_template("reconcile/review.html", found=found, stocktake=found["stocktake"], state=state)


@blueprint.post(f"{STOCKTAKE}/review")
def judge(lab: str, stocktake: int) -> Answer:
    """Keeps what was changed: reasons, and what is to be counted again."""
    form, lines = request.form, []
    for text in form.getlist("container"):
        reason, recount = form.get(f"reason-{text}"), form.get(f"then-{text}")
        line: dict[str, Any] = {"container_id": id_of(text)}
        if reason is not None and reason != form.get(f"reason-was-{text}"):
            line["reason"] = reason
        if recount is not None and recount != form.get(f"then-was-{text}"):
            line["recount"] = recount == "recount"
        if len(line) > 1:
            lines.append(line)
    if lines:
        api.patch(f"/labs/{lab}/stocktakes/{stocktake}/counts", {"lines": lines})
    if form.get("later"):
        return redirect(url_for("reconcile.show", lab=lab), 303)
    return _back_to_review(lab, stocktake, lines)


@blueprint.post(f"{STOCKTAKE}/review-all")
def judge_all(lab: str, stocktake: int) -> Answer:
    """Posts or counts again all of one state."""
    state, recount = request.form.get("state", ""), request.form.get("then") == "recount"
    api.patch(f"/labs/{lab}/stocktakes/{stocktake}/counts", {"state": state, "recount": recount})
    return _back_to_review(lab, stocktake)


@blueprint.post(f"{STOCKTAKE}/recount")
def recount(lab: str, stocktake: int) -> Answer:
    """One container is to be counted again; who asked goes there."""
    container = id_of(request.form.get("container_id", ""))
    lines = [{"container_id": container, "recount": True}]
    api.patch(f"/labs/{lab}/stocktakes/{stocktake}/counts", {"lines": lines}, key=request.form.get("key"))
    return redirect(url_for("reconcile.count", lab=lab, stocktake=stocktake, container=container), 303)


@blueprint.get(f"{STOCKTAKE}/post")
def ask_to_post(lab: str, stocktake: int) -> Answer:
    """Asks once before the ledger is written."""
    found = api.get(f"/labs/{lab}/stocktakes/{stocktake}")
    require("member")
    return render_template("reconcile/post.html", stocktake=found, problem=None)


@blueprint.post(f"{STOCKTAKE}/post")
def post(lab: str, stocktake: int) -> Answer:
    """Writes all counts, or none; then the report."""
    try:
        outcome = api.post(f"/labs/{lab}/stocktakes/{stocktake}/post", key=request.form.get("key"))
    except Problem as refused:
        problem = refused.for_form()
        found = api.get(f"/labs/{lab}/stocktakes/{stocktake}")
        return render_template("reconcile/post.html", stocktake=found, problem=problem), problem.status
    toast(words.posted(outcome))
    return redirect(url_for("reconcile.review", lab=lab, stocktake=stocktake), 303)


@blueprint.get(f"{STOCKTAKE}/cancel")
def ask_to_cancel(lab: str, stocktake: int) -> Answer:
    """Asks once before counting was for nothing."""
    found = api.get(f"/labs/{lab}/stocktakes/{stocktake}")
    require("member")
    return render_template("reconcile/cancel.html", stocktake=found)


@blueprint.post(f"{STOCKTAKE}/cancel")
def cancel(lab: str, stocktake: int) -> Answer:
    """Ends a stocktake without writing anything."""
    api.post(f"/labs/{lab}/stocktakes/{stocktake}/cancel", key=request.form.get("key"))
    toast("Stocktake cancelled: nothing was written")
    return redirect(url_for("reconcile.show", lab=lab), 303)


@blueprint.get(f"{STOCKTAKE}/report.csv")
def report(lab: str, stocktake: int) -> Response:
    """All lines as a file."""
    return api.stream(f"/labs/{lab}/stocktakes/{stocktake}/report.csv")


def _back_to_review(lab: str, stocktake: int, changed: list[dict[str, Any]] | None = None) -> Answer:
    """The list that the form was on; to htmx only the numbers around it, and what is kept now of the lines that changed."""
    state = request.form.get("state", "off")
    if not is_fragment(request):
        return redirect(url_for("reconcile.review", lab=lab, stocktake=stocktake, state=state), 303)
    found = api.get(f"/labs/{lab}/stocktakes/{stocktake}")
    return render_template("reconcile/numbers.html", stocktake=found, state=state, changed=changed or [])


def create_app(settings: PageSettings | None = None) -> Flask:
    """The page, for gunicorn and for tests."""
    return create_page(blueprint, settings)
