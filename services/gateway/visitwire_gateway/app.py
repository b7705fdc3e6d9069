"""The gateway as an ASGI application: what it needs comes in as arguments."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files

from fastapi import APIRouter, Depends, FastAPI
from sqlalchemy import Engine
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse
from starlette.staticfiles import StaticFiles
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from visitwire_runtime.setting_groups.gateway import GatewaySettings

from visitwire_gateway import error_handlers
from visitwire_gateway.api import (
    access,
    contract,
    deliveries,
    feeds,
    hands,
    marks,
    stories,
    stream,
    subscriptions,
    system,
    visits,
)
from visitwire_gateway.api.parameters import known_parameters
from visitwire_gateway.auth.guard import Guard
from visitwire_gateway.auth.oidc_settings import configured
from visitwire_gateway.auth.trusted_proxies import trusted
from visitwire_gateway.dependencies import Around, csrf_checked
from visitwire_gateway.etag import Etag
from visitwire_gateway.head import Head
from visitwire_gateway.pages import access as access_pages
from visitwire_gateway.pages import alert_links, board, calendar, changes, corrections, map, oidc_login, silences, visit
from visitwire_gateway.pages import deliveries as delivery_pages
from visitwire_gateway.pages import marks as mark_pages
from visitwire_gateway.pages import stories as story_pages
from visitwire_gateway.pages import subscriptions as subscription_pages
from visitwire_gateway.pages import system as system_pages
from visitwire_gateway.pages.rendering import answer
from visitwire_gateway.personal import api as addresses
from visitwire_gateway.personal import feeds as personal_feeds
from visitwire_gateway.personal import page as personal_pages
from visitwire_gateway.request_metrics import Requests, request_seconds
from visitwire_gateway.whole_gateway import assembled

ABOUT = """\
Errors are RFC 9457 problem details. Lists come in pages, the newest first: send `next` as `cursor` until it is null.
Answers carry an ETag; send it back as If-None-Match. A program sends `Authorization: Bearer vw_…`."""


def routers() -> list[APIRouter]:
    """Of the pages, then of the API, version 1."""
    looks = board, changes, calendar, map, visit, corrections, mark_pages, story_pages, personal_pages
    orders = subscription_pages, silences, delivery_pages
    office = system_pages, access_pages, alert_links, oidc_login
    calls = visits, hands, marks, stories, subscriptions, deliveries, system, access, contract, stream, feeds
    return [one.router for one in (*looks, *orders, *office, *calls, addresses, personal_feeds)]


def create_app(settings: GatewaySettings, engine: Engine, around: Around | None = None) -> FastAPI:
    """The application over a read model. `app.state.gateway.live.hear` is what its feed calls with every event, and
    `app.state.request_seconds` a collector for Prometheus.

    Raises `Misconfigured` where the settings for OpenID Connect or proxies do not fit together.
    """
    openid, proxies = configured(settings), trusted(settings)
    gateway = assembled(settings, engine, around or Around(), openid, answer)

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        gateway.live.start()
        yield
        gateway.live.close()

    app = FastAPI(
        title="Visitwire",
        version="1.0.0",
        summary="Official visits that the wires announce, followed from story to story.",
        description=ABOUT,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=life,
        dependencies=[Depends(csrf_checked), Depends(known_parameters)],
    )
    app.state.gateway = gateway
    error_handlers.install(app, answer)
    for router in routers():
        app.include_router(router)
    app.include_router(_health())
    app.mount("/static", StaticFiles(directory=str(files("visitwire_gateway").joinpath("static"))))
    app.add_middleware(Etag)
    app.add_middleware(GZipMiddleware, minimum_size=1500, compresslevel=4)
    app.add_middleware(Head)
    app.add_middleware(Guard, access=gateway.access, answer=answer)
    app.state.request_seconds = request_seconds()
    app.add_middleware(Requests, seconds=app.state.request_seconds)
    if proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=proxies)
    return app


def _health() -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/livez")
    def livez() -> PlainTextResponse:
        return PlainTextResponse("ok\n")

    return router
