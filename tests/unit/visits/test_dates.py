"""Expressions of time against the day of the story, Wednesday 11 March 2026."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from visitwire_language.time.mentions import find, length_of_stay
from visitwire_language.time.period import Period, week_of, weekday_near

TODAY = date(2026, 3, 11)


def read(text: str, forward: bool | None, today: date | None = TODAY) -> list[tuple[str, str | None, str | None]]:
    """Each expression with its start and end; None where it says no day."""
    found = []
    for expression in find(text):
        lean = forward if expression.lean is None else expression.lean
        period = expression.period(today, lean)
        start, end = period.written() if period else (None, None)
        found.append((expression.text, start, end))
    return found


@pytest.mark.parametrize(
    ("text", "forward", "want"),
    [
        ("will arrive on Saturday", True, ("Saturday", "2026-03-14", None)),
        ("arrived on Saturday", False, ("Saturday", "2026-03-07", None)),
        ("leaves on Wednesday", True, ("Wednesday", "2026-03-11", None)),
        ("will arrive on Tuesday next week", True, ("Tuesday next week", "2026-03-17", None)),
        ("met on Friday of last week", False, ("Friday of last week", "2026-03-06", None)),
        ("leaves Thursday this week", True, ("Thursday this week", "2026-03-12", None)),
        ("will leave next Wednesday", True, ("next Wednesday", "2026-03-18", None)),
        ("came last Friday", False, ("last Friday", "2026-03-06", None)),
        ("met on Monday night", False, ("Monday night", "2026-03-09", None)),
        ("held talks on Monday and Tuesday", False, ("Monday and Tuesday", "2026-03-09", "2026-03-10")),
        ("is there from Friday to Sunday", True, ("Friday to Sunday", "2026-03-13", "2026-03-15")),
        ("leaves tomorrow", True, ("tomorrow", "2026-03-12", None)),
        ("arrived last night", False, ("last night", "2026-03-10", None)),
        ("leaves the day after tomorrow", True, ("the day after tomorrow", "2026-03-13", None)),
        ("goes from June 3 to 6", True, ("June 3 to 6", "2026-06-03", "2026-06-06")),
        ("the June 8-10 summit", True, ("June 8-10", "2026-06-08", "2026-06-10")),
        ("from Nov. 30 to Dec. 1", True, ("Nov. 30 to Dec. 1", "2026-11-30", "2026-12-01")),
        ("from Dec. 29 to Jan. 3", True, ("Dec. 29 to Jan. 3", "2026-12-29", "2027-01-03")),
        ("from 7th to 9th December", True, ("7th to 9th December", "2026-12-07", "2026-12-09")),
        ("visited on 4 April 2016", None, ("4 April 2016", "2016-04-04", None)),
        ("on May 3, 2027", None, ("May 3, 2027", "2027-05-03", None)),
        ("on 2027-05-03", None, ("2027-05-03", "2027-05-03", None)),
        ("in mid-May", True, ("mid-May", "2026-05", None)),
        ("in June", True, ("June", "2026-06", None)),
        ("in January", True, ("January", "2027-01", None)),
        ("last September", False, ("last September", "2025-09", None)),
        ("in March next year", True, ("March next year", "2027-03", None)),
        ("in July of last year", False, ("July of last year", "2025-07", None)),
        ("in the spring of next year", True, ("in the spring of next year", "2027-03", None)),
        ("in the spring", True, ("in the spring", "2026-03", None)),
        ("next spring", True, ("next spring", "2027-03", None)),
        ("as early as May", True, ("May", "2026-05", None)),
        ("in August 2003", False, ("August 2003", "2003-08", None)),
        ("early next month", True, ("early next month", "2026-04", None)),
        ("next week", True, ("next week", "2026-03-16", "2026-03-22")),
        ("last week", False, ("last week", "2026-03-02", "2026-03-08")),
        ("in the week of April 6", True, ("the week of April 6", "2026-04-06", "2026-04-12")),
        ("two weeks ago", False, ("two weeks ago", "2026-02-25", None)),
        ("in ten days", True, ("in ten days", "2026-03-21", None)),
        ("in three months", True, ("in three months", "2026-06", None)),
        ("in four or five days", True, ("in four or five days", "2026-03", None)),
        ("at the end of the year", True, ("the end of the year", "2026-12", None)),
        ("later this year", True, ("later this year", "2026", None)),
        ("early next year", True, ("early next year", "2027", None)),
        ("in 2015", False, ("2015", "2015", None)),
        ("this autumn", True, ("this autumn", "2026-09", None)),
        ("in the autumn", True, ("in the autumn", "2026-09", None)),
        ("in the first quarter of 2027", True, ("the first quarter of 2027", "2027-01", None)),
        ("a weekend visit", False, ("weekend", "2026-03-07", "2026-03-08")),
        ("this weekend", True, ("this weekend", "2026-03-14", "2026-03-15")),
    ],
)
def test_what_words_mean(text: str, forward: bool | None, want: tuple[str, str | None, str | None]) -> None:
    assert read(text, forward) == [want]


@pytest.mark.parametrize(
    "text",
    [
        "at the earliest mutually convenient date",
        "he will soon go",
        "the first visit since 1997",
        "for the first time in 2015 years",
        "he may go",
        "they march on",
        "the sun sets",
        "prices rose 12 pct",
        "sales of 1987 mln dlrs",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert read(text, True) == []


def test_without_a_day_only_full_dates_mean_something() -> None:
    assert read("on Monday, on May 3, 2027", True, today=None) == [
        ("Monday", None, None),
        ("May 3, 2027", "2027-05-03", None),
    ]


def test_on_a_sunday_the_week_turns() -> None:
    sunday = date(2026, 3, 15)

    assert week_of(sunday, 0) == Period(date(2026, 3, 16), date(2026, 3, 22))
    assert week_of(sunday, -1) == Period(date(2026, 3, 9), date(2026, 3, 15))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("a three-day visit", 3),
        ("a 48-hour stop", 3),
        ("a week-long tour", 7),
        ("a two week trip", 14),
        ("a long visit", None),
    ],
)
def test_the_length_of_a_stay(text: str, days: int | None) -> None:
    assert length_of_stay(text) == days


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(0, 6))
def test_a_weekday_is_within_a_week_on_the_side_that_is_told(today: date, weekday: int) -> None:
    ahead, back = weekday_near(today, weekday, True), weekday_near(today, weekday, False)

    assert ahead.weekday() == back.weekday() == weekday
    assert 0 <= (ahead - today).days < 7
    assert 0 <= (today - back).days < 7


@given(st.text(max_size=200))
def test_any_text_can_be_searched(text: str) -> None:
    for expression in find(text):
        assert text[expression.start : expression.end].strip(" .") == expression.text
