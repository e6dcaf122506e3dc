"""/: leads to the user's lab. /home/LAB: what needs attention there. /home/LAB/counts: the numbers of the side bar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Flask, redirect, render_template
from werkzeug.wrappers import Response

from pages.common import api, navigation
from pages.common.app import create_page
from pages.common.config import PageSettings
from pages.common.filters import as_day, day, things
from pages.common.login import require, signed_in
from pages.home.attention import news_of, rows_of

if TYPE_CHECKING:
    from pages.common import answers

blueprint = Blueprint("home", __name__, template_folder="templates")

Found = dict[str, Any]


@blueprint.get("/")
@blueprint.get("/home")
def start() -> Response:
    """Leads to the user's last or only lab, to the choice of one, or to administration."""
    user = signed_in()
    return redirect(navigation.start(user) if user else "/login")


@blueprint.get("/home/<lab>")
def show(lab: str) -> str:
    """The lab's home: what needs attention, what happened lately, how the stock develops; in a new lab, the first steps."""
    summary: answers.Summary = api.get(f"/labs/{lab}/summary")
    member = require("viewer")
    if not summary["totals"]["chemicals"]:
        return render_template("home/new.html", lab=lab, news=news_of(summary))
    rows = rows_of(summary, may_write=member.may("member"))
    plots = {"weeks": weeks_plot(summary["weeks"]), "drift": drift_plot(summary["drift"])}
    return render_template("home/show.html", lab=lab, summary=summary, rows=rows, plots=plots, news=news_of(summary))


@blueprint.get("/home/<lab>/counts")
def counts(lab: str) -> str:
    """The numbers beside the entries of the side bar, for htmx."""
    waiting: answers.Waiting = api.get(f"/labs/{lab}/summary/counts")
    return render_template("home/counts.html", waiting=waiting)


def weeks_plot(weeks: list[answers.Week]) -> Found | None:
    """The plot of containers taken and returned in each week, with its finding in words; None if there were none."""
    if not any(week["taken"] or week["came"] for week in weeks):
        return None
    mondays = [as_day(week["monday"]) for week in weeks]
    labels = [str(monday.isocalendar().week) if monday else "" for monday in mondays]
    taken, came = [week["taken"] for week in weeks], [week["came"] for week in weeks]
    spec = {
        "type": "bar",
        "labels": labels,
        "sets": [
            {"label": "Out", "data": taken, "colour": "a"},
            {"label": "In", "data": came, "colour": "b"},
        ],
    }
    finding = (
        f"Containers that something was taken from, and that came or got something back, in each of the last {len(weeks)} weeks; "
        f"this week {taken[-1]} out, {came[-1]} in, the most in a week {max(taken)} out, {max(came)} in"
    )
    return {"spec": spec, "finding": finding}


def drift_plot(drift: list[answers.Drift]) -> Found | None:
    """The plot of the percentage of counted containers that were off at each stocktake, with its finding in words."""
    if not drift:
        return None
    off = [round(100 * item["off"] / item["counted"], 1) for item in drift]
    spec = {
        "type": "line",
        "labels": [day(item["posted_at"]) for item in drift],
        "sets": [{"label": "Off", "data": off, "colour": "a"}],
        "unit": " %",
    }
    last = drift[-1]
    where = last["location"] or "the whole lab"
    finding = (
        f"{things(last['off'], 'container')} of {last['counted']} off at the last stocktake, {where}: {off[-1]:g} %"
    )
    return {"spec": spec, "finding": finding}


def create_app(settings: PageSettings | None = None) -> Flask:
    """The page, for gunicorn and for tests."""
    return create_page(blueprint, settings)
