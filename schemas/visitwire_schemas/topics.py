"""Every topic, the message on it, and who reads and writes it. Nobody types a topic's name anywhere else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from visitwire_schemas.alert import Alert, AlertData
from visitwire_schemas.base import Message
from visitwire_schemas.dead_letter import DeadLetter
from visitwire_schemas.enriched import EnrichedStory
from visitwire_schemas.ledger import LedgerVisit
from visitwire_schemas.reported import StoryReports
from visitwire_schemas.story import Story
from visitwire_schemas.wire_item import WireItem

type Headers = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True)
class Record:
    """A Kafka record as bytes. `value` None is a tombstone."""

    key: bytes | None
    value: bytes | None
    headers: Headers = ()


@dataclass(frozen=True)
class Topic[M: Message]:
    """A topic: its name, the message on it, and what must stay in order (`key`)."""

    name: str
    message: type[M]
    key: Callable[[M], str]
    about: str
    partitions: int = 8
    retention: timedelta | None = timedelta(days=30)
    """None keeps records for ever."""
    compacted: bool = False
    tombstones: timedelta = timedelta(days=14)
    """How long a compacted topic keeps them, for a consumer that was away."""
    max_bytes: int = 4 * 1024 * 1024
    """The largest record it takes."""
    to_record: Callable[[M], Record] | None = field(default=None, compare=False)
    from_record: Callable[[Record], M] | None = field(default=None, compare=False)

    def encode(self, message: M) -> Record:
        """The record that carries `message`: JSON, unless the topic says otherwise."""
        if self.to_record is not None:
            return self.to_record(message)
        return Record(self.key(message).encode(), message.model_dump_json(exclude_defaults=False).encode())

    def decode(self, record: Record) -> M:
        """The message a record carries.

        Raises `pydantic.ValidationError` (a ValueError) when it does not carry one.
        """
        if self.from_record is not None:
            return self.from_record(record)
        return self.message.model_validate_json(record.value or b"")


def _wire_item_record(item: WireItem) -> Record:
    fields = {
        "provider": item.provider,
        "name": item.name,
        "content-type": item.content_type,
        "received": item.received.isoformat(),
    }
    headers = tuple((name, value.encode()) for name, value in fields.items() if value is not None)
    return Record(item.provider.encode(), item.raw, headers)


def _wire_item(record: Record) -> WireItem:
    headers: Mapping[str, str] = {name: value.decode("utf-8", "replace") for name, value in record.headers}
    key = record.key.decode("utf-8", "replace") if record.key else None
    return WireItem(
        raw=record.value or b"",
        provider=headers.get("provider") or key or "unknown",
        name=headers.get("name"),
        content_type=headers.get("content-type"),
        received=headers.get("received") or datetime.now(UTC),
    )


STRUCTURED = "application/cloudevents+json"
"""The content type of an event with its envelope inside the value."""


def _alert_record(alert: Alert) -> Record:
    """CloudEvents' binary mode for Kafka: the envelope in headers, the data as the value.

    https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
    """
    envelope = alert.model_dump(mode="json", exclude={"data", "datacontenttype"}, exclude_none=True)
    headers = tuple((f"ce_{name}", str(value).encode()) for name, value in envelope.items())
    content = ("content-type", alert.datacontenttype.encode())
    return Record(alert.key.encode(), alert.data.model_dump_json(exclude_none=True).encode(), (content, *headers))


def _alert(record: Record) -> Alert:
    """An event in binary mode; one in structured mode too, as a file or a webhook's body has it."""
    headers = {name.lower(): value.decode("utf-8", "replace") for name, value in record.headers}
    envelope = {name[3:]: value for name, value in headers.items() if name.startswith("ce_")}
    if not envelope or headers.get("content-type", "").startswith(STRUCTURED):
        return Alert.model_validate_json(record.value or b"")
    return Alert.model_validate(envelope | {"data": AlertData.model_validate_json(record.value or b"")})


WIRE_ITEMS = Topic(
    "wire-items-v1",
    WireItem,
    key=lambda item: item.provider,
    about="What the wires sent, byte for byte, in whatever format; key: the wire",
    retention=timedelta(days=7),
    to_record=_wire_item_record,
    from_record=_wire_item,
)
STORIES = Topic(
    "stories-v1", Story, key=lambda story: story.key, about="Stories as read, every version; key: the story"
)
STORIES_PARSED = Topic(
    "stories-parsed-v1",
    EnrichedStory,
    key=lambda story: story.key,
    about="Stories with entities and the parse",
    retention=timedelta(days=14),
)
STORIES_QUOTED = Topic(
    "stories-quoted-v1",
    EnrichedStory,
    key=lambda story: story.key,
    about="Stories with entities, the parse and quotes",
    retention=timedelta(days=14),
)
STORIES_ENRICHED = Topic(
    "stories-enriched-v1",
    EnrichedStory,
    key=lambda story: story.key,
    about="Stories with entities, quotes and visits: what consumers read",
)
VISITS = Topic(
    "visits-v1",
    LedgerVisit,
    key=lambda visit: visit.id,
    about="Every visit as it stands; a tombstone when nothing supports it any more",
    retention=None,
    compacted=True,
)
REPORTS = Topic(
    "reports-v1",
    StoryReports,
    key=lambda story: story.key,
    about="Which visits each story reports: joins stories-enriched-v1 with visits-v1; a tombstone when it reports none",
    retention=None,
    compacted=True,
)
ALERTS = Topic(
    "alerts-v1",
    Alert,
    key=lambda alert: alert.subject,
    about="Every change of a visit, as CloudEvents in binary mode; key: the visit",
    to_record=_alert_record,
    from_record=_alert,
)


@dataclass(frozen=True)
class Row:
    """One stage of the flow: what it reads and what it writes."""

    stage: str
    source: Topic[WireItem] | Topic[Story] | Topic[EnrichedStory]
    sinks: tuple[Topic[Story] | Topic[EnrichedStory] | Topic[LedgerVisit] | Topic[StoryReports] | Topic[Alert], ...]

    @property
    def dead_letters(self) -> Topic[DeadLetter]:
        return dead_letters(self.stage)


def dead_letters(stage: str) -> Topic[DeadLetter]:
    """Where `stage` sends what it cannot process."""
    return Topic(
        f"{stage}-dlq",
        DeadLetter,
        key=lambda letter: letter.id,
        about=f"What {stage} could not process, with the reason and the raw bytes",
        partitions=1,
        retention=timedelta(days=90),
        max_bytes=8 * 1024 * 1024,
    )


FLOW: tuple[Row, ...] = (
    Row("ingestion", WIRE_ITEMS, (STORIES,)),
    Row("extraction", STORIES, (STORIES_PARSED,)),
    Row("attribution", STORIES_PARSED, (STORIES_QUOTED,)),
    Row("visits", STORIES_QUOTED, (STORIES_ENRICHED,)),
    Row("alerting", STORIES_ENRICHED, (VISITS, REPORTS, ALERTS)),
)
