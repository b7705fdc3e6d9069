"""Logs are lines of JSON on standard error, and hold no secrets."""

import json
import logging
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import structlog
from visitwire_runtime import logs


@pytest.fixture(autouse=True)
def _restored() -> object:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def test_lines_are_json_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    structlog.get_logger().info(
        "sent", url="https://desk:hunter2@example.org/a", api_key="hunter2", headers={"Authorization": "hunter2"}, n=1
    )
    logging.getLogger("other").warning("to amqp://u:hunter2@host")
    out, err = capsys.readouterr()
    first, second = map(json.loads, err.splitlines())
    assert out == ""
    assert {name: first[name] for name in ("event", "url", "api_key", "headers", "n", "level")} == {
        "event": "sent",
        "url": "https://***@example.org/a",
        "api_key": "***",
        "headers": {"Authorization": "***"},
        "n": 1,
        "level": "info",
    }
    assert second["event"] == "to amqp://***@host"


def test_less_than_the_level_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("error")
    structlog.get_logger().warning("nothing")
    assert capsys.readouterr().err == ""


def heard(times: Sequence[tuple[float, str, int, str]], capsys: pytest.CaptureFixture[str], level: str) -> list[str]:
    """Which of the words are let through: (seconds, logger, level, words)."""
    logs.configure(level)
    for at, name, number, words in times:
        record = logging.LogRecord(name, number, "", 0, words, None, None)
        record.created = 1_000_000.0 + at
        logging.getLogger(name).handle(record)
    return [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()]


ATTEMPTS = [
    (0.0, "kafka.net.manager", logging.WARNING, "not ready"),
    (0.1, "kafka.net.manager", logging.ERROR, "refused"),
    (0.2, "kafka.net.connection", logging.ERROR, "lost"),
    (0.3, "aiokafka", logging.ERROR, "of the other library"),
    (0.4, "ours", logging.ERROR, "ours"),
    (0.5, "ours", logging.ERROR, "ours again"),
    (59.9, "kafka.net.manager", logging.ERROR, "still refused"),
    (60.2, "kafka.net.manager", logging.ERROR, "refused after a minute"),
    (60.3, "kafka.net.manager", logging.WARNING, "not ready"),
]


def test_a_broker_that_is_away_is_one_line_of_the_library_a_minute(capsys: pytest.CaptureFixture[str]) -> None:
    want = ["not ready", "refused", "of the other library", "ours", "ours again", "refused after a minute"]
    assert heard(ATTEMPTS, capsys, "info") == want


def test_a_server_without_descriptors_is_one_line_a_minute(capsys: pytest.CaptureFixture[str]) -> None:
    """asyncio tries to accept as often as the backlog is long, each second."""
    full = "socket.accept() out of system resource\nsocket: 9"
    ended = "Exception in callback BaseSelectorEventLoop._start_serving(...)"
    said = [(number / 100, "asyncio", logging.ERROR, full) for number in range(500)]
    said += [(6.0, "asyncio", logging.ERROR, "Task exception was never retrieved")] * 2
    said += [(7.0, "asyncio", logging.ERROR, ended)] * 3
    assert heard(said, capsys, "info") == [full, *["Task exception was never retrieved"] * 2, ended]


def test_who_looks_for_a_bug_hears_it_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert heard(ATTEMPTS, capsys, "debug") == [words for *_, words in ATTEMPTS]


MIGRATING = """
from visitwire_runtime import logs
logs.configure()
from visitwire_alerting.storage.database import open_database
from visitwire_alerting.migrate import migrate
engine = open_database("sqlite:///ledger.sqlite")
migrate(engine)
engine.dispose()
"""


def test_a_new_database_is_made_without_a_word(tmp_path: Path) -> None:
    made = subprocess.run([sys.executable, "-c", MIGRATING], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert (made.stdout, made.stderr, (tmp_path / "ledger.sqlite").exists()) == ("", "", True)
