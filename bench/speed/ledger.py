"""Bench: what a story costs the ledger, by how much was reported before, and what several workers on PostgreSQL bring.

    python -m bench.speed.ledger            # both; --cost or --workers for one of them

First the processor time a story costs on SQLite after 100 and after 3,000 reports of one visitor and one country: of
one visit, and of a visit a month, as it is and with the first of them corrected by hand. Then stories entered a second
by one worker and by four. For that each statement to the database takes 2 ms more, as across a network: so there are
too few workers, and not too few processors in this machine, and what workers cost each other shows. The processor time
that they took is told beside it.
"""

import argparse
import multiprocessing
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, event
from visitwire_alerting.ledger.enter_hand import HandRequest, say
from visitwire_alerting.ledger.enter_story import record
from visitwire_alerting.ledger.rebuild import standing
from visitwire_alerting.migrate import migrate
from visitwire_alerting.storage.database import open_database, reading
from visitwire_schemas import EnrichedStory, HandKind, Right, VisitStatus

from tests.helpers.postgres import cluster, programs
from tests.unit.alerting.makers import at, dates, person, story, visit

REPORTS = 3_000
LOOKED_AT = 40
"""Stories over which the cost is taken, up to each of the marks."""
MARKS = (100, 1_000, REPORTS)
WANTED_COST = 2.0
WANTED_GAIN = 2.5
STORIES, BATCH, VISITORS, COUNTRIES = 600, 100, 200, 40
NETWORK = 0.002


def one_visit() -> Iterator[EnrichedStory]:
    for number in range(REPORTS):
        yield story(f"s{number}", visit("planned"), day=number * 0.02, wire=f"w{number % 5}")


def a_visit_a_month() -> Iterator[EnrichedStory]:
    course = ("planned", "planned", "under_way", "concluded")
    for number in range(REPORTS):
        month, step = divmod(number, 8)
        first = at(month * 30 + 5)
        when = dates(first.date().isoformat(), (first + timedelta(days=2)).date().isoformat())
        yield story(f"s{number}", visit(course[step // 2], when=when), day=month * 30 + step * 1.2, wire=f"w{step % 5}")


def corrected(engine: Engine) -> None:
    """Says something of the first visit."""
    first = min(standing(engine), key=lambda visit: visit.updated)
    say(engine, HandRequest(first.id, HandKind.CORRECT, "desk", right=Right(status=VisitStatus.POSTPONED)), at(1))


def cost(stories: Iterator[EnrichedStory], by_hand: bool = False) -> dict[int, float]:
    """Milliseconds of processor time a story, at each mark."""
    found: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/ledger.sqlite")
        migrate(engine)
        began = 0.0
        for number, one in enumerate(stories, 1):
            if number + LOOKED_AT in MARKS:
                began = time.process_time()
            record(engine, [one])
            if by_hand and number == 1:
                corrected(engine)
            if number in MARKS:
                found[number] = (time.process_time() - began) / LOOKED_AT * 1000
        engine.dispose()
    return found


def many() -> list[EnrichedStory]:
    """Stories about many visitors to many countries."""
    draw = random.Random(5)
    codes = [f"{a}{b}" for a in "ABCDE" for b in "KLMNOPQR"][:COUNTRIES]
    return [
        story(
            f"s{number}",
            visit("planned", who=person(draw.randrange(VISITORS)), of="NO", to=draw.choice(codes)),
            day=number * 0.01,
            wire=f"w{number % 4}",
        )
        for number in range(STORIES)
    ]


def work(url: str, mine: Sequence[EnrichedStory], told: "multiprocessing.Queue[float]") -> None:
    engine = open_database(url)

    @event.listens_for(engine, "before_cursor_execute")
    def far_away(*_args: object) -> None:
        time.sleep(NETWORK)

    for start in range(0, len(mine), BATCH):
        record(engine, mine[start : start + BATCH])
    told.put(time.process_time())


def entered(url: str, workers: int) -> tuple[float, float]:
    """Stories a second by so many workers, and the processor time of theirs that a story took, in milliseconds."""
    stories = many()
    told: multiprocessing.Queue[float] = multiprocessing.Queue()
    parts = [stories[number::workers] for number in range(workers)]
    working = [multiprocessing.Process(target=work, args=(url, part, told)) for part in parts]
    began = time.monotonic()
    for one in working:
        one.start()
    spent = sum(told.get(timeout=300) for _ in working)
    for one in working:
        one.join()
    return len(stories) / (time.monotonic() - began), spent / len(stories) * 1000


def _costs() -> bool:
    held = True
    for name, stories, by_hand in (
        ("one visit", one_visit(), False),
        ("a visit a month", a_visit_a_month(), False),
        ("the same, the first corrected by hand", a_visit_a_month(), True),
    ):
        found = cost(stories, by_hand)
        grown = found[REPORTS] / found[MARKS[0]]
        held &= grown <= WANTED_COST
        each = ", ".join(f"{number:,} reports {milliseconds:.1f} ms" for number, milliseconds in found.items())
        print(f"{name}: {each}; {grown:.2f} times, wanted at most {WANTED_COST}")
    return held


def _workers() -> bool:
    bin_ = programs()
    if bin_ is None:
        print("PostgreSQL is not installed: nothing was measured on it")
        return True
    rates: dict[int, float] = {}
    for workers in (1, 4):
        with tempfile.TemporaryDirectory(dir="/tmp") as folder:
            Path(folder).chmod(0o755)
            with cluster(bin_, Path(folder) / "pg") as url:
                engine = open_database(url)
                migrate(engine)
                rates[workers], spent = entered(url, workers)
                with reading(engine):
                    visits = len(standing(engine))
                engine.dispose()
        print(
            f"{workers} workers: {rates[workers]:.0f} stories/s, {spent:.1f} ms of processor a story, {visits} visits"
        )
    gain = rates[4] / rates[1]
    print(f"four workers bring {gain:.2f} times one, wanted {WANTED_GAIN}")
    return gain >= WANTED_GAIN


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cost", action="store_true")
    parser.add_argument("--workers", action="store_true")
    asked = parser.parse_args()
    both = asked.cost == asked.workers
    held = (not (both or asked.cost) or _costs()) & (not (both or asked.workers) or _workers())
    raise SystemExit(0 if held else "it does not hold")


if __name__ == "__main__":
    main()
