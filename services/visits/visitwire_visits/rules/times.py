"""Which expressions of time may date a candidate, and how they stand to its trigger."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from visitwire_language.time.mentions import Expression
from visitwire_language.time.period import DAY, Period
from visitwire_schemas import Precision

from visitwire_visits.candidate import DateRead, Days, Told
from visitwire_visits.rules.scene import Scene
from visitwire_visits.rules.trigger import Trigger

_FAR = (3, 8, 15)
_LONGEST = timedelta(days=60)
_OPENERS = frozenset(
    {"on", "from", "in", "for", "until", "to", "by", "of", "since", "next", "last", "late", "early", "between", ","}
)
_NEIGHBOURS = (-1, 1)


@dataclass(frozen=True)
class _Dated:
    """An expression of time, the first of its tokens, and what does not depend on the trigger that it may date."""

    expression: Expression
    token: int
    lean: bool | None
    ahead: Period | None
    """What it means of what is to come, if the words do not say otherwise."""
    back: Period | None
    """What it means of what is over."""
    days: tuple[Days | None, Days | None]
    """The days of both."""
    places: tuple[str | None, str | None]
    names: frozenset[str]


def dates_of(trigger: Trigger, told: Told) -> tuple[DateRead, ...]:
    """The expressions of the trigger's sentence and of its neighbours, and the day of the story itself."""
    return (*_in_sentence(trigger, told), *_beside(trigger), *_of_story(trigger, told))


def _in_sentence(trigger: Trigger, told: Told) -> Iterator[DateRead]:
    dated = _dated_in(trigger.scene, trigger.sentence)
    order = sorted(range(len(dated)), key=lambda at: abs(dated[at].token - trigger.token))
    for at, each in enumerate(dated):
        yield _read(trigger, each, _features(trigger, told, each, order.index(at), len(dated) == 1))


def _beside(trigger: Trigger) -> Iterator[DateRead]:
    """The dates of the sentence before and after."""
    for offset in _NEIGHBOURS:
        for at, each in enumerate(_dated_in(trigger.scene, trigger.sentence + offset)):
            features = (
                f"beside={offset:+d}",
                f"beside.rule={each.expression.rule.name}",
                f"beside.first={at == 0}",
                f"beside.saying={_is_saying(trigger, each.token)}",
            )
            yield _read(trigger, each, features)


def _dated_in(scene: Scene, number: int) -> Sequence[_Dated]:
    """The expressions of a sentence, read once for all triggers; none where there is no such sentence."""
    return scene.once(("dated", number), lambda: [_dated(scene, number, one) for one in scene.expressions_in(number)])


def _dated(scene: Scene, number: int, expression: Expression) -> _Dated:
    within, lean = scene.parse.within(expression.start, expression.end), expression.lean
    token = next(iter(within), scene.text.sentences[number].start)
    ahead, back = (_resolved(expression, scene.today, side if lean is None else lean) for side in (True, False))
    days = _days(ahead), _days(back)
    return _Dated(expression, token, lean, ahead, back, days, _places(scene, token), _names(scene, token))


def _of_story(trigger: Trigger, told: Told) -> Iterator[DateRead]:
    """The day of the story, for a visit that no word dates: wires write so of arrivals."""
    today = trigger.scene.today
    if today is None:
        return
    days = _days(Period(today, None))
    aspect = trigger.frame.aspect
    dated = bool(_dated_in(trigger.scene, trigger.sentence))
    features = (
        "story",
        f"story.event={aspect}",
        f"story.told={told.form}@{aspect}",
        f"story.dated={dated}",
        f"story.settled={told.settled}",
        f"story.lead={trigger.sentence <= 1}",
    )
    yield DateRead(None, days, days, features)


def _read(trigger: Trigger, each: _Dated, features: tuple[str, ...]) -> DateRead:
    ahead, back = each.days
    if trigger.lasts is not None and trigger.lasts > 1:
        ahead, back = (_days(_stretched(period, trigger.lasts)) for period in (each.ahead, each.back))
    return DateRead(
        each.expression.text,
        ahead,
        back,
        features,
        start=each.expression.start,
        holder=_holder(trigger, each.token),
        places=each.places,
        names=each.names,
    )


def _names(scene: Scene, token: int) -> frozenset[str]:
    number = scene.text.sentence_of[token]
    places = {each.entity.country or each.entity.name for each in scene.places_in.get(number, ())}
    return frozenset(places | {each.entity.id for each in scene.people_in.get(number, ())})


def _places(scene: Scene, token: int) -> tuple[str | None, str | None]:
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


def _stretched(period: Period | None, days: int) -> Period | None:
    """Adds the end that "a three-day visit" tells."""
    if period is None or period.end is not None or period.precision is not Precision.DAY:
        return period
    return Period(period.start, period.start + (days - 1) * DAY)


def _days(period: Period | None) -> Days | None:
    if period is None or (period.end is not None and period.end - period.start > _LONGEST):
        return None
    start, end = period.written()
    return Days(start, end, period.precision)


def _features(trigger: Trigger, told: Told, each: _Dated, order: int, only: bool) -> tuple[str, ...]:
    """How an expression of the trigger's sentence stands to it; `order`: how many stand closer."""
    lower, token = trigger.scene.text.lower, each.token
    distance = token - trigger.token
    bucket = sum(abs(distance) > far for far in _FAR)
    before = lower[token - 1] if token else ""
    lean = "open" if each.lean is None else "ahead" if each.lean else "back"
    arc = _arc(trigger, token)
    return (
        "same",
        f"rule={each.expression.rule.name}",
        f"order={min(order, 2)}",
        f"{'after' if distance > 0 else 'before'}={bucket}",
        f"opener={before if before in _OPENERS else 'other'}",
        f"lean={lean}@{told.time}",
        f"arc={arc}",
        f"arc={arc}@{trigger.frame.aspect}",
        f"saying={_is_saying(trigger, token)}",
        f"between={_another_between(trigger, token)}",
        f"only={only}",
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
            return word != trigger.token and trigger.is_saying(word)
    return token > 0 and trigger.is_saying(token - 1)


def _another_between(trigger: Trigger, token: int) -> bool:
    first, last = sorted((trigger.token, token))
    return any(other in trigger.others for other in range(first + 1, last))
