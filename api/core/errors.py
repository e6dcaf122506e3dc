"""Turns every error of the app into a problem (RFC 9457)."""

import logging

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.core import preconditions, refusals, validation
from api.core.problems import NOT_FOUND, Problem, failed

log = logging.getLogger("chemtrack.api")


def of_error(error: Exception) -> Problem:
    """Any error as a problem, for a stream whose answer has begun already."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, psycopg.Error):
        return refusals.problem_of(error)
    log.error("unexpected fault", exc_info=error)
    return failed()


def install(app: FastAPI) -> None:
    """Sets the handlers of all kinds of error."""

    @app.exception_handler(Problem)
    async def problem(_: Request, error: Problem) -> JSONResponse:
        return error.response()

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        return validation.problem_of(error).response()

    @app.exception_handler(UnicodeEncodeError)
    async def half_a_letter(_: Request, __: UnicodeEncodeError) -> JSONResponse:
        """Refuses a lone surrogate such as "\\ud800": JSON allows it, but it is not text, so it can be neither stored nor sent back."""
        return Problem(422, "This text holds a broken character. Type it again.").response()

    @app.exception_handler(psycopg.Error)
    async def refused(request: Request, error: psycopg.Error) -> JSONResponse:
        problem = refusals.problem_of(error)
        if error.diag.constraint_name == preconditions.CHANGED and "If-Match" in request.headers:
            problem.status = 412
        return problem.response()

    @app.exception_handler(HTTPException)
    async def not_routed(_: Request, error: HTTPException) -> JSONResponse:
        detail = NOT_FOUND if error.status_code == 404 else str(error.detail)
        return Problem(error.status_code, detail, headers=dict(error.headers or {})).response()

    @app.exception_handler(Exception)
    async def unexpected(_: Request, error: Exception) -> JSONResponse:
        log.error("unexpected fault", exc_info=error)
        return failed().response()
