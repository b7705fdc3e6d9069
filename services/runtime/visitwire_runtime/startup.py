"""What a worker needs before it begins: its stage, whose database may be away, and its topics."""

import asyncio
import contextlib
import itertools
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import structlog
from kafka.errors import KafkaError  # type: ignore[import-untyped]

from visitwire_runtime import topic_admin
from visitwire_runtime.backoff import Backoff
from visitwire_runtime.broker_connection import for_kafka_python
from visitwire_runtime.broker_errors import why_not
from visitwire_runtime.broker_permissions import Denied, denied, lacking
from visitwire_runtime.health import Health
from visitwire_runtime.setting_groups.worker import WorkerSettings
from visitwire_runtime.stage import AnyStage, Unavailable
from visitwire_runtime.topic_names import group, on_broker
from visitwire_runtime.worker_thread import Overdue, WorkerThread

log = structlog.get_logger()

TOPICS = 60.0
"""Seconds that making the topics may take."""


async def topics_made(
    stage: AnyStage, settings: WorkerSettings, stop: asyncio.Event, health: Health, backoff: Backoff
) -> bool:
    """Makes the topics before Faust starts, which ignores for long those that are missing then. False when `stop` is
    set before."""
    for attempt in itertools.count():
        if stop.is_set():
            break
        try:
            making = partial(_prepared, stage, settings)
            for change in await _unless(stop, WorkerThread("topics").do(making, TOPICS)):
                log.info("topic", topic=change.topic, words=change.words)
            return True
        except _Stopped:
            break
        except Denied as lacks:
            await _waited(stop, health, "denied", str(lacks), backoff.after(attempt))
        except (KafkaError, Overdue) as failed:
            early = getattr(failed, "retriable", False)  # a broker that has just begun has no coordinator yet
            why = (
                f"waits for the broker: {await why_not(settings) or ('it is not ready yet' if early else repr(failed))}"
            )
            await _waited(stop, health, "no_broker", why, backoff.after(attempt))
    return False


def _prepared(stage: AnyStage, settings: WorkerSettings) -> list[topic_admin.TopicChange]:
    """What was done to the stage's topics. Rights are asked for first, as a topic that we may not see seems to be
    missing, and again for topics that are new. Raises `Denied`."""
    source, *sinks = dict.fromkeys([stage.source.name, *(topic.name for topic in topic_admin.stage_topics(stage))])
    writes = [on_broker(settings, name) for name in sinks]
    needs = partial(
        lacking,
        for_kafka_python(settings),
        [on_broker(settings, source)],
        writes,
        group(settings, stage.name),
    )
    if lacks := needs():
        raise denied(settings.broker, lacks)
    changes = topic_admin.create(settings, topic_admin.stage_topics(stage))
    if changes and (lacks := needs()):
        raise denied(settings.broker, lacks)
    return changes


async def _waited(stop: asyncio.Event, health: Health, event: str, why: str, wait: float) -> None:
    health.trouble = why
    log.warning(event, why=why, wait=round(wait, 2))
    await _slept(stop, wait)


async def made[S: WorkerSettings](
    make: Callable[[S], AnyStage], settings: S, stop: asyncio.Event, health: Health
) -> AnyStage | None:
    """The stage, as soon as what it needs (a database) is there; None when `stop` is set before."""
    backoff = settings.backoff()
    for attempt in itertools.count():
        try:
            return await asyncio.to_thread(make, settings)
        except Exception as missing:
            if not may_come(missing):
                raise
            why, wait = " ".join(str(missing).split()), backoff.after(attempt)
            health.trouble = f"waits: {why}"
            log.warning("unavailable", why=why, attempt=attempt + 1, wait=round(wait, 2))
        if await _slept(stop, wait):
            break
    return None


def may_come(missing: Exception) -> bool:
    """Whether what a stage needs may be there later."""
    if isinstance(missing, Unavailable):
        return True
    if "sqlalchemy" not in sys.modules:  # not every stage has it
        return False
    from sqlalchemy.exc import DBAPIError

    from visitwire_runtime.database import is_away

    return isinstance(missing, DBAPIError) and is_away(missing)


async def _slept(stop: asyncio.Event, seconds: float) -> bool:
    """Waits so long; True as soon as `stop` is set."""
    with contextlib.suppress(TimeoutError):
        return await asyncio.wait_for(stop.wait(), seconds)
    return False


class _Stopped(Exception):
    """`stop` was set."""


async def _unless[T](stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T:
    """What `work` gives, or `_Stopped` as soon as `stop` is set."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise _Stopped
        return working.result()
    finally:
        for task in (working, stopping):
            task.cancel()
        await asyncio.gather(working, stopping, return_exceptions=True)
