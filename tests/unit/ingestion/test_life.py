"""The life of a story: any order, repetition and interleaving ends in the same state; the dead stay dead."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from visitwire_ingestion.life import KnownStory, StoryState, decide, digest, is_kill, rank
from visitwire_schemas import PubStatus, Revision, Story

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def story(version: int = 1, **fields: object) -> Story:
    values = {"provider": "mercury", "uri": "m:1", "version": version, "received": NOON, "text": f"Text {version}."}
    return Story.model_validate(values | {"versioncreated": NOON + timedelta(minutes=version)} | fields)


KILL = {"pubstatus": PubStatus.CANCELED, "revision": Revision.KILL}
versions = st.builds(
    lambda number, status, text, minute, dated: story(
        number, text=f"Text {text}.", received=NOON + timedelta(minutes=minute), versioncreated=dated, **status
    ),
    st.integers(1, 3),
    st.sampled_from([{}, {}, {}, {"pubstatus": PubStatus.WITHHELD}, KILL]),
    st.integers(1, 3),
    st.integers(0, 4),
    st.sampled_from([None, NOON, NOON - timedelta(hours=1), NOON.replace(year=2062)]),
)
deliveries = st.lists(st.tuples(versions, st.integers(0, 3)), min_size=1, max_size=12)


def run(arrivals: list[tuple[Story, str]], now: datetime = NOON) -> tuple[KnownStory, list[Story]]:
    known, passed = None, []
    for each, item in arrivals:
        verdict = decide(known, each, rank(each), item, now)
        known = verdict.known
        passed += [verdict.emit] if verdict.emit else []
    assert known is not None
    return known, passed


def end(known: KnownStory) -> tuple[StoryState, object]:
    """Where a story ends: its standing, and by which version unless it is dead."""
    return known.standing, None if known.standing == StoryState.KILLED else known.rank


@settings(max_examples=400)
@given(deliveries, st.randoms(use_true_random=False))
def test_any_order_and_repetition_ends_in_the_same_state(arrivals: list[tuple[Story, int]], random: object) -> None:
    given_order = [(each, str(number)) for number, (each, _) in enumerate(arrivals)]
    repeated = [pair for pair, (_, times) in zip(given_order, arrivals, strict=True) for _ in range(times + 1)]
    random.shuffle(repeated)  # type: ignore[attr-defined]
    assert end(run(given_order)[0]) == end(run(repeated)[0])


@settings(max_examples=400)
@given(st.lists(versions, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_last_receipt_of_the_highest_count_stands(arrivals: list[Story], random: object) -> None:
    """Whatever the dates say: of those received at one moment the date and a hold decide, as in one file."""
    alive = [each for each in arrivals if not is_kill(each)]
    random.shuffle(arrivals)  # type: ignore[attr-defined]
    known, _ = run([(each, str(number)) for number, each in enumerate(arrivals)])
    if len(alive) < len(arrivals):
        assert known.standing == StoryState.KILLED
    else:
        last = max((each.version, each.received) for each in alive)
        assert (known.rank[0], known.rank[1]) == (last[0], last[1].timestamp())


def corrected(*changes: dict[str, object]) -> list[str]:
    """The texts that are passed on of one story's deliveries, a minute apart."""
    found = [story(1, received=NOON + timedelta(minutes=minute), **each) for minute, each in enumerate(changes)]
    return [each.text for each in run([(each, str(place)) for place, each in enumerate(found)])[1]]


def test_a_correction_arrives_whatever_its_date() -> None:
    then, late = {"versioncreated": NOON}, {"versioncreated": NOON.replace(year=2062)}
    for number in range(20):
        assert corrected(then, then | {"text": f"Corrected {number}."}) == ["Text 1.", f"Corrected {number}."]
    earlier = {"versioncreated": NOON - timedelta(hours=1), "text": "An hour backwards."}
    assert corrected(then, earlier) == ["Text 1.", "An hour backwards."]
    assert corrected(late, then | {"text": "No."}) == ["Text 1.", "No."]
    nothing = {"versioncreated": None}
    assert corrected(nothing, nothing | {"text": "Two."}, nothing | {"text": "Three."}) == ["Text 1.", "Two.", "Three."]


