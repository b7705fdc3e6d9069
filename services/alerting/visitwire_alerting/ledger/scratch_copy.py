"""A copy of the ledger to try something on, in a file of its own."""

from pathlib import Path

from sqlalchemy import Engine
from visitwire_runtime.table_copy import copy_tables, one_moment

from visitwire_alerting.migrate import migrate
from visitwire_alerting.storage.all_tables import metadata
from visitwire_alerting.storage.database import open_database, reading, writing


def copied(engine: Engine, file: Path) -> Engine:
    """An engine on a copy of the ledger in `file`, a SQLite database, which must not be there yet."""
    if file.exists():
        raise FileExistsError(f"{file} is there already")
    target = database(file)
    migrate(target)
    with reading(engine) as source, writing(target) as connection:
        copy_tables(one_moment(source), connection, metadata)
    return target


def database(file: Path) -> Engine:
    return open_database(f"sqlite:///{file}")


def remove(file: Path) -> None:
    """Removes a SQLite database and what lies beside it."""
    for name in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm", ".publishing"))):
        name.unlink(missing_ok=True)
