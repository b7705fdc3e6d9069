"""What goes wrong in a night: readiness, a metric and an alert rule say so within a minute, and the work goes on by
itself after it.

A real Prometheus looks at the workers each second, with the rules that we ship.
"""

import os
import re
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError

import httpx
import pytest
from pydantic import SecretStr
from visitwire_runtime.settings import Settings
from visitwire_schemas import STORIES, STORIES_ENRICHED, VISITS, WIRE_ITEMS
from visitwire_suite.demo import seed_items
from visitwire_suite.kafka_broker import Broker

from tests.helpers.lacking import MOUNTING, POSTGRESQL, lacking
from tests.helpers.postgres import cluster, programs, stopped
from tests.integration.harness import ROOT, Crew, Worker, arrived, send, standing, until
from tests.integration.prometheus import told_within_a_minute, watching
from tests.integration.test_worker import Bench, asked, bench, counted
from tests.integration.words import Word
from tests.unit.alerting.makers import person, story, visit
from tests.unit.suite.test_deploy import queries

__all__ = ["bench"]
OK = (200, "ok\n")
METRIC = re.compile(r"\b(?:visitwire|process)_(?!feed_|llm_)\w+")
"""Feeds and a language model have their own, which are there with them."""


def ready(worker: Worker) -> None:
    until(lambda: asked(worker, "readyz") == OK, "it to be ready")


def unready(worker: Worker, words: str) -> None:
    until(lambda: asked(worker, "readyz")[0] == 503 and words in asked(worker, "readyz")[1], f"{words!r} on /readyz")


def gauge(worker: Worker, name: str) -> float:
    """A metric without labels."""
    lines = asked(worker, "metrics")[1].splitlines()
    return float(next((line.rpartition(" ")[2] for line in lines if line.startswith(f"{name} ")), "nan"))


def test_nothing_goes_wrong(flow: Settings, crew: Crew, tmp_path: Path) -> None:
    """All are at work, no rule fires or is about to, and every metric that rules and dashboards ask for is told."""
    board = flow.model_copy(update={"gateway_port": 0})
    workers = [*crew.flow(), crew.start("visitwire_gateway", settings=board).ready()]
    httpx.get(re.findall(r'"board": "([^"]+)"', workers[-1].log())[-1], timeout=30).raise_for_status()
    with watching([worker.port for worker in workers], tmp_path / "prometheus") as prometheus:
        until(lambda: prometheus.value("count(visitwire_ready == 1)") == len(workers), "all to say that they are ready")
        send(flow, WIRE_ITEMS.name, map(WIRE_ITEMS.encode, seed_items(ROOT / "seeds/wires")))
        arrived(flow, STORIES_ENRICHED.name, 42)
        until(lambda: not prometheus.alerts("firing", "pending"), "no alert to be left")
        asked_for = {name for query in queries() for name in METRIC.findall(query)}
        assert [name for name in asked_for if prometheus.value(f"count({name})") is None] == []


def test_a_story_that_hangs(bench: Bench, tmp_path: Path) -> None:
    worker = bench.worker("hangs", bench.settings.model_copy(update={"message_timeout": 5.0})).ready()
    with watching([worker.port], tmp_path / "prometheus") as prometheus:
        with told_within_a_minute():
            bench.send([Word(text="hang"), Word(text="b")])
            unready(worker, "did not end in 5 s")
            until(lambda: counted(worker, "hung_total") >= 1, "the metric")
            prometheus.says("MessagesHang")
        assert bench.out(1) == ["B"]
        ready(worker)


def test_poison(bench: Bench, tmp_path: Path) -> None:
    settings = bench.settings.model_copy(update={"dead_letter_row": 5})
    worker = bench.worker(settings=settings).ready()
    with watching([worker.port], tmp_path / "prometheus") as prometheus, told_within_a_minute():
        bench.send([Word(text=f"bad {number}") for number in range(40)])
        unready(worker, "stopped reading")
        assert counted(worker, "stopped") == 1
        prometheus.says("WorkerReachedItsLimit")
        prometheus.says("DeadLetters")
    worker.stop()
    bench.send([Word(text="b")])
    bench.worker(settings=bench.settings.model_copy(update={"dead_letter_row": 1000})).ready()
    assert bench.out(1) == ["B"]


def test_a_dead_broker(broker: Broker, tmp_path: Path) -> None:
    settings = Settings(
        broker=broker.bootstrap, data_dir=tmp_path / "data", session_timeout=6, metrics_port=0, retry_most=1
    )
    crew = Crew(settings)
    try:
        own = Bench(settings, crew, tmp_path)
        worker = own.worker().ready()
        ready(worker)
        with watching([worker.port], tmp_path / "prometheus") as prometheus:
            with told_within_a_minute():
                broker.kill(broker.nodes[0])
                unready(worker, "cannot be reached")
                assert counted(worker, "ready") == 0
                prometheus.says("StageIsNotReady")
            broker.start_node(broker.nodes[0])
            broker.wait()
            own.send([Word(text="b")])
            ready(worker)
            prometheus.says_no_more("StageIsNotReady")
            until(lambda: own.now()[-1:] == ["B"], "work to go on")
    finally:
        crew.stop()


def told(settings: Settings) -> int:
    """Records of visits."""
    return len(standing(settings, VISITS.name))


def report(settings: Settings, number: int) -> None:
    told_of = story(f"s{number}", visit("planned", who=person(number)), day=number)
    send(settings, STORIES_ENRICHED.name, [STORIES_ENRICHED.encode(told_of)])


@contextmanager
def postgres() -> Iterator[tuple[Path, Path, str]]:
    """PostgreSQL's programs, the folder of a cluster, and its URL."""
    bin_ = programs()
    if bin_ is None:
        lacking(POSTGRESQL)
    with TemporaryDirectory(prefix="visitwire-pg-", dir="/tmp") as name:
        Path(name).chmod(0o755)
        folder = Path(name) / "pg"
        with cluster(bin_, folder) as url:
            yield bin_, folder, url


