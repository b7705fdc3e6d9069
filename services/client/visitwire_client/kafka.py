"""Events from Kafka, as messages: `for story in enriched("broker:9092", group="desk"): …`"""

from collections.abc import Iterator
from typing import Any

from visitwire_schemas import (
    ALERTS,
    REPORTS,
    STORIES_ENRICHED,
    VISITS,
    Alert,
    EnrichedStory,
    LedgerVisit,
    Message,
    Record,
    StoryReports,
    Topic,
)


def enriched(
    brokers: str, *, group: str | None = None, idle: float | None = None, **settings: Any
) -> Iterator[EnrichedStory]:
    """Stories with entities, quotes and visits, as they come. See `messages`."""
    return messages(STORIES_ENRICHED, brokers, group=group, idle=idle, **settings)


def alerts(brokers: str, *, group: str | None = None, idle: float | None = None, **settings: Any) -> Iterator[Alert]:
    """Every change of a visit, as it happens. See `messages`."""
    return messages(ALERTS, brokers, group=group, idle=idle, **settings)


def visits(brokers: str, *, idle: float | None = None, **settings: Any) -> Iterator[LedgerVisit]:
    """Every visit as it stands, from the beginning; tombstones are left out. See `messages`."""
    return messages(VISITS, brokers, idle=idle, **settings)


def reports(brokers: str, *, idle: float | None = None, **settings: Any) -> Iterator[StoryReports]:
    """Which visits each story reports, from the beginning; tombstones are left out. See `messages`."""
    return messages(REPORTS, brokers, idle=idle, **settings)


def messages[M: Message](
    topic: Topic[M],
    brokers: str,
    *,
    group: str | None = None,
    idle: float | None = None,
    prefix: str = "",
    **settings: Any,
) -> Iterator[M]:
    """The messages of a topic, for ever, or until none came for `idle` seconds.

    With a `group` the reading goes on after what was handled: a message counts as handled when the next one is asked
    for, so it may come twice after a crash and is never lost. Without one it begins at the beginning. `prefix` is the
    VISITWIRE_TOPIC_PREFIX of that Visitwire; `group` is taken as it is. `settings` go to kafka-python's consumer
    (security_protocol, sasl_mechanism …). Needs the extra visitwire-client[kafka].
    Raises `pydantic.ValidationError` for a record that is not what the topic promises.
    """
    from kafka import KafkaConsumer  # type: ignore[import-untyped]  # only who reads Kafka needs it

    consumer: Any = KafkaConsumer(
        prefix + topic.name,
        bootstrap_servers=brokers.split(","),
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        consumer_timeout_ms=float("inf") if idle is None else int(idle * 1000),
        **({"isolation_level": "read_committed"} | settings),
    )
    try:
        for record in consumer:
            if record.value is not None:
                yield topic.decode(Record(record.key, record.value, tuple(record.headers)))
            if group is not None:
                consumer.commit()
    finally:
        consumer.close()
