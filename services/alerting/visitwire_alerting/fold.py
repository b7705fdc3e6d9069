"""A visit as it stands: a pure function of the live reports about it, by publication time."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from visitwire_schemas import (
    ChangeKind,
    Destination,
    HistoryEntry,
    LedgerVisit,
    Party,
    Report,
    VisitDates,
    VisitStatus,
)

from visitwire_alerting.names import tokens
from visitwire_alerting.occasions import Occasion, occasions
from visitwire_alerting.persons import persons
from visitwire_alerting.sighting import Sighting
from visitwire_alerting.sources import independent
from visitwire_alerting.span import days
from visitwire_alerting.status import PROGRESS, advance, settle

ARRIVED = {
    VisitStatus.INVITED: ChangeKind.INVITED,
    VisitStatus.ACCEPTED: ChangeKind.ACCEPTED,
    VisitStatus.PLANNED: ChangeKind.ANNOUNCED,
    VisitStatus.UNDER_WAY: ChangeKind.UNDER_WAY,
    VisitStatus.CONCLUDED: ChangeKind.CONCLUDED,
    VisitStatus.POSTPONED: ChangeKind.POSTPONED,
    VisitStatus.CANCELLED: ChangeKind.CANCELLED,
}
"""The change that brings a visit to a status."""
REPORTS = 500
"""Reports that a visit lists at most, beside those that changed it: some 350 kB, of the 4 MB that visits-v1 takes."""


def visits_of(sightings: Iterable[Sighting]) -> list[Occasion]:
    """The visits that a set of reports speaks of, the earliest reported first."""
    by_place: dict[str, list[Sighting]] = {}
    for sighting in sightings:
        by_place.setdefault(sighting.where, []).append(sighting)
    found = [trip for group in by_place.values() for person in persons(group) for trip in occasions(person.sightings)]
    return sorted(found, key=lambda trip: min(sighting.order for sighting in trip.sightings))


def fold(sightings: Iterable[Sighting], id: str = "", revision: int = 1) -> LedgerVisit:
    """The state of the one visit that all `sightings` report."""
    said = one_a_story(sightings)
    leading = [sighting for sighting in said if sighting.report.focus] or said
    state = _follow(leading)
    reports = _listed(said, state.history)
    return LedgerVisit(
        id=id,
        revision=revision,
        visitor=best_party([sighting.visitor for sighting in said]) or Party(),
        destination=_destination(said),
        host=best_party([sighting.host for sighting in said]),
        status=state.status,
        dates=state.dates or _background_dates(said),
        announced_by=state.decided_by.report.announced_by,
        confidence=max(sighting.report.confidence for sighting in leading),
        reports=reports,
        reports_left_out=len(said) - len(reports),
        history=tuple(state.history),
        sources_independent=independent(sighting.report for sighting in leading),
        focus=leading[0].report.focus,
        updated=said[-1].report.published,
    )


def _listed(said: Sequence[Sighting], history: Sequence[HistoryEntry]) -> tuple[Report, ...]:
    """The reports that a visit names, by publication time: the latest, and those that changed it."""
    changed = {entry.story for entry in history}
    old = len(said) - REPORTS
    return tuple(one.report for place, one in enumerate(said) if place >= old or one.story in changed)


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


@dataclass
class _State:
    status: VisitStatus
    dates: VisitDates | None
    decided_by: Sighting
    history: list[HistoryEntry]


def _follow(leading: Sequence[Sighting]) -> _State:
    first = leading[0]
    state = _State(first.report.status, first.report.dates, first, [])
    state.history.append(_entry(first, arrival(None, state.status), state))
    for sighting in leading[1:]:
        _step(state, sighting)
    return state


def _step(state: _State, sighting: Sighting) -> None:
    was, had = state.status, state.dates
    state.status = advance(was, sighting.report.status)
    state.dates = settle(had, sighting.report.dates, state.status)
    if state.status is not was:
        state.decided_by = sighting
        state.history.append(_entry(sighting, arrival(was, state.status), state))
    elif days(state.dates) != days(had):
        state.history.append(_entry(sighting, dated(had), state))


def arrival(before: VisitStatus | None, now: VisitStatus) -> ChangeKind:
    """The change that a new status is: what nobody had agreed to is denied, not cancelled."""
    if now is VisitStatus.CANCELLED and before in (None, VisitStatus.INVITED):
        return ChangeKind.DENIED
    return ARRIVED[now]


def dated(before: VisitDates | None) -> ChangeKind:
    return ChangeKind.DATES_CHANGED if days(before) else ChangeKind.DATES_SET


def _entry(sighting: Sighting, change: ChangeKind, state: _State) -> HistoryEntry:
    said = sighting.report
    return HistoryEntry(
        at=said.published,
        change=change,
        status=state.status,
        dates=state.dates,
        provider=said.provider,
        uri=said.uri,
    )


def _background_dates(said: Sequence[Sighting]) -> VisitDates | None:
    return next((sighting.report.dates for sighting in reversed(said) if days(sighting.report.dates)), None)


def best_party(parties: Iterable[Party | None]) -> Party | None:
    """The visitor or host in the fullest form that the reports give."""
    given = [party for party in parties if party is not None]
    if not given:
        return None
    names = [party.name for party in given if party.name]
    return Party(
        name=_fullest(names, lambda name: len([part for part in tokens(name) if len(part) > 1])),
        label=_fullest([party.label for party in given if party.label], lambda label: 0),
        country=_fullest([party.country for party in given if party.country], lambda country: 0),
    )


def _fullest(values: Sequence[str], parts: Callable[[str], int]) -> str | None:
    """The value with most parts, then the most frequent, then the first."""
    if not values:
        return None
    counts = Counter(values)
    return max(counts, key=lambda value: (parts(value), counts[value], -values.index(value)))


def _destination(said: Sequence[Sighting]) -> Destination:
    places = [sighting.destination.place for sighting in said if sighting.destination.place]
    return Destination(country=said[0].destination.country, place=_fullest(places, lambda place: 0))
