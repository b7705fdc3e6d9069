"""Tells the owner of a subscription, by another channel, that one of its channels was disabled."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import Connection, Engine, select, update
from visitwire_runtime import Publish
from visitwire_schemas.subscription import ToPerson

from visitwire_alerting.delivery.channels.sending import Tell
from visitwire_alerting.delivery.outcome import GIVE_UP, Result
from visitwire_alerting.storage.bell import Bell
from visitwire_alerting.storage.database import reading, writing
from visitwire_alerting.storage.delivery_tables import notices
from visitwire_alerting.storage.threads import in_thread
from visitwire_alerting.storage.vault import Vault
from visitwire_alerting.subscriptions import store
from visitwire_alerting.subscriptions.stored import DEFAULT

log = structlog.get_logger()

POLL = 30.0
"""Seconds between looks; nothing here is urgent."""
SUBJECT = "Visitwire: a channel was disabled"


@dataclass(frozen=True)
class Notice:
    number: int
    text: str
    created: datetime
    owner: ToPerson | None


async def tell_owners(
    engine: Engine,
    vault: Vault,
    tell: Mapping[str, Tell],
    wake: Bell,
    clock: Callable[[], datetime],
    _publish: Publish,
) -> None:
    """Tells until cancelled; what could not be told is tried again for three days."""
    while True:
        waiting = await in_thread(unsent, engine, vault)
        for notice in waiting:
            if await _told(notice, tell) or clock() - notice.created > GIVE_UP:
                await in_thread(_mark, engine, notice.number, clock())
        await wake.wait(POLL)


async def _told(notice: Notice, tell: Mapping[str, Tell]) -> bool:
    if notice.owner is None or notice.owner.kind not in tell:
        log.warning("owner_unknown", notice=notice.text)
        return True
    outcome = await tell[notice.owner.kind](notice.owner, SUBJECT, notice.text)
    return outcome.result is Result.DELIVERED


def unsent(engine: Engine, vault: Vault) -> Sequence[Notice]:
    with reading(engine) as connection:
        rows = connection.execute(select(notices).where(notices.c.sent.is_(None)).order_by(notices.c.number)).all()
        return [Notice(row.number, row.text, row.created, _owner(connection, vault, row.subscription)) for row in rows]


def _owner(connection: Connection, vault: Vault, key: str) -> ToPerson | None:
    tenant, _, id = key.rpartition(":")
    stored = store.find(connection, vault, id, tenant or DEFAULT)
    return stored.subscription.owner if stored else None


def _mark(engine: Engine, number: int, at: datetime) -> None:
    with writing(engine) as connection:
        connection.execute(update(notices).where(notices.c.number == number).values(sent=at))
