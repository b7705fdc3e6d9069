"""Whatever happens to a message, it ends as records or as one dead letter."""

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from visitwire_runtime import AnyStage, InvalidMessage, Stage, Unavailable
from visitwire_runtime.backoff import Backoff
from visitwire_runtime.carrier import Carried, Carrier
from visitwire_runtime.dead_letters import Limit, ProducedRecord, TooManyDeadLetters
from visitwire_schemas import STORIES, EnrichedStory, Record, Story, Topic

from tests.helpers.factories import make_story
from tests.unit.runtime.stages import LOUD, WORDS, Word, in_batches, shout, stage_of

AT_ONCE = Backoff(0, 0)


def delivery(text: str, offset: int = 0) -> ProducedRecord:
    return ProducedRecord(WORDS.encode(Word(text=text)), WORDS.name, 3, offset)


def carried(
    stage: AnyStage, deliveries: Sequence[ProducedRecord], spool: Path, limit: Limit | None = None
) -> list[Carried]:
    carrier = Carrier(stage, spool=spool, backoff=AT_ONCE, limit=limit)
    try:
        with capture_logs():
            return asyncio.run(carrier.carry(deliveries))
    finally:
        carrier.close()


def words(outcomes: Iterable[Carried]) -> list[list[str]]:
    return [[LOUD.decode(record).text for record in outcome.records] for outcome in outcomes]


def reasons(outcomes: Iterable[Carried]) -> list[str | None]:
    return [outcome.dead and outcome.dead.reason for outcome in outcomes]


def test_one_message_gives_its_records(tmp_path: Path) -> None:
    assert words(carried(shout(), [delivery("hi")], tmp_path)) == [["HI!"]]


def test_a_stage_may_give_none_or_many(tmp_path: Path) -> None:
    stage = stage_of(lambda word: [Word(text=letter) for letter in word.text if letter != "x"])
    assert words(carried(stage, [delivery("xax"), delivery("x"), delivery("bc")], tmp_path)) == [["a"], [], ["b", "c"]]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"{", "This record of words-v1 is not a Word: Invalid JSON: EOF while parsing an object at line 1 column 1."),
        (b"[1]", "This record of words-v1 is not a Word: Input should be an object."),
        (b'{"topic": 1}', "This record of words-v1 is not a Word: text: Field required (1 more faults)."),
        (b"\xff\x00", "This record of words-v1 is not a Word: Invalid JSON: expected value at line 1 column 1."),
        (None, "This record of words-v1 is not a Word: Invalid JSON: EOF while parsing a value at line 1 column 0."),
    ],
)
def test_a_record_that_carries_no_message_is_a_dead_letter(tmp_path: Path, raw: bytes | None, reason: str) -> None:
    bad = ProducedRecord(Record(b"k\xff", raw, (("provider", b"\x00"),)), WORDS.name, 1, 7)
    outcomes = carried(shout(), [bad, delivery("next")], tmp_path)
    assert reasons(outcomes) == [reason, None]
    assert words(outcomes) == [[], ["NEXT!"]]
    letter = outcomes[0].dead
    assert letter is not None
    assert (letter.topic, letter.partition, letter.offset, letter.key) == ("words-v1", 1, 7, "k\\xff")
    assert (letter.raw, letter.headers, letter.raw_size) == (raw or b"", (("provider", b"\x00"),), len(raw or b""))


def test_the_stage_says_why_in_its_own_words(tmp_path: Path) -> None:
    def handle(word: Word) -> Iterable[Word]:
        raise InvalidMessage("It holds no text.")

    [outcome] = carried(stage_of(handle), [delivery("a")], tmp_path)
    assert outcome.dead is not None
    assert (outcome.dead.reason, outcome.dead.error) == ("It holds no text.", "InvalidMessage")


def test_a_bug_is_logged_once_with_its_place_and_dead_lettered(tmp_path: Path) -> None:
    def handle(word: Word) -> Iterable[Word]:
        yield word
        raise KeyError("nobody")

    carrier = Carrier(stage_of(handle), spool=tmp_path)
    with capture_logs() as logs:
        [outcome] = asyncio.run(carrier.carry([delivery("a", offset=9)]))
    carrier.close()
    assert outcome.records == ()
    assert outcome.dead is not None
    assert outcome.dead.error == "KeyError"
    assert outcome.dead.reason == "The stage failed on it, which is a bug: KeyError: 'nobody'"
    [line] = logs
    assert {name: line[name] for name in ("stage", "topic", "partition", "offset", "key", "log_level")} == {
        "stage": "shout",
        "topic": "words-v1",
        "partition": 3,
        "offset": 9,
        "key": "all",
        "log_level": "error",
    }


