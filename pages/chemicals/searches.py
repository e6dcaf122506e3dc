"""Saved searches: the form that gives the present search a name, and taking one away."""

from __future__ import annotations

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from pages.chemicals.blueprint import Answer, blueprint
from pages.chemicals.listing import ChemicalListing
from pages.common import api
from pages.common.app import toast
from pages.common.login import require
from pages.common.navigation import path
from pages.common.paths import on_this_site
from pages.common.problems import Problem


@blueprint.route("/chemicals/<lab>/searches/new", methods=["GET", "POST"])
def save_search(lab: str) -> Answer:
    """Asks for the name under which the search of this address is saved."""
    require("member")
    listing, typed, refused = ChemicalListing.read(request.args), request.form, None
    if request.method == "POST":
        said = {
            "name": typed.get("name", ""),
            "query": listing.address().partition("?")[2],
            "shared": "shared" in typed,
        }
        try:
            api.post(f"/labs/{lab}/chemicals/searches", said, key=typed.get("key"))
        except Problem as problem:
            refused = problem.for_form()
        else:
            toast(f"The search {typed.get('name', '').strip()} is saved")
            return redirect(listing.address(), 303)
    page = render_template("chemicals/save_search.html", listing=listing, typed=typed, refused=refused)
    return (page, refused.status) if refused else page


@blueprint.post("/chemicals/<lab>/searches/<int:search>/remove")
def remove_search(lab: str, search: int) -> Response:
    """Take a saved search away."""
    require("member")
    api.delete(f"/labs/{lab}/chemicals/searches/{search}", key=request.form.get("key"))
    toast("The saved search is removed")
    return redirect(on_this_site(request.form.get("next")) or path("chemicals", lab=lab), 303)
