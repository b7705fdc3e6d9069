"""The commands visits, subscriptions and deliveries."""

import typer

from visitwire_alerting import cli_deliveries, cli_hand, cli_subscriptions

app = typer.Typer(no_args_is_help=True, pretty_exceptions_show_locals=False)
app.add_typer(cli_hand.app, name="visits")
app.add_typer(cli_subscriptions.app, name="subscriptions")
app.add_typer(cli_deliveries.app, name="deliveries")
