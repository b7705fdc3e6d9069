"""The board with 5,000 visits beside a bare FastAPI answer of the same bytes, and 500 open event streams.

    python -m bench.speed.board [--visits 5000] [--streams 500] [--rounds 40] [--filter to=IN] [--database URL]

The peer is FastAPI returning one JSON string of as many bytes as the board's page, on the same kind of server. Both are
asked over HTTP on loopback, in turns, without compression; the times are medians of whole answers, and so are the
ratios, each to the peer's answer of the same round. The board is asked as it stands, right after a change (a visit goes
from one lane to another, and nothing kept from before may be shown), and by a reader who has it already (304).
"""

import argparse
import asyncio
import itertools
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import httpx
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import Engine
from visitwire_gateway.app import create_app
from visitwire_gateway.live import Live
from visitwire_gateway.model.database import open_database
from visitwire_gateway.model.intake import Intake
from visitwire_gateway.model.store_writer import write
from visitwire_gateway.serve import listening
from visitwire_runtime.settings import Settings
from visitwire_schemas import Destination, LedgerVisit, VisitStatus

from tests.unit.gateway.samples import NOW, carried, dates, many, rows, visit

EVENTS = 100

type Times = tuple[float, ...]


def bare(engine: Engine, size: int) -> FastAPI:
    """The peer; `desk` stands there only so that the same function can serve it."""
    app = FastAPI()
    text = "x" * size

    @app.get("/")
    def answer() -> dict[str, str]:
        return {"text": text}

    app.state.gateway = type("Gateway", (), {"live": Live(engine)})
    return app


def timed(client: httpx.Client, address: str, known: str = "", want: int = 200) -> float:
    begun = perf_counter()
    answer = client.get(address, headers={"accept-encoding": "identity", "if-none-match": known})
    assert answer.status_code == want
    return (perf_counter() - begun) * 1000


def compared(client: httpx.Client, board: str, peer: str, change: Callable[[], object], rounds: int) -> list[Times]:
    """Of each round, in milliseconds: the board unchanged, after a change, for who has it; then the peer."""
    times: list[Times] = []
    for _ in range(rounds):
        change()
        fresh, again, bare = timed(client, board), timed(client, board), timed(client, peer)
        tag = client.get(board, headers={"accept-encoding": "identity"}).headers["etag"]
        times.append((again, fresh, timed(client, board, tag, 304), bare))
    return times


def told(found: list[Times]) -> None:
    for at, name in enumerate(("as it stands", "after a change", "304")):
        ratio = median(times[at] / times[-1] for times in found)
        print(f"{name:24} {median(times[at] for times in found):7.1f} ms   {ratio:.1f} times the peer")
    print(f"{'bare FastAPI JSON':24} {median(times[-1] for times in found):7.1f} ms")


def changes() -> Iterator[LedgerVisit]:
    """A visit on top of every lane in turn, and on one of the next days."""
    for number in itertools.count(2):
        status = list(VisitStatus)[number % len(VisitStatus)]
        day = (NOW.date() + timedelta(days=number % 3)).isoformat()
        yield visit("m0", revision=number, status=status, dates=dates(day), destination=Destination(country="IN"))


async def read(address: str, opened: asyncio.Event, seen: list[int], at: int) -> None:
    async with (
        httpx.AsyncClient(timeout=120) as client,
        client.stream("GET", f"{address}/events?kind=visit&brief=true&background=true") as answer,
    ):
        opened.set()
        async for line in answer.aiter_lines():
            seen[at] += line == "event: visit"
            if seen[at] >= EVENTS:
                return


async def streams(address: str, feed: Intake, count: int) -> tuple[list[int], float]:
    """Events that each of `count` readers saw of those sent, and the seconds until the last had the last."""
    opened = [asyncio.Event() for _ in range(count)]
    seen = [0] * count
    readers = [asyncio.create_task(read(address, opened[at], seen, at)) for at in range(count)]
    for one in opened:
        await one.wait()
    begun = perf_counter()
    for number in range(EVENTS):
        feed(*carried(visit(f"live{number}")))
    await asyncio.wait(readers, timeout=90)
    return seen, perf_counter() - begun


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--visits", type=int, default=5000)
    options.add_argument("--streams", type=int, default=500)
    options.add_argument("--rounds", type=int, default=40)
    options.add_argument("--filter", default="", help="as in the address bar")
    options.add_argument("--database", help="an empty one, in place of SQLite")
    asked = options.parse_args()
    logging.disable(logging.INFO)
    with TemporaryDirectory() as folder:
        given = Settings(data_dir=Path(folder), gateway_port=0, gateway_rate=10**6)
        settings = given.model_copy(update={"gateway_database_url": asked.database and SecretStr(asked.database)})
        engine = open_database(settings.gateway_database.get_secret_value())
        write(engine, rows(*many(asked.visits)))
        app = create_app(settings, engine)
        feed = Intake(engine, app.state.gateway.live.hear)
        coming = changes()
        with listening(app, settings) as board, httpx.Client(timeout=30) as client:
            address = f"{board}/?{asked.filter}"
            size = len(client.get(address, headers={"accept-encoding": "identity"}).content)
            with listening(bare(engine, size), settings) as peer:
                found = compared(client, address, peer, lambda: write(engine, rows(next(coming))), asked.rounds)
            print(f"a page of {size:,} bytes, the board of {asked.visits} visits")
            told(found)
            seen, seconds = asyncio.run(streams(board, feed, asked.streams))
        feed.close()
        engine.dispose()
    lost = sum(EVENTS - count for count in seen)
    print(f"{asked.streams} streams, {EVENTS} events each: {lost} lost, all there after {seconds:.2f} s")


if __name__ == "__main__":
    main()
