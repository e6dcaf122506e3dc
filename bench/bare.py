"""What a service is started beside: the same framework on the same server with one route, and nothing else.

Neither has a database, settings, sessions, templates or headers of its own: all that ours has, it pays for itself.
Each imports its own framework alone.
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
