"""Alerts under bad conditions: the deliverer is killed, receivers answer 503, lose answers, or hang.

    python -m tests.chaos.deliveries --alerts 4000 --kills 6 [--postgresql]

Runs twice at the same time and with the same random draws, without and with an endpoint that hangs, so that whatever
else the machine does hits both alike; each has a database, a deliverer and a receiver of its own. Prints what was lost,
what came twice, and how late alerts came at the other endpoints.
"""

import argparse
import asyncio
import multiprocessing
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import create_engine, make_url, select, text
from visitwire_alerting.delivery import live_workers
from visitwire_alerting.ledger.enter_story import record
from visitwire_alerting.service import Alerting, open_alerting
from visitwire_alerting.storage.database import reading
from visitwire_alerting.storage.delivery_tables import deliveries
from visitwire_alerting.storage.ledger_tables import alerts
from visitwire_language.gazetteer.groups import country_codes
from visitwire_runtime.settings import Settings
from visitwire_schemas.subscription import Subscription

from tests.chaos.deliverer import deliver
from tests.helpers.postgres import cluster, programs
from tests.unit.alerting.makers import person, story, visit
from tests.unit.alerting.receiver import Answer, Behave, Got, Receiver, receiving

ENDPOINTS = 50
UNAVAILABLE, UNHEARD = 0.05, 0.03
"""Shares of requests that are answered 503, and that are taken without an answer."""
FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload(["tests.chaos.deliverer", "visitwire_alerting.delivery.channels.webhook"])
HUNG = "/e0"
PATIENCE = 300.0
"""Seconds that the last alerts may take after the last was entered: one in 24,000 fails four times, and then waits two
minutes for its next attempt."""


@dataclass(frozen=True)
class Trial:
    alerts: int = 4000
    kills: int = 6
    rate: float = 100.0
    """Alerts entered a second."""
    hang: bool = True
    seed: int = 8


@dataclass(frozen=True)
class Figures:
    alerts: int
    lost: int
    repeated: int
    """Requests for an alert that an endpoint had already had, always with its id."""
    strangers: int
    """Requests with an id that no alert has, or at an endpoint that did not ask for it."""
    median: float
    p99: float
    """Seconds from the commit of the alert to its first request, at the endpoints that do not hang."""


def behaving(trial: Trial, hanging: asyncio.Event) -> Behave:
    draw = random.Random(trial.seed)

    def behave(got: Got) -> Answer:
        if got.path == HUNG and trial.hang and not hanging.is_set():
            return Answer(hang=True)
        luck = draw.random()
        if luck < UNAVAILABLE:
            return Answer(503)
        return Answer(hang_up=luck < UNAVAILABLE + UNHEARD)

    return behave


async def run(trial: Trial, database: str, folder: Path) -> Figures:
    settings = Settings(data_dir=folder, database_url=SecretStr(database), deliver_to_private=True, news_for=0)
    desk = open_alerting(settings)
    over = asyncio.Event()
    async with receiving(behaving(trial, over)) as receiver:
        desk.subscribe([_subscription(number, receiver.url) for number in range(ENDPOINTS)])
        killer = asyncio.create_task(_deliverers(desk, trial, database, folder))
        try:
            await _until_one_lives(desk)
            await _enter(desk, trial)
            await _until_delivered(desk, HUNG if trial.hang else None)
            over.set()
            await _until_delivered(desk, None)
        finally:
            killer.cancel()
            await asyncio.gather(killer, return_exceptions=True)
        return figures(desk, receiver)


def _subscription(number: int, url: str) -> Subscription:
    return Subscription.model_validate(
        {
            "id": f"e{number}",
            "name": f"Endpoint {number}",
            "filter": {"destination": [country_codes()[number]]},
            "channels": [{"kind": "webhook", "url": f"{url}/e{number}"}],
            "wait": 0.0,
        }
    )


async def _enter(desk: Alerting, trial: Trial) -> None:
    """Enters one visit an alert, spread over the destinations, at a steady rate."""
    began, step = time.monotonic(), 10
    for start in range(0, trial.alerts, step):
        batch = [
            story(f"s{n}", visit("planned", who=person(n), of="ZZ", to=country_codes()[n % ENDPOINTS]))
            for n in range(start, min(start + step, trial.alerts))
        ]
        await asyncio.to_thread(record, desk.engine, batch)
        await asyncio.sleep(max(0.0, began + (start + step) / trial.rate - time.monotonic()))


