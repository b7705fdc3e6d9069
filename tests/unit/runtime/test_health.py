"""The port of a worker: is it alive, is it ready, what has it counted."""

from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from visitwire_runtime.health import Health, HealthServer
from visitwire_runtime.metrics import Meter
from visitwire_runtime.sockets import CannotListen


@pytest.fixture
def health() -> Health:
    return Health()


@pytest.fixture
def url(health: Health) -> Iterator[str]:
    meter = Meter("visits")
    meter.read.inc(3)
    server = HealthServer(health, meter.registry, "127.0.0.1", 0)
    server.start()
    yield f"http://127.0.0.1:{server.port}"
    server.stop()


def get(url: str) -> tuple[int, str]:
    try:
        with urlopen(url, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_it_is_alive_while_its_loop_beats(health: Health, url: str) -> None:
    health.beat()
    assert get(f"{url}/livez") == (200, "ok\n")
    health.beaten -= 61
    assert get(f"{url}/livez") == (503, "no beat for 61 s\n")


def test_it_is_ready_when_it_says_so(health: Health, url: str) -> None:
    assert get(f"{url}/readyz") == (503, "starting\n")
    health.trouble = None
    assert get(f"{url}/readyz") == (200, "ok\n")


def test_it_counts(url: str) -> None:
    assert 'visitwire_messages_read_total{stage="visits"} 3.0' in get(f"{url}/metrics")[1].splitlines()


def test_there_is_nothing_else(url: str) -> None:
    assert get(f"{url}/secrets")[0] == 404


def test_a_port_that_is_taken_is_told_with_the_setting(health: Health, url: str) -> None:
    port = int(url.rpartition(":")[2])
    want = rf"^cannot listen on 127.0.0.1:{port} \(Address already in use\); choose VISITWIRE_METRICS_PORT$"
    with pytest.raises(CannotListen, match=want):
        HealthServer(health, Meter("visits").registry, "127.0.0.1", port)
