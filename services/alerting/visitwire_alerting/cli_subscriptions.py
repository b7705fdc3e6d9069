"""`visitwire subscriptions`: who is told of what."""

from pathlib import Path
from typing import Annotated

import typer
from visitwire_runtime.settings import Settings

from visitwire_alerting.desk import open_desk
from visitwire_alerting.reading import Unreadable, read_file

app = typer.Typer(no_args_is_help=True, help="Who is told of what: add, test, and why.")


@app.command()
def add(files: Annotated[list[Path], typer.Argument(help="YAML or JSON files with subscriptions.")]) -> None:
    """Adds subscriptions, or changes those with the same id."""
    try:
        read = [subscription for file in files for subscription in read_file(file)]
    except Unreadable as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    for stored in open_desk(Settings()).subscribe(read):
        typer.echo(f"{stored.subscription.id}: {stored.subscription.name}")
