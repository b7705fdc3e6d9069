"""Logins under way at a provider, and the users it vouches for, as rows: any gateway of several may go on with them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex, token_urlsafe
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from visitwire_gateway.auth import sessions
from visitwire_gateway.auth.digests import digest
from visitwire_gateway.auth.login_request import LoginRequest
from visitwire_gateway.auth.sql_tables import BEGUN, IDENTITIES, NO_PASSWORD, SESSIONS, USERS
from visitwire_gateway.auth.who import Identity, Role, Who
from visitwire_gateway.model.sql_tables import stamp
from visitwire_gateway.personal.sql_tables import forget_addresses

UNDER_WAY = timedelta(minutes=10)
"""How long somebody may take at the provider."""
TRIES = 5


@dataclass(frozen=True)
class Begun:
    asked: LoginRequest
    back: str


class Identities:
    def __init__(self, engine: Engine, issuer: str, clock: Callable[[], datetime]) -> None:
        """Over the tables that `People` makes."""
        self._engine, self._issuer, self._clock = engine, issuer, clock

    def begin(self, back: str) -> tuple[LoginRequest, str]:
        """A login to ask the provider for, and the word by which the same browser is known when it comes back."""
        asked, browser, now = (
            LoginRequest(token_urlsafe(32), token_urlsafe(32), token_urlsafe(48)),
            token_urlsafe(32),
            self._clock(),
        )
        values = {"state": digest(asked.state), "browser": digest(browser), "nonce": asked.nonce}
        values |= {"verifier": asked.verifier, "back": back, "expires": stamp(now + UNDER_WAY)}
        with self._engine.begin() as connection:
            connection.execute(delete(BEGUN).where(BEGUN.c.expires < stamp(now)))
            connection.execute(insert(BEGUN).values(values))
        return asked, browser

    def take(self, state: str, browser: str) -> Begun | None:
        """The login that this browser began, once: who comes second finds none."""
        mine = (
            BEGUN.c.state == digest(state),
            BEGUN.c.browser == digest(browser),
            BEGUN.c.expires > stamp(self._clock()),
        )
        with self._engine.begin() as connection:
            row = connection.execute(delete(BEGUN).where(*mine).returning(BEGUN)).first()
        return Begun(LoginRequest(state, row.nonce, row.verifier), row.back) if row else None

    def enter(self, person: Identity) -> tuple[str, Who]:
        """A session's token and whose it is. Role and tenant are taken anew, the name is that of the first time."""
        for left in reversed(range(TRIES)):
            try:
                with self._engine.begin() as connection:
                    return self._enter(connection, person)
            except IntegrityError:  # another took the name, or the same person came by another gateway just now
                if not left:
                    raise
        raise AssertionError("the last try returns or raises")

    def _enter(self, connection: Connection, person: Identity) -> tuple[str, Who]:
        known = self._known(connection, person.subject)
        user, name = (known.id, known.name) if known else self._make(connection, person)
        now_is = {"role": person.role.value, "tenant": person.tenant}
        connection.execute(update(USERS).where(USERS.c.id == user).values(now_is))
        token, csrf = sessions.start(connection, user, self._clock())
        return token, Who(person.tenant, name, person.role, csrf, user)

    def _make(self, connection: Connection, person: Identity) -> tuple[str, str]:
        user, name = token_hex(8), _free_name(connection, person.name)
        values = {"id": user, "tenant": person.tenant, "name": name, "password": NO_PASSWORD}
        values |= {"role": person.role.value, "made": stamp(self._clock())}
        connection.execute(insert(USERS).values(values))
        connection.execute(insert(IDENTITIES).values(issuer=self._issuer, subject=person.subject, user=user))
        return user, name

    def _known(self, connection: Connection, subject: str) -> Row[Any] | None:
        mine = IDENTITIES.c.issuer == self._issuer, IDENTITIES.c.subject == subject
        return connection.execute(select(USERS).join(IDENTITIES, IDENTITIES.c.user == USERS.c.id).where(*mine)).first()

    def expel(self, subject: str) -> Who | None:
        """Ends the sessions and addresses of somebody who may not come in any more. Who they were, if they ever did."""
        with self._engine.begin() as connection:
            known = self._known(connection, subject)
            if known is None:
                return None
            sessions.end_all(connection, known.id)
            forget_addresses(connection, known.id)
        return Who(known.tenant, known.name, Role(known.role))

    def came_from_provider(self, token: str) -> bool:
        """Whether that session is of somebody whom the provider vouched for."""
        asked = select(IDENTITIES.c.user).join(SESSIONS, SESSIONS.c.user == IDENTITIES.c.user)
        with self._engine.connect() as connection:
            return connection.scalar(asked.where(SESSIONS.c.digest == digest(token))) is not None


def _free_name(connection: Connection, wanted: str) -> str:
    """The name, or "name (2)" where somebody else has it: nobody comes to another's account by a name."""
    like = or_(USERS.c.name == wanted, USERS.c.name.startswith(f"{wanted} (", autoescape=True))
    taken = set(connection.scalars(select(USERS.c.name).where(like)))
    names = (wanted, *(f"{wanted} ({number})" for number in range(2, len(taken) + 2)))
    return next(name for name in names if name not in taken)
