"""`visitwire visits`: the ledger."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated

import typer
from rich.progress import track
from sqlalchemy import Engine
from visitwire_runtime.settings import Settings
from visitwire_schemas import LedgerVisit

from visitwire_alerting.cli.terminal import alerting, clock, country, fail, moment, one_of, table
from visitwire_alerting.ledger import rebuild, visit_history
from visitwire_alerting.ledger.rebuild_stories import RebuildInput
from visitwire_alerting.storage.database import reading
from visitwire_alerting.wording import STATUSES, dates, route, who

app = typer.Typer(no_args_is_help=True, help="List, show, correct and rebuild the visits in the ledger.")
Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]


def status_(text: str) -> str:
    """A status as a visit has it, or as people say it ("under way")."""
    said = {words: status.value for status, words in STATUSES.items()}
    return one_of("status", STATUSES)(said.get(text, text))


@app.command("list")
def list_(
    of: Annotated[str | None, typer.Option(parser=country, help="The visitor's country: ISO code or name.")] = None,
    to: Annotated[str | None, typer.Option(parser=country, help="The destination: ISO code or name.")] = None,
    status: Annotated[str | None, typer.Option(parser=status_, help="invited, accepted, planned …")] = None,
    since: Annotated[
        datetime | None, typer.Option(parser=moment, help="Reported since then: 2025-03-27 or 7d.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000)] = 50,
    json: Json = False,
) -> None:
    """Lists current visits, the latest reported first."""
    with reading(alerting().engine) as connection:
        found = visit_history.list_visits(connection, visit_history.VisitQuery(of, to, status, since), limit)
    if json:
        for visit in found:
            typer.echo(visit.model_dump_json(exclude_none=True))
        return
    table(
        ("id", "visit", "status", "dates", "sources", "last report"),
        (
            (one.id, route(one), STATUSES[one.status], dates(one.dates), one.sources_independent, clock(one.updated))
            for one in found
        ),
    )


@app.command()
def show(id: str, json: Json = False) -> None:
    """Shows one visit, with the reports behind it."""
    found = _find(id)
    visit = found.visit
    if json:
        typer.echo(visit.model_dump_json(exclude_none=True))
        return
    typer.echo(f"{route(visit)}: {STATUSES[visit.status]}, {dates(visit.dates)}")
    if not found.standing:
        typer.echo(f"  taken over by {found.merged_into}" if found.merged_into else "  nothing supports it any more")
    for name, party in (("visitor", visit.visitor), ("host", visit.host), ("announced by", visit.announced_by)):
        if party is not None:
            typer.echo(f"  {name}: {', '.join(part for part in (party.name, party.label) if part) or who(party)}")
    typer.echo(f"  revision {visit.revision}, {visit.sources_independent} independent sources")
    table(
        ("published", "wire", "story", "status", "sentence"),
        ((clock(r.published), r.provider, r.uri, STATUSES[r.status], r.sentence) for r in visit.reports),
    )
    if visit.reports_left_out:
        typer.echo(f"  and {visit.reports_left_out} more reports, not stored with it")


@app.command()
def history(id: str, json: Json = False) -> None:
    """Shows how a visit came to its status and dates, and which alerts it caused."""
    found = _find(id)
    if json:
        for entry in found.visit.history:
            typer.echo(entry.model_dump_json(exclude_none=True))
        return
    table(
        ("published", "change", "status", "dates", "by"),
        (
            (clock(entry.at), entry.change, STATUSES[entry.status], dates(entry.dates), f"{entry.provider} {entry.uri}")
            for entry in found.visit.history
        ),
    )
    with reading(alerting().engine) as connection:
        told = visit_history.alerts_of(connection, id)
    typer.echo(f"Alerts: {', '.join(f'{alert.data.change.kind} ({alert.id})' for alert in told) or 'none'}")


def _find(id: str) -> visit_history.FoundVisit:
    with reading(alerting().engine) as connection:
        found = visit_history.find_visit(connection, id)
    return found if found is not None else fail(f"no visit has the id {id!r}: see visitwire visits list")


@app.command("rebuild")
def rebuild_(
    from_ledger: Annotated[bool, typer.Option(help="Use the reports in the ledger, without Kafka.")] = False,
    lost: Annotated[bool, typer.Option(help="Take nothing from the ledger: its database was lost.")] = False,
    apply: Annotated[bool, typer.Option(help="Replace the current visits with the rebuilt ones.")] = False,
    json: Json = False,
) -> None:
    """Folds every visit again from the stories on Kafka and reports what differs from the current visits.

    Stories that Kafka no longer has are taken from the ledger. Exits with status 1 if something differs and was not
    applied.
    """
    settings, opened = Settings(), alerting()
    with RebuildInput() as told:
        _gather(told, settings, opened.engine, from_ledger, lost)
        rebuilt = rebuild.refolded(told, rebuild.said(opened.engine, told.known()))
        differing = _say(rebuilt, json)
        if apply:
            rebuild.apply(opened.engine, rebuilt)
    opened.engine.dispose()
    if differing and not apply:
        raise typer.Exit(1)


def _gather(told: RebuildInput, settings: Settings, engine: Engine, from_ledger: bool, lost: bool) -> None:
    """Stories from Kafka before those of the ledger; the visits that give their ids from the ledger, if it has any."""
    from visitwire_alerting.ledger.rebuild_topics import read_stories, read_visits

    if not from_ledger:
        with _kafka(settings):
            for enriched in track(read_stories(settings), description="Reading stories"):
                told.take(enriched)
    if not lost:
        told.fill(engine)
    for visit in rebuild.each_standing(engine):
        told.know(visit)
    if not from_ledger and not told.store.count("known"):
        for id, standing in read_visits(settings):
            if standing is None:
                told.store.forget(id)
            else:
                told.know(standing)


@contextmanager
def _kafka(settings: Settings) -> Iterator[None]:
    """Ends with what to do where no broker answers, as beside `visitwire run`, where there is none."""
    from kafka.errors import KafkaConnectionError, KafkaTimeoutError  # type: ignore[import-untyped]

    try:
        yield
    except (KafkaConnectionError, KafkaTimeoutError):
        fail(
            f"No Kafka answers at {settings.broker}. To fold again what the ledger itself keeps, as beside visitwire"
            " run: visitwire visits rebuild --from-ledger. Another broker is named by VISITWIRE_BROKER."
        )


def _say(rebuilt: rebuild.Rebuilt, json: bool) -> int:
    """Prints what was rebuilt; gives how many visits differ."""
    if json:
        for visit in rebuilt.visits():
            typer.echo(visit.model_dump_json(exclude_none=True))
    differing = sum(1 for _ in rebuilt.differing())
    if not json:
        typer.echo(f"{rebuilt.stories} stories make {rebuilt.count} visits; {differing} differ")
        for id, was, now in rebuilt.differing():
            typer.echo(f"  {id}: {_state(was)} now, {_state(now)} rebuilt")
    return differing


def _state(visit: LedgerVisit | None) -> str:
    if visit is None:
        return "nothing"
    return f"{STATUSES[visit.status]}, {dates(visit.dates)}, {len(visit.reports) + visit.reports_left_out} reports"
