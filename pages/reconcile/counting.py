"""/reconcile/LAB/ID/count: counting, with a scanner, a thumb or a keyboard."""

from typing import Any

from flask import redirect, render_template, request, url_for

from pages.common import api
from pages.common.login import require
from pages.common.problems import Problem
from pages.reconcile.blueprint import STOCKTAKE, Answer, blueprint, id_of

RESULTS = ("as_expected", "counted", "there", "not_found")
ROWS = 100


def where(**more: Any) -> dict[str, Any]:
    """What the addresses of counting keep: where one is, what a scan means, which lines are shown."""
    said = request.values
    kept = {"at": id_of(said.get("at", "")), "quick": "1" if said.get("quick") else None}
    kept["show"] = "counted" if said.get("show") == "counted" else None
    return {name: value for name, value in (kept | more).items() if value}


@blueprint.get(f"{STOCKTAKE}/count")
def count(lab: str, stocktake: int) -> Answer:
    """What is still to count, and the container that was scanned or chosen."""
    return _show(lab, stocktake)


@blueprint.post(f"{STOCKTAKE}/counts")
def keep(lab: str, stocktake: int) -> Answer:
    """Counts one container: the one shown, one of the list (`row` is RESULT:ID), or the one scanned."""
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
    if line["result"] == "counted":
        line |= {"counted": form.get("amount", ""), "unit": form.get("unit", "")}
    try:
        api.post(f"/labs/{lab}/stocktakes/{stocktake}/counts", {"lines": [line]})
    except Problem as refused:
        unknown = refused.status == 404 and refused.extra.get("unknown")
        problem = None if unknown else refused.for_form()
        page = _show(lab, stocktake, container, scanned, problem)
        return page, 404 if unknown else refused.status
    done = {"container": container} if container else {"scan": scanned}
    return redirect(url_for("reconcile.count", lab=lab, stocktake=stocktake, **where(done="1", **done)), 303)


@blueprint.post(f"{STOCKTAKE}/counts/undo")
def undo(lab: str, stocktake: int) -> Answer:
    """Takes a count back: the container is to be counted again."""
    container = id_of(request.form.get("container_id", ""))
    api.delete(f"/labs/{lab}/stocktakes/{stocktake}/counts/{container}")
    return redirect(url_for("reconcile.count", lab=lab, stocktake=stocktake, **where(container=container)), 303)


@blueprint.get(f"{STOCKTAKE}/rest")
def ask_for_rest(lab: str, stocktake: int) -> Answer:
    """Asks once before the same is said of everything that is left."""
    found = api.get(f"/labs/{lab}/stocktakes/{stocktake}/lines", at=where().get("at"), limit=1)
    require("member")
    result = "not_found" if request.args.get("result") == "not_found" else "as_expected"
    return render_template(
        "reconcile/rest.html", found=found, stocktake=found["stocktake"], result=result, kept=where()
    )


@blueprint.post(f"{STOCKTAKE}/rest")
def count_rest(lab: str, stocktake: int) -> Answer:
    """Says the same of everything that is left."""
    said = {"result": request.form.get("result"), "at": where().get("at")}
    api.post(f"/labs/{lab}/stocktakes/{stocktake}/counts/rest", said, key=request.form.get("key"))
    return redirect(url_for("reconcile.count", lab=lab, stocktake=stocktake, **where()), 303)


@blueprint.get(f"{STOCKTAKE}/places")
def places(lab: str, stocktake: int) -> Answer:
    """Where in the stocktake one is."""
    found = api.get(f"/labs/{lab}/stocktakes/{stocktake}")
    require("member")
    return render_template("reconcile/places.html", stocktake=found, kept=where(at=None))


def _show(
    lab: str,
    stocktake: int,
    container: int | None = None,
    scanned: str = "",
    problem: Problem | None = None,
) -> str:
    container = container or id_of(request.args.get("container", ""))
    scanned = scanned or request.args.get("scan", "").strip()[:200]
    kept = where()
    asked = {"at": kept.get("at"), "state": kept.get("show", "to_count"), "limit": ROWS}
    path = f"/labs/{lab}/stocktakes/{stocktake}/lines"
    scan = None if container else scanned or None
    found = api.get(path, container=container, scan=scan, cursor=request.args.get("cursor"), **asked)
    fits = len(found["items"]) if scan and not found["hit"] else 0
    if scan and not found["hit"] and not fits:
        found = api.get(path, **asked)  # it is neither a barcode nor a name: the list stays as it was
    require("member")
    hit = found["hit"]
    return render_template(
        "reconcile/count.html",
        found=found,
        stocktake=found["stocktake"],
        hit=hit,
        done=bool(request.args.get("done") and hit and hit["said"] and not problem),
        chosen=bool(container),
        scanned=scanned,
        fits=fits,
        problem=problem,
        refused=next(iter(problem.by_field.values()), problem.detail) if problem else "",
        typed=request.form if problem else {},
        kept=kept,
    )
