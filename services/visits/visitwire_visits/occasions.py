"""One visit once: gathers the reports of the same visit, and keeps other occasions apart."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from visitwire_language.time.period import Period
from visitwire_schemas import Precision, VisitStatus

from visitwire_visits.figure import Figure
from visitwire_visits.reading import Spot
from visitwire_visits.scene import Scene, Sighting
from visitwire_visits.stand_ins import IN_PLACE_OF, with_his_place
from visitwire_visits.status import FORWARD

_VAGUE = {"counterpart", "official", "leader", "envoy", "visitor", "guest", "dignitary", "head", "monarch", "ruler"}
_INVITING = {"invite", "ask to visit", "invitation"}
_STOPS = {"stop", "stopover", "layover", "leg"}  # on the journey that was told before
_APART = timedelta(days=21)
_STAY = timedelta(days=7)


@dataclass
class Occasion:
    """The reports of one visit, in text order."""

    reports: list[Sighting] = field(default_factory=list)

    @property
    def period(self) -> Period | None:
        return next((period for report in self.reports if (period := _period(report))), None)

    @property
    def phase(self) -> str | None:
        """past, now or ahead, where a report tells it by its words."""
        told = [report for report in self.reports if report.status and report.strength >= 2]
        return _phase(max(told, key=lambda report: report.strength)) if told else None

    @property
    def earlier(self) -> bool:
        return all(report.earlier for report in self.reports)


def _period(report: Sighting) -> Period | None:
    """When the visit is, by this report; who invites tells when he does it as often as when the guest shall come."""
    return None if report.frame in _INVITING else report.period


def _phase(report: Sighting) -> str | None:
    if report.status is None or report.strength < 2:
        return None
    if report.status in FORWARD:
        return "ahead"
    return "now" if report.status is VisitStatus.UNDER_WAY else "past"


def gather(scene: Scene, found: Iterable[Sighting]) -> list[Occasion]:
    """The occasions that the sightings tell of, in order of their first report."""
    whole = _complete(scene, list(found))
    occasions: dict[tuple[str, str], list[Occasion]] = {}
    for report in whole:
        if report.visitor is None or report.spot is None:
            continue
        place = report.spot.country or f"?{(report.spot.place or '').lower()}"
        mine = occasions.setdefault((report.visitor.key, place), [])
        for occasion in reversed(mine):
            if _same(occasion, report, scene.reading.today):
                occasion.reports.append(report)
                break
        else:
            mine.append(Occasion([report]))
    gathered = [occasion for group in occasions.values() for occasion in group]
    gathered = _told_somehow(_without_regions(_named_once(gathered)))
    return sorted(gathered, key=lambda occasion: occasion.reports[0].trigger)


def _same(occasion: Occasion, report: Sighting, today: date | None) -> bool:
    mine, its = occasion.period, _period(report)
    if report.earlier != occasion.earlier and (report.earlier or occasion.earlier):
        return bool(mine and its and _near(mine, its))
    if mine and its:
        if not _near(mine, its):
            return False
        if mine.precision is Precision.DAY and its.precision is Precision.DAY:
            return True
    phases = {occasion.phase, _phase(report)}
    if phases == {"past", "ahead"}:
        strong = min(max(r.strength for r in occasion.reports), report.strength) >= 3
        return not strong
    return not (phases == {"now", "ahead"} and its and today and its.start > today + timedelta(days=14))


def _near(one: Period, other: Period) -> bool:
    return one.start <= other.last + _APART and other.start <= one.last + _APART


def _overlap(one: Period | None, other: Period | None) -> bool:
    """Whether two periods can be of the same days; where one is not told, they can."""
    if one is None or other is None:
        return True
    return one.start <= other.last + _STAY and other.start <= one.last + _STAY


def _complete(scene: Scene, found: list[Sighting]) -> list[Sighting]:
    """Fills what a mention leaves to its context: "Nakasone's visit" goes where he is said to go, else here."""
    whole: list[Sighting] = []
    for report in found:
        if report.frame == IN_PLACE_OF:
            report = with_his_place(scene, report, whole)
        elif report.visitor is not None and report.spot is None:
            report = _with_spot(scene, report, found)
        elif report.visitor is None and report.spot is not None:
            report = _with_visitor(scene, report, whole)
        elif report.visitor is None and whole:
            last = _spoken_of(scene, report, whole)
            report = replace(report, visitor=last.visitor, spot=last.spot) if last else report
        whole.append(report)
    return whole


def _spoken_of(scene: Scene, trip: Sighting, before: list[Sighting]) -> Sighting | None:
    """The report that "the visit" means: the last one, but none that is over where the visit is still to come."""
    near = [report for report in before if _within(scene, report, trip, 3)]
    if _phase(trip) == "ahead":
        near = [report for report in near if _phase(report) != "past"]
    return near[-1] if near and not near[-1].shared else None


def _within(scene: Scene, one: Sighting, other: Sighting, sentences: int) -> bool:
    numbers = scene.reading.sentence_number
    return abs(numbers[other.trigger] - numbers[one.trigger]) <= sentences


def _with_spot(scene: Scene, report: Sighting, found: list[Sighting]) -> Sighting:
    visitor, here = report.visitor, scene.reading.here
    assert visitor is not None
    known = [
        other
        for other in found
        if other.visitor and other.visitor.key == visitor.key and other.spot and other.spot.country
    ]
    phase = _phase(report)
    known = [other for other in known if other.whole] or known
    fitting = [other for other in known if phase is None or _phase(other) in (phase, None)] or known
    before = [other for other in fitting if other.trigger < report.trigger]
    if fitting:
        several = len({other.spot.country for other in known if other.spot}) > 1
        spot = (before[-1] if before else fitting[0]).spot
        return replace(report, spot=spot, shared=report.shared or several)
    if (
        here
        and report.frame not in _INVITING
        and scene.atlas.gazetteer.abroad(visitor.country, here.country or "", scene.reading.today)
        and visitor.country
    ):
        spot = Spot(here.country, here.place, report.trigger, "here")
        if report.status is None:
            return replace(report, spot=spot, status=VisitStatus.UNDER_WAY, strength=1)
        return replace(report, spot=spot)
    scene.refuse(report.frame, report.trigger, f"{visitor.name or visitor.label}: the story does not say where to")
    return report


def _with_visitor(scene: Scene, report: Sighting, before: list[Sighting]) -> Sighting:
    assert report.spot is not None
    for other in reversed(before):
        if other.visitor is not None and other.spot is not None and other.spot.country == report.spot.country:
            return replace(report, visitor=other.visitor)
    if before and scene.reading.lemma[report.trigger] in _STOPS and _within(scene, before[-1], report, 1):
        return replace(report, visitor=before[-1].visitor)
    return report


def _named_once(occasions: list[Occasion]) -> list[Occasion]:
    """Gives the reports of "his Iraqi counterpart" or "the delegation" to the one named visitor they may mean."""
    named = [occasion for occasion in occasions if _visitor(occasion).name]
    kept = list(named)
    for occasion in occasions:
        if _visitor(occasion).name:
            continue
        same = [
            other
            for other in named
            if _may_be(_visitor(occasion), _visitor(other)) and _place(other) == _place(occasion)
        ]
        same = [other for other in same if all(_same(other, report, None) for report in occasion.reports)]
        same = [other for other in same if _overlap(other.period, occasion.period)]
        if len(same) == 1:
            same[0].reports = sorted([*same[0].reports, *occasion.reports], key=lambda report: report.trigger)
        else:
            kept.append(occasion)
    return kept


def _visitor(occasion: Occasion) -> Figure:
    visitor = next((r.visitor for r in occasion.reports if r.visitor), None)
    assert visitor is not None
    return visitor


def _place(occasion: Occasion) -> str | None:
    return next((r.spot.country for r in occasion.reports if r.spot and r.spot.country), None)


def _may_be(role: Figure, person: Figure) -> bool:
    """Whether a role or a group may be the person: of the same state, and not of another office."""
    if role.country and person.country and role.country != person.country:
        return False
    words = (role.label or "").lower().split()
    vague = role.group or bool(set(words) & _VAGUE)
    return vague or bool(set(words) & set((person.label or "").lower().split()) - {"of", "the", "and"})


def _without_regions(occasions: list[Occasion]) -> list[Occasion]:
    """Gives "his trip to Africa" to the visitor's countries where they are named: its dates are theirs, but wider."""
    kept = []
    for occasion in occasions:
        mine = [other for other in occasions if _place(other) and _visitor(other).key == _visitor(occasion).key]
        if _place(occasion) or not mine:
            kept.append(occasion)
            continue
        for other in mine:
            fitting = [report for report in occasion.reports if _same(other, report, None)]
            other.reports += [replace(report, shared=True, strength=min(report.strength, 1)) for report in fitting]
            other.reports.sort(key=lambda report: report.trigger)
    return kept


def _told_somehow(occasions: list[Occasion]) -> list[Occasion]:
    """A visit of which no word tells when it is ("Shultz's Moscow talks"): still to come, as spoken of in passing."""
    for occasion in occasions:
        if all(report.status is None for report in occasion.reports):
            occasion.reports = [
                replace(r, status=VisitStatus.PLANNED, strength=0, aside=True) for r in occasion.reports
            ]
    return occasions
