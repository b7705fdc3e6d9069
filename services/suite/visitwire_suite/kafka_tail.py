"""`visitwire tail`: what passes on a topic."""

from collections.abc import Iterable
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from visitwire_runtime.settings import Settings
from visitwire_runtime.stage import AnyTopic
from visitwire_runtime.topic_admin import flow_topics
from visitwire_runtime.topic_names import on_broker
from visitwire_runtime.topic_reader import FoundRecord, TopicReader
from visitwire_schemas import (
    Alert,
    DeadLetter,
    EnrichedStory,
    LedgerVisit,
    Message,
    Story,
    Visit,
    VisitStatus,
    WireItem,
)

from visitwire_suite.kafka_client import told

TOPICS = {topic.name: topic for topic in flow_topics()}


def chosen(name: str) -> str:
    """The topic called so: "alerts" is enough for alerts-v1."""
    for known in (name, f"{name}-v1"):
        if known in TOPICS:
            return known
    raise typer.BadParameter(f"unknown topic {name!r}; use one of {', '.join(TOPICS)}")


def known_country(text: str) -> str:
    from visitwire_alerting.cli.terminal import country  # with a database's library, which no other command here needs

    return country(text)


def tail(
    topic: Annotated[str, typer.Argument(help="Name of a topic, with or without -v1.", callback=chosen)],
    country: Annotated[
        str | None, typer.Option(parser=known_country, help="Only messages with this country (ISO code or name).")
    ] = None,
    person: Annotated[str | None, typer.Option(help="Only messages with this person (part of the name).")] = None,
    status: Annotated[VisitStatus | None, typer.Option(help="Only messages with a visit of this status.")] = None,
    from_beginning: Annotated[bool, typer.Option(help="Start at the beginning of the topic.")] = False,
    limit: Annotated[int | None, typer.Option(help="Stop after this many messages.", min=1)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the messages as JSON, one a line.")] = False,
) -> None:
    """Follows TOPIC, as text or JSON, without affecting the workers."""
    settings, console, shown = Settings(), Console(soft_wrap=True), 0
    with told(settings), TopicReader(settings, [topic]) as reader:
        try:
            for found in reader.following(from_beginning):
                message = _read(TOPICS[topic], found)
                if not matches(message, country, person, status):
                    continue
                if as_json:
                    typer.echo(message.model_dump_json() if message else (found.record.value or b"null"))
                else:
                    console.print(f"{found.at:%H:%M:%S} ", line(found, message), sep="", markup=False, highlight=False)
                shown += 1
                if shown == limit:
                    return
        except KeyboardInterrupt:
            return
    typer.echo(f"{on_broker(settings, topic)} is not on the broker: visitwire topics create", err=True)
    raise typer.Exit(1)


def _read(topic: AnyTopic, found: FoundRecord) -> Message | None:
    """The message, or None for a tombstone and for what cannot be read."""
    try:
        message: Message = topic.decode(found.record)
    except ValidationError:
        return None
    return message


def matches(message: Message | None, country: str | None, person: str | None, status: str | None) -> bool:
    """Whether the message is about the country, the person and the status asked for; one visit must have them all."""
    if country is None and person is None and status is None:
        return True
    if message is None:
        return False
    if any(_fits(visit, country, person, status) for visit in _visits(message)):
        return True
    return status is None and isinstance(message, EnrichedStory) and _names(message, country, person)


def _visits(message: Message) -> Iterable[Visit | LedgerVisit]:
    if isinstance(message, EnrichedStory):
        return message.visits
    if isinstance(message, Alert):
        return (message.data.visit,)
    return (message,) if isinstance(message, LedgerVisit) else ()


def _fits(visit: Visit | LedgerVisit, country: str | None, person: str | None, status: str | None) -> bool:
    parties = [party for party in (visit.visitor, visit.host) if party]
    countries = {party.country for party in parties} | {visit.destination.country}
    names = [party.name for party in parties] + [visit.announced_by.name if visit.announced_by else None]
    return (
        (country is None or country.upper() in countries)
        and (person is None or any(person.casefold() in (name or "").casefold() for name in names))
        and (status is None or visit.status == status)
    )


def _names(story: EnrichedStory, country: str | None, person: str | None) -> bool:
    """Whether a story without such a visit names the country and the person."""
    countries = {entity.country for entity in story.entities}
    names = [entity.name.casefold() for entity in story.entities if entity.kind == "person"]
    return (country is None or country.upper() in countries) and (
        person is None or any(person.casefold() in name for name in names)
    )


def line(found: FoundRecord, message: Message | None) -> str:
    """One line for people."""
    key = (found.record.key or b"").decode(errors="replace")
    if message is None:
        return f"{key}: {'nothing stands here any more' if found.record.value is None else 'unreadable'}"
    if isinstance(message, Alert):
        return f"{message.data.change.kind}: {visit_line(message.data.visit)}"
    if isinstance(message, LedgerVisit):
        reports = len(message.reports) + message.reports_left_out
        return f"{visit_line(message)}  (revision {message.revision}, {reports} reports)"
    if isinstance(message, EnrichedStory):
        visits = "; ".join(visit_line(visit) for visit in message.visits)
        counted = f"{len(message.entities)} entities, {len(message.quotes)} quotes"
        return f"{_title(message.story)}  [{counted}]" + (f"  {visits}" if visits else "")
    if isinstance(message, Story):
        return _title(message)
    if isinstance(message, DeadLetter):
        return f"{message.id}  {message.stage}: {message.reason}"
    if isinstance(message, WireItem):
        return f"{message.provider}  {message.name or ''}  {len(message.raw)} bytes"
    return message.model_dump_json()


def visit_line(visit: Visit | LedgerVisit) -> str:
    """Who, where to, how far along, when, on whose word."""
    who = visit.visitor.name or visit.visitor.label or "somebody"
    where = visit.destination.place or visit.destination.country or "a place not named"
    when = (visit.dates and (visit.dates.start or visit.dates.text)) or "no date"
    word = visit.announced_by and (visit.announced_by.name or visit.announced_by.label)
    country = f" ({visit.visitor.country})" if visit.visitor.country else ""
    return f"{who}{country} to {where}, {visit.status}, {when}" + (f", says {word}" if word else "")


def _title(story: Story) -> str:
    return f"{story.provider} v{story.version} {story.headline or story.slugline or story.text[:60]!r}"
