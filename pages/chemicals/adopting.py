"""/chemicals/LAB/adopt and /chemicals/LAB/ID/adopt: hazards are adopted from published lists, for the listed chemicals or for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from pages.chemicals.blueprint import Answer, blueprint
from pages.chemicals.listing import ChemicalListing
from pages.common import api
from pages.common.app import toast
from pages.common.filters import things
from pages.common.login import require
from pages.common.navigation import path
from pages.common.problems import Problem

if TYPE_CHECKING:
    from pages.common import answers


@blueprint.route("/chemicals/<lab>/adopt", methods=["GET", "POST"])
def adopt_all(lab: str) -> Answer:
    """Shows what published lists say of the chemicals of the list, as it is searched and filtered; then adopts where hazards are not known."""
    require("member")
    listing, refused = ChemicalListing.read(request.args), None
    if request.method == "POST":
        try:
            done: answers.Enriched = api.post(f"/labs/{lab}/adoptions", listing.query, key=request.form.get("key"))
        except Problem as problem:
            refused = problem.for_form()
        else:
            toast(
                f"Hazards of {things(done['chemicals'], 'chemical')} adopted",
                undo=url_for("chemicals.undo_enrichment", lab=lab, enrichment=done["id"]),
            )
            return redirect(listing.address(), 303)
    found: answers.Adoption = api.get(f"/labs/{lab}/adoptions/new", **listing.query)
    page = render_template("chemicals/adopt_all.html", listing=listing, found=found, refused=refused)
    return (page, refused.status) if refused else page


@blueprint.route("/chemicals/<lab>/<int:chemical>/adopt", methods=["GET", "POST"])
def adopt(lab: str, chemical: int) -> Answer:
    """Shows the entries of published lists side by side; then gives the chemical the hazards of the chosen one."""
    require("member")
    refused = None
    if request.method == "POST":
        list_id, _, place = request.form.get("entry", "").partition("-")
        try:
            if not (list_id.isdecimal() and place.isdecimal()):
                sentence = "Choose an entry."
                raise Problem(422, sentence, sentence, [{"pointer": "/entry", "detail": sentence}])
            chosen = {"list_id": list_id, "place": place, "version": request.form.get("version")}
            api.post(f"/labs/{lab}/adoptions/{chemical}", chosen, key=request.form.get("key"))
        except Problem as problem:
            refused = problem.for_form()
        else:
            toast("Hazards adopted")
            return redirect(path("chemicals", chemical), 303)
    found: answers.OffersFor = api.get(f"/labs/{lab}/adoptions/{chemical}")
    page = render_template("chemicals/adopt.html", found=found, refused=refused)
    return (page, refused.status) if refused else page
