"""`visitwire run`: the whole suite in this process, as a service."""

import asyncio
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

import structlog
import typer
from prometheus_client import CollectorRegistry
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from visitwire_gateway.app import create_app
from visitwire_gateway.serve import serving
from visitwire_runtime import AnyStage, logs
from visitwire_runtime.dead_letters import TooManyDeadLetters
from visitwire_runtime.embedded import Embedded, Tap
from visitwire_runtime.gc_tuning import settle
from visitwire_runtime.health import Health, HealthServer
from visitwire_runtime.metrics import Meter
from visitwire_runtime.settings import Settings
from visitwire_runtime.sockets import CannotStart

from visitwire_suite.exit_signals import ExitSignals
from visitwire_suite.stages import STAGES, build

app = typer.Typer()
log = structlog.get_logger()

LOOK = 0.02
"""Seconds between looks whether push listens."""
BEAT = 1.0
"""Seconds between signs of life of the event loop."""


@app.command()
def run() -> None:
    """Runs every stage in this process until SIGTERM or Ctrl-C. State is kept under the setting `data_dir`.

    Stories arrive by watched folder, HTTP push and feeds; alerts go to the subscriptions; the board shows the
    visits. Exits with status 1 if a stage had to stop.
    """
    settings = Settings()
    logs.configure(settings.log_level, settings.log_format)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    heard = ExitSignals()
    try:
        # The board first: a port that is taken shows before the language model is loaded.
        with serving(settings, create_app) as board:
            log.info("board", address=board.address)
            if stages := built(settings, heard):
                asyncio.run(serve(stages, settings, taps=(board.tap,), joined=board.suite.join, heard=heard))
    except (CannotStart, TooManyDeadLetters) as why:
        log.error("stopped", why=str(why))
        raise typer.Exit(1) from None


def built(settings: Settings, heard: ExitSignals) -> list[AnyStage]:
    """The stages, loaded one after the other; none once a signal was `heard`, with those closed that were open."""
    stages = list[AnyStage]()
    for name in STAGES:
        if heard:
            break
        stages.append(build(name, settings))
    if not heard:
        return stages
    for stage in stages:
        if stage.close is not None:
            stage.close()
    return []


async def serve(
    stages: Sequence[AnyStage],
    settings: Settings,
    *,
    taps: Sequence[Tap] = (),
    started: Callable[[], None] = lambda: None,
    joined: Callable[[Embedded], None] = lambda suite: None,
    heard: ExitSignals | None = None,
) -> None:
    """Runs the stages until SIGTERM or SIGINT, or not at all where one was `heard` before; then finishes what is under
    way. Raises `CannotStart`."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if heard:  # between the last look and the line above
        stop.set()
    meters = {stage.name: Meter(stage.name) for stage in stages}
    with _health(meters.values(), settings) as health:
        tasks = [loop.create_task(_beat(health))]
        suite = Embedded(
            stages,
            spool=settings.spool,
            taps=taps,
            limit=settings.limit,
            backoff=settings.backoff(),
            meters=meters.__getitem__,
        )
        settle()
        try:
            async with suite:
                health.trouble = None
                log.info("up", stages=[stage.name for stage in stages], data=str(settings.data_dir))
                joined(suite)
                tasks.append(loop.create_task(_tell_ready(settings)))
                started()
                await suite.until(stop)
                health.trouble = "stopping"
                log.info("stopping")
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    log.info("stopped")


async def _tell_ready(settings: Settings) -> None:
    """Says so once a story that is handed in is taken, by every way that is set up."""
    push = (settings.push_host, settings.push_port)
    while settings.push_port is not None and not await _answers(*push):  # noqa: ASYNC110 - a port rings no bell
        await asyncio.sleep(LOOK)
    log.info("ready to take stories", inbox=str(settings.watched), push_port=settings.push_port)


async def _answers(host: str, port: int | None) -> bool:
    try:
        _, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    return True


async def _beat(health: Health) -> None:
    while True:
        health.beat()
        await asyncio.sleep(BEAT)


@contextmanager
def _health(meters: Iterable[Meter], settings: Settings) -> Iterator[Health]:
    """The port for metrics and health, one for all stages. Raises `CannotListen`."""
    registry, health = CollectorRegistry(), Health()
    registry.register(_Together([meter.registry for meter in meters]))
    server = HealthServer(health, registry, settings.metrics_host, settings.metrics_port)
    server.start()
    log.info("metrics", address=f"http://{settings.metrics_host}:{server.port}/metrics")
    try:
        yield health
    finally:
        server.stop()


class _Together(Collector):
    """The stages' metrics as one page: each family once, with the samples of all."""

    def __init__(self, registries: Sequence[CollectorRegistry]) -> None:
        self._registries = registries

    def collect(self) -> Iterator[Metric]:
        families: dict[str, Metric] = {}
        for registry in self._registries:
            for family in registry.collect():
                known = families.setdefault(family.name, family)
                if known is not family:
                    known.samples.extend(family.samples)
        yield from families.values()
