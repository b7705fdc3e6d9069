"""Every way to look at 5,000 visits beside a bare FastAPI answer of the same bytes.

    python -m bench.speed.views [--visits 5000] [--rounds 20] [--database URL]

The peer is FastAPI returning one JSON string of as many bytes, on the same kind of server. Both are asked over HTTP on
loopback, in turns, without compression; the times are medians of whole answers, and so are the ratios, each to the
peer's answer of the same round; beside them the time of the processors for server and client together, which holds
where other work runs beside it. Each page is asked as it stands, and right after a change: a visit goes from one lane
and one day to another, within all that is shown, and nothing kept from before may be shown. The visits lie within 45
days around the gateway's clock, or within three years (`--spread`), as those of a desk do.
"""

import argparse
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

import httpx
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import Engine
from visitwire_gateway.app import create_app
from visitwire_gateway.dependencies import Around
from visitwire_gateway.live import Live
from visitwire_gateway.model.database import open_database
from visitwire_gateway.model.store_writer import write
from visitwire_gateway.serve import listening
from visitwire_runtime.settings import Settings
from visitwire_schemas import LedgerVisit

from bench.speed.board import changes, timed
from tests.unit.gateway.samples import NOW, alert, dates, many, rows

PAGES = {
    "board": "/",
    "board by date": "/?sort=date",
    "list": "/list",
    "calendar": "/calendar",
    "agenda": "/calendar?view=agenda",
    "map": "/map",
    "map, 30 days": "/map?since=2026-03-27&until=2026-04-26",
    "changes": "/changes",
    "ICS": "/visits.ics",
    "ICS, EU": "/visits.ics?to=EU",
}
type Times = tuple[float, float]
type Round = tuple[Times, Times, Times]


def bare(engine: Engine) -> FastAPI:
    """The peer: as many bytes as asked for. `desk` stands there only so that the same function can serve it."""
    app = FastAPI()

    @app.get("/")
    def answer(size: int) -> dict[str, str]:
        return {"text": "x" * size}

    app.state.gateway = type("Gateway", (), {"live": Live(engine)})
    return app


def spread(visits: list[LedgerVisit]) -> list[LedgerVisit]:
    """The same visits over three years."""
    made = []
    for number, one in enumerate(visits):
        if one.dates is not None:
            day = NOW.date() + timedelta(days=number * 7 % 1095 - 180)
            one = one.model_copy(
                update={"dates": dates(day.isoformat(), (day + timedelta(days=number % 3)).isoformat())}
            )
        made.append(one)
    return made


@contextmanager
def served(asked: argparse.Namespace) -> Iterator[tuple[str, str, Callable[[], object]]]:
    """The addresses of the gateway and of its peer, and what brings a change."""
    with TemporaryDirectory() as folder:
        given = Settings(data_dir=Path(folder), gateway_port=0, gateway_rate=10**6)
        settings = given.model_copy(update={"gateway_database_url": asked.database and SecretStr(asked.database)})
        engine = open_database(settings.gateway_database.get_secret_value())
        visits = many(asked.visits)
        visits = spread(visits) if asked.spread else visits
        write(engine, rows(*visits, *(alert(one) for one in visits)))
        coming = changes()
        app = create_app(settings, engine, Around(clock=lambda: NOW))
        with listening(app, settings) as board, listening(bare(engine), settings) as peer:
            yield board, peer, lambda: write(engine, rows(next(coming)))
        engine.dispose()


def measured(client: httpx.Client, address: str) -> Times:
    """The time of a whole answer, and the processors' time for it, in milliseconds."""
    begun = process_time()
    return timed(client, address), (process_time() - begun) * 1000


def compared(client: httpx.Client, page: str, peer: str, change: Callable[[], object], rounds: int) -> list[Round]:
    """Of each round: after a change, as it stands, the peer."""
    found: list[Round] = []
    for _ in range(rounds):
        change()
        found.append((measured(client, page), measured(client, page), measured(client, peer)))
    return found


def told(name: str, size: int, found: list[Round]) -> None:
    print(f"{name:14} {size / 1000:6.0f} kB", end="")
    for at, words in ((1, "as it stands"), (0, "after a change")):
        time, cpu = (median(one[at][which] for one in found) for which in (0, 1))
        ratio, of_cpu = (median(one[at][which] / one[2][which] for one in found) for which in (0, 1))
        print(f"   {words} {time:6.1f} ms, {ratio:5.1f} times the peer (CPU {cpu:6.1f} ms, {of_cpu:5.1f})", end="")
    print(f"   peer {median(one[2][0] for one in found):5.1f} ms")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--visits", type=int, default=5000)
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--spread", action="store_true", help="over three years in place of 45 days")
    options.add_argument("--only", default="", help="the pages whose names contain this")
    options.add_argument("--database", help="an empty one, in place of SQLite")
    asked = options.parse_args()
    logging.disable(logging.INFO)
    with served(asked) as (board, peer, change), httpx.Client(timeout=60) as client:
        for name, path in ((name, path) for name, path in PAGES.items() if asked.only in name):
            size = len(client.get(board + path, headers={"accept-encoding": "identity"}).content)
            told(name, size, compared(client, board + path, f"{peer}/?size={size}", change, asked.rounds))


if __name__ == "__main__":
    main()
