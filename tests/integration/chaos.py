"""Stories on Kafka while workers and the broker are killed: python -m tests.integration.chaos [--stories 2000].

Each stage's worker is killed (SIGKILL) twice and the broker once, each at a random moment of the work, and started
again. What comes of it must be what comes of the same stories in one undisturbed process: no story lost, no alert
twice, no dead letter.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from time import monotonic

from visitwire_runtime import logs, topic_admin
from visitwire_runtime.settings import Settings
from visitwire_runtime.topic_sender import Sender
from visitwire_schemas import ALERTS, FLOW, STORIES_ENRICHED, WIRE_ITEMS
from visitwire_suite.kafka_broker import Broker, find

from tests.chaos.victims import Blow, Victims, at_random, settings_for
from tests.helpers.invented import stories
from tests.integration.harness import standing, until
from tests.integration.suite import Outcome, embedded, on_kafka

RATE = 60.0
"""Items fed a second: more than the parse can take on a small machine, so that there is always work under way."""
PATIENCE = 900.0
QUIET = 5.0
"""Seconds that are waited for alerts that come twice, after all have come."""
BROKER = "broker"


@dataclass(frozen=True)
class Report:
    """What was done, and what came of it."""

    stories: int
    seconds: float
    blows: Sequence[tuple[float, str]]
    """(share of the stories that had come through, who was killed)"""
    lost: int
    differing: int
    """Stories whose enriched event is another than in one process."""
    alerts: int
    alerts_missing: int
    alerts_differing: int
    alerts_twice: int
    enriched_twice: int
    """Enriched events that came again, which their readers must bear."""
    dead: Sequence[str]
    ended: Sequence[str] = ()
    """Workers that ended by themselves and were started again, with their exit codes."""

    @property
    def holds(self) -> bool:
        wrong = (self.lost, self.differing, self.alerts_missing, self.alerts_differing, self.alerts_twice)
        return not any(wrong) and not self.dead


def plan(seed: int, kills: int = 2) -> list[Blow]:
    """Every stage `kills` times and the broker once, at random."""
    return at_random(seed, [row.stage for row in FLOW for _ in range(kills)] + [BROKER])


class Scene:
    """A broker and a worker of each stage, all of which may be killed."""

    def __init__(self, broker: Broker, settings: Settings) -> None:
        self._broker, self.settings = broker, settings
        self.victims = Victims(settings, [row.stage for row in FLOW])

    def ready(self) -> None:
        """Returns when every worker takes stories."""
        for worker in self.victims.workers.values():
            worker.ready()

    def strike(self, target: str) -> None:
        """Kills it and starts it again at once, as whoever runs it would."""
        if target == BROKER:
            self._broker.kill(self._broker.nodes[0])
            self._broker.start_node(self._broker.nodes[0])
            self._broker.wait()
        else:
            self.victims.kill(target)

    def through(self) -> int:
        """How many different versions of stories are enriched."""
        self.victims.mend()
        return len(set(_enriched(self.settings)))

    def alerts(self) -> int:
        """How many different alerts were told."""
        self.victims.mend()
        return len(on_kafka(self.settings).alerts)


def play(count: int, seed: int, want: Outcome, broker: Broker, folder: Path, blows: Sequence[Blow]) -> Report:
    """Feeds the stories, strikes, waits until all is quiet, and compares."""
    settings = settings_for(broker, folder)
    topic_admin.create(settings, topic_admin.flow_topics())
    scene = Scene(broker, settings)
    begun = monotonic()
    try:
        scene.ready()
        feeding = Thread(target=_feed, args=(settings, count, seed), daemon=True)
        feeding.start()
        struck = []
        for blow in blows:
            share = until(lambda blow=blow: _share(scene, count, blow.at), f"{blow}", PATIENCE)  # type: ignore[misc]
            scene.strike(blow.target)
            struck.append((round(share, 3), blow.target))
            print(f"{monotonic() - begun:6.1f} s  {share:4.0%}  killed {blow.target}", file=sys.stderr, flush=True)
        feeding.join()
        until(lambda: scene.through() >= count, "every story", PATIENCE)
        with suppress(TimeoutError):  # the report says what is missing
            until(lambda: scene.alerts() >= len(want.alerts), "every alert", 120)
        seconds = monotonic() - begun
        _quiet(settings)
        report = _compared(count, seconds, struck, want, on_kafka(settings), settings)
        return replace(report, ended=tuple(scene.victims.ended))
    finally:
        scene.victims.crew.stop()


def _share(scene: Scene, count: int, at: float) -> float:
    share = scene.through() / count
    return share if share >= at else 0.0


def _enriched(settings: Settings) -> Iterator[str]:
    for found in standing(settings, STORIES_ENRICHED.name):
        story = STORIES_ENRICHED.decode(found.record)
        yield f"{story.key} {story.story.version}"


def _feed(settings: Settings, count: int, seed: int) -> None:
    begun = monotonic()
    with Sender(settings) as sender:
        for number, story in enumerate(stories(count, seed)):
            until(lambda number=number: monotonic() >= begun + number / RATE)  # type: ignore[misc]
            sender.send(WIRE_ITEMS.name, WIRE_ITEMS.encode(story.item))


def _quiet(settings: Settings) -> None:
    """Returns when nothing new has come for a while."""
    seen, since = -1, monotonic()

    def still() -> bool:
        nonlocal seen, since
        now = len(standing(settings, ALERTS.name))
        if now != seen:
            seen, since = now, monotonic()
        return monotonic() - since > QUIET

    until(still, "quiet")


def _compared(
    count: int, seconds: float, struck: Sequence[tuple[float, str]], want: Outcome, got: Outcome, settings: Settings
) -> Report:
    times = Counter(_enriched(settings))
    return Report(
        stories=count,
        seconds=round(seconds, 1),
        blows=struck,
        lost=len(want.stories.keys() - got.stories.keys()),
        differing=sum(got.stories[key] != story for key, story in want.stories.items() if key in got.stories),
        alerts=len(got.alerts),
        alerts_missing=len(want.alerts.keys() - got.alerts.keys()),
        alerts_differing=sum(want.alerts.get(id) != alert for id, alert in got.alerts.items()),
        alerts_twice=got.repeated,
        enriched_twice=sum(times.values()) - len(times),
        dead=got.dead,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logs.configure("warning", "console")
    with TemporaryDirectory(prefix="visitwire-chaos-") as name:
        folder = Path(name)
        want = embedded((story.item for story in stories(given.stories, given.seed)), folder / "embedded")
        broker = find(folder / "kafka", Settings().cache_dir)
        broker.start()
        try:
            report = play(given.stories, given.seed, want, broker, folder / "data", plan(given.seed))
        finally:
            broker.stop()
    print(json.dumps(asdict(report), indent=2))
    print("It holds." if report.holds else "It does NOT hold.")
    sys.exit(0 if report.holds else 1)


if __name__ == "__main__":
    main()
