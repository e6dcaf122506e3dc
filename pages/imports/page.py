"""/imports/LAB: a spreadsheet comes in: its file, its columns, a check of every row, and the load, with its progress."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from pages.common import api, merging
from pages.common.app import create_page, toast
from pages.common.config import PageSettings
from pages.common.problems import Problem
from pages.common.words import UNITS
from pages.imports import meanwhile
from pages.imports.reading import (
    ANSWERS,
    AS_IT_IS,
    CURRENCIES,
    KEPT,
    SAME,
    from_columns_form,
    groups,
    no_choices,
    rows_query,
    with_answer,
)

if TYPE_CHECKING:
    from pages.common import answers

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
    """Upload a file; the choice of its columns follows."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _list(lab, Problem(422, "Choose a file", "", [{"pointer": "/file", "detail": "Choose a file."}])), 422
    try:
        made: answers.Import = api.upload(
            f"/labs/{lab}/imports", file.stream, file.filename, key=request.form.get("key")
        )
    except Problem as refused:
        if refused.status not in (409, 413, 422):
            raise
        return _list(lab, refused), refused.status
    return redirect(url_for("imports.columns", lab=lab, number=made["id"]))


@blueprint.errorhandler(413)
def too_large(error: RequestEntityTooLarge) -> Answer:
    """Refuse a file that is larger than the page accepts, with an error beside the field.

    The body is read to its end, because a browser that is still sending shows no answer."""
    size = left = request.content_length or 0
    while 0 < left <= MOST_SWALLOWED and (read := request.environ["wsgi.input"].read(min(left, MEGABYTE))):
        left -= len(read)
    sentence = f"The file has {size / MEGABYTE:.1f} MB; at most 20 MB can be read. Split it."
    lab = (request.view_args or {})["lab"]
    return _list(lab, Problem(413, "Too large", sentence, [{"pointer": "/file", "detail": sentence}])), 413


@blueprint.get(f"/imports/<lab>/{NUMBER}/columns")
def columns(lab: str, number: int) -> Answer:
    """The form for the meaning of each column, filled with the guess or with the earlier choice."""
    asked: dict[str, Any] = {
        name: request.args.get(name) or None for name in ("sheet", "encoding", "head_row", "values_of")
    }
    asked |= {name: request.args.getlist(name) for name in ("table", "list")}
    try:
        return _columns(lab, number, asked)
    except Problem as refused:
        if refused.status == 409:
            return redirect(url_for("imports.one", lab=lab, number=number))
        return _columns(lab, number, {}, refused.for_form()), refused.status


@blueprint.post(f"/imports/<lab>/{NUMBER}/columns")
def choose_columns(lab: str, number: int) -> Answer:
    """Read the file as the form says."""
    before: answers.Import = api.get(f"/labs/{lab}/imports/{number}")
    reading = from_columns_form(request.form, before["reading"])
    was = request.form.get("was")
    try:
        if before["reading"] and request.form.get("version") != before["version"]:
            looked: answers.Description = api.get(f"/labs/{lab}/imports/{number}/columns")
            titles = {field["field"]: field["title"] for field in looked["fields"]}
            was, opened = merging.opened(meanwhile.as_shown(before["reading"])), was
            meanwhile.merge(reading, opened, before["reading"], titles)
        api.put(f"/labs/{lab}/imports/{number}/reading", reading | {"version": before["version"]}, patient=True)
    except Problem as refused:
        asked: dict[str, Any] = {
            name: request.form.get(name) or None for name in ("sheet", "encoding", "head_row", "values_of")
        }
        asked |= {"table": ["", *reading["tables"]], "list": ["", *request.form.getlist("list")]}
        return _columns(lab, number, asked, refused.for_form(), reading, was), refused.status
    return redirect(url_for("imports.one", lab=lab, number=number))


@blueprint.get(f"/imports/<lab>/{NUMBER}")
def one(lab: str, number: int) -> Answer:
    """An import at its present step: its columns, its check, or its result."""
    found: answers.Import = api.get(f"/labs/{lab}/imports/{number}")
    if found["state"] == "new":
        return redirect(url_for("imports.columns", lab=lab, number=number))
    if found["state"] == "read":
        return _check(lab, found)
    return _result(lab, found)


@blueprint.post(f"/imports/<lab>/{NUMBER}/answer")
def answer(lab: str, number: int) -> Answer:
    """Take one more answer to a question, and read the file again with it."""
    where = f"/labs/{lab}/imports/{number}"
    found = _import(lab, number)
    if found["state"] == "read" and found["reading"]:
        try:
            reading = with_answer(found["reading"], request.form) | {"version": found["version"]}
            api.put(f"{where}/reading", reading, patient=True)
        except Problem as refused:
            problem, now = refused.for_form(), _import(lab, number)
            if now["state"] == "read":
                return _check(lab, now, problem), problem.status
    return redirect(url_for("imports.one", lab=lab, number=number, kind=request.form.get("kind"), _anchor="rows"))