def test_a_dead_database_of_ingestion(
    flow: Settings, crew: Crew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [WIRE_ITEMS.encode(item) for item in seed_items(ROOT / "seeds/wires")]
    with postgres() as (bin_, folder, url):
        monkeypatch.setenv("VISITWIRE_INGESTION_DATABASE_URL", url)
        worker = crew.start("visitwire_ingestion").ready()
        with watching([worker.port], tmp_path / "prometheus") as prometheus:
            send(flow, WIRE_ITEMS.name, items[:5])
            arrived(flow, STORIES.name, 5)
            with stopped(bin_, folder):
                with told_within_a_minute():
                    send(flow, WIRE_ITEMS.name, items[5:])
                    unready(worker, "waits: The database of ingestion does not answer")
                    assert counted(worker, "retries_total") > 0
                    prometheus.says("StageIsNotReady")
                assert asked(worker, "livez") == OK
            arrived(flow, STORIES.name, 42)
            ready(worker)
            prometheus.says_no_more("StageIsNotReady")
        crew.stop()


def test_a_dead_database(flow: Settings, crew: Crew, tmp_path: Path) -> None:
    with postgres() as (bin_, folder, url):
        settings = flow.model_copy(update={"database_url": SecretStr(url)})
        worker = crew.start("visitwire_alerting", settings=settings).ready()
        with watching([worker.port], tmp_path / "prometheus") as prometheus:
            report(flow, 1)
            until(lambda: told(flow) == 1, "the first visit")
            with stopped(bin_, folder):
                with told_within_a_minute():
                    unready(worker, "waits: The database does not answer")
                    until(lambda: gauge(worker, "visitwire_ledger_up") == 0, "the metric")
                    report(flow, 2)
                    prometheus.says("LedgerIsAway")
                    prometheus.says("StageIsNotReady")
                assert asked(worker, "livez") == OK
            until(lambda: told(flow) == 2, "work to go on")
            ready(worker)
            prometheus.says_no_more("LedgerIsAway")


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of 6 MB. Skips the test where none may be mounted."""
    folder.mkdir(parents=True)
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)], capture_output=True)
    if made.returncode != 0:
        lacking(MOUNTING)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(path: Path) -> None:
    """Takes all the room that is left."""
    with suppress(OSError), path.open("wb", buffering=0) as filler:
        while True:
            filler.write(b"\0" * 4096)


def test_a_full_disk(flow: Settings, crew: Crew, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        settings = flow.model_copy(update={"database_url": SecretStr(f"sqlite:///{disk}/ledger.sqlite")})
        worker = crew.start("visitwire_alerting", settings=settings).ready()
        with watching([worker.port], tmp_path / "prometheus") as prometheus:
            report(flow, 1)
            until(lambda: told(flow) == 1, "the first visit")
            fill(disk / "filler")
            for number in range(2, 40):
                report(flow, number)
            with told_within_a_minute():
                unready(worker, "disk is full")
                assert counted(worker, "retries_total") > 0
                prometheus.says("StageIsNotReady")
            (disk / "filler").unlink()
            until(lambda: told(flow) == 39, "work to go on")
            ready(worker)
            prometheus.says_no_more("StageIsNotReady")
        crew.stop()


CLOCK = """
import os
from datetime import timedelta
from pathlib import Path
from visitwire_alerting.storage import database_clock

right = database_clock.now
database_clock.now = lambda: right() + timedelta(minutes=10 * Path(os.environ["WRONG"]).exists())
"""


def test_a_lost_clock(flow: Settings, crew: Crew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sitecustomize.py").write_text(CLOCK)
    wrong = tmp_path / "wrong"
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("WRONG", str(wrong))
    with postgres() as (_, _, url):
        settings = flow.model_copy(update={"database_url": SecretStr(url)})
        workers = [crew.start("visitwire_alerting", settings=settings).ready() for _ in range(2)]
        with watching([one.port for one in workers], tmp_path / "prometheus") as prometheus:
            with told_within_a_minute():
                wrong.touch()
                until(lambda: gauge(workers[0], "visitwire_clock_apart_seconds") > 590, "the metric")
                prometheus.says("ClockIsWrong")
            for number in range(10):
                report(flow, number)
            until(lambda: told(flow) == 10, "work to go on")
            assert asked(workers[0], "readyz") == OK  # the database's clock decides
            wrong.unlink()
            prometheus.says_no_more("ClockIsWrong")
        crew.stop()


def test_no_descriptors_are_left(bench: Bench, tmp_path: Path) -> None:
    worker = bench.worker().ready()
    ready(worker)
    pid, before = worker.process.pid, resource.prlimit(worker.process.pid, resource.RLIMIT_NOFILE)
    held = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    with watching([worker.port], tmp_path / "prometheus") as prometheus:
        with told_within_a_minute():
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (held + 4, before[1]))
            prometheus.says("DescriptorsRunOut")
        assert gauge(worker, "process_open_fds") >= held
        lines = worker.log().count("\n")
        with told_within_a_minute():
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (8, before[1]))
            until(lambda: not answers(worker), "nobody to be let in")
            prometheus.says("WorkerIsGone")
        assert worker.log().count("\n") - lines < 100
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
        until(lambda: answers(worker), "it to answer")
        ready(worker)
        bench.send([Word(text="b")])
        assert bench.out(1) == ["B"]
        prometheus.says_no_more("DescriptorsRunOut")


def answers(worker: Worker) -> bool:
    try:
        return asked(worker, "readyz") is not None
    except (URLError, OSError):
        return False
