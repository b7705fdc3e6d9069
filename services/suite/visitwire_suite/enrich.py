"""`visitwire enrich`: stories with entities, quotes and visits."""

import multiprocessing
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import ExitStack
from datetime import datetime
from itertools import batched
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from visitwire_ingestion.formats import read
from visitwire_runtime import InvalidMessage, logs
from visitwire_runtime.settings import Settings
from visitwire_schemas import Story

from visitwire_suite.chain import Chain, Failed
from visitwire_suite.time_options import Received
from visitwire_suite.wire_files import UnreadableInput, items

app = typer.Typer()


@app.command()
def enrich(
    files: Annotated[
        list[str],
        typer.Argument(
            help='Files in any accepted format, or JSON lines {"id", "text", "headline", "dateline", "date"}; '
            "folders, or - for standard input."
        ),
    ],
    jobs: Annotated[int, typer.Option(min=1, help="Number of processes, each with its own language model.")] = 1,
    batch: Annotated[
        int | None, typer.Option(min=1, help="Stories parsed in one batch. Default: the setting `batch`.")
    ] = None,
    received: Received = None,
) -> None:
    """Prints one enriched story a line as JSON, in the order of the input.

    Exits with status 1 if something cannot be read; each such item is one line on standard error.
    """
    logs.configure("critical")
    settings = Settings() if batch is None else Settings(batch=batch)
    refusals: list[UnreadableInput] = []
    stories = list(_stories(files, refusals, received))
    with _progress(len(stories)) as progress:
        task = progress.add_task("enriching", total=len(stories))
        for story, outcome in zip(stories, _enriched(stories, settings, jobs), strict=True):
            if isinstance(outcome, Failed):
                refusals.append(UnreadableInput(story.uri, f"{outcome.stage}: {outcome.reason}"))
            else:
                sys.stdout.buffer.write(outcome + b"\n")
            progress.advance(task)
    sys.stdout.buffer.flush()
    for refusal in refusals:
        typer.echo(f"{refusal.file}: {refusal.reason}", err=True)
    raise typer.Exit(1 if refusals else 0)


def stories_of(files: list[str], received: datetime | None = None) -> list[Story]:
    """Every story in `files`. Raises ValueError, naming the file and the reason, where one cannot be read."""
    refusals: list[UnreadableInput] = []
    found = list(_stories(files, refusals, received))
    if refusals:
        raise ValueError(f"{refusals[0].file}: {refusals[0].reason}")
    return found


def _stories(files: list[str], refusals: list[UnreadableInput], received: datetime | None) -> Iterator[Story]:
    for found in items(files, received):
        if isinstance(found, UnreadableInput):
            refusals.append(found)
            continue
        file, item = found
        try:
            yield from read(item)
        except InvalidMessage as wrong:
            refusals.append(UnreadableInput(file, str(wrong)))


def _progress(total: int) -> Progress:
    console = Console(stderr=True)
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("stories"),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal or total < 2,
        transient=True,
    )


def _enriched(stories: list[Story], settings: Settings, jobs: int) -> Iterator[bytes | Failed]:
    batches = [list(each) for each in batched(stories, settings.batch)]
    if jobs == 1 or len(batches) < 2:
        with Chain(settings) as chain:
            for each in batches:
                yield from chain.enrich(each)
        return
    with ExitStack() as stack:
        pool = stack.enter_context(
            ProcessPoolExecutor(
                min(jobs, len(batches)), multiprocessing.get_context("spawn"), initializer=_load, initargs=(settings,)
            )
        )
        yield from _in_order(pool, batches, jobs)


def _in_order(pool: Executor, batches: Iterable[list[Story]], jobs: int) -> Iterator[bytes | Failed]:
    """Outcomes in order, with a few batches under way for each process."""
    under_way: deque[Future[list[bytes | Failed]]] = deque()
    for each in batches:
        under_way.append(pool.submit(_work, each))
        if len(under_way) > 2 * jobs:
            yield from under_way.popleft().result()
    while under_way:
        yield from under_way.popleft().result()


_chain: Chain | None = None
"""The worker process's own."""


def _load(settings: Settings) -> None:
    global _chain
    logs.configure("critical")
    _chain = Chain(settings)


def _work(stories: list[Story]) -> list[bytes | Failed]:
    if _chain is None:
        raise RuntimeError("the process was not set up")
    return _chain.enrich(stories)
