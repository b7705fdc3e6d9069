"""The gateway as an ASGI application: what it needs comes in as arguments."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.resources import files

from fastapi import APIRouter, Depends, FastAPI
from sqlalchemy import Engine
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse
from starlette.staticfiles import StaticFiles
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from visitwire_alerting.service import Alerting, Vault, open_vault
from visitwire_runtime.setting_groups.gateway import GatewaySettings

from visitwire_gateway import error_handlers
from visitwire_gateway.api import routes
from visitwire_gateway.api.parameters import known_parameters
from visitwire_gateway.auth.access import Access
from visitwire_gateway.auth.guard import Guard
from visitwire_gateway.auth.oidc_settings import configured
from visitwire_gateway.auth.rate_limits import Limiter
from visitwire_gateway.auth.sign_on import sign_on
from visitwire_gateway.auth.trusted_proxies import trusted
from visitwire_gateway.auth.users import People
from visitwire_gateway.cache import Cache
from visitwire_gateway.calendars import KEPT as CALENDARS
from visitwire_gateway.calendars import Calendars
from visitwire_gateway.cards import Cards
from visitwire_gateway.dated_visits import Dated
from visitwire_gateway.dependencies import Gateway, Lag, Outward, csrf_checked, environment
from visitwire_gateway.etag import Etag
from visitwire_gateway.fragments import Fragments
from visitwire_gateway.head import Head
from visitwire_gateway.live import Live
from visitwire_gateway.marks.store import Marks
from visitwire_gateway.model.changes_since import Told
from visitwire_gateway.model.standing import KEPT as STANDING
from visitwire_gateway.model.standing import Stand
from visitwire_gateway.pages.rendering import answer
from visitwire_gateway.pages.routes import routers
from visitwire_gateway.personal.store import Addresses
from visitwire_gateway.request_metrics import Requests, request_seconds

LOGINS = 60
"""Attempts to log in that an address has a minute, right or wrong: each costs a slow hash."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Around:
    """What stands around the gateway and a test leaves away."""

    outward: Outward | None = None
    lag: Lag | None = None
    ledger: Alerting | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


def create_app(settings: GatewaySettings, engine: Engine, around: Around | None = None) -> FastAPI:
    """The application over a read model. `app.state.gateway.live.hear` is what its feed calls with every event, and
    `app.state.request_seconds` a collector for Prometheus.

    Raises `Misconfigured` where the settings for OpenID Connect or proxies do not fit together.
    """
    around = around or Around()
    openid, proxies = configured(settings), trusted(settings)
    pages = environment()
    pages.globals["single_sign_on"] = openid.name if openid else None
    people = People(engine, around.clock)
    opened = settings.gateway_doors == "auto" and settings.gateway_host in LOOPBACK
    signing = sign_on(openid, people, engine, around.clock)
    access = Access(people, opened, Limiter(settings.gateway_rate), Limiter(LOGINS), signing)
    stand = Stand(engine, Cache(engine, STANDING))
    gateway = Gateway(
        settings,
        engine,
        Live(engine),
        access,
        around.clock,
        pages,
        Cards(pages, engine),
        Cards(pages, engine, "drawn.html", "row"),
        Fragments(pages),
        Told(),
        stand,
        Dated(engine),
        Cache(engine),
        Marks(engine, around.clock, *([around.ledger.heirs] if around.ledger else [])),
        Calendars(engine, Cache(engine, CALENDARS), stand),
        Addresses(engine, around.clock, partial(_vault, settings, around.ledger)),
        answer,
        around.outward,
        around.lag,
        around.ledger,
    )

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        gateway.live.start()
        yield
        gateway.live.close()

    app = FastAPI(
        title="Visitwire",
        version="1.0.0",
        summary="Official visits that the wires announce, followed from story to story.",
        description=routes.ABOUT,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=life,
        dependencies=[Depends(csrf_checked), Depends(known_parameters)],
    )
    app.state.gateway = gateway
    error_handlers.install(app, answer)
    for router in (*routers(), *routes.routers()):
        app.include_router(router)
    app.include_router(_health())
    app.mount("/static", StaticFiles(directory=str(files("visitwire_gateway").joinpath("static"))))
    app.add_middleware(Etag)
    app.add_middleware(GZipMiddleware, minimum_size=1500, compresslevel=4)
    app.add_middleware(Head)
    app.add_middleware(Guard, access=access, answer=answer)
    app.state.request_seconds = request_seconds()
    app.add_middleware(Requests, seconds=app.state.request_seconds)
    if proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=proxies)
    return app


def _vault(settings: GatewaySettings, ledger: Alerting | None) -> Vault:
    """What personal addresses are sealed with: alerting's own, where its database is at hand."""
    return ledger.vault if ledger else open_vault(settings.alerting_key, settings.data_dir)


def _health() -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/livez")
    def livez() -> PlainTextResponse:
        return PlainTextResponse("ok\n")

    return router
