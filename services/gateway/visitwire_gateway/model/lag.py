"""How many records each stage has still to read, from the broker."""

import threading
from collections.abc import Callable
from contextlib import ExitStack, closing
from time import monotonic
from typing import Any

from kafka import KafkaConsumer, TopicPartition  # type: ignore[import-untyped]
from kafka.admin import KafkaAdminClient  # type: ignore[import-untyped]
from kafka.errors import KafkaError  # type: ignore[import-untyped]
from visitwire_runtime.broker_connection import for_kafka_python
from visitwire_runtime.broker_permissions import denial
from visitwire_runtime.setting_groups.gateway import GatewaySettings
from visitwire_runtime.sockets import CannotStart
from visitwire_runtime.stage import Unavailable
from visitwire_runtime.topic_names import group, on_broker
from visitwire_schemas import FLOW

FRESH = 10.0
"""Seconds for which an answer holds, or that there was none."""
PATIENCE = 0.5
"""Seconds that a page waits for an answer: the broker's clients try for half a minute."""


def broker_lag(settings: GatewaySettings) -> Callable[[], dict[str, int]]:
    """By stage: what its topic holds less what its consumer group has read. Raises `Unavailable`."""
    return SharedAnswer(lambda: _lag(settings)).told


class SharedAnswer:
    """An answer that may take long, asked for in a thread and told at once to everybody who wants it."""

    def __init__(self, ask: Callable[[], dict[str, int]], patience: float = PATIENCE) -> None:
        self._ask, self._patience, self._lock = ask, patience, threading.Lock()
        self._tried = -FRESH
        self._answer: dict[str, int] | None = None
        self._why = "The broker has not answered yet."
        self._asking: threading.Event | None = None

    def told(self) -> dict[str, int]:
        """Raises `Unavailable` where there is none, or none yet."""
        asking = self._begun()
        if asking is not None:
            asking.wait(self._patience)
        with self._lock:
            if self._answer is None:
                raise Unavailable(self._why)
            return self._answer

    def _begun(self) -> threading.Event | None:
        with self._lock:
            if self._asking is None and monotonic() - self._tried >= FRESH:
                self._asking = threading.Event()
                threading.Thread(target=self._work, args=(self._asking,), name="lag", daemon=True).start()
            return self._asking

    def _work(self, asking: threading.Event) -> None:
        answer, why = None, self._why
        try:
            answer = self._ask()
        except (KafkaError, CannotStart) as missing:
            why = denial(missing, "DESCRIBE") or str(missing)
        finally:
            with self._lock:
                self._answer, self._why, self._asking, self._tried = answer, why, None, monotonic()
            asking.set()


def _lag(settings: GatewaySettings) -> dict[str, int]:
    how = for_kafka_python(settings)
    with ExitStack() as stack:
        consumer: Any = stack.enter_context(closing(KafkaConsumer(**how)))
        admin: Any = stack.enter_context(closing(KafkaAdminClient(**how, client_id="visitwire-gateway-lag")))
        found = {}
        for row in FLOW:
            source = on_broker(settings, row.source.name)
            numbers = consumer.partitions_for_topic(source) or set()
            partitions = [TopicPartition(source, number) for number in numbers]
            ends = consumer.end_offsets(partitions)
            starts = consumer.beginning_offsets(partitions)
            read = _committed(admin, group(settings, row.stage))
            found[row.stage] = sum(ends[one] - max(read.get(one, 0), starts[one]) for one in partitions)
        return found


def _committed(admin: Any, group: str) -> dict[Any, int]:
    answered = admin.list_group_offsets({group: None})[group]
    return {partition: max(meta.offset, 0) for partition, meta in answered.items()}
