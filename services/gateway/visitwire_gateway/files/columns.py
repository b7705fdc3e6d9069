"""The columns of the files: one place for what a visit, a change, a quote and a story are there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from visitwire_language.gazetteer.display import country_name
from visitwire_schemas import Alert, LedgerVisit, Party

from visitwire_gateway.api.delivery_shapes import DeliverySeen
from visitwire_gateway.api.shapes import QuoteFound, StoryHead
from visitwire_gateway.files.sheet import Cell, Column
from visitwire_gateway.wording import CHANGE_WORDS, STATUS_WORDS, dates_words, last_change

NOBODY = Party()


def _country(code: str | None) -> str | None:
    return country_name(code) if code else None


def _day(visit: LedgerVisit, end: int) -> Any:
    window = visit.dates.days if visit.dates else None
    return window[end] if window else None


def of_visits(link: str) -> Sequence[Column[LedgerVisit]]:
    """`link` is the board's address. `status` is the word of the pages, `status_code` that of the API."""
    return (
        Column("id", "text", lambda visit: visit.id, 24),
        Column("visitor", "text", lambda visit: visit.visitor.name, 24),
        Column("visitor_office", "text", lambda visit: visit.visitor.label, 24),
        Column("visitor_country", "text", lambda visit: visit.visitor.country, 8),
        Column("visitor_country_name", "text", lambda visit: _country(visit.visitor.country)),
        Column("destination", "text", lambda visit: visit.destination.country, 8),
        Column("destination_name", "text", lambda visit: _country(visit.destination.country)),
        Column("place", "text", lambda visit: visit.destination.place),
        Column("host", "text", lambda visit: (visit.host or NOBODY).name, 24),
        Column("host_office", "text", lambda visit: (visit.host or NOBODY).label, 24),
        Column("host_country", "text", lambda visit: (visit.host or NOBODY).country, 8),
        Column("status", "text", lambda visit: STATUS_WORDS[visit.status].lower()),
        Column("status_code", "text", lambda visit: visit.status.value),
        Column("dates", "text", lambda visit: dates_words(visit.dates) or None, 20),
        Column("first_day", "day", lambda visit: _day(visit, 0)),
        Column("last_day", "day", lambda visit: _day(visit, 1)),
        Column("date_precision", "text", lambda visit: visit.dates.precision.value if visit.dates else None, 8),
        Column("announced_by", "text", _announced_by, 30),
        Column("last_change", "text", lambda visit: last_change(visit)[0].lower()),
        Column("last_change_at", "time", lambda visit: last_change(visit)[1], 18),
        Column("updated", "time", lambda visit: visit.updated, 18),
        Column("sources", "number", lambda visit: visit.sources_independent, 8),
        Column("wires", "text", lambda visit: ", ".join(sorted({one.provider for one in visit.reports})), 20),
        Column("confidence", "number", lambda visit: visit.confidence, 8),
        Column("background", "text", lambda visit: not visit.focus, 8),
        Column("link", "link", lambda visit: f"{link}/visits/{quote(visit.id, safe='')}", 40),
    )


def _announced_by(visit: LedgerVisit) -> str | None:
    word = visit.announced_by
    return " ".join(filter(None, (word.label, word.name))) or None if word else None


def _after(column: Column[LedgerVisit]) -> Column[Alert]:
    """The same column of the visit as it was after a change."""

    def cell(alert: Alert) -> Cell:
        return column.cell(alert.data.visit)

    return Column(column.name, column.kind, cell, column.width)


def _change(alert: Alert) -> str:
    return CHANGE_WORDS[alert.data.change.kind].lower()


def of_changes(link: str) -> Sequence[Column[Alert]]:
    """A change, and the visit as it was after it."""
    visits = (_after(column) for column in of_visits(link))
    return (
        Column("change_id", "text", lambda alert: alert.id, 24),
        Column("at", "time", lambda alert: alert.time, 18),
        Column("change", "text", _change),
        Column("change_code", "text", lambda alert: alert.data.change.kind.value),
        *visits,
    )


def of_quotes(link: str) -> Sequence[Column[QuoteFound]]:
    return (
        Column("id", "text", lambda one: one.id, 24),
        Column("published", "time", lambda one: one.published, 18),
        Column("kind", "text", lambda one: one.kind, 8),
        Column("speaker", "text", lambda one: one.speaker, 24),
        Column("speaker_office", "text", lambda one: one.speaker_office, 24),
        Column("speaker_country", "text", lambda one: one.speaker_country, 8),
        Column("text", "text", lambda one: one.text, 60),
        Column("about", "text", lambda one: "; ".join(one.about) or None, 30),
        Column("confidence", "number", lambda one: one.confidence, 8),
        Column("story", "text", lambda one: one.story, 30),
        Column("visits", "text", lambda one: "; ".join(one.visits) or None, 24),
        Column("link", "link", lambda one: f"{link}/stories/{quote(one.story, safe='')}", 40),
    )


def of_stories(link: str) -> Sequence[Column[StoryHead]]:
    return (
        Column("key", "text", lambda one: one.key, 30),
        Column("wire", "text", lambda one: one.provider),
        Column("published", "time", lambda one: one.published, 18),
        Column("received", "time", lambda one: one.received, 18),
        Column("headline", "text", lambda one: one.headline, 60),
        Column("version", "number", lambda one: one.version, 8),
        Column("revision", "text", lambda one: one.revision, 10),
        Column("taken_back", "text", lambda one: not one.usable, 8),
        Column("visits", "number", lambda one: one.visits, 8),
        Column("link", "link", lambda one: f"{link}/stories/{quote(one.key, safe='')}", 40),
    )


@dataclass(frozen=True)
class Sent:
    """A delivery and the changes that it tells; none of a test of the channel."""

    delivery: DeliverySeen
    told: Sequence[Alert]


def of_deliveries(link: str) -> Sequence[Column[Sent]]:
    return (
        Column("number", "number", lambda one: one.delivery.number, 8),
        Column("subscription", "text", lambda one: one.delivery.subscription, 20),
        Column("endpoint", "text", lambda one: one.delivery.endpoint, 30),
        Column("state", "text", lambda one: one.delivery.state),
        Column("made", "time", lambda one: one.delivery.created, 18),
        Column("due", "time", lambda one: one.delivery.due, 18),
        Column("finished", "time", lambda one: one.delivery.finished, 18),
        Column("attempts", "number", lambda one: one.delivery.attempts, 8),
        Column("last_status", "number", lambda one: one.delivery.last_status, 8),
        Column("last_error", "text", lambda one: one.delivery.last_error, 40),
        Column("sent_again", "text", lambda one: one.delivery.replay, 8),
        Column("visits", "text", lambda one: _each(alert.data.visit.id for alert in one.told), 24),
        Column(
            "changes", "text", lambda one: _each(CHANGE_WORDS[alert.data.change.kind].lower() for alert in one.told)
        ),
        Column("link", "link", lambda one: f"{link}/deliveries/{one.delivery.number}", 40),
    )


def _each(told: Iterable[str]) -> str | None:
    """Each once, in their order; None of none."""
    return "; ".join(dict.fromkeys(told)) or None
