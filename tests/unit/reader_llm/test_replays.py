"""The memory: a replay costs nothing and gives the same bytes, whoever lies, is away, or has spent the day's budget."""

import itertools
import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from visitwire_reader_llm import budget
from visitwire_reader_llm.memory import Forgetful, Kept, Key, Memory
from visitwire_runtime import database as runtime
from visitwire_schemas import EnrichedStory

from tests.unit.reader_llm.conftest import TRUE, Bench, bench, database
from tests.unit.reader_llm.model_server import Asked, Said, Script, answered, failed, visits


def bytes_of(stories: list[EnrichedStory]) -> list[str]:
    return [story.model_dump_json() for story in stories]


def moody() -> Script:
    """Never the same twice: a visit, nothing, nonsense, an error."""
    turn = itertools.cycle([visits(TRUE), visits(), answered("no"), failed(400), visits(TRUE | {"visitor": "e99"})])
    return lambda asked: next(turn)


def test_a_replay_asks_nobody_and_gives_the_same_bytes(many: list[EnrichedStory], tmp_path: Path) -> None:
    with bench(moody(), database(tmp_path), is_joint=True) as it:
        once = bytes_of(it.settle(*many[:20]))
        again = bytes_of(it.settle(*many[:20]))
    with bench(moody(), database(tmp_path), is_joint=True) as other:
        later = bytes_of(other.settle(*reversed(many[:20])))
    assert (len(it.model.asked), other.model.asked) == (20, [])
    assert once == again == later[::-1]


def test_that_nobody_answered_is_remembered_too(story: EnrichedStory, tmp_path: Path) -> None:
    with bench(lambda asked: failed(500), database(tmp_path), pause=0) as it:
        once = bytes_of(it.settle(story))
    with bench(lambda asked: visits(TRUE), database(tmp_path)) as other:
        again = bytes_of(other.settle(story))
    assert (once, other.model.asked) == (again, [])


def test_who_wants_to_may_ask_again(story: EnrichedStory, tmp_path: Path) -> None:
    with bench(lambda asked: failed(500), database(tmp_path), pause=0) as it:
        it.settle(story)
    with bench(lambda asked: visits(TRUE), database(tmp_path), ask_again=True) as other:
        [first], [second] = other.settle(story), other.settle(story)
    assert (len(other.model.asked), first.read_by[0].spoke) == (1, True)
    assert first == second


def test_another_version_of_the_story_or_model_is_another_question(story: EnrichedStory, tmp_path: Path) -> None:
    changed = story.model_copy(update={"story": story.story.model_copy(update={"headline": "Andrade off to India"})})
    for model in ("one", "two"):
        with bench(lambda asked: visits(TRUE), database(tmp_path), model=model) as it:
            it.settle(story, changed)
            it.settle(changed, story)
        assert len(it.model.asked) == 2


def test_a_story_that_comes_twice_at_once_is_asked_about_once(story: EnrichedStory) -> None:
    with bench(lambda asked: visits(TRUE)) as it:
        first, second = it.settle(story, story)
    assert (len(it.model.asked), first) == (1, second)


def spending(stories: list[EnrichedStory], **options: float) -> tuple[list[str | None], list[Asked]]:
    with bench(lambda asked: visits(), now=lambda: datetime(2026, 3, 2, tzinfo=UTC), **options) as it:
        found = [it.settle(story)[0].read_by[-1].why for story in stories]
    return found, it.model.asked


def test_when_the_days_tokens_are_spent_the_embedded_reader_goes_on_alone(many: list[EnrichedStory]) -> None:
    """A story uses 960; before it is sent, more than that is put aside."""
    found, asked = spending(many[:6], tokens_a_day=4500)
    assert found == [None, None, None, "budget", "budget", "budget"]
    assert len(asked) == 3


def test_when_the_days_money_is_spent_too(many: list[EnrichedStory]) -> None:
    found, _ = spending(many[:4], money_a_day=0.0045, price_prompt=1.0, price_answer=2.0)
    assert found == [None, None, "budget", "budget"]


def test_the_next_day_has_a_budget_of_its_own(many: list[EnrichedStory]) -> None:
    days = [datetime(2026, 3, 2, 23, 59, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)]
    now = [days[0]]
    with bench(lambda asked: visits(), now=lambda: now[0], tokens_a_day=2800) as it:
        first = [it.settle(story)[0].read_by[-1].why for story in many[:2]]
        now[0] = days[1]
        second = it.settle(many[2])[0].read_by[-1].why
    assert (first, second) == ([None, "budget"], None)


def test_all_at_once_spend_no_more_than_the_day_has(many: list[EnrichedStory], tmp_path: Path) -> None:
    with bench(lambda asked: visits(), database(tmp_path), tokens_a_day=12_000) as it:
        it.settle(*many)
        memory = Memory(database(tmp_path))
        spent = memory.spent(datetime.now(UTC).date().isoformat())
        memory.close()
    assert 0 < len(it.model.asked) < len(many)
    assert spent.tokens == 960 * len(it.model.asked)


def test_a_server_that_does_not_count_is_charged_what_was_put_aside(story: EnrichedStory, tmp_path: Path) -> None:
    with bench(lambda asked: answered(json.dumps({"visits": []}), usage=None), database(tmp_path)) as it:
        it.settle(story)
        memory = Memory(database(tmp_path))
        spent = memory.spent(datetime.now(UTC).date().isoformat())
        memory.close()
    assert spent.tokens > 1024


