"""/api: the lab's resources for programs, with an access token and without cookies; /api/docs describes them to people."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from flask import Flask, Response, jsonify, redirect, render_template, request
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.middleware.proxy_fix import ProxyFix

import release
from pages.common import assets, headers, request_log
from pages.common.api import Client
from pages.common.bodies import BoundedBodies
from pages.common.config import PageSettings, read_settings
from pages.programs import describing, origins, problems
from pages.programs.passing import Door, pass_on
from pages.programs.published import PUBLISHED

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response as AnyResponse

LARGEST_BODY = 1024 * 1024
V1 = "/api/v1/labs/<lab>"
PLACE = re.compile(r"\{(\w+)\}")
TEXTS = ("code", "cas_number")
"""What is no id in a path. An id is a number, so that /deliveries/new, which is not published, is no delivery."""
TOO_LARGE = problems.body_of(413, "Content Too Large", problems.SENTENCES[413])


def create_app(settings: PageSettings | None = None) -> Flask:
    """The page, for gunicorn and for tests. It has no session and no forms, so it is not made by create_page."""
    settings = settings or read_settings()
    app = Flask(__name__, static_folder=None)
    app.logger.setLevel(logging.INFO)
    app.config.update(SECRET_KEY=settings.cookie_key.get_secret_value(), MAX_CONTENT_LENGTH=LARGEST_BODY)
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=0)  # type: ignore[method-assign]  # as create_page
    app.wsgi_app = BoundedBodies(app.wsgi_app, LARGEST_BODY, too_large=(problems.TYPE, TOO_LARGE))  # type: ignore[method-assign]
    app.url_map.merge_slashes = False
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    client, door = Client(settings), Door()
    app.extensions["chemtrack-door"] = door
    request_log.init_app(app, lambda: {"lab": (request.view_args or {}).get("lab", "")})
    headers.init_app(app, https=settings.cookie_secure)
    problems.init_app(app)
    origins.init_app(app, settings.origins)
    assets.init_app(app, "programs", settings.assets)
    for operation in PUBLISHED:
        method, path = operation.split(" ")
        rule = V1 + PLACE.sub(lambda place: f"<{place[1]}>" if place[1] in TEXTS else f"<int:{place[1]}>", path)
        view = _view_of("/labs/{lab}" + path, client, door)
        # Without automatic options: another site's page that asks whether it may call gets no word that it may.
        app.add_url_rule(rule, operation, view, methods=[method], provide_automatic_options=False)

    @app.get("/health")
    def health() -> dict[str, str]:
        return release.health()

    @app.get("/api/v1/openapi.json", provide_automatic_options=False)
    def openapi() -> Response:
        return jsonify(describing.published(client))

    @app.get("/api/docs", provide_automatic_options=False)
    def docs() -> str:
        return render_template("programs/docs.html", groups=describing.groups(describing.published(client)))

    @app.get("/api", endpoint="api", provide_automatic_options=False)
    @app.get("/api/", endpoint="api/", provide_automatic_options=False)
    @app.get("/programs", endpoint="programs", provide_automatic_options=False)
    def lead() -> AnyResponse:
        return redirect("/api/docs")

    @app.after_request
    def keep_nothing(response: Response) -> Response:
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return app


def _view_of(path: str, client: Client, door: Door) -> Callable[..., Response]:
    def view(**values: str | int) -> Response:
        if request.method == "HEAD":  # Flask adds it to each GET; the API has none
            raise MethodNotAllowed(valid_methods=["GET"])
        return pass_on(client, door, path.format(**values))

    return view
