"""Who is killed while stories go through the flow, and when; for every chaos on Kafka."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from visitwire_runtime.settings import Settings
from visitwire_suite.kafka_broker import Broker

from tests.integration.harness import Crew, Worker


@dataclass(frozen=True)
class Blow:
    """Who is killed, and after which share of the work."""

    at: float
    target: str


def at_random(seed: int, targets: Iterable[str]) -> list[Blow]:
    """A blow for each of these, at random moments, the first one first. The same seed gives the same moments."""
    random = Random(seed)
    return sorted((Blow(random.uniform(0.02, 0.9), target) for target in targets), key=lambda blow: blow.at)


def settings_for(broker: Broker, data_dir: Path, **more: Any) -> Settings:
    """Those of workers that are soon missed when they are killed, and soon try again when something else is."""
    return Settings(
        news_for=0,
        broker=broker.bootstrap,
        data_dir=data_dir,
        session_timeout=6,
        metrics_port=0,
        retry_first=0.1,
        retry_most=1,
        **more,
    )


class Victims:
    """Workers that start again whenever they end; called by their stage, or by it and a number: "alerting-2"."""

    def __init__(self, settings: Settings, names: Iterable[str]) -> None:
        self.crew = Crew(settings)
        self.workers = {name: self._start(name) for name in names}
        self.ended: list[str] = []
        """Workers that ended by themselves, with their exit codes."""

    def kill(self, name: str) -> None:
        """Kills it and starts it again at once, as whoever runs it would."""
        self.workers[name].kill()
        self.workers[name] = self._start(name)

    def mend(self) -> None:
        """Starts again who ended by itself, as a worker may whose broker died, and notes it."""
        for name, worker in self.workers.items():
            code = worker.process.poll()
            if code is not None:
                self.ended.append(f"{name}: exit {code}")
                self.workers[name] = self._start(name)

    def _start(self, name: str) -> Worker:
        return self.crew.start(f"visitwire_{name.partition('-')[0]}")
