"""/admin: labs, who belongs to them, and who can sign in. For administrators; no lab's chemicals here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Flask, redirect, render_template, request, url_for

from pages.admin import classifications
from pages.admin.blueprint import Answer, blueprint
from pages.common import api, merging
from pages.common.app import create_page, toast
from pages.common.config import PageSettings
from pages.common.events import show_events
from pages.common.ids import id_of
from pages.common.problems import Problem

if TYPE_CHECKING:
    from pages.common import answers

__all__ = ["classifications"]  # importing it adds its routes to the blueprint

ROLES = ["viewer", "member", "manager"]
LAB_FIELDS = ("name", "slug", "time_zone")
NAMES = re.compile(r"[\s,;]+")


@blueprint.get("/admin")
def show() -> Answer:
    """All labs; after a search, the first lab that fits is shown beside the list, and the logins that fit."""
    query = request.args.get("q", "").strip()
    labs = _labs()
    if not query:
        return _show_lab(labs, labs[0]["slug"]) if labs else render_template("admin/empty.html")
    folded = query.casefold()
    fitting = [lab for lab in labs if folded in lab["name"].casefold() or folded in lab["slug"]]
    logins = [who for who in _logins() if folded in f"{who['username']} {who['name']}".casefold()]
    if len(fitting) == 1 and not logins:
        return redirect(url_for("admin.show_lab", lab=fitting[0]["slug"]))
    return render_template("admin/found.html", query=query, labs=fitting, logins=logins)


@blueprint.get("/admin/labs/<lab>")
def show_lab(lab: str) -> Answer:
    """A lab's members."""
    return _show_lab(_labs(), lab)


def _labs() -> list[answers.Lab]:
    found: answers.Labs = api.get("/labs")
    return found["items"]


def _logins() -> list[answers.Login]:
    found: answers.LoginList = api.get("/logins")
    return found["items"]


def _login(username: str) -> answers.Login:
    found = [who for who in _logins() if who["username"] == username]
    if not found:
        raise Problem(404, "There is nothing here")
    return found[0]


def _members(slug: str) -> answers.Members:
    found: answers.Members = api.get(f"/labs/{slug}/members")
    return found


def _show_lab(labs: list[answers.Lab], slug: str, refused: Problem | None = None) -> str:
    shown = _members(slug)
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
    """A new lab with its first people; logins are made for those who have none."""
    if request.method == "GET":
        return render_template(
            "admin/lab_form.html", lab=None, typed={"time_zone": "Europe/London"}, problem=None, roles=ROLES
        )
    typed = {name: request.form.get(name, "").strip() for name in (*LAB_FIELDS, *ROLES)}
    people = {role: _usernames(typed[role]) for role in ROLES if _usernames(typed[role])}
    try:
        made: answers.Lab = api.post("/labs", {name: typed[name] for name in LAB_FIELDS})
    except Problem as refused:
        page = render_template("admin/lab_form.html", lab=None, typed=typed, problem=refused.for_form(), roles=ROLES)
        return page, refused.status
    passwords, role = [], ""
    try:
        passwords = _make_missing_logins([name for names in people.values() for name in names])
        for role, usernames in people.items():
            api.post(f"/labs/{made['slug']}/members", {"usernames": usernames, "role": role})
    except Problem as refused:
        toast(f"{made['name']} is made, but not all of its people belong to it yet")
        if not passwords:
            return _show_lab(_labs(), made["slug"], _on_usernames(refused.for_form(), True)), refused.status
    else:
        toast(f"{made['name']} is made{'' if people else '. Add its members.'}")
    if passwords:
        return _show_passwords(passwords, made["slug"])
    return redirect(url_for("admin.show_lab", lab=made["slug"]))


def _usernames(text: str) -> list[str]:
    return [name for name in NAMES.split(text.lower()) if name]


def _make_missing_logins(usernames: list[str]) -> list[answers.MadeLogin]:
    """Logins for those who have none, with their passwords."""
    known = {who["username"] for who in _logins()}
    missing = [{"username": name} for name in dict.fromkeys(usernames) if name not in known]
    if not missing:
        return []
    made: answers.MadeLogins = api.post("/logins", {"logins": missing})
    return made["items"]


def _show_passwords(made: list[answers.MadeLogin], lab: str) -> str:
    return render_template(
        "admin/passwords.html", made=made, title="Logins made", done=url_for("admin.show_lab", lab=lab)
    )