async def _deliverers(desk: Alerting, trial: Trial, database: str, folder: Path) -> None:
    """Keeps a deliverer running; kills it at random moments while alerts come in.

    Each is forked from a process that has loaded the code: what Python takes to load it is not on trial.
    """
    draw = random.Random(trial.seed)
    length = trial.alerts / trial.rate
    moments = sorted(draw.uniform(0.1, 0.95) * length for _ in range(trial.kills))
    began: float | None = None
    for moment in [*moments, None]:
        process = FORKING.Process(target=deliver, args=(database, folder), daemon=True)
        await asyncio.to_thread(process.start)
        try:
            began = began or await _until_one_lives(desk)
            while moment is None or time.monotonic() < began + moment:
                if not process.is_alive():
                    raise RuntimeError(f"the deliverer ended by itself: {process.exitcode}")
                await asyncio.sleep(0.02)
        finally:
            process.kill()
            await asyncio.to_thread(process.join)


async def _until_one_lives(desk: Alerting) -> float:
    """Gives when a deliverer first showed life."""
    async with asyncio.timeout(PATIENCE):
        while not await asyncio.to_thread(live_workers.known, desk.engine):  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(0.05)
    return time.monotonic()


async def _until_delivered(desk: Alerting, but: str | None) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        with reading(desk.engine) as connection:
            unmatched = connection.execute(select(alerts.c.number).where(alerts.c.matched.is_(None))).first()
            open_ = connection.execute(select(deliveries).where(deliveries.c.state == "pending")).all()
            waiting = [row for row in open_ if but is None or f"/{row.endpoint.partition('/')[0]}" != but]
        if unmatched is None and not waiting:
            return
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(waiting)} deliveries still wait: {waiting[:3]}")
        await asyncio.sleep(0.2)


def figures(desk: Alerting, receiver: Receiver) -> Figures:
    with reading(desk.engine) as connection:
        entered = {row.id: row.at.timestamp() for row in connection.execute(select(alerts.c.id, alerts.c.at))}
        asked = {
            (row.id, f"/e{country_codes().index(row.id.split('-')[2].upper())}")
            for row in connection.execute(select(alerts.c.id))
        }
    counts = Counter((got.id, got.path) for got in receiver.got)
    clocks = time.time() - time.monotonic()
    first: dict[str, float] = {}
    for got in receiver.got:
        if got.path != HUNG and got.id in entered:
            first.setdefault(got.id, got.at + clocks - entered[got.id])
    late = sorted(first.values())
    return Figures(
        alerts=len(entered),
        lost=len(asked - set(counts)),
        repeated=sum(count - 1 for count in counts.values()),
        strangers=len(set(counts) - asked),
        median=statistics.median(late),
        p99=late[int(len(late) * 0.99)],
    )


async def both(trial: Trial, databases: tuple[str, str], folder: Path) -> tuple[Figures, Figures]:
    """The figures without and with an endpoint that hangs, side by side."""
    trials = [replace(trial, hang=hang) for hang in (False, True)]
    folders = [folder / name for name in ("well", "hung")]
    runs = (run(one, *where) for one, where in zip(trials, zip(databases, folders, strict=True), strict=True))
    without, with_ = await asyncio.gather(*runs)
    return without, with_


@contextmanager
def databases(postgresql: bool, folder: Path) -> Iterator[tuple[str, str]]:
    """The URLs of two empty databases."""
    if not postgresql:
        yield f"sqlite:///{folder}/well.sqlite", f"sqlite:///{folder}/hung.sqlite"
        return
    folder.chmod(0o755)  # PostgreSQL runs as another user
    programs_ = programs()
    if programs_ is None:
        raise SystemExit("PostgreSQL's programs are not installed")
    with cluster(programs_, folder / "postgresql") as url:
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        names = ("well", "hung")
        with engine.connect() as connection:
            for name in names:
                connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        found = [make_url(url).set(database=name).render_as_string(hide_password=False) for name in names]
        yield found[0], found[1]


def table(rows: Sequence[tuple[str, Figures]]) -> str:
    lines = ["| endpoints | alerts | lost | repeated | strangers | median s | p99 s |", "|---|---|---|---|---|---|---|"]
    lines += [
        f"| {name} | {f.alerts} | {f.lost} | {f.repeated} | {f.strangers} | {f.median:.3f} | {f.p99:.3f} |"
        for name, f in rows
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--alerts", type=int, default=4000)
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--rate", type=float, default=50.0, help="alerts a second, in each of the two runs")
    parser.add_argument("--postgresql", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, databases(given.postgresql, Path(name)) as urls:
        trial = Trial(given.alerts, given.kills, given.rate)
        without, with_ = asyncio.run(both(trial, urls, Path(name)))
    print(table([("none hangs", without), ("one of 50 hangs", with_)]))
    print(f"p99 of the others: {with_.p99 / without.p99 - 1:+.1%}")
