"""Chooses among readings by weights: how far along a visit is, on whose word, and whether it is the news."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from visitwire_schemas import VisitStatus

from visitwire_visits.candidate import Candidate, DateRead, Source
from visitwire_visits.resolve.expect import expected
from visitwire_visits.resolve.pairs import Pair, PairReading
from visitwire_visits.weights import probability

FORWARD = frozenset(
    {
        VisitStatus.INVITED,
        VisitStatus.ACCEPTED,
        VisitStatus.PLANNED,
        VisitStatus.POSTPONED,
        VisitStatus.CANCELLED,
    }
)
_TOP = 4
"""Readings of a pair that are asked; what is less likely tells little."""
_PLAIN = 3.0
"""What the plain expectation of the best and the first reading counts against their other features."""
_DAY = len("2006-11-30")
_TOLD = 0.0
"""Log-odds from which another journey of the visitor, or of somebody who goes there, is taken as told."""
_MUCH = 3
"""How many times nearer one of two days must be."""
_JUST = timedelta(days=3)
_ABOUT_NOW = frozenset({"today", "recent", "open", "none"})
_ASKED = 0.2
"""The likelihood from which a reading's own date counts."""
_NEAR = 3.0
"""Log-odds below the best at which a reading is no longer asked."""


@dataclass(frozen=True)
class Now:
    """The day and the country of the story."""

    today: str | None
    country: str | None


def asked(pair: Pair) -> tuple[PairReading, ...]:
    """The readings that decide, likeliest first."""
    best = pair.best.odds
    return tuple(reading for reading in pair.readings[:_TOP] if reading.odds > best - _NEAR)


def status_evidence(pair: Pair, now: Now, pairs: Sequence[Pair] = ()) -> dict[str, float]:
    """What the readings tell of how far along the visit is: named features, the likelier reading the heavier."""
    readings = asked(pair)
    total = sum(probability(reading.odds) for reading in readings) or 1.0
    told = [tuple(_told(reading, pair, now)) for reading in readings]
    found: dict[str, float] = {}
    for reading, names in zip(readings, told, strict=True):
        share = probability(reading.odds) / total
        for name in names:
            found[name] = found.get(name, 0.0) + share
    first = min(range(len(readings)), key=lambda at: readings[at].candidate.trigger.start)
    for which, names in (("best", told[0]), ("first", told[first])):
        found |= {f"{which}.{name}": _PLAIN if name.startswith("expect") else 1.0 for name in names}
    sides = {_direction(reading.candidate.dates, now) for reading in readings if probability(reading.odds) > _ASKED}
    for side in ("past", "recent", "today", "ahead", "nearer ahead", "nearer back"):
        found[f"dates.{side}={side in sides}"] = 1.0
    found[f"occasion.earlier={pair.earlier}"] = 1.0
    found[f"here={now.country is not None and pair.country == now.country}"] = 1.0
    found[f"home={now.country is not None and pair.visitor.country == now.country}"] = 1.0
    found.update(dict.fromkeys(_beside(pair, pairs, now), 1.0))
    return found


def _beside(pair: Pair, pairs: Sequence[Pair], now: Now) -> Iterator[str]:
    """How the visitor's likeliest other journey stands by its words, and that of the likeliest others who go there."""
    own = _expected(pair.best.candidate, pair, now)
    others = [p for p in pairs if p.key != pair.key and p.best.odds > _TOLD and not p.earlier]
    onward = next((p for p in others if p.visitor.id == pair.visitor.id), None)
    kin = next((p for p in others if p.destination == pair.destination), None)
    for name, other in (("onward", onward), ("kin", kin)):
        told = _expected(other.best.candidate, other, now) if other is not None else "nobody"
        yield f"{name}={told}"
        yield f"{name}={told}@{own}"


def _expected(candidate: Candidate, pair: Pair, now: Now, when: str | None = None) -> str:
    """`when` is the direction of its dates, where that is known already."""
    here = now.country is not None and pair.country == now.country
    return str(expected(candidate, here, (when or _direction(candidate.dates, now)) in _ABOUT_NOW))


def settled_by(pair: Pair) -> VisitStatus | None:
    """The status that the likeliest reading settles by its words: asked, called off, put off, begun, ended."""
    candidate = pair.best.candidate
    told = expected(candidate, here=False, recent=False)
    plain = candidate.told.settled is not None or candidate.told.doubted
    return told if plain or (told in FORWARD and told is not VisitStatus.PLANNED) else None


