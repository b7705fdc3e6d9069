"""The commands visits, subscriptions and deliveries."""

import typer

from visitwire_alerting.cli import deliveries, hands, subscriptions

app = typer.Typer(no_args_is_help=True, pretty_exceptions_show_locals=False)
app.add_typer(hands.app, name="visits")
app.add_typer(subscriptions.app, name="subscriptions")
app.add_typer(deliveries.app, name="deliveries")
