"""How endpoints fare, and which are disabled."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from visitwire_alerting.storage.subscription_tables import endpoints


def health(connection: Connection) -> dict[str, dict[str, object]]:
    """How each endpoint fares: since when it fails, whether and why it was disabled."""
    return {
        row.id: {
            "failures": row.failures,
            "failing_since": row.failing_since and row.failing_since.isoformat(),
            "disabled": row.disabled and row.disabled.isoformat(),
            "reason": row.reason,
        }
        for row in connection.execute(select(endpoints))
    }


def disable(connection: Connection, endpoint: str, reason: str, at: datetime) -> bool:
    """Sends nothing more there, until it is enabled again."""
    off = {"disabled": at, "reason": reason}
    this = (endpoints.c.id == endpoint) & endpoints.c.disabled.is_(None)
    return connection.execute(update(endpoints).where(this).values(off)).rowcount == 1


def enable(connection: Connection, endpoint: str) -> bool:
    """Forgets an endpoint's failures."""
    well = {"disabled": None, "reason": None, "failures": 0, "failing_since": None, "paused_until": None}
    return connection.execute(update(endpoints).where(endpoints.c.id == endpoint).values(well)).rowcount == 1
