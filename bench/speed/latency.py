"""Bench: Kafka, from produce to alert and webhook: p50 and p99 at half the capacity measured before; workers' memory

`python -m bench.speed.latency [--seconds 30]`: a broker and one worker a stage on this machine, invented stories of
some 450 words. Capacity is what comes through a second when everything waits on the topic; the latency is from the time
stamp of the wire item to that of the alert, both set by whoever produced them, and to the request at a webhook's
endpoint, which asks for everything and for no grouping.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from queue import Queue
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from threading import Thread
from time import monotonic, time

from visitwire_alerting.service import open_alerting
from visitwire_runtime import logs, topic_admin
from visitwire_runtime.settings import Settings
from visitwire_runtime.topic_sender import Sender
from visitwire_schemas import ALERTS, STORIES_ENRICHED, WIRE_ITEMS, WireItem
from visitwire_schemas.subscription import Subscription
from visitwire_suite.kafka_broker import find

from tests.helpers.invented import AROUND, stories
from tests.integration.harness import Crew, standing, until
from tests.unit.alerting.receiver import Got, receiving

WORDS = 450
FULL = 240
"""Stories that capacity is measured with."""
FIELDS = {"said": "Elena Marrossi", "home": "Rome", "of": "Italy", "to": "Kenya"}


def items(count: int, seed: int) -> Iterator[WireItem]:
    """Invented stories, filled up to the size of a wire story."""
    filler = cycle(sentence.format(**FIELDS) for sentence in AROUND[1:])
    for story in stories(count, seed):
        item = json.loads(story.item.raw)
        body = item["bodies"][0]
        body["value"] += "\n" + "\n".join(islice(filler, (WORDS - len(body["value"].split())) // 16))
        yield story.item.model_copy(update={"raw": json.dumps(item).encode()})


def capacity(settings: Settings) -> float:
    """Stories a second when all of them wait: from the first that is enriched to the last."""
    with Sender(settings) as sender:
        for item in items(FULL, seed=1):
            sender.send(WIRE_ITEMS.name, WIRE_ITEMS.encode(item))
    until(lambda: len(standing(settings, STORIES_ENRICHED.name)) >= FULL, "the stories", 300)
    times = [found.at for found in standing(settings, STORIES_ENRICHED.name)]
    return (FULL - 1) / (max(times) - min(times)).total_seconds()


class Endpoint(Thread):
    """A webhook's receiver, on a thread of its own."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.got: list[Got] = []
        self._url: Queue[str] = Queue()
        self.start()
        self.url = self._url.get(timeout=10)

    def run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        async with receiving() as receiver:
            self.got = receiver.got
            self._url.put(receiver.url)
            await asyncio.Event().wait()

    def requests(self) -> dict[str, datetime]:
        """When each alert came first, by its id."""
        offset = time() - monotonic()
        first: dict[str, datetime] = {}
        for got in self.got:
            first.setdefault(got.id, datetime.fromtimestamp(got.at + offset, UTC))
        return first


def subscribe(settings: Settings, url: str) -> None:
    asked = {"id": "bench", "name": "Everything", "wait": 0.0, "channels": [{"kind": "webhook", "url": url}]}
    desk = open_alerting(settings)
    desk.subscribe([Subscription.model_validate(asked)])
    desk.engine.dispose()


type Took = tuple[list[float], list[float]]
"""Seconds from produce to alert, and to the request at the endpoint."""


def steady(settings: Settings, rate: float, seconds: float, endpoint: Endpoint) -> Took:
    """For each alert that a story of a steady feed brought."""
    count = int(rate * seconds)
    until(lambda: _waits_for_nobody(settings), "the alerts of the first feed")
    begun = monotonic()
    with Sender(settings) as sender:
        for number, item in enumerate(items(count, seed=2)):
            until(lambda number=number: monotonic() >= begun + number / rate)  # type: ignore[misc]
            sender.send(WIRE_ITEMS.name, WIRE_ITEMS.encode(item))
    until(lambda: len(standing(settings, STORIES_ENRICHED.name)) >= FULL + count, "the stories", 300)
    until(lambda: _waits_for_nobody(settings), "the alerts")
    produced = {
        json.loads(found.record.value or b"{}")["uri"] + json.loads(found.record.value or b"{}")["version"]: found.at
        for found in standing(settings, WIRE_ITEMS.name)
    }
    alerted, asked, requests = [], [], endpoint.requests()
    for found in standing(settings, ALERTS.name):
        alert = ALERTS.decode(found.record)
        last = alert.data.evidence[-1]
        if last.uri.startswith("urn:invented:2:"):
            begun_at = produced[f"{last.uri}{last.version}"]
            alerted.append((found.at - begun_at).total_seconds())
            if alert.id in requests:
                asked.append((requests[alert.id] - begun_at).total_seconds())
    return alerted, asked


def _waits_for_nobody(settings: Settings) -> bool:
    """Whether no alert came for two seconds."""
    before, since = len(standing(settings, ALERTS.name)), monotonic()
    until(lambda: monotonic() > since + 2, "two seconds")
    return len(standing(settings, ALERTS.name)) == before


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30)
    given, _ = parser.parse_known_args()
    logs.configure("error", "console")
    with TemporaryDirectory(prefix="visitwire-latency-") as name:
        broker = find(Path(name) / "kafka", Settings().cache_dir)
        broker.start()
        settings = Settings(broker=broker.bootstrap, data_dir=Path(name) / "data", metrics_port=0)
        topic_admin.create(settings, topic_admin.flow_topics())
        endpoint = Endpoint()
        os.environ["VISITWIRE_DELIVER_TO_PRIVATE"] = "true"  # for the workers: the endpoint is on this machine
        subscribe(settings, endpoint.url)
        crew = Crew(settings)
        try:
            workers = crew.flow()
            full = capacity(settings)
            took = steady(settings, full / 2, given.seconds, endpoint)
            _tell(full, took)
            for worker in workers:
                print(f"memory {worker.name:24} {worker.memory():6.0f} MiB")
        finally:
            crew.stop()
            broker.stop()


def _tell(full: float, took: Took) -> None:
    print(f"capacity                 {full:8.1f} stories/s")
    print(f"fed at                   {full / 2:8.1f} stories/s, {len(took[0])} alerts, {len(took[1])} requests")
    for name, seconds in zip(("alert", "request"), took, strict=True):
        cuts = quantiles(seconds, n=100)
        print(f"produce to {name:8}  p50 {cuts[49] * 1000:8.0f} ms")
        print(f"                     p99 {cuts[98] * 1000:8.0f} ms")
        print(f"                    most {max(seconds) * 1000:8.0f} ms")
    print(f"the request after the alert: {(median(took[1]) - median(took[0])) * 1000:.0f} ms in the median")


if __name__ == "__main__":
    sys.exit(main())
