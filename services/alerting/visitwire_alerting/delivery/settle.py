"""Writes what became of messages, and what that says of their endpoints."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    Connection,
    bindparam,
    insert,
    select,
    update,
)

from visitwire_alerting.delivery.job import Finished
from visitwire_alerting.delivery.outcome import DISABLE, GIVE_UP, Result
from visitwire_alerting.storage.delivery_tables import attempts, deliveries, notices
from visitwire_alerting.storage.subscription_tables import endpoints

DISABLE_REASON = "it failed for five days"
SETTLED = {Result.DELIVERED: "delivered", Result.UNNEEDED: "dropped"}
"""How a message ended that needs no other try, and says nothing against its endpoint."""
PATIENCE = 3
"""Failures in a row after which an endpoint is tried by one message at a time, ever more rarely."""


def settle(connection: Connection, finished: Sequence[Finished], at: datetime) -> list[str]:
    """Writes what became of messages. Gives the endpoints that this disabled."""
    if not finished:
        return []
    connection.execute(_MARK, [_marked(one, at) for one in finished])
    connection.execute(insert(attempts), [_attempt(one) for one in finished])
    _recovered(connection, finished)
    failed = [one for one in finished if one.outcome.result not in SETTLED]
    failed.sort(key=lambda one: one.job.endpoint)  # two workers lock endpoints in one order, or they might deadlock
    disabled = [one for one in failed if _failing(connection, one, at)]
    for one in disabled:
        text = f"{one.job.endpoint} was disabled: {one.outcome.error or DISABLE_REASON}"
        row = {"subscription": one.job.subscription, "text": text, "created": at}
        connection.execute(insert(notices).values(row))
    return [one.job.endpoint for one in disabled]


def _attempt(one: Finished) -> dict[str, object]:
    return {
        "delivery": one.job.number,
        "at": one.at,
        "result": one.outcome.result.value,
        "status": one.outcome.status,
        "error": one.outcome.error,
        "milliseconds": one.milliseconds,
    }


_MARK = (
    update(deliveries)
    .where(deliveries.c.number == bindparam("this"))
    .values(
        attempts=bindparam("attempts"),
        claimed_by=None,
        last_status=bindparam("last_status"),
        last_error=bindparam("last_error"),
        state=bindparam("state"),
        finished=bindparam("finished"),
        due=bindparam("due"),
    )
)


def _marked(one: Finished, at: datetime) -> dict[str, object]:
    outcome, over = one.outcome, at + one.again - one.job.created > GIVE_UP
    unsettled = "failed" if outcome.result is not Result.FAILED or over else "pending"
    state = SETTLED.get(outcome.result, unsettled)
    return {
        "this": one.job.number,
        "attempts": one.job.attempts + 1,
        "last_status": outcome.status,
        "last_error": outcome.error,
        "state": state,
        "finished": None if state == "pending" else at,
        "due": at + one.again if state == "pending" else at,
    }


def _recovered(connection: Connection, finished: Sequence[Finished]) -> None:
    """Forgets the failures of endpoints that took a message."""
    took = {one.job.endpoint for one in finished if one.outcome.result is Result.DELIVERED}
    well = {"failures": 0, "failing_since": None, "paused_until": None}
    connection.execute(update(endpoints).where(endpoints.c.id.in_(took), endpoints.c.failures > 0).values(well))


def _failing(connection: Connection, one: Finished, at: datetime) -> bool:
    """Notes that an endpoint failed; gives whether it is disabled now and was not before."""
    this = endpoints.c.id == one.job.endpoint
    row = connection.execute(select(endpoints).where(this)).first()
    if row is None:
        return False
    since = row.failing_since or at
    values: dict[str, object] = {"failures": row.failures + 1, "failing_since": since}
    if row.failures + 1 >= PATIENCE or one.outcome.retry_after:
        values["paused_until"] = at + one.again
    final = one.outcome.result is Result.GONE or at - since >= DISABLE
    if final and row.disabled is None:
        values |= {"disabled": at, "reason": one.outcome.error or DISABLE_REASON}
    connection.execute(update(endpoints).where(this).values(values))
    return final and row.disabled is None
