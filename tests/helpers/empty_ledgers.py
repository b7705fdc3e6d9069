"""Empty ledgers on SQLite, copied from one that the migrations made: they take longer than most tests."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import make_url
from visitwire_alerting.migrate import migrate
from visitwire_alerting.storage.database import open_database


@cache
def _migrated() -> bytes:
    with TemporaryDirectory(prefix="visitwire-ledger-") as folder:
        file = Path(folder) / "ledger.sqlite"
        engine = open_database(f"sqlite:///{file}")
        migrate(engine)
        engine.dispose()
        return file.read_bytes()


def lay_out(url: str) -> None:
    """Puts an empty ledger where the URL of a SQLite file says, unless there is one."""
    file = Path(str(make_url(url).database))
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_migrated())
