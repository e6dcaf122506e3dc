"""/admin: labs, who belongs to them, and who can sign in. For administrators; no lab's chemicals here."""

import re
from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pages.common import api
from pages.common.app import create_page, toast
from pages.common.config import PageSettings
from pages.common.problems import Problem

blueprint = Blueprint("admin", __name__, template_folder="templates")

Answer = Response | str | tuple[str, int]
ROLES = ["viewer", "member", "manager"]
NAMES = re.compile(r"[\s,;]+")


@blueprint.get("/admin")
def show() -> Answer:
    """All labs and, beside them, the first that fits what is searched for; logins that fit too."""
    query = request.args.get("q", "").strip()
    labs = api.get("/labs")["items"]
    if not query:
        return _show_lab(labs, labs[0]["slug"]) if labs else render_template("admin/empty.html")
    folded = query.casefold()
    fitting = [lab for lab in labs if folded in lab["name"].casefold() or folded in lab["slug"]]
    logins = [who for who in api.get("/logins")["items"] if folded in f"{who['username']} {who['name']}".casefold()]
    if len(fitting) == 1 and not logins:
        return redirect(url_for("admin.show_lab", lab=fitting[0]["slug"]))
    return render_template("admin/found.html", query=query, labs=fitting, logins=logins)


@blueprint.get("/admin/labs/<lab>")
def show_lab(lab: str) -> Answer:
    """A lab's members."""
    return _show_lab(api.get("/labs")["items"], lab)


def _show_lab(labs: list[dict[str, Any]], slug: str, refused: Problem | None = None) -> str:
    shown = api.get(f"/labs/{slug}/members")
    return render_template(
        "admin/lab.html",
        labs=labs,
        lab=shown["lab"],
        members=[member for member in shown["items"] if not member["ended_at"]],
        former=[member for member in shown["items"] if member["ended_at"]],
        roles=ROLES,
        problem=refused,
        typed=request.form,
    )


@blueprint.route("/admin/new-lab", methods=["GET", "POST"])
def new_lab() -> Answer:
    """A new lab."""
    if request.method == "GET":
        return render_template("admin/lab_form.html", lab=None, typed={"time_zone": "Europe/London"}, problem=None)
    typed = {name: request.form.get(name, "").strip() for name in ("name", "slug", "time_zone")}
    try:
        made = api.post("/labs", typed)
    except Problem as refused:
        return render_template("admin/lab_form.html", lab=None, typed=typed, problem=refused.for_form()), refused.status
    toast(f"{made['name']} is made. Add its members.")
    return redirect(url_for("admin.show_lab", lab=made["slug"]))


@blueprint.route("/admin/labs/<lab>/edit", methods=["GET", "POST"])
def edit_lab(lab: str) -> Answer:
    """Rename a lab; change its address or time zone."""
    if request.method == "GET":
        now = api.get(f"/labs/{lab}/members")["lab"]
        return render_template("admin/lab_form.html", lab=now, typed=now, problem=None)
    typed = {name: request.form.get(name, "").strip() for name in ("name", "slug", "time_zone")}
    try:
        changed = api.patch(f"/labs/{lab}", typed)
    except Problem as refused:
        now = {"slug": lab, "name": request.form.get("was", lab)}
        return render_template("admin/lab_form.html", lab=now, typed=typed, problem=refused.for_form()), refused.status
    toast(f"{changed['name']} is changed")
    return redirect(url_for("admin.show_lab", lab=changed["slug"]))


@blueprint.route("/admin/labs/<lab>/archive", methods=["GET", "POST"])
def archive_lab(lab: str) -> Answer:
    """Ask once, then archive."""
    if request.method == "GET":
        return render_template("admin/archive.html", lab=api.get(f"/labs/{lab}/members")["lab"])
    changed = api.patch(f"/labs/{lab}", {"archived": True})
    toast(f"{changed['name']} is archived", undo=url_for("admin.restore_lab", lab=lab))
    return redirect(url_for("admin.show_lab", lab=lab))


@blueprint.post("/admin/labs/<lab>/restore")
def restore_lab(lab: str) -> Answer:
    """Take a lab back from the archive."""
    changed = api.patch(f"/labs/{lab}", {"archived": False})
    toast(f"{changed['name']} is back from the archive")
    return redirect(url_for("admin.show_lab", lab=lab))


@blueprint.post("/admin/labs/<lab>/members")
def add_members(lab: str) -> Answer:
    """Add one or many members in one role."""
    usernames = [name for name in NAMES.split(request.form.get("usernames", "")) if name]
    try:
        api.post(f"/labs/{lab}/members", {"usernames": usernames, "role": request.form.get("role", "member")})
    except Problem as refused:
        if refused.status == 404:
            raise
        return _show_lab(
            api.get("/labs")["items"], lab, _on_usernames(refused.for_form(), bool(usernames))
        ), refused.status
    toast(f"{', '.join(usernames)} added")
    return redirect(url_for("admin.show_lab", lab=lab))


def _on_usernames(refused: Problem, written: bool) -> Problem:
    """All names are typed into one field: whatever is said of one of them stands there."""
    sentence = refused.detail if written else "Write at least one user name."
    return Problem(refused.status, refused.title, sentence, [{"pointer": "/usernames", "detail": sentence}])


@blueprint.post("/admin/labs/<lab>/members/<int:user>/role")
def change_role(lab: str, user: int) -> Answer:
    """Give a member another role."""
    role = request.form.get("role", "")
    api.patch(f"/labs/{lab}/members/{user}", {"role": role})
    toast(f"{request.form.get('username', 'The member')} is a {role} now")
    return redirect(url_for("admin.show_lab", lab=lab))


