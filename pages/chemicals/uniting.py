"""/chemicals/LAB/ID/merge: other entries that may be the same substance, of which a manager makes one become part of this."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pages.chemicals.blueprint import Answer, blueprint
from pages.common import api
from pages.common.app import toast
from pages.common.filters import things
from pages.common.login import require
from pages.common.navigation import path
from pages.common.problems import Problem

if TYPE_CHECKING:
    from pages.common import answers

BECAUSE = {
    "cas_number": "the same CAS RN",
    "name": "a name in common",
    "inchikey": "the same InChIKey, which is only a hint: several substances may share one",
}
"""What two entries have in common, in words."""


@blueprint.route("/chemicals/<lab>/<int:chemical>/merge", methods=["GET", "POST"])
def merge(lab: str, chemical: int) -> Answer:
    """Shows what may be the same substance; then merges the chosen entry into this one."""
    require("manager")
    refused = None
    if request.method == "POST":
        chosen = request.form.get("merged", type=int)
        try:
            if chosen is None:
                sentence = "Choose the entry that is to become part of this one."
                raise Problem(422, sentence, sentence, [{"pointer": "/merged_id", "detail": sentence}])
            body = {"kept_id": chemical, "merged_id": chosen}
            done: answers.Merger = api.post(f"/labs/{lab}/mergers", body, key=request.form.get("key"))
        except Problem as problem:
            refused = problem.for_form()
        else:
            toast(
                f"Merged: {things(done['containers'], 'container')} moved",
                undo=url_for("chemicals.undo_merger", lab=lab, merger=done["id"]),
                chemical=str(chemical),
            )
            return redirect(path("chemicals", chemical), 303)
    found: answers.Proposals = api.get(f"/labs/{lab}/mergers/new", chemical=chemical)
    page = render_template("chemicals/merge.html", found=found, refused=refused, because=BECAUSE)
    return (page, refused.status) if refused else page


@blueprint.post("/chemicals/<lab>/mergers/<int:merger>/undo")
def undo_merger(lab: str, merger: int) -> Response:
    """Lists the merged entry again, with the containers and names that it had."""
    try:
        done: answers.MergerUndone = api.post(f"/labs/{lab}/mergers/{merger}/undo", key=request.form.get("key"))
    except Problem as refused:
        toast(refused.for_form().detail, stays=True)
    else:
        stayed = ""
        if done["containers_stayed"]:
            left = things(done["containers_stayed"], "container stays", "containers stay")
            stayed += f". {left}: disposed of with the kept entry as a whole"
        if done["names_stayed"]:
            stayed += f". Names that stay, because they are in use here by now: {', '.join(done['names_stayed'])}"
        toast(f"Undone: {things(done['containers'], 'container')} went back{stayed}", stays=bool(stayed))
    return redirect(path("chemicals", *request.form.getlist("chemical", type=int)[:1], lab=lab), 303)
