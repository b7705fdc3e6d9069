"""A producer and a consumer of our records, over kafka-python."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import typer
from kafka import KafkaConsumer, KafkaProducer, TopicPartition  # type: ignore[import-untyped]
from kafka.errors import KafkaError  # type: ignore[import-untyped]
from visitwire_runtime.admin import connection
from visitwire_runtime.settings import Settings
from visitwire_schemas import Record

LARGEST_REQUEST = 12 * 1024 * 1024
"""Bytes; above the largest record of any topic."""


@dataclass(frozen=True)
class Found:
    """A record on the broker."""

    record: Record
    topic: str
    partition: int
    offset: int
    at: datetime


@contextmanager
def told(settings: Settings) -> Iterator[None]:
    """Says in one line what is wrong with the broker, instead of a traceback; the command ends with 1."""
    try:
        yield
    except KafkaError as failed:
        typer.echo(f"Kafka at {settings.broker}: {failed or type(failed).__name__}", err=True)
        raise typer.Exit(1) from None


class Sender:
    """Sends records; leaving it waits until the broker has them all."""

    def __init__(self, settings: Settings) -> None:
        self._producer: Any = KafkaProducer(
            **connection(settings),
            client_id="visitwire-feed",
            acks="all",
            enable_idempotence=True,
            compression_type="zstd",
            linger_ms=5,
            max_request_size=LARGEST_REQUEST,
        )
        self._sent: list[Any] = []

    def send(self, topic: str, record: Record) -> None:
        """Raises `KafkaError` when an earlier record was refused."""
        self._sent.append(self._producer.send(topic, record.value, record.key, list(record.headers)))
        if len(self._sent) > 1000:
            self.flush()

    def flush(self) -> None:
        """Returns when the broker has everything. Raises `KafkaError` when it refused something."""
        self._producer.flush()
        for sent in self._sent:
            sent.get(timeout=30)
        self._sent.clear()

    def __enter__(self) -> "Sender":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.flush()
        self._producer.close(timeout=5)


class Reader:
    """Reads topics without a group, so that it takes nothing from the workers."""

    def __init__(self, settings: Settings, topics: Sequence[str]) -> None:
        self._consumer: Any = KafkaConsumer(
            **connection(settings),
            client_id="visitwire-tail",
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
