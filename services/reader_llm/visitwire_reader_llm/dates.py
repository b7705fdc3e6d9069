"""Dates that a story's own words give by our own rules: the model points to the words and computes nothing."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from visitwire_language.time.mentions import Expression, find, length_of_stay
from visitwire_language.time.period import DAY, Period
from visitwire_schemas import Precision, Span
from visitwire_visits.candidate import DateRead, Days

from visitwire_reader_llm.page import Page

_LONGEST = timedelta(days=60)
_BEFORE = 24
"""Characters before the word for a visit in which its length stands."""
_FEATURES = ("llm",)


def dates_in(
    words: str, page: Page, sentences: range, trigger: Span, drop: Callable[[str, str], None]
) -> Iterator[DateRead]:
    """The date that the words give, read against the day of the story; `drop` hears why they give none."""
    where = page.find(words, sentences, far=1)
    if where is None:
        drop("date", f"the words of its date are not about the evidence: {words!r}")
        return
    expression = _expression(page, where)
    read = _read(expression, page.filed.today, _length(page, trigger)) if expression else None
    if read is None:
        drop("date", f"by its words and the day of the story it is no date: {words!r}")
    else:
        yield read


def _expression(page: Page, words: Span) -> Expression | None:
    """The first expression of time that the words touch, read with what stands around it."""
    around = page.stretch(page.sentences_of(words))
    found = find(page.text, around.start, around.end)
    return next((one for one in found if one.start < words.end and words.start < one.end), None)


def _read(expression: Expression, today: date | None, stay: int | None) -> DateRead | None:
    lean = expression.lean
    ahead = _days(_resolved(expression, today, True if lean is None else lean), stay)
    back = _days(_resolved(expression, today, False if lean is None else lean), stay)
    return DateRead(expression.text, ahead, back, _FEATURES) if ahead or back else None


def _resolved(expression: Expression, today: date | None, forward: bool) -> Period | None:
    try:
        return expression.period(today, forward)
    except (ValueError, OverflowError):
        return None


def _days(period: Period | None, stay: int | None) -> Days | None:
    if period is None or (period.end is not None and period.end - period.start > _LONGEST):
        return None
    if stay is not None and stay > 1 and period.end is None and period.precision is Precision.DAY:
        period = Period(period.start, period.start + (stay - 1) * DAY)
    start, end = period.written()
    return Days(start, end, period.precision)


def _length(page: Page, trigger: Span) -> int | None:
    """Days that "a three-day visit" lasts: told right before the word for the visit."""
    before = page.text[max(0, trigger.start - _BEFORE) : trigger.end]
    return None if "ago" in before.split() else length_of_stay(before)
