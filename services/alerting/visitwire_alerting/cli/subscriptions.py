"""`visitwire subscriptions`: who is told of what."""

import json as json_
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from visitwire_schemas import LedgerVisit
from visitwire_schemas.subscription import Subscription, schema

from visitwire_alerting.cli.terminal import alerting, as_tenant, clock, fail, length, table
from visitwire_alerting.delivery.dispatch import wishes
from visitwire_alerting.ledger import visit_history
from visitwire_alerting.service.errors import Missing, Stale, Taken
from visitwire_alerting.service.tenant import Saved
from visitwire_alerting.service.tenant import Tenant as Mine
from visitwire_alerting.storage.database import reading
from visitwire_alerting.storage.database_clock import now
from visitwire_alerting.subscriptions.address import address
from visitwire_alerting.subscriptions.matching import matches
from visitwire_alerting.subscriptions.matching import why as why_
from visitwire_alerting.subscriptions.stored import Stored
from visitwire_alerting.subscriptions.subscription_files import Unreadable, read_file
from visitwire_alerting.wording import headline, route

app = typer.Typer(
    no_args_is_help=True, help="Add, test and silence subscriptions; see why an alert did or did not go out."
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]
Tenant = Annotated[str, typer.Option(help="The tenant.")]


def _read(files: list[Path]) -> list[Subscription]:
    try:
        return [subscription for file in files for subscription in read_file(file)]
    except Unreadable as error:
        fail(str(error))


@app.command()
def add(
    files: Annotated[list[Path], typer.Argument(help="YAML or JSON files with subscriptions.")],
    tenant: Tenant = "default",
    version: Annotated[
        int | None,
        typer.Option(help="Changes one only if it is still at this version of list --json: else somebody saved it."),
    ] = None,
) -> None:
    """Adds subscriptions, or changes those with the same id. Shows new secrets, this once."""
    read = _read(files)
    if version is not None:
        saved = _changed(read, tenant, version)
        _told(saved.stored, saved.secrets)
        return
    for stored in alerting().subscribe(read, tenant):
        _told(stored, {end.id: end.made for end in stored.endpoints if end.made})


def _told(stored: Stored, secrets: dict[str, str]) -> None:
    typer.echo(f"{stored.subscription.id}: {stored.subscription.name}")
    for end in stored.endpoints:
        secret = f", signed with {secrets[end.id]} (shown only now)" if end.id in secrets else ""
        typer.echo(f"  {end.id} to {address(end.channel)}{secret}")


def _changed(read: list[Subscription], tenant: str, version: int) -> Saved:
    if len(read) != 1:
        fail("--version is for a file with one subscription")
    try:
        return as_tenant(tenant).change(read[0], version)
    except (Missing, Stale) as why:
        fail(str(why))


@app.command("list")
def list_(tenant: Tenant = "default", json: Json = False) -> None:
    """Lists subscriptions and their channels, without secrets."""
    found, health = as_tenant(tenant).subscriptions(), alerting().health()
    if json:
        for one in found:
            ends = [{"id": end.id, "to": address(end.channel), **health[end.id]} for end in one.endpoints]
            hidden = one.subscription.model_dump(mode="json", exclude={"channels", "owner"}, by_alias=True)
            typer.echo(json_.dumps(hidden | {"version": one.version, "endpoints": ends}))
        return
    table(
        ("id", "name", "endpoint", "to", "state"),
        (
            (
                one.subscription.id,
                one.subscription.name,
                end.id,
                address(end.channel),
                _state(one.subscription, health[end.id]),
            )
            for one in found
            for end in one.endpoints
        ),
    )


def _state(subscription: Subscription, health: dict[str, object]) -> str:
    if not subscription.enabled:
        return "off"
    if health["disabled"]:
        return f"disabled: {health['reason']}"
    return f"failing since {health['failing_since']}" if health["failing_since"] else "well"


@app.command()
def remove(id: str, tenant: Tenant = "default") -> None:
    """Removes a subscription and drops its pending deliveries."""
    try:
        as_tenant(tenant).remove(id)
    except Missing:
        fail(f"no subscription has the id {id!r}")


@app.command()
def enable(endpoint: Annotated[str, typer.Argument(help="A disabled endpoint, as shown by list.")]) -> None:
    """Enables a disabled endpoint."""
    if not alerting().enable(endpoint):
        fail(f"no endpoint has the id {endpoint!r}")


@app.command()
def rotate(
    id: str,
    overlap: Annotated[timedelta, typer.Option(parser=length, help="How long the old secret also signs.")] = "24h",  # type: ignore[assignment]
    tenant: Tenant = "default",
) -> None:
    """Gives a subscription's webhooks new secrets and shows them, this once."""
    mine = as_tenant(tenant)
    try:
        fresh = mine.rotate(id, overlap)
    except Missing:
        fail(f"no subscription has the id {id!r}")
    for endpoint, secret in fresh.items():
        typer.echo(f"{endpoint}: {secret} (shown this once; the old one also signs until {clock(mine.at + overlap)})")


