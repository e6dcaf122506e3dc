"""The API: what it is made of, in the order of a lab's day."""

import importlib
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import Depends, FastAPI
from pydantic.warnings import UnsupportedFieldAttributeWarning

from api import problems
from api.access import check_service_token
from api.config import Settings
from api.database import Database
from api.login_directory import LoginDirectory
from api.routes import LateRoute

RESOURCES = [
    "sessions",
    "labs",
    "logins",
    "isolation",
    "chemicals.lists",
    "chemicals.files",
    "chemicals.chemical",
    "locations",
    "stocktakes.stocktakes",
    "stocktakes.lines",
    "stocktakes.counts",
    "containers.container",
    "containers.printing",
    "check_outs",
    "returns",
    "holdings",
    "corrections",
    "summary",
    "receipts",
    "disposals",
    "history",
    "imports.files",
    "imports.readings",
    "imports.rows",
    "imports.loading",
    "moves",
    "substances",
]
"""Modules of this package, each with a `router`."""


def create_app(settings: Settings | None = None) -> FastAPI:
    """The API as an ASGI app. Reads the settings from the environment when none are given."""
    settings = settings or Settings()
    # FastAPI hands pydantic fields that it warns of, and silences it, but not where a model is built later
    warnings.filterwarnings("ignore", category=UnsupportedFieldAttributeWarning)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await app.state.database.open()
        yield
        await app.state.database.close()

    app = FastAPI(
        title="ChemTrack API",
        version="1.0.0",
        description="Chemical inventory of many labs. Called by ChemTrack's pages only; the lab is in the path.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.settings = settings
    app.state.database = Database(settings)
    app.state.logins = LoginDirectory(settings.login_secrets, settings.aws_default_region)
    app.router.route_class = LateRoute
    problems.install(app)

    # A start waits for this route; for a model of its answer FastAPI would import all of pydantic.v1
    @app.get("/health", include_in_schema=False, response_model=None)
    async def health() -> dict[str, str]:
        """The process answers; whether the database does is seen in its own alarms."""
        return {"status": "ok"}

    @app.get("/openapi.json", include_in_schema=False, dependencies=[Depends(check_service_token)])
    async def openapi() -> dict[str, Any]:
        """What the API takes and gives."""
        for route in app.routes:
            if isinstance(route, LateRoute):
                route.build()
        described = app.openapi()
        described["components"]["schemas"].update(problems.schemas())
        return described

    for resource in RESOURCES:
        # Joined, not included: FastAPI would search an included router by itself at each request, and build its routes twice
        app.routes.extend(importlib.import_module(f"api.{resource}").router.routes)
    return app
