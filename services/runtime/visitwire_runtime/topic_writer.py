"""Writes records to Kafka and returns when they are safe; looks what is there."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer  # type: ignore[import-untyped]
from aiokafka.errors import (  # type: ignore[import-untyped]
    KafkaError,
    MessageSizeTooLargeError,
    OutOfOrderSequenceNumber,
    TopicAuthorizationFailedError,
    UnknownProducerId,
)
from visitwire_schemas import Record

from visitwire_runtime.backoff import Backoff
from visitwire_runtime.broker_connection import LARGEST_REQUEST, for_aiokafka
from visitwire_runtime.broker_permissions import denial
from visitwire_runtime.setting_groups.broker import BrokerSettings
from visitwire_runtime.stage import TooLarge, Unavailable
from visitwire_runtime.topic_names import on_broker

log = structlog.get_logger()

LATE = 5.0
"""Seconds after which a write that the broker has not taken is told as trouble."""
REQUEST_TIMEOUT = 120_000
"""Milliseconds. Within it aiokafka repeats a request under the same sequence number, so that a broker that comes back
does not write it twice; after it we send anew."""


REFUSED = (TopicAuthorizationFailedError, OutOfOrderSequenceNumber, UnknownProducerId)
"""After which a producer has counted a batch that the broker has not: it takes nothing more from it, ever."""


class Writer:
    """An idempotent producer, to topics by our names. `wait` is how it sleeps between attempts; `trouble` is told what
    is the matter, and None when it is over."""

    def __init__(
        self,
        settings: BrokerSettings,
        backoff: Backoff,
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
        trouble: Callable[[str | None], None] = lambda words: None,
    ) -> None:
        self._settings, self._backoff, self._wait, self._trouble = settings, backoff, wait, trouble
        self._producer: Any = None
        self._failing = False

    async def start(self) -> None:
        self._producer = await self._started()

    async def _started(self) -> Any:
        producer = AIOKafkaProducer(
            **for_aiokafka(self._settings),
            enable_idempotence=True,
            acks="all",
            compression_type="zstd",
            max_request_size=LARGEST_REQUEST,
            request_timeout_ms=REQUEST_TIMEOUT,
        )
        try:
            await producer.start()
        except BaseException:
            await producer.stop()
            raise
        return producer

    async def _renew(self) -> None:
        """Another producer, which counts from the beginning; the old one stays for now where the broker is away."""
        with contextlib.suppress(KafkaError, OSError):
            old, self._producer = self._producer, await self._started()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(old.stop(), LATE)

    async def stop(self) -> None:
        """Ends it; what is still under way was promised to nobody."""
        if self._producer is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._producer.stop(), LATE)

    async def send(self, topic: str, records: Sequence[Record]) -> None:
        """Returns when the broker has all of them; tries again for as long as it has not. Raises `TooLarge`."""
        attempt = 0
        while records:
            try:
                await self._all_sent(topic, records)
            except MessageSizeTooLargeError as refused:
                raise TooLarge(str(refused)) from None
            except KafkaError as failed:
                seconds = self._backoff.after(attempt)
                self._failing = True
                why = denial(failed, "WRITE", topic) or repr(failed)
                self._trouble(f"cannot write to {topic}: {why}")
                log.warning("not_written", topic=topic, why=why, wait=round(seconds, 2))
                await self._wait(seconds)
                if isinstance(failed, REFUSED):
                    await self._renew()
                attempt += 1
            else:
                return

    async def _all_sent(self, topic: str, records: Sequence[Record]) -> None:
        sent = asyncio.gather(*[await self._queued(topic, record) for record in records])
        late = (await asyncio.wait({sent}, timeout=LATE))[1]
        if late:
            self._trouble(f"the broker takes its time with {topic}")
        await sent
        if late or self._failing:
            self._failing = False
            self._trouble(None)

    async def since(self, topic: str, time: datetime) -> list[Record]:
        """The records of a topic with times from `time` on, without those of transactions that were not committed.

        Raises `Unavailable` when the broker does not say.
        """
        consumer = AIOKafkaConsumer(
            on_broker(self._settings, topic),
            **for_aiokafka(self._settings),
            group_id=None,
            enable_auto_commit=False,
            isolation_level="read_committed",
        )
        try:
            await consumer.start()
            return await _read(consumer, int(time.timestamp() * 1000))
        except KafkaError as failed:
            raise Unavailable(f"cannot look what is on {topic}: {failed!r}") from failed
        finally:
            await asyncio.sleep(0)  # lets aiokafka's own routine begin: `stop` raises its CancelledError otherwise
            await consumer.stop()

    async def _queued(self, topic: str, record: Record) -> Any:
        name, headers = on_broker(self._settings, topic), list(record.headers)
        return await self._producer.send(name, record.value, record.key, headers=headers)


async def _read(consumer: Any, milliseconds: int) -> list[Record]:
    """Subscribed, so that it has waited for the topic's metadata: just after a broker's restart `partitions_for_topic`
    is empty, and everything would seem to be missing."""
    partitions = sorted(consumer.assignment())
    ends = await consumer.end_offsets(partitions)
    begins = await consumer.offsets_for_times(dict.fromkeys(partitions, milliseconds))
    found: list[Record] = []
    for partition in partitions:
        begin = begins.get(partition)
        consumer.seek(partition, begin.offset if begin else ends[partition])
    while [partition for partition in partitions if await consumer.position(partition) < ends[partition]]:
        for records in (await consumer.getmany(timeout_ms=500)).values():
            found += [Record(each.key, each.value, tuple(each.headers)) for each in records]
    return found
