"""Sessions: what a browser that logged in holds, as rows. Each function works within the caller's transaction."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert

from visitwire_gateway.auth.digests import digest
from visitwire_gateway.auth.sql_tables import SESSIONS
from visitwire_gateway.model.sql_tables import stamp

SESSION = timedelta(hours=12)


def start(connection: Connection, user: str, now: datetime) -> tuple[str, str]:
    """A new session's token, and the word that its forms carry."""
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    connection.execute(delete(SESSIONS).where(SESSIONS.c.expires < stamp(now)))
    values = {"digest": digest(token), "user": user, "csrf": csrf, "expires": stamp(now + SESSION)}
    connection.execute(insert(SESSIONS).values(values))
    return token, csrf


def end_all(connection: Connection, user: str, but: str | None = None) -> None:
    """`but` is the token of a session that goes on."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.user == user, SESSIONS.c.digest != digest(but or "")))
