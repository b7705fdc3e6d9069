"""Personal addresses as rows. Whoever has one reads what its filter gives, and can do nothing else."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, get_origin
from urllib.parse import parse_qs

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update
from visitwire_alerting.service import Vault

from visitwire_gateway.auth.digests import digest
from visitwire_gateway.auth.who import Who
from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.model.sql_tables import moment, stamp
from visitwire_gateway.personal.sql_tables import ADDRESSES

MOST = 50
"""Addresses that one reader may have."""
PAST = 30
"""Days after its end for which a visit stays in a calendar, where nothing else is said."""
NOTED = timedelta(hours=1)
"""How exactly the last use is known: no request but one an hour writes."""
EVERYTHING = "All visits"


LISTS = {
    field.alias or name for name, field in VisitFilter.model_fields.items() if get_origin(field.annotation) is list
}
"""The conditions that take several values."""


def filter_of(query: str) -> VisitFilter:
    """The filter that an address bar holds; what is not a condition is left out. Raises HTTP 422, as a route does."""
    given = {name: values if name in LISTS else values[-1] for name, values in parse_qs(query).items()}
    try:
        return VisitFilter.model_validate(given)
    except ValidationError as wrong:
        raise RequestValidationError([{**one, "loc": ("query", *one["loc"])} for one in wrong.errors()]) from None


class TooMany(ValueError):
    """A reader has as many addresses as anybody may have; with a sentence."""


@dataclass(frozen=True)
class Wish:
    """What an address gives."""

    name: str
    filter: str = ""
    """As the address bar has it: "to=IN&status=planned"."""
    past: int | None = PAST
    """Days after its end for which a visit stays; None for ever."""
    vague: bool = False
    """Also visits known to the month, quarter or year only."""
    off: bool = True
    """Also what was called off or postponed."""

    @property
    def wanted(self) -> VisitFilter:
        return filter_of(self.filter)


@dataclass(frozen=True)
class Address:
    id: str
    wish: Wish
    word: str | None
    """What opens it; None where it was sealed with a key that is gone, and must be made new."""
    made: datetime
    used: datetime | None


class Addresses:
    def __init__(self, engine: Engine, clock: Callable[[], datetime], vault: Callable[[], Vault]) -> None:
        self._engine, self._clock, self._vault = engine, clock, vault

    def of(self, who: Who) -> list[Address]:
        """Theirs, the first made first."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(ADDRESSES).where(*_mine(who)).order_by(ADDRESSES.c.made, ADDRESSES.c.id))
            return [self._address(row) for row in rows]

    def ids(self) -> frozenset[str]:
        """Everybody's."""
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(select(ADDRESSES.c.id)))

    def find(self, who: Who, id: str) -> Address | None:
        """Theirs with this id."""
        return next((one for one in self.of(who) if one.id == id), None)

    def first(self, who: Who) -> list[Address]:
        """Theirs; one of all visits is made for whoever has none."""
        return self.of(who) or [self.add(who, Wish(EVERYTHING))]

    def add(self, who: Who, wish: Wish) -> Address:
        """Raises `TooMany`."""
        now = self._clock()
        made = {"id": secrets.token_hex(8), "tenant": who.tenant, "reader": who.reader, "made": stamp(now)}
        word, kept = self._word()
        with self._engine.begin() as connection:
            if connection.execute(select(func.count()).select_from(ADDRESSES).where(*_mine(who))).scalar_one() >= MOST:
                raise TooMany(f"You have {MOST} addresses, which is as many as there may be: remove one first.")
            connection.execute(insert(ADDRESSES).values({**made, **kept, **_values(wish)}))
        return Address(made["id"] or "", wish, word, now, None)

    def change(self, who: Who, id: str, wish: Wish) -> bool:
        """Another filter or other settings under the same address. False where they have no such address."""
        return self._update(who, id, _values(wish))

    def renew(self, who: Who, id: str) -> bool:
        """Another address; the old one opens nothing from now on."""
        return self._update(who, id, self._word()[1] | {"used": None})

    def remove(self, who: Who, id: str) -> bool:
        with self._engine.begin() as connection:
            return connection.execute(delete(ADDRESSES).where(*_mine(who), ADDRESSES.c.id == id)).rowcount == 1

    def opened(self, word: str) -> Address | None:
        """The address that this word opens."""
        with self._engine.connect() as connection:
            row = connection.execute(select(ADDRESSES).where(ADDRESSES.c.digest == digest(word))).first()
        if row is None:
            return None
        now = self._clock()
        if row.used is None or now - moment(row.used) > NOTED:
            with self._engine.begin() as connection:
                _note(connection, row.id, now)
        return self._address(row)

    def _update(self, who: Who, id: str, values: dict[str, Any]) -> bool:
        with self._engine.begin() as connection:
            asked = update(ADDRESSES).where(*_mine(who), ADDRESSES.c.id == id)
            return connection.execute(asked.values(values)).rowcount == 1

    def _word(self) -> tuple[str, dict[str, Any]]:
        word = secrets.token_urlsafe(32)
        return word, {"digest": digest(word), "sealed": self._vault().seal(word)}

    def _address(self, row: Row[Any]) -> Address:
        try:
            word = self._vault().open(row.sealed)
        except ValueError:
            word = None
        wish = Wish(row.name, row.filter, row.past, row.vague, row.off)
        return Address(row.id, wish, word, moment(row.made), moment(row.used) if row.used else None)


def _mine(who: Who) -> tuple[Any, ...]:
    return ADDRESSES.c.tenant == who.tenant, ADDRESSES.c.reader == who.reader


def _values(wish: Wish) -> dict[str, Any]:
    return {"name": wish.name, "filter": wish.filter, "past": wish.past, "vague": wish.vague, "off": wish.off}


def _note(connection: Connection, id: str, now: datetime) -> None:
    connection.execute(update(ADDRESSES).where(ADDRESSES.c.id == id).values(used=stamp(now)))
