"""Work that does not end is given up, whether it runs Python or waits outside of it, and the next is done."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
from structlog.testing import capture_logs
from visitwire_runtime.carrier import Carrier
from visitwire_runtime.consumer_check import IDLE, SILENT, Patience
from visitwire_runtime.worker_thread import Overdue, WorkerThread

from tests.unit.runtime.stages import Word, in_batches, stage_of
from tests.unit.runtime.test_carry import AT_ONCE, delivery, reasons, words

PATIENCE = 0.3


def spin(ended: Event) -> None:
    try:
        while True:
            pass
    finally:
        ended.set()


def test_python_is_interrupted_and_the_next_work_is_done() -> None:
    async def scenario() -> str:
        hand, ended = WorkerThread("test"), Event()
        with pytest.raises(Overdue):
            await hand.do(lambda: spin(ended), PATIENCE)
        assert await asyncio.to_thread(ended.wait, 10)
        result = await hand.do(lambda: "next", 10)
        hand.close()
        return result

    assert asyncio.run(scenario()) == "next"


def test_what_waits_outside_of_python_is_left_behind_and_keeps_nothing_from_ending() -> None:
    async def scenario() -> str:
        hand = WorkerThread("test")
        with pytest.raises(Overdue):
            await hand.do(Event().wait, PATIENCE)
        result = await hand.do(lambda: "next", 10)
        hand.close()
        return result

    assert asyncio.run(scenario()) == "next"


def test_an_error_is_the_works_own() -> None:
    async def scenario() -> None:
        await WorkerThread("test").do(lambda: [][0], 10)

    with pytest.raises(IndexError):
        asyncio.run(scenario())


def hang(word: Word) -> Iterable[Word]:
    if word.text == "hang":
        Event().wait()
    yield Word(text=word.text.upper())


@pytest.mark.parametrize(
    "stage", [stage_of(hang), in_batches(hang, lambda words: [list(hang(word)) for word in words])]
)
def test_a_message_that_hangs_is_a_dead_letter_after_two_tries(stage: object, tmp_path: Path) -> None:
    carrier = Carrier(stage, spool=tmp_path, backoff=AT_ONCE, patience=PATIENCE)  # type: ignore[arg-type]
    with capture_logs() as logged:
        outcomes = asyncio.run(carrier.carry([delivery("a"), delivery("hang", 1), delivery("b", 2)]))
    carrier.close()
    assert words(outcomes) == [["A"], [], ["B"]]
    want = "The stage did not finish it in 0.3 s, 2 times: it hangs on it, which is a bug."
    assert reasons(outcomes) == [None, want, None]
    assert [(line["event"], len(line["records"])) for line in logged if line["event"] == "hung"] == [
        ("hung", 3),
        ("hung", 1),
        ("hung", 1),
    ]


def test_a_carrier_that_does_not_go_on_says_so(tmp_path: Path) -> None:
    carrier = Carrier(stage_of(hang), spool=tmp_path, patience=0)
    assert carrier.stopped() is None
    carrier._begun = monotonic() - 31
    assert carrier.stopped() == "a message is under way for 31 s"


@pytest.mark.parametrize(
    ("told", "idle", "want"),
    [
        ([(0, 0), (7, 0)], IDLE + 1, "7 records wait, and none was read for 61 s"),
        ([(7, 0), (7, 3)], IDLE + 1, None),
        ([(7, 0), (7, 0)], IDLE - 1, None),
        ([(7, 0), (0, 0)], IDLE + 1, None),
    ],
)
def test_records_that_wait_while_none_is_read_are_told(
    told: list[tuple[int, int]], idle: float, want: str | None
) -> None:
    patience = Patience()
    for lag, done in told[:-1]:
        patience.seen(lag, done)
    patience.moved -= idle
    assert patience.seen(*told[-1]) == want


def test_a_broker_that_is_silent_for_a_moment_is_not_told() -> None:
    patience = Patience()
    assert patience.late() is None
    patience.answered -= SILENT + 1
    assert round(patience.late() or 0) == 16
