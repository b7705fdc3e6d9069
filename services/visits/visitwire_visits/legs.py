"""The further legs of a journey, each with its own days: "Rome on Monday, Vienna on Tuesday, Prague from May 4 to 6".

Word by word, as parses hang the places and the days of such a list wherever they fit.
"""

from collections.abc import Iterator
from dataclasses import replace

from visitwire_language.time.mentions import Expression

from visitwire_visits.eligible import why_not
from visitwire_visits.lexicon import Frame
from visitwire_visits.reading import Spot
from visitwire_visits.scene import Scene, Sighting
from visitwire_visits.status import FORWARD
from visitwire_visits.words import words


def with_legs(scene: Scene, found: list[Sighting]) -> list[Sighting]:
    """Adds the legs that follow a report with a day in its sentence; what was read of their places before gives way."""
    legs = [leg for report in found for leg in _legs(scene, report)]
    told = {_leg(scene, leg) for leg in legs}
    kept = [report for report in found if _leg(scene, report) not in told]
    return sorted([*kept, *legs], key=lambda report: report.trigger) if legs else found


def _leg(scene: Scene, report: Sighting) -> tuple[str, str | None, int]:
    visitor, place = report.visitor.key if report.visitor else "", report.spot.country if report.spot else None
    return visitor, place, scene.reading.sentence_number[report.trigger]


def _legs(scene: Scene, report: Sighting) -> Iterator[Sighting]:
    """Each place and day after the report's own."""
    if report.when is None or report.visitor is None or report.spot is None or report.shared:
        return
    days = {scene.first_token(e): e for e in scene.expressions_in(scene.reading.parse.sentence(report.trigger))}
    at = _after(scene, report.when)
    while (found := _next(scene, at, days)) is not None:
        spot, day = found
        at = _after(scene, day)
        period = day.period(scene.reading.today, report.status in FORWARD)
        why = why_not(scene, Frame(report.frame, "stay", (), ()), report.visitor, spot, report.trigger)
        if why is None and period is not None and spot.country != report.spot.country:
            yield replace(report, spot=spot, when=day, period=period)


def _after(scene: Scene, expression: Expression) -> int:
    """The first token behind an expression of time."""
    return scene.reading.parse.within(expression.start, expression.end)[-1] + 1


def _next(scene: Scene, at: int, days: dict[int | None, Expression]) -> tuple[Spot, Expression] | None:
    """The place and the day that follow from `at`, with only small words between."""
    reading, named = scene.reading, scene.atlas.named
    end = len(reading.parse)
    first = at
    while at < end and reading.lower[at] in words("leg_links"):
        at += 1
    if at == first or at >= end or at not in named or not named[at].country:
        return None
    spot = named[at]
    while at < end and (named.get(at) == spot or reading.lower[at] in words("date_links")):
        at += 1
        if at in days:
            return spot, days[at]
    return None
