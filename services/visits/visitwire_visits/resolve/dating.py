"""Chooses when a visit is among the dates that its readings give: by how each stands to them and to the others."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from visitwire_schemas import Precision, VisitStatus

from visitwire_visits.candidate import DateRead, Days
from visitwire_visits.resolve.choose import FORWARD, asked
from visitwire_visits.resolve.pairs import Pair, PairReading
from visitwire_visits.weights import Weights

_CLOSE = 1.0
"""Log-odds within which a pair counts as one of those that a trigger tells of first."""

_FINER = 2.5
"""Log-odds that a day may be behind the vaguer date that it lies in, and is still preferred."""
_MONTH = len("2006-11")
_WEEK = timedelta(days=6)

type Choice = tuple[DateRead, Days, dict[str, float]]


def date_choices(pair: Pair, status: VisitStatus, today: str | None) -> list[Choice]:
    """Every date that may be the visit's, with its evidence; one on the wrong side of the story is no choice."""
    found: list[Choice] = []
    for rank, reading in enumerate(asked(pair)):
        for read in reading.candidate.dates:
            days = days_of(read, status)
            if days is not None and not (
                _impossible(days, status, today)
                or _of_saying(read, status)
                or _is_no_day(read, status)
                or _of_the_news(pair, reading, read)
            ):
                evidence = date_evidence(reading, read, status, rank, today)
                evidence.update(dict.fromkeys(_belonging(pair, reading, read), 1.0))
                found.append((read, days, evidence))
    for read, days, evidence in found:
        evidence.update(dict.fromkeys(_among(read, days, found), 1.0))
    return found


def likeliest(choices: Sequence[Choice], weights: Weights) -> tuple[float, DateRead, Days] | None:
    """The likeliest choice with its log-odds; where it is vague, the likeliest of those that make it more precise."""
    rated = [(weights.odds((), evidence), read, days) for read, days, evidence in choices]
    if not rated:
        return None
    odds, read, days = max(rated, key=lambda choice: choice[0])
    if not _is_vague(days):
        return odds, read, days
    finer = [
        (at, each, d) for at, each, d in rated if each.start is not None and at > odds - _FINER and _is_within(d, days)
    ]
    _, read, days = max(finer, key=lambda choice: choice[0], default=(odds, read, days))
    return odds, read, days


def _is_vague(days: Days) -> bool:
    """A month, a year, or a whole week."""
    if days.precision is not Precision.DAY:
        return True
    return days.end is not None and date.fromisoformat(days.end) - date.fromisoformat(days.start) == _WEEK


def date_evidence(
    reading: PairReading, read: DateRead, status: VisitStatus, rank: int, today: str | None
) -> dict[str, float]:
    """How a date stands to a visit of this status."""
    found = dict.fromkeys(read.features, 1.0)
    found[f"status={status.value}"] = 1.0
    found[f"reading={min(rank, 3)}"] = 1.0
    found["odds"] = max(-3.0, min(3.0, reading.odds))
    for name in read.features[:2]:
        found[f"{name}@{status.value}"] = 1.0
    for name in read.features:
        if name.startswith(("story.event", "lean", "rule", "saying", "arc=", "order")):
            found[f"{name}@{status.value}"] = 1.0
    days = days_of(read, status)
    if days is not None:
        found[f"precision={days.precision.value}"] = 1.0
        when = _against(days.start, today)
        saying = "saying=True" in read.features
        found[f"when={when}@{status.value}"] = 1.0
        found[f"when={when}.saying={saying}"] = 1.0
        found[f"when={when}.saying={saying}@{status.value}"] = 1.0
    return found


def _against(start: str, today: str | None) -> str:
    """Where a day or month lies against the day of the story."""
    if today is None:
        return "unknown"
    day = today[: len(start)]
    return "today" if start == day else "after" if start > day else "before"


def days_of(read: DateRead, status: VisitStatus) -> Days | None:
    """What the words mean for a visit of this status."""
    return read.ahead if status in FORWARD else read.back


def _belonging(pair: Pair, reading: PairReading, read: DateRead) -> Iterator[str]:
    """Whether the date hangs on a trigger of this visit or on another's, and which place is named beside it."""
    if read.start is None:
        return
    same = "same" in read.features
    holder = _holder(pair, reading, read)
    yield f"holder={holder}"
    yield f"holder={holder}.same={same}"
    if not same:
        visitor, destination = pair.visitor.id in read.names, pair.destination in read.names
        yield f"beside.visitor={visitor}.destination={destination}"
        yield f"beside.visitor={visitor}.destination={destination}.holder={holder}"
    before, after = (_whose(place, pair) for place in read.places)
    yield f"place.before={before}"
    yield f"place.after={after}"
    yield f"places={before}|{after}.same={same}"


def _whose(place: str | None, pair: Pair) -> str:
    return "none" if place is None else "own" if place == pair.destination else "other"


def _holder(pair: Pair, reading: PairReading, read: DateRead) -> str:
    """Whose trigger the date hangs on: this reading's, another's that tells of the visit too, or of others first."""
    if read.holder is None:
        return "none"
    if read.holder == reading.candidate.trigger.start:
        return "own" if reading.odds > reading.candidate.odds - _CLOSE else "own.behind"
    lags = [r.candidate.odds - r.odds for r in pair.readings if r.candidate.trigger.start == read.holder]
    if not lags:
        return "others"
    return "also" if min(lags) < _CLOSE else "behind"


def _among(read: DateRead, days: Days, choices: Sequence[Choice]) -> Iterator[str]:
    """How a date stands to the others: told again elsewhere, made more precise, or more precise itself."""
    others = [(other.start, d) for other, d, _ in choices if other.start is not None]
    again = {at for at, d in others if at != read.start and d.start == days.start}
    yield f"again={min(2, len(again))}"
    finer = any(_is_within(d, days) for _, d in others)
    coarser = any(_is_within(days, d) for _, d, _ in choices)
    yield f"finer={finer}.coarser={coarser}"
    if read.start is not None:
        before = any(d.start[:_MONTH] == days.start[:_MONTH] and d.start < days.start for _, d in others)
        yield f"earliest={not before}.same={'same' in read.features}"


def _is_within(one: Days, other: Days) -> bool:
    """Whether a day or days lie within a vaguer span: "2006-11-30" in "2006-11", or in the week of it."""
    first, last = other.start, other.end or other.start
    if one == other or len(one.start) < len(first):
        return False
    return first <= one.start[: len(first)] and (one.end or one.start)[: len(last)] <= last


def _is_no_day(read: DateRead, status: VisitStatus) -> bool:
    """Whether it is the day of the story, which no word tells, for a visit that did not take place on it."""
    return read.text is None and status in FORWARD and status is not VisitStatus.PLANNED


def _of_the_news(pair: Pair, reading: PairReading, read: DateRead) -> bool:
    """Whether it dates what is told beside an earlier occasion: "arrived on Tuesday. Her last visit was in 2019"."""
    return pair.earlier and "same" not in read.features and _holder(pair, reading, read) == "others"


def _of_saying(read: DateRead, status: VisitStatus) -> bool:
    """Whether it dates the words that tell of what is to come: "said on Tuesday that he would"."""
    return status in FORWARD and ("saying=True" in read.features or "beside.saying=True" in read.features)


def _impossible(days: Days, status: VisitStatus, today: str | None) -> bool:
    if today is None:
        return False
    start = days.start
    if status in (VisitStatus.CONCLUDED, VisitStatus.UNDER_WAY):
        return start > today[: len(start)]
    return status is VisitStatus.PLANNED and (days.end or start) < today[: len(days.end or start)]
