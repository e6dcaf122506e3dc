"""/reconcile/LAB/ID/count: counting, with a scanner, a thumb or a keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pages.common import api
from pages.common.ids import id_of
from pages.common.location_codes import location_of
from pages.common.login import require
from pages.common.problems import Problem
from pages.reconcile.blueprint import STOCKTAKE, Answer, blueprint

if TYPE_CHECKING:
    from pages.common import answers

RESULTS = ("as_expected", "counted", "there", "not_found")
ROWS = 100


def where(**more: Any) -> dict[str, Any]:
    """The parameters that all addresses of counting keep: the location (`at`), whether a scan counts at once (`quick`), and the lines shown."""
    said = request.values
    kept = {"at": id_of(said.get("at", "")), "quick": "1" if said.get("quick") else None}
    kept["show"] = "counted" if said.get("show") == "counted" else None
    return {name: value for name, value in (kept | more).items() if value}


@blueprint.get(f"{STOCKTAKE}/count")
def count(lab: str, stocktake: int) -> Answer:
    """The lines still to count, and the container that was scanned or chosen."""
    return _show(lab, stocktake)


@blueprint.post(f"{STOCKTAKE}/counts")
def keep(lab: str, stocktake: int) -> Answer:
    """Count one container: the container shown, a row of the list (`row` is RESULT:ID), or the container scanned."""
    form = request.form
    result, _, row = form.get("row", "").partition(":")
    container = id_of(row) or id_of(form.get("container_id", ""))
    scanned = form.get("scan", "").strip()
    result = result or form.get("result", "counted")
    line: dict[str, Any] = {
        "result": result if result in RESULTS else "counted",
        "location_id": id_of(form.get("at", "")),
    }
    line |= {"container_id": container} if container else {"barcode": scanned}
    if not container and form.get("quick"):
        line["first_only"] = True  # a scan alone must not replace what somebody counted
    if line["result"] == "counted":
        line |= {"counted": form.get("amount", ""), "unit": form.get("unit", "")}
        line |= {name: True for name in ("gross", "holds_more") if form.get(name)}
    try:
        api.post(f"/labs/{lab}/stocktakes/{stocktake}/counts", {"lines": [line]})
    except Problem as refused:
        unknown = refused.status == 404 and refused.extra.get("unknown")
        if unknown and (here := location_of(scanned)):
            return redirect(url_for("reconcile.count", lab=lab, stocktake=stocktake, **where(at=here)), 303)
        problem = None if unknown else refused.for_form()
        page = _show(lab, stocktake, container, scanned, problem)
        return page if isinstance(page, Response) else (page, 404 if unknown else refused.status)
    done = {"container": container} if container else {"scan": scanned}
    return redirect(url_for("reconcile.count", lab=lab, stocktake=stocktake, **where(done="1", **done)), 303)


@blueprint.post(f"{STOCKTAKE}/counts/undo")
def undo(lab: str, stocktake: int) -> Answer:
    """Take a count back, so that the container is to be counted again."""
    container = id_of(request.form.get("container_id", ""))
    api.delete(f"/labs/{lab}/stocktakes/{stocktake}/counts/{container}")
    return redirect(url_for("reconcile.count", lab=lab, stocktake=stocktake, **where(container=container)), 303)


@blueprint.get(f"{STOCKTAKE}/rest")
def ask_for_rest(lab: str, stocktake: int) -> Answer:
    """Ask once before one result is recorded for all lines that are left."""
    found: answers.LineList = api.get(f"/labs/{lab}/stocktakes/{stocktake}/lines", at=where().get("at"), limit=1)
    require("member")
    result = "not_found" if request.args.get("result") == "not_found" else "as_expected"
    return render_template(
        "reconcile/rest.html", found=found, stocktake=found["stocktake"], result=result, kept=where()
    )


@blueprint.post(f"{STOCKTAKE}/rest")
def count_rest(lab: str, stocktake: int) -> Answer:
    """Record one result for all lines that are left."""
    said = {"result": request.form.get("result"), "at": where().get("at")}
    api.post(f"/labs/{lab}/stocktakes/{stocktake}/counts/rest", said, key=request.form.get("key"))
    return redirect(url_for("reconcile.count", lab=lab, stocktake=stocktake, **where()), 303)


@blueprint.get(f"{STOCKTAKE}/locations")
def locations(lab: str, stocktake: int) -> Answer:
    """The choice of the location inside the stocktake to count next."""
    found: answers.StocktakeDetail = api.get(f"/labs/{lab}/stocktakes/{stocktake}")
    require("member")
    return render_template("reconcile/count_locations.html", stocktake=found, kept=where(at=None))


def _show(
    lab: str,
    stocktake: int,
    container: int | None = None,
    scanned: str = "",
    problem: Problem | None = None,
) -> str | Response:
    container = container or id_of(request.args.get("container", ""))
    scanned = scanned or request.args.get("scan", "").strip()[:200]
    kept = where()
    asked = {"at": kept.get("at"), "state": kept.get("show", "to_count"), "limit": ROWS}
    path = f"/labs/{lab}/stocktakes/{stocktake}/lines"
    scan = None if container else scanned or None
    found: answers.LineList = api.get(path, container=container, scan=scan, cursor=request.args.get("cursor"), **asked)
    fits = len(found["items"]) if scan and not found["hit"] else 0
    if scan and not found["hit"] and not fits and (here := location_of(scan)):
        return redirect(url_for("reconcile.count", lab=lab, stocktake=stocktake, **where(at=here)))
    if scan and not found["hit"] and not fits:
        product = found["product"]
        found = api.get(path, **asked)  # the text is neither a code nor a name: show the list as before
        found["product"] = product
    require("member")
    hit = found["hit"]
    return render_template(
        "reconcile/count.html",
        found=found,
        stocktake=found["stocktake"],
        hit=hit,
        done=bool(request.args.get("done") and hit and hit["has_count"] and not problem),
        chosen=bool(container),
        scanned=scanned,
        fits=fits,
        problem=problem,
        again=problem.by_field.get("/lines/0/first_only", "") if problem else "",
        refused=next(iter(problem.by_field.values()), problem.detail) if problem else "",
        question=problem.by_field.get("/lines/0/holds_more", "") if problem else "",
        typed=request.form if problem else {},
        kept=kept,
    )
