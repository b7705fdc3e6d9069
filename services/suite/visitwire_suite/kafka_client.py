"""What the commands say when Kafka fails."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from kafka.errors import KafkaError  # type: ignore[import-untyped]
from visitwire_runtime.broker_permissions import denial
from visitwire_runtime.settings import Settings


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
