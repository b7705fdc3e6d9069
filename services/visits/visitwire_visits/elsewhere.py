"""Dates of a visit that stand in other sentences than those that report it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from visitwire_language.time.mentions import Expression
from visitwire_language.time.period import Period
from visitwire_schemas import Precision

from visitwire_visits.clauses import governing_verb, subjects, view
from visitwire_visits.occasions import Occasion
from visitwire_visits.scene import Scene, Sighting
from visitwire_visits.status import FORWARD
from visitwire_visits.words import words

type Dated = tuple[Expression, Period]

_STAY = timedelta(days=6)
_REACH = 3
_LEAD = 3
_EVENTS = ("attend", "take part", "meet", "hold talks")


def day_there(scene: Scene, reports: list[Sighting]) -> Dated | None:
    """The first day on which the visitor is told to do something there, for a visit under way that names no day.

    The sentences that report the visit come first, then those that name the visitor, then the lead.
    """
    every = scene.reading.sentences
    reported = {scene.reading.sentence_number[report.trigger] for report in reports}
    named = {scene.reading.sentence_number[token] for token in _mentions(scene, reports)}
    lead = [0] if min(reported) <= _LEAD else []
    for numbers in (sorted(reported), sorted(named), lead):
        days = [found for number in numbers for found in _recent_days(scene, every[number])]
        if days:
            return min(days, key=lambda found: found[1].start)
    return None


def _mentions(scene: Scene, reports: list[Sighting]) -> Iterator[int]:
    """The tokens that name the visitor."""
    entities = {report.visitor.entity for report in reports if report.visitor and report.visitor.entity}
    for token, entity in scene.reading.entity_at.items():
        if entity.id in entities:
            yield token


def _recent_days(scene: Scene, sentence: range) -> Iterator[Dated]:
    today = scene.reading.today
    if today is None:
        return
    for expression in scene.expressions_in(sentence):
        if not expression.rule.exact or expression.lean is True:
            continue
        period = expression.period(today, False)
        token = scene.first_token(expression)
        if period is None or token is None or not today - _STAY <= period.start <= today:
            continue
        verb = governing_verb(scene.reading, token)
        told = view(scene.reading, scene.lexicon, verb).tense if verb is not None else ""
        if period.start == today or told not in ("ahead", "maybe", "present"):
            yield expression, period


def day_ahead(scene: Scene, reports: list[Sighting]) -> Dated | None:
    """The day that the next sentences give to a visit to come: "The sources said they will meet April 13 to 16"."""
    every = scene.reading.sentences
    known = {report.spot.country for report in reports if report.spot}
    known |= {report.visitor.country for report in reports if report.visitor}
    for report in reports:
        number = scene.reading.sentence_number[report.trigger]
        for sentence in every[number + 1 : number + 1 + _REACH]:
            if any(scene.atlas.named[token].country not in known for token in sentence if token in scene.atlas.named):
                break
            for expression in scene.expressions_in(sentence):
                found = _ahead(scene, expression)
                if found is not None:
                    return expression, found
    return None


def _ahead(scene: Scene, expression: Expression) -> Period | None:
    """The day of an expression that is told of what "they" will do, or of when "the trip" is to be."""
    today, token = scene.reading.today, scene.first_token(expression)
    if today is None or token is None or not expression.rule.exact:
        return None
    verb = governing_verb(scene.reading, token)
    if verb is None or view(scene.reading, scene.lexicon, verb).tense not in ("ahead", "maybe"):
        return None
    own = scene.reading.lemma[verb] in words("visit_begins")
    if not own or not any(_means_it(scene, subject) for subject in subjects(scene.reading, verb)):
        return None
    period = expression.period(today, True)
    return period if period is not None and period.start >= today else None


def _means_it(scene: Scene, subject: int) -> bool:
    reading = scene.reading
    if reading.lower[subject] in ("he", "she", "they"):
        return True
    defined = {reading.lower[child] for child in reading.parse.children(subject, "det", "poss")}
    return reading.lemma[subject] in scene.lexicon.trip_nouns | {"talk", "meeting"} and bool(
        defined & {"the", "his", "her", "their"}
    )


def exactness(report: Sighting) -> int:
    """How closely the words of a dated report tell the day."""
    assert report.period is not None
    if report.when is None or report.when.rule.exact:
        return 3
    return {Precision.DAY: 2, Precision.MONTH: 1}.get(report.period.precision, 0)


def share(scene: Scene, occasions: Iterable[Occasion]) -> list[Occasion]:
    """Gives a visit without a date that of the visit it is part of.

    "Ross will be in Rome during the president's visit"; "the king is also expected to attend".
    """
    every = list(occasions)
    for mine in every:
        if any(report.period for report in mine.reports):
            continue
        for other in every:
            lent = _lent(scene, mine, other) if other is not mine else None
            if lent is not None:
                first, *rest = mine.reports
                mine.reports = [replace(first, when=lent.when, period=lent.period, shared=True), *rest]
                break
    return every


def _lent(scene: Scene, mine: Occasion, other: Occasion) -> Sighting | None:
    """The report of the other visit whose date is that of mine too."""
    dated = [report for report in other.reports if report.period and not report.earlier]
    for one in mine.reports:
        together = [report for report in other.reports if _together(scene, one, report)]
        if together and dated and not one.earlier:
            return next((report for report in together if report.period), max(dated, key=exactness))
    return None


def _together(scene: Scene, one: Sighting, other: Sighting) -> bool:
    """Whether two reports tell of the same days in the same country."""
    if not one.spot or not other.spot or one.spot.country is None or one.spot.country != other.spot.country:
        return False
    numbers = scene.reading.sentence_number
    apart = abs(numbers[one.trigger] - numbers[other.trigger])
    if one.frame in _EVENTS and other.frame in _EVENTS:
        return apart <= _REACH and (one.status in FORWARD) == (other.status in FORWARD)
    first, last = sorted((one.trigger, other.trigger))
    return apart == 0 and bool({"during", "with", "accompany", "while"} & set(scene.reading.lemma[first:last]))
