"""Sending again by the command line: one delivery, or those of a time, and never what is a replay itself."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert
from typer.testing import CliRunner
from visitwire_alerting.cli import app
from visitwire_alerting.database import writing
from visitwire_alerting.desk import open_desk
from visitwire_alerting.ledger import now
from visitwire_alerting.tables import alerts, deliveries, delivery_alerts
from visitwire_runtime.settings import Settings

MADE = (("delivered", 50), ("failed", 5), ("delivered", 3), ("pending", 1))
"""The state of each delivery, and its age in hours."""


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The ledger of the commands' settings, with the deliveries `MADE`, numbered from 1."""
    monkeypatch.setenv("VISITWIRE_DATA_DIR", str(tmp_path))
    opened = open_desk(Settings()).engine
    mine = {"tenant": "default", "subscription": "desk", "endpoint": "desk/console-1", "lane": "v", "attempts": 1}
    with writing(opened) as connection:
        connection.execute(insert(alerts).values(number=1, id="v.1", visit="v", at=now(), body="{}"))
        for number, (state, age) in enumerate(MADE, 1):
            made = now() - timedelta(hours=age)
            row = {"number": number, "state": state, "created": made, "due": made, "replay": False}
            connection.execute(insert(deliveries).values(mine | row))
            connection.execute(insert(delivery_alerts).values(delivery=number, alert=1, sequence=number))
    yield opened
    opened.dispose()


@pytest.mark.parametrize(
    ("asked", "code", "words"),
    [
        (["--since", "6h", "--until", "4h"], 0, "1 deliveries go out again"),
        (["--since", "3d"], 0, "3 deliveries go out again"),
        (["--since", "3d", "--subscription", "other"], 0, "0 deliveries go out again"),
        (["--since", "3d", "--tenant", "other"], 0, "0 deliveries go out again"),
        (["2"], 0, "1 deliveries go out again"),
        (["4"], 1, "delivery 4 is none that has ended"),
        ([], 1, "say which: a number, or --since"),
        (["--since", "yesterdayish"], 2, "is no time"),
    ],
)
def test_which_are_sent_again(engine: Engine, asked: list[str], code: int, words: str) -> None:
    result = CliRunner().invoke(app, ["deliveries", "replay", *asked])
    assert (result.exit_code, words in result.output) == (code, True), result.output


def test_they_wait_in_their_order_as_replays_and_are_replayed_no_further(engine: Engine) -> None:
    for _ in range(2):
        CliRunner().invoke(app, ["deliveries", "replay", "--since", "3d"])
    listed = CliRunner().invoke(app, ["deliveries", "list", "--state", "pending", "--json"]).output.splitlines()
    assert [json.loads(line)["replay"] for line in reversed(listed)] == [False, *[True] * 6]
