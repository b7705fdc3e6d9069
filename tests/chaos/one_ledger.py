"""What one undisturbed ledger makes of stories."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import batched
from pathlib import Path
from tempfile import TemporaryDirectory

from visitwire_alerting.ledger.enter_story import record
from visitwire_alerting.ledger.rebuild import each_standing
from visitwire_alerting.migrate import migrate
from visitwire_alerting.storage.database import open_database
from visitwire_schemas import Alert, EnrichedStory, LedgerVisit

BATCH = 100


@dataclass(frozen=True)
class Told:
    """Alerts, and the visits that stand, by id."""

    alerts: Mapping[str, Alert]
    visits: Mapping[str, LedgerVisit]


def one_ledger(stories: Iterable[EnrichedStory]) -> Told:
    """Enters the stories in this order, in this process, into a SQLite database of their own."""
    alerts: dict[str, Alert] = {}
    with TemporaryDirectory(prefix="visitwire-") as folder:
        engine = open_database(f"sqlite:///{Path(folder) / 'ledger.sqlite'}")
        migrate(engine)
        for batch in batched(stories, BATCH):
            alerts |= {alert.id: alert for alert in record(engine, batch).alerts}
        visits = {visit.id: visit for visit in each_standing(engine)}
        engine.dispose()
    return Told(alerts, visits)
