"""What a story, a report, an alert, a delivery take in each database, on SQLite: python -m bench.speed.sizes

Bytes a row with its indexes, by the examples of `schemas/examples`; without what is gone once it was published.
"""

import random
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import insert
from visitwire_alerting.ledger.enter_story import record
from visitwire_alerting.migrate import migrate
from visitwire_alerting.storage.database import open_database as open_ledger
from visitwire_alerting.storage.database import writing
from visitwire_alerting.storage.database_clock import now
from visitwire_alerting.storage.delivery_tables import attempts, deliveries, delivery_alerts
from visitwire_alerting.storage.ledger_tables import alerts
from visitwire_gateway.model.database import open_database as open_board
from visitwire_gateway.model.projection import project
from visitwire_gateway.model.store_writer import write
from visitwire_ingestion.sql_tables import engine as open_ingestion
from visitwire_ingestion.story_store import Keeper
from visitwire_schemas import (
    ALERTS,
    STORIES_ENRICHED,
    VISITS,
    Alert,
    EnrichedStory,
    LedgerVisit,
    Message,
    Record,
    Topic,
    WireItem,
)

from tests.unit.alerting.makers import dates, person, story, visit

EXAMPLES = Path(__file__).parents[2] / "schemas/examples"
COUNT = 600
WORDS = 300
"""In an invented text."""


def tables(file: Path, count: int) -> dict[str, int]:
    """Bytes a row of each table, with its indexes."""
    connection = sqlite3.connect(file)
    connection.execute("vacuum")
    owner = "select s.tbl_name, sum(d.pgsize) from dbstat d join sqlite_schema s on s.name = d.name group by 1"
    sizes = {
        name: size // count for name, size in connection.execute(owner) if size > 70 * count and name != "visit_updates"
    }
    connection.close()
    return sizes


def ledger(folder: Path) -> Iterable[tuple[str, dict[str, int]]]:
    for what, found in (("a story without a visit", False), ("a story that announces a visit", True)):
        file = folder / f"ledger-{found}.sqlite"
        engine = open_ledger(f"sqlite:///{file}")
        migrate(engine)
        for number in range(COUNT):
            told = visit("accepted", who=person(number), of="NO", when=dates("2025-05-01"), by="Helena Duarte")
            record(engine, [story(f"urn:newsml:wire.example:20250327:{number:08d}", *([told] if found else ()))])
        engine.dispose()
        yield f"ledger, {what}", tables(file, COUNT)
    yield "ledger, a delivery", _deliveries(folder / "deliveries.sqlite")


def _deliveries(file: Path) -> dict[str, int]:
    engine = open_ledger(f"sqlite:///{file}")
    migrate(engine)
    mine = {"tenant": "default", "subscription": "south-asia", "endpoint": "south-asia/webhook-1-5f0c2a9e"}
    mine |= {"lane": "ru-putin-in-5f0c2a9e", "state": "delivered", "last_status": 200}
    with writing(engine) as connection:
        for number in range(1, COUNT + 1):
            at = {"created": now(), "due": now(), "finished": now(), "attempts": 1, "replay": False}
            connection.execute(insert(alerts).values(number=number, id=str(number), visit="v", at=now(), body=""))
            connection.execute(insert(deliveries).values(mine | at | {"number": number}))
            connection.execute(insert(delivery_alerts).values(delivery=number, alert=number, sequence=1))
            tried = {"delivery": number, "at": now(), "result": "delivered", "status": 200, "milliseconds": 31.5}
            connection.execute(insert(attempts).values(tried))
    engine.dispose()
    return {name: size for name, size in tables(file, COUNT).items() if name != "alerts"}


def board(folder: Path) -> Iterable[tuple[str, dict[str, int]]]:
    enriched = EnrichedStory.model_validate_json((EXAMPLES / "stories-enriched-v1/story.json").read_text())
    alert = Alert.model_validate_json((EXAMPLES / "alerts-v1/accepted.json").read_text())
    standing = LedgerVisit.model_validate_json((EXAMPLES / "visits-v1/accepted.json").read_text())
    words = len(enriched.story.text.split())
    yield f"board, a story of {words} words", _kept(folder, STORIES_ENRICHED, _renamed(enriched))
    again = (alert.model_copy(update={"id": f"{alert.id}-{number}"}) for number in range(COUNT))
    yield "board, a change", _kept(folder, ALERTS, again)
    visits = (standing.model_copy(update={"id": f"{standing.id}-{number}"}) for number in range(COUNT))
    yield "board, a visit", _kept(folder, VISITS, visits)


def _renamed(enriched: EnrichedStory) -> Iterable[EnrichedStory]:
    for number in range(COUNT):
        named = enriched.story.model_copy(update={"uri": f"{enriched.story.uri}-{number}"})
        yield enriched.model_copy(update={"story": named})


def _kept[M: Message](folder: Path, topic: Topic[M], messages: Iterable[M]) -> dict[str, int]:
    """Without the events, of which the last 20,000 are kept."""
    file = folder / f"{topic.name}.sqlite"
    engine = open_board(f"sqlite:///{file}")
    records: list[Record] = [topic.encode(message) for message in messages]
    write(engine, [rows for one in records if (rows := project(topic.name, one)) is not None])
    engine.dispose()
    return {name: size for name, size in tables(file, COUNT).items() if name != "events"}


def ingestion(folder: Path) -> Iterable[tuple[str, dict[str, int]]]:
    file = folder / "ingestion.sqlite"
    keeper = Keeper(open_ingestion(f"sqlite:///{file}"))
    for number in range(COUNT):
        made = story(f"urn:newsml:wire.example:20250327:{number:08d}").story
        invented = random.Random(number)
        text = " ".join(person(invented.randrange(9999)).split()[1] for _ in range(WORDS))
        keeper.receive(WireItem(raw=b"", provider="north", received=now()), [made.model_copy(update={"text": text})])
    keeper.close()
    yield f"ingestion, a story of {WORDS} words", tables(file, COUNT)


def main() -> None:
    with TemporaryDirectory(prefix="visitwire-") as name:
        for measured in (ledger, board, ingestion):
            for what, sizes in measured(Path(name)):
                parts = ", ".join(f"{table} {size}" for table, size in sorted(sizes.items(), key=lambda one: -one[1]))
                print(f"{what}: {sum(sizes.values()):,} bytes ({parts})")


if __name__ == "__main__":
    main()
