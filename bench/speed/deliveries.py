"""Bench: webhooks delivered a second by the alerting stage, beside bare httpx posting the same bodies.

    python -m bench.speed.deliveries

Both post to the same receiver, a process of its own, with as many requests at once, and from one process, whose garbage
collector is set as a worker sets it. The stage also matches alerts, publishes them, reads its queue, signs, and writes
down what became of each delivery.
"""

import asyncio
import multiprocessing
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import httpx
from pydantic import SecretStr
from sqlalchemy import Engine, func, select
from visitwire_alerting.delivery.channels.webhook import MEDIA_TYPE
from visitwire_alerting.delivery.message import body
from visitwire_alerting.ledger.enter_story import record
from visitwire_alerting.service import open_alerting
from visitwire_alerting.stage import alerting
from visitwire_alerting.storage.database import reading
from visitwire_alerting.storage.delivery_tables import deliveries
from visitwire_alerting.storage.ledger_tables import alerts
from visitwire_language.gazetteer.groups import country_codes
from visitwire_runtime import Publish
from visitwire_runtime.gc_tuning import settle
from visitwire_runtime.settings import Settings
from visitwire_schemas import Alert, Record, Visit
from visitwire_schemas.subscription import Subscription

from tests.unit.alerting.makers import person, story, visit
from tests.unit.alerting.receiver import receiving

COUNT, ENDPOINTS, ROUNDS = 4_000, 20, 3
WANTED = 0.7


def _receive(ready: Connection) -> None:
    async def serve() -> None:
        async with receiving() as receiver:
            ready.send(receiver.port)
            await asyncio.Event().wait()

    asyncio.run(serve())


@contextmanager
def receiver() -> Iterator[str]:
    """A receiver in a process of its own; gives its URL."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_receive, args=(there,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}"
    finally:
        process.kill()
        process.join()


type Speed = tuple[float, float]
"""Deliveries a second of the clock, and a second of this process's processor time: the machine may be busy."""


class Stopwatch:
    def __init__(self) -> None:
        self._clock, self._processor = time.perf_counter(), time.process_time()

    def speed(self, count: int) -> Speed:
        return count / (time.perf_counter() - self._clock), count / (time.process_time() - self._processor)


async def bare(url: str, bodies: list[bytes], at_once: int) -> Speed:
    """How fast httpx alone posts, with `at_once` under way."""
    waiting = iter(bodies)
    async with httpx.AsyncClient(timeout=10) as client:

        async def post() -> None:
            for content in waiting:
                (await client.post(url, content=content, headers={"content-type": MEDIA_TYPE})).raise_for_status()

        watch = Stopwatch()
        await asyncio.gather(*(post() for _ in range(at_once)))
        return watch.speed(len(bodies))


async def staged(url: str, folder: Path) -> tuple[Speed, list[bytes]]:
    """How fast the stage delivers a queue that is full, and the bodies it posted."""
    settings = Settings(
        news_for=0, data_dir=folder, database_url=SecretStr(f"sqlite:///{folder}/bench.sqlite"), deliver_to_private=True
    )
    desk = open_alerting(settings)
    stage = alerting(settings, say=lambda line: None)
    for start in range(0, COUNT, 100):
        numbers = range(start, start + 100)
        record(
            desk.engine,
            [story(f"s{n}", _visit(n)) for n in numbers],
        )
    desk.subscribe([_subscription(number, url) for number in range(ENDPOINTS)])

    async def nowhere(topic: str, found: Record) -> None:
        """Kafka is not measured here."""

    watch = Stopwatch()
    works = [asyncio.create_task(work(Publish(nowhere))) for work in stage.background]
    while _delivered(desk.engine) < COUNT:  # noqa: ASYNC110 - what is waited for happens in the database
        await asyncio.sleep(0.2)
    rate = watch.speed(COUNT)
    for work in works:
        work.cancel()
    await asyncio.gather(*works, return_exceptions=True)
    with reading(desk.engine) as connection:
        bodies = [body(Alert.model_validate_json(one)) for one in connection.execute(select(alerts.c.body)).scalars()]
    return rate, bodies


def _visit(number: int) -> Visit:
    """A visit of its own: nobody else of that country and office goes there."""
    origin = country_codes()[number // ENDPOINTS % len(country_codes())]
    return visit("planned", who=person(number), of=origin, to=country_codes()[number % ENDPOINTS])


def _delivered(engine: Engine) -> int:
    with reading(engine) as connection:
        done = select(func.count()).where(deliveries.c.state == "delivered")
        return connection.execute(done).scalar_one()


def _subscription(number: int, url: str) -> Subscription:
    return Subscription.model_validate(
        {
            "id": f"e{number}",
            "name": "A desk",
            "filter": {"destination": [country_codes()[number]]},
            "channels": [{"kind": "webhook", "url": f"{url}/e{number}"}],
            "wait": 0.0,
        }
    )


def main() -> None:
    settle()
    staged_: list[Speed] = []
    alone: dict[int, list[Speed]] = {64: [], 20: [], 4: []}
    with receiver() as url:
        for _ in range(ROUNDS):  # by turns, so that whatever else the machine does hits all alike
            with tempfile.TemporaryDirectory() as folder:
                rate, bodies = asyncio.run(staged(url, Path(folder)))
            staged_.append(rate)
            for at_once, speeds in alone.items():
                speeds.append(asyncio.run(bare(url, bodies, at_once)))
    print("| what | deliveries a second | a second of processor time |\n|---|---|---|")
    rows = {f"bare httpx, the same bodies, {at_once} at once": _best(speeds) for at_once, speeds in alone.items()}
    ours = _best(staged_)
    for name, speed in (rows | {"the alerting stage, 64 at once": ours}).items():
        print(f"| {name} | {speed[0]:.0f} | {speed[1]:.0f} |")
    for name, peer in (("as many at once", rows[next(iter(rows))]), ("bare httpx at its best", _best(rows.values()))):
        print(f"{ours[0] / peer[0]:.2f} of {name} by the clock, {ours[1] / peer[1]:.2f} by processor time")
    print(f"(wanted: at least {WANTED:g})")


def _best(speeds: Iterable[Speed]) -> Speed:
    by_clock, by_processor = zip(*speeds, strict=True)
    return max(by_clock), max(by_processor)


if __name__ == "__main__":
    main()
