"""Errors as RFC 9457 problem details for programs, and as a page for people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, OperationalError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import Scope
from visitwire_alerting.service import Changed, Missing, Unfit, Unknown, sentences
from visitwire_runtime.stage import Unavailable

from visitwire_gateway.api_model import Shape
from visitwire_gateway.model.paging import BadCursor


class ProblemDetails(Shape):
    """RFC 9457: what went wrong, in plain words."""

    type: str = "about:blank"
    """Always "about:blank": the status says what kind it is."""
    title: str
    """The status in words."""
    status: int
    """The HTTP status."""
    detail: str
    """What is wrong, where, and what to do."""


@dataclass(frozen=True)
class Problem:
    status: int
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self, scope: Scope) -> Response:
        """As JSON; as a page where a browser asks for a page (the login page where the answer is 401)."""
        if _wants_page(scope):
            from visitwire_gateway.pages.rendering import problem_page

            return problem_page(self, scope)
        body = ProblemDetails(title=HTTPStatus(self.status).phrase, status=self.status, detail=self.detail)
        more = {"www-authenticate": 'Bearer realm="visitwire"'} if self.status == 401 else {}
        return JSONResponse(
            body.model_dump(),
            self.status,
            headers={**self.headers, **more, "cache-control": "no-store"},
            media_type="application/problem+json",
        )


def _wants_page(scope: Scope) -> bool:
    return "text/html" in Headers(scope=scope).get("accept", "") and not scope["path"].startswith("/api/")


def install(app: FastAPI) -> None:
    """Every error leaves as a problem."""

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        return Problem(error.status_code, str(error.detail), error.headers or {}).response(request.scope)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        told = sentences([{**one, "loc": one["loc"][1:]} for one in error.errors()])  # without "query" or "body"
        return Problem(422, "; ".join(told)).response(request.scope)

    @app.exception_handler(BadCursor)
    async def cursor(request: Request, error: BadCursor) -> Response:
        return Problem(422, str(error)).response(request.scope)

    @app.exception_handler(Unavailable)
    async def away(request: Request, error: Unavailable) -> Response:
        return Problem(503, str(error), {"retry-after": "5"}).response(request.scope)

    @app.exception_handler(OperationalError)
    async def database(request: Request, error: OperationalError) -> Response:
        return Problem(503, "The database cannot be had just now.", {"retry-after": "5"}).response(request.scope)

    @app.exception_handler(DataError)
    async def unkeepable(request: Request, error: DataError) -> Response:
        return Problem(422, "No database keeps that: a zero byte in a text, or a number too large.").response(
            request.scope
        )

    @app.exception_handler(Missing)
    async def missing(request: Request, error: Missing) -> Response:
        return Problem(404, str(error)).response(request.scope)

    @app.exception_handler(Unknown)
    async def unknown(request: Request, error: Unknown) -> Response:
        return Problem(404, str(error)).response(request.scope)

    @app.exception_handler(Changed)
    async def changed(request: Request, error: Changed) -> Response:
        return Problem(412, str(error)).response(request.scope)

    @app.exception_handler(Unfit)
    async def unfit(request: Request, error: Unfit) -> Response:
        return Problem(422, str(error)).response(request.scope)

    @app.exception_handler(Exception)
    async def bug(request: Request, error: Exception) -> Response:
        return Problem(500, "Something in Visitwire broke; the log says what.").response(request.scope)