@blueprint.post(f"/imports/<lab>/{NUMBER}/commit")
def commit(lab: str, number: int) -> Answer:
    """Load the rows. The script that shows progress gets a line of JSON after each step; without script the page waits."""
    asked = {
        "with_questions": request.form.get("with_questions") == "1",
        "version": request.form.get("version") or None,
    }
    where = f"/labs/{lab}/imports/{number}"
    try:
        lines = api.stream(f"{where}/commit", json=asked)
        if request.accept_mimetypes.best == STREAMED:
            return lines
        last = json.loads(lines.get_data().splitlines()[-1])
        if failed := last.get("problem"):
            raise Problem(failed["status"], failed["title"], failed["detail"], failed["errors"])
    except Problem as refused:
        found: answers.Import = api.get(where)
        if found["state"] != "read":
            raise
        return _check(lab, found, refused.for_form()), refused.status
    return redirect(url_for("imports.one", lab=lab, number=number))


@blueprint.get(f"/imports/<lab>/{NUMBER}/cancel")
def ask_to_cancel(lab: str, number: int) -> Answer:
    """Ask once before the import is cancelled; one that was loaded can only be taken back."""
    found: answers.Import = api.get(f"/labs/{lab}/imports/{number}")
    if found["state"] == "committed":
        return redirect(url_for("imports.ask_to_take_back", lab=lab, number=number))
    return render_template("imports/cancel.html", it=found)


@blueprint.post(f"/imports/<lab>/{NUMBER}/cancel")
def cancel(lab: str, number: int) -> Answer:
    """Cancel the import; the API deletes the file."""
    try:
        found: answers.Import = api.post(f"/labs/{lab}/imports/{number}/cancel", key=request.form.get("key"))
    except Problem as refused:
        if refused.status != 409:
            raise
        toast("It was loaded before you could cancel it")
        return redirect(url_for("imports.ask_to_take_back", lab=lab, number=number))
    toast(f"The import of {found['file_name']} is cancelled")
    return redirect(url_for("imports.show", lab=lab))


@blueprint.get(f"/imports/<lab>/{NUMBER}/take-back")
def ask_to_take_back(lab: str, number: int) -> Answer:
    """Ask once before an import that was loaded is taken back."""
    found: answers.Import = api.get(f"/labs/{lab}/imports/{number}")
    return render_template("imports/take_back.html", it=found, outcome=found["outcome"] or {})


@blueprint.post(f"/imports/<lab>/{NUMBER}/take-back")
def take_back(lab: str, number: int) -> Answer:
    """Take the import back."""
    found: answers.Import = api.post(f"/labs/{lab}/imports/{number}/take-back", key=request.form.get("key"))
    toast(f"The import of {found['file_name']} is taken back")
    return redirect(url_for("imports.one", lab=lab, number=number))


@blueprint.get(f"/imports/<lab>/{NUMBER}/left-out.csv")
def left_out(lab: str, number: int) -> Answer:
    """The rows that are left out, with their reasons, as a file to correct."""
    return api.stream(f"/labs/{lab}/imports/{number}/refused.csv")


@blueprint.get(f"/imports/<lab>/{NUMBER}/file")
def original(lab: str, number: int) -> Answer:
    """The file as it was uploaded."""
    return api.stream(f"/labs/{lab}/imports/{number}/file")


@blueprint.get("/imports/<lab>/template.xlsx")
def template(lab: str) -> Answer:
    """An empty workbook to fill in."""
    return api.stream(f"/labs/{lab}/imports/template.xlsx")


def _import(lab: str, number: int) -> answers.Import:
    found: answers.Import = api.get(f"/labs/{lab}/imports/{number}")
    return found


def _list(lab: str, problem: Problem | None = None) -> str:
    page: answers.ImportList = api.get(f"/labs/{lab}/imports", cursor=request.args.get("cursor"))
    return render_template("imports/list.html", page=page, problem=problem)


