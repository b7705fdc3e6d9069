"""Which reports about one visitor are about one trip.

Reports are taken by publication time; each goes to the trip it fits best, by dates where both have them and by time of
publication where they do not.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from visitwire_schemas import VisitDates, VisitStatus
from visitwire_schemas.day_range import Days, days, gap

from visitwire_alerting.ledger.fold.progress import AHEAD, BEGUN, advance, settle
from visitwire_alerting.ledger.fold.sighting import Sighting
from visitwire_alerting.ledger.fold.visitor_form import Form, countries

MOVED = 30
"""Days by which the dates of a visit that has not begun may differ between reports and still be that visit's."""
TAKEN_PLACE = 3
"""The same for a visit that has begun and whose end is known: another date after it is another trip."""
COURSE = 8
"""Days after its beginning, or after it was last reported under way, in which a visit whose end nobody told goes on."""
OVERDUE = 45
"""Days after its date in which a visit that nobody reported as begun may still be put off, called off or held."""
ON_AGAIN = 120
"""Days after which a visit that was called off, or whose date passed, may have a new date and be the same."""
REMEMBERED = 366
"""Days for which an invitation, an acceptance or a postponement without dates waits for news."""
RECENT = 45
"""Days after a visit in which "he visited" without a date still means it."""
SETTLED = 400
"""Days after its last report when a visit is settled: only a report that gives its very days is about it."""
FAR = 10**6
"""Further than any report is from a trip."""


