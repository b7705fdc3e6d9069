"""What consumers of Kafka use: the client, and the example with kcat."""

import subprocess
from pathlib import Path

from visitwire_client import alerts, enriched, visits
from visitwire_runtime.settings import Settings
from visitwire_schemas import ALERTS, STORIES_ENRICHED, VISITS, LedgerVisit, Record

from tests.helpers.lacking import KCAT, need_program
from tests.integration.harness import send
from tests.unit.gateway.samples import alert, many, story, visit

EXAMPLES = Path(__file__).parents[2] / "services/client/examples"
IDLE = 5.0
"""Seconds without a message after which a test has read everything."""


def test_the_client_reads_each_topic_and_goes_on_where_its_group_was(flow: Settings) -> None:
    told = [story(f"urn:nw:{number}") for number in range(20)]
    send(flow, STORIES_ENRICHED.name, [STORIES_ENRICHED.encode(one) for one in told])
    send(flow, VISITS.name, [VISITS.encode(visit("a")), VISITS.encode(visit("b")), Record(b"a", None)])
    send(flow, ALERTS.name, [ALERTS.encode(alert(visit("a")))])
    reading = enriched(flow.broker, group="desk")
    first = [next(reading) for _ in range(8)]
    reading.close()
    later = list(enriched(flow.broker, group="desk", idle=IDLE))
    seen = {one.key for one in first} | {one.key for one in later}
    assert seen == {one.key for one in told}
    assert len(first) + len(later) == 21  # the one that was not said to be handled comes again
    assert sorted(one.id for one in visits(flow.broker, idle=IDLE)) == ["a", "b"]
    assert list(alerts(flow.broker, idle=IDLE)) == [alert(visit("a"))]


def test_example_kcat(flow: Settings) -> None:
    need_program("kcat", KCAT)
    told = many(50)
    send(flow, VISITS.name, [*(VISITS.encode(one) for one in told), Record(b"m3", None)])
    command = ["sh", str(EXAMPLES / "visits_kcat.sh"), flow.broker]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    stands: dict[str, str] = {}
    for line in said.splitlines():
        key, _, value = line.partition(" ")
        stands[key] = value
    assert stands.pop("m3") == ""
    read = {key: LedgerVisit.model_validate_json(value) for key, value in stands.items()}
    assert read == {one.id: one for one in told if one.id != "m3"}
