"""create_page: what makes a page out of its blueprint.

blueprint = Blueprint("checkout", __name__, template_folder="templates")

@blueprint.get("/checkout/<lab>")
def show(lab: str) -> str:
    return render_template("checkout/show.html", page=api.get(f"/labs/{lab}/check-outs/new"))

def create_app(settings: PageSettings | None = None) -> Flask:
    return create_page(blueprint, settings)
"""

import logging
import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, abort, current_app, flash, g, request, session
from flask.templating import Environment
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import release
from pages.common import (
    api,
    assets,
    confirming,
    cookies,
    errors,
    filters,
    headers,
    login,
    navigation,
    request_log,
    sessions,
    words,
)
from pages.common.bodies import BoundedBodies
from pages.common.config import PageSettings, read_settings
from pages.common.unseen import PageRequest

MEGABYTE = 1024 * 1024
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62})")
THEME, THEMES = "chemtrack-theme", ("light", "dark")

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Mark a view that is shown without being signed in; all others lead to /login."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def toast(text: str, undo: str | None = None, label: str = "Undo", stays: bool = False, **fields: str) -> None:
    """Say on the next page what happened, for six seconds, or with `stays` until it is left. `undo` is a path that takes a POST of
    `fields`."""
    flash({"text": text, "undo": undo, "label": label, "stays": stays, "fields": fields}, "toast")  # type: ignore[arg-type]


def create_page(blueprint: Blueprint, settings: PageSettings | None = None, largest_body: int | None = None) -> Flask:
    """Make the Flask app of one page. Settings come from the environment unless given; `largest_body` is in bytes."""
    settings = settings or read_settings()
    app = _Page("pages.common", static_folder=None)
    app.logger.setLevel(logging.INFO)
    app.extensions["chemtrack-page"] = blueprint.name
    app.config.update(
        SECRET_KEY=settings.cookie_key.get_secret_value(),
        SINGLE_SIGN_ON=settings.single_sign_on,
        # A name that begins with __Host- makes browsers accept the cookie from this host alone, over HTTPS, for every path
        SESSION_COOKIE_NAME="__Host-chemtrack" if settings.cookie_secure else "chemtrack",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.cookie_secure,
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        MAX_CONTENT_LENGTH=25 * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=2 * MEGABYTE,
        MAX_FORM_PARTS=10_000,  # a delivery of 200 lines has 2,000 fields
        WTF_CSRF_TIME_LIMIT=None,  # a form is valid as long as the session: a stocktake may lie open for hours
    )
    # One hop, the load balancer's: it sets For and Proto. It passes Host on and does not set X-Forwarded-Host, so that
    # header is the client's and not believed.
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=0)  # type: ignore[method-assign]
    app.wsgi_app = BoundedBodies(app.wsgi_app, largest_body)  # type: ignore[method-assign]
    # Else a double slash is answered by a redirect to the host that the request names, which a stranger chooses.
    app.url_map.merge_slashes = False
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    sessions.init_app(app, settings.sessions_table)
    request_log.init_app(app, _who_asked)
    _keep_nothing(app)
    login.init_app(app)
    # Registered before CSRFProtect, so that a user whose session has ended is led to sign in, not shown a token error
    app.before_request(_refuse_strangers)
    CSRFProtect(app)
    headers.init_app(app, https=settings.cookie_secure)
    errors.init_app(app)
    api.init_app(app, settings)
    confirming.init_app(app)
    assets.init_app(app, blueprint.name, settings.assets)
    filters.init_app(app)
    _teach_templates(app)

    @app.get("/health")
    @public
    def health() -> dict[str, str]:
        return release.health()

    app.register_blueprint(blueprint)
    return app


def _refuse_strangers() -> ResponseReturnValue | None:
    """Lead those who are not signed in to /login; refuse what cannot be a lab's slug before it reaches the API."""
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "is_public", False):
        return None
    if login.signed_in() is None:
        return login.to_sign_in()
    lab = (request.view_args or {}).get("lab")
    if isinstance(lab, str) and not SLUG.fullmatch(lab):
        abort(404)
    return None


def _keep_nothing(app: Flask) -> None:
    """No browser keeps a page; the cookie keeps the lab that was visited last."""

    @app.after_request
    def finish(response: Response) -> Response:
        if request.endpoint in ("asset", "health"):
            return response
        member = g.get("member")
        if member and session.get("last_lab") != member.lab.slug:
            session["last_lab"] = member.lab.slug  # only decides where `/` leads
        response.headers.setdefault("Cache-Control", "no-store")  # a shared computer must not show pages after sign-out
        response.vary.add("HX-Request")
        return response


def _who_asked() -> dict[str, Any]:
    """The lab and the user of a line in the log."""
    member, user = g.get("member"), login.signed_in()
    # A number: names of people stay out of logs
    return {"lab": member.lab.slug if member else "", "user": user.id_number if user else ""}


class _Templates(Environment):
    """Reads `line.name` as the entry `name` when `line` is a dict, as in the API's answers; Jinja would try attributes first."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


class _Page(Flask):
    jinja_environment = _Templates
    request_class = PageRequest


def _teach_templates(app: Flask) -> None:
    """Names that all templates and macros know, besides those of Flask."""
    app.jinja_env.globals.update(
        path=navigation.path,
        container_path=navigation.container_path,
        new_key=lambda: str(uuid.uuid4()),
        today=filters.today,
        PICTOGRAMS=words.PICTOGRAMS,
        kept=lru_cache(maxsize=1024, typed=True),
    )

    @app.context_processor
    def names() -> dict[str, Any]:
        theme = request.cookies.get(cookies.name_of(THEME))
        return {
            "nav": navigation.frame(),
            "member": login.current_member(),
            "user": login.signed_in(),
            "release": release,
            "theme": theme if theme in THEMES else None,
        }
