"""What went wrong, as data; and as RFC 9457 problem details for programs, or as a page for people."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from visitwire_gateway.api_model import Shape


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


type Answer = Callable[[Problem, Scope], Response]
"""Renders a problem for who asked."""


def as_details(problem: Problem) -> Response:
    """As JSON."""
    body = ProblemDetails(title=HTTPStatus(problem.status).phrase, status=problem.status, detail=problem.detail)
    more = {"www-authenticate": 'Bearer realm="visitwire"'} if problem.status == 401 else {}
    return JSONResponse(
        body.model_dump(),
        problem.status,
        headers={**problem.headers, **more, "cache-control": "no-store"},
        media_type="application/problem+json",
    )


def wants_page(scope: Scope) -> bool:
    """Whether a browser asks for a page."""
    return "text/html" in Headers(scope=scope).get("accept", "") and not scope["path"].startswith("/api/")
