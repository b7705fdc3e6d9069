"""`visitwire officeholders`: who held which office, and asking Wikidata again."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from visitwire_extraction.officeholders import WikidataError, client, fetch, write
from visitwire_extraction.roster import holders

app = typer.Typer(no_args_is_help=True)
officeholders = typer.Typer(no_args_is_help=True, help="The table of office-holders, and its refresh.")
app.add_typer(officeholders, name="officeholders")

File = Annotated[Path | None, typer.Option("--file", help="A table that refresh wrote, beside the package's own.")]


@app.callback()
def _visitwire() -> None:
    """Makes `officeholders` a subcommand."""


@officeholders.command()
def refresh(
    to: Annotated[Path, typer.Option(help="Where to write the table.")] = Path(".visitwire/officeholders.tsv"),
    since: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Leave out who left office before.")] = datetime(
        1980, 1, 1
    ),
) -> None:
    """Asks Wikidata for heads of state and government and foreign ministers, and writes them as a table.

    Set `officeholders` (VISITWIRE_OFFICEHOLDERS) to that file, and extraction reads it beside its own table.
    """
    typer.echo("Asking Wikidata; this can take two minutes …", err=True)
    try:
        with client() as asking:
            found = fetch(asking, since.date())
    except WikidataError as error:
        typer.echo(f"{error} The table is as it was.", err=True)
        raise typer.Exit(1) from error
    if not found:
        typer.echo("Wikidata named nobody. The table is as it was.", err=True)
        raise typer.Exit(1)
    typer.echo(f"{write(found, to)} rows in {to}")


@officeholders.command()
def who(
    country: Annotated[str, typer.Argument(help='ISO 3166 code, or an organisation\'s acronym: "FR", "NATO".')],
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day; today unless given.")] = None,
    file: File = None,
) -> None:
    """Prints who held which office of a country on a day, as extraction would believe it."""
    day: date = on.date() if on else datetime.now(UTC).date()
    try:
        table = holders(file)
    except (OSError, ValueError) as error:
        typer.echo(f"{file}: {error}", err=True)
        raise typer.Exit(1) from error
    for holder in table:
        if holder.country == country.upper() and holder.in_office(day):
            typer.echo(f"{holder.office}: {holder.name} (since {holder.start}) {holder.wikidata or ''}".rstrip())
