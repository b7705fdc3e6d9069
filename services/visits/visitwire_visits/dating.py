"""Chooses the dates of a visit among those that its reports tell."""

from visitwire_schemas import Precision, VisitDates, VisitStatus

from visitwire_visits.clauses import governing_verb
from visitwire_visits.dates import length_of_stay
from visitwire_visits.scene import Scene, Sighting
from visitwire_visits.when import DAY, Period

_SLACK = 4 * DAY
_AHEAD = (VisitStatus.INVITED, VisitStatus.ACCEPTED, VisitStatus.PLANNED)


def dates_of(scene: Scene, reports: list[Sighting], deciding: Sighting, status: VisitStatus) -> VisitDates | None:
    """The dates that the reports of a visit tell together; None where they tell none."""
    dated = [report for report in reports if report.period is not None and _fits(scene, report, status)]
    if dated:
        best = max(
            dated,
            key=lambda r: (_exact(r), not r.shared, r.whole, r.earlier == deciding.earlier, r is deciding, -r.trigger),
        )
        assert best.period is not None
        period = _stretched(scene, reports, best.period)
        start, end = period.written()
        words = best.when.text if best.when else None
        return VisitDates(text=words, start=start, end=end, precision=period.precision)
    undated = next((r.when for r in reports if r.when is not None and r.period is None), None)
    if undated is not None:
        return VisitDates(text=undated.text, precision=Precision.NONE)
    return _on_the_day(scene, reports, status)


def _fits(scene: Scene, report: Sighting, status: VisitStatus) -> bool:
    """Whether a date can be that of a visit of this status: a visit to come is not of last month."""
    period, today = report.period, scene.reading.today
    if period is None or today is None:
        return period is not None
    if status in _AHEAD:
        return period.last >= today - _SLACK
    return status in (VisitStatus.CANCELLED, VisitStatus.POSTPONED) or period.start <= today


def _exact(report: Sighting) -> int:
    """How closely the words tell the day."""
    assert report.period is not None
    if report.when is None or report.when.rule.exact:
        return 3
    return {Precision.DAY: 2, Precision.MONTH: 1}.get(report.period.precision, 0)


def _stretched(scene: Scene, reports: list[Sighting], period: Period) -> Period:
    """Adds the end that "a three-day visit" tells."""
    if period.end is not None or period.precision is not Precision.DAY:
        return period
    for report in reports:
        reading = scene.reading
        days = length_of_stay(reading.phrase(reading.left_edge(report.trigger), report.trigger))
        if days and days > 1:
            return Period(period.start, period.start + (days - 1) * DAY, period.precision)
    return period


def _on_the_day(scene: Scene, reports: list[Sighting], status: VisitStatus) -> VisitDates | None:
    """An arrival told without a day is of the day of the story: so wires write."""
    today = scene.reading.today
    if status is VisitStatus.UNDER_WAY and today and any(_on_arrival(scene, report) for report in reports):
        return VisitDates(start=today.isoformat(), precision=Precision.DAY)
    return None


def _on_arrival(scene: Scene, report: Sighting) -> bool:
    """An arrival, a visit that somebody "arrived for", or the first day of one."""
    if report.frame == "arrive":
        return report.strength >= 4
    reading = scene.reading
    verb = governing_verb(reading, report.trigger)
    if verb is not None and reading.lemma[verb] == "arrive" and reading.parse.tag[verb] in ("VBD", "VBN"):
        return report.status is VisitStatus.UNDER_WAY
    before = reading.lower[max(0, report.trigger - 6) : report.trigger]
    return "first" in before and "day" in before and report.status is VisitStatus.UNDER_WAY
