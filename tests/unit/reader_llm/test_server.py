"""What a server may do to us: errors, silence, cut and wrong replies, refusals; and what then becomes of the story."""

import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from visitwire_reader_llm.memory import Memory
from visitwire_reader_llm.options import Options
from visitwire_reader_llm.reader import LlmReader
from visitwire_schemas import EnrichedStory
from visitwire_visits.stage import default, find

from tests.unit.reader_llm.conftest import QUICK, TRUE, bench
from tests.unit.reader_llm.model_server import Asked, Said, Script, answered, failed, story_in, visits


def first(*replies: Said) -> Script:
    """A script that gives one reply after the other, and the last one ever after."""
    left, lock = list(replies), threading.Lock()

    def script(asked: Asked) -> Said:
        with lock:
            return left.pop(0) if len(left) > 1 else left[0]

    return script


def test_the_request_is_of_the_protocol(story: EnrichedStory) -> None:
    with bench(lambda asked: visits(), extra={"max_tokens": None, "max_completion_tokens": 99, "seed": 1}) as it:
        it.hear(story)
    [asked] = it.model.asked
    assert asked["path"] == "/v1/chat/completions"
    assert {name: asked[name] for name in ("model", "temperature", "stream", "max_completion_tokens", "seed")} == {
        "model": "scripted",
        "temperature": 0,
        "stream": False,
        "max_completion_tokens": 99,
        "seed": 1,
    }
    assert "max_tokens" not in asked
    assert [one["role"] for one in asked["messages"]] == ["system", "user"]
    assert asked["response_format"]["json_schema"]["strict"] is True


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 529])
def test_what_may_pass_is_tried_again(story: EnrichedStory, status: int) -> None:
    with bench(first(failed(status), failed(status), visits(TRUE))) as it:
        [found] = it.settle(story)
    assert (len(it.model.asked), [visit.readers for visit in found.visits]) == (3, [("llm",)])


@pytest.mark.parametrize(
    ("replies", "why", "tries"),
    [
        ([failed(500)], "away", 3),
        ([failed(429, retry_after="3600")], "late", 1),
        ([failed(401)], "away", 1),
        ([failed(404)], "away", 1),
        ([failed(302, location="http://127.0.0.1:9/")], "away", 1),
        ([failed(302, location="http://xn--/")], "away", 3),
        ([failed(302, location="javascript:1")], "away", 3),
        ([answered('{"visits": []} \ud800')], "unusable", 1),
        ([answered('{"visits": []} \0')], "unusable", 1),
        ([failed(429, retry_after="inf")], "late", 1),
        ([failed(400)], "unusable", 1),
        ([failed(413)], "unusable", 1),
        ([Said(visits(TRUE).body, cut=True)], "away", 3),
        ([answered("Sure! Here are the visits.")], "unusable", 1),
        ([answered('{"visits": ')], "unusable", 1),
        ([answered('{"journeys": []}')], "unusable", 1),
        ([answered("[]")], "unusable", 1),
        ([answered("[" * 100_000)], "unusable", 1),
        ([answered(None)], "unusable", 1),
        ([answered(None, refusal="I cannot help with that.")], "refused", 1),
        ([answered('{"visits": []}', finish="content_filter")], "refused", 1),
        ([answered('{"visits": []}', finish="length")], "unusable", 1),
        ([Said(b"<html>gateway</html>")], "unusable", 1),
        ([Said(b'{"choices": []}')], "unusable", 1),
        ([Said(b'{"choices": [{"message": 7}]}')], "unusable", 1),
        ([Said(b"x" * 3_000_000)], "unusable", 1),
    ],
)
def test_without_an_answer_the_embedded_reader_speaks(
    story: EnrichedStory, replies: list[Said], why: str, tries: int
) -> None:
    with bench(first(*replies), timeout=1.5) as it:
        [found] = it.settle(story)
    rules, llm = found.read_by
    assert len(it.model.asked) == tries
    assert ((rules.reader, rules.spoke), (llm.reader, llm.spoke, llm.why)) == (("rules", True), ("llm", False, why))
    assert found.visits == find(story).visits


@pytest.mark.parametrize("fence", ["```json\n{}\n```", "```\n{}\n```\n"])
def test_a_fenced_answer_is_read(story: EnrichedStory, fence: str) -> None:
    with bench(lambda asked: answered(fence.replace("{}", json.dumps({"visits": [TRUE]})))) as it:
        [found] = it.settle(story)
    assert [visit.readers for visit in found.visits] == [("llm",)]


@pytest.fixture
def held() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_a_server_that_says_nothing_costs_one_limit_and_then_a_pause(
    many: list[EnrichedStory], held: threading.Event
) -> None:
    with bench(lambda asked: Said(visits().body, held=held), timeout=1.5, at_once=4, pause=3600) as it:
        found, later = it.settle(*many[:6]), it.settle(*many[6:9])
    assert len(it.model.asked) == 4
    assert [one.read_by[1].why for one in found] == ["late"] * 6
    assert [one.read_by[1].why for one in later] == ["away"] * 3
    assert [one.visits for one in (*found, *later)] == [find(one).visits for one in many[:9]]


def test_a_server_that_drips_is_cut_off_at_the_limit(story: EnrichedStory) -> None:
    """One byte now and then never runs into a limit between two bytes."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
                while not stop.wait(0.02):
                    try:
                        connection.sendall(b" ")
                    except OSError:
                        return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        reader = LlmReader(Options(url, "m", timeout=0.4, backoff=QUICK), Memory("sqlite://"), default())
        [heard] = reader.hear([story], [default().read(story)])
        stop.set()
        thread.join()
        reader.close()
    assert heard.read_by[0].why == "late"


def test_no_more_are_asked_at_once_than_may_be(many: list[EnrichedStory]) -> None:
    turn = threading.Barrier(3, timeout=20)

    def script(asked: Asked) -> Said:
        turn.wait()  # goes on only when three are there together
        return visits()

    with bench(script, at_once=3) as it:
        found = it.settle(*many[:6])
    assert (it.model.most_at_once, len(it.model.asked)) == (3, 6)
    assert all(one.read_by[0].spoke for one in found)


def test_nothing_is_sent_of_a_story_in_which_nothing_may_tell_of_a_visit(parsed: Any) -> None:
    [quiet] = parsed(["Rain fell on the fields of Brazil. Wheat prices rose by 3 per cent."])
    with bench(lambda asked: visits(TRUE)) as it:
        [found] = it.settle(quiet)
    assert (it.model.asked, found.visits, found.read_by[1].why) == ([], (), "gate")


def test_a_story_that_nobody_reads_is_not_sent(story: EnrichedStory) -> None:
    foreign = story.model_copy(update={"story": story.story.model_copy(update={"language": "fr"})})
    with bench(lambda asked: visits(TRUE)) as it:
        [found] = it.settle(foreign)
    assert (it.model.asked, found.unread, found.read_by, found.visits) == ([], "fr", (), ())


def test_a_long_story_is_cut_at_a_line(parsed: Any) -> None:
    [long] = parsed(["President Lucas Andrade of Brazil will visit India on Monday.\n" * 20])
    with bench(lambda asked: visits(), most_chars=500) as it:
        it.hear(long)
    sent = story_in(it.model.asked[0])["text"]
    assert len(sent) <= 500
    assert sent.endswith("on Monday.")
