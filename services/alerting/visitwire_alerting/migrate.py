"""Brings the database to the shape that this version needs."""

from sqlalchemy import Engine

from visitwire_alerting.tables import metadata


def migrate(engine: Engine) -> None:
    metadata.create_all(engine)
