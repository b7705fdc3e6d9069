"""How `make test` shares the tests out among processes.

A module's tests stay together and in order, so that its fixtures are made once. Tests on a broker mostly wait, others
mostly compute: half of the processes take the former first and half the latter, so that the processors are never idle.
"""

import os
from pathlib import PurePosixPath

from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

BESIDE = 3
"""Processes beyond one for each processor: as many as wait at a time."""
BROKERS = "tests/integration"
LONGEST = ("test_faults", "test_outage", "test_worker", "test_images", "test_refetch", "test_chaos_suite", "test_chaos")
"""Modules that wait for minutes: what is begun last should be short."""


def processes() -> int:
    """How many `-n auto` starts."""
    return len(os.sched_getaffinity(0)) + BESIDE


def unit(test: str) -> str:
    """What a test, named as by pytest, stays together with: its module, or all tests on a broker that is given."""
    module = test.partition("::")[0]
    on_given = module.startswith(f"{BROKERS}/") and os.environ.get("VISITWIRE_TEST_BROKER")
    return BROKERS if on_given else module


def waits(unit: str) -> bool:
    """Whether its tests mostly wait."""
    return unit.startswith((BROKERS, "tests/deploy/test_images"))


def _rank(unit: str) -> int:
    name = PurePosixPath(unit).stem
    return LONGEST.index(name) if name in LONGEST else len(LONGEST)


class SideBySide(LoadScopeScheduling):
    """Gives every other process what waits, the longest first, and the others what computes, the most tests first."""

    def _split_scope(self, nodeid: str) -> str:
        return unit(nodeid)

    def _assign_work_unit(self, node: WorkerController) -> None:
        prefers = int(node.gateway.id.removeprefix("gw")) % 2 == 0
        first = min(self.workqueue, key=lambda unit: (waits(unit) != prefers, _rank(unit)))
        self.workqueue.move_to_end(first, last=False)
        super()._assign_work_unit(node)
