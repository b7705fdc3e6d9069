"""A producer of our records, over kafka-python, and what the commands say when Kafka fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from kafka import KafkaProducer  # type: ignore[import-untyped]
from kafka.errors import KafkaError  # type: ignore[import-untyped]
from visitwire_runtime.broker_connection import LARGEST_REQUEST, for_kafka_python
from visitwire_runtime.broker_permissions import denial
from visitwire_runtime.settings import Settings
from visitwire_runtime.topic_names import on_broker
from visitwire_schemas import Record


@contextmanager
def told(settings: Settings) -> Iterator[None]:
    """Says in one line what is wrong with the broker, instead of a traceback; the command ends with 1."""
    try:
        yield
    except KafkaError as failed:
        why = f": {denial(failed) or failed or type(failed).__name__}"
        if "Unable to bootstrap" in why:
            why = " does not answer: start it (`visitwire up`), or name another with VISITWIRE_BROKER."
        typer.echo(f"Kafka at {settings.broker}{why}", err=True)
        raise typer.Exit(1) from None


class Sender:
    """Sends records to topics by our names; leaving it waits until the broker has them all."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._producer: Any = KafkaProducer(
            **for_kafka_python(settings),
            client_id="visitwire-feed",
            acks="all",
            enable_idempotence=True,
            compression_type="zstd",
            linger_ms=5,
            max_request_size=LARGEST_REQUEST,
        )
        self._sent: list[Any] = []

    def send(self, topic: str, record: Record) -> None:
        """Raises `KafkaError` when an earlier record was refused."""
        name, headers = on_broker(self._settings, topic), list(record.headers)
        self._sent.append(self._producer.send(name, record.value, record.key, headers))
        if len(self._sent) > 1000:
            self.flush()

    def flush(self) -> None:
        """Returns when the broker has everything. Raises `KafkaError` when it refused something."""
        self._producer.flush()
        for sent in self._sent:
            sent.get(timeout=30)
        self._sent.clear()

    def __enter__(self) -> "Sender":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.flush()
        self._producer.close(timeout=5)
