"""Feeds the read model from Kafka. How far it read stands in the read model itself, in the same transaction as the
rows, so a crash neither loses nor repeats; there is no consumer group."""

import threading
from typing import Any

import structlog
from kafka import KafkaConsumer, TopicPartition  # type: ignore[import-untyped]
from kafka.errors import KafkaError  # type: ignore[import-untyped]
from sqlalchemy import Engine
from visitwire_runtime.admin import connection
from visitwire_runtime.settings import Settings
from visitwire_schemas import Record

from visitwire_gateway.model.feed import Listener, keep, rows_of
from visitwire_gateway.model.keep import Position, positions
from visitwire_gateway.model.projection import TOPICS

log = structlog.get_logger()

POLL = 300
"""Milliseconds a poll waits for records."""
LOOK_AGAIN = 30
"""Seconds between looks for partitions that were added."""


class KafkaFeed:
    """Reads the gateway's topics in a thread until closed; a broker that is away is waited for."""

    def __init__(self, settings: Settings, engine: Engine, listener: Listener) -> None:
        self._settings, self._engine, self._listener = settings, engine, listener
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="gateway-kafka", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join(timeout=20)

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                consumer = KafkaConsumer(
                    **connection(self._settings),
                    client_id="visitwire-gateway",
                    enable_auto_commit=False,
                    auto_offset_reset="earliest",
                    max_poll_records=200,
                )
            except KafkaError as missing:
                log.warning("broker_unavailable", why=str(missing))
                self._stop.wait(2)
                continue
            try:
                self._read(consumer)
            except KafkaError as missing:
                log.warning("broker_unavailable", why=str(missing))
                self._stop.wait(2)
            finally:
                consumer.close()

    def _read(self, consumer: Any) -> None:
        assigned: set[Any] = set()
        polls = 0
        while not self._stop.is_set():
            if polls % (LOOK_AGAIN * 1000 // POLL) == 0 or not assigned:
                assigned = self._assign(consumer, assigned)
            polls += 1
            if not assigned:
                self._stop.wait(1)
                continue
            found = consumer.poll(timeout_ms=POLL)
            if found:
                self._keep(found)

    def _assign(self, consumer: Any, before: set[Any]) -> set[Any]:
        wanted = {
            TopicPartition(topic, number) for topic in TOPICS for number in consumer.partitions_for_topic(topic) or ()
        }
        if wanted != before:
            consumer.assign(sorted(wanted))
            known = positions(self._engine)
            for partition in wanted:
                offset = known.get((partition.topic, partition.partition))
                if offset is None:
                    consumer.seek_to_beginning(partition)
                else:
                    consumer.seek(partition, offset)
        return wanted

    def _keep(self, found: dict[Any, list[Any]]) -> None:
        rows, reached = [], []
        for partition, records in found.items():
            reached.append(Position(partition.topic, partition.partition, records[-1].offset + 1))
            for record in records:
                made = rows_of(partition.topic, Record(record.key, record.value, tuple(record.headers)))
                if made is not None:
                    rows.append(made)
        keep(self._engine, rows, reached, self._listener, self._stop)
