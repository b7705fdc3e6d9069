"""The commands visits, subscriptions and deliveries."""

import typer

from visitwire_alerting.cli import deliveries, hands, subscriptions, visits

app = typer.Typer(no_args_is_help=True, pretty_exceptions_show_locals=False)
visits.app.add_typer(hands.app)
app.add_typer(visits.app, name="visits")
app.add_typer(subscriptions.app, name="subscriptions")
app.add_typer(deliveries.app, name="deliveries")
