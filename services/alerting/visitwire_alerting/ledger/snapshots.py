"""What long reported visits come to, so that a story of today is folded with the latest reports alone.

The fold takes reports by publication time, so what it has made of the earliest can be kept and gone on from: the result
is the same. A report that comes late, or is killed or corrected, opens the snapshots of its time again.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, CursorResult, bindparam, delete, select, update

from visitwire_alerting.ledger.fold.account import ACCOUNT, Account
from visitwire_alerting.ledger.fold.sighting import Order, Sighting
from visitwire_alerting.ledger.fold.visitor_form import Form
from visitwire_alerting.ledger.fold.visitors import Visitor
from visitwire_alerting.storage.database import Overtaken
from visitwire_alerting.storage.ledger_tables import accounts, sightings, snapshot_keys, snapshots

PERSONS = TypeAdapter(list[Visitor])


@dataclass(frozen=True)
class Snapshot:
    """What some visitors' reports come to up to a moment."""

    number: int
    until: str
    size: int
    body: str
    persons: list[Visitor] = field(repr=False)
    """To be gone on from, once: taking a report changes them."""

    def forms(self) -> Iterable[Form]:
        return (form for person in self.persons for form in person.forms())


@dataclass(frozen=True)
class Entered:
    """A live report that may be put away: its number, and the visit that it supports, or would if nobody had dismissed
    it."""

    number: int
    visit: str | None
    sighting: Sighting


def place(order: Order) -> str:
    """Where a report stands in time, as text that sorts alike; reports of one story stand at one place."""
    published, story, _ = order
    return f"{published.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%S.%f')} {story}"


def with_keys(connection: Connection, keys: Collection[str], found: dict[int, Snapshot]) -> list[Snapshot]:
    """The latest snapshots that have one of these marks and are not among `found`, to which they are added."""
    asked = {"keys": list(keys), "found": list(found)}
    new = [
        Snapshot(row.number, row.until, row.size, row.body, PERSONS.validate_json(row.body))
        for row in connection.execute(_WITH_KEYS, asked)
    ]
    found.update({one.number: one for one in new})
    return new


def account(connection: Connection, number: int | None) -> Account | None:
    """What a trip's settled reports come to."""
    if number is None:
        return None
    body = connection.execute(_ACCOUNT, {"of": number}).scalar_one()
    return ACCOUNT.validate_json(body)


_MARKED = select(snapshot_keys.c.snapshot).where(snapshot_keys.c.key.in_(bindparam("keys", expanding=True)))
_WITH_KEYS = (
    select(snapshots)
    .where(
        snapshots.c.later.is_(None),
        snapshots.c.number.in_(_MARKED),
        snapshots.c.number.not_in(bindparam("found", expanding=True)),
    )
    .order_by(snapshots.c.number)
)
_ACCOUNT = select(accounts.c.body).where(accounts.c.number == bindparam("of"))


def reopen(connection: Connection, numbers: Sequence[int]) -> None:
    """Lets the reports of these snapshots be folded again, from those before on."""
    connection.execute(update(sightings).where(sightings.c.snapshot.in_(numbers)).values(snapshot=None))
    connection.execute(update(snapshots).where(snapshots.c.later.in_(numbers)).values(later=None))
    all_changed(connection.execute(delete(snapshots).where(snapshots.c.number.in_(numbers))), numbers)


def all_changed(changed: CursorResult[Any], numbers: Sequence[int]) -> None:
    """Raises `Overtaken` unless every one of these rows was changed."""
    if changed.rowcount != len(numbers):
        raise Overtaken("another worker put the same reports away")
