"""Forgets deliveries that are long over: what was sent and how, each attempt, and silences that ended.

Alerts and visits stay; they are few, and histories tell of them.
"""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from visitwire_alerting.tables import attempts, deliveries, delivery_alerts, silences

MOST = 500
"""Deliveries forgotten with one commit, so that none that is due waits long."""


def forget(connection: Connection, before: datetime) -> bool:
    """Takes away some of what was over before then. Gives whether there may be more."""
    connection.execute(delete(silences).where(silences.c.until < before))
    over = select(deliveries.c.number).where(deliveries.c.created < before, deliveries.c.state != "pending")
    numbers = connection.execute(over.order_by(deliveries.c.created).limit(MOST)).scalars().all()
    for table, column in ((attempts, attempts.c.delivery), (delivery_alerts, delivery_alerts.c.delivery)):
        connection.execute(delete(table).where(column.in_(numbers)))
    connection.execute(delete(deliveries).where(deliveries.c.number.in_(numbers)))
    return len(numbers) == MOST