@blueprint.route("/admin/labs/<lab>/edit", methods=["GET", "POST"])
def edit_lab(lab: str) -> Answer:
    """Rename a lab; change its address or time zone."""
    if request.method == "GET":
        now = _members(lab)["lab"]
        return render_template(
            "admin/lab_form.html", lab=now, typed=now, problem=None, was=merging.opened(_said_of(now))
        )
    typed = {name: request.form.get(name, "").strip() for name in LAB_FIELDS}
    # The lab is found by its number, because somebody may have given it another short name since the form was opened.
    found = next((one for one in _labs() if one["id"] == id_of(request.form.get("lab_id"))), None)
    if not found:
        raise Problem(404, "There is nothing here")
    try:
        merging.merge(typed, request.form.get("was"), _said_of(found))
        changed: answers.Lab = api.patch(f"/labs/{found['slug']}", typed | {"version": found["version"]})
    except Problem as refused:
        page = render_template(
            "admin/lab_form.html",
            lab=found,
            typed=typed,
            problem=refused.for_form(),
            was=merging.opened(_said_of(found)),
        )
        return page, refused.status
    toast(f"{changed['name']} is changed")
    return redirect(url_for("admin.show_lab", lab=changed["slug"]))


def _said_of(lab: answers.Lab) -> dict[str, object]:
    """The fields of a lab's form as they are saved at present."""
    return {name: value for name, value in lab.items() if name in LAB_FIELDS}


@blueprint.route("/admin/labs/<lab>/archive", methods=["GET", "POST"])
def archive_lab(lab: str) -> Answer:
    """Ask once, then archive."""
    if request.method == "GET":
        return render_template("admin/archive.html", lab=_members(lab)["lab"])
    changed: answers.Lab = api.patch(f"/labs/{lab}", {"archived": True})
    toast(f"{changed['name']} is archived", undo=url_for("admin.restore_lab", lab=lab))
    return redirect(url_for("admin.show_lab", lab=lab))


@blueprint.post("/admin/labs/<lab>/restore")
def restore_lab(lab: str) -> Answer:
    """Take a lab back from the archive."""
    changed: answers.Lab = api.patch(f"/labs/{lab}", {"archived": False})
    toast(f"{changed['name']} is back from the archive")
    return redirect(url_for("admin.show_lab", lab=lab))


@blueprint.post("/admin/labs/<lab>/members")
def add_members(lab: str) -> Answer:
    """Add one or many members in one role; with `make_logins` logins too, for those who have none."""
    usernames, passwords = _usernames(request.form.get("usernames", "")), []
    try:
        if request.form.get("make_logins"):
            passwords = _make_missing_logins(usernames)
        api.post(f"/labs/{lab}/members", {"usernames": usernames, "role": request.form.get("role", "member")})
    except Problem as refused:
        if refused.status == 404:
            raise
        if not passwords:
            problem = _on_usernames(refused.for_form(), bool(usernames))
            return _show_lab(_labs(), lab, problem), refused.status
        toast(f"Logins are made, but nobody was added: {refused.detail}")
    else:
        toast(f"{', '.join(usernames)} added")
    return _show_passwords(passwords, lab) if passwords else redirect(url_for("admin.show_lab", lab=lab))


def _on_usernames(refused: Problem, written: bool) -> Problem:
    """Move every error to the field `usernames`, because all names are typed into that one field."""
    sentence = refused.detail if written else "Write at least one user name."
    return Problem(refused.status, refused.title, sentence, [{"pointer": "/usernames", "detail": sentence}])


@blueprint.post("/admin/labs/<lab>/members/<int:user>/role")
def change_role(lab: str, user: int) -> Answer:
    """Give a member another role."""
    role, username = request.form.get("role", ""), request.form.get("username", "")
    found = next((who for who in _members(lab)["items"] if who["user_id"] == user), None)
    try:
        if not found or found["ended_at"]:
            raise Problem(409, "No member any more", f"Somebody removed {username} from the lab meanwhile.")
        if found["role"] not in (role, request.form.get("was")):
            sentence = f"Somebody else made {username} a {found['role']} meanwhile. Nothing was changed: choose again."
            raise Problem(409, "Somebody else changed this meanwhile", sentence)
        api.patch(f"/labs/{lab}/members/{user}", {"role": role, "version": found["version"]})
    except Problem as refused:
        return _show_lab(_labs(), lab, refused.for_form()), refused.status
    toast(f"{username} is a {role} now")
    return redirect(url_for("admin.show_lab", lab=lab))


@blueprint.route("/admin/labs/<lab>/members/<int:user>/remove", methods=["GET", "POST"])
def remove_member(lab: str, user: int) -> Answer:
    """Ask once, then remove."""
    if request.method == "GET":
        shown = _members(lab)
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
    return render_template("admin/logins.html", logins=_logins())


@blueprint.route("/admin/logins/new", methods=["GET", "POST"])
def new_logins() -> Answer:
    """Make logins, one for each line typed: a user name, followed by the name to show."""
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
        made: answers.MadeLogins = api.post("/logins", {"logins": logins})
    except Problem as refused:
        by_line = _by_line(refused.for_form(), lines)
        return render_template("admin/new_logins.html", typed=typed, problem=by_line), refused.status
    return render_template("admin/passwords.html", made=made["items"], title="Logins made")


