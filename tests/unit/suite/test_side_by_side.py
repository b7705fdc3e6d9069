"""How `make test` shares the tests out among processes."""

from collections import OrderedDict
from types import SimpleNamespace
from typing import Any

import pytest

from tests.helpers.side_by_side import SideBySide, unit

UNITS = (
    "tests/integration/test_topics.py",
    "tests/unit/visits/test_roles.py",
    "tests/integration/test_faults.py",
    "tests/unit/gateway/test_pages.py",
)


@pytest.fixture
def scheduler() -> SideBySide:
    """With a test of each unit to give."""
    made = SideBySide.__new__(SideBySide)
    tests = [f"{unit}::test_it" for unit in UNITS]
    made.workqueue = OrderedDict((name, {test: False}) for name, test in zip(UNITS, tests, strict=True))
    made.assigned_work, made.registered_collections = {}, {}
    return made


class Process:
    def __init__(self, number: int) -> None:
        self.gateway = SimpleNamespace(id=f"gw{number}")

    def send_runtest_some(self, tests: list[int]) -> None:
        """It is not there."""


@pytest.mark.parametrize(("number", "order"), [(0, (2, 0, 1, 3)), (1, (1, 3, 2, 0))])
def test_a_process_takes_first_what_waits_the_longest_and_the_next_what_computes(
    scheduler: SideBySide, number: int, order: tuple[int, ...]
) -> None:
    it: Any = Process(number)
    scheduler.registered_collections[it] = [f"{unit}::test_it" for unit in UNITS]
    for _ in UNITS:
        scheduler._assign_work_unit(it)
    assert list(scheduler.assigned_work[it]) == [UNITS[index] for index in order]


def test_a_module_stays_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISITWIRE_TEST_BROKER", raising=False)
    assert unit("tests/unit/visits/test_roles.py::test_it[a::b]") == "tests/unit/visits/test_roles.py"
    assert unit("tests/integration/test_topics.py::test_it") == "tests/integration/test_topics.py"


def test_all_on_a_broker_that_is_given_stay_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISITWIRE_TEST_BROKER", "127.0.0.1:9092")
    assert unit("tests/integration/test_topics.py::test_it") == unit("tests/integration/test_lost.py::test_it")
    assert unit("tests/unit/visits/test_roles.py::test_it") == "tests/unit/visits/test_roles.py"
