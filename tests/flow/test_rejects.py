"""Whatever comes in ends as stories or as one clear dead letter, and the next story goes through."""

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from visitwire_runtime import AnyStage
from visitwire_runtime.embedded import Produced, run
from visitwire_schemas import FLOW, STORIES_ENRICHED, Message, Record, Row

from tests.helpers.factories import TEXT, make_item, make_story

MB = 1_000_000
GOOD = make_item(f"Andrade to visit India\n\nBRASILIA, March 2 (Test) - {TEXT}\n", name="good.txt")
BROKEN = {
    "broken": b'<?xml version="1.0"?>\n<nitf><head><title>Half a sto',
    "empty": b"",
    "binary": random.Random(7).randbytes(5000),
    "picture": b"\x89PNG\r\n\x1a\n" + random.Random(7).randbytes(500),
    "wrong charset": GOOD.raw.decode().encode("cp500"),
    "JSON of the wrong shape": b'{"hello": {"world": [1, 2, 3]}}',
    "JSON that is not an object": b"[1, 2, 3]",
}
POISON = (b"", b"\x00\xff\xfe", b"null", b"[]", b'{"story": 1}', b'{"uri": "x"', b'"' + b"x" * 1000)

type Suite = Callable[..., list[AnyStage]]


def through(stages: Sequence[AnyStage], *messages: Message | Record, spool: Path) -> Produced:
    return run(stages, messages, spool=spool)


@pytest.mark.parametrize("name", BROKEN)
def test_a_bad_file_is_one_dead_letter_with_its_bytes(suite: Suite, tmp_path: Path, name: str) -> None:
    bad = make_item(BROKEN[name], name=name)
    produced = through(suite("visits"), bad, GOOD, spool=tmp_path)
    (letter,) = produced.dead
    assert (letter.stage, letter.error, letter.topic, letter.raw) == (
        "ingestion",
        "InvalidMessage",
        "wire-items-v1",
        BROKEN[name],
    )
    assert is_one_sentence_or_two(letter.reason)
    (enriched,) = produced.messages(STORIES_ENRICHED)
    assert enriched.story.headline == "Andrade to visit India"


def test_30_mb_are_one_dead_letter_whose_bytes_lie_in_the_spool(suite: Suite, tmp_path: Path) -> None:
    raw = b"<nitf>" + b"x" * (30 * MB)
    produced = through(suite("visits"), make_item(raw), GOOD, spool=tmp_path)
    (letter,) = produced.dead
    assert (letter.stage, letter.error, letter.raw, letter.raw_size) == ("ingestion", "InvalidMessage", None, len(raw))
    assert "30.0 MB" in letter.reason
    assert letter.raw_path is not None
    assert Path(letter.raw_path).read_bytes() == raw
    assert len(produced.messages(STORIES_ENRICHED)) == 1


@pytest.mark.parametrize("row", FLOW[1:], ids=lambda row: str(row.stage))
def test_poison_on_a_topic_is_a_dead_letter_of_the_stage_that_reads_it(suite: Suite, tmp_path: Path, row: Row) -> None:
    stages = [stage for stage in suite() if stage.name == row.stage]
    produced = through(stages, *(Record(b"key", value) for value in POISON), spool=tmp_path)
    assert [(letter.stage, letter.topic, letter.key, letter.raw) for letter in produced.dead] == [
        (row.stage, row.source.name, "key", value) for value in POISON
    ]
    assert [letter for letter in produced.dead if not is_one_sentence_or_two(letter.reason)] == []


def test_a_story_that_is_too_large_once_parsed_is_a_dead_letter(suite: Suite, tmp_path: Path) -> None:
    story = make_story("word " * 200_000)
    stages = suite("visits")[1:]
    good = make_story(uri="s2")
    produced = through(stages, story, good, spool=tmp_path)
    assert [(letter.stage, letter.error) for letter in produced.dead] == [("extraction", "InvalidMessage")]
    assert [enriched.story.uri for enriched in produced.messages(STORIES_ENRICHED)] == ["s2"]


def is_one_sentence_or_two(reason: str) -> bool:
    return reason[:1].isupper() and reason.endswith((".", "!")) and len(reason) < 400 and "\n" not in reason
