"""Looks whether a worker can read: asks the broker, as the worker's group, what waits for it."""

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition  # type: ignore[import-untyped]
from aiokafka.errors import KafkaError  # type: ignore[import-untyped]

from visitwire_runtime.broker_connection import for_aiokafka
from visitwire_runtime.setting_groups.broker import BrokerSettings
from visitwire_runtime.topic_names import group, on_broker

log = structlog.get_logger()

PATIENCE = 8.0
"""Seconds that the broker has for an answer."""
SILENT = 15.0
"""Seconds without an answer after which a worker says that it cannot read."""
IDLE = 60.0
"""Seconds in which records wait and none is acknowledged, after which a worker says that it reads nothing."""


@dataclass(frozen=True)
class Gap:
    """Records that are missing at the beginning of a partition."""

    partition: int
    before: datetime | None
    """The time of the first that is there; None where none is."""
    count: int


@dataclass
class Lookout:
    """Asks the broker over a connection of its own: what hangs of the worker's does not hang here."""

    stage: str
    settings: BrokerSettings
    how: Callable[[], str] = lambda: "not"
    """How lost records are fetched again, for the log."""
    _client: Any = None
    _told: dict[Any, int] = field(default_factory=dict)
    """By partition, the beginning up to which lost records were told."""
    _gaps: list[Gap] = field(default_factory=list)

    def gaps(self) -> list[Gap]:
        """What retention removed before anybody read it, as far as looks since the last call saw it."""
        found, self._gaps = self._gaps, []
        return found

    async def look(self, topic: str, partitions: Iterable[int]) -> int:
        """How many records wait. Raises `KafkaError` or `OSError` when the broker does not say."""
        client, topic = await self._ready(), on_broker(self.settings, topic)
        mine = [TopicPartition(topic, number) for number in partitions]
        if not mine:  # more workers than partitions: then it only shows that the broker answers
            await client.end_offsets([TopicPartition(topic, 0)])
            return 0
        ends = await client.end_offsets(mine)
        begins = await client.beginning_offsets(mine)
        lag = 0
        for one in mine:
            committed = await client.committed(one)
            if missing := self._missing(one, begins[one], committed):
                self._gaps.append(await self._gap(one, begins[one], missing))
            lag += max(0, ends[one] - max(begins[one], committed or 0))
        return lag

    def _missing(self, partition: Any, begin: int, committed: int | None) -> int:
        """How many were lost. Nothing is to a group that never read the partition."""
        return 0 if committed is None else max(0, begin - max(committed, self._told.get(partition, 0)))

    async def _gap(self, partition: Any, begin: int, missing: int) -> Gap:
        """Where they are missing, with a line in the log."""
        before = await self._since(partition)
        self._told[partition] = begin
        log.error(
            "lost_records",
            topic=partition.topic,
            partition=partition.partition,
            first=begin - missing,
            last=begin - 1,
            before=before and before.isoformat(),
            fetch=self.how(),
        )
        return Gap(partition.partition, before, missing)

    async def _since(self, partition: Any) -> datetime | None:
        """The time of the first record that is still there: what is lost came before it. None where none is."""
        found = (await self._client.offsets_for_times({partition: 0}))[partition]
        return None if found is None else datetime.fromtimestamp(found.timestamp / 1000, UTC)

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(KafkaError, OSError):
                await client.stop()

    async def _ready(self) -> Any:
        if self._client is None:
            given = for_aiokafka(self.settings) | {"request_timeout_ms": int(PATIENCE * 1000)}
            client = AIOKafkaConsumer(**given, group_id=group(self.settings, self.stage), enable_auto_commit=False)
            try:
                await client.start()
            except BaseException:
                with contextlib.suppress(KafkaError, OSError):
                    await client.stop()
                raise
            self._client = client
        return self._client


@dataclass
class Patience:
    """Makes words of looks: one that failed is nothing yet, and neither is a record that waits a moment."""

    answered: float = field(default_factory=monotonic)
    moved: float = field(default_factory=monotonic)
    done: int = -1

    def seen(self, lag: int, done: int) -> str | None:
        """What is wrong when `lag` records wait and `done` were acknowledged so far."""
        self.answered = monotonic()
        if lag == 0 or done != self.done:
            self.done, self.moved = done, self.answered
        idle = self.answered - self.moved
        return f"{lag} records wait, and none was read for {idle:.0f} s" if idle > IDLE else None

    def late(self) -> float | None:
        """For how many seconds the broker has not answered, when those are too many."""
        since = monotonic() - self.answered
        return since if since > SILENT else None
