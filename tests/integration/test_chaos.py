"""A short version of chaos.py: the long one is `python -m tests.integration.chaos`, with 2,000 stories."""

from dataclasses import replace
from pathlib import Path

from visitwire_suite.kafka_broker import Broker

from tests.helpers.invented import stories
from tests.integration import chaos
from tests.integration.suite import embedded

COUNT, SEED = 150, 3


def test_killing_every_worker_and_the_broker_loses_nothing_and_alerts_once(broker: Broker, tmp_path: Path) -> None:
    want = embedded((story.item for story in stories(COUNT, SEED)), tmp_path / "embedded")
    blows = chaos.plan(SEED, kills=1)
    report = chaos.play(COUNT, SEED, want, broker, tmp_path / "data", blows)
    assert [target for _, target in report.blows] == [blow.target for blow in blows]
    assert replace(report, seconds=0, blows=(), enriched_twice=0, ended=()) == chaos.Report(
        stories=COUNT,
        seconds=0,
        blows=(),
        lost=0,
        differing=0,
        alerts=len(want.alerts),
        alerts_missing=0,
        alerts_differing=0,
        alerts_twice=0,
        enriched_twice=0,
        dead=[],
    )
