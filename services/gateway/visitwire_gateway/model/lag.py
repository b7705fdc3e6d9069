"""How many records each stage has still to read, from the broker."""

import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

from kafka import KafkaConsumer, TopicPartition  # type: ignore[import-untyped]
from kafka.admin import KafkaAdminClient  # type: ignore[import-untyped]
from kafka.errors import KafkaError  # type: ignore[import-untyped]
from visitwire_runtime.admin import connection
from visitwire_runtime.settings import Settings
from visitwire_runtime.stage import Unavailable
from visitwire_schemas import FLOW

FRESH = 10.0
"""Seconds for which an answer holds."""


def broker_lag(settings: Settings) -> Callable[[], dict[str, int]]:
    """By stage: what its topic holds less what its consumer group has read. Raises `Unavailable`."""
    lock = threading.Lock()
    known: tuple[float, dict[str, int]] = (-FRESH, {})

    def ask() -> dict[str, int]:
        nonlocal known
        with lock:
            if monotonic() - known[0] >= FRESH:
                try:
                    known = monotonic(), _lag(settings)
                except KafkaError as missing:
                    raise Unavailable(str(missing)) from None
            return known[1]

    return ask


def _lag(settings: Settings) -> dict[str, int]:
    how = connection(settings)
    consumer: Any = KafkaConsumer(**how)
    admin: Any = KafkaAdminClient(**how, client_id="visitwire-gateway-lag")
    try:
        found = {}
        for row in FLOW:
            numbers = consumer.partitions_for_topic(row.source.name) or set()
            partitions = [TopicPartition(row.source.name, number) for number in numbers]
            ends = consumer.end_offsets(partitions)
            starts = consumer.beginning_offsets(partitions)
            read = _committed(admin, row.stage)
            found[row.stage] = sum(ends[one] - max(read.get(one, 0), starts[one]) for one in partitions)
        return found
    finally:
        admin.close()
        consumer.close()


def _committed(admin: Any, group: str) -> dict[Any, int]:
    answered = admin.list_group_offsets({group: None})[group]
    return {partition: max(meta.offset, 0) for partition, meta in answered.items()}
