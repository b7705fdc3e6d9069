"""`visitwire gateway`: serve the board and the API from Kafka, and say who may come in."""

from typing import TYPE_CHECKING, Annotated

import typer
from visitwire_runtime import logs
from visitwire_runtime.settings import Settings

if TYPE_CHECKING:
    from visitwire_gateway.doors.people import People, Role

app = typer.Typer(no_args_is_help=True, help="The board, the calendar, the API: serve them, and say who may come in.")

Tenant = Annotated[str, typer.Option(help="Tenants never see one another's users, keys and subscriptions.")]


@app.command()
def serve() -> None:
    """Serves from what is on Kafka, until SIGTERM or Ctrl-C. Ends with 1 where it cannot listen."""
    import structlog

    from visitwire_gateway.serve import CannotListen, serve_on_kafka

    settings = Settings()
    logs.configure(settings.log_level, settings.log_format)
    log = structlog.get_logger()
    try:
        serve_on_kafka(settings, lambda address: log.info("ready", board=address))
    except CannotListen as why:
        log.error("stopped", why=str(why))
        raise typer.Exit(1) from None


@app.command()
def rebuild() -> None:
    """Forgets the read model, so that the next start reads the topics again from their beginning."""
    from visitwire_gateway.model.database import forget, open_database

    engine = open_database(Settings().gateway_database.get_secret_value())
    forget(engine)
    typer.echo("The read model is empty; the next start reads the topics again.")


@app.command("add-user")
def add_user(
    name: str,
    role: Annotated[str, typer.Option(help="reader, editor or admin.")] = "reader",
    tenant: Tenant = "default",
    password: Annotated[str, typer.Option(prompt=True, confirmation_prompt=True, hide_input=True)] = "",
) -> None:
    """A user who may log in."""
    from visitwire_gateway.doors.people import Refused

    try:
        _people().add_user(tenant, name, password, _role(role))
    except Refused as why:
        raise typer.BadParameter(str(why)) from None
    typer.echo(f"{name} may log in as {role}.")


@app.command("add-key")
def add_key(
    name: str,
    role: Annotated[str, typer.Option(help="reader, editor or admin.")] = "reader",
    tenant: Tenant = "default",
) -> None:
    """An API key, printed once."""
    typer.echo(_people().add_key(tenant, name, _role(role))[1])


def _people() -> "People":
    from visitwire_gateway.doors.people import People
    from visitwire_gateway.model.database import open_database

    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return People(open_database(settings.gateway_database.get_secret_value()))


def _role(name: str) -> "Role":
    from visitwire_gateway.doors.people import Role

    try:
        return Role(name)
    except ValueError:
        raise typer.BadParameter(f"{name!r} is no role; there are {', '.join(Role)}") from None
