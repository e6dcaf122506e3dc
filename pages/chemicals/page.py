"""/chemicals/LAB: the list, one chemical; /chemicals/LAB/containers; /C/LAB/CODE from a label. The form: editing.py. Labels: labels.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask import Flask, abort, current_app, jsonify, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from pages.chemicals import adopting, containers, editing, enriching, forms, labels, searches, structures, uniting
from pages.chemicals.blueprint import Answer, blueprint
from pages.chemicals.filters import GROUPS, LEAST_SIMILAR, RANGES, STATE, STOCK, STRUCTURE, UNKNOWN
from pages.chemicals.listing import (
    COLUMNS,
    FLAGS,
    HAZARDS,
    MOST_CHOSEN,
    OTHER_HAZARDS,
    SEARCHED,
    SEARCHED_ON_LABELS,
    ChemicalListing,
    badge_of,
    days_left,
    narrow_location,
    state_of_hazards,
)
from pages.chemicals.plots import stock_plot
from pages.common import api, hits, merging
from pages.common.app import SLUG, create_page, toast
from pages.common.config import PageSettings
from pages.common.filters import long_day, things
from pages.common.login import require, signed_in
from pages.common.navigation import path
from pages.common.paths import is_fragment, on_this_site
from pages.common.problems import Problem
from pages.common.properties import LISTED, OF_CONTAINERS, PROPERTIES, RANGED
from pages.common.words import UNITS

if TYPE_CHECKING:
    from pages.common import answers

__all__ = [
    "adopting",
    "containers",
    "editing",
    "enriching",
    "labels",
    "searches",
    "structures",
    "uniting",
]  # importing them adds their routes to the blueprint

A_YEAR = 365 * 24 * 3600
MOST_SUGGESTED = 8


# -- the list -----------------------------------------------------------------------------------------------------


@blueprint.get("/chemicals")
def no_lab() -> Response:
    """An address without a lab leads to the user's lab."""
    return redirect("/")


@blueprint.get("/chemicals/<lab>")
def show_list(lab: str) -> Answer:
    """A page of the list. A scanned code leads to its container or its chemical. htmx gets only the parts that changed."""
    listing, fragment = ChemicalListing.read(request.args), is_fragment(request)
    more = {"facets": True, "limit": MOST_CHOSEN if listing.all_chosen else None}
    try:
        page: answers.ChemicalList = api.get(f"/labs/{lab}/chemicals", **more, **listing.given)
    except Problem as refused:
        if refused.status != 422:
            raise
        listing.drop(refused)
        page = api.get(f"/labs/{lab}/chemicals", **more, **listing.given)
    if page["container"] and not fragment and not listing.filters:
        return redirect(path("C", page["container"]["barcode"]))
    if (product := page["product"] and page["product"]["product"]) and not fragment and not listing.filters:
        return redirect(path("chemicals", product["chemical_id"]))
    kept = request.cookies.get(_columns_cookie())
    listing.choose(page["columns"] if page["columns"] is not None or kept is None else kept.split("."))
    words = {
        "listing": listing,
        "most_chosen": MOST_CHOSEN,
        "page": page,
        "facets": page["facets"],
        "rail": listing.rail(page["facets"]["locations"]) if page["facets"] else [],
    }
    if not fragment:
        return render_template("chemicals/list.html", **words)
    response = make_response(render_template("chemicals/found.html", **words))
    # The browser's Back button undoes a filter, but not every typed letter.
    is_filter = request.headers.get("HX-Trigger") == "filters"
    response.headers["HX-Push-Url" if is_filter else "HX-Replace-Url"] = listing.address()
    return response


@blueprint.post("/chemicals/<lab>/columns")
def choose_columns(lab: str) -> Response:
    """Keeps the columns that the member wants to see (`column`, several). A viewer's, who writes nothing in the lab, are kept in this
    browser, where several people may sign in."""
    response = redirect(on_this_site(request.form.get("next")) or path("chemicals", lab=lab), 303)
    chosen = [name for name in COLUMNS if name in request.form.getlist("column")]
    if require("viewer").may("member"):
        api.put(f"/labs/{lab}/chemicals/columns", json={"columns": chosen})
        return response
    response.set_cookie(
        _columns_cookie(),
        ".".join(chosen),
        max_age=A_YEAR,
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        path=f"/chemicals/{lab}",
    )
    return response


