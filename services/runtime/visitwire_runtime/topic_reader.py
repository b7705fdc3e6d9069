"""Reads what is on topics, over kafka-python, without taking anything from the workers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Any, NamedTuple

from kafka import KafkaConsumer, TopicPartition  # type: ignore[import-untyped]
from visitwire_schemas import Record

from visitwire_runtime.broker_connection import LARGEST_REQUEST, for_kafka_python
from visitwire_runtime.setting_groups.broker import BrokerSettings
from visitwire_runtime.topic_names import on_broker, ours


@dataclass(frozen=True)
class FoundRecord:
    """A record on the broker; its topic by our name."""

    record: Record
    topic: str
    partition: int
    offset: int
    at: datetime


class PartitionName(NamedTuple):
    """A partition of a topic."""

    topic: str
    partition: int


class TopicReader:
    """A consumer without a group; it takes and gives our names of topics."""

    def __init__(self, settings: BrokerSettings, topics: Sequence[str]) -> None:
        self._settings = settings
        self._consumer: Any = KafkaConsumer(
            **for_kafka_python(settings),
            client_id="visitwire-reader",
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            max_partition_fetch_bytes=LARGEST_REQUEST,
        )
        self._partitions = [
            TopicPartition(topic, number)
            for topic in (on_broker(settings, name) for name in topics)
            for number in sorted(self._consumer.partitions_for_topic(topic) or ())
        ]
        self._consumer.assign(self._partitions)

    def standing(self) -> Iterator[FoundRecord]:
        """What is on the topics now, partition by partition."""
        ends = {tp: end for tp, end in self._ends().items() if end > self._begins()[tp]}
        self._consumer.seek_to_beginning()
        while any(self._consumer.position(tp) < end for tp, end in ends.items()):
            yield from self._poll()

    def between(
        self, begin: datetime, end: datetime, reached: Mapping[PartitionName, int] | None = None
    ) -> Iterator[FoundRecord]:
        """What was put on the topics from `begin` until before `end`, and is there now; each partition in its order.

        `reached` has the offsets to go on from, by topic and partition, of what was read before.
        """
        given = {PartitionName(ours(self._settings, tp.topic), tp.partition): tp for tp in self._partitions}
        starts = self._at(begin)
        starts |= {given[place]: offset for place, offset in (reached or {}).items() if place in given}
        ends = self._at(end)
        for tp in self._partitions:
            self._consumer.seek(tp, min(starts[tp], ends[tp]))
        while any(self._consumer.position(tp) < last for tp, last in ends.items()):
            for found in self._poll():
                here = given[PartitionName(found.topic, found.partition)]
                if found.offset < ends[here] and begin <= found.at < end:
                    yield found

    def reaches_back_to(self, begin: datetime) -> bool:
        """Whether the topics may still have all that was put on them since `begin`: nothing was removed, or something
        from before is there."""
        begins, starts = self._begins(), self._at(begin)
        return all(first == 0 or starts[tp] > first for tp, first in begins.items())

    def _at(self, time: datetime) -> dict[Any, int]:
        """The first offset of each partition that is not from before `time`; its end where there is none."""
        asked = {tp: round(time.timestamp() * 1000) for tp in self._partitions}
        found, ends = self._consumer.offsets_for_times(asked), self._ends()
        return {tp: found[tp].offset if found.get(tp) else ends[tp] for tp in self._partitions}

    def following(self, beginning: bool = False, deadline: float | None = None) -> Iterator[FoundRecord]:
        """What comes from now on, or everything and then what comes; ends at `deadline` (of `monotonic`) only."""
        if self._partitions:
            (self._consumer.seek_to_beginning if beginning else self._consumer.seek_to_end)()
        while self._partitions and (deadline is None or monotonic() < deadline):
            yield from self._poll()

    def _poll(self) -> Iterator[FoundRecord]:
        for tp, records in self._consumer.poll(timeout_ms=500).items():
            for each in records:
                record = Record(each.key, each.value, tuple(each.headers))
                at = datetime.fromtimestamp(each.timestamp / 1000, UTC)
                yield FoundRecord(record, ours(self._settings, tp.topic), tp.partition, each.offset, at)

    def _begins(self) -> dict[Any, int]:
        return dict(self._consumer.beginning_offsets(self._partitions))

    def _ends(self) -> dict[Any, int]:
        return dict(self._consumer.end_offsets(self._partitions))

    def __enter__(self) -> "TopicReader":
        return self

    def __exit__(self, *_: object) -> None:
        self._consumer.close()
