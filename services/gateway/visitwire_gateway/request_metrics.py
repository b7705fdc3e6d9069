"""Counts and times the gateway's requests for Prometheus: an ASGI layer around all others, and a collector."""

from collections.abc import Callable
from time import perf_counter

from prometheus_client import Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECONDS = (0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
NONE = "none"
"""The route of who was turned away at the door or asked for what is not there, and the status of who left before any
came."""
FILES = "/static/{path}"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def request_seconds() -> Histogram:
    """On no registry yet. Of a live stream it is the time until it began, as of every answer."""
    return Histogram(
        "visitwire_http_request_seconds",
        "Seconds until an answer of the gateway began",
        ["method", "route", "status"],
        buckets=SECONDS,
        registry=None,
    )


def open_streams(count: Callable[[], float]) -> Gauge:
    """On no registry yet."""
    made = Gauge("visitwire_open_streams", "Readers of the live stream", registry=None)
    made.set_function(count)
    return made


class Requests:
    def __init__(self, app: ASGIApp, seconds: Histogram) -> None:
        self._app, self._seconds = app, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, told = perf_counter(), False

        def answered(status: str) -> None:
            nonlocal told
            told = True
            method = scope["method"] if scope["method"] in METHODS else "other"
            self._seconds.labels(method, route_of(scope), status).observe(perf_counter() - begun)

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start" and not told:
                answered(str(message["status"]))
            await send(message)

        try:
            await self._app(scope, receive, counted)
        finally:
            if not told:
                answered(NONE)


def route_of(scope: Scope) -> str:
    """The template of the route that took the request, as `/visits/{ref}`: never what somebody asked for, of which
    there is no end."""
    found = getattr(scope.get("route"), "path", None)
    return found or (FILES if scope["path"].startswith("/static/") else NONE)
