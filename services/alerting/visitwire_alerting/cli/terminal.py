"""What the commands share: times as people type them, tables, and errors in one line."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Any, NoReturn

import typer
from rich.table import Table
from visitwire_language.bodies import organisations
from visitwire_language.gazetteer.display import code_of, country_name
from visitwire_language.gazetteer.groups import country_codes
from visitwire_runtime.settings import Settings

from visitwire_alerting.cli.screen import screen
from visitwire_alerting.service.alerting import Alerting, open_alerting
from visitwire_alerting.service.tenant import Tenant
from visitwire_alerting.storage.database_clock import now

COMMAND_LINE = "the command line"
"""Who began a silence that no user of the gateway did."""
UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True)
class CommandUser:
    """Who does what a command does, for a tenant."""

    tenant: str
    name: str


def alerting() -> Alerting:
    """On the ledger that the settings name."""
    return open_alerting(Settings())


def as_tenant(tenant: str = "default", by: str = COMMAND_LINE) -> Tenant:
    return alerting().as_tenant(CommandUser(tenant, by), now())


def fail(why: str) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(1)


def moment(text: str) -> datetime:
    """A time as typed: "2025-03-27", "2025-03-27T12:00Z", or "36h" for that long ago."""
    ago = re.fullmatch(r"(\d{1,5})([mhdw])", text)
    if ago:
        return datetime.now(UTC) - timedelta(**{UNITS[ago[2]]: int(ago[1])})
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a time; use 2025-03-27, 2025-03-27T12:00Z or 36h") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def length(text: str) -> timedelta:
    """A length of time as typed: "30m", "24h", "7d"."""
    found = re.fullmatch(r"(\d{1,5})([mhdw])", text)
    if not found:
        raise typer.BadParameter(f"{text!r} is not a length of time; use 30m, 24h or 7d")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def one_of(what: str, known: Iterable[str]) -> Callable[[str], str]:
    """A parser that takes what is known alone: of anything else there would be nothing, which looks like an answer."""
    names = tuple(known)

    def parse(text: str) -> str:
        if text not in names:
            raise typer.BadParameter(f"{text!r} is not a {what}; use one of {', '.join(names)}")
        return text

    return parse


def country(text: str) -> str:
    """The code of a country or an international organisation, as typed ("in") or by its name ("India")."""
    listed = (*country_codes(), *organisations())
    code = next((known for known in listed if known.casefold() == text.casefold()), None) or code_of(text)
    if code is None:
        names = [country_name(known) for known in country_codes()]
        near = get_close_matches(text.title(), names, cutoff=0.8)
        meant = f"; did you mean {' or '.join(near)}?" if near else ""
        raise typer.BadParameter(f"{text!r} is not a country; use IN, India, or UN for an organisation{meant}")
    return code


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table, as wide as the terminal, or as its rows where nobody looks but a program; ids are never cut."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold", no_wrap=column == "id")
    for row in rows:
        made.add_row(*("" if value is None else str(value) for value in row))
    screen().print(made if made.row_count else "Nothing.")


def clock(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z" if at else ""
