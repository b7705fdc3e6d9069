"""Find the expressions of time in a text and resolve them against the day of the story.

Own patterns rather than a general parser: a visit needs ranges ("from 3 to 5 May"), vague ends ("early next week"),
precision kept, and the tense of the sentence to tell last Saturday from next. Nothing is invented: "soon", "recently",
"at the earliest mutually convenient date" and "since 1997" are no dates of a visit.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from visitwire_schemas import Precision

from visitwire_visits.when import (
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

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
NUMBERS = {word: number for number, word in enumerate(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen"))} | {"a": 1, "an": 1, "couple": 2}  # fmt: skip

MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\.?"  # fmt: skip
WEEKDAY = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|(?:Mon|Tues|Tue|Wed|Thurs|Thu|Fri|Sat|Sun)\.)"
FULL_WEEKDAY = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
DAY_NO = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?!\d|[.,]\d|:)"
YEAR = r"(?:1[89]|20)\d\d(?!\d)"
TO = r"\s*(?:to|through|until|till|and|or|-|–|—|--)\s*"
NUMBER = r"(?:\d{1,2}|" + "|".join(NUMBERS) + r")"
PART = r"(?:early|late|later|mid|end|earlier|the end of|the beginning of|the start of|the middle of|the first half of|the second half of|the first week of|the last week of|sometime)"  # fmt: skip


@dataclass(frozen=True)
class Expression:
    """Words that say when, not yet resolved."""

    start: int
    end: int
    text: str
    match: re.Match[str]
    rule: "Rule"

    def period(self, today: date | None, forward: bool | None = None) -> Period | None:
        """What they mean on `today` (None: the story's day is not known); `forward`: said of what is to come."""
        return self.rule.resolve(self.match, today, forward)

    @property
    def lean(self) -> bool | None:
        """Whether the words themselves point ahead (True: "next week") or back (False: "last month", "ago")."""
        words = self.text.lower()
        if re.search(r"\b(?:next|tomorrow|coming|later|following|in \w+ (?:day|week|month)s)\b|'s time\b", words):
            return True
        return False if re.search(r"\b(?:last|yesterday|ago|earlier|past|previous)\b", words) else None


@dataclass(frozen=True)
class Rule:
    name: str
    pattern: re.Pattern[str]
    resolve: Resolve
    exact: bool
    """Whether it fixes the day by itself, so that it is preferred to vaguer words."""


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
    back = words.startswith("yesterday") or words.startswith("last night") or "overnight" in words
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
    return _season(unit, shift, today)


def _season(unit: str, shift: int, today: date) -> Period:
    month = SEASONS[unit]
    first = date(today.year, month, 1)
    if shift > 0 and first <= today.replace(day=1):
        first = date(today.year + 1, month, 1)
    if shift < 0 and first >= add_months(today.replace(day=1), -2):
        first = date(today.year - 1, month, 1)
    return Period(first, None, Precision.QUARTER)


def _season_of(match: re.Match[str], today: date | None, forward: bool | None) -> Period | None:
    if match["year"]:
        return Period(date(int(match["year"]), SEASONS[match["unit"].lower()], 1), None, Precision.QUARTER)
    if today is None:
        return None
    shift = 0 if forward is None else 1 if forward else -1
    return _season(match["unit"].lower(), shift, today)


def _end_of(match: re.Match[str], today: date | None, forward: bool | None) -> Period | None:
    """ "The end of the year": December; "the end of the week": its last day."""
    if today is None:
        return None
    unit = match["unit"].lower()
    if unit == "week":
        return Period(week_of(today, 0).last, None)
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


def _rule(name: str, pattern: str, resolve: Resolve, exact: bool = False) -> Rule:
    return Rule(name, re.compile(rf"(?<![\w'-]){pattern}(?!\w)", re.IGNORECASE), resolve, exact)


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """Every rule; where two match at one place, the longer match wins."""
    year = rf"(?:,?\s+(?:of\s+)?(?P<year>{YEAR}))?"
    times = r"(?:\s+(?:morning|afternoon|evening|night))?"
    return (
        _rule("iso", r"(?P<year>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)", _iso, True),
        _rule("range", rf"(?P<m1>{MONTH})\s+(?P<d1>{DAY_NO}){TO}(?:(?P<m2>{MONTH})\s+)?(?P<d2>{DAY_NO}){year}", _range, True),
        _rule("day range", rf"(?P<d1>{DAY_NO})(?:\s+(?:of\s+)?(?P<m1>{MONTH}))?{TO}(?:the\s+)?(?P<d2>{DAY_NO})\s+(?:of\s+)?(?P<m2>{MONTH}){year}", _range, True),
        _rule("day", rf"(?P<m1>{MONTH})\s+(?P<d1>{DAY_NO}){year}", _single, True),
        _rule("day first", rf"(?P<d1>{DAY_NO})\s+(?:of\s+)?(?P<m1>{MONTH})(?!\s+\d{{1,2}}\b){year}", _single, True),
        _rule("week of", rf"(?:the\s+)?week\s+(?:of|beginning|starting)\s+(?P<m1>{MONTH})\s+(?P<d1>{DAY_NO})", _week_of),
        _rule("month", rf"(?:{PART}[\s-]+)?(?:(?P<which>last|next|this|past|coming)\s+)?(?P<m1>{MONTH}){year}", _month),
        _rule("weekday", rf"(?:(?P<which>last|next|this|coming|past)\s+)?(?P<w1>{WEEKDAY}){times}(?:{TO}(?P<w2>{FULL_WEEKDAY}))?{times}(?P<week>\s+week\b)?", _weekday, True),
        _rule("relative day", rf"(?:the day after tomorrow|the day before yesterday|tomorrow{times}|yesterday{times}|today|tonight|last night|overnight|this (?:morning|afternoon|evening)|(?:earlier|later) in the day)", _relative_day, True),
        _rule("unit", rf"(?:{PART}\s+(?:in\s+)?)?(?P<which>this|next|last|past|(?:the\s+)?(?:coming|following|previous))\s+(?P<unit>weekend|week|month|year|spring|summer|autumn|fall|winter)", _unit),
        _rule("season", rf"in\s+(?:the\s+)?(?:{PART}\s+)?(?P<unit>spring|summer|autumn|fall|winter)(?!\s+(?:in|of\s+the))(?:\s+of)?(?:\s+(?P<year>{YEAR}))?", _season_of),
        _rule("end of", r"(?:the\s+end\s+of|(?:later|earlier)\s+in)\s+the\s+(?P<unit>week|month|year)", _end_of),
        _rule("away", rf"(?:in\s+)?(?P<n>{NUMBER})\s+(?:of\s+)?(?P<unit>days?|weeks?|months?|years?)(?:(?P<ago>\s+ago)|\s+(?:from\s+(?:now|today)|later|'s?\s+time))", _away),
        _rule("ahead", rf"in\s+(?:about\s+)?(?P<n>{NUMBER})\s+(?P<unit>days?|weeks?|months?)(?P<ago>(?!))?", _away),
        _rule("vague days", rf"in\s+(?P<n1>{NUMBER})\s+(?:or|to)\s+(?P<n2>{NUMBER})\s+days", _vague_days),
        _rule("quarter", rf"(?:the\s+)?(?P<n>first|second|third|fourth|last)\s+(?P<unit>quarter|half)(?:\s+of\s+(?:the\s+year|(?P<year>{YEAR})))", _quarter),
        _rule("year", rf"(?:(?:early|late|mid)[\s-]+)?(?P<year>{YEAR})", _year),
        _rule("weekend", r"weekend", _weekend),
    )  # fmt: skip


# What makes an expression no date of the event beside it: a starting point, a length of time, a name of something else.
_NOT_BEFORE = re.compile(r"(?:\bsince|\bfor the (?:first|second) time in|\bbefore|\bdated|\bfiscal|\bmore than|\bin the (?:last|past)|\bover the|\bthan in)\s+(?:the\s+)?$", re.IGNORECASE)  # fmt: skip
_NOT_AFTER = re.compile(r"\s*(?:'s?\s+)?(?:,?\s*[ap]\.?m\b|-?day\b|(?:per cent|pct|%|mln|bln|million|billion|dlrs?|tonnes|\$))", re.IGNORECASE)  # fmt: skip


def _bare_month(rule: Rule, match: re.Match[str]) -> bool:
    """Whether "may", "march" or an abbreviation is the month here, not the verb or a name."""
    if rule.name != "month":
        return True
    word = match["m1"].rstrip(".")
    if match["year"] or match["which"] or match.start("m1") > match.start():
        return True
    if not word[0].isupper() or len(word) < 4 and word != "May":
        return False
    if word.isupper() and len(word) > 3:
        return True
    before = match.string[max(0, match.start() - 24) : match.start()].lower()
    return word not in ("May", "March") or bool(
        re.search(r"(?:\b(?:in|of|by|until|since|during|for|from|and|the)\s+|^)$", before)
    )


def _short_weekday(rule: Rule, match: re.Match[str]) -> bool:
    """Whether "Sun", "Sat" or "Mon" is the weekday here: an abbreviation needs its full stop or its capital."""
    if rule.name != "weekday" or match["w1"].lower().rstrip(".") in WEEKDAYS:
        return True
    return match["w1"].endswith(".")


def _matches(text: str) -> Iterator[Expression]:
    for rule in rules():
        for match in rule.pattern.finditer(text):
            if not _bare_month(rule, match) or not _short_weekday(rule, match):
                continue
            if _NOT_BEFORE.search(text[max(0, match.start() - 30) : match.start()]) or _NOT_AFTER.match(
                text, match.end()
            ):
                continue
            yield Expression(match.start(), match.end(), match.group().strip(" ."), match, rule)


def find(text: str) -> list[Expression]:
    """The expressions of time in `text`, in order, none inside another."""
    found: list[Expression] = []
    for expression in sorted(_matches(text), key=lambda e: (e.start, -e.end)):
        if not found or expression.start >= found[-1].end:
            found.append(expression)
    return found


_LENGTH = re.compile(rf"(?<!\w)(?P<n>{NUMBER})[\s-]+(?P<unit>day|week|hour|month|nation)s?\b|(?<!\w)(?P<long>week)[\s-]?long\b", re.IGNORECASE)  # fmt: skip


def length_of_stay(text: str) -> int | None:
    """Days that "a three-day visit", "a 48-hour stop" or "a week-long tour" lasts, the first included."""
    match = _LENGTH.search(text)
    if match is None:
        return None
    if match["long"]:
        return 7
    count, unit = count_of(match["n"]), match["unit"].lower()
    if unit == "hour":
        return max(1, round(count / 24) + (count > 24))
    return count * {"day": 1, "week": 7}[unit] if unit in ("day", "week") else None
