"""Which id a visit has: once given it stays, whatever comes late or is taken back.

The reports decide what the visits are (see `fold`); ids follow. A visit keeps the id under which its stories are known;
only one that shares no story with any known visit gets a new id, made from its content.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from visitwire_schemas import LedgerVisit, Party
from visitwire_schemas.day_range import days, gap

from visitwire_alerting.ledger.fold.name_matching import alike, tokens
from visitwire_alerting.ledger.fold.occasions import Occasion
from visitwire_alerting.ledger.fold.sighting import Sighting


@dataclass(frozen=True)
class KnownVisit:
    """A visit that has an id: as it stands, or as it last stood."""

    number: int
    visit: LedgerVisit
    standing: bool
    stories: frozenset[str]
    """Those that ever reported it, of all that are looked at."""


def assign(trips: Sequence[Occasion], known: Sequence[KnownVisit]) -> Mapping[int, KnownVisit]:
    """Which trip (by its place in `trips`) is which known visit, the likeliest pairs first.

    A pair shares a story, and the visitor or the destination: a correction may change the one or the other.
    """
    reported: dict[str, list[int]] = {}
    for place, trip in enumerate(trips):
        for story in {sighting.story for sighting in trip.sightings}:
            reported.setdefault(story, []).append(place)
    settled: dict[str, list[int]] = {}
    for place, trip in enumerate(trips):
        if trip.known_as is not None:
            settled.setdefault(trip.known_as, []).append(place)
    pairs = sorted(
        (unlike, visit.number, place)
        for visit in known
        for place in {
            *(place for story in visit.stories for place in reported.get(story, ())),
            *settled.get(visit.visit.id, ()),
        }
        if (unlike := _unlike(trips[place], visit)) is not None
    )
    by_number = {visit.number: visit for visit in known}
    given: dict[int, KnownVisit] = {}
    taken: set[int] = set()
    for _, number, place in pairs:
        if place not in given and number not in taken:
            given[place] = by_number[number]
            taken.add(number)
    return given


type Unlike = tuple[bool, bool, int, bool, bool, bool, bool, bool]


def _unlike(trip: Occasion, known: KnownVisit) -> Unlike | None:
    """Sorts the likeliest pair first: who and where, then the stories shared; how the visitor is named, dates, and a
    place that one of them does not name, tell two trips of one story apart.

    None where the two cannot be one visit.
    """
    shared = len({sighting.story for sighting in trip.sightings} & known.stories)
    if trip.known_as == known.visit.id:
        shared += trip.settled
    elsewhere = known.visit.destination.country not in (None, trip.where)
    else_who = not same_visitor(trip, known.visit.visitor)
    if not shared or (elsewhere and else_who):
        return None
    ours, theirs = days(trip.dates), days(known.visit.dates)
    return (
        else_who,
        elsewhere,
        -shared,
        not named_alike(trip, known.visit.visitor),
        (ours is None) is not (theirs is None) or bool(ours and theirs and gap(ours, theirs)),
        known.visit.focus is not (trip.news is not None),
        (known.visit.destination.country or "") != trip.where.strip("?"),
        not known.standing,
    )


def same_visitor(trip: Occasion, visitor: Party) -> bool:
    """Whether a report of the trip may name this visitor: a title alone may be anybody's of that country."""
    theirs = tokens(visitor.name or "")
    return any(alike(names, theirs) if names and theirs else country == visitor.country for names, country in trip.who)


def named_alike(trip: Occasion, visitor: Party) -> bool:
    """Whether a report of the trip names the visitor as this one is named or, like this one, gives a title alone: of a
    minister and a delegation of her country in one story, each is the one so called."""
    theirs = tokens(visitor.name or "")
    return any(bool(names) is bool(theirs) and (not theirs or alike(names, theirs)) for names, _ in trip.who)


def heir(trips: Sequence[Occasion], visit: LedgerVisit) -> int | None:
    """The trip that took over a visit's live reports, when they turned out to be about another visit."""
    reports = {report.story for report in visit.reports}
    for place, trip in enumerate(trips):
        here = visit.destination.country in (None, trip.where)
        if here and same_visitor(trip, visit.visitor) and reports & {sighting.story for sighting in trip.sightings}:
            return place
    return None


def new_id(first: Sighting, salt: int = 0) -> str:
    """A readable id made from who, where to, and when as the earliest report tells it: "ru-putin-in-5f0c2a9e"."""
    visitor, place = first.visitor, first.where.strip("?")
    when = first.report.dates.start if first.report.dates and first.report.dates.start else None
    told = when or first.report.published.date().isoformat()
    parts = "|".join((*first.form.names, first.office or "", visitor.country or "", place, told, str(salt)))
    digest = hashlib.sha256(parts.encode()).hexdigest()[:8]
    words = (visitor.country, _surname(first), place, digest)
    return "-".join(slug(word) for word in words if word)


def _surname(first: Sighting) -> str:
    if first.visitor.name:
        return first.visitor.name.split()[-1]
    return (first.visitor.label or "visitor")[:40]


def slug(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", bare.casefold()).strip("-")
