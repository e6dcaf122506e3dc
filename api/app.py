"""The API: an app with the routes of every resource, listed in the order of a lab's day."""

import gc
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import Depends, FastAPI, Response
from pydantic.warnings import UnsupportedFieldAttributeWarning

import release
from api import whole_lab
from api.administration import (
    classifications,
    events,
    isolation,
    labs,
    logins,
    second_factor,
    service_accounts,
    sessions,
    signing_in,
    single_sign_on,
    tokens,
)
from api.administration.identity_provider import IdentityProvider
from api.core import errors, problems, refusals
from api.core.config import Settings
from api.core.database import Database
from api.core.login_directory import LoginDirectory
from api.core.requests_log import LoggedRequests
from api.core.visit import check_service_token
from api.resources import (
    check_out_rules,
    check_outs,
    corrections,
    holdings,
    location_labels,
    locations,
    membership,
    moves,
    product_codes,
    returns,
    substances,
    summary,
    undo,
)
from api.resources.chemicals import adopting as chemical_adopting
from api.resources.chemicals import enriching as chemical_enriching
from api.resources.chemicals import files as chemical_files
from api.resources.chemicals import lists as chemical_lists
from api.resources.chemicals import meanings as chemical_meanings
from api.resources.chemicals import merging as chemical_merging
from api.resources.chemicals import routes as chemicals
from api.resources.chemicals import searches as chemical_searches
from api.resources.chemicals import structures as chemical_structures
from api.resources.containers import meanings as container_meanings
from api.resources.containers import peroxides, printing
from api.resources.containers import routes as containers
from api.resources.deliveries import meanings as delivery_meanings
from api.resources.deliveries import routes as deliveries
from api.resources.disposals import meanings as disposal_meanings
from api.resources.disposals import routes as disposals
from api.resources.history import routes as history
from api.resources.imports import loading, readings, rows, template
from api.resources.imports import meanings as import_meanings
from api.resources.imports import routes as imports
from api.resources.stocktakes import counts, lines
from api.resources.stocktakes import meanings as stocktake_meanings
from api.resources.stocktakes import routes as stocktakes

ROUTERS = [
    signing_in.router,
    sessions.router,
    second_factor.router,
    single_sign_on.router,
    tokens.router,
    service_accounts.router,
    labs.router,
    logins.router,
    isolation.router,
    events.router,
    classifications.router,
    chemical_lists.router,
    chemical_searches.router,
    chemical_files.router,
    chemicals.router,
    chemical_structures.router,
    chemical_enriching.router,
    chemical_adopting.router,
    chemical_merging.router,
    locations.router,
    location_labels.router,
    stocktakes.router,
    lines.router,
    counts.router,
    containers.router,
    peroxides.router,
    printing.router,
    check_outs.router,
    check_out_rules.router,
    returns.router,
    holdings.router,
    corrections.router,
    summary.router,
    membership.router,
    deliveries.router,
    disposals.router,
    history.router,
    whole_lab.router,
    template.router,
    imports.router,
    readings.router,
    rows.router,
    loading.router,
    moves.router,
    product_codes.router,
    undo.router,
    substances.router,
]

# The sentences for rules that the database enforces: each resource owns those of its own constraints.
MEANINGS = [
    signing_in.MEANINGS,
    second_factor.MEANINGS,
    single_sign_on.MEANINGS,
    tokens.MEANINGS,
    service_accounts.MEANINGS,
    labs.MEANINGS,
    logins.MEANINGS,
    classifications.MEANINGS,
    chemical_meanings.MEANINGS,
    container_meanings.MEANINGS,
    peroxides.MEANINGS,
    check_out_rules.MEANINGS,
    delivery_meanings.MEANINGS,
    disposal_meanings.MEANINGS,
    import_meanings.MEANINGS,
    stocktake_meanings.MEANINGS,
    locations.MEANINGS,
    returns.MEANINGS,
    holdings.MEANINGS,
    corrections.MEANINGS,
    undo.MEANINGS,
]
refusals.gather(*MEANINGS)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The API as an ASGI app. Reads the settings from the environment when none are given."""
    settings = settings or Settings()
    # FastAPI hands pydantic a body parameter's alias, which pydantic warns of as unused; the alias is FastAPI's own.
    warnings.filterwarnings("ignore", category=UnsupportedFieldAttributeWarning)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await app.state.database.open()
        gc.freeze()  # what was loaded so far stays, so the collector need not look at it
        gc.enable()
        yield
        await app.state.database.close()

    app = FastAPI(
        title="ChemTrack API",
        version=release.VERSION,
        description="Chemical inventory of many labs. Called by ChemTrack's pages only; the lab is in the path.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.settings = settings
    app.state.database = Database(settings)
    app.state.logins = LoginDirectory(settings.login_secrets, settings.aws_default_region)
    app.state.identity_provider = (
        IdentityProvider(settings, app.state.logins) if settings.single_sign_on_issuer else None
    )
    errors.install(app)
    app.add_middleware(LoggedRequests)

    # No response model here: this route is built at every start, and for a response model FastAPI would import all of pydantic.v1.
    @app.get("/health", include_in_schema=False, response_model=None)
    async def health(response: Response) -> dict[str, str]:
        """200 even while the database is away, which has alarms of its own; 503 when this API does not know the database's schema.
        So a deployment for which nobody applied the schema never becomes healthy, and ECS goes back to the API that ran before.
        """
        if misfit := app.state.database.misfit:
            response.status_code = 503
            return release.health() | {"status": misfit}
        return release.health()

    @app.get("/openapi.json", include_in_schema=False, dependencies=[Depends(check_service_token)])
    async def openapi() -> dict[str, Any]:
        """The OpenAPI document."""
        described = app.openapi()
        described["components"]["schemas"].update(problems.schemas())
        return described

    for router in ROUTERS:
        app.include_router(router)
    return app
