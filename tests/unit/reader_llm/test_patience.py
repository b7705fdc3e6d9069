"""However slow the model is, however stories come: none is late by more than the limit on its account."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st
from visitwire_reader_llm.patience import Patience

LIMIT = 20.0


@dataclass
class Queue:
    """A stage with a queue before it, on a clock of its own; nothing but the model takes time."""

    batch: int
    now: float = 0.0
    waiting: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    patience: Patience = field(init=False)

    def __post_init__(self) -> None:
        self.patience = Patience(LIMIT, 0.0, lambda: self.now)

    def take(self, slowness: float, coming: list[float]) -> None:
        """One batch of what waits, while more stories come: `slowness` is what the model would take, `coming` when, as
        shares of the time that it takes."""
        taken, self.waiting = self.waiting[: self.batch], self.waiting[self.batch :]
        begun = self.now
        allowed = self.patience.begin(is_full=len(taken) == self.batch)
        self.now += min(slowness, allowed)
        self.patience.end()
        self.late += [self.now - came for came in taken]
        self.waiting += sorted(begun + share * (self.now - begun) for share in coming)


SHARES = st.lists(st.floats(0, 1), max_size=12)


@given(st.integers(1, 5), st.lists(st.tuples(st.floats(0, 100), SHARES, st.integers(0, 12)), max_size=60))
def test_no_story_is_late_by_more_than_the_limit(batch: int, turns: list[tuple[float, list[float], int]]) -> None:
    queue = Queue(batch)
    for slowness, coming, more in turns:
        queue.waiting += [queue.now] * more
        if queue.waiting:
            queue.take(slowness, coming)
    while queue.waiting:
        queue.take(LIMIT, [])
    assert all(late <= LIMIT + 1e-6 for late in queue.late)


def test_after_a_lull_the_whole_limit_is_there_again() -> None:
    now = [0.0]
    patience = Patience(LIMIT, 0.0, lambda: now[0])
    allowed = []
    for took, is_full in ((15, True), (5, True), (0, True), (0, False), (10, False), (0, False)):
        allowed.append(patience.begin(is_full))
        now[0] += took
        patience.end()
    assert allowed == [20, 5, 0, 0, 20, 10]


def test_after_a_failure_nobody_is_asked_for_a_while() -> None:
    now = [0.0]
    patience = Patience(LIMIT, 30.0, lambda: now[0])
    paused = [patience.is_paused]
    patience.failed()
    for now[0] in (0.0, 29.9, 30.0):
        paused.append(patience.is_paused)
    assert paused == [False, True, True, False]
