"""Writes one occasion as the visit the contract describes."""

import re

from visitwire_schemas import Announcer, Destination, Evidence, Party, Precision, Visit, VisitDates, VisitStatus

from visitwire_visits.clauses import governing_verb
from visitwire_visits.dates import length_of_stay
from visitwire_visits.figure import Figure
from visitwire_visits.occasions import Occasion
from visitwire_visits.scene import Scene, Sighting
from visitwire_visits.sources import announcer, quote_around
from visitwire_visits.status import FORWARD
from visitwire_visits.when import DAY, Period

_SPEECHES = {"speak in", "give a speech"}  # what is said there is not the news of the visit
_STARTED = (VisitStatus.CONCLUDED, VisitStatus.UNDER_WAY)


def visit(scene: Scene, occasion: Occasion) -> Visit:
    """The visit that the reports of an occasion tell together."""
    reports = occasion.reports
    deciding = _deciding(reports)
    status = _by_now(scene, reports, deciding)
    first = next((r for r in reports if r.visitor and r.visitor.name), reports[0])
    assert first.visitor is not None
    host = next((r.host for r in reports if r.host), None)
    return Visit(
        visitor=_party(first.visitor),
        destination=_destination(reports),
        host=_party(host) if host else None,
        status=status,
        dates=_dates(scene, reports, deciding, status),
        announced_by=_announced_by(scene, [deciding, *reports]),
        evidence=_evidence(scene, reports),
        focus=_focus(scene, occasion, status),
        confidence=_confidence(occasion),
    )


def _deciding(reports: list[Sighting]) -> Sighting:
    """The report that tells the latest news most surely."""
    told = [report for report in reports if report.status is not None]
    fixed = [r for r in told if r.strength >= 5 and r.status in (VisitStatus.CANCELLED, VisitStatus.POSTPONED)]
    firm = [r for r in told if r.status is VisitStatus.PLANNED and r.strength >= 4 and r.period and not r.aside]
    if fixed and not (firm and all(r.aside for r in fixed)):
        return fixed[0]
    accepted = [r for r in told if r.status is VisitStatus.ACCEPTED]
    if (
        accepted
        and not any(r.status in _STARTED and r.strength >= 3 for r in told)
        and not any(r.period for r in told if r.status is VisitStatus.PLANNED)
    ):
        return accepted[0]
    strongest = max(report.strength for report in told)
    sure = [r for r in told if r.strength >= min(strongest, 4)]
    return next((r for r in sure if not r.aside), sure[0])


def _by_now(scene: Scene, reports: list[Sighting], deciding: Sighting) -> VisitStatus:
    """The deciding report's status, unless the visit's last day has passed."""
    status, today = deciding.status or VisitStatus.PLANNED, scene.reading.today
    if status is VisitStatus.UNDER_WAY and today is not None:
        ends = [r.period.last for r in reports if r.period and r.period.end and r.whole and not r.earlier]
        if ends and max(ends) < today:
            return VisitStatus.CONCLUDED
    return status


def _party(figure: Figure) -> Party:
    return Party(entity=figure.entity, name=figure.name, label=figure.label, country=figure.country)


def _destination(reports: list[Sighting]) -> Destination:
    country = next((r.spot.country for r in reports if r.spot and r.spot.country), None)
    place = next((r.spot.place for r in reports if r.spot and r.spot.place and (r.spot.country or not country)), None)
    return Destination(country=country, place=place)


def _dates(scene: Scene, reports: list[Sighting], deciding: Sighting, status: VisitStatus) -> VisitDates | None:
    dated = [r for r in reports if r.period is not None]
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
    undated = next((r.when for r in reports if r.when is not None), None)
    if undated is not None:
        return VisitDates(text=undated.text, precision=Precision.NONE)
    return _on_the_day(scene, reports, status)


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


def _announced_by(scene: Scene, reports: list[Sighting]) -> Announcer | None:
    for report in reports:
        if report.frame in _SPEECHES:
            continue
        found = announcer(scene, report.trigger)
        if found is not None:
            return found
    return None


def _evidence(scene: Scene, reports: list[Sighting]) -> tuple[Evidence, ...]:
    """The sentences that report it, each once, under the frame that fired first in it."""
    found: dict[tuple[int, int], Evidence] = {}
    for report in reports:
        sentence = scene.reading.parse.sentence(report.trigger)
        start, end = scene.reading.span(sentence)
        if (start, end) not in found:
            found[start, end] = Evidence(
                start=start, end=end, quote=quote_around(scene, report.trigger), frame=report.frame
            )
    return tuple(found.values())


def _focus(scene: Scene, occasion: Occasion, status: VisitStatus) -> bool:
    """News of this story: told in the headline, in the lead, or in a main clause of its own."""
    if occasion.earlier:
        return False
    reports = occasion.reports
    if _in_headline(scene, reports) or any(
        scene.reading.sentence_number[r.trigger] <= 1 and not r.aside for r in reports
    ):
        return True
    if status in FORWARD:
        return len(reports) > 1 or not reports[0].aside
    return len(reports) > 1 and any(scene.reading.sentence_number[r.trigger] <= 2 for r in reports)


def _in_headline(scene: Scene, reports: list[Sighting]) -> bool:
    words = set(re.findall(r"[a-z]+", (scene.reading.story.headline or "").lower()))
    visit_words = {
        "visit",
        "visits",
        "trip",
        "tour",
        "talks",
        "arrives",
        "meets",
        "meet",
        "summit",
        "leaves",
        "travel",
        "mission",
        "delegation",
        "envoy",
        "invites",
        "invited",
        "returns",
    }
    if not words & visit_words:
        return False
    names = {report.visitor.name.split()[-1].lower() for report in reports if report.visitor and report.visitor.name}
    return bool(words & names)


def _confidence(occasion: Occasion) -> float:
    """How likely visit and status are right: as often as on the tuning stories, less what unseen ones lost."""
    strength = max(report.strength for report in occasion.reports)
    base = (0.4, 0.5, 0.75, 0.8, 0.85, 0.88)[max(strength, 0)]
    return round(min(0.95, base + 0.03 * (len(occasion.reports) - 1)), 2)
