"""Makes a sighting of a frame and its parts: when it is, and what its status is by then."""

from collections.abc import Iterable
from datetime import date

from visitwire_language.time.mentions import Expression, length_of_stay
from visitwire_language.time.period import DAY, Period
from visitwire_schemas import Precision, VisitStatus

from visitwire_visits.clauses import View, governing_verb, marks, view
from visitwire_visits.denial import denied, reverse
from visitwire_visits.figure import Figure
from visitwire_visits.lexicon import Frame
from visitwire_visits.reading import Spot
from visitwire_visits.scene import Scene, Sighting
from visitwire_visits.status import status_of
from visitwire_visits.timing import candidates, looks_ahead
from visitwire_visits.trips import earlier

_BESIDE = {"during", "before", "after", "ahead", "while", "when", "since", "following", "until", "as", "in"}


def sighting_of(
    scene: Scene,
    frame: Frame,
    trigger: int,
    visitor: Figure | None,
    spot: Spot | None,
    told: View,
    hosts: Iterable[Figure],
) -> Sighting:
    reading = scene.reading
    here = bool(reading.here and spot and spot.country == reading.here.country)
    forward = _direction(scene, frame, trigger, told)
    there = frame.aspect == "presence" or (bool(frame.nouns) and told.tense == "progressive")
    ranked = candidates(scene, trigger, told, spot, there or told.tense == "during")
    ranked = [(rank, when) for rank, when in ranked if not _of_another_time(frame, when, rank, forward, told)]
    when: Expression | None = None
    period: Period | None = None
    for _, expression in ranked:
        found = expression.period(_anchor(scene, expression), _lean(scene, expression, told, forward))
        if when is None or (period is None and found is not None):
            when, period = expression, found
    counted = when is None and bool(frame.nouns)
    if counted:
        when, period = _back_from(scene, trigger)
    told_period = period
    period = _by_its_end(scene, trigger, told, period)
    last = period is not None and period is told_period and (told.ends or frame.aspect in ("leaving", "return"))
    last = last and not (when is not None and when.rule.exact and period is not None and period.end)
    going_on = last and told.ends and told.tense == "progressive"  # "will wrap up on Friday": it has begun
    dated = None if going_on else period
    status, strength = status_of(scene.lexicon, frame.aspect, told, dated, reading.today, here)
    kept = told.tense == "kept"
    if denied(reading, trigger):
        kept = status in (VisitStatus.CANCELLED, VisitStatus.POSTPONED)
        status, strength = reverse(status)
    if period is told_period and not counted:
        period = _read_again(scene, when, period, status, told)
    host = next(iter(hosts), None)
    is_earlier = earlier(scene, trigger)
    if is_earlier and status in (None, VisitStatus.UNDER_WAY):
        status, strength = VisitStatus.CONCLUDED, 3
    return Sighting(
        frame.name,
        trigger,
        visitor,
        spot,
        host,
        status,
        strength,
        when,
        period,
        whole=frame.aspect not in ("event", "speech", "presence"),
        earlier=is_earlier,
        kept=kept,
        shared=counted and period is not None,
        last=last,
        aside=_aside(scene, trigger, told),
    )


def _direction(scene: Scene, frame: Frame, trigger: int, told: View) -> bool | None:
    """Whether the tense looks ahead (True) or back (False)."""
    if told.ends and told.tense == "progressive":
        return True
    if frame.aspect in ("invitation", "awaiting") or told.tense in ("cancelled", "postponed"):
        return True
    if told.tense == "present":
        return True if frame.verbs and frame.aspect != "presence" else None
    if told.tense in ("ahead", "maybe", "beginning", "before", "kept", "accepted", "invited"):
        return True
    if told.tense == "ended":  # "will go there after his talks in Rome on May 3"
        verb = governing_verb(scene.reading, trigger)
        ahead = verb is not None and view(scene.reading, scene.lexicon, verb).tense == "ahead"
        return None if ahead else False
    return False if told.tense in ("past", "perfect", "during") else None


def _lean(scene: Scene, expression: Expression, told: View, forward: bool | None) -> bool | None:
    """Which way to read one expression: by its own words, else by the tense."""
    if expression.lean is not None:
        return expression.lean
    if told.tense != "progressive" and looks_ahead(scene, expression):
        return True
    if told.tense == "cancelled" and expression.rule.name in ("month", "season"):
        return None  # "cancelled a trip in October" may be last October or the next: the nearer
    return forward


