"""/reconcile/LAB: stocktakes that are due, open and past; start, review, post. Counting and locations have their own modules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask, Response, redirect, render_template, request, url_for

from pages.common import api
from pages.common.app import create_page, toast
from pages.common.config import PageSettings
from pages.common.ids import id_of
from pages.common.login import require
from pages.common.paths import is_fragment
from pages.common.problems import Problem
from pages.reconcile import counting, location_labels, locations, words
from pages.reconcile.blueprint import STOCKTAKE, Answer, blueprint

if TYPE_CHECKING:
    from pages.common import answers

__all__ = ["counting", "location_labels", "locations"]  # importing these modules adds their routes to the blueprint

REVIEWED = (*words.STATES, "recount")
ASKED = ("tolerance_percent", "tolerance_amount", "sample_percent", "not_counted_days")
"""Numbers that a new stocktake may be given; blank: the lab's usual tolerance, and everything."""


@blueprint.app_context_processor
def say() -> dict[str, Any]:
    """Make the functions and tables of `words` known to the templates."""
    return {"say": words}


@blueprint.get("/reconcile/<lab>")
def show(lab: str) -> Answer:
    """Locations that are due, open stocktakes, and past ones."""
    found: answers.StocktakeList = api.get(f"/labs/{lab}/stocktakes", cursor=request.args.get("cursor"))
    return render_template("reconcile/overview.html", found=found)


@blueprint.get("/reconcile/<lab>/new")
def choose(lab: str) -> Answer:
    """The choice of the location to count, and of how. `location`, set by links from other pages, is preselected."""
    return _ask_where(lab)


@blueprint.post("/reconcile/<lab>/new")
def start(lab: str) -> Answer:
    """Starts a stocktake and goes counting."""
    form = request.form
    asked = {
        "location_id": id_of(form.get("location_id", "")),
        "blind": bool(form.get("blind")),
        "dangerous_only": bool(form.get("dangerous_only")),
        **{name: form.get(name, "").strip() for name in ASKED},
    }
    try:
        made: answers.Written = api.post(f"/labs/{lab}/stocktakes", asked, form.get("key"))
    except Problem as refused:
        return _ask_where(lab, refused.for_form())
    return redirect(url_for("reconcile.count", lab=lab, stocktake=made["id"]), 303)


def _ask_where(lab: str, problem: Problem | None = None) -> Answer:
    found: answers.LocationTree = api.get(f"/labs/{lab}/locations")
    stocktakes: answers.StocktakeList = api.get(f"/labs/{lab}/stocktakes", limit=1)
    tree = found["items"]
    require("member")
    asked = id_of(request.values.get("location", ""))
    chosen = next((location for location in tree if location["id"] == asked), None)
    typed = request.form if problem else {}
    page = render_template(
        "reconcile/new.html", tree=tree, chosen=chosen, usual=stocktakes["usual"], typed=typed, problem=problem
    )
    return (page, problem.status) if problem else page


@blueprint.get(STOCKTAKE)
def review(lab: str, stocktake: int) -> Answer:
    """The variances of a stocktake; when it is over, its report."""
    state = request.args.get("state", "off")
    if state not in REVIEWED:
        state = "off"
    found: answers.LineList = api.get(
        f"/labs/{lab}/stocktakes/{stocktake}/lines", state=state, cursor=request.args.get("cursor")
    )
    shown: dict[str, Any] = {"found": found, "stocktake": found["stocktake"], "state": state}
    return render_template("reconcile/review.html", **shown, problem=None, typed={})


@blueprint.post(f"{STOCKTAKE}/review")
def judge(lab: str, stocktake: int) -> Answer:
    """Save the changed reasons and the changed choices between posting and recounting."""
    form, lines = request.form, []
    for text in form.getlist("container"):
        line: dict[str, Any] = {}
        reason, reason_was = form.get(f"reason-{text}"), form.get(f"reason-was-{text}")
        if reason is not None and reason != reason_was:
            line |= {"reason": reason} | ({} if reason_was is None else {"reason_was": reason_was})
        then, then_was = form.get(f"then-{text}"), form.get(f"then-was-{text}")
        if then is not None and then != then_was:
            line |= {"recount": then == "recount"} | (
                {} if then_was is None else {"recount_was": then_was == "recount"}
            )
        if line:
            lines.append({"container_id": id_of(text), **line})
    try:
        if lines:
            api.patch(f"/labs/{lab}/stocktakes/{stocktake}/counts", {"lines": lines})
    except Problem as refused:
        if refused.status != 409 or "now" not in refused.extra:
            raise
        return _both_versions(lab, stocktake, refused, {line["container_id"]: line for line in lines})
    if form.get("later"):
        return redirect(url_for("reconcile.show", lab=lab), 303)
    return _back_to_review(lab, stocktake, lines)