def _told(reading: PairReading, pair: Pair, now: Now) -> Iterator[str]:
    candidate = reading.candidate
    told, event = candidate.told, candidate.event.value
    when = _direction(candidate.dates, now)
    expect = _expected(candidate, pair, now, when)
    yield f"expect={expect}"
    yield f"expect={expect}.date={when}"
    yield f"event={event}"
    yield f"told={told.form}"
    yield f"told={told.form}@{event}"
    yield f"settled={told.settled}"
    yield f"settled={told.settled}.negated={told.negated}"
    yield f"settled={told.settled}@{told.form}"
    yield f"modality={told.modality}"
    yield f"doubted={told.doubted}.settled={told.settled}"
    yield f"earlier={told.earlier}"
    yield f"aside={told.aside}"
    yield f"date={when}"
    yield f"date={when}@{told.form}"


def _direction(dates: Sequence[DateRead], now: Now) -> str:
    """Where the date that stands closest to the trigger lies, as far as it tells by itself."""
    told = [read for read in dates if "same" in read.features and "saying=True" not in read.features]
    read = min(told, key=_apartness, default=None)
    return _side(read, now) if read is not None else "none"


def _apartness(read: DateRead) -> int:
    """How far a date of the sentence is from dating the trigger: hanging on it, closest to it, or elsewhere."""
    if "arc=trigger" in read.features:
        return 0
    return 1 + 2 * ("between=True" in read.features) + ("order=0" not in read.features)


def _side(read: DateRead, now: Now) -> str:
    """Whether a date is past, recent, of today or ahead; "open" where the visit's standing tells which day is meant."""
    if read.ahead is None or read.back is None or now.today is None:
        return "none"
    first, last = read.back.start, read.ahead.end or read.ahead.start
    if read.ahead.start != first:
        return _nearer(read.ahead.start, first, now.today)
    if last < now.today[: len(last)]:
        return "recent" if len(last) == _DAY and last >= _recent(now.today) else "past"
    if any(feature.startswith("lean=ahead") for feature in read.features) and last > now.today[: len(last)]:
        return "ahead"
    return "ahead" if first > now.today[: len(first)] else "today"


def _nearer(ahead: str, back: str, today: str) -> str:
    """Which of the two days that "April 29" may mean is meant, told from one being much nearer; "open" else."""
    to, since = abs(_days_apart(today, ahead)), abs(_days_apart(today, back))
    return "nearer ahead" if _MUCH * to < since else "nearer back" if _MUCH * since < to else "open"


def _days_apart(day: str, other: str) -> int:
    first, last = (date.fromisoformat((each + "-01-01")[:_DAY]) for each in (day, other))
    return (last - first).days


def _recent(today: str) -> str:
    """The day from which on somebody who came may well be there still."""
    return (date.fromisoformat(today) - _JUST).isoformat()


def source_choices(pair: Pair, status: VisitStatus) -> list[tuple[Source, dict[str, float]]]:
    """Everybody who may be the source, with the evidence for it."""
    found = []
    for rank, reading in enumerate(asked(pair)):
        for source in reading.candidate.sources:
            evidence = dict.fromkeys(source.features, 1.0)
            evidence[f"reading={min(rank, 3)}"] = 1.0
            evidence[f"forward={status in FORWARD}"] = 1.0
            evidence[f"own={source.announcer.entity == pair.visitor.id}"] = 1.0
            for name in source.features[:1]:
                evidence[f"{name}@own={source.announcer.entity == pair.visitor.id}"] = 1.0
                evidence[f"{name}@forward={status in FORWARD}"] = 1.0
            found.append((source, evidence))
    return found


def focus_evidence(
    pair: Pair, pairs: Sequence[Pair], status: VisitStatus, headline: Mapping[str, bool]
) -> dict[str, float]:
    """What tells whether the visit is news of the story."""
    best = pair.best.candidate
    likely = [reading.candidate for reading in pair.readings if reading.odds > -1] or [best]
    first = min(candidate.sentence for candidate in likely)
    found = {
        f"status={status.value}": 1.0,
        f"first={min(first, 4)}": 1.0,
        f"first={min(first, 2)}@{status.value}": 1.0,
        f"count={min(3, len({candidate.sentence for candidate in likely}))}": 1.0,
        f"aside={best.told.aside}": 1.0,
        f"aside.all={all(candidate.told.aside for candidate in likely)}": 1.0,
        f"earlier={best.told.earlier}": 1.0,
        f"event={best.event.value}": 1.0,
        "odds": max(-3.0, min(4.0, pair.best.odds)),
        f"mentions={min(4, len(pair.visitor.mentions))}": 1.0,
        f"rank={min(3, [p.key for p in pairs].index(pair.key))}": 1.0,
        f"occasion.earlier={pair.earlier}": 1.0,
    }
    for name, holds in headline.items():
        found[f"headline.{name}={holds}"] = 1.0
    return found
