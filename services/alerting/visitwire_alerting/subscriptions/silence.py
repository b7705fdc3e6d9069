"""Silences a subscription for a while, entirely or about one visit. Suppressed alerts are kept and can be replayed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from visitwire_alerting.storage.subscription_tables import silences, subscriptions
from visitwire_alerting.subscriptions.stored import DEFAULT, id_of, key_of


@dataclass(frozen=True)
class Silence:
    number: int
    subscription: str
    visit: str | None
    """None: whatever the visit."""
    until: datetime
    reason: str | None
    author: str | None = None
    """Who began it; None for one that is older than the question."""


def hush(
    connection: Connection,
    subscription: str,
    until: datetime,
    tenant: str = DEFAULT,
    *,
    visit: str | None = None,
    reason: str | None = None,
    author: str | None = None,
) -> int:
    """Gives the silence's number. That there is such a subscription is the caller's to know."""
    row = {"subscription": key_of(subscription, tenant), "visit": visit, "until": until}
    return int(
        connection.execute(
            insert(silences).values(reason=reason, author=author, **row).returning(silences.c.id)
        ).scalar_one()
    )


def standing(connection: Connection, at: datetime, tenant: str = DEFAULT) -> list[Silence]:
    """The silences of a tenant's subscriptions that are not over, the one that ends first first."""
    mine = silences.c.subscription == subscriptions.c.key
    query = (
        select(silences)
        .join(subscriptions, mine)
        .where(subscriptions.c.tenant == tenant, silences.c.until > at)
        .order_by(silences.c.until, silences.c.id)
    )
    return [
        Silence(row.id, id_of(row.subscription), row.visit, row.until, row.reason, row.author)
        for row in connection.execute(query)
    ]


def lift(connection: Connection, number: int, tenant: str = DEFAULT) -> bool:
    """Ends a silence of a tenant's subscription before its time."""
    mine = select(subscriptions.c.key).where(subscriptions.c.tenant == tenant)
    gone = delete(silences).where(silences.c.id == number, silences.c.subscription.in_(mine))
    return connection.execute(gone).rowcount == 1
