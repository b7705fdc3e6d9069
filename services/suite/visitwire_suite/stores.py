"""`visitwire stores`: what is kept in databases; all of it put into a folder, and brought back into other databases."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Connection, Engine, MetaData, delete, func, select
from visitwire_alerting.cli.terminal import fail, table
from visitwire_alerting.migrate import migrate
from visitwire_alerting.storage import all_tables as ledger
from visitwire_alerting.storage.database import open_database as open_ledger
from visitwire_gateway.auth import sql_tables as access
from visitwire_gateway.marks.sql_tables import MARKS
from visitwire_gateway.model import sql_tables as board
from visitwire_gateway.model.database import open_database as open_board
from visitwire_gateway.personal.sql_tables import ADDRESSES
from visitwire_ingestion import sql_tables as ingestion
from visitwire_runtime.settings import Settings
from visitwire_runtime.table_copy import copy_tables, one_moment

app = typer.Typer(no_args_is_help=True, help="Count, back up and restore the databases.")
MANIFEST = "manifest.json"
KEY = "alerting.key"


@dataclass(frozen=True)
class Store:
    """A database of the suite, with every table in it."""

    name: str
    url: Callable[[Settings], str]
    opened: Callable[[str], Engine]
    tables: tuple[MetaData, ...]


def _ledger(url: str) -> Engine:
    engine = open_ledger(url)
    migrate(engine)
    return engine


def _board(url: str) -> Engine:
    engine = open_board(url)
    with engine.begin() as connection:
        access.make(connection)
    return engine


PEOPLES = tuple({table.metadata: None for table in (access.USERS, MARKS, ADDRESSES)})
"""The tables of people, their marks and their addresses, which are known once their modules are."""
STORES = (
    Store("ledger", lambda settings: settings.database.get_secret_value(), _ledger, (ledger.metadata,)),
    Store(
        "ingestion",
        lambda settings: settings.ingestion_database.get_secret_value(),
        ingestion.engine,
        (ingestion.metadata,),
    ),
    Store("board", lambda settings: settings.gateway_database.get_secret_value(), _board, (board.READING, *PEOPLES)),
)
MADE_WITH_THE_TABLES = {board.META.name}
"""What a fresh database has rows of."""


@app.command()
def show(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Shows the number of rows in each table of each database."""
    settings, found = Settings(), dict[str, dict[str, int]]()
    for store in STORES:
        with _open(store, store.url(settings)) as engine, engine.connect() as connection:
            found[store.name] = _counted(connection, store)
    if as_json:
        typer.echo(json.dumps(found))
        return
    rows = [(store, name, count) for store, counts in found.items() for name, count in counts.items() if count]
    table(("database", "table", "rows"), rows)


@app.command()
def backup(folder: Annotated[Path, typer.Argument(help="A folder that does not exist yet or is empty.")]) -> None:
    """Copies every database into FOLDER, each as it is at one moment, and the key of the ledger's secrets.

    Workers and gateway may keep running. The copies are SQLite files, whatever the databases are. Protect FOLDER: with
    the key in it, it reveals the addresses and secrets of subscriptions.
    """
    settings = Settings()
    _empty_folder(folder)
    counts = {store.name: _copy(store, store.url(settings), _file(folder, store)) for store in STORES}
    if settings.alerting_key is None and (settings.data_dir / KEY).is_file():
        shutil.copy(settings.data_dir / KEY, folder / KEY)
    made = {"at": datetime.now(UTC).isoformat(), "release": version("visitwire-suite"), "rows": counts}
    (folder / MANIFEST).write_text(json.dumps(made, indent=1))
    _say(counts, f"in {folder}")


@app.command()
def restore(folder: Annotated[Path, typer.Argument(help="A folder made by `backup`.")]) -> None:
    """Restores a backup into the databases that the settings name, which must be empty or not exist yet.

    This also moves a ledger from SQLite to PostgreSQL. No worker and no gateway may run meanwhile.
    """
    settings = Settings()
    if not (folder / MANIFEST).is_file():
        fail(f"{folder} holds no whole backup: {MANIFEST} is missing")
    for store in STORES:
        _is_empty(store, store.url(settings))
    if (folder / KEY).is_file() and settings.alerting_key is None:
        _put_key(folder / KEY, settings.data_dir / KEY)
    counts = {store.name: _copy(store, _file(folder, store), store.url(settings)) for store in STORES}
    _say(counts, f"from {folder}")


def _empty_folder(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        fail(f"{folder} is not empty: name another folder")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def _put_key(source: Path, target: Path) -> None:
    if target.is_file() and target.read_bytes() != source.read_bytes():
        fail(f"{target} is another key than the backup's: move it away first")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)


def _file(folder: Path, store: Store) -> str:
    return f"sqlite:///{(folder / store.name).absolute()}.sqlite"


def _is_empty(store: Store, url: str) -> None:
    with _open(store, url) as engine, engine.connect() as connection:
        counts = _counted(connection, store)
    held = [name for name, count in counts.items() if count and name not in MADE_WITH_THE_TABLES]
    if held:
        fail(f"the database of the {store.name} is not empty ({held[0]} has {counts[held[0]]} rows): name another")


def _counted(connection: Connection, store: Store) -> dict[str, int]:
    return {
        one.name: connection.execute(select(func.count()).select_from(one)).scalar_one()
        for metadata in store.tables
        for one in metadata.sorted_tables
    }


def _copy(store: Store, source_url: str, target_url: str) -> dict[str, int]:
    copied: dict[str, int] = {}
    with _open(store, source_url) as source, _open(store, target_url) as target:
        reading = source.connect().execution_options(reading=True)
        with reading, reading.begin(), target.begin() as writing:
            one_moment(reading)
            for metadata in store.tables:
                for one in metadata.sorted_tables:
                    if one.name in MADE_WITH_THE_TABLES:
                        writing.execute(delete(one))
                copied |= copy_tables(reading, writing, metadata)
    return copied


@contextmanager
def _open(store: Store, url: str) -> Iterator[Engine]:
    engine = store.opened(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _say(counts: Mapping[str, Mapping[str, Any]], where: str) -> None:
    parts = [f"{name} {sum(rows.values())} rows" for name, rows in counts.items()]
    typer.echo(f"{', '.join(parts)} {where}")
