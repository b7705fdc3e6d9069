"""From how a visit is told, and when, to its status; the story is of Wednesday 11 March 2026."""

from datetime import date, timedelta

import pytest
from visitwire_language.time.period import Period
from visitwire_schemas import VisitStatus
from visitwire_visits.clauses import View
from visitwire_visits.lexicon import default
from visitwire_visits.status import status_of

TODAY = date(2026, 3, 11)


def on(days: int, length: int = 0) -> Period:
    """A period that starts so many days from today."""
    first = TODAY + timedelta(days=days)
    return Period(first, first + timedelta(days=length) if length else None)


@pytest.mark.parametrize(
    ("aspect", "tense", "period", "here", "want"),
    [
        ("stay", "ahead", None, False, VisitStatus.PLANNED),
        ("stay", "past", on(-3), False, VisitStatus.CONCLUDED),
        ("stay", "past", on(0), True, VisitStatus.UNDER_WAY),
        ("stay", "progressive", None, False, VisitStatus.UNDER_WAY),
        ("stay", "present", on(4), False, VisitStatus.PLANNED),
        ("stay", "maybe", None, False, VisitStatus.PLANNED),
        ("arrival", "past", on(-1), True, VisitStatus.UNDER_WAY),
        ("arrival", "past", on(-30), True, VisitStatus.CONCLUDED),
        ("arrival", "present", on(1), True, VisitStatus.PLANNED),
        ("departure", "past", on(0), False, VisitStatus.UNDER_WAY),
        ("departure", "present", on(1), False, VisitStatus.PLANNED),
        ("return", "perfect", None, False, VisitStatus.CONCLUDED),
        ("event", "past", on(-5), True, VisitStatus.CONCLUDED),
        ("event", "past", on(0), False, VisitStatus.UNDER_WAY),
        ("event", "past", None, True, VisitStatus.UNDER_WAY),
        ("event", "ahead", on(20), True, VisitStatus.PLANNED),
        ("presence", "present", None, True, VisitStatus.UNDER_WAY),
        ("presence", "past", None, True, VisitStatus.CONCLUDED),
        ("invitation", "past", None, False, VisitStatus.INVITED),
        ("stay", "invited", None, False, VisitStatus.INVITED),
        ("stay", "accepted", None, False, VisitStatus.ACCEPTED),
        ("stay", "postponed", on(3), False, VisitStatus.POSTPONED),
        ("stay", "cancelled", None, False, VisitStatus.CANCELLED),
        ("stay", "", on(10), False, VisitStatus.PLANNED),
        ("stay", "", on(-10, 2), False, VisitStatus.CONCLUDED),
        ("stay", "before", None, False, VisitStatus.PLANNED),
        ("stay", "progressive", on(-6, 3), True, VisitStatus.CONCLUDED),
    ],
)
def test_the_status(aspect: str, tense: str, period: Period | None, here: bool, want: VisitStatus) -> None:
    status, strength = status_of(default(), aspect, View(tense), period, TODAY, here)

    assert status is want
    assert strength >= 1


@pytest.mark.parametrize("tense", ["past", "perfect", "invited", "cancelled", "postponed"])
def test_what_did_not_happen_is_no_visit(tense: str) -> None:
    assert status_of(default(), "stay", View(tense, negated=True), None, TODAY, False) == (None, -1)


@pytest.mark.parametrize("tense", ["ahead", "accepted"])
def test_what_will_not_happen_is_called_off(tense: str) -> None:
    status, _ = status_of(default(), "stay", View(tense, negated=True), None, TODAY, False)

    assert status is VisitStatus.CANCELLED
