"""Users, API keys, sessions and the audit log, each belonging to one tenant.

Nothing secret is kept: a password as its argon2id hash, a key or a session's token as its SHA-256 (both are 256 random
bits, which nobody guesses from a hash).
"""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Engine, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from visitwire_gateway.auth import api_keys, sessions
from visitwire_gateway.auth.digests import digest
from visitwire_gateway.auth.sql_tables import AUDIT, IDENTITIES, NO_PASSWORD, SESSIONS, USERS, alone, make
from visitwire_gateway.auth.who import Role, Who
from visitwire_gateway.marks.sql_tables import forget_reader
from visitwire_gateway.model.sql_tables import stamp
from visitwire_gateway.personal.sql_tables import forget_addresses

log = structlog.get_logger()

LEAST_PASSWORD, MOST_PASSWORD = 10, 200
DEFAULT_TENANT = "default"


class Refused(ValueError):
    """A name that is taken, a password too short, the last admin: with the reason."""


class WrongPassword(Refused):
    """The user's current password did not match."""


class People:
    def __init__(self, engine: Engine, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._engine, self._clock = engine, clock
        self._hasher = PasswordHasher()
        self._noted: dict[str, str] = {}
        with engine.begin() as connection:
            make(connection)

    def add_user(self, tenant: str, name: str, password: str, role: Role) -> str:
        """The new user's id. Raises `Refused`."""
        if not name.strip() or not tenant.strip():
            raise Refused("a user has a name and a tenant")
        user = {
            "id": secrets.token_hex(8),
            "tenant": tenant,
            "name": name,
            "password": self._hashed(password),
            "role": role.value,
            "made": stamp(self._clock()),
        }
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(USERS).values(user))
        except IntegrityError:
            raise Refused(f"there is a user {name} already") from None
        return str(user["id"])

    def remove_user(self, tenant: str, key: str) -> str | None:
        """The name of who was removed; None where there is no such user. Raises `Refused`."""
        with self._engine.begin() as connection:
            alone(connection)
            user = self._user(connection, tenant, key)
            if user is None:
                return None
            self._another_admin_stays(connection, user)
            sessions.end_all(connection, key)
            connection.execute(delete(IDENTITIES).where(IDENTITIES.c.user == key))
            connection.execute(delete(USERS).where(USERS.c.id == key))
            forget_reader(connection, key)
            forget_addresses(connection, key)
            return str(user.name)

    def change_user(
        self, tenant: str, key: str, role: Role | None = None, password: str | None = None, present: str | None = None
    ) -> str | None:
        """The name of who has now another role or password; None where there is no such user. Raises `Refused`.

        Their sessions end, except that with the token `present`.
        """
        values = {"role": role.value} if role else {}
        if password is not None:
            values["password"] = self._hashed(password)
        with self._engine.begin() as connection:
            alone(connection)
            user = self._user(connection, tenant, key)
            if user is None:
                return None
            if user.issuer is not None:
                raise Refused(f"{user.name} logs in at {user.issuer}, which says their role and keeps their password")
            if role not in (None, Role.ADMIN):
                self._another_admin_stays(connection, user)
            if values and values != {"role": user.role}:
                connection.execute(update(USERS).where(USERS.c.id == key).values(values))
                sessions.end_all(connection, key, but=present)
            return str(user.name)

    def change_own_password(self, token: str, old: str, new: str) -> None:
        """That of the session's user, whose other sessions end. Raises `Refused`."""
        asked = select(USERS).join(SESSIONS, SESSIONS.c.user == USERS.c.id).where(SESSIONS.c.digest == digest(token))
        with self._engine.connect() as connection:
            user = connection.execute(asked).first()
        if user is None:
            raise Refused("that session has ended; log in again")
        if user.password != NO_PASSWORD and not self._right(user.password, old):
            raise WrongPassword("the old password is wrong")
        self.change_user(user.tenant, user.id, password=new, present=token)

    def by_name(self, name: str) -> tuple[str, Who] | None:
        """A user's id and who they are; names are nobody else's in any tenant."""
        with self._engine.connect() as connection:
            user = connection.execute(select(USERS).where(USERS.c.name == name)).first()
        return (user.id, Who(user.tenant, user.name, Role(user.role))) if user else None

    def _user(self, connection: Connection, tenant: str, key: str) -> Any:
        """A row of id, tenant, name, role, issuer; or None."""
        columns = USERS.c.id, USERS.c.tenant, USERS.c.name, USERS.c.role, IDENTITIES.c.issuer
        asked = select(*columns).outerjoin(IDENTITIES, IDENTITIES.c.user == USERS.c.id)
        return connection.execute(asked.where(USERS.c.id == key, USERS.c.tenant == tenant)).first()

    def _another_admin_stays(self, connection: Connection, user: Any) -> None:
        """Raises `Refused` where nobody would be left to let people in. A provider makes its admins again."""
        others = USERS.c.tenant == user.tenant, USERS.c.role == Role.ADMIN.value, USERS.c.id != user.id
        if user.role != Role.ADMIN.value or user.issuer is not None:
            return
        if not connection.scalar(select(func.count()).select_from(USERS).where(*others)):
            raise Refused(f"{user.name} is the last admin of {user.tenant}; make somebody else one first")

    def _hashed(self, password: str) -> str:
        if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
            raise Refused(f"a password has {LEAST_PASSWORD} to {MOST_PASSWORD} characters")
        return self._hasher.hash(password)

    def _right(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False

    def users(self, tenant: str) -> list[Any]:
        """Rows of id, name, role, made, issuer: the OpenID Connect provider that vouches for them, or None."""
        asked = (
            select(USERS.c.id, USERS.c.name, USERS.c.role, USERS.c.made, IDENTITIES.c.issuer)
            .outerjoin(IDENTITIES, IDENTITIES.c.user == USERS.c.id)
            .where(USERS.c.tenant == tenant)
        )
        with self._engine.connect() as connection:
            return list(connection.execute(asked.order_by(USERS.c.name)).all())

    def log_in(self, name: str, password: str) -> tuple[str, Who] | None:
        """A session's token and whose it is; None where name or password is wrong, after as long either way."""
        with self._engine.connect() as connection:
            user = connection.execute(select(USERS).where(USERS.c.name == name)).first()
        known = user is not None and user.password != NO_PASSWORD
        right = self._right(user.password if user and known else self._nobody(), password)
        if user is None or not known or not right:
            return None
        with self._engine.begin() as connection:
            token, csrf = sessions.start(connection, user.id, self._clock())
        return token, Who(user.tenant, user.name, Role(user.role), csrf, user.id)

    def _nobody(self) -> str:
        if not hasattr(self, "_nobodys"):
            self._nobodys = self._hasher.hash(secrets.token_hex(8))
        return self._nobodys

    def log_out(self, token: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.digest == digest(token)))

    def by_session(self, token: str) -> Who | None:
        asked = (
            select(USERS.c.id, USERS.c.tenant, USERS.c.name, USERS.c.role, SESSIONS.c.csrf)
            .join(SESSIONS, SESSIONS.c.user == USERS.c.id)
            .where(SESSIONS.c.digest == digest(token), SESSIONS.c.expires > stamp(self._clock()))
        )
        with self._engine.connect() as connection:
            row = connection.execute(asked).first()
        return Who(row.tenant, row.name, Role(row.role), row.csrf, row.id) if row else None

    def add_key(
        self, tenant: str, name: str, role: Role, maker: str | None = None, ends: datetime | None = None
    ) -> tuple[str, str]:
        """The key's id and the key itself, which nobody can be told again. Raises `Refused`."""
        now = self._clock()
        if ends is not None and ends <= now:
            raise Refused("a key that ends must end in the future")
        values = {"tenant": tenant, "name": name, "role": role.value, "maker": maker}
        with self._engine.begin() as connection:
            return api_keys.add(connection, {**values, "ends": stamp(ends) if ends else None}, now)

    def revoke_key(self, tenant: str, key: str) -> bool:
        with self._engine.begin() as connection:
            return api_keys.revoke(connection, tenant, key)

    def keys(self, tenant: str) -> list[Any]:
        """Rows of id, name, role, made, revoked; maker, ends and used (within the hour), each perhaps None."""
        with self._engine.connect() as connection:
            return api_keys.listed(connection, tenant)

    def by_key(self, secret: str) -> Who | None:
        now = self._clock()
        with self._engine.connect() as connection:
            row = api_keys.opened(connection, secret, now)
        if row is None:
            return None
        if max(row.used or "", self._noted.get(row.id, "")) < stamp(now - api_keys.NOTED):
            self._note_use(row.id, now)
        return Who(row.tenant, f"key {row.name}", Role(row.role))

    def _note_use(self, key: str, now: datetime) -> None:
        self._noted[key] = stamp(now)  # before it is done, or each request would try while the database is busy
        try:
            with self._engine.begin() as connection:
                api_keys.note_use(connection, key, now)
        except OperationalError as why:  # nobody is kept out for that
            log.warning("the use of an API key was not noted", why=str(why.orig))

    def record(self, who: Who, action: str, what: str = "") -> None:
        """A line of the audit log."""
        values = {"at": stamp(self._clock()), "tenant": who.tenant, "who": who.name, "action": action, "what": what}
        with self._engine.begin() as connection:
            connection.execute(insert(AUDIT).values(values))

    def audit(self, tenant: str, limit: int, before: int | None = None) -> list[Any]:
        """Rows of number, at, who, action, what, the latest first."""
        asked = select(AUDIT).where(AUDIT.c.tenant == tenant).order_by(AUDIT.c.number.desc()).limit(limit)
        if before is not None:
            asked = asked.where(AUDIT.c.number < before)
        with self._engine.connect() as connection:
            return list(connection.execute(asked).all())