def test_what_is_unavailable_is_tried_again_in_place(tmp_path: Path) -> None:
    seen: list[str] = []

    def handle(word: Word) -> Iterable[Word]:
        seen.append(word.text)
        if len(seen) < 4:
            raise Unavailable("the store is locked")
        yield word

    assert words(carried(stage_of(handle), [delivery("a"), delivery("b")], tmp_path)) == [["a"], ["b"]]
    assert seen == ["a", "a", "a", "a", "b"]


def test_a_batch_is_handled_at_once(tmp_path: Path) -> None:
    sizes: list[int] = []

    def many(batch: Sequence[Word]) -> Sequence[Iterable[Word]]:
        sizes.append(len(batch))
        return [[Word(text=word.text * 2)] for word in batch]

    stage = in_batches(_never, many)
    assert words(carried(stage, [delivery("a"), delivery("b"), delivery("c")], tmp_path)) == [["aa"], ["bb"], ["cc"]]
    assert sizes == [3]


def test_one_bad_message_costs_the_rest_of_its_batch_nothing(tmp_path: Path) -> None:
    def handle(word: Word) -> Iterable[Word]:
        if word.text == "bad":
            raise ValueError("no")
        yield word

    def many(batch: Sequence[Word]) -> Sequence[Iterable[Word]]:
        return [list(handle(word)) for word in batch]

    batch = [delivery("a"), delivery("bad"), ProducedRecord(Record(b"k", b"{"), WORDS.name), delivery("b")]
    outcomes = carried(in_batches(handle, many), batch, tmp_path)
    assert words(outcomes) == [["a"], [], [], ["b"]]
    assert [outcome.dead and outcome.dead.error for outcome in outcomes] == [
        None,
        "ValueError",
        "InvalidMessage",
        None,
    ]


def test_a_batch_that_gives_too_few_is_carried_one_by_one(tmp_path: Path) -> None:
    stage = in_batches(lambda word: [word], lambda batch: [batch[:1]])
    assert words(carried(stage, [delivery("a"), delivery("b")], tmp_path)) == [["a"], ["b"]]


def test_output_larger_than_its_topic_takes_is_a_dead_letter(tmp_path: Path) -> None:
    outcomes = carried(stage_of(lambda word: [Word(text=word.text * 600)]), [delivery("ab"), delivery("a")], tmp_path)
    assert reasons(outcomes) == [
        "What shout made of it, 0.0 MB, is larger than loud-words-v1 takes (0.0 MB).",
        None,
    ]


def test_enriched_stories_are_traced(tmp_path: Path) -> None:
    parsed = Topic("parsed-v1", EnrichedStory, key=lambda story: story.key, about="Parsed")

    def handle(story: Story) -> Iterable[EnrichedStory]:
        yield EnrichedStory(story=story)

    stage = Stage("extraction", STORIES, parsed, handle, version="7")
    [outcome] = carried(stage, [ProducedRecord(STORIES.encode(make_story()), STORIES.name)], tmp_path)
    [row] = parsed.decode(outcome.records[0]).trace
    assert (row.stage, row.version, row.milliseconds >= 0) == ("extraction", "7", True)


@pytest.mark.parametrize(
    ("verdicts", "stopped"),
    [
        ("x" * 4, False),
        ("x" * 5, True),
        ("xxxx.xxxx.", False),
        ("x.x." * 3, False),
        ("xx." * 10, True),
    ],
)
def test_the_limit_counts_a_row_and_a_share(verdicts: str, stopped: bool) -> None:
    limit = Limit(share=0.6, window=20, row=5)
    assert _stops(limit, verdicts) == stopped


def test_too_many_dead_letters_stop_the_stage(tmp_path: Path) -> None:
    carrier = Carrier(shout(), spool=tmp_path, limit=Limit(row=2))
    with capture_logs():
        outcomes = asyncio.run(carrier.carry([ProducedRecord(Record(None, b"{"), WORDS.name)] * 2))
    carrier.settle(outcomes[0])
    with pytest.raises(TooManyDeadLetters, match="2 messages in a row went to the dead letters"):
        carrier.settle(outcomes[1])
    carrier.close()


def test_the_waits_double_up_to_the_most() -> None:
    backoff = Backoff(1, 30)
    waits = [backoff.after(attempt) for attempt in (0, 1, 2, 10, 10_000)]
    assert all(0.8 * want <= wait <= 1.2 * want for wait, want in zip(waits, (1, 2, 4, 30, 30), strict=True))


def _stops(limit: Limit, verdicts: str) -> bool:
    try:
        for verdict in verdicts:
            limit.count(verdict == "x")
    except TooManyDeadLetters:
        return True
    return False


def _never(word: Word) -> Iterable[Word]:
    raise AssertionError(word)
