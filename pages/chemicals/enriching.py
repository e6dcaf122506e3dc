"""/chemicals/LAB/enrich: what the reference would fill into empty fields of the listed chemicals, and the acts of filling and undoing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pages.chemicals import forms
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

FIELDS = {name: title for name, title in forms.TITLES.items() if name != "hazards"} | {
    "cas_number": "CAS RN",
    "pictograms": "hazards",
}
"""The fields that are filled in, in words; of hazards, which are filled in together, one stands for all."""
CONTRADICTIONS = {
    "name": "its name is that of another substance",
    "mass": "its molar mass, so its formula, is another",
    "hydrate": "its molar mass differs by water: one may be the hydrate",
    "inchikey": "its InChIKey is another",
}


@blueprint.route("/chemicals/<lab>/enrich", methods=["GET", "POST"])
def enrich(lab: str) -> Answer:
    """Shows what would be filled into the chemicals of the list, as it is searched and filtered; then fills it."""
    require("member")
    listing, refused = ChemicalListing.read(request.args), None
    if request.method == "POST":
        try:
            done: answers.Enriched = api.post(f"/labs/{lab}/enrichments", listing.query, key=request.form.get("key"))
        except Problem as problem:
            refused = problem.for_form()
        else:
            toast(
                f"{things(done['fields'], 'field')} of {things(done['chemicals'], 'chemical')} filled in",
                undo=url_for("chemicals.undo_enrichment", lab=lab, enrichment=done["id"]),
            )
            return redirect(listing.address(), 303)
    found: answers.Enrichment = api.get(f"/labs/{lab}/enrichments/new", **listing.query)
    page = render_template(
        "chemicals/enrich.html",
        listing=listing,
        found=found,
        refused=refused,
        fields=FIELDS,
        contradictions=CONTRADICTIONS,
    )
    return (page, refused.status) if refused else page


@blueprint.post("/chemicals/<lab>/enrichments/<int:enrichment>/undo")
def undo_enrichment(lab: str, enrichment: int) -> Response:
    """Empties again what was filled in and nobody has changed since."""
    try:
        done: answers.EnrichmentUndone = api.post(
            f"/labs/{lab}/enrichments/{enrichment}/undo", key=request.form.get("key")
        )
    except Problem as refused:
        toast(refused.for_form().detail, stays=True)
    else:
        kept = f"; {things(done['kept'], 'field')} changed since stay" if done["kept"] else ""
        toast(f"Undone: {things(done['emptied'], 'field')} emptied{kept}", stays=bool(kept))
    return redirect(path("chemicals", lab=lab), 303)
