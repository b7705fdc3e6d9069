"""Sending again by the command line: one delivery, or those of a time, and never what is a replay itself."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert
from typer.testing import CliRunner
from visitwire_alerting.cli.commands import app
from visitwire_alerting.delivery import delivery_history
from visitwire_alerting.service import open_alerting
from visitwire_alerting.storage.database import reading, writing
from visitwire_alerting.storage.database_clock import now
from visitwire_alerting.storage.delivery_tables import deliveries, delivery_alerts
from visitwire_alerting.storage.ledger_tables import alerts
from visitwire_runtime.settings import Settings

MADE = (("delivered", 50), ("failed", 5), ("delivered", 3), ("pending", 1))
"""The state of each delivery, and its age in hours."""


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The ledger of the commands' settings, with the deliveries `MADE`, numbered from 1."""
    monkeypatch.setenv("VISITWIRE_DATA_DIR", str(tmp_path))
    opened = open_alerting(Settings()).engine
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
        (["--since", "6h", "--until", "4h", "--yes"], 0, "1 delivery will be sent again"),
        (["--since", "6h", "--until", "1h", "--yes", "--state", "delivered"], 0, "1 delivery will be sent again"),
        (["--since", "3d", "--yes"], 0, "1 delivery will be sent again"),
        (["--since", "3d", "--state", "any", "--yes"], 0, "3 deliveries will be sent again"),
        (["--since", "3d", "--state", "any", "--dry-run"], 0, "3 deliveries would be sent again"),
        (["--since", "3d", "--subscription", "other"], 0, "0 deliveries will be sent again"),
        (["--since", "3d", "--tenant", "other"], 0, "0 deliveries will be sent again"),
        (["--since", "3d"], 1, "without a terminal, add --yes"),
        (["--since", "3d", "--state", "sent"], 2, "is not a state"),
        (["1"], 0, "1 delivery will be sent again"),
        (["2"], 0, "1 delivery will be sent again"),
        (["4"], 1, "delivery 4 has not ended"),
        ([], 1, "give a number, or use --since"),
        (["--since", "yesterdayish"], 2, "is not a time"),
    ],
)
def test_which_are_sent_again(engine: Engine, asked: list[str], code: int, words: str) -> None:
    result = CliRunner().invoke(app, ["deliveries", "replay", *asked])
    assert (result.exit_code, words in result.output) == (code, True), result.output


def test_they_wait_in_their_order_as_replays_and_are_replayed_no_further(engine: Engine) -> None:
    for _ in range(2):
        CliRunner().invoke(app, ["deliveries", "replay", "--since", "3d", "--state", "any", "--yes"])
    listed = CliRunner().invoke(app, ["deliveries", "list", "--state", "pending", "--json"]).output.splitlines()
    assert [json.loads(line)["replay"] for line in reversed(listed)] == [False, *[True] * 6]


@pytest.mark.parametrize(("answer", "pending"), [("y", 2), ("n", 1)])
def test_a_range_goes_out_only_if_whoever_is_there_says_yes(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, answer: str, pending: int
) -> None:
    monkeypatch.setattr("visitwire_alerting.cli.deliveries.at_terminal", lambda: True)
    asked = CliRunner().invoke(app, ["deliveries", "replay", "--since", "3d"], input=f"{answer}\n")
    assert "Send 1 delivery again?" in asked.output
    with reading(engine) as connection:
        waiting = delivery_history.list_deliveries(connection, state="pending")
    assert len(waiting) == pending


def test_a_dry_run_sends_nothing(engine: Engine) -> None:
    CliRunner().invoke(app, ["deliveries", "replay", "--since", "3d", "--state", "any", "--dry-run", "--yes"])
    with reading(engine) as connection:
        assert len(delivery_history.list_deliveries(connection, state="pending")) == 1
