"""Forgets deliveries that are long over, or wait for an endpoint that was disabled long ago: what was sent and how,
each attempt; and silences that ended.

Alerts and visits stay; they are few, and histories tell of them.
"""

from datetime import datetime

from sqlalchemy import Connection, delete, or_, select

from visitwire_alerting.storage.delivery_tables import attempts, deliveries, delivery_alerts
from visitwire_alerting.storage.subscription_tables import endpoints, silences

MOST = 500
"""Deliveries forgotten with one commit, so that none that is due waits long."""


def forget(connection: Connection, before: datetime) -> bool:
    """Takes away some of what was over before then. Gives whether there may be more."""
    connection.execute(delete(silences).where(silences.c.until < before))
    disabled = select(endpoints.c.id).where(endpoints.c.disabled < before)
    over = or_(deliveries.c.state != "pending", deliveries.c.endpoint.in_(disabled) & (deliveries.c.due < before))
    old = select(deliveries.c.number).where(deliveries.c.created < before, over)
    numbers = connection.execute(old.order_by(deliveries.c.created).limit(MOST)).scalars().all()
    for table, column in ((attempts, attempts.c.delivery), (delivery_alerts, delivery_alerts.c.delivery)):
        connection.execute(delete(table).where(column.in_(numbers)))
    connection.execute(delete(deliveries).where(deliveries.c.number.in_(numbers)))
    return len(numbers) == MOST
