"""A stage's worker as a process: its health port, the signals that end it, and with what it exits."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator, Callable

import structlog
from prometheus_client import CollectorRegistry

from visitwire_runtime import logs
from visitwire_runtime.dead_letters import TOO_MANY, TooManyDeadLetters
from visitwire_runtime.health import Health, HealthServer
from visitwire_runtime.setting_groups.worker import WorkerSettings
from visitwire_runtime.settings import Settings
from visitwire_runtime.stage import AnyStage
from visitwire_runtime.startup import made, may_come
from visitwire_runtime.startup_errors import explained_exit
from visitwire_runtime.worker import Worker

log = structlog.get_logger()


def main(make: Callable[[Settings], AnyStage], settings: Settings | None = None) -> None:
    """Runs a stage as a worker until SIGTERM or SIGINT; where it had reached its limit of dead letters, it then exits
    with 3. Exits with 1, and a line, where a setting, a folder or a port keeps it from working."""
    with explained_exit():
        settings = settings or Settings()
        logs.configure(settings.log_level, settings.log_format)
        settings.data_dir.mkdir(parents=True, exist_ok=True)  # what cannot be written shows now, and not with a broker
        try:
            asyncio.run(_until_signalled(make, settings))
        except TooManyDeadLetters:
            sys.exit(TOO_MANY)


async def _until_signalled(make: Callable[[Settings], AnyStage], settings: Settings) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    stage = await _stage(make, settings, stop)
    if stage is not None:
        await run(stage, settings, stop)


async def _stage(make: Callable[[Settings], AnyStage], settings: Settings, stop: asyncio.Event) -> AnyStage | None:
    """The stage; where it has to wait for a database, with a health port that says so."""
    try:
        return make(settings)
    except Exception as missing:
        if not may_come(missing):
            raise
    health = Health()
    async with _served(health, CollectorRegistry(), settings):
        return await made(make, settings, stop, health)


async def run(stage: AnyStage, settings: WorkerSettings, stop: asyncio.Event) -> None:
    """A worker with its health port, until `stop` is set.

    Raises `TooManyDeadLetters` only then: a worker that reached its limit reads no more and stays, unready, with what
    it counted. To end would have it started again, into the same messages.
    """
    worker = Worker(stage, settings)
    async with _served(worker.health, worker.meter.registry, settings):
        try:
            await worker.serve(stop)
        except TooManyDeadLetters as enough:
            log.error("too_many_dead_letters", why=str(enough), now="waits until it is stopped")
            worker.health.troubles = {"itself": f"stopped reading: {enough}; mend the cause, then start this anew"}
            worker.meter.stopped.set(1)
            await stop.wait()
            raise


@contextlib.asynccontextmanager
async def _served(health: Health, registry: CollectorRegistry, settings: WorkerSettings) -> AsyncIterator[None]:
    server = HealthServer(health, registry, settings.metrics_host, settings.metrics_port)
    server.start()
    log.info("health", host=settings.metrics_host, port=server.port)
    beating = asyncio.create_task(_beat(health))
    try:
        yield
    finally:
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)
        server.stop()


async def _beat(health: Health) -> None:
    while True:
        health.beat()
        await asyncio.sleep(1)
