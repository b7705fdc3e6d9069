"""Brings the database to the shape that this version needs."""

import logging
from importlib.resources import files

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, func, select

from visitwire_alerting.database import is_postgresql, writing

LOCK = 0x7669736D
"""PostgreSQL's number for "somebody is migrating": workers start together."""


def config(connection: Connection) -> Config:
    """Alembic's configuration for a connection."""
    made = Config()
    made.set_main_option("script_location", str(files("visitwire_alerting").joinpath("migrations")))
    made.attributes["connection"] = connection
    return made


def migrate(engine: Engine) -> None:
    """Takes the steps that are missing, in one transaction, one worker at a time."""
    with writing(engine) as connection:
        if is_postgresql(connection):
            connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
        logging.getLogger("alembic").setLevel(logging.WARNING)  # else it greets at every start
        command.upgrade(config(connection), "head")
