"""Deliveries: what was sent to whom, each attempt at it, and sending it again."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict
from starlette.responses import HTMLResponse, RedirectResponse, Response
from visitwire_alerting.service import REPLAYABLE, ReplayRequest, id_of

from visitwire_gateway.api.deliveries import Number, before, shown
from visitwire_gateway.api.delivery_shapes import DeliverySeen, Standing
from visitwire_gateway.dependencies import AtEditing, AtGateway, AtLedger, AtTenant
from visitwire_gateway.model.filters import Day, Text, given
from visitwire_gateway.model.paging import encode
from visitwire_gateway.pages.rendering import page

router = APIRouter(include_in_schema=False)

PAGE = 50
STATES = {
    "pending": "Waiting",
    "delivered": "Delivered",
    "failed": "Failed",
    "dropped": "Dropped",
    "silenced": "Silenced",
}


type State = Annotated[Standing | None, BeforeValidator(given)]


class Wanted(BaseModel):
    """Which deliveries: of a subscription, in a state, made from a day on until a day."""

    model_config = ConfigDict(frozen=True)

    subscription: Text = None
    state: State = None
    since: Day = None
    until: Day = None

    @property
    def first(self) -> datetime | None:
        return _midnight(self.since) if self.since else None

    @property
    def after(self) -> datetime | None:
        return _midnight(self.until) + timedelta(days=1) if self.until else None

    @property
    def address(self) -> str:
        """As the part of an address after the question mark."""
        return urlencode(self.given)

    @property
    def given(self) -> dict[str, str]:
        return {name: str(value) for name, value in self if value is not None}

    @property
    def kept(self) -> dict[str, str]:
        """As the API's file of all of them takes it."""
        times = {"since": self.first, "until": self.after}
        given = {"subscription": self.subscription, "state": self.state}
        given |= {name: at.isoformat() if at else None for name, at in times.items()}
        return {name: value for name, value in given.items() if value} | {"format": "csv"}

    def again(self) -> ReplayRequest | None:
        """Those of them that can be sent again; None where none of that state can."""
        state = self.state
        if state is not None and state not in REPLAYABLE:
            return None
        return ReplayRequest(None, self.subscription, state, self.first, self.after)


LAST = date(9998, 12, 31)


def _midnight(day: date) -> datetime:
    """Its beginning in UTC; of the calendar's last day none, after which no day comes."""
    return datetime.combine(min(day, LAST), time(), UTC)


@router.get("/deliveries")
def deliveries(
    request: Request,
    gateway: AtGateway,
    ledger: AtLedger,
    mine: AtTenant,
    wanted: Annotated[Wanted, Query()],
    cursor: str | None = None,
    sent: int | None = None,
) -> HTMLResponse:
    rows = mine.deliveries(
        subscription=wanted.subscription,
        state=wanted.state,
        since=wanted.first,
        until=wanted.after,
        before=before(cursor),
        limit=PAGE + 1,
    )
    told = mine.alerts_of([row.number for row in rows[:PAGE]])
    again = wanted.again()
    return page(
        request,
        "deliveries.html",
        deliveries=[_line(row, told.get(row.number, [])) for row in rows[:PAGE]],
        next=encode("", str(rows[PAGE - 1].number)) if len(rows) > PAGE else None,
        wanted=wanted,
        states=STATES,
        subscriptions=[(one.subscription.id, one.subscription.name) for one in mine.subscriptions()],
        again=mine.replayable(again) if again is not None else 0,
        sent=sent,
        delivers=ledger.delivers(gateway.clock()),
    )


def _line(row: Any, told: list[Any]) -> dict[str, Any]:
    seen = DeliverySeen(**shown(row))
    return {"seen": seen, "alerts": told, "replayable": seen.state in REPLAYABLE and not seen.replay}


@router.get("/deliveries/{number}")
def one(request: Request, gateway: AtGateway, ledger: AtLedger, mine: AtTenant, number: Number) -> HTMLResponse:
    delivery = mine.delivery(number)
    names = {kept.subscription.id: kept.subscription.name for kept in mine.subscriptions()}
    subscription = id_of(delivery.row.subscription)
    return page(
        request,
        "delivery.html",
        subscription_name=names.get(subscription, subscription),
        **_line(delivery.row, list(delivery.alerts)),
        attempts=delivery.attempts,
        states=STATES,
        delivers=ledger.delivers(gateway.clock()),
    )


@router.post("/deliveries/{number}/replay")
def replay(editing: AtEditing, number: Number) -> Response:
    delivery = editing.delivery(number)
    count = editing.replay(ReplayRequest(number=number))
    subscription = id_of(delivery.row.subscription)
    return RedirectResponse(f"/deliveries?{urlencode({'subscription': subscription, 'sent': count})}", 303)


@router.post("/deliveries/replay")
def replay_all(editing: AtEditing, wanted: Annotated[Wanted, Form()]) -> Response:
    """Those that the filter leaves and that have ended."""
    again = wanted.again()
    count = editing.replay(again) if again is not None else 0
    return RedirectResponse(f"/deliveries?{urlencode({**wanted.given, 'sent': count})}", 303)
