"""`visitwire reprocess`: reads stories of the past again, with the readers of this release."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import batched
from time import monotonic, sleep
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn
from sqlalchemy import Engine
from visitwire_alerting.cli.terminal import fail, moment, one_of
from visitwire_alerting.ledger import scratch_copy
from visitwire_alerting.service import open_alerting
from visitwire_runtime import logs
from visitwire_runtime.settings import Settings

from visitwire_suite.exit_signals import stopping
from visitwire_suite.kafka_client import told
from visitwire_suite.reprocess_pool import Readers
from visitwire_suite.reprocess_report import summary
from visitwire_suite.reprocess_run import Plan, Run
from visitwire_suite.reprocess_stories import Archive, Board, Topics, now
from visitwire_suite.reprocess_work import Batch, Work
from visitwire_suite.stages import LANGUAGE

app = typer.Typer()


@app.command()
def reprocess(
    begin: Annotated[
        datetime | None,
        typer.Option("--from", parser=moment, help="Stories that arrived since then: 2026-10-01 or 30d."),
    ] = None,
    end: Annotated[
        datetime | None, typer.Option("--to", parser=moment, help="… and before then. Default: now.")
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
        bool, typer.Option("--dry", help="Change nothing; report what would change, on a copy of the ledger.")
    ] = False,
    alert: Annotated[
        bool, typer.Option("--alert", help="Alert subscribers to changes. Default: nobody is alerted.")
    ] = False,
    lost: Annotated[
        bool,
        typer.Option(
            "--lost",
            help="Only what never reached the ledger, as what retention removed before a stage read it; as any news, "
            "it is told.",
        ),
    ] = False,
    kept: Annotated[
        bool, typer.Option("--kept", help="Without Kafka: read the stories stored on the board of `visitwire run`.")
    ] = False,
    jobs: Annotated[
        int, typer.Option(min=1, help="Number of reading processes, each with its own language model.")
    ] = 1,
    rate: Annotated[float | None, typer.Option(min=0.001, help="Most stories a second.")] = None,
    resume: Annotated[
        str | None, typer.Option(metavar="RUN", help="Resume a run that was paused or interrupted.")
    ] = None,
    show: Annotated[str | None, typer.Option(metavar="RUN", help="Only show what a run has changed so far.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the report as one JSON object.")] = False,
) -> None:
    """Reads past stories again with the readers of this release and reports what that changed.

    The new readings go to the ledger and to stories-enriched-v1. Skipped are versions that were killed, replaced or
    already read by these very readers. Nobody is alerted without --alert. Ctrl-C or SIGTERM pauses after the current
    batch, with exit status 1; --resume continues.
    """
    settings = Settings()
    logs.configure("warning")
    if show is not None:
        typer.echo(summary(Run.found(settings, show), json))
        return
    if resume is not None:
        run = Run.found(settings, resume)
    elif begin is None:
        raise typer.BadParameter("use --from, or --resume with a run")
    else:
        given = {"begin": begin, "end": end or now(), "stage": stage, "kept": kept, "dry": dry}
        given |= {"told": alert or lost, "lost": lost}
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
        raise typer.BadParameter("the board stores no parse; with --kept, --stage must be extraction")
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
        with stopping() as stop, _shown(run) as advance:
            batches = (work.chosen(some) for some in batched(archive.stories(), settings.batch))
            for batch, outcomes in readers.over(_until(stop.is_set, _paced(batches, rate)), Batch.records):
                work.take(batch, outcomes)
                advance()
            run.state.done = not stop.is_set()
        run.save()
    if run.state.done:
        scratch_copy.remove(run.scratch)


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
    engine = open_alerting(settings).engine
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
        return scratch_copy.database(run.scratch)
    scratch_copy.remove(run.scratch)
    return scratch_copy.copied(engine, run.scratch)


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
