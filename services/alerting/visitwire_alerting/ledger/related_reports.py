"""Finds all that may be of one visit with some reports: live reports, snapshots, and what people said."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain

from sqlalchemy import Connection, bindparam, select
from visitwire_schemas import Hand

from visitwire_alerting.ledger import snapshots
from visitwire_alerting.ledger.fold.components import Groups
from visitwire_alerting.ledger.fold.sighting import Sighting, read_sighting
from visitwire_alerting.ledger.hand_log import about
from visitwire_alerting.ledger.live_reports import Held
from visitwire_alerting.ledger.snapshots import Snapshot
from visitwire_alerting.storage.ledger_tables import hand_stories, hands, sighting_keys, sightings
from visitwire_alerting.storage.ledger_tables import snapshots as snapshot_rows

AFTER_ALL = "~"
"""A place (see `snapshots.place`) after every report's."""


@dataclass(frozen=True)
class Related:
    """All that may be of one visitor with some reports, or with one that may, and so on."""

    snapshots: list[Snapshot] = field(default_factory=list)
    """What the earlier reports come to."""
    held: list[Held] = field(default_factory=list)
    """The live reports that no snapshot holds."""


def related(connection: Connection, seeds: Sequence[Sighting]) -> tuple[Related, list[Hand]]:
    """All that may be of one visit with a seed, the desk's word included, and that word.

    A hand finds its visit among all reports of its stories: those that are in none of the snapshots found are fetched.
    """
    wanted = list(seeds)
    while True:
        found = reports_related(connection, wanted)
        said = {hand.id: hand for hand in _put_away(connection, found.snapshots)}
        tied = {sighting.story for sighting in (*wanted, *(held.sighting for held in found.held))}
        asked: set[str] = set()
        while new := tied - asked:
            asked |= new
            fresh = [hand for hand in about(connection, new) if hand.id not in said]
            said |= {hand.id: hand for hand in fresh}
            tied |= {story for hand in fresh for story in hand.stories}
        missing = _missing(connection, said, found)
        if not missing:
            return found, list(said.values())
        wanted += missing


def _put_away(connection: Connection, found: Iterable[Snapshot]) -> list[Hand]:
    """The hands about trips of these snapshots."""
    ids = {id for snapshot in found for person in snapshot.persons for trip in person.trips for id in trip.spoken_of}
    if not ids:
        return []
    query = select(hands.c.body).where(hands.c.id.in_(ids), hands.c.lifted.is_(None))
    return [Hand.model_validate_json(body) for body in connection.execute(query).scalars()]


def _missing(connection: Connection, said: Collection[str], found: Related) -> list[Sighting]:
    """The live reports of the stories of these hands that were not found, nor are in the snapshots that were."""
    if not said:
        return []
    named = select(hand_stories.c.story).join(hands, hands.c.number == hand_stories.c.hand).where(hands.c.id.in_(said))
    elsewhere = sightings.c.snapshot.is_(None) | sightings.c.snapshot.not_in(_chain(connection, found.snapshots))
    query = select(sightings.c.id, sightings.c.body).where(sightings.c.story.in_(named), elsewhere)
    here = {held.number for held in found.held}
    return [read_sighting(row.body) for row in connection.execute(query) if row.id not in here]


def _chain(connection: Connection, latest: Iterable[Snapshot]) -> set[int]:
    """The numbers of these snapshots and of those that they go on from."""
    found = new = {snapshot.number for snapshot in latest}
    while new:
        query = select(snapshot_rows.c.number).where(snapshot_rows.c.later.in_(new))
        new = set(connection.execute(query).scalars())
        found = found | new
    return found


def reports_related(connection: Connection, seeds: Sequence[Sighting]) -> Related:
    """All that may concern the same visits as the seeds. Snapshots that one of the reports falls into are opened."""
    while True:
        found = _reach(connection, seeds)
        opened = _fallen_into(found.snapshots, [*seeds, *(held.sighting for held in found.held)])
        if not opened:
            return found
        snapshots.reopen(connection, opened)


def _fallen_into(found: Sequence[Snapshot], reports: Sequence[Sighting]) -> list[int]:
    """The numbers of the snapshots whose end is not before each of the reports that may be of a visitor in them. The
    other visitors of a story may have earlier reports, which change nothing there (see `components`)."""
    first = min((one.order for one in reports), default=None)
    if first is None or all(one.until < snapshots.place(first) for one in found):
        return []
    forms = {one.number: list(one.forms()) for one in found}
    groups = Groups.among([*(one.form for one in reports), *chain(*forms.values())])
    earliest: dict[str, str] = {}
    for one in sorted(reports, key=lambda one: one.order):
        earliest.setdefault(groups.of(one.form), snapshots.place(one.order))
    return [
        one.number
        for one in found
        if any(earliest.get(groups.of(form), AFTER_ALL) <= one.until for form in forms[one.number])
    ]


def _reach(connection: Connection, seeds: Iterable[Sighting]) -> Related:
    asked: set[str] = set()
    held: dict[int, Held] = {}
    settled: dict[int, Snapshot] = {}
    keys = {key for seed in seeds for key in seed.form.asks}
    while keys:
        asked |= keys
        new = _with_keys(connection, keys, held)
        keys = {key for one in new for key in one.sighting.form.asks}
        for snapshot in snapshots.with_keys(connection, asked, settled):
            keys |= {key for form in snapshot.forms() for key in form.asks}
        keys -= asked
    return Related(list(settled.values()), list(held.values()))


def _with_keys(connection: Connection, keys: Collection[str], found: dict[int, Held]) -> list[Held]:
    new = [
        Held(id, visit, read_sighting(body))
        for id, visit, body in connection.execute(_WITH_KEYS, {"keys": list(keys)})
        if id not in found
    ]
    found.update({one.number: one for one in new})
    return new


_MARKED = select(sighting_keys.c.sighting).where(sighting_keys.c.key.in_(bindparam("keys", expanding=True)))
_WITH_KEYS = select(sightings.c.id, sightings.c.visit, sightings.c.body).where(
    sightings.c.id.in_(_MARKED), sightings.c.snapshot.is_(None)
)
