"""Brings the database to the shape that this version needs: `python -m visitwire_alerting.migrate`, or at start."""

import logging
import subprocess
import sys
from importlib.resources import files
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, func, inspect, select, text
from visitwire_runtime.database import is_postgresql
from visitwire_runtime.settings import Settings

from visitwire_alerting.storage.database import open_database, reading, writing

if TYPE_CHECKING:
    from alembic.config import Config

LOCK = 0x7669736D
"""PostgreSQL's number for "somebody is migrating": workers start together."""


def migrate(engine: Engine) -> None:
    """Takes the steps that are missing, in one transaction, one worker at a time. A database that a newer release
    brought further is left so: steps only add, and workers of both are at work while one is rolled out."""
    if (_revision(engine) or "") < newest():
        _upgrade(engine)


def migrate_apart() -> None:
    """The same for the database of the settings, in a process of its own: Alembic is 10 MB that a worker, which runs
    for months, needs once.

    Raises `subprocess.CalledProcessError` when the database cannot be had; the process has said why.
    """
    subprocess.run([sys.executable, "-m", "visitwire_alerting.migrate"], check=True)


def newest() -> str:
    """The last step's revision, which its file's name begins with."""
    steps = files("visitwire_alerting").joinpath("migrations", "versions").iterdir()
    return max(step.name.split("_")[0] for step in steps if step.name.endswith(".py"))


def _revision(engine: Engine) -> str | None:
    with reading(engine) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _upgrade(engine: Engine) -> None:
    from alembic import command

    with writing(engine) as connection:
        if is_postgresql(connection):
            connection.execute(text("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0"))
            connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
        logging.getLogger("alembic").setLevel(logging.WARNING)  # else it greets at every start
        command.upgrade(config(connection), "head")


def config(connection: Connection) -> "Config":
    """Alembic's configuration for a connection."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(files("visitwire_alerting").joinpath("migrations")))
    made.attributes["connection"] = connection
    return made


if __name__ == "__main__":
    migrate(open_database(Settings().database.get_secret_value()))
