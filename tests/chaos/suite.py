"""The whole flow on three brokers and PostgreSQL while everything is killed.

    python -m tests.chaos.suite --stories 20000 --kills 5 --minutes 45

Every worker, every broker and the database are killed so many times (SIGKILL; the database at once and without a
checkpoint), each at a random moment of the work, and started again. A worker that ends by itself is started again too,
as whoever runs it would, and told. Stories that were not fed when the minutes are over are left out, and the kills come
in time for that.

Then what is on the topics is compared: each story and version that was fed is enriched; no alert is there twice or
under two ids; and alerts and visits are what one undisturbed ledger makes of the same enriched stories. Ends with 0
where all that holds, else with 1. That the reading is the same after a kill is tried by `tests.integration.chaos`.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import monotonic

from kafka.errors import KafkaError  # type: ignore[import-untyped]
from pydantic import SecretStr
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from visitwire_runtime import logs, topic_admin
from visitwire_runtime.settings import Settings
from visitwire_runtime.topic_reader import TopicReader
from visitwire_runtime.topic_sender import Sender
from visitwire_schemas import (
    ALERTS,
    FLOW,
    STORIES_ENRICHED,
    WIRE_ITEMS,
    Record,
)
from visitwire_suite.kafka_broker import Broker, NoKafka, find

from tests.chaos.one_ledger import one_ledger
from tests.chaos.verdict import Verdict, called, compared, enriched_on, table
from tests.chaos.victims import Blow, Victims, at_random, settings_for
from tests.helpers.invented import Invented, stories
from tests.helpers.postgres import cluster, programs, stopped
from tests.integration.harness import until

DATABASE = "database"
PATIENCE = 900.0
"""Seconds that the last stories and alerts may take."""
AHEAD = 600
"""Stories fed at most that are not through: work enough for every worker, and soon done at the end."""
DOWN = 3.0
"""Seconds for which the database stays away."""
QUIET = 10.0
"""Seconds without anything new after which nothing more is expected."""


@dataclass(frozen=True)
class Trial:
    """What is tried."""

    stories: int = 20_000
    kills: int = 5
    minutes: float = 45
    alerting: int = 2
    """Workers of alerting, which must not tell one change twice; the other stages have one each."""
    seed: int = 1

    @property
    def workers(self) -> list[str]:
        """By name: the stage, and which of its workers."""
        rows = [row.stage for row in FLOW]
        return [f"{stage}-{n}" for stage in rows for n in range(1, (self.alerting if stage == "alerting" else 1) + 1)]


def plan(trial: Trial, brokers: Sequence[str]) -> list[Blow]:
    """Everybody so many times, at random."""
    targets = [*trial.workers, *brokers, DATABASE]
    return at_random(trial.seed, [target for target in targets for _ in range(trial.kills)])


def names(broker: Broker) -> list[str]:
    return [f"broker-{node.number}" for node in broker.nodes]


class Watch:
    """Follows what comes out, through outages; what was read before is read again after one, and counts once."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._over = settings, Event()
        self.through: set[str] = set()
        """Stories and versions that are enriched."""
        self.alerts: set[str] = set()
        self._last = monotonic()
        Thread(target=self._follow, daemon=True).start()

    def quiet(self) -> bool:
        """Whether nothing new has come for a while."""
        return monotonic() - self._last > QUIET

    def end(self) -> None:
        self._over.set()

    def _follow(self) -> None:
        while not self._over.is_set():
            try:
                with TopicReader(self._settings, [STORIES_ENRICHED.name, ALERTS.name]) as reader:
                    for found in reader.following(beginning=True, deadline=monotonic() + PATIENCE):
                        self._take(found.topic, found.record)
                        if self._over.is_set():
                            return
            except KafkaError:
                self._over.wait(1)

    def _take(self, topic: str, record: Record) -> None:
        before = len(self.through), len(self.alerts)
        if topic == ALERTS.name:
            self.alerts.add(ALERTS.decode(record).id)
        else:
            self.through.add(called(STORIES_ENRICHED.decode(record)))
        if before != (len(self.through), len(self.alerts)):
            self._last = monotonic()


class Scene:
    """The brokers, the database and the workers, all of which may be killed."""

    def __init__(self, trial: Trial, broker: Broker, database: tuple[Path, Path], settings: Settings) -> None:
        self._broker, self._database = broker, database
        self.victims = Victims(settings, trial.workers)
        until(self._ready, "the workers to be ready", PATIENCE)

    def _ready(self) -> bool:
        self.victims.mend()
        return all(worker.logged("ready") for worker in self.victims.workers.values())

    def stands(self, target: str) -> bool:
        """Whether it is there to be killed: a worker that has not started yet has no work to lose."""
        worker = self.victims.workers.get(target)
        return worker is None or bool(worker.logged("ready"))

    def strike(self, target: str) -> None:
        """Kills it and starts it again."""
        if target == DATABASE:
            with stopped(*self._database):
                Event().wait(DOWN)
        elif target.startswith("broker-"):
            self.up()  # of three, two must stand
            node = self._broker.nodes[int(target.removeprefix("broker-")) - 1]
            self._broker.kill(node)
            self._broker.start_node(node)
        else:
            self.victims.kill(target)

    def up(self) -> None:
        """Returns when every broker answers."""

        def answers() -> bool:
            with suppress(NoKafka):
                self._broker.wait()
                return True
            return False

        until(answers, "the brokers", PATIENCE)


