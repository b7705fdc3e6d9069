"""Stories with visits, for the tests of alerting; each call names only what its test is about."""

from datetime import UTC, datetime, timedelta

from visitwire_alerting.ledger.rebuild import Rebuilt
from visitwire_schemas import (
    Announcer,
    Destination,
    EnrichedStory,
    Evidence,
    LedgerVisit,
    Party,
    Precision,
    Revision,
    Story,
    Visit,
    VisitDates,
    VisitStatus,
)

START = datetime(2025, 3, 27, 12, tzinfo=UTC)
"""Day 0 of every timetable."""


SYLLABLES = ("ba", "ce", "di", "fo", "gu", "ha", "ne", "li", "mo", "pu")


def at(days: float) -> datetime:
    return START + timedelta(days=days)


def dates(start: str | None, end: str | None = None, precision: str = "day") -> VisitDates:
    return VisitDates(text=start, start=start, end=end, precision=Precision(precision))


def visit(
    status: str = "planned",
    who: str | None = "Vladimir Putin",
    label: str | None = "President",
    of: str | None = "RU",
    to: str | None = "IN",
    when: VisitDates | None = None,
    focus: bool = True,
    by: str | None = None,
    place: str | None = None,
) -> Visit:
    return Visit(
        visitor=Party(name=who, label=label, country=of),
        destination=Destination(country=to, place=place),
        status=VisitStatus(status),
        dates=when,
        announced_by=Announcer(name=by) if by else None,
        evidence=(Evidence(start=0, end=20),),
        focus=focus,
    )


def story(
    uri: str,
    *visits: Visit,
    day: float = 0,
    version: int = 1,
    revision: Revision = Revision.NEW,
    wire: str = "north",
    same_as: str | None = None,
) -> EnrichedStory:
    return EnrichedStory(
        story=Story(
            provider=wire,
            uri=uri,
            version=version,
            revision=revision,
            versioncreated=at(day),
            received=at(day),
            text=f"It is said in {uri} that somebody goes somewhere.",
            same_as=same_as,
        ),
        visits=visits,
    )


def person(number: int) -> str:
    """A name for a number, unlike that of any other."""
    return f"Anna {''.join(SYLLABLES[int(digit)] for digit in str(number))}stad"


def by_id(rebuilt: Rebuilt) -> dict[str, LedgerVisit]:
    """The visits of a rebuilt ledger."""
    return {visit.id: visit for visit in rebuilt.visits()}
