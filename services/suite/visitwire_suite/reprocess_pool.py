"""Reads batches of stories with the stages of this release, in this process or in several."""

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from types import TracebackType

from visitwire_runtime import logs
from visitwire_runtime.settings import Settings
from visitwire_schemas import Record

from visitwire_suite.chain import Chain, Failed

type Outcomes = list[bytes | Failed]
type Versions = list[tuple[str, str]]


class Readers:
    """The stages `names`, in `jobs` processes, each with a language model of its own. A context manager."""

    def __init__(self, settings: Settings, names: Sequence[str], jobs: int = 1) -> None:
        self._open = ExitStack()
        self._jobs = jobs
        self._chain: Chain | None = None
        self._pool: ProcessPoolExecutor | None = None
        if jobs == 1:
            self._chain = self._open.enter_context(Chain(settings, names))
            self.versions: Versions = self._chain.readers
            return
        spawned = multiprocessing.get_context("spawn")
        self._pool = self._open.enter_context(
            ProcessPoolExecutor(jobs, spawned, initializer=_load, initargs=(settings, names))
        )
        self.versions = self._pool.submit(_versions).result()

    def __enter__(self) -> "Readers":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def over[T](self, batches: Iterable[T], records: Callable[[T], list[Record]]) -> Iterator[tuple[T, Outcomes]]:
        """Each batch with what its records became, in order; a few are under way for each process."""
        if self._chain is not None:
            for batch in batches:
                yield batch, self._chain.carry(records(batch))
            return
        assert self._pool is not None
        under_way: deque[tuple[T, Future[Outcomes]]] = deque()
        for batch in batches:
            under_way.append((batch, self._pool.submit(_carry, records(batch))))
            if len(under_way) > 2 * self._jobs:
                first, made = under_way.popleft()
                yield first, made.result()
        for first, made in under_way:
            yield first, made.result()


_own: Chain | None = None
"""The reading process's."""


def _load(settings: Settings, names: Sequence[str]) -> None:
    global _own
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is for the process that gives out the batches
    logs.configure("critical")
    _own = Chain(settings, names)


def _chain() -> Chain:
    if _own is None:
        raise RuntimeError("the process was not set up")
    return _own


def _versions() -> Versions:
    return _chain().readers


def _carry(records: list[Record]) -> Outcomes:
    return _chain().carry(records)