def _columns_cookie() -> str:
    user = signed_in()
    return f"columns-{user.id_number if user else 0}"


@blueprint.get("/chemicals/<lab>/suggest")
def suggest(lab: str) -> str:
    """For htmx: the first chemicals that fit what is being typed in the search of any page."""
    q = request.args.get("q", "").strip()[:200]
    if not q:
        return ""
    page: answers.ChemicalList = api.get(f"/labs/{lab}/chemicals", q=q, limit=MOST_SUGGESTED)
    return render_template("chemicals/suggested.html", q=q, page=page, only=hits.only(q, page["items"]))


@blueprint.get("/chemicals/<lab>/<any('chemicals.csv', 'chemicals.xlsx', 'chemicals.sdf', 'containers.csv'):file>")
def export(lab: str, file: str) -> Response:
    """The chemicals of the list as a file, with all fields or with the columns that are shown (`column`); or their containers, or the
    containers that were chosen one by one (`container`)."""
    given = ChemicalListing.read(request.args).query
    more = "container" if file == "containers.csv" else "column"
    chosen: dict[str, Any] = {more: request.args.getlist(more)}
    return api.stream(f"/labs/{lab}/{file}", **given, **chosen)


@blueprint.get("/chemicals/<lab>/<any('everything.xlsx', 'everything.zip'):file>")
def export_everything(lab: str, file: str) -> Response:
    """All that the lab has, as a workbook or as a ZIP of CSV files."""
    return api.stream(f"/labs/{lab}/{file}")


@blueprint.get("/C/<slug>/<code>")
@blueprint.get("/c/<slug>/<code>")
def scanned(slug: str, code: str) -> Response:
    """Serves the addresses on labels, in capitals or small letters: the chemical's page with that container on top."""
    lab = slug.lower()
    if not SLUG.fullmatch(lab):
        abort(404)
    container: answers.Container = api.get(f"/labs/{lab}/containers/by-barcode/{code}")
    return redirect(path("chemicals", container["chemical_id"], lab=lab, container=container["id"]))


@blueprint.get("/chemicals/<lab>/scanned")
def is_scanned(lab: str) -> Response:
    """For scan.js: the first of the codes (`code`, several) that is the barcode of a container; null if none is."""
    codes = request.args.getlist("code")[:20]
    found: answers.ScannedContainer | None = api.get(f"/labs/{lab}/containers/scanned", code=codes)
    return jsonify(found)


# -- one chemical -------------------------------------------------------------------------------------------------


@blueprint.get("/chemicals/<lab>/<int:chemical>")
def show(lab: str, chemical: int) -> str:
    """A chemical; the container of `?container=` is shown above it."""
    found: answers.Chemical = api.get(f"/labs/{lab}/chemicals/{chemical}")
    asked = request.args.get("container", "")
    chosen = next((container for container in found["containers"] if str(container["id"]) == asked), None)
    plot = stock_plot(found["weeks"])
    return render_template(
        "chemicals/chemical.html",
        chemical=found,
        chosen=chosen,
        plot=plot,
        titles={"cas_number": "CAS RN"} | forms.TITLES,
    )


@blueprint.route("/chemicals/<lab>/<int:chemical>/take-back", methods=["GET", "POST"])
def take_back(lab: str, chemical: int) -> Answer:
    """Ask once, then take back a chemical that was listed by mistake and never had a container."""
    refused = None
    if request.method == "POST":
        try:
            api.post(f"/labs/{lab}/chemicals/{chemical}/take-back", key=request.form.get("key"))
        except Problem as problem:
            refused = problem.for_form()
        else:
            toast(f"{request.form.get('called', 'The chemical')} is taken back")
            return redirect(path("chemicals", lab=lab))
    found: answers.Chemical = api.get(f"/labs/{lab}/chemicals/{chemical}")
    require("member")
    page = render_template("chemicals/take_back.html", chemical=found, refused=refused)
    return (page, refused.status) if refused else page


# -- containers ----------------------------------------------------------------------------------------


