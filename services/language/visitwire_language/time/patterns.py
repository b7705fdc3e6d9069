"""The patterns of expressions of time, and what each means against the day of the story."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from visitwire_schemas import Precision

from visitwire_language.time.period import (
    DAY,
    Period,
    add_months,
    day_near,
    make_date,
    month_near,
    week_of,
    weekday_near,
    weekend_of,
)

type Resolve = Callable[[re.Match[str], date | None, bool | None], Period | None]

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_COUNTED = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
NUMBERS = {word: number for number, word in enumerate(_COUNTED.split())} | {"a": 1, "an": 1, "couple": 2}

MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\.?"
)
WEEKDAY = (
    r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
    r"|(?:Mon|Tues|Tue|Wed|Thurs|Thu|Fri|Sat|Sun)\.)"
)
FULL_WEEKDAY = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
DAY_NO = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?!\d|[.,]\d|:)"
YEAR = r"(?:1[89]|20)\d\d(?!\d)"
TO = r"\s*(?:to|through|until|till|and|or|-|–|—|--)\s*"
NUMBER = r"(?:\d{1,2}|" + "|".join(NUMBERS) + r")"
PART = (
    r"(?:early|late|later|mid|end|earlier|the (?:end|beginning|start|middle) of|the (?:first|second) half of"
    r"|the (?:first|last) week of|sometime)"
)


@dataclass(frozen=True)
class Rule:
    name: str
    pattern: re.Pattern[str]
    resolve: Resolve
    anchors: tuple[str, ...]
    """The kinds of words of which it cannot match without one: "figures", "month", "weekday", "day", "unit"."""


def month_number(word: str) -> int:
    """1 to 12, from the name or its abbreviation."""
    return next(number for number, name in enumerate(MONTHS, 1) if name.startswith(word.lower().rstrip(".")[:3]))


def weekday_number(word: str) -> int:
    """0 (Monday) to 6, from the name or its abbreviation."""
    return next(number for number, name in enumerate(WEEKDAYS) if name.startswith(word.lower()[:3]))


def count_of(word: str) -> int:
    """The number a numeral or a word gives."""
    return int(word) if word.isdigit() else NUMBERS[word.lower()]


def _day(month: str, day: str, year: str | None, today: date | None, forward: bool | None) -> date | None:
    number = int(re.sub(r"\D", "", day))
    if year:
        return make_date(int(year), month_number(month), number)
    return day_near(today, month_number(month), number, forward) if today else None


def _range(match: re.Match[str], today: date | None, forward: bool | None) -> Period | None:
    found = match.groupdict()
    first_month = found.get("m1") or found["m2"]
    last_month = found.get("m2") or first_month
    last = _day(last_month, found["d2"], found.get("year"), today, forward)
    if last is None:
        return None
    first = make_date(last.year, month_number(first_month), int(re.sub(r"\D", "", found["d1"])))
    if first and first > last:
        first = make_date(last.year - 1, first.month, first.day)
    return Period(first, last) if first and last - first < timedelta(days=100) else None


def _single(match: re.Match[str], today: date | None, forward: bool | None) -> Period | None:
    found = match.groupdict()
    day = _day(found["m1"], found["d1"], found.get("year"), today, forward)
    return Period(day, None) if day else None


def _iso(match: re.Match[str], today: date | None, forward: bool | None) -> Period | None:
    day = make_date(int(match["year"]), int(match["m"]), int(match["d"]))
    return Period(day, None) if day else None


def _month(match: re.Match[str], today: date | None, forward: bool | None) -> Period | None:
    month, year, which = month_number(match["m1"]), match["year"], (match["which"] or "").lower()
    if year:
        return Period(date(int(year), month, 1), None, Precision.MONTH)
    if today is None:
        return None
    if match["rel"]:
        return Period(date(today.year + _SHIFT[match["rel"].lower()], month, 1), None, Precision.MONTH)
    first = month_near(today, month, {"last": False, "past": False, "next": True, "coming": True}.get(which, forward))
    if first == today.replace(day=1) and which in ("last", "past", "next"):
        first = add_months(first, -12 if which in ("last", "past") else 12)
    return Period(first, None, Precision.MONTH)


def _weekday(match: re.Match[str], today: date | None, forward: bool | None) -> Period | None:
    if today is None:
        return None
    which = (match["which"] or "").lower()
    lean = {"last": False, "past": False, "next": True, "coming": True, "this": True}.get(which, forward)
    day = weekday_near(today, weekday_number(match["w1"]), lean)
    if day == today and which in ("last", "next"):
        day += 7 * DAY if which == "next" else -7 * DAY
    if match["w2"]:
        after = (weekday_number(match["w2"]) - day.weekday()) % 7
        last = day + after * DAY
        return Period(day, last) if lean or last <= today else Period(day - 7 * DAY, last - 7 * DAY)
    return Period(day + 7 * DAY, None) if match["week"] else Period(day, None)


def _weekday_of_week(match: re.Match[str], today: date | None, forward: bool | None) -> Period | None:
    """ "Tuesday next week"."""
    if today is None:
        return None
    week = week_of(today, _SHIFT[match["which"].lower()])
    return Period(week.start + weekday_number(match["w1"]) * DAY, None)


def _relative_day(match: re.Match[str], today: date | None, forward: bool | None) -> Period | None:
    if today is None:
        return None
    words = match.group().lower()
    if "after tomorrow" in words:
        return Period(today + 2 * DAY, None)
    if "before yesterday" in words:
        return Period(today - 2 * DAY, None)
    if words.startswith("tomorrow") or words == "the next day":
        return Period(today + DAY, None)
    back = words.startswith(("yesterday", "last night")) or "overnight" in words
    return Period(today - DAY if back else today, None)


_SHIFT = {"last": -1, "past": -1, "previous": -1, "this": 0, "next": 1, "coming": 1, "following": 1, "the": 0}


def _unit(match: re.Match[str], today: date | None, forward: bool | None) -> Period | None:
    if today is None:
        return None
    shift, unit = _SHIFT[match["which"].lower().split()[-1]], match["unit"].lower()
    if unit == "week":
        return week_of(today, shift)
    if unit == "weekend":
        ahead = forward is not False and match["which"].lower() == "this" and today.weekday() < 5
        return weekend_of(today, shift if shift or ahead else 0 if today.weekday() >= 5 else -1)
    if unit == "month":
        return Period(add_months(today.replace(day=1), shift), None, Precision.MONTH)
    if unit == "year":
        return Period(date(today.year + shift, 1, 1), None, Precision.YEAR)
    return _season(unit, shift, today, skip=True)


def _season(unit: str, shift: int, today: date, skip: bool = False) -> Period:
    """The season that runs, or the one before or after it; `skip`: the one that runs is not meant ("next summer")."""
    month = SEASONS[unit]
    first = date(today.year, month, 1)
    if shift > 0 and (first <= today.replace(day=1) if skip else add_months(first, 3) <= today):
        first = date(today.year + 1, month, 1)
    if shift < 0 and first >= add_months(today.replace(day=1), -2):
        first = date(today.year - 1, month, 1)
    return Period(first, None, Precision.QUARTER)


def _season_of(match: re.Match[str], today: date | None, forward: bool | None) -> Period | None:
    if match["year"]:
        return Period(date(int(match["year"]), SEASONS[match["unit"].lower()], 1), None, Precision.QUARTER)
    if today is None:
        return None
    if match["rel"]:
        year = today.year + _SHIFT[match["rel"].lower()]
        return Period(date(year, SEASONS[match["unit"].lower()], 1), None, Precision.QUARTER)
    shift = 0 if forward is None else 1 if forward else -1
    return _season(match["unit"].lower(), shift, today)


def _end_of(match: re.Match[str], today: date | None, forward: bool | None) -> Period | None:
    """ "The end of the year": December; "the end of the week": its last day."""
    if today is None:
        return None
    unit = match["unit"].lower()
    if unit == "week":
        return Period(week_of(today, 0).last, None)
    if unit == "year" and match["by"]:
        return Period(date(today.year, 1, 1), None, Precision.YEAR)
    if unit == "month":
        return Period(today.replace(day=1), None, Precision.MONTH)
    return Period(date(today.year, 12, 1), None, Precision.MONTH)


def _away(match: re.Match[str], today: date | None, forward: bool | None) -> Period | None:
    """ "Two weeks ago", "in ten days", "three days later": counted from the day of the story."""
    if today is None:
        return None
    count, unit = count_of(match["n"]), match["unit"].lower().rstrip("s")
    sign = -1 if match["ago"] else 1
    if unit == "day":
        return Period(today + sign * count * DAY, None)
    if unit == "week":
        return Period(today + sign * 7 * count * DAY, None)
    if unit == "month":
        return Period(add_months(today.replace(day=1), sign * count), None, Precision.MONTH)
    return Period(date(today.year + sign * count, 1, 1), None, Precision.YEAR)


def _vague_days(match: re.Match[str], today: date | None, forward: bool | None) -> Period | None:
    """ "In four or five days": the month it falls in, when both fall in one."""
    if today is None:
        return None
    first, last = (today + count_of(match[name]) * DAY for name in ("n1", "n2"))
    return Period(first.replace(day=1), None, Precision.MONTH) if first.month == last.month else None


def _year(match: re.Match[str], today: date | None, forward: bool | None) -> Period | None:
    return Period(date(int(match["year"]), 1, 1), None, Precision.YEAR)


def _weekend(match: re.Match[str], today: date | None, forward: bool | None) -> Period | None:
    if today is None:
        return None
    if forward or today.weekday() >= 5:
        return weekend_of(today, 0)
    return weekend_of(today, -1)


def _new_year(match: re.Match[str], today: date | None, forward: bool | None) -> Period | None:
    """The year that comes; in its first half, the one that has begun."""
    return Period(date(today.year + (today.month > 6), 1, 1), None, Precision.YEAR) if today else None


def _week_of(match: re.Match[str], today: date | None, forward: bool | None) -> Period | None:
    day = _day(match["m1"], match["d1"], None, today, forward)
    return week_of(day, 0) if day else None


def _quarter(match: re.Match[str], today: date | None, forward: bool | None) -> Period | None:
    year = int(match["year"]) if match["year"] else today.year if today else None
    if year is None:
        return None
    number = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}[match["n"].lower()]
    month = 3 * number - 2 if match["unit"].lower() == "quarter" else 6 * min(number, 2) - 5
    return Period(date(year, month, 1), None, Precision.QUARTER)


def _rule(name: str, pattern: str, resolve: Resolve, *anchors: str) -> Rule:
    return Rule(name, re.compile(rf"(?<![\w'-]){pattern}(?!\w)", re.IGNORECASE), resolve, anchors)


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """Every rule; where two match at one place, the longer match wins."""
    year = rf"(?:,?\s+(?:of\s+)?(?P<year>{YEAR}))?"
    times = r"(?:\s+(?:morning|afternoon|evening|night))?"
    day1, day2, month1, month2 = rf"(?P<d1>{DAY_NO})", rf"(?P<d2>{DAY_NO})", rf"(?P<m1>{MONTH})", rf"(?P<m2>{MONTH})"
    rel = r"(?P<rel>last|this|next)\s+year"
    of, seasons = r"\s+(?:of\s+)?", "spring|summer|autumn|fall|winter"
    which = r"(?P<which>last|next|this|past|coming)"
    weekday = rf"(?:{which}\s+)?(?P<w1>{WEEKDAY}){times}(?:{TO}(?P<w2>{FULL_WEEKDAY}))?{times}(?P<week>\s+week\b)?"
    in_week = rf"(?P<w1>{FULL_WEEKDAY}){times},?\s+(?:of\s+)?(?P<which>this|next|last)\s+week\b"
    relative_day = (
        rf"(?:the day after tomorrow|the day before yesterday|tomorrow{times}|yesterday{times}|today|tonight|last night"
        r"|overnight|this (?:morning|afternoon|evening)|(?:earlier|later) in the day)"
    )
    unit = (
        rf"(?:{PART}\s+(?:in\s+)?)?(?P<which>this|next|last|past|(?:the\s+)?(?:coming|following|previous))\s+"
        rf"(?P<unit>weekend|week|month|year|{seasons})"
    )
    season = (
        rf"in\s+(?:the\s+)?(?:{PART}\s+)?(?P<unit>{seasons})(?!\s+(?:in|of\s+the))"
        rf"(?:\s+of)?(?:\s+(?P<year>{YEAR})|\s+{rel})?"
    )
    end_of = r"(?:(?P<by>before|by)\s+)?(?:the\s+end\s+of|(?:later|earlier)\s+in)\s+the\s+(?P<unit>week|month|year)"
    away = (
        rf"(?:in\s+)?(?P<n>{NUMBER})\s+(?:of\s+)?(?P<unit>days?|weeks?|months?|years?)"
        r"(?:(?P<ago>\s+ago)|\s+(?:from\s+(?:now|today)|later|'s?\s+time))"
    )
    ahead = rf"in\s+(?:about\s+)?(?P<n>{NUMBER})\s+(?P<unit>days?|weeks?|months?)(?P<ago>(?!))?"
    quarter = (
        r"(?:the\s+)?(?P<n>first|second|third|fourth|last)\s+(?P<unit>quarter|half)"
        rf"(?:\s+of\s+(?:the\s+year|(?P<year>{YEAR})))"
    )
    return (
        _rule("iso", r"(?P<year>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)", _iso, "figures"),
        _rule("range", rf"{month1}\s+{day1}{TO}(?:{month2}\s+)?{day2}{year}", _range, "month"),
        _rule("day range", rf"{day1}(?:{of}{month1})?{TO}(?:the\s+)?{day2}{of}{month2}{year}", _range, "month"),
        _rule("day", rf"(?:{FULL_WEEKDAY},?\s+)?{month1}\s+{day1}{year}", _single, "month"),
        _rule("day first", rf"{day1}{of}{month1}(?!\s+\d{{1,2}}\b){year}", _single, "month"),
        _rule("week of", rf"(?:the\s+)?week\s+(?:of|beginning|starting)\s+{month1}\s+{day1}", _week_of, "month"),
        _rule("month", rf"(?:{PART}[\s-]+)?(?:{which}\s+)?{month1}(?:{of}{rel}|{year})", _month, "month"),
        _rule("weekday", weekday, _weekday, "weekday"),
        _rule("weekday", in_week, _weekday_of_week, "weekday"),
        _rule("relative day", relative_day, _relative_day, "day"),
        _rule("unit", unit, _unit, "unit"),
        _rule("season", season, _season_of, "unit"),
        _rule("end of", end_of, _end_of, "unit"),
        _rule("away", away, _away, "day", "unit"),
        _rule("ahead", ahead, _away, "day", "unit"),
        _rule("vague days", rf"in\s+(?P<n1>{NUMBER})\s+(?:or|to)\s+(?P<n2>{NUMBER})\s+days", _vague_days, "day"),
        _rule("quarter", quarter, _quarter, "unit"),
        _rule("year", rf"(?:(?:early|late|mid)[\s-]+)?(?P<year>{YEAR})", _year, "figures"),
        _rule("weekend", r"(?:(?:over|at|during)\s+the\s+)?weekend", _weekend, "unit"),
        _rule("new year", r"(?:early\s+)?in\s+the\s+new\s+year", _new_year, "unit"),
    )
