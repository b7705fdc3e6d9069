"""`visitwire reprocess`: reads stories of the past again, with the readers of this release."""

import signal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from time import monotonic, sleep
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn
from sqlalchemy import Engine
from visitwire_alerting import ledger, scratch
from visitwire_alerting.database import reading
from visitwire_alerting.desk import open_desk
from visitwire_alerting.ledger import Heard
from visitwire_alerting.reread import Fate, Kind, difference, fates, gist
from visitwire_alerting.terminal import fail, moment, one_of
from visitwire_alerting.versions import reader_of
from visitwire_alerting.wording import STATUSES, dates, route
from visitwire_runtime import logs
from visitwire_runtime.settings import Settings
from visitwire_schemas import EnrichedStory, LedgerVisit, Record, Reprocessed

from visitwire_suite.chain import Failed
from visitwire_suite.kafka_client import told
from visitwire_suite.reprocess_reading import Outcomes, Readers, Versions
from visitwire_suite.reprocess_report import summary
from visitwire_suite.reprocess_run import Plan, Run
from visitwire_suite.reprocess_stories import Archive, Board, Past, Topics, now
from visitwire_suite.stages import LANGUAGE

app = typer.Typer()


@app.command()
def reprocess(
    begin: Annotated[
        datetime | None, typer.Option("--from", parser=moment, help="Stories that came since: 2026-10-01, or 30d.")
    ] = None,
    end: Annotated[
        datetime | None, typer.Option("--to", parser=moment, help="… and before then; now, unless given.")
    ] = None,
    stage: Annotated[
        str,
        typer.Option(
            parser=one_of("stage that reads", LANGUAGE),
            help="The first stage that reads again: extraction (all of it), attribution or visits, which take what "
            "those before them made and need no language model for it.",
        ),
    ] = LANGUAGE[0],
    dry: Annotated[
        bool, typer.Option("--dry", help="Change nothing; say what would change, by a copy of the ledger.")
    ] = False,
    alert: Annotated[bool, typer.Option("--alert", help="Tell subscribers what changes; nobody is told else.")] = False,
    kept: Annotated[
        bool, typer.Option("--kept", help="Without Kafka: the stories that the board of `visitwire run` keeps.")
    ] = False,
    jobs: Annotated[int, typer.Option(min=1, help="Processes that read, each with a language model of its own.")] = 1,
    rate: Annotated[float | None, typer.Option(min=0.001, help="At most so many stories a second.")] = None,
    resume: Annotated[str | None, typer.Option(metavar="RUN", help="Go on with a run that was paused or cut.")] = None,
    show: Annotated[str | None, typer.Option(metavar="RUN", help="Only say what a run changed until now.")] = None,
    json: Annotated[bool, typer.Option("--json", help="The report as one JSON object.")] = False,
) -> None:
    """Reads stories again with the readers of this release, takes the newer reading, and says what that changed.

    The reading goes to the ledger and to stories-enriched-v1, for the versions that stand: what was killed, replaced or
    read by these very readers is left out. Nobody is alerted unless asked. Ctrl-C or SIGTERM pauses after the batch
    under way, with exit status 1; `--resume` goes on.
    """
    settings = Settings()
    logs.configure("warning")
    if show is not None:
        typer.echo(summary(Run.found(settings, show), json))
        return
    if resume is not None:
        run = Run.found(settings, resume)
    elif begin is None:
        raise typer.BadParameter("say --from, or --resume a run")
    else:
        given = {"begin": begin, "end": end or now(), "stage": stage, "kept": kept, "dry": dry, "told": alert}
        run = Run.begun(settings, _possible(Plan.model_validate(given)), now())
    with told(settings), _alone(run):
        _through(run, settings, jobs, rate)
    typer.echo(summary(run, json))
    if not run.state.done:
        fail(f"Paused. To go on: visitwire reprocess --resume {run.state.id}")
    raise typer.Exit(1 if run.state.counts["failed"] else 0)


@contextmanager
def _alone(run: Run) -> Iterator[None]:
    if not run.take():
        fail(f"another process is at the run {run.state.id}")
    try:
        yield
    finally:
        run.free()


def _possible(plan: Plan) -> Plan:
    if plan.begin >= plan.end:
        raise typer.BadParameter(f"--from {plan.begin.isoformat()} is not before --to {plan.end.isoformat()}")
    if plan.kept and plan.stage != LANGUAGE[0]:
        raise typer.BadParameter("the board keeps no parse: with --kept the first stage is extraction")
    return plan


def _through(run: Run, settings: Settings, jobs: int, rate: float | None) -> None:
    """Reads until the end of the plan, or until it is told to stop."""
    plan = run.state.plan
    names = LANGUAGE[LANGUAGE.index(plan.stage) :]
    with (
        _archive(run, settings) as archive,
        _ledger(run, settings) as engine,
        Readers(settings, names, jobs) as readers,
    ):
        run.state.cut = run.state.cut or not archive.whole()
        work = Work(run, engine, archive, readers.versions, _news_for(settings))
        with _stoppable() as stopped, _shown(run) as advance:
            batches = (work.chosen(some) for some in batched(archive.stories(), settings.batch))
            for batch, outcomes in readers.over(_until(stopped, _paced(batches, rate)), Batch.records):
                work.take(batch, outcomes)
                advance()
            run.state.done = not stopped()
        run.save()
    if run.state.done:
        scratch.remove(run.scratch)


def _news_for(settings: Settings) -> timedelta | None:
    return timedelta(days=settings.news_for) if settings.news_for else None


@contextmanager
def _archive(run: Run, settings: Settings) -> Iterator[Archive]:
    if run.state.plan.kept:
        yield Board(settings, run.state)
        return
    with Topics(settings, run.state) as topics:
        yield topics