def _by_line(refused: Problem, lines: list[str]) -> Problem:
    """Turn the error of each login into a sentence that begins with its line: all logins are typed into one field."""
    sentences = []
    for error in refused.errors:
        parts = str(error.get("pointer", "")).split("/")
        line = lines[int(parts[2])] if len(parts) > 2 and parts[2].isdigit() and int(parts[2]) < len(lines) else ""
        sentences.append(f"{line}: {error['detail']}" if line else str(error["detail"]))
    sentence = " ".join(sentences) or refused.detail
    return Problem(refused.status, refused.title, refused.detail, [{"pointer": "/logins", "detail": sentence}])


@blueprint.route("/admin/logins/<username>/password", methods=["GET", "POST"])
def reset_password(username: str) -> Answer:
    """Ask once, then make a new password and show it. It cannot be shown again."""
    if request.method == "GET":
        return render_template("admin/reset.html", who=_login(username))
    try:
        made: answers.MadeLogin = api.put(f"/logins/{username}/password", {"version": request.form.get("version")})
    except Problem as refused:
        if refused.status != 409:
            raise
        refused.detail = (
            "Somebody else changed this login or made a new password for it meanwhile. Yours would end theirs."
        )
        return render_template("admin/reset.html", who=_login(username), problem=refused), 409
    return render_template("admin/passwords.html", made=[made], title=f"New password of {username}")


@blueprint.route("/admin/logins/<username>/second-factor", methods=["GET", "POST"])
def reset_second_factor(username: str) -> Answer:
    """Ask once, then take the second factor from a login whose owner lost the phone."""
    if request.method == "GET":
        return render_template("admin/reset_second_factor.html", who=_login(username))
    try:
        api.delete(f"/logins/{username}/second-factor")
    except Problem as refused:
        if refused.status != 409:
            raise
        return render_template("admin/reset_second_factor.html", who=_login(username), problem=refused), 409
    toast(f"{username} signs in with the password alone now")
    return redirect(url_for("admin.show_logins"))


@blueprint.route("/admin/logins/<username>/edit", methods=["GET", "POST"])
def edit_login(username: str) -> Answer:
    """Change the name that is shown; make or unmake an administrator."""
    if request.method == "GET":
        now = _said_of_login(_login(username))
        return render_template(
            "admin/login_form.html", username=username, values=now, problem=None, was=merging.opened(now)
        )
    typed = {
        "name": request.form.get("name", "").strip(),
        "administrator": "yes" if "administrator" in request.form else "no",
    }
    found = _login(username)
    now = _said_of_login(found)
    try:
        merging.merge(typed, request.form.get("was"), now)
        sent = {"name": typed["name"], "administrator": typed["administrator"] == "yes", "version": found["version"]}
        api.patch(f"/logins/{username}", sent)
    except Problem as refused:
        page = render_template(
            "admin/login_form.html",
            username=username,
            values=typed,
            problem=refused.for_form(),
            was=merging.opened(now),
        )
        return page, refused.status
    toast(f"{username} is changed")
    return redirect(url_for("admin.show_logins"))


def _said_of_login(who: answers.Login) -> dict[str, object]:
    """The fields of a login's form as they are saved at present."""
    return {"name": who["name"], "administrator": "yes" if who["administrator"] else "no"}


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
    """Try now whether one lab can reach the rows of another; a lab that can is shown in red."""
    labs = [lab for lab in _labs() if not lab["archived_at"] and lab["members"]]
    chosen = {"lab": request.args.get("lab", ""), "other": request.args.get("other", "")}
    if not all(chosen.values()):
        return render_template("admin/isolation.html", labs=labs, chosen=chosen, proof=None, problem=None)
    try:
        proof: answers.Proof = api.get("/isolation", **chosen)
    except Problem as refused:
        return render_template(
            "admin/isolation.html", labs=labs, chosen=chosen, proof=None, problem=refused.for_form()
        ), refused.status
    return render_template("admin/isolation.html", labs=labs, chosen=chosen, proof=proof, problem=None)


@blueprint.get("/admin/events")
def show_trace() -> Answer:
    """Every act in the installation."""
    sentence = "Every sign-in, refusal, change of logins, labs and members, proof and file: who, when, for whom. Nobody changes a line."
    return show_events("/events", url_for("admin.show_trace"), "Events", sentence)


@blueprint.get("/admin/events.csv")
def download_trace() -> Answer:
    """All acts that fit the filters, as a file."""
    return api.stream("/events.csv", **request.args.to_dict())


def create_app(settings: PageSettings | None = None) -> Flask:
    """The page, for gunicorn and for tests."""
    return create_page(blueprint, settings)
