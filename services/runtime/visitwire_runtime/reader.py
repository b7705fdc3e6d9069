"""Reads what is on topics, over kafka-python, without taking anything from the workers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from kafka import KafkaConsumer, TopicPartition  # type: ignore[import-untyped]
from visitwire_schemas import Record

from visitwire_runtime.admin import LARGEST_REQUEST, connection
from visitwire_runtime.settings import Settings


@dataclass(frozen=True)
class Found:
    """A record on the broker."""

    record: Record
    topic: str
    partition: int
    offset: int
    at: datetime


class Reader:
    """A consumer without a group."""

    def __init__(self, settings: Settings, topics: Sequence[str]) -> None:
        self._consumer: Any = KafkaConsumer(
            **connection(settings),
            client_id="visitwire-reader",
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=LARGEST_REQUEST,
        )
        self._partitions = [
            TopicPartition(topic, number)
            for topic in topics
            for number in sorted(self._consumer.partitions_for_topic(topic) or ())
        ]
        self._consumer.assign(self._partitions)

    def standing(self) -> Iterator[Found]:
        """What is on the topics now, partition by partition."""
        ends = {tp: end for tp, end in self._ends().items() if end > self._begins()[tp]}
        self._consumer.seek_to_beginning()
        while any(self._consumer.position(tp) < end for tp, end in ends.items()):
            yield from self._poll()

    def following(self, beginning: bool = False, deadline: float | None = None) -> Iterator[Found]:
        """What comes from now on, or everything and then what comes; ends at `deadline` (of `monotonic`) only."""
        if self._partitions:
            (self._consumer.seek_to_beginning if beginning else self._consumer.seek_to_end)()
        while self._partitions and (deadline is None or monotonic() < deadline):
            yield from self._poll()

    def _poll(self) -> Iterator[Found]:
        for tp, records in self._consumer.poll(timeout_ms=500).items():
            for each in records:
                record = Record(each.key, each.value, tuple(each.headers))
                at = datetime.fromtimestamp(each.timestamp / 1000, UTC)
                yield Found(record, tp.topic, tp.partition, each.offset, at)

    def _begins(self) -> dict[Any, int]:
        return dict(self._consumer.beginning_offsets(self._partitions))

    def _ends(self) -> dict[Any, int]:
        return dict(self._consumer.end_offsets(self._partitions))

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self._consumer.close()
