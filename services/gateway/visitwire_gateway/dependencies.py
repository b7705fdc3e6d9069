"""What the pages and routes of the gateway share: its parts, who is asking, and whether they may."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from importlib.resources import files
from typing import Annotated, Any, Protocol

from fastapi import Depends, HTTPException, Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy import Engine
from visitwire_alerting.service import Alerting, Tenant, took_back
from visitwire_language.gazetteer.display import country_name
from visitwire_runtime.setting_groups.gateway import GatewaySettings
from visitwire_schemas import Record

from visitwire_gateway import wording
from visitwire_gateway.auth.users import People
from visitwire_gateway.auth.who import Role, Who
from visitwire_gateway.capitals import flags, places
from visitwire_gateway.fragments import Fragments
from visitwire_gateway.marks.store import Marks
from visitwire_gateway.model.state import Cache
from visitwire_gateway.personal.store import Addresses
from visitwire_gateway.problems import Answer


class Outward(Protocol):
    """What the gateway may put on a topic: a dead letter's record, once more."""

    def put(self, topic: str, record: Record) -> None:
        """Raises `Unavailable` when nobody takes it."""
        ...


type Lag = Callable[[], dict[str, int]]
"""Records that each stage has still to read; raises `Unavailable`."""


@dataclass(frozen=True)
class Around:
    """What stands around the gateway and a test leaves away."""

    outward: Outward | None = None
    lag: Lag | None = None
    ledger: Alerting | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """What all pages and routes of a running gateway may use; `WholeGateway` adds what some of them show and change."""

    settings: GatewaySettings
    engine: Engine
    clock: Callable[[], datetime]
    people: People
    pages: Environment
    fragments: Fragments
    memory: Cache
    marks: Marks
    addresses: Addresses
    answer: Answer
    """Renders a problem for who asked."""
    outward: Outward | None = None
    """None where there is nowhere to send a dead letter again."""
    lag: Lag | None = None
    """None in one process, where nothing waits on a broker."""
    ledger: Alerting | None = None
    """None where alerting's database is out of reach."""

    def url(self, request: Request, path: str) -> str:
        """The full address of a path, as others reach it."""
        base = self.settings.gateway_url or str(request.base_url)
        return base.rstrip("/") + path


def environment() -> Environment:
    """The templates, with the words they use."""
    made = Environment(
        loader=PackageLoader("visitwire_gateway"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # a look at the file for each template of each page
    )
    made.globals.update(
        country_name=country_name,
        places=places(),
        flags=flags(),
        static=static,
        lane_words=wording.LANE_WORDS,
        status_words=wording.STATUS_WORDS,
        change_words=wording.CHANGE_WORDS,
        last_change=wording.last_change,
        dates_of=wording.window_words,
    )
    made.filters.update(
        dates=wording.dates_words,
        time=wording.time_words,
        party=wording.party_words,
        took_back=took_back,
        said_words=wording.said_words,
        change_words=wording.CHANGE_WORDS.__getitem__,
        title_of=wording.title_words,
        summary=lambda visit: wording.summary(visit, country_name(visit.destination.country)),
    )
    return made


@cache
def static(name: str) -> str:
    """The address of a file under static/, which changes when the file does, so that browsers may keep it."""
    content = files("visitwire_gateway").joinpath("static").joinpath(name).read_bytes()
    return f"/static/{name}?{hashlib.sha256(content).hexdigest()[:10]}"


def gateway_of(request: Request) -> Gateway:
    gateway: Gateway = request.app.state.gateway
    return gateway


def who_of(request: Request) -> Who:
    who: Who = request.state.who
    return who


AtGateway = Annotated[Gateway, Depends(gateway_of)]
Asking = Annotated[Who, Depends(who_of)]


def needs(role: Role) -> Any:
    """A dependency that lets on only those who may do what `role` may."""

    def check(who: Asking) -> Who:
        if not who.role.may(role):
            raise HTTPException(403, f"This needs the role {role}; yours is {who.role}.")
        return who

    return Depends(check)


def ledger_of(gateway: AtGateway) -> Alerting:
    if gateway.ledger is None:
        raise HTTPException(503, "This gateway was started without alerting's database; subscriptions are not here.")
    return gateway.ledger


AtLedger = Annotated[Alerting, Depends(ledger_of)]
Editor = Annotated[Who, needs(Role.EDITOR)]
Admin = Annotated[Who, needs(Role.ADMIN)]


def tenant(gateway: Gateway, ledger: Alerting, who: Who) -> Tenant:
    """What `who` may see and change of alerting; each change is a line of the audit log."""
    return ledger.as_tenant(who, gateway.clock(), partial(gateway.people.record, who))


def tenant_of(gateway: AtGateway, ledger: AtLedger, who: Asking) -> Tenant:
    return tenant(gateway, ledger, who)


def editing_of(gateway: AtGateway, ledger: AtLedger, who: Editor) -> Tenant:
    return tenant(gateway, ledger, who)


AtTenant = Annotated[Tenant, Depends(tenant_of)]
"""To read: any role may."""
AtEditing = Annotated[Tenant, Depends(editing_of)]
"""To change: editors may."""


async def csrf_checked(request: Request) -> None:
    """What a session's cookie came with must also carry the word that only our own pages know."""
    needed = getattr(request.state, "csrf_needed", None)
    if needed is None:
        return
    given = request.headers.get("x-csrf")
    if given is None and request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        given = str((await request.form()).get("csrf"))
    if given != needed:
        raise HTTPException(403, "The form is out of date; open the page again and send it once more.")