class Feeding:
    """Feeds the stories in a thread, never far ahead of the work."""

    def __init__(self, settings: Settings, trial: Trial, watch: Watch) -> None:
        self._settings, self._trial, self._watch = settings, trial, watch
        self.fed: list[Invented] = []
        self.failed: BaseException | None = None
        self.over = Event()
        self._until = monotonic() + trial.minutes * 60
        Thread(target=self._feed, daemon=True).start()

    def _feed(self) -> None:
        try:
            with Sender(self._settings) as sender:
                for number, story in enumerate(stories(self._trial.stories, self._trial.seed)):
                    if number % 50 == 0:
                        sender.flush()
                        until(lambda: self._room() or self._late, "room", PATIENCE)
                    if self._late:
                        break
                    sender.send(WIRE_ITEMS.name, WIRE_ITEMS.encode(story.item))
                    self.fed.append(story)
        except BaseException as wrong:
            self.failed = wrong
        finally:
            self.over.set()

    def _room(self) -> bool:
        return len(self.fed) - len(self._watch.through) < AHEAD

    @property
    def _late(self) -> bool:
        return monotonic() > self._until


def play(
    trial: Trial,
    broker: Broker,
    database: tuple[Path, Path],
    settings: Settings,
    bar: "Bar",
    blows: Sequence[Blow],
) -> Verdict:
    """Feeds, strikes, waits until all is quiet, and compares. Raises `TimeoutError` where work stands still."""
    topic_admin.create(settings, topic_admin.flow_topics())
    scene = Scene(trial, broker, database, settings)
    begun = monotonic()
    watch = Watch(settings)
    killed: Counter[str] = Counter()
    try:
        feeding = Feeding(settings, trial, watch)

        def share() -> float:
            scene.victims.mend()
            if feeding.failed is not None:
                raise feeding.failed
            done = len(watch.through)
            bar.show(done)
            return max(done / trial.stories, (monotonic() - begun) / (trial.minutes * 60))

        for blow in blows:
            due = partial(_due, blow, share, scene)
            until(due, str(blow), trial.minutes * 60 + PATIENCE)
            scene.strike(blow.target)
            killed[blow.target] += 1
            bar.tell(f"{monotonic() - begun:7.1f} s  {len(watch.through):6} through  killed {blow.target}")
        until(lambda: share() and feeding.over.is_set(), "the feed", trial.minutes * 60 + PATIENCE)
        last = monotonic()
        until(
            lambda: share() and (len(watch.through) >= len(feeding.fed) or monotonic() > last + PATIENCE),
            "every story",
            2 * PATIENCE,
        )
        seconds = monotonic() - begun
        bar.tell(f"{seconds:7.1f} s  {len(watch.through):6} through; waiting for the last alerts")
        scene.up()
        once = {called(story): story for story in enriched_on(settings)}
        want = one_ledger(sorted(once.values(), key=lambda story: story.story.published))
        with suppress(TimeoutError):  # the verdict says what is missing
            until(lambda: share() and watch.alerts >= want.alerts.keys(), "every alert", PATIENCE)
        until(lambda: share() and watch.quiet(), "quiet", PATIENCE)
        verdict = compared(feeding.fed, seconds, killed, settings, want)
        verdict.ended = scene.victims.ended
        return verdict
    finally:
        watch.end()
        scene.victims.crew.stop()


def _due(blow: Blow, share: Callable[[], float], scene: Scene) -> bool:
    return share() >= blow.at and scene.stands(blow.target)


class Bar:
    """How far it is, on a terminal; a line a kill, everywhere."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._task = progress, progress.add_task("stories", total=total)

    def show(self, done: int) -> None:
        self._progress.update(self._task, completed=done)

    def tell(self, line: str) -> None:
        self._progress.console.print(line, highlight=False)


@contextmanager
def shown(total: int) -> Iterator[Bar]:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        yield Bar(progress, total)


def run(trial: Trial, folder: Path, blows: Sequence[Blow] = ()) -> Verdict:
    """On brokers and a database of its own under `folder`, with the kills of `plan` unless others are given.

    Ends the program, with the reason, without PostgreSQL.
    """
    folder.chmod(0o755)  # PostgreSQL runs as another user
    found = programs()
    if found is None:
        raise SystemExit("PostgreSQL's programs are not installed")
    broker = find(folder / "kafka", Settings().cache_dir, nodes=3)
    broker.start()
    try:
        with cluster(found, folder / "postgresql") as url, shown(trial.stories) as bar:
            settings = settings_for(broker, folder / "data", database_url=SecretStr(url))
            database = found, folder / "postgresql"
            return play(trial, broker, database, settings, bar, blows or plan(trial, names(broker)))
    finally:
        broker.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=5, help="of every worker, every broker and the database")
    parser.add_argument("--minutes", type=float, default=45, help="after which nothing more is fed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for logs and data, which are removed otherwise")
    given = parser.parse_args()
    logs.configure("warning", "console")
    trial = Trial(given.stories, given.kills, given.minutes, seed=given.seed)
    if given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
        verdict = run(trial, given.keep.absolute())
    else:
        with TemporaryDirectory(prefix="visitwire-chaos-", dir="/tmp") as name:
            verdict = run(trial, Path(name))
    print(table(verdict, trial.stories))
    for fault, found in verdict.faults.items():
        print(*(f"{fault}: {each}" for each in found[:20]), sep="\n", end="\n" if found else "")
    print("It holds." if verdict.holds else "It does NOT hold.")
    sys.exit(0 if verdict.holds else 1)


if __name__ == "__main__":
    main()
