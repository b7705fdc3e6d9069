"""The official visits that a story announces, changes or reports."""

from enum import StrEnum

from visitwire_schemas.base import Confidence, Message, Span


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


class Announcer(Message):
    """On whose word: a person, an office, an agency, a newspaper."""

    entity: str | None = None
    """The entity's id in the story whose word it is; None where the words name no entity."""
    name: str | None = None
    """The full name of a person, an organisation or a country."""
    label: str | None = None
    """The office, or the words for a source without a name ("the state news agency")."""


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
