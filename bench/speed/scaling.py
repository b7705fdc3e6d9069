"""What a story costs by stage: processor time, bytes on each topic, rows and bytes of each table; and a year of them

    python -m bench.speed.scaling [--stories 300]                 invented stories, nine in ten of which tell of a visit
    python -m bench.speed.scaling --texts FOLDER                  the .txt files of a folder, a story each
    python -m bench.speed.scaling --year 15000000 --peak 5        what docs/scaling.md reckons with

Needs PostgreSQL's programs, Java and Maven: a broker, a worker a stage and a gateway on this machine, with PostgreSQL
under them. Processor time is what Linux counts for each process, so that a machine that is busy with other things tells
nearly the same; the least of `--rounds` is told.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from sqlalchemy import Engine, create_engine, make_url, text
from visitwire_gateway.model.database import SCHEMA
from visitwire_ingestion.sql_tables import KEPT as REMEMBERED
from visitwire_runtime import logs, topic_admin
from visitwire_runtime.settings import Settings
from visitwire_schemas import FLOW, STORIES_ENRICHED, WIRE_ITEMS, WireItem
from visitwire_suite.kafka_broker import Broker, find

from bench.speed.latency import items as invented
from tests.helpers.postgres import cluster, programs
from tests.integration.harness import Crew, Worker, send, standing, until

TICK = os.sysconf("SC_CLK_TCK")
WIRES = 8
DAY = 86_400
DATABASES = {"ledger": "DATABASE_URL", "ingestion": "INGESTION_DATABASE_URL", "gateway": "GATEWAY_DATABASE_URL"}
PATIENCE = 1800.0


@dataclass(frozen=True)
class Cost:
    """Of one story: seconds of a core by process, bytes by topic, and (rows, bytes) by database and table."""

    seconds: Mapping[str, float]
    wire: Mapping[str, float]
    """Bytes on a topic, compressed as the broker keeps them."""
    tables: Mapping[tuple[str, str], tuple[float, float]]


class Suite:
    """A broker, the stages, a gateway and their databases, on this machine."""

    def __init__(self, broker: Broker, settings: Settings, crew: Crew, engines: Mapping[str, Engine]) -> None:
        self.settings, self.engines, self._broker = settings, engines, broker
        self.workers = {row.stage: crew.start(f"visitwire_{row.stage}").ready() for row in FLOW}
        self.gateway = crew.start("visitwire_gateway")
        until(lambda: self.gateway.logged("metrics"), "the gateway")
        self.sent = 0

    def through(self, batch: Sequence[WireItem]) -> None:
        """Returns when alerting and the gateway have them."""
        send(self.settings, WIRE_ITEMS.name, map(WIRE_ITEMS.encode, batch))
        self.sent += len(batch)
        until(lambda: len(standing(self.settings, STORIES_ENRICHED.name)) >= self.sent, "the stories", PATIENCE)
        until(lambda: _lag(self.workers["alerting"]) == 0, "alerting", PATIENCE)
        until(lambda: _rows(self.engines["gateway"], f"{SCHEMA}.stories") >= self._kept(), "the gateway", PATIENCE)

    def _kept(self) -> int:
        return _rows(self.engines["ledger"], "stories")

    def seconds(self) -> dict[str, float]:
        found = {name: _seconds(worker.process.pid) for name, worker in self.workers.items()}
        found["gateway"] = _seconds(self.gateway.process.pid)
        found["kafka"] = sum(_seconds(node.pid) for node in self._broker.nodes if node.pid)
        found["postgresql"] = sum(map(_seconds, _family(_postmaster(self.engines["ledger"]))))
        return found

    def wire(self) -> dict[str, int]:
        """Bytes of each topic as they lie on the broker's disk."""
        names = [topic.name for topic in topic_admin.flow_topics()]
        logs_ = [path for node in self._broker.nodes for path in node.folder.rglob("*.log")]
        return {
            name: sum(path.stat().st_size for path in logs_ if path.parent.name.rpartition("-")[0] == name)
            for name in names
        }

    def tables(self) -> dict[tuple[str, str], tuple[int, int]]:
        return {(name, table): size for name, engine in self.engines.items() for table, size in _sizes(engine).items()}


