"""Bench: the whole suite in one process beside spaCy's default pipeline alone, on one core

`python -m bench.speed.speed [--stories 128] [--rounds 3]`: the texts are the stories of seeds/, lengthened to the
size of a wire story. Each round measures all three in turn, and the best round of each counts, since other load only
ever slows.
"""

import argparse
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from visitwire_extraction.model import loaded
from visitwire_extraction.stage import enrich_many, load
from visitwire_ingestion.formats import read
from visitwire_runtime import logs
from visitwire_runtime.embedded import run
from visitwire_runtime.gc_tuning import settle
from visitwire_runtime.settings import Settings
from visitwire_schemas import ALERTS, STORIES_ENRICHED, Story, WireItem
from visitwire_suite.seeds import seed_items
from visitwire_suite.stages import STAGES, build

BATCH = 32
VISITS = re.compile(r"visit|invit|travel|arriv|meet|chancellor|minister")
WORDS = 450
"""Of a story: what a wire story has."""


def texts(count: int) -> Iterator[str]:
    """`count` stories of about `WORDS` words: a seed story, and after it paragraphs of seeds without any visit, so that
    a story tells of about as many visits as a wire's does."""
    bodies = [story.text for item in seed_items(Path("seeds/wires")) for story in read(item)]
    filler = [line for body in bodies if not VISITS.search(body) for line in body.splitlines() if line.strip()]
    for number in range(count):
        made = [bodies[number % len(bodies)]]
        words = len(made[0].split())
        for paragraph in islice(cycle(filler), number * 3, None):
            if words >= WORDS:
                break
            made.append(paragraph)
            words += len(paragraph.split())
        yield "\n".join(made)


def timed(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--stories", type=int, default=128)
    asked.add_argument("--rounds", type=int, default=3)
    options = asked.parse_args()
    logs.configure("error", "console")
    bodies = list(texts(options.stories))
    start = datetime(2026, 3, 1, tzinfo=UTC)
    items = [
        WireItem(
            raw=f"Headline {number}\n\nPARIS, March 1 (Bench) - {body}".encode(),
            provider="bench",
            name=f"{number}.txt",
            received=start + timedelta(minutes=number),
        )
        for number, body in enumerate(bodies)
    ]
    stories = [story for item in items for story in read(item)]
    print(f"{len(bodies)} stories of {sum(len(each.split()) for each in bodies) // len(bodies)} words,", end=" ")
    print(f"cores {len(os.sched_getaffinity(0))}, best of {options.rounds} rounds")
    best = _measure(bodies, stories, items, options.rounds)
    alone = best["spaCy's default pipeline alone"]
    for name, seconds in best.items():
        rate = len(bodies) / seconds
        print(f"{name:<34} {rate:7.1f} stories/s {1000 * seconds / len(bodies):8.1f} ms each {alone / seconds:6.2f} x")


def _measure(bodies: list[str], stories: list[Story], items: list[WireItem], rounds: int) -> dict[str, float]:
    name = Settings().model
    plain, nlp = loaded(name), load(name)
    settle()  # as `visitwire run` does, and for all three alike

    def default() -> None:
        for _ in plain.pipe(bodies, batch_size=BATCH):
            pass

    def extraction() -> None:
        for first in range(0, len(stories), BATCH):
            enrich_many(stories[first : first + BATCH], nlp)

    def suite() -> None:
        with TemporaryDirectory() as folder:
            settings = Settings(data_dir=Path(folder), batch=BATCH)
            stages = [build(name, settings) for name in STAGES]
            begun = perf_counter()
            made = run(stages, items, keep={STORIES_ENRICHED.name, ALERTS.name}.__contains__, spool=settings.spool)
            took.append(perf_counter() - begun)
            found = len(made.records.get(STORIES_ENRICHED.name, ()))
            if found != len(items) or made.dead:
                raise SystemExit(f"only {found} of {len(items)} stories went through")

    took: list[float] = []
    best: dict[str, float] = {}
    for _ in range(rounds):
        for name, work in (("spaCy's default pipeline alone", default), ("extraction", extraction)):
            best[name] = min(timed(work), best.get(name, float("inf")))
        suite()
    best["the whole suite, embedded"] = min(took)
    return best


if __name__ == "__main__":
    main()
