"""A Prometheus of a test's own that watches workers with the rules we ship."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

import yaml

from tests.helpers.lacking import PROMETHEUS, need_program
from tests.helpers.machine import busy
from tests.integration.harness import ROOT, until
from tests.integration.ports import free_port

RULES = ROOT / "deploy/prometheus/rules.yml"
FIRES = 150.0
"""Seconds that an alert has: the minute that is promised, and what a busy machine takes to see it."""


@contextmanager
def told_within_a_minute() -> Iterator[None]:
    """Around all that says what went wrong. Where more wants to run than the machine has processors for, a minute is as
    much longer."""
    begun = monotonic()
    yield
    took, slower = monotonic() - begun, busy()
    assert took < 60 * slower, (
        f"it took {took:.0f} s to be told, on a machine with work for {slower:.1f} times its processors"
    )


class Prometheus:
    """Looks at its targets each second."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"

    def up(self) -> bool:
        try:
            with urlopen(f"{self.address}/-/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def alerts(self, *states: str) -> set[str]:
        """The names of the alerts that are in one of these states."""
        with urlopen(f"{self.address}/api/v1/alerts", timeout=10) as answer:
            alerts = json.load(answer)["data"]["alerts"]
        return {alert["labels"]["alertname"] for alert in alerts if alert["state"] in states}

    def value(self, query: str) -> float | None:
        """Of the one series that the query gives; None if it gives none."""
        with urlopen(f"{self.address}/api/v1/query?{urlencode({'query': query})}", timeout=10) as answer:
            found = json.load(answer)["data"]["result"]
        return float(found[0]["value"][1]) if found else None

    def says(self, alert: str) -> None:
        """Returns when the alert fires."""
        until(lambda: alert in self.alerts("firing"), f"{alert} to fire", FIRES)

    def says_no_more(self, alert: str) -> None:
        until(lambda: alert not in self.alerts("firing"), f"{alert} to end", FIRES)


@contextmanager
def watching(ports: list[int], folder: Path) -> Iterator[Prometheus]:
    """Skips the test where Prometheus is not installed; with CI=true that is a failure."""
    program = need_program("prometheus", PROMETHEUS)
    folder.mkdir(parents=True)
    config = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(RULES)],
        "scrape_configs": [
            {"job_name": "visitwire", "static_configs": [{"targets": [f"127.0.0.1:{port}" for port in ports]}]}
        ],
    }
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
    port = free_port()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                program,
                f"--config.file={folder}/prometheus.yml",
                f"--storage.tsdb.path={folder}/data",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            stdout=log,
            stderr=log,
        )
    try:
        found = Prometheus(port)
        until(found.up, "Prometheus")
        yield found
    finally:
        process.terminate()
        process.wait(30)
