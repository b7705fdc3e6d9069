"""Makes a problem of every error that leaves the gateway."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, OperationalError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ExceptionHandler
from visitwire_alerting.service import Changed, Missing, Unfit, Unknown, sentences
from visitwire_runtime.stage import Unavailable

from visitwire_gateway.model.paging import BadCursor
from visitwire_gateway.problems import Answer, Problem

STATUSES: dict[type[Exception], int] = {BadCursor: 422, Changed: 412, Missing: 404, Unfit: 422, Unknown: 404}
"""Errors whose own words are the answer."""
FIXED: dict[type[Exception], Problem] = {
    OperationalError: Problem(503, "The database cannot be had just now.", {"retry-after": "5"}),
    DataError: Problem(
        422, "The request contains a value that cannot be stored: a NUL character, or a number that is too large."
    ),
    Exception: Problem(500, "Something in Visitwire broke; the log says what."),
}
"""Errors whose own words are not for those who asked."""


def install(app: FastAPI, answer: Answer) -> None:
    """Every error leaves as a problem, as `answer` renders it."""

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        return answer(Problem(error.status_code, str(error.detail), error.headers or {}), request.scope)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        told = sentences([{**one, "loc": one["loc"][1:]} for one in error.errors()])  # without "query" or "body"
        return answer(Problem(422, "; ".join(told)), request.scope)

    @app.exception_handler(Unavailable)
    async def away(request: Request, error: Unavailable) -> Response:
        return answer(Problem(503, str(error), {"retry-after": "5"}), request.scope)

    for kind, status in STATUSES.items():
        app.add_exception_handler(kind, _in_its_words(status, answer))
    for kind, problem in FIXED.items():
        app.add_exception_handler(kind, _always(problem, answer))


def _in_its_words(status: int, answer: Answer) -> ExceptionHandler:
    async def handle(request: Request, error: Exception) -> Response:
        return answer(Problem(status, str(error)), request.scope)

    return handle


def _always(problem: Problem, answer: Answer) -> ExceptionHandler:
    async def handle(request: Request, _error: Exception) -> Response:
        return answer(problem, request.scope)

    return handle