@blueprint.route("/admin/labs/<lab>/members/<int:user>/remove", methods=["GET", "POST"])
def remove_member(lab: str, user: int) -> Answer:
    """Ask once, then remove."""
    if request.method == "GET":
        shown = api.get(f"/labs/{lab}/members")
        found = [member for member in shown["items"] if member["user_id"] == user and not member["ended_at"]]
        if not found:
            raise Problem(404, "There is nothing here")
        return render_template("admin/remove_member.html", lab=shown["lab"], who=found[0])
    api.delete(f"/labs/{lab}/members/{user}")
    toast("Removed. Bottles that they still hold are listed on the lab’s Home.")
    return redirect(url_for("admin.show_lab", lab=lab))


@blueprint.get("/admin/logins")
def show_logins() -> str:
    """Everybody who can sign in."""
    return render_template("admin/logins.html", logins=api.get("/logins")["items"])


@blueprint.route("/admin/logins/new", methods=["GET", "POST"])
def new_logins() -> Answer:
    """One login or many: a line each, a user name and behind it the name to show."""
    if request.method == "GET":
        return render_template("admin/new_logins.html", typed="", problem=None)
    typed = request.form.get("logins", "")
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    logins = [dict(zip(("username", "name"), re.split(r"[\s,;]+", line, maxsplit=1), strict=False)) for line in lines]
    if not logins:
        empty = Problem(
            422,
            "Not accepted",
            "Write at least one user name.",
            [{"pointer": "/logins", "detail": "Write at least one user name."}],
        )
        return render_template("admin/new_logins.html", typed=typed, problem=empty), 422
    try:
        made = api.post("/logins", {"logins": logins})["items"]
    except Problem as refused:
        said = _by_line(refused.for_form(), lines)
        return render_template("admin/new_logins.html", typed=typed, problem=said), refused.status
    return render_template("admin/passwords.html", made=made, title="Logins made")


def _by_line(refused: Problem, lines: list[str]) -> Problem:
    """What is said of one login, said of its line in the field that all are typed into."""
    sentences = []
    for error in refused.errors:
        parts = str(error.get("pointer", "")).split("/")
        line = lines[int(parts[2])] if len(parts) > 2 and parts[2].isdigit() and int(parts[2]) < len(lines) else ""
        sentences.append(f"{line}: {error['detail']}" if line else str(error["detail"]))
    sentence = " ".join(sentences) or refused.detail
    return Problem(refused.status, refused.title, refused.detail, [{"pointer": "/logins", "detail": sentence}])


@blueprint.route("/admin/logins/<username>/password", methods=["GET", "POST"])
def reset_password(username: str) -> Answer:
    """Ask once, then make a new password and show it this once."""
    if request.method == "GET":
        return render_template("admin/reset.html", username=username)
    made = api.put(f"/logins/{username}/password", {})
    return render_template("admin/passwords.html", made=[made], title=f"New password of {username}")


@blueprint.route("/admin/logins/<username>/edit", methods=["GET", "POST"])
def edit_login(username: str) -> Answer:
    """Change the name that is shown; make or unmake an administrator."""
    if request.method == "GET":
        found = [who for who in api.get("/logins")["items"] if who["username"] == username]
        if not found:
            raise Problem(404, "There is nothing here")
        return render_template("admin/login_form.html", who=found[0], problem=None)
    typed = {
        "username": username,
        "name": request.form.get("name", ""),
        "administrator": "administrator" in request.form,
    }
    try:
        api.patch(f"/logins/{username}", {"name": typed["name"], "administrator": typed["administrator"]})
    except Problem as refused:
        return render_template("admin/login_form.html", who=typed, problem=refused.for_form()), refused.status
    toast(f"{username} is changed")
    return redirect(url_for("admin.show_logins"))


@blueprint.route("/admin/logins/<username>/remove", methods=["GET", "POST"])
def remove_login(username: str) -> Answer:
    """Ask once, then remove the login, its memberships and its sessions."""
    if request.method == "GET":
        return render_template("admin/remove_login.html", username=username)
    try:
        api.delete(f"/logins/{username}")
    except Problem as refused:
        if refused.status != 409:
            raise
        return render_template("admin/remove_login.html", username=username, problem=refused), 409
    toast(f"{username} can no longer sign in")
    return redirect(url_for("admin.show_logins"))


@blueprint.get("/admin/isolation")
def prove_isolation() -> Answer:
    """What one lab can reach of another, tried now: red and loud where a fence is down."""
    labs = [lab for lab in api.get("/labs")["items"] if not lab["archived_at"] and lab["members"]]
    chosen = {"lab": request.args.get("lab", ""), "other": request.args.get("other", "")}
    if not all(chosen.values()):
        return render_template("admin/isolation.html", labs=labs, chosen=chosen, proof=None, problem=None)
    try:
        proof = api.get("/isolation", **chosen)
    except Problem as refused:
        return render_template(
            "admin/isolation.html", labs=labs, chosen=chosen, proof=None, problem=refused.for_form()
        ), refused.status
    return render_template("admin/isolation.html", labs=labs, chosen=chosen, proof=proof, problem=None)


def create_app(settings: PageSettings | None = None) -> Flask:
    """The page, for gunicorn and for tests."""
    return create_page(blueprint, settings)