@dataclass
class Occasion:
    """One trip, as far as the reports taken so far tell."""

    where: str = ""
    """The country; what the reports say, while they name none."""
    begun: Days | None = None
    """The first and the last day on which it was reported under way or just over."""
    news: VisitStatus | None = None
    """The status by the reports whose news it is."""
    background: VisitStatus | None = None
    """The status by those that only mention it, which counts while there is no other."""
    dates: VisitDates | None = None
    first: date | None = None
    last: date | None = None
    who: list[tuple[tuple[str, ...], str | None]] = field(default_factory=list)
    """The names and the country by which the visitor was reported."""
    first_order: str = ""
    """Which report was its first, in an order that never ties."""
    told: tuple[str, Days | None] = ("", None)
    """The story that reported it last, and the days that it gave."""
    account: int | None = None
    """Where the ledger keeps what its settled reports come to (see `snapshots`)."""
    known_as: str | None = None
    """The id of the visit that its settled reports support."""
    settled: int = 0
    """How many those are."""
    spoken_of: dict[str, int] = field(default_factory=dict)
    """By the id of each hand that names stories of its settled reports: how many."""

    def __post_init__(self) -> None:
        self.sightings: list[Sighting] = []
        """The reports taken since it was made or read, by publication time. They are no part of its JSON."""

    @property
    def status(self) -> VisitStatus | None:
        return self.news or self.background

    def take(self, form: Form, sighting: Sighting) -> None:
        said = sighting.report
        if (form.names, form.country) not in self.who:
            self.who.append((form.names, form.country))
        today = said.published.date()
        if self.first is None:
            self.first, self.first_order = today, f"{said.published.isoformat()} {sighting.story} {sighting.ordinal:04}"
        if not self.where or (self.where.startswith("?") and sighting.destination.country):
            self.where = sighting.where
        self.last, self.told = today, (sighting.story, days(said.dates))
        self.sightings.append(sighting)
        if said.status in BEGUN:
            self.begun = (self.begun[0] if self.begun else today), today
        if said.focus:
            self.news = advance(self.news, said.status)
        else:
            self.background = advance(self.background, said.status)
        self.dates = settle(self.dates, said.dates, self.status or said.status)

    @property
    def span(self) -> Days | None:
        """Its days; where no report gives them, those in which it was reported under way or just over."""
        known = days(self.dates)
        if self.status not in BEGUN or self.begun is None:
            return known
        return known or (self.begun[0] - timedelta(days=7), self.begun[1])

    @property
    def course(self) -> Days | None:
        """Its days and, where no report gives the last of them, those of a visit that may go on."""
        span = self.span
        if span is None or self.status not in BEGUN or (self.dates and self.dates.end):
            return span
        seen = self.begun[1] if self.begun and self.status is VisitStatus.UNDER_WAY else span[1]
        until = seen if gap(span, (seen, seen)) <= COURSE else span[1]
        return span[0], max(span[1], until)

    def is_settled(self, today: date) -> bool:
        return self.last is not None and (today - self.last).days > SETTLED

    def distance(self, sighting: Sighting) -> int | None:
        """How far, in days, the report is from the trip; None where it is about another."""
        theirs, ours = days(sighting.report.dates), self.span
        if self.first is None or self.last is None or self._elsewhere(sighting) or self._told_apart(sighting, theirs):
            return None
        if self.is_settled(sighting.report.published.date()):
            return _again(ours, theirs)
        if theirs and ours:
            return self._dated(sighting, ours, theirs)
        if theirs:
            return self._now_dated(theirs)
        if ours:
            return self._undated(sighting, ours)
        return self._both_open(sighting)

    def _elsewhere(self, sighting: Sighting) -> bool:
        return self.where != sighting.where and not countries(self.where) & countries(sighting.where)

    def _told_apart(self, sighting: Sighting, theirs: Days | None) -> bool:
        """Whether one story tells of two trips, by their dates."""
        story, ours = self.told
        return story == sighting.story and bool(ours and theirs and gap(ours, theirs) > TAKEN_PLACE)

    def _dated(self, sighting: Sighting, ours: Days, theirs: Days) -> int | None:
        between = gap(ours, theirs)
        if self.status in BEGUN:
            on = self.course or ours
            near = between <= TAKEN_PLACE or (gap(on, theirs) <= self._more and theirs[0] >= ours[0])
            return between if near else None
        return between if between <= self._movable(sighting, ours, theirs) else None

    @property
    def _more(self) -> int:
        """Days after those known in which a visit under way, whose end nobody told, goes on."""
        open_ended = self.status is VisitStatus.UNDER_WAY and not (self.dates and self.dates.end)
        return COURSE if open_ended else TAKEN_PLACE

    def _movable(self, sighting: Sighting, ours: Days, theirs: Days) -> int:
        """Days by which a visit that has not begun may be moved."""
        if theirs[0] < ours[0] or sighting.report.status is VisitStatus.CONCLUDED:
            return MOVED
        if self.status is VisitStatus.POSTPONED:
            return REMEMBERED
        passed = sighting.report.published.date() > ours[1]
        return ON_AGAIN if self.status is VisitStatus.CANCELLED or passed else MOVED

    def _now_dated(self, theirs: Days) -> int | None:
        """A trip without dates that was ahead may get them now, if they lie ahead of what was known."""
        if self.first is None or self.last is None or theirs[1] < self.first - timedelta(days=TAKEN_PLACE):
            return None
        wait = (theirs[0] - self.last).days
        return max(0, wait) if wait <= REMEMBERED else None

    def _undated(self, sighting: Sighting, ours: Days) -> int | None:
        """A report without dates, of a trip whose days are known."""
        day, said = sighting.report.published.date(), sighting.report.status
        if said in AHEAD:
            late = self._late(said)
            near = ours[1] >= day - timedelta(days=late) and (ours[0] - day).days <= REMEMBERED
            return max(0, (ours[0] - day).days, (day - ours[1]).days) if near else None
        if said is VisitStatus.UNDER_WAY and sighting.report.focus:
            begun = self.status in BEGUN
            between = gap((self.course or ours) if begun else ours, (day - timedelta(days=2), day))
            late = self._more if begun else OVERDUE
            return between if between <= (late if day > ours[1] else TAKEN_PLACE) else None
        since = max(0, (day - ours[1]).days)
        long = RECENT if sighting.report.focus else REMEMBERED
        return since if ours[0] <= day + timedelta(days=1) and since <= long else None

    def _late(self, said: VisitStatus) -> int:
        """Days after its own in which a visit may still be spoken of as one that is to come."""
        if self.status is VisitStatus.CONCLUDED:
            return 1
        return self._more if self.status is VisitStatus.UNDER_WAY else OVERDUE

    def _both_open(self, sighting: Sighting) -> int | None:
        """Neither has dates: one trip while it is remembered; but background on a past one is none that lies ahead."""
        if not sighting.report.focus and sighting.report.status in BEGUN and self.status in AHEAD:
            return None
        wait = abs((sighting.report.published.date() - (self.last or date.max)).days)
        return wait if wait <= REMEMBERED else None


def _again(ours: Days | None, theirs: Days | None) -> int | None:
    """A report of a settled trip is one that gives its days."""
    return gap(ours, theirs) if ours and theirs and gap(ours, theirs) <= TAKEN_PLACE else None
