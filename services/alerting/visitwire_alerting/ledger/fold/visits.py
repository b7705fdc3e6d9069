"""The visits that a set of reports speaks of, and each as it stands: pure functions of the live reports, which are
taken by publication time."""

from collections.abc import Iterable

from visitwire_schemas import LedgerVisit

from visitwire_alerting.ledger.fold.account import Account
from visitwire_alerting.ledger.fold.occasions import Occasion
from visitwire_alerting.ledger.fold.progress import PROGRESS
from visitwire_alerting.ledger.fold.sighting import Sighting
from visitwire_alerting.ledger.fold.visitors import Visitor, place


def visits_of(sightings: Iterable[Sighting], known: list[Visitor] | None = None) -> list[Occasion]:
    """The visits that a set of reports speaks of, the earliest reported first. `known` are the visitors as earlier
    reports made them; they are taken on from there."""
    persons = known if known is not None else []
    for sighting in sorted(sightings, key=lambda sighting: sighting.order):
        place(persons, sighting)
    return sorted((trip for person in persons for trip in person.trips), key=lambda trip: trip.first_order)


def fold(sightings: Iterable[Sighting], id: str = "", revision: int = 1, before: Account | None = None) -> LedgerVisit:
    """The state of the one visit that all `sightings` report, after what was put away of those `before`."""
    return account_of(sightings, before).visit(id, revision)


def account_of(sightings: Iterable[Sighting], before: Account | None = None) -> Account:
    account = before or Account()
    for sighting in one_a_story(sightings):
        account.take(sighting)
    return account


def one_a_story(sightings: Iterable[Sighting]) -> list[Sighting]:
    """By publication time, with one report a story: its news before its background, the furthest along."""
    best: dict[str, Sighting] = {}
    for sighting in sorted(sightings, key=lambda sighting: sighting.order):
        other = best.get(sighting.story)
        if other is None or _weight(sighting) > _weight(other):
            best[sighting.story] = sighting
    return sorted(best.values(), key=lambda sighting: sighting.order)


def _weight(sighting: Sighting) -> tuple[bool, int]:
    return sighting.report.focus, PROGRESS.get(sighting.report.status, len(PROGRESS))
