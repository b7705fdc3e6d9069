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
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
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
from visitwire_schemas import (
    ALERTS,
    FLOW,
    STORIES_ENRICHED,
    VISITS,
    WIRE_ITEMS,
    Alert,
    EnrichedStory,
    LedgerVisit,
    Record,
    dead_letters,
)
from visitwire_suite.kafka_broker import Broker, NoKafka, find
from visitwire_suite.kafka_client import Sender

from tests.chaos.one_ledger import Told, one_ledger
from tests.helpers.invented import Invented, stories
from tests.helpers.postgres import cluster, programs, stopped
from tests.integration.harness import Crew, Worker, standing, until

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


@dataclass(frozen=True)
class Blow:
    """Who is killed, and after which share of the work."""

    at: float
    target: str


def plan(trial: Trial, brokers: Sequence[str]) -> list[Blow]:
    """Everybody so many times, at random."""
    random = Random(trial.seed)
    targets = [*trial.workers, *brokers, DATABASE]
    blows = [Blow(random.uniform(0.02, 0.9), target) for target in targets for _ in range(trial.kills)]
    return sorted(blows, key=lambda blow: blow.at)


def names(broker: Broker) -> list[str]:
    return [f"broker-{node.number}" for node in broker.nodes]


@dataclass
class Verdict:
    """What was done, and what came of it."""

    fed: int
    seconds: float
    killed: Mapping[str, int]
    lost: list[str]
    """Stories and versions that were fed and are not enriched."""
    twice: list[str]
    """Ids of alerts that are on the topic more than once."""
    two_ids: list[str]
    """Ids of alerts that tell the same change."""
    alerts: int
    alerts_missing: list[str]
    alerts_strange: list[str]
    """That one ledger does not tell."""
    visits: int
    visits_differing: list[str]
    dead: list[str]
    enriched_twice: int
    """Enriched events that came again, which their readers must bear."""
    ended: list[str] = field(default_factory=list)
    """Workers that ended by themselves, with their exit codes; it does not hold against them."""

    @property
    def faults(self) -> dict[str, list[str]]:
        """What must be empty."""
        return {
            "stories lost": self.lost,
            "dead letters": self.dead,
            "alerts twice": self.twice,
            "alerts under two ids": self.two_ids,
            "alerts missing": self.alerts_missing,
            "alerts that one ledger does not tell": self.alerts_strange,
            "visits that differ from one ledger's": self.visits_differing,
        }

    @property
    def holds(self) -> bool:
        return not any(self.faults.values())


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


def called(story: EnrichedStory) -> str:
    return f"{story.story.uri} version {story.story.version}"


class Scene:
    """The brokers, the database and the workers, all of which may be killed."""

    def __init__(self, trial: Trial, broker: Broker, database: tuple[Path, Path], settings: Settings) -> None:
        self._broker, self._database = broker, database
        self.crew = Crew(settings)
        self._workers = {name: self._start(name) for name in trial.workers}
        self.ended: list[str] = []
        until(self._ready, "the workers to be ready", PATIENCE)

    def _ready(self) -> bool:
        self.mend()
        return all(worker.logged("ready") for worker in self._workers.values())

    def stands(self, target: str) -> bool:
        """Whether it is there to be killed: a worker that has not started yet has no work to lose."""
        worker = self._workers.get(target)
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
            self._workers[target].kill()
            self._workers[target] = self._start(target)

    def up(self) -> None:
        """Returns when every broker answers."""

        def answers() -> bool:
            with suppress(NoKafka):
                self._broker.wait()
                return True
            return False

        until(answers, "the brokers", PATIENCE)

    def mend(self) -> None:
        """Starts again who ended by itself, and notes it."""
        for name, worker in self._workers.items():
            code = worker.process.poll()
            if code is not None:
                self.ended.append(f"{name}: exit {code}")
                self._workers[name] = self._start(name)

    def _start(self, name: str) -> Worker:
        return self.crew.start(f"visitwire_{name.rpartition('-')[0]}")


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
            scene.mend()
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
        verdict.ended = scene.ended
        return verdict
    finally:
        watch.end()
        scene.crew.stop()


