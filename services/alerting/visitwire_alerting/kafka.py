"""Reads the topics that a lost ledger is rebuilt from."""

from collections.abc import Iterator
from typing import Any

from kafka import KafkaConsumer, TopicPartition  # type: ignore[import-untyped]
from visitwire_runtime.admin import connection
from visitwire_runtime.settings import Settings
from visitwire_schemas import STORIES_ENRICHED, VISITS, EnrichedStory, LedgerVisit, Message, Record, Topic

PATIENCE = 10_000
"""Milliseconds without a record after which a topic is taken to be at its end."""


def read_stories(settings: Settings) -> Iterator[EnrichedStory]:
    """Every story on stories-enriched-v1, from its beginning to what is its end now."""
    for _, story in _read(settings, STORIES_ENRICHED):
        if story is not None:
            yield story


def read_visits(settings: Settings) -> list[LedgerVisit]:
    """The visits that visits-v1 says stand."""
    standing: dict[str, LedgerVisit] = {}
    for key, visit in _read(settings, VISITS):
        if visit is None:
            standing.pop(key, None)
        else:
            standing[key] = visit
    return list(standing.values())


def _read[M: Message](settings: Settings, topic: Topic[M]) -> Iterator[tuple[str, M | None]]:
    consumer: Any = KafkaConsumer(
        **connection(settings), auto_offset_reset="earliest", enable_auto_commit=False, consumer_timeout_ms=PATIENCE
    )
    try:
        parts = [TopicPartition(topic.name, part) for part in consumer.partitions_for_topic(topic.name) or ()]
        consumer.assign(parts)
        consumer.seek_to_beginning(*parts)
        ends = {part: end for part, end in consumer.end_offsets(parts).items() if consumer.position(part) < end}
        while ends:
            for part, records in consumer.poll(timeout_ms=PATIENCE).items():
                for record in records:
                    key = (record.key or b"").decode()
                    value = Record(record.key, record.value, tuple(record.headers or ()))
                    yield key, None if record.value is None else topic.decode(value)
                if part in ends and consumer.position(part) >= ends[part]:
                    del ends[part]
    finally:
        consumer.close()