def _columns(
    lab: str,
    number: int,
    asked: dict[str, Any],
    problem: Problem | None = None,
    reading: dict[str, Any] | None = None,
    was: str | None = None,
) -> str:
    try:
        looked: answers.Description = api.get(f"/labs/{lab}/imports/{number}/columns", **asked)
    except Problem as refused:
        if problem is None or refused.status != 422:
            raise
        looked = api.get(f"/labs/{lab}/imports/{number}/columns")
    read = reading or looked["import"]["reading"]
    if read and reading is None and any(asked.values()):
        read = read | {"columns": {}, "only": None} if _other_table(read, looked) else read
    chosen = {column["index"]: column["field"] for column in looked["columns"]}
    if read and read["columns"]:
        chosen = {index: read["columns"].get(str(index)) for index in chosen}
    shown = {
        "sheet": looked["sheet"],
        "encoding": looked["encodings"][0]["encoding"] if looked["encodings"] else None,
        "head_row": looked["head_row"],
        "tables": [table["table"] for table in looked["tables"] if table["chosen"]],
        "columns": chosen,
        "inward": order_of(read, looked["inward"], chosen),
        "all_containers": bool(read and read.get("all_containers")),
        "all_locations": bool(read and read.get("all_locations")),
        "lists": {one["head"]: one["id"] for one in looked["lists"] if one["chosen"]},
        "choices": {"all_full": bool(read and (read.get("choices") or {}).get("all_full"))},
        "only": read["only"] if read else None,
    }
    return render_template(
        "imports/columns.html",
        was=was or merging.opened(meanwhile.as_shown(shown)),
        it=looked["import"],
        looked=looked,
        heads=[(column["index"], column["head"]) for column in looked["columns"]],
        encodings=[(one["encoding"], " · ".join([one["title"], *one["samples"]])) for one in looked["encodings"]],
        chosen=chosen,
        shown=shown,
        only=read["only"]["values"] if read and read["only"] else [],
        head_row=asked.get("head_row") if problem else looked["head_row"],
        problem=problem,
    )


def order_of(read: dict[str, Any] | None, proposed: list[int], chosen: dict[int, str | None]) -> list[int]:
    """The columns of the location that are chosen, from the outermost to the innermost."""
    places = [index for index, field in chosen.items() if field == "location"]
    order = [*((read or {}).get("inward") or []), *proposed, *places]
    return sorted(places, key=order.index)


def _other_table(shown: dict[str, Any], looked: answers.Description) -> bool:
    """Whether the form shows another sheet, encoding or heading row than the one that was read."""
    encoding = looked["encodings"][0]["encoding"] if looked["encodings"] else None
    tables = [table["table"] for table in looked["tables"] if table["chosen"]]
    read = (
        shown.get("lists") or {},
        shown["head_row"],
        shown["sheet"] or looked["sheet"],
        shown.get("encoding") or encoding,
        shown.get("tables") or [],
    )
    lists = {one["head"]: one["id"] for one in looked["lists"] if one["chosen"]}
    return read != (lists, looked["head_row"], looked["sheet"], encoding, tables)


def _check(lab: str, found: answers.Import, problem: Problem | None = None) -> str:
    summary, reading = found["summary"] or {}, found["reading"] or {}  # both are set once a file has been read
    listed = groups(summary)
    lines = {line["kind"]: line for group in listed for line in group.lines}
    kind = request.values.get("kind", "")
    shown = lines.get(kind) or lines.get(SAME.get(kind, "")) or next(iter(lines.values()))
    number, cursor = found["id"], request.args.get("cursor")
    if shown["kind"] == "absent":
        absent: answers.AbsentList = api.get(f"/labs/{lab}/imports/{number}/absent", cursor=cursor)
        page: answers.AbsentList | answers.ImportRows = absent
    else:
        rows: answers.ImportRows = api.get(
            f"/labs/{lab}/imports/{number}/rows", cursor=cursor, **rows_query(shown["kind"])
        )
        page = rows
    return render_template(
        "imports/check.html",
        it=found,
        summary=summary,
        choices=no_choices() | reading["choices"],
        groups=listed,
        shown=shown,
        page=page,
        words=ANSWERS.get(shown["kind"], ("Repair all", "Leave all")),
        units=UNITS,
        currencies=CURRENCIES,
        kept=KEPT,
        as_it_is=AS_IT_IS,
        problem=problem,
    )


def _result(lab: str, found: answers.Import) -> str:
    page: answers.ImportRows | None = None
    if found["state"] in ("committed", "taken_back"):
        where = f"/labs/{lab}/imports/{found['id']}/rows"
        page = api.get(where, state=["refused", "question", "joined"], cursor=request.args.get("cursor"))
    titles = {kind["kind"]: kind["title"] for kind in (found["summary"] or {"kinds": []})["kinds"]}
    return render_template("imports/result.html", it=found, outcome=found["outcome"] or {}, page=page, titles=titles)


def create_app(settings: PageSettings | None = None) -> Flask:
    """The page, for gunicorn and for tests."""
    return create_page(blueprint, settings)