@blueprint.get("/chemicals/<lab>/containers/<int:container>/edit")
def edit_container(lab: str, container: int) -> str:
    """The form for the details on a container's label."""
    require("member")
    found: answers.ContainerDetail = api.get(f"/labs/{lab}/containers/{container}")
    values = forms.label_values(found)
    return _label_form(found, values, merging.opened(values))


@blueprint.post("/chemicals/<lab>/containers/<int:container>/edit")
def change_container(lab: str, container: int) -> Answer:
    """Change the details on a container's label."""
    values, was = forms.typed_label(request.form), request.form.get("was")
    found: answers.ContainerDetail = api.get(f"/labs/{lab}/containers/{container}")
    now = forms.label_values(found)
    try:
        merging.merge(values, was, now, together=forms.TOGETHER)
    except Problem as refused:
        return _label_form(_called(container), values, merging.opened(now), refused), refused.status
    try:
        sent = forms.label_to_send(values) | {"version": found["version"], "holds_more": "holds_more" in request.form}
        api.patch(f"/labs/{lab}/containers/{container}", sent, key=request.form.get("key"))
    except Problem as refused:
        return _label_form(_called(container), values, was, refused.for_form()), refused.status
    toast(f"The label of {request.form.get('barcode', '')} is changed")
    return redirect(path("chemicals", "containers", container))


@blueprint.route("/chemicals/<lab>/containers/extend", methods=["GET", "POST"])
def extend(lab: str) -> Answer:
    """Containers (`container`) may be used longer: asks for the day and the reason."""
    require("member")
    chosen, typed, refused = request.values.getlist("container", type=int), request.form, None
    if request.method == "POST":
        said = {
            "container_ids": chosen,
            "expires_on": typed.get("expires_on") or None,
            "reason": typed.get("reason", "").strip(),
        }
        try:
            done: answers.Extended = api.post(f"/labs/{lab}/containers/extensions", said, key=typed.get("key"))
        except Problem as problem:
            refused = problem.for_form()
        else:
            toast(f"{things(done['extended'], 'container')} may be used until {long_day(typed.get('expires_on'))}")
            return redirect(path("home"), 303)
    found: answers.MoveForm = api.get(f"/labs/{lab}/moves/new", container=chosen)
    page = render_template(
        "chemicals/extend.html", containers=found["containers"] or abort(404), typed=typed, refused=refused
    )
    return (page, refused.status) if refused else page


def _called(container: int) -> dict[str, Any]:
    """The name by which the form calls the container."""
    form = request.form
    return {"id": container, "barcode": form.get("barcode", ""), "chemical_name": form.get("called", "")}


def _label_form(
    container: Mapping[str, object], values: forms.Values, was: str | None, refused: Problem | None = None
) -> str:
    errors = forms.errors_of(refused) if refused else {}
    words = {"container": container, "values": values, "refused": refused, "errors": errors, "units": UNITS}
    return render_template("chemicals/container_form.html", was=was, **words)


@blueprint.app_context_processor
def words() -> dict[str, Any]:
    """Names that only this page's templates know."""
    return {
        "badge_of": badge_of,
        "state_of_hazards": state_of_hazards,
        "COLUMNS": COLUMNS,
        "LISTED": LISTED,
        "RANGED": RANGED,
        "OF_CONTAINERS": OF_CONTAINERS,
        "LISTED_OF_CONTAINERS": [one for one in OF_CONTAINERS if one.listed],
        "PROPERTIES": {one.name: one for one in PROPERTIES},
        "SEARCHED": SEARCHED,
        "SEARCHED_ON_LABELS": SEARCHED_ON_LABELS,
        "FLAGS": FLAGS,
        "STATE": STATE,
        "STOCK": STOCK,
        "STRUCTURE": STRUCTURE,
        "LEAST_SIMILAR": LEAST_SIMILAR,
        "GROUPS": GROUPS,
        "RANGES": RANGES,
        "UNKNOWN": UNKNOWN,
        "SUGGESTED": forms.SUGGESTED,
        "HAZARDS": HAZARDS,
        "OTHER_HAZARDS": OTHER_HAZARDS,
        "days_left": days_left,
        "narrow_location": narrow_location,
    }


def create_app(settings: PageSettings | None = None) -> Flask:
    """The page, for gunicorn and for tests."""
    return create_page(blueprint, settings)
