"""What a filter asks about an alert, worked out once for all subscriptions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from visitwire_schemas import Alert, ChangeKind, Party, VisitStatus
from visitwire_schemas.day_range import Days, days

from visitwire_alerting.ledger.fold.name_matching import fold, office, tokens


@dataclass(frozen=True, slots=True)
class Said:
    """Names and titles as the reports have them; "" where they have none."""

    visitor: str
    office: str
    host: str
    place: str


@dataclass(frozen=True, slots=True)
class Facts:
    said: Said
    visitor: tuple[str, ...]
    visitor_country: str | None
    offices: frozenset[str]
    title: str
    host: tuple[str, ...]
    host_title: str
    host_country: str | None
    destination: str | None
    place: str
    status: VisitStatus
    changes: frozenset[ChangeKind]
    days: Days | None
    confidence: float
    sources: int
    providers: frozenset[str]
    today: date


def facts(alert: Alert, today: date) -> Facts:
    """`today` is the day against which "in the next 30 days" is reckoned."""
    visit, change = alert.data.visit, alert.data.change
    host = visit.host or Party()
    return Facts(
        said=Said(
            visitor=visit.visitor.name or "",
            office=visit.visitor.label or "",
            host=host.name or host.label or "",
            place=visit.destination.place or "",
        ),
        visitor=tokens(visit.visitor.name or ""),
        visitor_country=visit.visitor.country,
        offices=frozenset(filter(None, [office(visit.visitor.label)])),
        title=fold(visit.visitor.label or ""),
        host=tokens(host.name or ""),
        host_title=fold(host.label or ""),
        host_country=host.country,
        destination=visit.destination.country,
        place=fold(visit.destination.place or ""),
        status=visit.status,
        changes=frozenset(change.kinds or (change.kind,)),
        days=days(visit.dates),
        confidence=visit.confidence,
        sources=visit.sources_independent,
        providers=frozenset(_words(report.provider for report in visit.reports)),
        today=today,
    )


def _words(values: Iterable[str]) -> Iterable[str]:
    return (value.casefold() for value in values)
