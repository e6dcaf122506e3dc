"""create_page: what makes a page out of its blueprint.

blueprint = Blueprint("checkout", __name__, template_folder="templates")

@blueprint.get("/checkout/<lab>")
def show(lab: str) -> str:
    return render_template("checkout/show.html", page=api.get(f"/labs/{lab}/check-outs"))

def create_app(settings: PageSettings | None = None) -> Flask:
    return create_page(blueprint, settings)
"""

import logging
import re
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, abort, current_app, flash, g, request, session
from flask.templating import Environment
from flask_talisman import Talisman
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as AnyResponse

from pages.common import api, assets, errors, filters, login, navigation, sessions
from pages.common.config import PageSettings, read_settings

MEGABYTE = 1024 * 1024
CONTENT_SECURITY_POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",  # Tabler draws the arrow of a select as a data: image
    "style-src": "'self'",
    "script-src": "'self'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
    "base-uri": "'none'",
}
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62})")
THEMES = ("light", "dark")

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Mark a view that is shown without being signed in; all others lead to /login."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def toast(text: str, undo: str | None = None, label: str = "Undo", **fields: str) -> None:
    """Say on the next page what happened, for six seconds. `undo` is a path that takes a POST of `fields`."""
    flash({"text": text, "undo": undo, "label": label, "fields": fields}, "toast")  # type: ignore[arg-type]


def create_page(blueprint: Blueprint, settings: PageSettings | None = None) -> Flask:
    """Make the Flask app of one page. Settings come from the environment unless given."""
    settings = settings or read_settings()
    app = _Page("pages.common", static_folder=None)
    app.logger.setLevel(logging.INFO)
    app.extensions["chemtrack-page"] = blueprint.name
    app.config.update(
        SECRET_KEY=settings.cookie_key.get_secret_value(),
        SESSION_COOKIE_NAME="chemtrack",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.cookie_secure,
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        MAX_CONTENT_LENGTH=25 * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=2 * MEGABYTE,
        MAX_FORM_PARTS=10_000,  # a delivery of 200 lines has 2,000 fields
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a stocktake may lie open for hours
    )
    # One hop, the load balancer's: it sets For and Proto. It passes Host on and does not set X-Forwarded-Host, so that
    # header is the client's and not believed.
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=0)  # type: ignore[method-assign]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    sessions.init_app(app, settings.sessions_table)
    _number_and_log_requests(app)
    login.init_app(app)
    # Before CSRFProtect: who was signed out meanwhile is led to sign in, not told of tokens
    app.before_request(_refuse_strangers)
    CSRFProtect(app)
    Talisman(
        app,
        force_https=False,  # the load balancer redirects; its health check speaks HTTP
        strict_transport_security=settings.cookie_secure,
        session_cookie_secure=settings.cookie_secure,
        content_security_policy=CONTENT_SECURITY_POLICY,
        frame_options="DENY",
        referrer_policy="same-origin",
        permissions_policy={"camera": "(self)", "microphone": "()", "geolocation": "()"},
    )
    errors.init_app(app)
    api.init_app(app, settings)
    assets.init_app(app, blueprint.name, settings.assets)
    filters.init_app(app)
    _teach_templates(app)

    @app.get("/health")
    @public
    def health() -> Response:
        return Response("ok\n", mimetype="text/plain")

    app.register_blueprint(blueprint)
    return app


def _refuse_strangers() -> AnyResponse | None:
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


def _number_and_log_requests(app: Flask) -> None:
    """Give each request a short reference, which the API logs too and an error page shows; log one line for each."""

    @app.before_request
    def begin() -> None:
        g.request_id = f"{uuid.uuid4().hex[:4]}-{uuid.uuid4().hex[:4]}"
        g.began = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        if request.endpoint in ("asset", "health"):
            return response
        if (member := g.get("member")) and session.get("last_lab") != member.lab.slug:
            session["last_lab"] = member.lab.slug  # where `/` leads; it decides nothing else
        response.headers.setdefault("Cache-Control", "no-store")  # a shared computer must not show it after sign-out
        response.vary.add("HX-Request")
        # The path without its query, and no header: neither token nor search is in the log.
        app.logger.info(
            "%s %s %s %d %.0f ms",
            g.get("request_id", "-"),
            request.method,
            request.path,
            response.status_code,
            1000 * (time.perf_counter() - g.get("began", time.perf_counter())),
        )
        return response


class _Templates(Environment):
    """Reads `line.name` of what the API said as the entry of a dict that it is; Jinja would look for an attribute first."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


class _Page(Flask):
    jinja_environment = _Templates


def _teach_templates(app: Flask) -> None:
    """Names that templates and macros know beside Flask's own."""
    app.jinja_env.globals.update(
        path=navigation.path,
        container_path=navigation.container_path,
        new_key=lambda: str(uuid.uuid4()),
        today=filters.today,
        kept=lru_cache(maxsize=1024, typed=True),
    )

    @app.context_processor
    def names() -> dict[str, Any]:
        theme = request.cookies.get("theme")
        return {
            "nav": navigation.frame(),
            "member": login.current_member(),
            "user": login.signed_in(),
            "theme": theme if theme in THEMES else None,
        }
