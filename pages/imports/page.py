"""/imports/LAB: a spreadsheet comes in: its file, its columns, a check of every row, and the load, with its progress."""

import json
from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from pages.common import api
from pages.common.app import create_page, toast
from pages.common.config import PageSettings
from pages.common.problems import Problem
from pages.imports.reading import (
    ANSWERS,
    KEPT,
    SAME,
    UNITS,
    from_columns_form,
    groups,
    no_choices,
    rows_query,
    with_answer,
)

blueprint = Blueprint("imports", __name__, template_folder="templates")

Answer = Response | str | tuple[str, int]
STREAMED = "application/x-ndjson"
NUMBER = "<int(max=9223372036854775807):number>"
MEGABYTE = 1024 * 1024
MOST_SWALLOWED = 300 * MEGABYTE


@blueprint.get("/imports/<lab>")
def show(lab: str) -> Answer:
    """The imports of the lab, and the form for a file."""
    return _list(lab)


@blueprint.post("/imports/<lab>")
def upload(lab: str) -> Answer:
    """Take a file in."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _list(lab, Problem(422, "Choose a file", "", [{"pointer": "/file", "detail": "Choose a file."}])), 422
    try:
        made = api.upload(f"/labs/{lab}/imports", file.stream, file.filename, key=request.form.get("key"))
    except Problem as refused:
        if refused.status not in (409, 413, 422):
            raise
        return _list(lab, refused), refused.status
    return redirect(url_for("imports.columns", lab=lab, number=made["id"]))


@blueprint.errorhandler(413)
def too_large(error: RequestEntityTooLarge) -> Answer:
    """A file beyond what a page takes at all, said beside the field. Read to its end: a browser that is still sending
    shows no answer."""
    size = left = request.content_length or 0
    while 0 < left <= MOST_SWALLOWED and (read := request.environ["wsgi.input"].read(min(left, MEGABYTE))):
        left -= len(read)
    sentence = f"The file has {size / MEGABYTE:.1f} MB; at most 20 MB can be read. Split it."
    lab = (request.view_args or {})["lab"]
    return _list(lab, Problem(413, "Too large", sentence, [{"pointer": "/file", "detail": sentence}])), 413


@blueprint.get(f"/imports/<lab>/{NUMBER}/columns")
def columns(lab: str, number: int) -> Answer:
    """Which column is what, as it seems or as it was said before."""
    asked = {name: request.args.get(name) or None for name in ("sheet", "head_row", "values_of")}
    try:
        return _columns(lab, number, asked)
    except Problem as refused:
        if refused.status == 409:
            return redirect(url_for("imports.one", lab=lab, number=number))
        return _columns(lab, number, {}, refused.for_form()), refused.status


@blueprint.post(f"/imports/<lab>/{NUMBER}/columns")
def choose_columns(lab: str, number: int) -> Answer:
    """Read the file as the form says."""
    before = api.get(f"/labs/{lab}/imports/{number}")["reading"]
    reading = from_columns_form(request.form, before)
    try:
        api.put(f"/labs/{lab}/imports/{number}/reading", reading, patient=True)
    except Problem as refused:
        asked = {name: request.form.get(name) or None for name in ("sheet", "head_row", "values_of")}
        return _columns(lab, number, asked, refused.for_form(), reading), refused.status
    return redirect(url_for("imports.one", lab=lab, number=number))


@blueprint.get(f"/imports/<lab>/{NUMBER}")
def one(lab: str, number: int) -> Answer:
    """An import where it stands: its columns, its check, or what became of it."""
    found = api.get(f"/labs/{lab}/imports/{number}")
    if found["state"] == "new":
        return redirect(url_for("imports.columns", lab=lab, number=number))
    if found["state"] == "read":
        return _check(lab, found)
    return _result(lab, found)


@blueprint.post(f"/imports/<lab>/{NUMBER}/answer")
def answer(lab: str, number: int) -> Answer:
    """One more answer: the file is read again with it."""
    where = f"/labs/{lab}/imports/{number}"
    found = api.get(where)
    if found["state"] == "read":
        try:
            api.put(f"{where}/reading", with_answer(found["reading"], request.form), patient=True)
        except Problem as refused:
            return _check(lab, found, refused.for_form()), refused.status
    return redirect(url_for("imports.one", lab=lab, number=number, kind=request.form.get("kind"), _anchor="rows"))


@blueprint.post(f"/imports/<lab>/{NUMBER}/commit")
def commit(lab: str, number: int) -> Answer:
    """Load the rows: line by line for the script that shows how far it is, else in one wait."""
    asked = {"with_questions": request.form.get("with_questions") == "1"}
    where = f"/labs/{lab}/imports/{number}"
    try:
        lines = api.stream(f"{where}/commit", json=asked)
        if request.accept_mimetypes.best == STREAMED:
            return lines
        last = json.loads(lines.get_data().splitlines()[-1])
        if said := last.get("problem"):
            raise Problem(said["status"], said["title"], said["detail"], said["errors"])
    except Problem as refused:
        found = api.get(where)
        if found["state"] != "read":
            raise
        return _check(lab, found, refused.for_form()), refused.status
    return redirect(url_for("imports.one", lab=lab, number=number))


@blueprint.get(f"/imports/<lab>/{NUMBER}/cancel")
def ask_to_cancel(lab: str, number: int) -> Answer:
    """The question."""
    return render_template("imports/cancel.html", it=api.get(f"/labs/{lab}/imports/{number}"))


@blueprint.post(f"/imports/<lab>/{NUMBER}/cancel")
def cancel(lab: str, number: int) -> Answer:
    """Forget the file."""
    found = api.post(f"/labs/{lab}/imports/{number}/cancel", key=request.form.get("key"))
    toast(f"The import of {found['file_name']} is cancelled")
    return redirect(url_for("imports.show", lab=lab))


@blueprint.get(f"/imports/<lab>/{NUMBER}/left-out.csv")
def left_out(lab: str, number: int) -> Answer:
    """The rows that are left out, with their reasons, to be mended."""
    return api.stream(f"/labs/{lab}/imports/{number}/refused.csv")


def _list(lab: str, problem: Problem | None = None) -> str:
    page = api.get(f"/labs/{lab}/imports", cursor=request.args.get("cursor"))
    return render_template("imports/list.html", page=page, problem=problem)


def _columns(
    lab: str, number: int, asked: dict[str, Any], problem: Problem | None = None, reading: dict[str, Any] | None = None
) -> str:
    try:
        looked = api.get(f"/labs/{lab}/imports/{number}/columns", **asked)
    except Problem as refused:
        if problem is None or refused.status != 422:
            raise
        looked = api.get(f"/labs/{lab}/imports/{number}/columns")
    said = reading or looked["import"]["reading"]
    if said and reading is None and any(asked.values()):
        said = said | {"columns": {}, "only": None} if _other_table(said, looked) else said
    chosen = {column["index"]: column["field"] for column in looked["columns"]}
    if said and said["columns"]:
        chosen = {index: said["columns"].get(str(index)) for index in chosen}
    return render_template(
        "imports/columns.html",
        it=looked["import"],
        looked=looked,
        heads=[(column["index"], column["head"]) for column in looked["columns"]],
        chosen=chosen,
        only=said["only"]["values"] if said and said["only"] else [],
        head_row=asked.get("head_row") if problem else looked["head_row"],
        problem=problem,
    )


def _other_table(said: dict[str, Any], looked: dict[str, Any]) -> bool:
    """Whether another sheet, or another head, is looked at than the one that was read."""
    return (said["head_row"], said["sheet"] or looked["sheet"]) != (looked["head_row"], looked["sheet"])


def _check(lab: str, found: dict[str, Any], problem: Problem | None = None) -> str:
    listed = groups(found["summary"])
    lines = {line["kind"]: line for group in listed for line in group.lines}
    kind = request.values.get("kind", "")
    shown = lines.get(kind) or lines.get(SAME.get(kind, "")) or next(iter(lines.values()))
    where = f"/labs/{lab}/imports/{found['id']}/rows"
    page = api.get(where, cursor=request.args.get("cursor"), **rows_query(shown["kind"]))
    return render_template(
        "imports/check.html",
        it=found,
        summary=found["summary"],
        choices=no_choices() | found["reading"]["choices"],
        groups=listed,
        shown=shown,
        page=page,
        words=ANSWERS.get(shown["kind"], ("Repair all", "Leave all")),
        units=UNITS,
        kept=KEPT,
        problem=problem,
    )


def _result(lab: str, found: dict[str, Any]) -> str:
    rows: dict[str, Any] = {"items": [], "next": None, "previous": None}
    if found["state"] == "committed":
        where = f"/labs/{lab}/imports/{found['id']}/rows"
        rows = api.get(where, state=["refused", "question", "joined"], cursor=request.args.get("cursor"))
    titles = {kind["kind"]: kind["title"] for kind in (found["summary"] or {"kinds": []})["kinds"]}
    return render_template("imports/result.html", it=found, outcome=found["outcome"] or {}, page=rows, titles=titles)


def create_app(settings: PageSettings | None = None) -> Flask:
    """The page, for gunicorn and for tests."""
    return create_page(blueprint, settings)