def test_a_correction_that_is_taken_back_is_taken_back() -> None:
    assert corrected({}, {"text": "Two."}, {}) == ["Text 1.", "Two.", "Text 1."]


def test_a_receipt_that_came_again_counts_though_it_is_no_news() -> None:
    first, other = story(1), story(1, text="Other.", received=NOON + timedelta(minutes=1))
    again = story(1, received=NOON + timedelta(minutes=2))
    for order in ([first, other, again], [first, again, other], [again, first, other], [other, again, first]):
        known, _ = run([(each, str(each.received)) for each in order])
        assert known.rank == rank(again)


@settings(max_examples=400)
@given(deliveries)
def test_nothing_is_passed_on_after_a_kill_but_the_kill(arrivals: list[tuple[Story, int]]) -> None:
    known, killed = None, False
    for number, (each, item) in enumerate(arrivals):
        verdict = decide(known, each, rank(each), f"{item}:{number % 2}", NOON)
        known, killed = verdict.known, killed or is_kill(each)
        if killed and verdict.emit:
            assert is_kill(verdict.emit)


@settings(max_examples=400)
@given(deliveries)
def test_what_is_passed_on_counts_up_or_repeats_itself(arrivals: list[tuple[Story, int]]) -> None:
    _, passed = run([(each, f"{digest(each)}@{each.received}@{item}") for each, item in arrivals])
    for before, after in pairwise(passed):
        assert after.version > before.version or after == before


def test_the_same_version_from_another_delivery_is_no_news() -> None:
    _, passed = run([(story(), "a"), (story(), "b"), (story(), "c")])
    assert passed == [story()]


def test_the_same_delivery_again_passes_on_the_same_for_a_crash_may_have_lost_it() -> None:
    _, passed = run([(story(), "a"), (story(), "a")])
    assert passed == [story(), story()]


def test_a_late_lower_version_is_dropped() -> None:
    _, passed = run([(story(3), "a"), (story(2), "b")])
    assert passed == [story(3)]


def test_a_kill_that_comes_first_keeps_the_story_from_ever_appearing() -> None:
    known, passed = run([(story(2, **KILL), "a"), (story(1), "b"), (story(3), "c")])
    assert (known.standing, passed) == (StoryState.KILLED, [story(2, **KILL)])


def test_a_hold_suspends_what_was_passed_on_and_a_higher_version_frees_it() -> None:
    held = story(2, pubstatus=PubStatus.WITHHELD)
    known, passed = run([(story(1), "a"), (held, "b"), (story(3), "c")])
    assert (known.standing, passed) == (StoryState.LIVE, [story(1), held, story(3)])


def test_a_hold_on_something_nobody_saw_is_kept_quiet() -> None:
    known, passed = run([(story(1, pubstatus=PubStatus.WITHHELD), "a")])
    assert (known.standing, passed) == (StoryState.HELD, [])


def test_an_embargo_waits_for_its_hour_and_a_kill_meanwhile_wins() -> None:
    later = story(1, embargoed=NOON + timedelta(hours=1))
    waiting = decide(None, later, rank(later), "a", NOON)
    assert (waiting.known.standing, waiting.emit) == (StoryState.EMBARGOED, None)
    assert decide(waiting.known, later, rank(later), "a", NOON + timedelta(hours=1)).emit == later
    kill = story(2, **KILL)
    dead = decide(waiting.known, kill, rank(kill), "b", NOON)
    assert decide(dead.known, later, rank(later), "a", NOON + timedelta(hours=1)).emit is None


def test_versions_that_are_no_count_are_ordered_by_time() -> None:
    first = story(1_900_000_000, versioncreated=NOON)
    second = story(1_200_000_000, versioncreated=NOON + timedelta(minutes=5))
    assert rank(first) < rank(second)
    _, passed = run([(first, "a"), (second, "b")])
    assert [each.version for each in passed] == [1_900_000_000, 1_900_000_001]