@app.command()
def silence(
    length_: Annotated[timedelta, typer.Argument(parser=length, metavar="LENGTH", help="30m, 24h, 7d …")],
    subscription: Annotated[str | None, typer.Option(help="Only this subscription.")] = None,
    visit: Annotated[str | None, typer.Option(help="Only this visit.")] = None,
    reason: Annotated[str | None, typer.Option(help="The reason, shown with the silence.")] = None,
    tenant: Tenant = "default",
) -> None:
    """Silences a visit or a subscription for a time. Suppressed alerts are kept and can be replayed."""
    if subscription is None and visit is None:
        fail("use --subscription, --visit, or both")
    mine = as_tenant(tenant)
    known = [stored.subscription.id for stored in mine.subscriptions()]
    if subscription is not None and subscription not in known:
        fail(f"no subscription has the id {subscription!r}")
    of = f" of {route(_visit(visit))} ({visit})" if visit is not None else ""
    if not known:
        fail("there are no subscriptions")
    if subscription is not None:
        mine.hush(subscription, length_, visit, reason)
    elif visit is not None:
        mine.hush_visit(visit, length_, reason)
    to = subscription or ("every subscription" if len(known) > 1 else known[0])
    typer.echo(f"{to} gets no alerts{of} until {clock(mine.at + length_)}")


def _visit(id: str) -> LedgerVisit:
    try:
        return alerting().visit(id)
    except Missing:
        fail(f"no visit has the id {id!r}: see visitwire visits list")


@app.command("send-test")
def send_test(
    id: Annotated[str, typer.Argument(help="A subscription's id.")],
    endpoint: Annotated[str | None, typer.Option(help="Only this endpoint, as shown by list.")] = None,
    tenant: Tenant = "default",
) -> None:
    """Sends a test message to each channel of a subscription, or to one."""
    mine = as_tenant(tenant)
    ends = [end for end in _stored(mine, id).endpoints if endpoint in (None, end.id)]
    if not ends:
        fail(f"the subscription {id} has no endpoint {endpoint!r}")
    disabled = []
    for end in ends:
        try:
            number = mine.try_out(id, end.id)
            typer.echo(f"{end.id} to {address(end.channel)}: see visitwire deliveries show {number}")
        except Taken as why:
            disabled.append(str(why))
    if disabled:
        fail("\n".join(disabled))


def _stored(mine: Mine, id: str) -> Stored:
    try:
        return mine.subscription(id)
    except Missing:
        fail(f"no subscription has the id {id!r}")


@app.command("test")
def replayed(
    of: Annotated[str, typer.Argument(help="A subscription's id, or a file with one.")],
    days: Annotated[int, typer.Option(min=1, max=3660, help="Number of days to look back.")] = 30,
    tenant: Tenant = "default",
    json: Json = False,
) -> None:
    """Shows what a subscription would have sent in the last 30 days."""
    opened = alerting()
    for subscription in _wanted(of, tenant):
        with reading(opened.engine) as connection:
            past_ = list(visit_history.alerts_since(connection, now() - timedelta(days=days)))
        sent = [
            (at, alert)
            for at, alert in past_
            if matches(subscription.filter, alert, at.date()) and wishes(subscription, alert)
        ]
        if json:
            for _, alert in sent:
                typer.echo(alert.model_dump_json(exclude_none=True))
            continue
        typer.echo(f"{subscription.id}: {len(sent)} of {len(past_)} alerts in {days} days")
        table(("recorded", "id", "what"), ((clock(at), alert.id, headline(alert)) for at, alert in sent))


@app.command()
def why(
    of: Annotated[str, typer.Argument(help="A subscription's id, or a file with one.")],
    visit: Annotated[str, typer.Argument(help="A visit's id.")],
    tenant: Tenant = "default",
    json: Json = False,
) -> None:
    """Shows which condition let a visit's alerts through, or stopped them."""
    opened = alerting()
    with reading(opened.engine) as connection:
        told = visit_history.alerts_of(connection, visit)
        if not told:
            known = visit_history.find_visit(connection, visit) is not None
            fail(
                f"{visit} never caused an alert: it is background in every story"
                if known
                else f"no visit has the id {visit!r}"
            )
    for subscription in _wanted(of, tenant):
        for alert in told:
            verdicts = why_(subscription.filter, alert, now().date())
            wished = wishes(subscription, alert)
            through = all(verdict.passed for verdict in verdicts) and subscription.enabled and wished
            if json:
                found = [{"condition": v.condition, "passed": v.passed, "words": v.words} for v in verdicts]
                typer.echo(json_.dumps({"alert": alert.id, "sent": through, "conditions": found}))
                continue
            typer.echo(f"{alert.id}  {headline(alert)}: {'sent' if through else 'not sent'}")
            if not subscription.enabled:
                typer.echo("  no   the subscription is off")
            if not wished:
                why_not = "of an old story (see old: true)" if alert.data.old else "by hand, and by_hand is false"
                typer.echo(f"  no   it is {why_not}")
            for verdict in verdicts:
                typer.echo(f"  {'yes ' if verdict.passed else 'no  '} {verdict.words}")


def _wanted(of: str, tenant: str) -> list[Subscription]:
    if Path(of).suffix in (".yaml", ".yml", ".json"):
        return _read([Path(of)])
    return [_stored(as_tenant(tenant), of).subscription]


@app.command("schema")
def schema_() -> None:
    """Prints the JSON Schema of a subscription."""
    typer.echo(json_.dumps(schema(), indent=2, ensure_ascii=False))
