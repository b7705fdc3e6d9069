"""Takes stories out of the ledger for the law's sake, with everything that was made of them; they never come back."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, Engine, delete, or_, select, update
from visitwire_runtime.database import insert_or
from visitwire_schemas import Hand

from visitwire_alerting.ledger import live_reports
from visitwire_alerting.ledger.fold.name_matching import tokens
from visitwire_alerting.ledger.fold.sighting import Sighting
from visitwire_alerting.ledger.fold.versions import GONE
from visitwire_alerting.ledger.refold import refold
from visitwire_alerting.ledger.retention import erase
from visitwire_alerting.ledger.visitor_locks import hold
from visitwire_alerting.ledger.write_visit import Cause
from visitwire_alerting.storage.database import committed, reading
from visitwire_alerting.storage.delivery_tables import attempts, deliveries, delivery_alerts
from visitwire_alerting.storage.ledger_tables import alerts, claims, hand_stories, hands, sightings, stories


@dataclass
class Forgotten:
    """What the ledger lost."""

    stories: int = 0
    reports: int = 0
    visits_changed: int = 0
    """Visits that other stories report too."""
    gone: list[str] = field(default_factory=list)
    """Visits that nobody else reported."""
    alerts: int = 0
    deliveries: int = 0

    def add(self, other: "Forgotten") -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    def counts(self) -> dict[str, int]:
        return {**{name: value for name, value in vars(self).items() if name != "gone"}, "visits_gone": len(self.gone)}


def forget_stories(engine: Engine, keys: Sequence[str], at: datetime) -> Forgotten:
    """Takes these stories out, one after the other, known or not: what comes of them later is not entered either.

    Nobody is alerted; visits-v1 is told. A story that is forgotten already is none of the count.
    """
    lost = Forgotten()
    for key in keys:
        lost.add(committed(engine, partial(_forget, key=key, at=at)))
    return lost


def _forget(connection: Connection, key: str, at: datetime) -> Forgotten:
    rows = insert_or(connection, stories).on_conflict_do_nothing()
    connection.execute(rows, [{"key": key, "seen": at}])
    hold(connection, [key])
    held = live_reports.of_story(connection, key)
    known = connection.execute(select(stories.c.kill_version).where(stories.c.key == key)).scalar_one()
    connection.execute(update(stories).where(stories.c.key == key).values(rank=None, kill_version=GONE))
    told_of = set(connection.execute(select(claims.c.visit).where(claims.c.story == key)).scalars())
    supported = {one.visit for one in held if one.visit}
    live_reports.replace(connection, key, ())
    if held:
        refold(connection, Cause(key, True, at, quiet=True), [one.sighting for one in held], supported)
    connection.execute(delete(claims).where(claims.c.story == key))
    found = Forgotten(stories=int(known != GONE), reports=len(held))
    found.alerts, found.deliveries = _alerts(connection, key, told_of | supported)
    _hands(connection, key)
    found.gone = [id for id in sorted(told_of | supported) if _stands_no_more(connection, id)]
    found.visits_changed = len(supported - set(found.gone))
    return found


def _stands_no_more(connection: Connection, id: str) -> bool:
    """Erases a visit that only forgotten stories ever reported."""
    others = select(claims.c.story).where(claims.c.visit == id).limit(1)
    if live_reports.of_visit(connection, id) or connection.execute(others).first():
        return False
    erase(connection, id)
    return True


def _alerts(connection: Connection, key: str, visits: set[str]) -> tuple[int, int]:
    """Takes away the alerts that rest on the story, and the deliveries that told nothing else."""
    provider, _, uri = key.partition("|")
    # as the JSON has it, in which it cannot be a part of another's
    said = f'"provider":{json.dumps(provider, ensure_ascii=False)},"uri":{json.dumps(uri, ensure_ascii=False)}'
    query = select(alerts.c.number).where(alerts.c.visit.in_(visits), alerts.c.body.contains(said, autoescape=True))
    numbers = connection.execute(query).scalars().all()
    by_them = select(delivery_alerts.c.delivery).where(delivery_alerts.c.alert.in_(numbers))
    touched = connection.execute(by_them).scalars().all()
    connection.execute(delete(delivery_alerts).where(delivery_alerts.c.alert.in_(numbers)))
    still = select(delivery_alerts.c.delivery).where(delivery_alerts.c.delivery.in_(touched))
    empty = sorted(set(touched) - set(connection.execute(still).scalars()))
    connection.execute(delete(attempts).where(attempts.c.delivery.in_(empty)))
    connection.execute(delete(deliveries).where(deliveries.c.number.in_(empty)))
    connection.execute(delete(alerts).where(alerts.c.number.in_(numbers)))
    return len(numbers), len(empty)


def _hands(connection: Connection, key: str) -> None:
    """Takes away what people said of visits that no other story reports: it repeats names."""
    mine = select(hands.c.number, hands.c.body).join(hand_stories, hand_stories.c.hand == hands.c.number)
    for number, body in connection.execute(mine.where(hand_stories.c.story == key)).all():
        left = Hand.model_validate_json(body).stories
        known = select(stories.c.key).where(
            stories.c.key.in_(left), or_(stories.c.kill_version.is_(None), stories.c.kill_version != GONE)
        )
        if connection.execute(known).first() is None:
            connection.execute(delete(hand_stories).where(hand_stories.c.hand == number))
            connection.execute(delete(hands).where(hands.c.number == number))


def naming(engine: Engine, person: str) -> list[str]:
    """The stories whose reports name the person: as visitor, host, or the one who announced it."""
    asked = set(tokens(person))
    query = select(sightings.c.body)  # all: a database knows no way to spell a name with and without its accents
    with reading(engine) as connection:
        bodies = connection.execute(query.execution_options(yield_per=500)).scalars()
        told = (Sighting.model_validate_json(body) for body in bodies)
        return sorted({one.story for one in told if any(asked <= set(tokens(name)) for name in _names(one))})


def _names(sighting: Sighting) -> Iterator[str]:
    for party in (sighting.visitor, sighting.host, sighting.report.announced_by):
        if party is not None and party.name:
            yield party.name