def _seconds(pid: int) -> float:
    """Processor time of a process, and of its children that ended."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICK


def _family(pid: int) -> list[int]:
    return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split())]


def _postmaster(engine: Engine) -> int:
    folder = Path(str(make_url(engine.url).query["host"]))
    return int((folder / "data/postmaster.pid").read_text("utf-8").splitlines()[0])


def _lag(worker: Worker) -> float:
    """By the worker's own metrics."""
    told = httpx.get(f"http://127.0.0.1:{worker.port}/metrics", timeout=30).text
    return sum(float(line.split()[-1]) for line in told.splitlines() if line.startswith("visitwire_lag_messages{"))


def _rows(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def _sizes(engine: Engine) -> dict[str, tuple[int, int]]:
    """Rows and bytes of each table with its indexes, the dead rows swept."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM (ANALYZE)"))
        names = connection.execute(text("SELECT schemaname || '.' || relname FROM pg_stat_user_tables")).scalars().all()
        size = text("SELECT pg_total_relation_size(cast(:name AS regclass))")
        return {name: (_rows(engine, name), connection.execute(size, {"name": name}).scalar_one()) for name in names}


def measured(suite: Suite, batch: Sequence[WireItem]) -> Cost:
    before = suite.seconds(), suite.wire(), suite.tables()
    suite.through(batch)
    after = suite.seconds(), suite.wire(), suite.tables()
    count = len(batch)
    tables = {
        key: ((rows - before[2][key][0]) / count, (size - before[2][key][1]) / count)
        for key, (rows, size) in after[2].items()
    }
    return Cost(
        {name: (value - before[0][name]) / count for name, value in after[0].items()},
        {name: (value - before[1][name]) / count for name, value in after[1].items()},
        {key: size for key, size in tables.items() if size[0] or size[1]},
    )


def given_texts(folder: Path) -> Iterator[WireItem]:
    """The texts of a folder as wire items, over and over with other ids, from several wires."""
    texts = [path.read_text("utf-8") for path in sorted(folder.glob("*.txt"))]
    if not texts:
        sys.exit(f"{folder} holds no .txt files")
    for number, words in enumerate(cycle(texts)):
        item = {
            "uri": f"urn:given:{number}",
            "standard": {"name": "ninjs", "version": "2.1"},
            "type": "text",
            "versioncreated": datetime.now(UTC).isoformat(),
            "headlines": [{"role": "main", "value": f"{number} {words.split('.')[0][:80]}"}],
            "bodies": [{"role": "main", "contenttype": "text/plain", "value": f"{words}\n{number}"}],
        }
        wire = f"wire{number % WIRES}"
        yield WireItem(raw=json.dumps(item).encode(), provider=wire, name=f"{number}.json", received=datetime.now(UTC))


def batches(given: argparse.Namespace) -> Iterator[list[WireItem]]:
    """A short one to warm up with, and then one a round."""
    sizes = [60, *[given.stories] * given.rounds]
    source = given_texts(given.texts) if given.texts else invented(sum(sizes), seed=3)
    yield from (list(islice(source, size)) for size in sizes)


def run(given: argparse.Namespace) -> tuple[list[Cost], float]:
    """The cost of each round, and the words of a story."""
    bin_ = programs()
    if bin_ is None:
        sys.exit("PostgreSQL is not installed (apt-get install postgresql)")
    with TemporaryDirectory(prefix="visitwire-scaling-", dir="/tmp") as name, ExitStack() as last:
        folder = Path(name)
        folder.chmod(0o755)
        broker = find(folder / "kafka", Settings().cache_dir)
        broker.start()
        last.callback(broker.stop)
        url = make_url(last.enter_context(cluster(bin_, folder / "pg")))
        engines = {name: _database(last, url.render_as_string(), name) for name in DATABASES}
        settings = Settings(
            broker=broker.bootstrap, data_dir=folder / "data", metrics_port=0, gateway_port=0, **_urls(engines)
        )
        topic_admin.create(settings, topic_admin.flow_topics())
        crew = Crew(settings)
        last.callback(crew.stop)
        suite = Suite(broker, settings, crew, engines)
        warm, *rounds = batches(given)
        suite.through(warm)
        words = sum(len(json.loads(item.raw)["bodies"][0]["value"].split()) for item in chain(*rounds))
        return [measured(suite, batch) for batch in rounds], words / sum(map(len, rounds))


def _database(last: ExitStack, url: str, name: str) -> Engine:
    made = create_engine(url)
    with made.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    made.dispose()
    engine = create_engine(make_url(url).set(database=name))
    last.callback(engine.dispose)
    os.environ[f"VISITWIRE_{DATABASES[name]}"] = engine.url.render_as_string()  # for the workers
    return engine


def _urls(engines: Mapping[str, Engine]) -> dict[str, str]:
    return {DATABASES[name].lower(): engine.url.render_as_string() for name, engine in engines.items()}


def least(costs: Sequence[Cost]) -> Cost:
    """Of each figure the least: what a busy machine adds is no cost of ours."""
    seconds = {name: min(cost.seconds[name] for cost in costs) for name in costs[0].seconds}
    return Cost(seconds, costs[-1].wire, costs[-1].tables)


def tell(cost: Cost, words: float) -> None:
    print(f"a story of {words:.0f} words\n\n| process | ms of a core |\n| --- | --- |")
    for name, seconds in cost.seconds.items():
        print(f"| {name} | {seconds * 1000:.1f} |")
    print(f"| all | {sum(cost.seconds.values()) * 1000:.1f} |\n\n| topic | bytes |\n| --- | --- |")
    for name, size in cost.wire.items():
        print(f"| {name} | {size:.0f} |")
    print("\n| database | table | rows | bytes |\n| --- | --- | --- | --- |")
    for (name, table), (rows, size) in sorted(cost.tables.items()):
        print(f"| {name} | {table} | {rows:.2f} | {size:.0f} |")


def kept_days(settings: Settings) -> dict[str, float]:
    """For how long each database keeps a story; what a setting keeps for ever is told for five years."""
    return {
        "ledger": settings.visits_kept or 5 * 365,
        "ingestion": REMEMBERED.days,
        "gateway": settings.gateway_kept or 5 * 365,
    }


def tell_year(cost: Cost, stories: int, peak: float) -> None:
    """What so many stories a year come to."""
    print(f"\n{stories:,} stories a year, {stories / 365 / DAY:.2f} a second, {peak:g} at the peak\n")
    for name, seconds in cost.seconds.items():
        print(f"{name:12} {seconds * stories / 365 / DAY:6.3f} cores on average, {seconds * peak:6.2f} at the peak")
    standing_ = 0.0
    for topic in topic_admin.flow_topics():
        kept = 365.0 if topic.retention is None else topic.retention.days
        standing_ += cost.wire[topic.name] * stories / 365 * kept
    written = sum(cost.wire.values()) * stories
    print(
        f"Kafka        {written / 1e9:6.0f} GB written a year and copy, {standing_ / 1e9:.1f} GB standing by retention"
    )
    for name in DATABASES:
        sizes = [size for (database, _), size in cost.tables.items() if database == name]
        rows, bytes_ = (sum(column) for column in zip(*sizes, strict=True))
        print(
            f"{name:12} {rows * stories / 1e6:6.0f} million rows, {bytes_ * stories / 1e9:.1f} GB a year if all is kept"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--year", type=int, default=15_000_000)
    parser.add_argument("--peak", type=float, default=5)
    given = parser.parse_args()
    logs.configure("error", "console")
    costs, words = run(given)
    cost = least(costs)
    tell(cost, words)
    tell_year(cost, given.year, given.peak)


if __name__ == "__main__":
    main()
