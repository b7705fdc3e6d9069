"""What the reports of one visit come to, taken one story after the other by publication time.

It can be put away and taken up again, so that a report of tomorrow costs the same after ten reports and ten thousand.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic import TypeAdapter
from visitwire_schemas import (
    Announcer,
    ChangeKind,
    Destination,
    HistoryEntry,
    LedgerVisit,
    Party,
    Report,
    VisitDates,
    VisitStatus,
)
from visitwire_schemas.day_range import days

from visitwire_alerting.ledger.fold.independent_sources import MOST, independent
from visitwire_alerting.ledger.fold.name_matching import tokens
from visitwire_alerting.ledger.fold.progress import advance, settle
from visitwire_alerting.ledger.fold.sighting import Sighting

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
REPORTS = 200
"""Reports that a visit lists at most, beside those that changed it: some 150 kB, of the 4 MB that visits-v1 takes."""

type Counts = dict[str, int]
"""How often each value was given, the first given first."""


@dataclass
class PartyCounts:
    """A visitor or host in all the forms that the reports give."""

    names: Counts = field(default_factory=dict)
    labels: Counts = field(default_factory=dict)
    countries: Counts = field(default_factory=dict)
    given: bool = False

    def take(self, party: Party | None) -> None:
        if party is None:
            return
        self.given = True
        for counts, value in (
            (self.names, party.name),
            (self.labels, party.label),
            (self.countries, party.country),
        ):
            _count(counts, value)

    def best(self) -> Party | None:
        """In the fullest form."""
        if not self.given:
            return None
        return Party(
            name=_fullest(self.names, lambda name: len([part for part in tokens(name) if len(part) > 1])),
            label=_fullest(self.labels),
            country=_fullest(self.countries),
        )


@dataclass
class Course:
    """Status and dates as the reports move them on, and who reports it."""

    status: VisitStatus
    dates: VisitDates | None
    announced_by: Announcer | None
    history: list[HistoryEntry]
    confidence: float = 0.0
    texts: dict[str, list[str]] = field(default_factory=dict)

    def take(self, report: Report) -> None:
        was, had = self.status, self.dates
        self.status = advance(was, report.status)
        self.dates = settle(had, report.dates, self.status)
        if self.status is not was:
            self.announced_by = report.announced_by
            self.history.append(self._entry(report, arrival(was, self.status)))
        elif days(self.dates) != days(had):
            self.history.append(self._entry(report, dated(had)))
        self._source(report)

    def begin(self, report: Report) -> "Course":
        self.history.append(self._entry(report, arrival(None, self.status)))
        self._source(report)
        return self

    def _source(self, report: Report) -> None:
        self.confidence = max(self.confidence, report.confidence)
        texts, text = self.texts.setdefault(report.provider, []), report.same_as or report.story
        if len(texts) < MOST and text not in texts:
            texts.append(text)

    def _entry(self, report: Report, change: ChangeKind) -> HistoryEntry:
        return HistoryEntry(
            at=report.published,
            change=change,
            status=self.status,
            dates=self.dates,
            provider=report.provider,
            uri=report.uri,
        )


def _course(report: Report) -> Course:
    begun = Course(status=report.status, dates=report.dates, announced_by=report.announced_by, history=[])
    return begun.begin(report)


@dataclass
class Account:
    """What the stories taken so far say of one visit."""

    visitor: PartyCounts = field(default_factory=PartyCounts)
    host: PartyCounts = field(default_factory=PartyCounts)
    country: str | None = None
    places: Counts = field(default_factory=dict)
    news: Course | None = None
    """By the stories whose news it is."""
    background: Course | None = None
    """By all stories, while it is the news of none."""
    dates: VisitDates | None = None
    """The latest that any story gives, for a visit whose news give none."""
    stories: int = 0
    latest: list[Report] = field(default_factory=list)
    older: list[Report] = field(default_factory=list)
    """Those before `latest` that changed the visit."""
    first: Sighting | None = None

    def take(self, sighting: Sighting) -> None:
        """The word of the next story."""
        said = sighting.report
        self.stories += 1
        self.first = self.first or sighting
        self.visitor.take(sighting.visitor)
        self.host.take(sighting.host)
        self._go(sighting.destination)
        if days(said.dates):
            self.dates = said.dates
        if said.focus:
            self.news, self.background = self._on(self.news, said), None
        elif self.news is None:
            self.background = self._on(self.background, said)
        self._list(said)

    def visit(self, id: str, revision: int) -> LedgerVisit:
        """The visit as it stands after these stories."""
        course = self.news or self.background
        if course is None:
            raise ValueError("no story reports the visit")
        changed = {entry.story for entry in course.history}
        reports = (*(one for one in self.older if one.story in changed), *self.latest)
        return LedgerVisit(
            id=id,
            revision=revision,
            visitor=self.visitor.best() or Party(),
            destination=Destination(country=self.country, place=_fullest(self.places)),
            host=self.host.best(),
            status=course.status,
            dates=course.dates or self.dates,
            announced_by=course.announced_by,
            confidence=course.confidence,
            reports=reports,
            reports_left_out=self.stories - len(reports),
            history=tuple(course.history),
            sources_independent=independent(course.texts),
            focus=self.news is not None,
            updated=self.latest[-1].published,
        )

    def _go(self, destination: Destination) -> None:
        """A country, once told, is where it goes, and what was said of a region before is no place of it."""
        if self.country is None and destination.country is not None:
            self.country, self.places = destination.country, {}
        if destination.country == self.country:
            _count(self.places, destination.place)

    @staticmethod
    def _on(course: Course | None, said: Report) -> Course:
        if course is None:
            return _course(said)
        course.take(said)
        return course

    def _list(self, said: Report) -> None:
        self.latest.append(said)
        if len(self.latest) <= REPORTS:
            return
        course, old = self.news or self.background, self.latest.pop(0)
        if course and any(entry.story == old.story for entry in course.history):
            self.older.append(old)


ACCOUNT = TypeAdapter(Account)
"""Reads and writes one as JSON."""


def arrival(before: VisitStatus | None, now: VisitStatus) -> ChangeKind:
    """The change that a new status is: what nobody had agreed to is denied, not cancelled."""
    if now is VisitStatus.CANCELLED and before in (None, VisitStatus.INVITED):
        return ChangeKind.DENIED
    return ARRIVED[now]


def dated(before: VisitDates | None) -> ChangeKind:
    return ChangeKind.DATES_CHANGED if days(before) else ChangeKind.DATES_SET


def _count(counts: Counts, value: str | None) -> None:
    if value:
        counts[value] = counts.get(value, 0) + 1


def _fullest(counts: Counts, parts: Callable[[str], int] = lambda value: 0) -> str | None:
    """The value with most parts, then the most frequent, then the first."""
    return max(counts, key=lambda value: (parts(value), counts[value]), default=None)
