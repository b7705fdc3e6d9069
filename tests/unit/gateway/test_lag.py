"""What waits in front of the stages is told at once, though the broker may not answer for long."""

import threading

import pytest
from kafka.errors import KafkaTimeoutError  # type: ignore[import-untyped]
from visitwire_gateway.model.lag import SharedAnswer
from visitwire_runtime.stage import Unavailable

PATIENCE = 0.01


def test_a_page_does_not_wait_for_a_broker_that_does_not_answer() -> None:
    answers, asked = threading.Event(), list[int]()

    def ask() -> dict[str, int]:
        asked.append(1)
        answers.wait()
        return {"visits": 3}

    lag = SharedAnswer(ask, PATIENCE)
    for _ in range(3):  # for ever, if it waited
        with pytest.raises(Unavailable, match="has not answered yet"):
            lag.told()
    assert asked == [1]
    asking = lag._asking
    answers.set()
    assert asking is not None
    assert asking.wait(30)
    assert lag.told() == {"visits": 3}
    assert asked == [1]


def test_why_there_is_no_answer_is_remembered() -> None:
    asked = list[int]()

    def ask() -> dict[str, int]:
        asked.append(1)
        raise KafkaTimeoutError("nobody there")

    lag = SharedAnswer(ask, patience=30)
    for _ in range(2):
        with pytest.raises(Unavailable, match="nobody there"):
            lag.told()
    assert asked == [1]
