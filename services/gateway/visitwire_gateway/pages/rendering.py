"""Renders a page, and the pages that need nothing but words: an error, a login."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Scope

from visitwire_gateway.dependencies import gateway_of
from visitwire_gateway.problems import Problem, as_details, wants_page

NAVIGATION = (
    ("/", "Board"),
    ("/changes", "Changes"),
    ("/calendar", "Calendar"),
    ("/map", "Map"),
    ("/quotes", "Quotes"),
    ("/stories", "Stories"),
    ("/subscriptions", "Subscriptions"),
    ("/deliveries", "Deliveries"),
    ("/system", "System"),
)


LONGEST_BACK = 2000
"""Characters of a way back."""


def page(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    gateway = gateway_of(request)
    who = getattr(request.state, "who", None)
    text = gateway.pages.get_template(template).render(
        who=who, path=request.url.path, navigation=NAVIGATION if who else (), **context
    )
    return HTMLResponse(text, status, headers={"cache-control": "private, no-cache"})


def problem_page(problem: Problem, scope: Scope) -> Response:
    request = Request(scope)
    if problem.status == 401:
        made = page(request, "login.html", 401, wrong=False, back=way_back(scope))
    else:
        title = HTTPStatus(problem.status).phrase
        made = page(request, "problem.html", problem.status, title=title, detail=problem.detail)
    made.headers.update(problem.headers)
    return made


def answer(problem: Problem, scope: Scope) -> Response:
    """As JSON; as a page where a browser asks for a page (the login page where the answer is 401)."""
    return problem_page(problem, scope) if wants_page(scope) else as_details(problem)


def way_back(scope: Scope) -> str:
    """The address asked for, filter and all, to come back to after a login; "/" where it cannot be asked for again."""
    if scope["method"] not in ("GET", "HEAD"):
        return "/"
    # A key in the address is no good, or nobody would be asked to log in.
    query = b"&".join(one for one in scope["query_string"].split(b"&") if one and not one.startswith(b"key="))
    back = quote(scope["path"]) + ("?" + quote(query, safe="%&=+/?:;,@!$'()*~-._") if query else "")
    return back if len(back) <= LONGEST_BACK else "/"
