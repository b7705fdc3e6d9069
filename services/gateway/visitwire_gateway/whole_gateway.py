"""A running gateway with all its parts; a page or route asks for it whole only if `Gateway` does not do."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Engine
from visitwire_alerting.service import Alerting, Vault, open_vault
from visitwire_runtime.setting_groups.gateway import GatewaySettings

from visitwire_gateway.auth.access import Access
from visitwire_gateway.auth.oidc_settings import OpenId
from visitwire_gateway.auth.rate_limits import Limiter
from visitwire_gateway.auth.sign_on import SignOn, sign_on
from visitwire_gateway.auth.users import People
from visitwire_gateway.calendars import KEPT as CALENDARS
from visitwire_gateway.calendars import Calendars
from visitwire_gateway.cards import Cards
from visitwire_gateway.dated_visits import Dated
from visitwire_gateway.dependencies import Around, Gateway, environment
from visitwire_gateway.fragments import Fragments
from visitwire_gateway.live import Live
from visitwire_gateway.marks.store import Marks
from visitwire_gateway.model.changes_since import Told
from visitwire_gateway.model.standing import KEPT as STANDING
from visitwire_gateway.model.standing import Stand
from visitwire_gateway.model.state import Cache
from visitwire_gateway.personal.store import Addresses
from visitwire_gateway.problems import Answer

LOGINS = 60
"""Attempts to log in that an address has a minute, right or wrong: each costs a slow hash."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, kw_only=True)
class WholeGateway(Gateway):
    live: Live
    access: Access
    sign_on: SignOn | None
    """None where no OpenID Connect provider is configured."""
    cards: Cards
    lines: Cards
    """The rows of the list."""
    told: Told
    stand: Stand
    dated: Dated
    calendars: Calendars


def assembled(
    settings: GatewaySettings, engine: Engine, around: Around, openid: OpenId | None, answer: Answer
) -> WholeGateway:
    """All parts over one read model."""
    pages, stand = environment(), Stand(engine, Cache(engine, STANDING))
    pages.globals["single_sign_on"] = openid.name if openid else None
    people = People(engine, around.clock)
    return WholeGateway(
        settings=settings,
        engine=engine,
        clock=around.clock,
        people=people,
        pages=pages,
        fragments=Fragments(pages),
        memory=Cache(engine),
        marks=Marks(engine, around.clock, *([around.ledger.heirs] if around.ledger else [])),
        addresses=Addresses(engine, around.clock, partial(_vault, settings, around.ledger)),
        answer=answer,
        outward=around.outward,
        lag=around.lag,
        ledger=around.ledger,
        live=Live(engine),
        access=_access(settings, people),
        sign_on=sign_on(openid, people, engine, around.clock),
        cards=Cards(pages, engine),
        lines=Cards(pages, engine, "drawn.html", "row"),
        told=Told(),
        stand=stand,
        dated=Dated(engine),
        calendars=Calendars(engine, Cache(engine, CALENDARS), stand),
    )


def _access(settings: GatewaySettings, people: People) -> Access:
    opened = settings.gateway_doors == "auto" and settings.gateway_host in LOOPBACK
    return Access(people, opened, Limiter(settings.gateway_rate), Limiter(LOGINS))


def _vault(settings: GatewaySettings, ledger: Alerting | None) -> Vault:
    """What personal addresses are sealed with: alerting's own, where its database is at hand."""
    return ledger.vault if ledger else open_vault(settings.alerting_key, settings.data_dir)


def whole_gateway_of(request: Request) -> WholeGateway:
    gateway: WholeGateway = request.app.state.gateway
    return gateway


async def _given(request: Request) -> WholeGateway:
    """As a coroutine, or each request would wait for a thread that gives it."""
    return whole_gateway_of(request)


AtWholeGateway = Annotated[WholeGateway, Depends(_given)]
