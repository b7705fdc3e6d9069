"""Which expressions of time may date a candidate, and how they stand to its trigger."""

from collections.abc import Iterator
from datetime import date, timedelta

from visitwire_language.time.mentions import Expression, length_of_stay
from visitwire_language.time.period import DAY, Period
from visitwire_schemas import Precision

from visitwire_visits.candidate import DateRead, Days, Told
from visitwire_visits.rules.links import Trigger

_FAR = (3, 8, 15)
_LONGEST = timedelta(days=60)
_OPENERS = frozenset(
    {"on", "from", "in", "for", "until", "to", "by", "of", "since", "next", "last", "late", "early", "between", ","}
)
_NEIGHBOURS = (-1, 1)


def dates_of(trigger: Trigger, told: Told) -> tuple[DateRead, ...]:
    """The expressions of the trigger's sentence and of its neighbours, and the day of the story itself."""
    found = [*_in_sentence(trigger, told), *_beside(trigger), *_of_story(trigger, told)]
    return tuple(found)


def _in_sentence(trigger: Trigger, told: Told) -> Iterator[DateRead]:
    expressions = trigger.scene.expressions_in(trigger.sentence)
    near = {id(e): _token(trigger, e) for e in expressions}
    order = sorted(expressions, key=lambda e: abs(near[id(e)] - trigger.token))
    for expression in expressions:
        features = _features(trigger, told, expression, near[id(expression)], order.index(expression))
        yield _read(trigger, expression, features)


def _beside(trigger: Trigger) -> Iterator[DateRead]:
    """The dates of the sentence before and after."""
    for offset in _NEIGHBOURS:
        number = trigger.sentence + offset
        if 0 <= number < len(trigger.scene.text.sentences):
            for at, expression in enumerate(trigger.scene.expressions_in(number)):
                token = _token(trigger, expression)
                features = (
                    f"beside={offset:+d}",
                    f"beside.rule={expression.rule.name}",
                    f"beside.first={at == 0}",
                    f"beside.saying={_is_saying(trigger, token)}",
                    f"beside.trip={_has_trip(trigger, number)}",
                )
                yield _read(trigger, expression, features)


def _of_story(trigger: Trigger, told: Told) -> Iterator[DateRead]:
    """The day of the story, for a visit that no word dates: wires write so of arrivals."""
    today = trigger.scene.today
    if today is None:
        return
    days = _days(Period(today, None))
    aspect = trigger.frame.aspect
    dated = bool(trigger.scene.expressions_in(trigger.sentence))
    features = (
        "story",
        f"story.event={aspect}",
        f"story.told={told.form}@{aspect}",
        f"story.dated={dated}",
        f"story.settled={told.settled}",
        f"story.lead={trigger.sentence <= 1}",
    )
    yield DateRead(None, days, days, features)


def _read(trigger: Trigger, expression: Expression, features: tuple[str, ...]) -> DateRead:
    today = trigger.scene.today
    lean = expression.lean
    ahead = _stretched(trigger, _resolved(expression, today, True if lean is None else lean))
    back = _stretched(trigger, _resolved(expression, today, False if lean is None else lean))
    token = _token(trigger, expression)
    return DateRead(
        expression.text,
        _days(ahead),
        _days(back),
        features,
        start=expression.start,
        holder=_holder(trigger, token),
        places=_places(trigger, token),
        names=_names(trigger, token),
    )


def _names(trigger: Trigger, token: int) -> frozenset[str]:
    scene = trigger.scene
    number = scene.text.sentence_of[token]
    places = {each.entity.country or each.entity.name for each in scene.places_in.get(number, ())}
    return frozenset(places | {each.entity.id for each in scene.people_in.get(number, ())})


