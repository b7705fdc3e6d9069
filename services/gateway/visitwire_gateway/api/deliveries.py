"""Deliveries: what was sent to whom, what failed, and sending it again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import batched
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from pydantic import Field
from visitwire_alerting.service import ReplayRequest, Tenant, id_of
from visitwire_schemas import Alert
from visitwire_schemas.subscription import Asked

from visitwire_gateway.api.delivery_shapes import DeliverySeen, Standing
from visitwire_gateway.api.shapes import LEDGER_PROBLEMS, PROBLEMS, Cursor, Instant, Limit, Since, Until
from visitwire_gateway.api_model import Shape
from visitwire_gateway.dependencies import AtEditing, AtGateway, AtTenant
from visitwire_gateway.files.columns import Sent, of_deliveries
from visitwire_gateway.files.formats import FILES, Format, Wanted
from visitwire_gateway.files.sheet import answer
from visitwire_gateway.files.walk import PAGE, walked
from visitwire_gateway.model.paging import BadCursor, Page, RowPage, decode, encode

router = APIRouter(prefix="/api/v1", tags=["deliveries"], responses=LEDGER_PROBLEMS)

type Ended = Literal["delivered", "failed", "dropped", "silenced"]
type Number = Annotated[int, Path(ge=1, le=2**53, description="The delivery's number.")]
type Subscribed = Annotated[list[str], Query(max_length=50, description="Of any of these subscriptions, by id.")]


class AttemptSeen(Shape):
    """One try of a delivery."""

    at: datetime
    """When."""
    result: str
    """How it ended."""
    status: int | None
    """The answer's HTTP status; null where there was none."""
    error: str | None
    """What went wrong; null for nothing."""
    milliseconds: float
    """How long it took."""


class DeliveryWhole(DeliverySeen):
    """A delivery with what it tells."""

    alerts: list[Alert]
    """What it tells."""
    tried: list[AttemptSeen]
    """Each try, the earliest first."""


class Replay(Asked):
    """Finished deliveries made in a time range; of one subscription, or in one state, where that is given."""

    since: Instant
    """Made at or after this time."""
    until: Instant | None = None
    """Made before this time."""
    subscription: Annotated[str | None, Field(max_length=63)] = None
    """Only of this subscription, by its id."""
    state: Ended | None = None
    """Only those that ended so."""


class Replayed(Shape):
    """What goes out again."""

    count: int
    """Deliveries that go out again."""


def shown(row: Any) -> dict[str, Any]:
    """A row of the table of deliveries, with the subscription's id in place of its key."""
    values: Mapping[str, Any] = row._mapping
    return {**values, "subscription": id_of(row.subscription)}


@router.get("/deliveries", response_model=Page[DeliverySeen], responses=FILES)
def deliveries(
    request: Request,
    gateway: AtGateway,
    mine: AtTenant,
    wanted: Wanted,
    subscription: Subscribed = [],  # noqa: B006
    state: Annotated[list[Standing], Query(max_length=10, description="In any of these states.")] = [],  # noqa: B006
    since: Since = None,
    until: Until = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[DeliverySeen] | Response:
    """The tenant's deliveries, the newest first; as JSON in pages, as CSV or Excel all that fit."""

    def read(after: str | None, most: int) -> RowPage:
        found = mine.deliveries(
            subscription=subscription, state=state, since=since, until=until, before=before(after), limit=most + 1
        )
        return RowPage(found[:most], encode("", str(found[most - 1].number)) if len(found) > most else None)

    if wanted is not Format.JSON:
        sent = (one for some in batched(walked(read), PAGE) for one in _sent(mine, some))
        return answer(of_deliveries(gateway.url(request, "")), sent, wanted, "deliveries")
    found = read(cursor, limit)
    return Page(items=[DeliverySeen(**shown(row)) for row in found.rows], next=found.next)


def _sent(mine: Tenant, rows: Sequence[Any]) -> list[Sent]:
    """Deliveries, each with the changes that it tells."""
    told = mine.alerts_of([row.number for row in rows])
    return [Sent(DeliverySeen(**shown(row)), told.get(row.number, ())) for row in rows]


def before(cursor: str | None) -> int | None:
    """The number that a page goes on from. Raises `BadCursor`."""
    if cursor is None:
        return None
    number = decode(cursor)[1]
    if not number.isascii() or not number.isdecimal() or len(number) > 15:
        raise BadCursor("the cursor was not made here; leave it out to begin at the first page")
    return int(number)


@router.get("/deliveries/{number}")
def one_delivery(mine: AtTenant, number: Number) -> DeliveryWhole:
    """One, with what it tells and every attempt."""
    one = mine.delivery(number)
    tried = [AttemptSeen.model_validate(attempt, from_attributes=True) for attempt in one.attempts]
    return DeliveryWhole(**shown(one.row), alerts=list(one.alerts), tried=tried)


@router.post("/deliveries/{number}/replay", status_code=202, responses={409: PROBLEMS[422]})
def replay_one(editing: AtEditing, number: Number) -> Replayed:
    """Sends it again, with the same id; receivers see `data.delivery.replay`."""
    editing.delivery(number)
    count = editing.replay(ReplayRequest(number=number))
    if not count:
        raise HTTPException(409, f"Delivery {number} has not ended yet, or was itself sent again: only others are.")
    return Replayed(count=count)


@router.post("/deliveries/replay", status_code=202)
def replay_range(editing: AtEditing, asked: Replay) -> Replayed:
    """Sends those of a time range again, in their order and with the same ids."""
    return Replayed(
        count=editing.replay(ReplayRequest(None, asked.subscription, asked.state, asked.since, asked.until))
    )
