"""/checkin/LAB/attach: says which containers of the lab carry a manufacturer's code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, redirect, render_template, request

from pages.checkin.blueprint import Answer, blueprint
from pages.common import api
from pages.common.app import toast
from pages.common.filters import things
from pages.common.ids import id_of
from pages.common.login import require
from pages.common.navigation import path
from pages.common.problems import Problem

if TYPE_CHECKING:
    from pages.common import answers

LONGEST = 200
MOST = 50
"""The largest number of containers to which the API attaches a code in one request."""


@blueprint.get("/checkin/<lab>/attach")
def ask_to_attach(lab: str) -> Answer:
    """The form: what the code (`code`) says, and the containers that `q` finds; those chosen before (`container`) stay so."""
    return _form(lab)


@blueprint.post("/checkin/<lab>/attach")
def attach(lab: str) -> Answer:
    """Find containers (`q`), attach the code to the chosen ones (`container`; the button), or take it off one (`detach`)."""
    form = request.form
    code = form.get("code", "")[:LONGEST]
    if "detach" in form:
        api.delete(f"/labs/{lab}/product-codes/{id_of(form['detach']) or abort(400)}", key=form.get("key"))
        toast("The code is taken off")
        return redirect(path("checkin", "attach", code=code, q=form.get("q", "")), 303)
    if form.get("act") != "attach":
        q, chosen = form.get("q", "").strip()[:LONGEST], _chosen()
        return redirect(path("checkin", "attach", code=code, q=q, container=chosen[:MOST]), 303)
    chosen = [number for text in form.getlist("container") if (number := id_of(text))]
    if not chosen:
        sentence = "Choose the containers that carry this code."
        return _form(lab, Problem(422, "Not accepted", sentence, [{"pointer": "/container_ids", "detail": sentence}]))
    try:
        done: answers.Attached = api.post(
            f"/labs/{lab}/product-codes", {"code": code, "container_ids": chosen}, key=form.get("key")
        )
    except Problem as refused:
        return _form(lab, refused if refused.status == 404 else refused.for_form())
    toast(f"GTIN {done['gtin']} is attached to {things(done['attached'], 'container')}: the next scan finds it")
    return redirect(path("chemicals", q=code), 303)


def _chosen() -> list[int]:
    """The chosen containers: those of the list, and those that an earlier scan chose and the list does not show (`kept`)."""
    sent = [*request.values.getlist("container"), *request.values.getlist("kept")]
    return list(dict.fromkeys(number for text in sent if (number := id_of(text))))


def _form(lab: str, problem: Problem | None = None) -> Answer:
    code, q = (request.values.get(name, "").strip()[:LONGEST] for name in ("code", "q"))
    if not code:
        return redirect(path("checkin"))
    form: answers.AttachForm = api.get(f"/labs/{lab}/product-codes/new", code=code, q=q or None)
    require("member")
    chosen = _chosen()
    if form["found"] and request.method == "GET" and form["found"] not in chosen:
        chosen.append(form["found"])
    errors = problem.by_field if problem else {}
    refused = [sentence for pointer, sentence in errors.items() if pointer.startswith("/container_ids")]
    page = render_template(
        "checkin/attach.html", form=form, code=code, q=q, chosen=chosen, problem=problem, refused=refused
    )
    return (page, problem.status) if problem else page
