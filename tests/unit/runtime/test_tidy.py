"""A client of a broker that is away leaves no socket open, and no thread."""

import gc
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaConsumer, KafkaProducer  # type: ignore[import-untyped]
from kafka.admin import KafkaAdminClient  # type: ignore[import-untyped]
from kafka.errors import KafkaError  # type: ignore[import-untyped]
from visitwire_runtime import broker_connection
from visitwire_runtime.settings import Settings


@pytest.fixture
def _no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture
def closed_port() -> Iterator[int]:
    """One that nobody listens on, and that nobody else gets while the test runs."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def open_ones() -> set[str]:
    """The descriptors of this process that are sockets or polls, each by what the kernel calls it and its number."""
    found = set()
    for path in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            if (target := str(path.readlink())).startswith(("socket:", "anon_inode:")):
                found.add(f"{path.name} {target}")
    return found


@pytest.mark.usefixtures("_no_collector")
@pytest.mark.parametrize("make", [KafkaAdminClient, KafkaConsumer, KafkaProducer])
def test_a_client_of_a_broker_that_is_away_leaves_nothing_behind(make: Callable[..., Any], closed_port: int) -> None:
    given = broker_connection.for_kafka_python(Settings(broker=f"127.0.0.1:{closed_port}"))
    before, threads = open_ones(), set(threading.enumerate())
    with pytest.raises(KafkaError):
        make(**given, bootstrap_timeout_ms=400, reconnect_backoff_max_ms=50)
    assert open_ones() - before == set()
    assert set(threading.enumerate()) - threads == set()
