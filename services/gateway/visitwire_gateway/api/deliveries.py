"""Deliveries: what was sent to whom, what failed, and sending it again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Path, Query
from pydantic import BaseModel, Field
from visitwire_alerting import past
from visitwire_alerting.past import Again
from visitwire_alerting.store import id_of
from visitwire_alerting.subscription import Asked
from visitwire_schemas import Alert

from visitwire_gateway.api.shapes import LEDGER_PROBLEMS, PROBLEMS, Cursor, Instant, Limit
from visitwire_gateway.desk import Asking, AtEditing, AtLedger
from visitwire_gateway.ledger import Ledger, Missing
from visitwire_gateway.model.paging import BadCursor, Page, decode, encode

router = APIRouter(prefix="/api/v1", tags=["deliveries"], responses=LEDGER_PROBLEMS)

type State = Literal["pending", "delivered", "failed", "dropped", "silenced"]
type Ended = Literal["delivered", "failed", "dropped", "silenced"]
type Number = Annotated[int, Path(ge=1, le=2**53)]
type Subscribed = Annotated[str | None, Query(max_length=63, description="Of this subscription.")]


class DeliverySeen(BaseModel):
    """One message to one endpoint."""

    number: int
    subscription: str
    endpoint: str
    state: State
    created: datetime
    due: datetime
    finished: datetime | None
    attempts: int
    last_status: int | None
    """The last answer's HTTP status."""
    last_error: str | None
    replay: bool
    """It was sent again on demand."""


class AttemptSeen(BaseModel):
    at: datetime
    result: str
    status: int | None
    error: str | None
    milliseconds: float


class DeliveryWhole(DeliverySeen):
    alerts: list[Alert]
    tried: list[AttemptSeen]


class Replay(Asked):
    """Finished deliveries made in a time range; of one subscription, or in one state, where that is given."""

    since: Instant
    until: Instant | None = None
    subscription: Annotated[str | None, Field(max_length=63)] = None
    state: Ended | None = None


class Replayed(BaseModel):
    count: int
    """Deliveries that go out again."""


def shown(row: Any) -> dict[str, Any]:
    """A row of the table of deliveries, with the subscription's id in place of its key."""
    values: Mapping[str, Any] = row._mapping
    return {**values, "subscription": id_of(row.subscription)}


@router.get("/deliveries")
def deliveries(
    ledger: AtLedger,
    who: Asking,
    subscription: Subscribed = None,
    state: State | None = None,
    since: Instant | None = None,
    until: Instant | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[DeliverySeen]:
    """The tenant's deliveries, the newest first."""
    with ledger.reading() as connection:
        rows = past.list_deliveries(
            connection,
            who.tenant,
            subscription=subscription,
            state=state,
            since=since,
            until=until,
            before=before(cursor),
            limit=limit + 1,
        )
    items = [DeliverySeen(**shown(row)) for row in rows[:limit]]
    return Page(items=items, next=encode("", str(items[-1].number)) if len(rows) > limit else None)


def before(cursor: str | None) -> int | None:
    """The number that a page goes on from. Raises `BadCursor`."""
    if cursor is None:
        return None
    number = decode(cursor)[1]
    if not number.isascii() or not number.isdecimal() or len(number) > 15:
        raise BadCursor("the cursor was not made here; leave it out to begin at the first page")
    return int(number)


def found(ledger: Ledger, number: int, tenant: str) -> past.Delivery:
    """Raises `Missing`."""
    with ledger.reading() as connection:
        one = past.find_delivery(connection, number, tenant)
    if one is None:
        raise Missing(f"There is no delivery {number}.")
    return one


@router.get("/deliveries/{number}")
def one_delivery(ledger: AtLedger, who: Asking, number: Number) -> DeliveryWhole:
    """One, with what it tells and every attempt."""
    one = found(ledger, number, who.tenant)
    tried = [AttemptSeen.model_validate(attempt, from_attributes=True) for attempt in one.attempts]
    return DeliveryWhole(**shown(one.row), alerts=list(one.alerts), tried=tried)


@router.post("/deliveries/{number}/replay", status_code=202, responses={409: PROBLEMS[422]})
def replay_one(ledger: AtLedger, editing: AtEditing, number: Number) -> Replayed:
    """Sends it again, with the same id; receivers see `data.delivery.replay`."""
    found(ledger, number, editing.who.tenant)
    count = editing.replay(Again(number=number))
    if not count:
        raise HTTPException(409, f"Delivery {number} has not ended yet, or was itself sent again: only others are.")
    return Replayed(count=count)


@router.post("/deliveries/replay", status_code=202)
def replay_range(editing: AtEditing, asked: Replay) -> Replayed:
    """Sends those of a time range again, in their order and with the same ids."""
    return Replayed(count=editing.replay(Again(None, asked.subscription, asked.state, asked.since, asked.until)))
