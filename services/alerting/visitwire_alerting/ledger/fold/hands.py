"""What people say of visits, laid over what wires make of them: a pure function of reports and hands.

A hand knows its visit by the stories that reported it and by what wires had of it then, never by an id: ids depend on
the order in which stories came.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from visitwire_schemas import (
    DESK,
    ChangeKind,
    Destination,
    Hand,
    HandKind,
    HistoryEntry,
    LedgerVisit,
    Like,
    Party,
    Right,
)
from visitwire_schemas.day_range import days, gap

from visitwire_alerting.ledger.fold.account import arrival, dated
from visitwire_alerting.ledger.fold.identity import named_alike, same_visitor
from visitwire_alerting.ledger.fold.occasions import Occasion
from visitwire_alerting.ledger.fold.sighting import Sighting
from visitwire_alerting.ledger.fold.visits import fold


@dataclass
class Shaped:
    """A trip as wires and the desk make it."""

    trip: Occasion
    hands: list[Hand] = field(default_factory=list)

    @property
    def dismissed(self) -> bool:
        return any(hand.kind is HandKind.DISMISS for hand in self.hands)

    def fold(self, id: str = "", revision: int = 1) -> LedgerVisit:
        """The visit as it stands."""
        return self.over(fold(self.trip.sightings, id, revision))

    def over(self, visit: LedgerVisit) -> LedgerVisit:
        """The trip as wires have it, with the hands laid over it."""
        for hand in self.hands:
            visit = _laid_over(visit, hand)
        return visit


def shape(trips: Sequence[Occasion], hands: Sequence[Hand]) -> list[Shaped]:
    """Lays hands over trips, each over those that came before it. One whose reports are gone waits for them."""
    found = [Shaped(trip) for trip in trips]
    for hand in sorted(hands, key=lambda hand: hand.order):
        place = _place(found, hand.about, hand.id)
        if place is not None:
            _lay(found, place, hand)
    return sorted(found, key=lambda one: one.trip.first_order)


def _lay(found: list[Shaped], place: int, hand: Hand) -> None:
    mine = found[place]
    mine.hands.append(hand)
    if hand.kind is HandKind.MERGE and hand.other is not None:
        other = _place(found, hand.other, hand.id)
        if other is not None and other != place:
            gone = found[other]
            mine.trip = _trip([*mine.trip.sightings, *gone.trip.sightings])
            mine.hands = sorted([*gone.hands, *mine.hands], key=lambda hand: hand.order)
            del found[other]
    elif hand.kind is HandKind.SPLIT:
        apart = [one for one in mine.trip.sightings if one.story in hand.apart]
        rest = [one for one in mine.trip.sightings if one.story not in hand.apart]
        if apart and rest:
            mine.trip = _trip(rest)
            found.append(Shaped(_trip(apart), [hand]))


def _place(found: Sequence[Shaped], like: Like, id: str) -> int | None:
    """The trip that a hand is about: one of the same visitor to the same destination that shares a story with it. Of
    several, that which shares most, then the one whose visitor is named alike, then the one at the same time."""
    fits = [(unlike, place) for place, one in enumerate(found) if (unlike := _unlike(one.trip, like, id)) is not None]
    return min(fits)[1] if fits else None


def _unlike(trip: Occasion, like: Like, id: str) -> tuple[int, bool, bool, str] | None:
    shared = len({sighting.story for sighting in trip.sightings} & set(like.stories)) + trip.spoken_of.get(id, 0)
    went = like.destination.country
    there = went in (None, trip.where) or any(sighting.destination.country == went for sighting in trip.sightings)
    if not shared or not there or not same_visitor(trip, like.visitor):
        return None
    ours, theirs = days(trip.dates), days(like.dates)
    apart = (ours is None) is not (theirs is None) or bool(ours and theirs and gap(ours, theirs))
    return -shared, not named_alike(trip, like.visitor), apart, trip.first_order


def _trip(sightings: Sequence[Sighting]) -> Occasion:
    """One trip of whatever is said to be one."""
    made = Occasion()
    for sighting in sorted(sightings, key=lambda sighting: sighting.order):
        made.take(sighting.form, sighting)
    return made


def like(sightings: Sequence[Sighting]) -> Like:
    """By what a hand finds the visit of these reports again."""
    had = fold(sightings)
    stories = tuple(sorted({sighting.story for sighting in sightings}))
    return Like(stories=stories, visitor=had.visitor, destination=had.destination, dates=had.dates)


type Parted = Mapping[str, Mapping[str, Like]]
"""By the hand that joined two visits and was taken back since: what it said either was like, by the visit's id."""


def as_wires_had_it(visit: LedgerVisit, parted: Parted = MappingProxyType({})) -> LedgerVisit:
    """The visit before hands were laid over it, as far as its id goes by it. What no hand changed is as it is: of a
    visit that was merged into this one, hands come along which are about another."""
    had: dict[str, Any] = {}
    for hand in visit.hands:
        alone = parted.get(hand.id, {}).get(visit.id)
        for name in ("visitor", "destination", "dates"):
            if alone is not None:
                had.setdefault(name, getattr(alone, name))
            elif hand.right and (getattr(hand.right, name) is not None or name in hand.right.none):
                had.setdefault(name, getattr(hand.about, name))
    return visit.model_copy(update=had)


def merged(shaped: Sequence[Shaped], visit: LedgerVisit) -> int | None:
    """The trip that a person said is the same as this visit's."""
    reports = {report.story for report in visit.reports}
    for place, one in enumerate(shaped):
        joined = any(hand.kind is HandKind.MERGE for hand in one.hands)
        if joined and reports & {sighting.story for sighting in one.trip.sightings}:
            return place
    return None


def _laid_over(visit: LedgerVisit, hand: Hand) -> LedgerVisit:
    after = visit if hand.right is None else visit.model_copy(update=_given(visit, hand.right))
    entry = _entry(visit, after, hand)
    history = visit.history if entry is None else tuple(sorted((*visit.history, entry), key=lambda one: one.at))
    more = {"history": history, "hands": (*visit.hands, hand), "updated": max(visit.updated, hand.at)}
    return after.model_copy(update=more)


def _given(visit: LedgerVisit, right: Right) -> dict[str, Any]:
    """The fields that a correction puts in the place of the visit's."""
    found: dict[str, Any] = dict.fromkeys(right.none)
    for name in ("host", "status", "dates", "announced_by"):
        if (value := getattr(right, name)) is not None:
            found[name] = value
    if right.visitor is not None:
        found["visitor"] = _parts(visit.visitor, right.visitor)
    if right.destination is not None:
        found["destination"] = _parts(visit.destination, right.destination)
    return found


def _parts[P: (Party, Destination)](had: P, right: P) -> P:
    return had.model_copy(update=right.model_dump(exclude_none=True))


def _entry(before: LedgerVisit, after: LedgerVisit, hand: Hand) -> HistoryEntry | None:
    """The turn that a correction is in the visit's history; None for one that leaves status and dates."""
    if after.status is not before.status:
        change = arrival(before.status, after.status)
    elif days(after.dates) != days(before.dates):
        change = dated(before.dates) if days(after.dates) else ChangeKind.CORRECTED
    else:
        return None
    given = {"status": after.status, "dates": after.dates, "provider": DESK, "uri": hand.id}
    return HistoryEntry(at=hand.at, change=change, **given)