@blueprint.post(f"{STOCKTAKE}/review-all")
def judge_all(lab: str, stocktake: int) -> Answer:
    """Choose posting or recounting for all lines of one state."""
    state, recount = request.form.get("state", ""), request.form.get("then") == "recount"
    api.patch(f"/labs/{lab}/stocktakes/{stocktake}/counts", {"state": state, "recount": recount})
    return _back_to_review(lab, stocktake)


@blueprint.post(f"{STOCKTAKE}/recount")
def recount(lab: str, stocktake: int) -> Answer:
    """Mark one container for a recount, and lead the user to counting it."""
    container = id_of(request.form.get("container_id", ""))
    lines = [{"container_id": container, "recount": True}]
    api.patch(f"/labs/{lab}/stocktakes/{stocktake}/counts", {"lines": lines}, key=request.form.get("key"))
    return redirect(url_for("reconcile.count", lab=lab, stocktake=stocktake, container=container), 303)


@blueprint.get(f"{STOCKTAKE}/post")
def ask_to_post(lab: str, stocktake: int) -> Answer:
    """Asks once before the ledger is written."""
    found: answers.StocktakeDetail = api.get(f"/labs/{lab}/stocktakes/{stocktake}")
    require("member")
    return render_template("reconcile/post.html", stocktake=found, problem=None)


@blueprint.post(f"{STOCKTAKE}/post")
def post(lab: str, stocktake: int) -> Answer:
    """Write all counts to the ledger, or none; then show the report."""
    try:
        outcome: answers.Posting = api.post(f"/labs/{lab}/stocktakes/{stocktake}/post", key=request.form.get("key"))
    except Problem as refused:
        problem = refused.for_form()
        found: answers.StocktakeDetail = api.get(f"/labs/{lab}/stocktakes/{stocktake}")
        return render_template("reconcile/post.html", stocktake=found, problem=problem), problem.status
    toast(words.posted(outcome))
    return redirect(url_for("reconcile.review", lab=lab, stocktake=stocktake), 303)


@blueprint.get(f"{STOCKTAKE}/cancel")
def ask_to_cancel(lab: str, stocktake: int) -> Answer:
    """Ask once before a stocktake is cancelled and its counts are given up."""
    found: answers.StocktakeDetail = api.get(f"/labs/{lab}/stocktakes/{stocktake}")
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
    """All lines of a stocktake as a file."""
    return api.stream(f"/labs/{lab}/stocktakes/{stocktake}/report.csv")


def _both_versions(lab: str, stocktake: int, refused: Problem, typed: dict[int, dict[str, Any]]) -> Answer:
    """What was typed stays in the form, with what somebody else saved meanwhile above it; sending it again puts it in its place."""
    if is_fragment(request):
        return _back_to_review(lab, stocktake, refused.extra["now"], refused)
    state = request.form.get("state", "off")
    found: answers.LineList = api.get(f"/labs/{lab}/stocktakes/{stocktake}/lines", state=state)
    shown: dict[str, Any] = {"found": found, "stocktake": found["stocktake"], "state": state}
    return render_template("reconcile/review.html", **shown, problem=refused, typed=typed), refused.status


def _back_to_review(
    lab: str, stocktake: int, changed: list[dict[str, Any]] | None = None, problem: Problem | None = None
) -> Answer:
    """The list with the form. htmx gets only the numbers around the list, and the saved values of the lines that changed."""
    state = request.form.get("state", "off")
    if not is_fragment(request):
        return redirect(url_for("reconcile.review", lab=lab, stocktake=stocktake, state=state), 303)
    found: answers.StocktakeDetail = api.get(f"/labs/{lab}/stocktakes/{stocktake}")
    page = render_template(
        "reconcile/numbers.html", stocktake=found, state=state, changed=changed or [], problem=problem
    )
    return (page, problem.status) if problem else page


def create_app(settings: PageSettings | None = None) -> Flask:
    """The page, for gunicorn and for tests."""
    return create_page(blueprint, settings)
