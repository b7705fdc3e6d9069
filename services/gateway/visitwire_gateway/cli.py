"""`visitwire gateway`: serve the board and the API from Kafka, and manage users and API keys."""

import contextlib
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from visitwire_runtime import logs
from visitwire_runtime.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from visitwire_gateway.auth.user_management import Managing
    from visitwire_gateway.auth.users import People
    from visitwire_gateway.auth.who import Role, Who

app = typer.Typer(no_args_is_help=True, help="Serve the board and the API; manage users and API keys.")

Tenant = Annotated[str, typer.Option(help="Tenants never see one another's users, keys and subscriptions.")]
PasswordFile = Annotated[
    Path | None,
    typer.Option(help="File with the password, such as a container secret; - reads standard input."),
]


@app.command()
def serve() -> None:
    """Serves the board and the API from Kafka until SIGTERM or Ctrl-C. Exits with status 1 if the port is in use."""
    import structlog
    from kafka.errors import KafkaError  # type: ignore[import-untyped]
    from visitwire_runtime.broker_connection import for_kafka_python
    from visitwire_runtime.sockets import CannotStart

    from visitwire_gateway.app import create_app
    from visitwire_gateway.serve import serve_on_kafka

    settings = Settings()
    with contextlib.suppress(KafkaError):  # who is only away is waited for
        for_kafka_python(settings)  # what is wrong with it would show in a thread, while the board is up
    logs.configure(settings.log_level, settings.log_format)
    log = structlog.get_logger()
    try:
        serve_on_kafka(settings, create_app, lambda address: log.info("ready", board=address))
    except CannotStart as why:
        log.error("stopped", why=str(why))
        raise typer.Exit(1) from None


@app.command()
def rebuild() -> None:
    """Rebuilds the read model. On Kafka, the next start reads the topics again from their beginning; beside
    `visitwire run`, which has no topics, it is rebuilt from the ledger and the stories that the gateway stores."""
    from visitwire_gateway.model.database import forget, open_database
    from visitwire_gateway.model.rebuild import fed_by_topics

    settings = Settings()
    engine = open_database(settings.gateway_database.get_secret_value())
    if fed_by_topics(engine):
        forget(engine)
        typer.echo("The read model is empty; the next start reads the topics again.")
    else:
        typer.echo(_remade(settings, engine))


def _remade(settings: Settings, engine: "Engine") -> str:
    """Makes the read model from the ledger. Exits with 1 if that would empty it."""
    from visitwire_alerting.service import open_alerting

    from visitwire_gateway.model.rebuild import remake, stories_kept
    from visitwire_gateway.model.store_writer import visits_kept

    found = open_alerting(settings).contents()
    if not found.visits and visits_kept(engine):
        typer.echo("The ledger in the settings has no visits but the board does; nothing was changed.", err=True)
        raise typer.Exit(1)
    remake(engine, found.visits, found.changes, found.reports)
    visits, changes = len(found.visits), len(found.changes)
    return f"Rebuilt from the ledger: {visits} visits, {changes} changes, {stories_kept(engine)} stories."


@app.command("add-user")
def add_user(
    name: str,
    role: Annotated[str, typer.Option(help="reader, editor or admin.")] = "reader",
    tenant: Tenant = "default",
    password: Annotated[
        str | None, typer.Option(help="The password. Other users of this machine can see it while the command runs.")
    ] = None,
    password_file: PasswordFile = None,
    if_missing: Annotated[bool, typer.Option(help="Do nothing if the user exists.")] = False,
) -> None:
    """Creates a user. Asks for the password if neither option gives it."""
    from visitwire_gateway.auth.users import Refused

    wanted = _role(role)
    if if_missing and _people().by_name(name):
        typer.echo(f"User {name} exists already; nothing was changed.")
        return
    try:
        _managing(tenant).add_user(name, password or _password(password_file), wanted)
    except Refused as why:
        raise typer.BadParameter(str(why)) from None
    typer.echo(f"{name} may log in as {role}.")


@app.command("set-password")
def set_password(name: str, password_file: PasswordFile = None) -> None:
    """Changes a user's password and ends their sessions. Asks for the password if no file gives it."""
    user, who = _user(name)
    _change(user, who, password=_password(password_file))
    typer.echo(f"{name} has a new password.")


@app.command("set-role")
def set_role(name: str, role: str) -> None:
    """Changes a user's role (reader, editor or admin) and ends their sessions."""
    (user, who), wanted = _user(name), _role(role)
    _change(user, who, role=wanted)
    typer.echo(f"{name} may log in as {role}.")


@app.command("add-key")
def add_key(
    name: str,
    role: Annotated[str, typer.Option(help="reader, editor or admin.")] = "reader",
    tenant: Tenant = "default",
    last_day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day on which it is valid, UTC.")
    ] = None,
) -> None:
    """Creates an API key and prints it, this once."""
    from visitwire_gateway.auth.api_keys import end_of
    from visitwire_gateway.auth.users import Refused

    try:
        secret = _managing(tenant).add_key(name, _role(role), last_day and end_of(last_day))[1]
    except Refused as why:
        raise typer.BadParameter(str(why)) from None
    typer.echo(secret)


def _people() -> "People":
    from visitwire_gateway.auth.users import People
    from visitwire_gateway.model.database import open_database

    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return People(open_database(settings.gateway_database.get_secret_value()))


def _role(name: str) -> "Role":
    from visitwire_gateway.auth.who import Role

    try:
        return Role(name)
    except ValueError:
        raise typer.BadParameter(f"{name!r} is not a role; use one of {', '.join(Role)}") from None


def _user(name: str) -> "tuple[str, Who]":
    found = _people().by_name(name)
    if found is None:
        raise typer.BadParameter(f"there is no user {name}")
    return found


def _change(user: str, who: "Who", role: "Role | None" = None, password: str | None = None) -> None:
    from visitwire_gateway.auth.users import Refused

    try:
        _managing(who.tenant).change_user(user, role, password)
    except Refused as why:
        raise typer.BadParameter(str(why)) from None


def _managing(tenant: str) -> "Managing":
    from visitwire_gateway.auth.user_management import Managing
    from visitwire_gateway.auth.who import Role, Who

    return Managing(_people(), Who(tenant, "the command line", Role.ADMIN))


def _password(file: Path | None) -> str:
    """Without the line's end that an editor or `echo` adds."""
    if file is None:
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    try:
        read = sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        raise typer.BadParameter(f"{file} cannot be read: {wrong}") from None
    return read.removesuffix("\n").removesuffix("\r")
