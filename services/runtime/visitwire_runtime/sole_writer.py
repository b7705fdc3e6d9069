"""Writes to Kafka as the only one of several processes: each batch is a transaction, and whoever takes over has the
broker refuse what the one before has not ended."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from aiokafka import AIOKafkaProducer  # type: ignore[import-untyped]
from aiokafka.errors import KafkaError, MessageSizeTooLargeError  # type: ignore[import-untyped]
from visitwire_schemas import Record

from visitwire_runtime.broker_connection import LARGEST_REQUEST, for_aiokafka
from visitwire_runtime.broker_permissions import denial
from visitwire_runtime.setting_groups.broker import BrokerSettings
from visitwire_runtime.stage import TooLarge, Unavailable
from visitwire_runtime.topic_names import on_broker

LATE = 5.0
"""Seconds after which an answer that has not come is told as trouble."""
REQUEST_TIMEOUT = 30_000
"""Milliseconds after which a request is sent again, under the same sequence number: the broker writes it once."""
ABORTED_AFTER = 60_000
"""Milliseconds after which the broker itself ends a transaction that nobody ends, and what came later on the topic can
be read. Longer than `REQUEST_TIMEOUT`, so that a request that was lost is sent once more before."""


class SoleWriter:
    """A producer with a transactional id, which all processes that may write share. `trouble` hears what is the
    matter, and None when it is over."""

    def __init__(
        self, settings: BrokerSettings, id: str, trouble: Callable[[str | None], None] = lambda words: None
    ) -> None:
        self._settings, self._id, self._trouble = settings, id, trouble
        self._producer: Any = None
        """None unless what it wrote is known to be on the broker, all of it."""
        self._failed: Any = None
        """What became of its last transaction is not known, and the next to take over decides it."""

    async def take_over(self) -> None:
        """Ends what was written and not committed: from now on what can be read stays, and nothing comes that another
        began. Raises `Unavailable`."""
        self._failed, self._producer = self._producer or self._failed, None
        with self._patience("letting us write"):
            self._producer = await self._started()
        await self._stop_failed()

    async def write(self, records: Sequence[tuple[str, Record]], at: datetime) -> None:
        """Puts records on topics, by our names, with the time `at`: all, or none that a reader of what is committed
        sees. Those of one key keep their order.

        Raises `TooLarge` where the broker does not take one of them, so that there is none; `Unavailable` where it is
        not known whether they are there, or somebody else took over. After either, `take_over` and look.
        """
        producer, self._producer = self._producer, None
        if producer is None:
            raise Unavailable("nothing can be written before this process took over")
        self._failed = producer
        try:
            with self._patience("what is to be published"):
                await self._committed(producer, records, int(at.timestamp() * 1000))
        except MessageSizeTooLargeError as refused:
            raise TooLarge(str(refused)) from None
        except KafkaError as failed:
            raise Unavailable(f"cannot write as the only one: {denial(failed, 'WRITE') or repr(failed)}") from failed
        self._producer, self._failed = producer, None

    async def stop(self) -> None:
        """Ends it; a transaction under way is not committed."""
        if self._failed is not None:
            # aiokafka asserts that there is something to abort. Without this, readers wait until the broker does it.
            with contextlib.suppress(KafkaError, TimeoutError, AssertionError):
                await asyncio.wait_for(self._failed.abort_transaction(), LATE)
        self._failed, self._producer = self._producer or self._failed, None
        await self._stop_failed()

    async def _committed(self, producer: Any, records: Sequence[tuple[str, Record]], milliseconds: int) -> None:
        under_way = []
        try:
            await producer.begin_transaction()
            for topic, record in records:
                name, headers = on_broker(self._settings, topic), list(record.headers)
                under_way.append(
                    await producer.send(name, record.value, record.key, timestamp_ms=milliseconds, headers=headers)
                )
            await asyncio.gather(*under_way)
            await producer.commit_transaction()
        finally:
            for each in under_way:
                each.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    async def _started(self) -> Any:
        producer = AIOKafkaProducer(
            **for_aiokafka(self._settings),
            transactional_id=self._id,
            transaction_timeout_ms=ABORTED_AFTER,
            compression_type="zstd",
            max_request_size=LARGEST_REQUEST,
            request_timeout_ms=REQUEST_TIMEOUT,
        )
        try:
            await producer.start()
        except KafkaError as failed:
            await producer.stop()
            why = denial(failed, "WRITE") or repr(failed)
            raise Unavailable(f"cannot become the only one who writes: {why}") from failed
        except BaseException:
            await producer.stop()
            raise
        return producer

    async def _stop_failed(self) -> None:
        """Once another producer has taken over, the broker refuses what this one still has, so that it soon ends."""
        failed, self._failed = self._failed, None
        if failed is None:
            return
        with contextlib.suppress(KafkaError, TimeoutError):
            await asyncio.wait_for(failed.stop(), LATE)
        # aiokafka leaves what ended a transaction with a future too, and asyncio logs what nobody asked for
        ended = failed._txn_manager.wait_for_transaction_end()
        if ended is not None and ended.done():
            ended.exception()

    @contextlib.contextmanager
    def _patience(self, what: str) -> Iterator[None]:
        words = f"the broker takes its time with {what}"
        late = asyncio.get_running_loop().call_later(LATE, self._trouble, words)
        try:
            yield
        finally:
            late.cancel()
            self._trouble(None)