def _of_another_time(frame: Frame, expression: Expression, rank: int, forward: bool | None, told: View) -> bool:
    """ "Invited him when they met last October" is no date of the visit to come, "next month" none of one made."""
    asked = frame.aspect == "invitation" and told.tense in ("past", "perfect") and rank == 0
    if asked and expression.lean is not True and expression.rule.name in ("weekday", "relative day"):
        return True  # "invited him on Thursday": the day of the asking
    if told.tense in ("cancelled", "postponed", "during") or forward is None or expression.lean is not (not forward):
        return False
    if forward:
        return rank > 0 or frame.aspect == "invitation"  # "was to have gone there last month" keeps its date
    return expression.text.lower().startswith(("next ", "early next", "late next", "tomorrow"))


def _anchor(scene: Scene, expression: Expression) -> date | None:
    """The day that the words are read against: the story's; without one, the year that a date beside them gives."""
    if scene.reading.today is not None:
        return scene.reading.today
    token = scene.first_token(expression)
    beside = scene.expressions_in(scene.reading.parse.sentence(token)) if token is not None else []
    for other in beside:
        year = other.match.groupdict().get("year")
        if year and abs(other.start - expression.start) < 80 and expression.rule.exact:
            return date(int(year), 7, 1)
    return None


def _back_from(scene: Scene, trip: int) -> tuple[Expression | None, Period | None]:
    """ "A 12-day trip to Asia, ending on Nov. 14": its first day, counted back."""
    reading = scene.reading
    days = length_of_stay(reading.phrase(reading.left_edge(trip), trip))
    for expression in scene.expressions_in(reading.parse.sentence(trip)) if days else ():
        token = scene.first_token(expression)
        if token is None or token < trip or not {"ending", "ends"} & set(reading.lower[token - 2 : token]):
            continue
        period = expression.period(reading.today, True)
        if days and expression.rule.exact and period is not None and period.end is None:
            return expression, Period(period.start - (days - 1) * DAY, period.start)
    return None, None


def _by_its_end(scene: Scene, trigger: int, told: View, period: Period | None) -> Period | None:
    """ "Ended a two-day visit yesterday", "winding up a two-day visit": counted back from the last day."""
    reading = scene.reading
    if not told.ends or (period is not None and period.end is not None):
        return period
    days = length_of_stay(reading.phrase(reading.left_edge(trigger), trigger))
    last = period.start if period is not None else reading.today if told.tense == "progressive" else None
    if not days or last is None or (period is not None and period.precision is not Precision.DAY):
        return period
    return Period(last - (days - 1) * DAY, last)


def _read_again(
    scene: Scene, when: Expression | None, period: Period | None, status: VisitStatus | None, told: View
) -> Period | None:
    """A weekday read before the status was known is read again: planned visits look ahead, concluded ones back."""
    if when is None or status is None or told.tense not in ("", "present", "progressive"):
        return period
    if when.lean is None and status in (VisitStatus.PLANNED, VisitStatus.CONCLUDED):
        return when.period(scene.reading.today, status is VisitStatus.PLANNED)
    return period


def _aside(scene: Scene, trigger: int, told: View) -> bool:
    """Whether the visit is told beside something else ("during a visit to", "before he leaves for")."""
    reading, parse = scene.reading, scene.reading.parse
    if parse.dep[trigger] == "acl" and _governs(scene, parse.head[trigger]):
        return _aside(scene, parse.head[trigger], told)
    if parse.dep[trigger] == "relcl" and told.tense == "ahead" and _is_leg(scene, parse.head[trigger]):
        return False
    if parse.dep[trigger] in ("advcl", "relcl", "acl", "pcomp"):
        return not (told.tense == "ahead" and _goes_on(scene, trigger))
    if any(
        parse.dep[t] == "advcl" and marks(reading, t) & {"after", "since", "because"} for t in parse.ancestors(trigger)
    ):
        return True
    head = parse.head[trigger]
    return parse.dep[trigger] == "pobj" and reading.lower[head] in _BESIDE


def _goes_on(scene: Scene, verb: int) -> bool:
    """ "Will visit Lahore before leaving for India": the next stop is as much news as the first."""
    reading, parse = scene.reading, scene.reading.parse
    above = governing_verb(reading, verb)
    if above is None or parse.tag[verb] != "VBG":
        return False
    moves = any(f.aspect in ("stay", "going", "event") for f in scene.lexicon.by_verb.get(reading.lemma[above], ()))
    return moves and any(reading.lower[child] in ("will", "would", "to") for child in parse.children(above, "aux"))


def _governs(scene: Scene, noun: int) -> bool:
    """ "An invitation to visit", "plans to go": the noun that the visit hangs on is told, and the visit with it."""
    return scene.lexicon.governor(scene.reading.lemma[noun], None) is not None


def _is_leg(scene: Scene, noun: int) -> bool:
    """ "A tour that will also take him to": the legs to come are news as much as the first."""
    return scene.reading.lemma[noun] in scene.lexicon.trip_nouns | {"leg"}
