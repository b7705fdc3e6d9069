"""A real broker for the tests in this folder: started here, or the one that VISITWIRE_TEST_BROKER names."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from visitwire_runtime.settings import Settings
from visitwire_suite.kafka_broker import Broker, NoKafka, find

from tests.helpers.lacking import KAFKA, lacking
from tests.integration.harness import Crew, emptied

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.kafka)
            # kafka-python leaves the socket of a connection that a killed broker broke to the garbage collector
            leak = "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
            item.add_marker(pytest.mark.filterwarnings(leak))


def own_broker(home: Path) -> Broker:
    """A broker on ports of its own. Where none can run the test is skipped; with CI=true that is a failure."""
    try:
        broker = find(home, Settings().cache_dir)
        broker.start()
    except NoKafka as missing:
        lacking(KAFKA, str(missing))
    return broker


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """One of the test's own, which it may kill: never the one that VISITWIRE_TEST_BROKER names."""
    started = own_broker(tmp_path / "kafka")
    yield started
    started.stop()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the broker of this run is."""
    given = os.environ.get("VISITWIRE_TEST_BROKER")
    if given:
        yield given
        return
    broker = own_broker(tmp_path_factory.mktemp("kafka"))
    yield broker.bootstrap
    broker.stop()


@pytest.fixture
def settings(address: str, tmp_path: Path) -> Settings:
    """Settings for workers on that broker, with a data folder of their own and short waits."""
    return Settings(
        broker=address,
        data_dir=tmp_path / "data",
        session_timeout=6,
        metrics_port=0,
        retry_first=0.05,
        retry_most=0.2,
    )


@pytest.fixture
def flow(settings: Settings) -> Settings:
    """The same, after every topic of the flow was emptied."""
    emptied(settings)
    return settings


@pytest.fixture
def crew(settings: Settings) -> Iterator[Crew]:
    """Starts workers, and leaves none behind."""
    workers = Crew(settings)
    yield workers
    workers.stop()
