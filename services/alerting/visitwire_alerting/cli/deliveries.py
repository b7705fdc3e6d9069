"""`visitwire deliveries`: what was sent, what failed, and sending it again."""

import json as json_
import sys
from datetime import datetime
from typing import Annotated, Any

import typer

from visitwire_alerting.cli.terminal import as_tenant, clock, fail, moment, one_of, table
from visitwire_alerting.delivery.delivery_history import REPLAYABLE, ReplayRequest
from visitwire_alerting.service.errors import Missing
from visitwire_alerting.wording import headline

app = typer.Typer(no_args_is_help=True, help="List what was sent and what failed; send it again.")
Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]
Tenant = Annotated[str, typer.Option(help="The tenant.")]
STATES = ("pending", *REPLAYABLE)
EVERY = "any"
AGAIN = (*REPLAYABLE, EVERY)


@app.command("list")
def list_(
    subscription: Annotated[str | None, typer.Option(help="Only of this subscription.")] = None,
    state: Annotated[
        str | None, typer.Option(parser=one_of("state", STATES), help=f"{', '.join(STATES[:-1])} or {STATES[-1]}.")
    ] = None,
    before: Annotated[int | None, typer.Option(help="Only older than the delivery with this number.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    tenant: Tenant = "default",
    json: Json = False,
) -> None:
    """Lists deliveries, newest first."""
    rows = as_tenant(tenant).deliveries(subscription=subscription, state=state, before=before, limit=limit)
    if json:
        for row in rows:
            typer.echo(_json(row))
        return
    table(
        ("number", "to", "state", "attempts", "created", "due", "why"),
        ((r.number, r.endpoint, r.state, r.attempts, clock(r.created), clock(r.due), r.last_error) for r in rows),
    )


@app.command()
def show(number: int, tenant: Tenant = "default", json: Json = False) -> None:
    """Shows one delivery: its content and every attempt."""
    try:
        found = as_tenant(tenant).delivery(number)
    except Missing:
        fail(f"there is no delivery {number}")
    if json:
        typer.echo(_json(found.row))
        for attempt in found.attempts:
            typer.echo(_json(attempt))
        return
    typer.echo(f"{found.row.state} to {found.row.endpoint}{', a replay' if found.row.replay else ''}")
    for alert in found.alerts:
        typer.echo(f"  {alert.id}  {headline(alert)}")
    table(
        ("at", "result", "status", "ms", "why"),
        ((clock(a.at), a.result, a.status, round(a.milliseconds), a.error) for a in found.attempts),
    )


@app.command()
def replay(
    number: Annotated[int | None, typer.Argument(help="Number of one delivery.")] = None,
    subscription: Annotated[str | None, typer.Option(help="Only of this subscription.")] = None,
    since: Annotated[datetime | None, typer.Option(parser=moment, help="Created since then: 2025-03-27 or 6h.")] = None,
    until: Annotated[datetime | None, typer.Option(parser=moment, help="Created before then.")] = None,
    state: Annotated[
        str, typer.Option(parser=one_of("state", AGAIN), help=f"Only in this state: {', '.join(AGAIN)}.")
    ] = "failed",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show how many there are, and send nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    tenant: Tenant = "default",
) -> None:
    """Sends again, in order and with the same ids: one delivery, or the failed ones of a time range.

    For a time range, it shows how many there are and asks first; without a terminal it needs --yes.
    """
    if number is None and since is None:
        fail("give a number, or use --since (and --until)")
    only = None if number is not None or state == EVERY else state
    wanted, mine = ReplayRequest(number, subscription, only, since, until), as_tenant(tenant)
    count = mine.replayable(wanted)
    if number is not None and not count:
        fail(f"delivery {number} has not ended, or is itself a replay; these cannot be replayed")
    if dry_run:
        typer.echo(f"{_deliveries(count)} would be sent again")
        return
    if number is None and count and not yes:
        _ask(count)
    count = mine.replay(wanted)
    typer.echo(f"{_deliveries(count)} will be sent again")


def _deliveries(count: int) -> str:
    return "1 delivery" if count == 1 else f"{count} deliveries"


def at_terminal() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin.isatty()


def _ask(count: int) -> None:
    """Goes on only if whoever is there says yes."""
    if not at_terminal():
        fail(f"{_deliveries(count)} would be sent again; without a terminal, add --yes")
    typer.confirm(f"Send {_deliveries(count)} again?", abort=True)


def _json(row: Any) -> str:
    return json_.dumps(dict(row._mapping), default=lambda value: value.isoformat())