def test_a_request_that_came_to_nothing_is_charged_where_it_may_have_been_worked_on(
    story: EnrichedStory, tmp_path: Path
) -> None:
    def tokens(said: Said, name: str) -> int:
        (tmp_path / name).mkdir()
        with bench(lambda asked: said, database(tmp_path / name), tries=1) as it:
            it.settle(story)
            memory = Memory(database(tmp_path / name))
            found = memory.spent(datetime.now(UTC).date().isoformat()).tokens
            memory.close()
        return found

    assert tokens(failed(500), "refused") == 0
    assert tokens(Said(visits().body, cut=True), "cut") > 1024


@pytest.fixture
def warned(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, object]]:
    """What the budget warns of, with the day."""
    said: list[tuple[str, object]] = []
    monkeypatch.setattr(budget.log, "warning", lambda event, **fields: said.append((event, fields["day"])))
    return said


def shares(it: Bench) -> dict[str, float]:
    families = it.panel.llm.metrics.collectors[4].collect()
    return {sample.labels["of"]: sample.value for family in families for sample in family.samples}


def test_at_four_fifths_of_the_budget_the_log_says_so_once(
    many: list[EnrichedStory], warned: list[tuple[str, object]]
) -> None:
    with bench(lambda asked: visits(), tokens_a_day=6000, now=lambda: datetime(2026, 3, 2, tzinfo=UTC)) as it:
        for story in many[:5]:
            it.settle(story)
        assert warned == [("llm_budget_nearly_spent", "2026-03-02")]
        assert 0.6 < shares(it)["tokens"] < 1
        for story in many[5:8]:
            it.settle(story)
    assert warned[1:] == [("llm_budget_spent", "2026-03-02")]


@pytest.mark.parametrize("most", [0, 1000, 2500])
def test_a_budget_that_goes_past_both_marks_at_once_is_warned_of_too(
    many: list[EnrichedStory], warned: list[tuple[str, object]], most: int
) -> None:
    """The first story or none fits into it, and what is used stays below four fifths."""
    days = [datetime(2026, 3, day, tzinfo=UTC) for day in (2, 3)]
    now = [days[0]]
    with bench(lambda asked: visits(), now=lambda: now[0], tokens_a_day=most) as it:
        for now[0] in days:
            it.settle(*many[now[0].day : now[0].day + 8 : 2])
            assert (shares(it)["tokens"], shares(it)["money"]) == (1, 0)
    events = ("llm_budget_nearly_spent", "llm_budget_spent")
    assert warned == [(event, f"2026-03-0{day}") for day in (2, 3) for event in events]


KEYS = [Key(str(number), "m", "p") for number in range(20)]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return database(tmp_path) if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


def test_workers_that_share_a_memory_agree(url: str) -> None:
    """Eight at once: one budget, one answer a question, whoever is first."""
    memories = [Memory(url) for _ in range(8)]

    def work(number: int) -> tuple[list[Kept], int]:
        memory = memories[number]
        kept = [memory.keep(key, Kept(f"by {number}"), "wire|s") for key in KEYS]
        return kept, sum(memory.take("2026-03-02", 10, 0.0, 300, None) for _ in range(20))

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(work, range(8)))
    spent = memories[0].spent("2026-03-02")
    for memory in memories:
        memory.close()
    assert all(kept == found[0][0] for kept, _ in found)
    assert (sum(taken for _, taken in found), spent.tokens) == (30, 300)


def test_a_memory_that_is_away_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory(database(tmp_path))
    monkeypatch.setattr(runtime, "BUSY", 0.05)
    with sqlite3.connect(tmp_path / "llm.sqlite") as other:
        other.execute("begin immediate")
        with pytest.raises(Forgetful, match="locked"):
            memory.spent("2026-03-02")
    memory.close()
    other.close()


def test_without_its_memory_nobody_is_asked(story: EnrichedStory, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(self: Memory, key: Key) -> Kept | None:
        raise Forgetful("locked")

    with bench(lambda asked: visits(TRUE)) as it:
        monkeypatch.setattr(Memory, "kept", away)
        [found] = it.settle(story)
    assert (it.model.asked, found.read_by[1].why, len(found.visits)) == ([], "away", 3)


def test_answers_go_with_their_story_and_with_the_years(many: list[EnrichedStory], tmp_path: Path) -> None:
    def asked(day: int, *stories: EnrichedStory) -> int:
        now = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=day)
        with bench(lambda asked: visits(), database(tmp_path), kept=30, now=lambda: now) as it:
            it.settle(*stories)
        return len(it.model.asked)

    assert (asked(0, *many[:3]), asked(1, *many[:3])) == (3, 0)
    memory = Memory(database(tmp_path))
    assert [memory.forget_stories([many[0].key, "nobody|nothing"]), memory.forget_stories([many[0].key])] == [1, 0]
    memory.close()
    assert asked(2, *many[:3]) == 1
    written = datetime.now(UTC) - datetime(2026, 3, 2, tzinfo=UTC)  # answers bear the day on which they are written
    assert asked(written.days + 32, *many[:3]) == 3
