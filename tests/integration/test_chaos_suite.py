"""A short version of tests.chaos.suite, on three brokers and PostgreSQL."""

from pathlib import Path
from tempfile import TemporaryDirectory

from visitwire_suite.kafka_broker import NoKafka

from tests.chaos.suite import DATABASE, Trial, run
from tests.chaos.victims import Blow
from tests.helpers.lacking import KAFKA, POSTGRESQL, lacking
from tests.helpers.postgres import programs


def test_killing_a_broker_the_database_and_workers_tells_each_change_once() -> None:
    if programs() is None:
        lacking(POSTGRESQL)
    targets = (DATABASE, "alerting-1", "broker-1", "visits-1", "alerting-2")
    blows = [Blow(0.1 + 0.15 * number, target) for number, target in enumerate(targets)]
    with TemporaryDirectory(prefix="visitwire-chaos-", dir="/tmp") as folder:  # PostgreSQL's socket needs a short path
        try:
            verdict = run(Trial(stories=120, minutes=10), Path(folder), blows)
        except NoKafka as missing:
            lacking(KAFKA, str(missing))
    assert verdict.fed == 120
    assert dict.fromkeys(targets, 1) == verdict.killed
    assert {fault: found for fault, found in verdict.faults.items() if found} == {}
