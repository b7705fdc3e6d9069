"""Logs are lines of JSON on standard error, and hold no secrets."""

import json
import logging

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
