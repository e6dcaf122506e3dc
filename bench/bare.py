"""Two bare apps to compare starts and memory with: the framework of the API and of the pages, with one route and nothing else.

Neither has a database, settings, sessions, templates or headers, so the difference is the price of what ChemTrack adds. Each function
imports only its own framework.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI
    from flask import Flask


def create_api() -> "FastAPI":
    """FastAPI with /health, for uvicorn."""
    from fastapi import FastAPI

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    return app


def create_page() -> "Flask":
    """Flask with /health, for gunicorn."""
    from flask import Flask

    app = Flask(__name__)

    @app.get("/health")
    def health() -> str:
        return "ok\n"

    return app
