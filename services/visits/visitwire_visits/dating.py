"""Chooses the dates of a visit among those that its reports tell."""

import re
from dataclasses import replace

from visitwire_language.time.mentions import find, length_of_stay
from visitwire_language.time.period import DAY, Period
from visitwire_schemas import Precision, VisitDates, VisitStatus

from visitwire_visits.clauses import governing_verb
from visitwire_visits.elsewhere import day_ahead, day_there, exactness
from visitwire_visits.scene import Scene, Sighting
from visitwire_visits.status import AHEAD, FORWARD

_SLACK = 4 * DAY
_STAY = 8 * DAY
_CALENDAR = ("day", "day first", "day range", "iso", "range")


def dates_of(scene: Scene, reports: list[Sighting], deciding: Sighting, status: VisitStatus) -> VisitDates | None:
    """The dates that the reports of a visit tell together; None where they tell none."""
    dated = [report for report in reports if report.period is not None and _fits(scene, report, status)]
    if status is VisitStatus.POSTPONED and deciding in dated and _put_off_until(scene, deciding):
        dated = [deciding]
    dated = [r for r in dated if not r.last] or [replace(r, period=_up_to(scene, reports, r.period)) for r in dated]
    dated = [report for report in dated if report.period is not None]
    best = _best(dated, deciding) if dated else None
    closer = None
    if status is VisitStatus.PLANNED and (best is None or exactness(best) < 2):
        closer = day_ahead(scene, reports)
    if closer is not None and (best is None or _inside(closer[1], best.period)):
        return _written(closer[0].text, _stretched(scene, reports, closer[1]))
    if best is not None and best.period is not None:
        return _written(best.when.text if best.when else None, _stretched(scene, reports, best.period))
    if status is VisitStatus.UNDER_WAY:
        if (on_the_day := _on_the_day(scene, reports)) is not None:
            return on_the_day
        if (there := day_there(scene, reports)) is not None:
            return _written(there[0].text, _stretched(scene, reports, there[1]))
    if best is None and closer is None and (titled := _in_headline(scene, deciding, status)) is not None:
        return titled
    undated = next((r.when for r in reports if r.when is not None and r.period is None), None)
    return VisitDates(text=undated.text, precision=Precision.NONE) if undated is not None else None


def _in_headline(scene: Scene, report: Sighting, status: VisitStatus) -> VisitDates | None:
    """The one day that a headline gives, where it names the visitor: "Minister Holm to visit Chile, 3-5 May"."""
    headline = scene.reading.story.headline or ""
    found = [expression for expression in find(headline) if expression.rule.name in _CALENDAR]
    name = report.visitor.name if report.visitor else None
    if len(found) != 1 or not name or name.split()[-1].lower() not in headline.lower() or report.earlier:
        return None
    period = found[0].period(scene.reading.today, status in FORWARD)
    return _written(found[0].text, period) if period is not None else None


def _best(dated: list[Sighting], deciding: Sighting) -> Sighting:
    """The report whose date is most surely that of the visit; of several days of it, the first."""
    best = max(
        dated,
        key=lambda r: (exactness(r), not r.shared, r.whole, r.earlier == deciding.earlier, r is deciding, -r.trigger),
    )
    alike = [r for r in dated if exactness(r) == 3 == exactness(best) and r.earlier == best.earlier and not r.shared]
    days = [(r.period.start, r.trigger, r) for r in alike if r.period and _same_stay(r.period, best.period)]
    complete = best.shared or (best.period is not None and best.period.end is not None)
    return best if complete or not days else min(days, key=lambda day: day[:2])[2]


def _same_stay(one: Period, other: Period | None) -> bool:
    """Whether two days can be of one stay."""
    return other is not None and abs(one.start - other.start) <= _STAY


def _written(words: str | None, period: Period) -> VisitDates:
    start, end = period.written()
    return VisitDates(text=words, start=start, end=end, precision=period.precision)


def _inside(one: Period, other: Period | None) -> bool:
    return other is not None and other.start <= one.start <= other.last


def _fits(scene: Scene, report: Sighting, status: VisitStatus) -> bool:
    """Whether a date can be that of a visit of this status: a visit to come is not of last month."""
    period, today = report.period, scene.reading.today
    if period is None or today is None:
        return period is not None
    if status in AHEAD:
        return period.last >= today - _SLACK
    return status in (VisitStatus.CANCELLED, VisitStatus.POSTPONED) or period.start <= today


def _put_off_until(scene: Scene, report: Sighting) -> bool:
    """ "Delayed the trip until mid-January": the new date, whatever other sentences say of the old."""
    if report.when is None:
        return False
    before = scene.reading.text[: report.when.start].split()[-1:]
    return before in (["to"], ["till"], ["until"])


def _up_to(scene: Scene, reports: list[Sighting], last: Period | None) -> Period | None:
    """From the last day back over "a four-day visit"; None where its length is not told."""
    days = _length(scene, reports) or _stayed(scene, reports)
    if last is None or days is None or last.precision is not Precision.DAY:
        return None
    return Period(last.start - (days - 1) * DAY, last.start)


def _stayed(scene: Scene, reports: list[Sighting]) -> int | None:
    """The days of "left after two days of talks"."""
    for report in reports:
        after = scene.reading.phrase(report.trigger, scene.reading.parse.sentence(report.trigger).stop - 1)
        found = re.search(r"\bafter (.{1,12}? days?) (?:of|in|there)\b", after)
        if report.last and found is not None:
            return length_of_stay(found[1])
    return None


def _length(scene: Scene, reports: list[Sighting]) -> int | None:
    """The days of "a four-day visit", where a report tells them."""
    reading = scene.reading
    told = (length_of_stay(reading.phrase(reading.left_edge(r.trigger), r.trigger)) for r in reports)
    return next((days for days in told if days), None)


def _stretched(scene: Scene, reports: list[Sighting], period: Period) -> Period:
    """Adds the end that "a three-day visit" tells."""
    if period.end is not None or period.precision is not Precision.DAY:
        return period
    days = _length(scene, reports) or 1
    return Period(period.start, period.start + (days - 1) * DAY) if days > 1 else period


def _on_the_day(scene: Scene, reports: list[Sighting]) -> VisitDates | None:
    """An arrival told without a day is of the day of the story: so wires write."""
    today = scene.reading.today
    if today and any(_on_arrival(scene, report) for report in reports):
        return VisitDates(start=today.isoformat(), precision=Precision.DAY)
    return None


def _on_arrival(scene: Scene, report: Sighting) -> bool:
    """An arrival, a visit that somebody "arrived for", or the first day of one."""
    if report.frame == "arrive":
        return report.strength >= 3
    reading = scene.reading
    if report.frame in ("head for", "leave for", "travel") and reading.parse.tag[report.trigger] == "VBG":
        return report.status is VisitStatus.UNDER_WAY  # "was heading for Rome": on the way as the story is told
    verb = governing_verb(reading, report.trigger)
    if verb is not None and reading.lemma[verb] == "arrive" and reading.parse.tag[verb] in ("VBD", "VBN"):
        return report.status is VisitStatus.UNDER_WAY
    before = reading.lower[max(0, report.trigger - 6) : report.trigger]
    return "first" in before and "day" in before and report.status is VisitStatus.UNDER_WAY