def _places(trigger: Trigger, token: int) -> tuple[str | None, str | None]:
    scene = trigger.scene
    named = scene.places_in.get(scene.text.sentence_of[token], ())
    before = [each.entity for each in named if each.first < token]
    after = [each.entity for each in named if each.first > token]
    last, first = before[-1:], after[:1]
    return (last[0].country or last[0].name if last else None, first[0].country or first[0].name if first else None)


def _holder(trigger: Trigger, token: int) -> int | None:
    """Where the nearest trigger above an expression stands, as far as its clause reaches."""
    parse = trigger.scene.parse
    for above in parse.ancestors(token):
        if above == trigger.token or above in trigger.others:
            return parse.start[above]
        if parse.pos[above] in ("VERB", "AUX"):
            return None
    return None


def _resolved(expression: Expression, today: date | None, forward: bool) -> Period | None:
    try:
        return expression.period(today, forward)
    except (ValueError, OverflowError):
        return None


def _stretched(trigger: Trigger, period: Period | None) -> Period | None:
    """Adds the end that "a three-day visit" tells."""
    if period is None or period.end is not None or period.precision is not Precision.DAY:
        return period
    days = _length(trigger)
    return Period(period.start, period.start + (days - 1) * DAY) if days and days > 1 else period


def _length(trigger: Trigger) -> int | None:
    text = trigger.scene.text
    return length_of_stay(text.phrase(text.left_edge(trigger.token), trigger.token))


def _days(period: Period | None) -> Days | None:
    if period is None or (period.end is not None and period.end - period.start > _LONGEST):
        return None
    start, end = period.written()
    return Days(start, end, period.precision)


def _token(trigger: Trigger, expression: Expression) -> int:
    return next(iter(trigger.scene.parse.within(expression.start, expression.end)), trigger.token)


def _features(trigger: Trigger, told: Told, expression: Expression, token: int, order: int) -> tuple[str, ...]:
    scene, text = trigger.scene, trigger.scene.text
    distance = token - trigger.token
    bucket = sum(abs(distance) > far for far in _FAR)
    before = text.lower[token - 1] if token else ""
    lean = {True: "ahead", False: "back", None: "open"}[expression.lean]
    arc = _arc(trigger, token)
    return (
        "same",
        f"rule={expression.rule.name}",
        f"order={min(order, 2)}",
        f"{'after' if distance > 0 else 'before'}={bucket}",
        f"opener={before if before in _OPENERS else 'other'}",
        f"lean={lean}@{told.time}",
        f"arc={arc}",
        f"arc={arc}@{trigger.frame.aspect}",
        f"saying={_is_saying(trigger, token)}",
        f"between={_another_between(trigger, token)}",
        f"only={len(scene.expressions_in(trigger.sentence)) == 1}",
    )


def _arc(trigger: Trigger, token: int) -> str:
    """What the expression hangs on: the trigger, a word above it, or something else."""
    parse = trigger.scene.parse
    above = list(parse.ancestors(token))[:4]
    if trigger.token in above:
        return "trigger" if above.index(trigger.token) <= 1 else "below"
    path = list(parse.ancestors(trigger.token))
    for number, word in enumerate(above[:3]):
        if word in path:
            return f"above{min(path.index(word), 2)}.{min(number, 2)}"
    return "apart"


def _is_saying(trigger: Trigger, token: int) -> bool:
    """Whether it dates the saying: "the ministry said on Tuesday"."""
    scene = trigger.scene
    for word in list(scene.parse.ancestors(token))[:3]:
        if scene.parse.pos[word] == "VERB":
            return word != trigger.token and scene.text.lemma[word] in trigger.saying
    return scene.text.lemma[token - 1] in trigger.saying if token else False


def _another_between(trigger: Trigger, token: int) -> bool:
    first, last = sorted((trigger.token, token))
    return any(other in trigger.others for other in range(first + 1, last))


def _has_trip(trigger: Trigger, number: int) -> bool:
    sentence = trigger.scene.text.sentences[number]
    return any(trigger.scene.text.lemma[token] in trigger.trips for token in sentence)
