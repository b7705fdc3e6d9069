"""The board with 5,000 visits beside a bare FastAPI answer of the same bytes, and 500 open event streams.

    python -m bench.board [--visits 5000] [--streams 500] [--rounds 40]

The peer is FastAPI returning one JSON string of as many bytes as the board's page, on the same kind of server. Both are
asked over HTTP on loopback, in turns, without compression; the times are medians of whole answers.
"""

import argparse
import asyncio
import logging
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import httpx
from fastapi import FastAPI
from sqlalchemy import Engine
from visitwire_gateway.app import gateway
from visitwire_gateway.live import Live
from visitwire_gateway.model.database import open_database
from visitwire_gateway.model.feed import Feed
from visitwire_gateway.model.keep import write
from visitwire_gateway.serve import listening
from visitwire_runtime.settings import Settings

from tests.unit.gateway.samples import carried, many, rows, visit

EVENTS = 100


def bare(engine: Engine, size: int) -> FastAPI:
    """The peer; `desk` stands there only so that the same function can serve it."""
    app = FastAPI()
    text = "x" * size

    @app.get("/")
    def answer() -> dict[str, str]:
        return {"text": text}

    app.state.desk = type("Desk", (), {"live": Live(engine)})
    return app


def timed(client: httpx.Client, address: str) -> float:
    begun = perf_counter()
    client.get(address + "/", headers={"accept-encoding": "identity"}).raise_for_status()
    return (perf_counter() - begun) * 1000


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


async def streams(address: str, feed: Feed, count: int) -> tuple[list[int], float]:
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
    asked = options.parse_args()
    logging.disable(logging.INFO)
    with TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), gateway_port=0, gateway_rate=10**6)
        engine = open_database(settings.gateway_database.get_secret_value())
        write(engine, rows(*many(asked.visits)))
        app = gateway(settings, engine)
        feed = Feed(engine, app.state.desk.live.hear)
        with listening(app, settings) as board, httpx.Client(timeout=30) as client:
            size = len(client.get(board + "/", headers={"accept-encoding": "identity"}).content)
            with listening(bare(engine, size), settings) as peer:
                pairs = [(timed(client, board), timed(client, peer)) for _ in range(asked.rounds)]
            ours, theirs = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
            print(f"board of {asked.visits} visits, {size:,} bytes   {ours:7.1f} ms")
            print(f"bare FastAPI JSON, as many bytes      {theirs:7.1f} ms   {ours / theirs:.1f} times")
            seen, seconds = asyncio.run(streams(board, feed, asked.streams))
        feed.close()
        engine.dispose()
    lost = sum(EVENTS - count for count in seen)
    print(f"{asked.streams} streams, {EVENTS} events each: {lost} lost, all there after {seconds:.2f} s")


if __name__ == "__main__":
    main()
