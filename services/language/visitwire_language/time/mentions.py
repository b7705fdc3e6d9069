"""Find the expressions of time in a text and resolve them against the day of the story.

Own patterns rather than a general parser: a visit needs ranges ("from 3 to 5 May"), vague ends ("early next week"),
precision kept, and the tense of the sentence to tell last Saturday from next. Nothing is invented: "soon", "recently",
"at the earliest mutually convenient date" and "since 1997" are no dates of a visit.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from visitwire_language.time.patterns import NUMBER, WEEKDAYS, Rule, count_of, rules
from visitwire_language.time.period import Period


@dataclass(frozen=True)
class Expression:
    """Words that say when, not yet resolved."""

    start: int
    end: int
    text: str
    match: re.Match[str]
    rule: Rule

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


# What makes an expression no date of the event beside it: a starting point, a length of time, a name of something else.
_NOT_BEFORE = re.compile(
    r"(?:\bsince|\bfor the (?:first|second) time in|\bbefore|\bdated|\bfiscal|\bmore than|\bin the (?:last|past)"
    r"|\bover the|\bthan in)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_NOT_AFTER = re.compile(
    r"\s*(?:'s?\s+)?(?:,?\s*[ap]\.?m\b|-?day\b|(?:per cent|pct|%|mln|bln|million|billion|dlrs?|tonnes|\$))",
    re.IGNORECASE,
)


def _bare_month(rule: Rule, match: re.Match[str]) -> bool:
    """Whether "may", "march" or an abbreviation is the month here, not the verb or a name."""
    if rule.name != "month":
        return True
    word = match["m1"].rstrip(".")
    if match["year"] or match["which"] or match.start("m1") > match.start():
        return True
    if not word[0].isupper() or (len(word) < 4 and word != "May"):
        return False
    if word.isupper() and len(word) > 3:
        return True
    before = match.string[max(0, match.start() - 24) : match.start()].lower()
    return word not in ("May", "March") or bool(
        re.search(r"(?:\b(?:in|of|by|until|since|during|for|from|and|the|as|to|next|or)\s+|^)$", before)
    )


def _short_weekday(rule: Rule, match: re.Match[str]) -> bool:
    """Whether "Sun", "Sat" or "Mon" is the weekday here: an abbreviation needs its full stop or its capital."""
    if rule.name != "weekday" or match["w1"].lower().rstrip(".") in WEEKDAYS:
        return True
    return match["w1"].endswith(".")


# Cheap to find: without one of these words or figures around, no rule can match. Their kinds say which rules may.
_ANCHOR = re.compile(
    r"(?P<figures>\d{4})|\b(?:(?P<unit>week|month|year|spring|summer|autumn|fall|winter|quarter|half)"
    r"|(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|(?P<weekday>Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
    r"|(?P<day>today|tonight|tomorrow|yesterday|overnight|day|morning|afternoon|evening|last night))",
    re.IGNORECASE,
)
_AROUND = 60


def _windows(text: str, first: int, last: int) -> Iterator[tuple[int, int, set[str | None]]]:
    """The stretches of `text[first:last]` in which an expression of time may stand, and the kinds of their anchors."""
    opened, until = None, 0
    kinds: set[str | None] = set()
    for match in _ANCHOR.finditer(text, first, last):
        if opened is not None and match.start() - _AROUND > until:
            yield opened, until, kinds
            opened, kinds = None, set()
        if opened is None:
            opened = max(first, match.start() - _AROUND)
        until = min(last, match.end() + _AROUND)
        kinds.add(match.lastgroup)
    if opened is not None:
        yield opened, until, kinds


def _matches(text: str, first: int, last: int) -> Iterator[Expression]:
    for start, end, kinds in _windows(text, first, last):
        for rule in rules():
            if not kinds.isdisjoint(rule.anchors):
                yield from _matches_of(rule, text, start, end)


def _matches_of(rule: Rule, text: str, first: int, last: int) -> Iterator[Expression]:
    for match in rule.pattern.finditer(text, first, last):
        if not _bare_month(rule, match) or not _short_weekday(rule, match):
            continue
        if _NOT_BEFORE.search(text[max(0, match.start() - 30) : match.start()]) or _NOT_AFTER.match(text, match.end()):
            continue
        yield Expression(match.start(), match.end(), match.group().strip(" ."), match, rule)


def find(text: str, first: int = 0, last: int | None = None) -> list[Expression]:
    """The expressions of time in `text[first:last]`, in order, none inside another; offsets are those of `text`."""
    found: list[Expression] = []
    every = _matches(text, first, len(text) if last is None else last)
    for expression in sorted(every, key=lambda e: (e.start, -e.end)):
        if not found or expression.start >= found[-1].end:
            found.append(expression)
    return found


_LENGTH = re.compile(
    rf"(?<!\w)(?P<n>{NUMBER})[\s-]+(?P<unit>day|week|hour|month|nation)s?\b|(?<!\w)(?P<long>week)[\s-]?long\b",
    re.IGNORECASE,
)


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
