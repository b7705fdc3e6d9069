"""Which reports about one visitor and one destination are about one trip.

A pure function of the set of reports. Reports are taken by publication time; each goes to the trip it fits best, by
dates where both have them and by time of publication where they do not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from visitwire_schemas import VisitDates, VisitStatus

from visitwire_alerting.sighting import Sighting
from visitwire_alerting.span import Days, days, gap
from visitwire_alerting.status import AHEAD, BEGUN, advance, settle

MOVED = 30
"""Days by which the dates of a visit that has not begun may differ between reports and still be that visit's."""
TAKEN_PLACE = 3
"""The same for a visit that has begun: another date after it is another trip."""
REMEMBERED = 366
"""Days for which an invitation, an acceptance or a postponement without dates waits for news."""
RECENT = 45
"""Days after a visit in which "he visited" without a date still means it."""


@dataclass
class Occasion:
    """One trip, as far as the reports taken so far tell; they are taken by publication time."""

    sightings: list[Sighting] = field(default_factory=list)
    begun: Days | None = None
    """The first and the last day on which it was reported under way or just over."""
    news: VisitStatus | None = None
    """The status by the reports whose news it is."""
    background: VisitStatus | None = None
    """The status by those that only mention it, which counts while there is no other."""
    dates: VisitDates | None = None

    @property
    def status(self) -> VisitStatus | None:
        return self.news or self.background

    def take(self, sighting: Sighting) -> None:
        said = sighting.report
        self.sightings.append(sighting)
        if said.status in BEGUN:
            today = said.published.date()
            self.begun = (self.begun[0] if self.begun else today), today
        if said.focus:
            self.news = advance(self.news, said.status)
        else:
            self.background = advance(self.background, said.status)
        self.dates = settle(self.dates, said.dates, self.status or said.status)

    @property
    def first(self) -> date:
        return self.sightings[0].report.published.date()

    @property
    def last(self) -> date:
        return self.sightings[-1].report.published.date()

    @property
    def span(self) -> Days | None:
        """Its days; where no report gives them, those in which it was reported under way or just over."""
        known = days(self.dates)
        if known or self.status not in BEGUN or self.begun is None:
            return known
        return self.begun[0] - timedelta(days=7), self.begun[1]


def occasions(sightings: Sequence[Sighting]) -> list[Occasion]:
    """The trips of one visitor to one destination."""
    found: list[Occasion] = []
    for sighting in sorted(sightings, key=lambda sighting: sighting.order):
        fits = [(far, -number) for number, trip in enumerate(found) if (far := distance(trip, sighting)) is not None]
        if fits:
            found[-min(fits)[1]].take(sighting)
        else:
            found.append(Occasion())
            found[-1].take(sighting)
    return found


def distance(trip: Occasion, sighting: Sighting) -> int | None:
    """How far, in days, the report is from the trip; None where it is about another."""
    theirs, ours = days(sighting.report.dates), trip.span
    if theirs and ours:
        return _dated(trip, ours, theirs)
    if theirs:
        return _now_dated(trip, theirs)
    if ours:
        return _undated(sighting, ours)
    return _both_open(trip, sighting)


def _dated(trip: Occasion, ours: Days, theirs: Days) -> int | None:
    between = gap(ours, theirs)
    if trip.status in BEGUN:
        limit = TAKEN_PLACE
    else:
        limit = REMEMBERED if trip.status is VisitStatus.POSTPONED and theirs[0] >= ours[0] else MOVED
    return between if between <= limit else None


def _now_dated(trip: Occasion, theirs: Days) -> int | None:
    """A trip without dates that was ahead may get them now, if they lie ahead of what was known."""
    if theirs[1] < trip.first - timedelta(days=TAKEN_PLACE):
        return None
    wait = (theirs[0] - trip.last).days
    return max(0, wait) if wait <= REMEMBERED else None


def _undated(sighting: Sighting, ours: Days) -> int | None:
    """A report without dates, of a trip whose days are known."""
    day, said = sighting.report.published.date(), sighting.report.status
    if said in AHEAD:
        near = ours[1] >= day - timedelta(days=1) and (ours[0] - day).days <= REMEMBERED
        return max(0, (ours[0] - day).days) if near else None
    if said is VisitStatus.UNDER_WAY and sighting.report.focus:
        between = gap(ours, (day - timedelta(days=2), day))
        return between if between <= TAKEN_PLACE else None
    since = max(0, (day - ours[1]).days)
    long = RECENT if sighting.report.focus else REMEMBERED
    return since if ours[0] <= day + timedelta(days=1) and since <= long else None


def _both_open(trip: Occasion, sighting: Sighting) -> int | None:
    """Neither has dates: one trip while it is remembered; but background on a past one is none that lies ahead."""
    if not sighting.report.focus and sighting.report.status in BEGUN and trip.status in AHEAD:
        return None
    wait = abs((sighting.report.published.date() - trip.last).days)
    return wait if wait <= REMEMBERED else None
