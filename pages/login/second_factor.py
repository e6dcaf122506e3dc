"""/login/code: the second step of a sign-in. /account/second-factor: the user sets their second factor up, or turns it off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pages.common import api, kept_forms
from pages.common.app import public, toast
from pages.common.paths import on_this_site
from pages.common.problems import Problem
from pages.login import known_browser
from pages.login.arriving import arrive
from pages.login.blueprint import blueprint

if TYPE_CHECKING:
    from pages.common import answers

Answer = Response | str | tuple[str, int]


def ask_for_code(username: str, ticket: str, errors: dict[str, str] | None = None) -> str:
    """The form for the code, which keeps where the user wanted to go and what they had typed before."""
    kept = request.form.get("kept")
    return render_template(
        "login/code.html",
        username=username,
        ticket=ticket,
        errors=errors or {},
        next=on_this_site(request.form.get("next")) or "",
        kept=kept if kept_forms.unseal(kept) else None,
    )


@blueprint.post("/login/code")
@public
def give_code() -> Answer:
    """The second step: the code of the authenticator app, or a recovery code."""
    username, ticket = request.form.get("username", "").strip(), request.form.get("ticket", "")
    code = request.form.get("code", "").strip()
    if not code:
        return ask_for_code(username, ticket, {"/code": "Type the code."}), 422
    step = {
        "username": username,
        "ticket": ticket,
        "code": code,
        "address": request.remote_addr or "",
        "browser": request.user_agent.string[:200],
        "device": known_browser.device_of(request, username),
    }
    try:
        issued: answers.NewSession = api.post("/sessions/second", step)
    except Problem as refused:
        if refused.status not in (401, 422, 429, 503):
            raise
        if "/ticket" in refused.by_field or "/username" in refused.by_field:
            toast(refused.detail)
            return redirect(url_for("login.sign_in_form", next=on_this_site(request.form.get("next"))))
        return ask_for_code(username, ticket, refused.by_field or {"/code": refused.detail}), refused.status
    return arrive(issued)


@blueprint.get("/account/second-factor")
def second_factor() -> Answer:
    """Whether the user has a second factor: the form that turns it off, or that sets one up."""
    return _shown()


@blueprint.post("/account/second-factor")
def set_second_factor() -> Answer:
    """Set it up with the key that this page offered; shows the recovery codes, once."""
    wanted = {name: request.form.get(name, "") for name in ("key", "code", "password")}
    try:
        made: answers.RecoveryCodes = api.put("/sessions/current/second-factor", wanted | _from_here())
    except Problem as refused:
        return _shown(refused, wanted["key"])
    return render_template("login/recovery_codes.html", codes=made["recovery_codes"])


@blueprint.post("/account/second-factor/off")
def turn_off() -> Answer:
    """Turn it off, with the password and a code."""
    wanted = {name: request.form.get(name, "") for name in ("code", "password")}
    try:
        api.post("/sessions/current/second-factor/off", wanted | _from_here())
    except Problem as refused:
        return _shown(refused)
    toast("Your second factor is off")
    return redirect(url_for("login.account"))


def _from_here() -> dict[str, str]:
    return {"address": request.remote_addr or ""}


def _shown(problem: Problem | None = None, key: str = "") -> Answer:
    """The page; after a refusal with the key that was offered before, because the phone has that one by now."""
    if problem and problem.status != 429:
        problem.for_form()
    found: answers.SecondFactor = api.get("/sessions/current/second-factor")
    words: dict[str, Any] = {"factor": found, "problem": problem, "offer": None, "dark": ""}
    if not found["is_on"]:
        offer: answers.NewKey = api.post("/sessions/current/second-factor/keys", {"key": key})
        words |= {"offer": offer, "dark": _dark_path(offer["qr_code"])}
    page = render_template("login/second_factor.html", **words)
    return (page, problem.status) if problem else page


def _dark_path(rows: list[str]) -> str:
    """The dark modules of a QR code as the path of an SVG."""
    return "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, module in enumerate(row) if module == "1")
