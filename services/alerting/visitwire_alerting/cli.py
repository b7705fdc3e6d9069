"""The commands visits, subscriptions and deliveries."""

import typer

from visitwire_alerting import cli_subscriptions

app = typer.Typer(no_args_is_help=True)
app.add_typer(cli_subscriptions.app, name="subscriptions")
