"""API keys as rows. Each function works within the caller's transaction."""

import secrets
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from visitwire_gateway.auth.digests import digest
from visitwire_gateway.auth.sql_tables import KEYS
from visitwire_gateway.model.sql_tables import stamp

NOTED = timedelta(hours=1)
"""How exactly the last use is known: no request but one an hour writes."""


def add(connection: Connection, values: dict[str, str | None], now: datetime) -> tuple[str, str]:
    """The key's id and the key itself. `values`: tenant, name, role, maker, ends."""
    secret, key = f"vw_{secrets.token_urlsafe(32)}", secrets.token_hex(8)
    made = {**values, "id": key, "digest": digest(secret), "made": stamp(now), "revoked": False}
    connection.execute(insert(KEYS).values(made))
    return key, secret


def revoke(connection: Connection, tenant: str, key: str) -> bool:
    mine = KEYS.c.id == key, KEYS.c.tenant == tenant, KEYS.c.revoked.is_(False)
    return connection.execute(update(KEYS).where(*mine).values(revoked=True)).rowcount > 0


def listed(connection: Connection, tenant: str) -> list[Any]:
    """Rows of id, name, role, made, revoked, maker, ends, used."""
    columns = (column for column in KEYS.c if column.name not in ("tenant", "digest"))
    asked = select(*columns).where(KEYS.c.tenant == tenant).order_by(KEYS.c.made, KEYS.c.id)
    return list(connection.execute(asked).all())


def opened(connection: Connection, secret: str, now: datetime) -> Any:
    """The row of the key that opens now, or None."""
    good = KEYS.c.revoked.is_(False), or_(KEYS.c.ends.is_(None), KEYS.c.ends > stamp(now))
    return connection.execute(select(KEYS).where(KEYS.c.digest == digest(secret), *good)).first()


def note_use(connection: Connection, key: str, now: datetime) -> None:
    connection.execute(update(KEYS).where(KEYS.c.id == key).values(used=stamp(now)))


def end_of(last_day: date) -> datetime:
    """When a key ends that is good through that day, in UTC."""
    return datetime.combine(last_day, time.max, UTC)
