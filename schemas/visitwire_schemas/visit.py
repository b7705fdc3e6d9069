"""The official visits that a story announces, changes or reports."""

from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from visitwire_schemas.base import Confidence, Message, Span
from visitwire_schemas.entity import EntityKind


class VisitStatus(StrEnum):
    """How far along a visit is: `cancelled` is called off, declined or ruled out; `postponed` has no new dates."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    PLANNED = "planned"
    UNDER_WAY = "under_way"
    CONCLUDED = "concluded"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


class Precision(StrEnum):
    """To what the dates are known; `none` when they are not."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    NONE = "none"


class Party(Message):
    """A visitor or a host: a person, a role without a name, or a delegation."""

    entity: str | None = None
    """The entity's id in the story; None in the ledger, whose visits are of many stories."""
    name: str | None = None
    """The person's full name as far as the story gives it."""
    label: str | None = None
    """Office or delegation as the story states it."""
    country: str | None = None
    """ISO 3166 alpha-2 of the state represented; historic codes; an organisation's acronym ("UN")."""


class Destination(Message):
    """Where a visit goes."""

    country: str | None = None
    """ISO 3166 alpha-2 or historic code; None when the story does not say."""
    place: str | None = None
    """City, region or site, as the story names it; None where it names the country alone."""


type Days = tuple[date, date]

_MONTHS = {Precision.QUARTER: 3, Precision.YEAR: 12}


@lru_cache(maxsize=4_096)
def _between(first: str, last: str | None, precision: Precision) -> Days | None:
    """Asked for every report of a visit, several times, whenever another comes."""
    try:
        start = _days(first, precision)
        end = _days(last, Precision.NONE) if last else start
    except ValueError:
        return None
    return start[0], max(start[1], end[1])


def _days(partial: str, precision: Precision) -> Days:
    parts = [int(part) for part in partial[:10].split("-")]
    if len(parts) == 3:
        day = date(*parts)
        return day, day
    first = date(parts[0], parts[1] if len(parts) == 2 else 1, 1)
    months = _MONTHS.get(precision, 1 if len(parts) == 2 else 12) if len(parts) == 2 else 12
    return first, _after_months(first, months) - timedelta(days=1)


def _after_months(first: date, months: int) -> date:
    month = first.month - 1 + months
    year = first.year + month // 12
    return date(year, month % 12 + 1, 1) if year <= date.max.year else date.max


class VisitDates(Message):
    """When a visit is, no more precise than somebody said."""

    text: str | None = None
    """The words that say when."""
    start: str | None = None
    """ISO 8601, no more precise than known: "2025-03-27", "2025-03", "2025"; a quarter is given by its first month."""
    end: str | None = None
    """As `start`; the last day, month, quarter or year of the visit. None for one day, or an end unknown."""
    precision: Precision = Precision.NONE
    """To what they are known."""

    @property
    def days(self) -> Days | None:
        """The first and the last day that they allow; None where they say nothing that can be placed."""
        return None if self.start is None else _between(self.start, self.end, self.precision)


class Announcer(Message):
    """On whose word: a person, an office, an agency, a newspaper."""

    entity: str | None = None
    """The entity's id in the story whose word it is; None where the words name no entity."""
    story: str | None = None
    """The key (provider|uri) of the story that `entity` is of; None in that story itself, and for a person's word."""
    name: str | None = None
    """The full name of a person, an organisation or a country."""
    label: str | None = None
    """The office, or the words for a source without a name ("the state news agency")."""
    kind: EntityKind | None = None
    """What it is: a person, an organisation. None where the words name no entity, and in the story itself."""
    country: str | None = None
    """The state represented, by ISO 3166 alpha-2, or an organisation's acronym; None where that is not known."""
    wikidata: str | None = None
    """"Q7747", when known."""


class Evidence(Span):
    """The words that support a visit."""

    quote: int | None = None
    """Index into the story's quotes, when somebody says it."""
    frame: str | None = None
    """The name of the frame that fired on these words."""


class Visit(Message):
    """One visit as one story tells of it."""

    visitor: Party
    """Who travels."""
    destination: Destination
    """Where to."""
    host: Party | None = None
    """Whose guest; None where the story does not say."""
    status: VisitStatus
    """How far along it is."""
    dates: VisitDates | None = None
    """When; None where the story does not say."""
    announced_by: Announcer | None = None
    """On whose word; None where the story does not say."""
    evidence: tuple[Evidence, ...] = ()
    """The words that support it, the deciding ones first."""
    focus: bool = True
    """True when the visit is news of this story, False when it is background."""
    confidence: Confidence = 1.0
    """How sure the reading is: the likelihood that the story tells of this visit. It does not rate the source."""
    readers: tuple[str, ...] = ()
    """Who read it in the story: "rules", "llm"; empty in messages of before there were several readers."""
    differs: tuple[str, ...] = ()
    """What the readers of the story do not agree about: "found" (one of them does not find it), "status", "dates"."""