def _due(blow: Blow, share: Callable[[], float], scene: Scene) -> bool:
    return share() >= blow.at and scene.stands(blow.target)


def enriched_on(settings: Settings) -> list[EnrichedStory]:
    """Every enriched story on the broker, those that came again too."""
    return [STORIES_ENRICHED.decode(found.record) for found in standing(settings, STORIES_ENRICHED.name)]


def compared(
    fed: Sequence[Invented], seconds: float, killed: Mapping[str, int], settings: Settings, want: Told
) -> Verdict:
    """What is on the topics, against what was fed and against `want`, which is what one ledger tells."""
    enriched = enriched_on(settings)
    alerts = [ALERTS.decode(found.record) for found in standing(settings, ALERTS.name)]
    visits = {
        (found.record.key or b"").decode(): VISITS.decode(found.record) if found.record.value else None
        for found in standing(settings, VISITS.name)
    }
    letters = [
        f"{letter.stage}: {letter.reason}"
        for row in FLOW
        for letter in (
            dead_letters(row.stage).decode(found.record) for found in standing(settings, row.dead_letters.name)
        )
    ]
    once = {called(story) for story in enriched}
    times = Counter(alert.id for alert in alerts)
    return Verdict(
        fed=len(fed),
        seconds=seconds,
        killed=killed,
        lost=sorted({f"{story.uri} version {story.version}" for story in fed} - once),
        twice=[id for id, often in times.items() if often > 1],
        two_ids=two_ids(alerts),
        alerts=len(times),
        alerts_missing=sorted(want.alerts.keys() - times.keys()),
        alerts_strange=sorted(times.keys() - want.alerts.keys()),
        visits=len(want.visits),
        visits_differing=_differing(want, visits),
        dead=letters,
        enriched_twice=len(enriched) - len(once),
    )


def two_ids(alerts: Sequence[Alert]) -> list[str]:
    """The ids of alerts that tell one change: the same of the same visitor and country, by the same story's word."""
    told: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for alert in alerts:
        visit, word = alert.data.visit, alert.data.evidence[-1]
        change = (word.story, word.version, alert.data.change.kinds, visit.visitor.name, visit.destination.country)
        told[change].add(alert.id)
    return [" ".join(sorted(ids)) for ids in told.values() if len(ids) > 1]


def _differing(want: Told, visits: Mapping[str, LedgerVisit | None]) -> list[str]:
    known = want.visits.keys() | {id for id, visit in visits.items() if visit is not None}
    return sorted(id for id in known if want.visits.get(id) != visits.get(id))


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
            settings = Settings(
                news_for=0,
                broker=broker.bootstrap,
                database_url=SecretStr(url),
                data_dir=folder / "data",
                session_timeout=6,
                metrics_port=0,
                retry_first=0.1,
                retry_most=1,
            )
            database = found, folder / "postgresql"
            return play(trial, broker, database, settings, bar, blows or plan(trial, names(broker)))
    finally:
        broker.stop()


def table(verdict: Verdict, trial: Trial) -> str:
    """As Markdown."""
    killed = ", ".join(f"{target} {times}" for target, times in sorted(verdict.killed.items()))
    rows: list[tuple[str, object]] = [
        ("stories fed", f"{verdict.fed:,} of {trial.stories:,}"),
        ("minutes", f"{verdict.seconds / 60:.1f}"),
        ("killed", killed or "nobody"),
        ("ended by themselves", ", ".join(verdict.ended) or "nobody"),
        ("enriched again", verdict.enriched_twice),
        ("alerts", f"{verdict.alerts:,}"),
        ("visits", f"{verdict.visits:,}"),
        *((name, len(found)) for name, found in verdict.faults.items()),
    ]
    return "\n".join(["| what | how many |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in rows)])


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
    print(table(verdict, trial))
    for fault, found in verdict.faults.items():
        print(*(f"{fault}: {each}" for each in found[:20]), sep="\n", end="\n" if found else "")
    print("It holds." if verdict.holds else "It does NOT hold.")
    sys.exit(0 if verdict.holds else 1)


if __name__ == "__main__":
    main()
