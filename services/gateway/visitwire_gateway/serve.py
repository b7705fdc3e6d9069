"""Serves the gateway: in a thread of a process that does other work too, or as a process of its own on Kafka."""

import asyncio
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from types import FrameType

import structlog
import uvicorn
from fastapi import FastAPI
from kafka import KafkaProducer  # type: ignore[import-untyped]
from kafka.errors import KafkaError  # type: ignore[import-untyped]
from sqlalchemy import Engine
from visitwire_alerting.service import open_alerting
from visitwire_runtime.broker_connection import LARGEST_REQUEST, for_kafka_python
from visitwire_runtime.broker_permissions import denial
from visitwire_runtime.database_errors import errors_of
from visitwire_runtime.embedded import Embedded
from visitwire_runtime.health import HealthServer
from visitwire_runtime.setting_groups.gateway import GatewaySettings
from visitwire_runtime.sockets import BACKLOG, CannotStart, bound
from visitwire_runtime.stage import Unavailable
from visitwire_runtime.topic_names import on_broker
from visitwire_schemas import Record

from visitwire_gateway.dependencies import Around
from visitwire_gateway.live import Live
from visitwire_gateway.model.database import open_database
from visitwire_gateway.model.intake import Intake
from visitwire_gateway.model.kafka_intake import KafkaFeed
from visitwire_gateway.model.lag import broker_lag
from visitwire_gateway.model.retention import keeping
from visitwire_gateway.request_metrics import open_streams

log = structlog.get_logger()

type CreateApp = Callable[[GatewaySettings, Engine, Around], FastAPI]
PATIENCE = 20.0
"""Seconds to wait for the server to come up, or for a record to be taken."""


class IntoSuite:
    """Sends a record to the stages of this process; `join` says where, once they run."""

    def __init__(self) -> None:
        self._suite: tuple[Embedded, asyncio.AbstractEventLoop] | None = None

    def join(self, suite: Embedded) -> None:
        """Called on the suite's event loop."""
        self._suite = suite, asyncio.get_running_loop()

    def leave(self) -> None:
        self._suite = None

    def put(self, topic: str, record: Record) -> None:
        if self._suite is None:
            raise Unavailable("The stages do not run just now.")
        suite, loop = self._suite
        try:
            asyncio.run_coroutine_threadsafe(suite.put(topic, record), loop).result(PATIENCE)
        except Exception as wrong:  # whatever stopped the stages, the page says so and goes on
            raise Unavailable(f"The stages do not take it: {wrong}") from None


class IntoKafka:
    """Sends a record to the broker."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()

    def put(self, topic: str, record: Record) -> None:
        with self._lock:
            try:
                largest = {"max_request_size": LARGEST_REQUEST}  # a dead letter may have 8 MB
                producer = KafkaProducer(**for_kafka_python(self._settings), **largest, acks="all")
                try:
                    sent = producer.send(
                        on_broker(self._settings, topic), record.value, record.key, list(record.headers)
                    )
                    sent.get(timeout=PATIENCE)
                finally:
                    producer.close(timeout=PATIENCE)
            except KafkaError as missing:
                raise Unavailable(
                    f"The broker does not take it: {denial(missing, 'WRITE', topic) or missing}"
                ) from None


@dataclass(frozen=True)
class Serving:
    """A gateway in this process: `tap` is one for `Embedded(taps=…)`."""

    address: str
    tap: Intake
    suite: IntoSuite


@contextmanager
def serving(settings: GatewaySettings, create_app: CreateApp) -> Iterator[Serving]:
    """Serves beside the embedded suite until left; then what was tapped is kept. Raises `CannotStart`."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = open_database(settings.gateway_database.get_secret_value())
    suite = IntoSuite()
    try:
        app = create_app(settings, engine, Around(outward=suite, ledger=open_alerting(settings)))
        with (
            closing(Intake(engine, app.state.gateway.live.hear, app.state.gateway.clock)) as feed,
            keeping(engine, settings.gateway_kept),
            listening(app, settings) as address,
        ):
            yield Serving(address, feed, suite)
    finally:
        engine.dispose()


def serve_on_kafka(settings: GatewaySettings, create_app: CreateApp, ready: Callable[[str], None]) -> None:
    """Serves from what is on the broker until SIGTERM or Ctrl-C. Raises `CannotStart`."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = open_database(settings.gateway_database.get_secret_value())
    try:
        ledger = open_alerting(settings)
        around = Around(outward=IntoKafka(settings), lag=broker_lag(settings), ledger=ledger)
        app = create_app(settings, engine, around)
        live: Live = app.state.gateway.live
        with (
            _bound(settings) as listens,
            keeping(engine, settings.gateway_kept),
            closing(KafkaFeed(settings, engine, live.hear, live.last, ledger.visit_ids)) as feed,
        ):
            registry = feed.meter.registry
            registry.register(app.state.request_seconds)
            registry.register(errors_of({"gateway": engine, "ledger": ledger.engine}))
            health = _health(settings, feed, live)
            server = _server(app)
            _ended_by_signals(server)
            try:
                ready(_address(settings, listens))
                server.run(sockets=[listens])
            finally:
                health.stop()
    finally:
        engine.dispose()


def _ended_by_signals(server: uvicorn.Server) -> None:
    """Before the server runs too, so that none is lost. While it runs it has handlers of its own, and raises at its
    end what they heard: what follows the server is then still closed."""

    def heard(_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, heard)


def _health(settings: GatewaySettings, feed: KafkaFeed, live: Live) -> HealthServer:
    """The port for metrics and health, like a worker's; started."""
    feed.meter.registry.register(open_streams(lambda: live.readers))
    made = HealthServer(feed.health, feed.meter.registry, settings.metrics_host, settings.metrics_port)
    made.start()
    log.info("metrics", host=settings.metrics_host, port=made.port)
    return made


@contextmanager
def listening(app: FastAPI, settings: GatewaySettings) -> Iterator[str]:
    """Serves in a thread; gives the address."""
    listens = _bound(settings)
    server = _server(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listens]}, name="gateway", daemon=True)
    thread.start()
    waited = threading.Event()
    for _ in range(int(PATIENCE / 0.02)):
        if server.started or not thread.is_alive():
            break
        waited.wait(0.02)
    if not server.started:
        raise CannotStart(f"the gateway did not come up on {_address(settings, listens)}")
    try:
        yield _address(settings, listens)
    finally:
        app.state.gateway.live.leave()
        server.should_exit = True
        thread.join(PATIENCE)
        listens.close()


def _server(app: FastAPI) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=3,
            timeout_keep_alive=30,
            backlog=BACKLOG,
        )
    )


def _bound(settings: GatewaySettings) -> socket.socket:
    return bound(settings.gateway_host, settings.gateway_port, "VISITWIRE_GATEWAY_PORT")


def _address(settings: GatewaySettings, listens: socket.socket) -> str:
    host = f"[{settings.gateway_host}]" if ":" in settings.gateway_host else settings.gateway_host
    return f"http://{host}:{listens.getsockname()[1]}"