@contextmanager
def _ledger(run: Run, settings: Settings) -> Iterator[Engine]:
    """The ledger; for a dry run, a copy of it in the run's folder, which a resumed one goes on with."""
    engine = open_desk(settings).engine
    try:
        if not run.state.plan.dry:
            yield engine
            return
        copy = _copy(run, engine)
        try:
            yield copy
        finally:
            copy.dispose()
    finally:
        engine.dispose()


def _copy(run: Run, engine: Engine) -> Engine:
    if run.state.reached or run.state.after:
        return scratch.database(run.scratch)
    scratch.remove(run.scratch)
    return scratch.copied(engine, run.scratch)


@dataclass(frozen=True)
class Batch:
    """Some stories, and those of them that are read again."""

    stories: Sequence[Past | None]
    chosen: Sequence[Past]
    left: Counter[str]
    """Why the others are not."""

    def records(self) -> list[Record]:
        return [past.record for past in self.chosen]


class Work:
    """Takes new readings: into the ledger, to the archive, into the report."""

    def __init__(
        self, run: Run, engine: Engine, archive: Archive, versions: Versions, news_for: timedelta | None
    ) -> None:
        self._run, self._engine, self._archive, self._versions = run, engine, archive, versions
        self._again = Reprocessed(at=run.state.at, told=run.state.plan.told)
        self._news_for = news_for

    def chosen(self, stories: Sequence[Past | None]) -> Batch:
        """Those that stand, and were not read by these readers yet."""
        readable = [past for past in stories if past is not None]
        asked = [(past.story, reader_of([*past.readers, *self._versions])) for past in readable]
        with reading(self._engine) as connection:
            fate = fates(connection, asked, self._again.at.timestamp())
        chosen = [past for past, what in zip(readable, fate, strict=True) if what is Fate.READ]
        left = Counter(what.value for what in fate if what is not Fate.READ)
        left["not readable"] += len(stories) - len(readable)
        return Batch(stories, chosen, +left)

    def take(self, batch: Batch, outcomes: Outcomes) -> None:
        """Safe in this order: a run that was cut reads once more what it had not noted as done."""
        read = [_marked(made, self._again) for made in outcomes if isinstance(made, bytes)]
        lines = [_failed(past, made) for past, made in zip(batch.chosen, outcomes, strict=True) if _is_failed(made)]
        counts = batch.left + Counter(failed=len(lines))
        with reading(self._engine) as connection:
            found = [(story, difference(connection, story)) for story in read]
        counts.update(differs.kind.value for _, differs in found)
        lines += [_differing(story, differs) for story, differs in found if differs.kind is not Kind.SAME]
        heard = ledger.record(self._engine, read, news_for=self._news_for)
        self._run.note([*lines, *_brought(heard)])
        if not self._run.state.plan.dry:
            self._archive.put(read)
        self._reached(batch, counts)

    def _reached(self, batch: Batch, counts: Counter[str]) -> None:
        state = self._run.state
        state.counts.update(counts)
        for place, how_far in (past.reached for past in batch.stories if past is not None):
            if isinstance(how_far, int):
                state.reached[place] = how_far
            else:
                state.after = how_far
        self._run.save()


def _is_failed(made: bytes | Failed) -> bool:
    return isinstance(made, Failed)


def _marked(made: bytes, again: Reprocessed) -> EnrichedStory:
    return EnrichedStory.model_validate_json(made).model_copy(update={"reprocessed": again})


def _failed(past: Past, made: bytes | Failed) -> dict[str, Any]:
    assert isinstance(made, Failed)
    return {"story": past.story.key, "failed": f"{made.stage}: {made.reason}"}


def _differing(enriched: EnrichedStory, differs: Any) -> dict[str, Any]:
    return {
        "story": enriched.key,
        "version": enriched.story.version,
        "headline": enriched.story.headline,
        "differs": differs.kind.value,
        "was": [gist(one) for one in differs.before],
        "is": [gist(one) for one in differs.after],
    }


def _brought(heard: Heard) -> Iterable[dict[str, Any]]:
    """What the readings changed in the ledger, a line each."""
    for id, visit in heard.changed.items():
        yield {"visit": id, "stands": _state(visit) if visit else None}
    for how, alerts in (("held", heard.held), ("told", heard.alerts)):
        for alert in alerts:
            yield {how: alert.id, "visit": alert.subject, "kinds": list(alert.data.change.kinds)}


def _state(visit: LedgerVisit) -> str:
    return f"{route(visit)}: {STATUSES[visit.status]}, {dates(visit.dates)}"


@contextmanager
def _stoppable() -> Iterator[Callable[[], bool]]:
    """Whether SIGTERM or Ctrl-C came; the batch under way is finished."""
    came: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    for number in before:
        signal.signal(number, lambda number, _frame: came.append(number))
    try:
        yield lambda: bool(came)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _until(stopped: Callable[[], bool], batches: Iterable[Batch]) -> Iterator[Batch]:
    for batch in batches:
        yield batch
        if stopped():
            return


def _paced(batches: Iterable[Batch], rate: float | None) -> Iterator[Batch]:
    begun, taken = monotonic(), 0
    for batch in batches:
        yield batch
        taken += len(batch.chosen)
        if rate is not None:
            sleep(max(0.0, begun + taken / rate - monotonic()))


@contextmanager
def _shown(run: Run) -> Iterator[Callable[[], None]]:
    console = Console(stderr=True)
    columns = SpinnerColumn(), TextColumn("{task.description}")
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("reading again")

        def advance() -> None:
            progress.update(task, description=f"{run.state.counts.total()} stories")

        yield advance
