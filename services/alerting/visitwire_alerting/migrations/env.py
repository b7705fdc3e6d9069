"""Alembic's entry: migrates the connection that `migrate.py` or the command line gives."""

from alembic import context

from visitwire_alerting.storage.all_tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=False,
)
with context.begin_transaction():
    context.run_migrations()
