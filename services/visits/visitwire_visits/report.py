"""Writes one occasion as the visit the contract describes."""

import re

from visitwire_schemas import Announcer, Destination, Evidence, Party, Visit, VisitStatus

from visitwire_visits.carried import carried
from visitwire_visits.dating import dates_of
from visitwire_visits.figure import Figure
from visitwire_visits.occasions import Occasion
from visitwire_visits.scene import Scene, Sighting
from visitwire_visits.sources import announcer, comments, quote_around
from visitwire_visits.status import FORWARD

_SPEECHES = {"speak in", "give a speech", "speech in"}  # what is said there is not the news of the visit
_STARTED = (VisitStatus.CONCLUDED, VisitStatus.UNDER_WAY)


def visit(scene: Scene, occasion: Occasion) -> Visit:
    """The visit that the reports of an occasion tell together."""
    reports = occasion.reports
    deciding = _deciding(reports)
    status = _by_now(scene, reports, deciding)
    first = next((r for r in reports if r.visitor and r.visitor.name), reports[0])
    assert first.visitor is not None
    travellers = {r.visitor.key for r in reports if r.visitor}  # "she declined an invitation": it was not her own
    host = next((r.host for r in reports if r.host and r.host.key not in travellers), None)
    focus = _focus(scene, occasion, status)
    return Visit(
        visitor=_party(first.visitor),
        destination=_destination(reports),
        host=_party(host) if host else None,
        status=status,
        dates=dates_of(scene, reports, deciding, status),
        announced_by=_announced_by(scene, [deciding, *reports], status, focus),
        evidence=_evidence(scene, reports),
        focus=focus,
        confidence=_confidence(occasion),
    )


def _deciding(reports: list[Sighting]) -> Sighting:
    """The report that tells the latest news most surely."""
    told = [report for report in reports if report.status is not None]
    kept = next((r for r in told if r.kept), None)
    if kept is not None:
        return kept
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
    latest = next((r for r in sure if not r.aside), sure[0])
    if latest.status is VisitStatus.INVITED:  # "at the invitation of his host, he will pay a visit"
        return next((r for r in sure if r.status is VisitStatus.PLANNED and not r.aside), latest)
    if latest.status is VisitStatus.PLANNED:  # who has arrived goes on to another city
        arrived = (r for r in sure if r.frame == "arrive" and r.status is VisitStatus.UNDER_WAY)
        return next(arrived, latest)
    return latest


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


def _announced_by(scene: Scene, reports: list[Sighting], status: VisitStatus, news: bool) -> Announcer | None:
    """Whose words the visit is told in; of one that is news, else whose words stand beside it.

    A visitor tells the news of himself; where he was before, the story knows without him.
    """
    visitor = None if news or status in FORWARD else next((r.visitor.entity for r in reports if r.visitor), None)
    for report in reports:
        if report.frame in _SPEECHES:
            continue
        found = announcer(scene, report.trigger)
        if (
            found is not None
            and (visitor is None or found.entity != visitor)
            and not comments(scene, report.trigger, found, status in FORWARD)
        ):
            return found
    return carried(scene, reports, status in FORWARD) if news else None


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
