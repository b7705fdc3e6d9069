"""The ledger, its subscriptions and deliveries, as the command line, the API and the pages use them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from sqlalchemy import Engine
from visitwire_runtime.setting_groups.alerting import LedgerSettings
from visitwire_schemas import Alert, LedgerVisit, StoryReports
from visitwire_schemas.subscription import Subscription

from visitwire_alerting.delivery.live_workers import last_life
from visitwire_alerting.ledger import hand_log, rebuild, story_reports, visit_history
from visitwire_alerting.ledger.hand_log import HandLogEntry
from visitwire_alerting.migrate import migrate
from visitwire_alerting.service.actor import Actor, Note, unnoted
from visitwire_alerting.service.errors import Missing
from visitwire_alerting.service.tenant import Tenant
from visitwire_alerting.storage.database import open_database, reading, writing
from visitwire_alerting.storage.vault import Vault, open_vault
from visitwire_alerting.subscriptions import endpoint_health, store
from visitwire_alerting.subscriptions.backtest import Backtest, RecordedAlert, read
from visitwire_alerting.subscriptions.stored import DEFAULT, Stored

SILENT = timedelta(seconds=30)
"""After so long without a sign of life from a worker, nobody delivers."""


@dataclass(frozen=True)
class Contents:
    """All that a read model is made from."""

    visits: list[LedgerVisit]
    changes: list[tuple[datetime, Alert]]
    """Each with when it was recorded."""
    reports: list[StoryReports]


@dataclass(frozen=True)
class Alerting:
    """The database, and the keys to what is sealed in it."""

    engine: Engine
    vault: Vault

    def as_tenant(self, who: Actor, at: datetime | None = None, note: Note = unnoted) -> Tenant:
        """What `who` may see and change: their tenant's subscriptions and deliveries. `note` is told of each change."""
        return Tenant(self.engine, self.vault, who, at or datetime.now(UTC), note)

    @cached_property
    def backtest(self) -> Backtest:
        """One for all who ask: it keeps the alerts of the last weeks in memory."""
        return Backtest(self.engine)

    def subscribe(self, subscriptions: Sequence[Subscription], tenant: str = DEFAULT) -> list[Stored]:
        """Adds subscriptions, or changes those with the same id."""
        with writing(self.engine) as connection:
            return [store.save(connection, self.vault, one, tenant) for one in subscriptions]

    def visit(self, id: str) -> LedgerVisit:
        """As it stands, or last stood. Raises `Missing`."""
        with reading(self.engine) as connection:
            found = visit_history.find_visit(connection, id)
        if found is None:
            raise Missing(f"There is no visit {id}.")
        return found.visit

    def heirs(self, visits: Collection[str]) -> dict[str, str]:
        """Of these visits, those that were merged, each with the visit in which it is now."""
        with reading(self.engine) as connection:
            return visit_history.heirs(connection, visits)

    def said_of(self, visit: str, standing: Sequence[str] = ()) -> list[HandLogEntry]:
        """What people ever said of a visit, the earliest first; `standing` are the ids of what it has in it."""
        with reading(self.engine) as connection:
            return hand_log.of_visit(connection, visit, standing)

    def alerts(self, told: Sequence[RecordedAlert]) -> list[Alert]:
        """The alerts that a back-test lists, in the same order."""
        return read(self.engine, told)

    def health(self) -> dict[str, dict[str, object]]:
        """How each endpoint of every tenant fares, by its id."""
        with reading(self.engine) as connection:
            return endpoint_health.health(connection)

    def enable(self, endpoint: str) -> bool:
        """Tries a disabled endpoint of any tenant again; False if there is none."""
        with writing(self.engine) as connection:
            return endpoint_health.enable(connection, endpoint)

    def delivers(self, at: datetime) -> bool:
        """Whether a worker delivers from this database now."""
        with reading(self.engine) as connection:
            seen = last_life(connection)
        return seen is not None and at - seen < SILENT

    def visits(self) -> list[LedgerVisit]:
        """Every visit that stands."""
        return rebuild.standing(self.engine)

    def visit_ids(self) -> set[str]:
        """The id of every visit that stands."""
        return rebuild.standing_ids(self.engine)

    def contents(self) -> Contents:
        """Every visit, every change and every report."""
        visits = self.visits()
        with reading(self.engine) as connection:
            changes = list(visit_history.alerts_since(connection, datetime.min.replace(tzinfo=UTC)))
            return Contents(visits, changes, list(story_reports.every(connection)))


def open_alerting(settings: LedgerSettings) -> Alerting:
    """Alerting on the ledger that the settings name, which is made or brought up to date."""
    engine = open_database(settings.database.get_secret_value())
    migrate(engine)
    return Alerting(engine, open_vault(settings.alerting_key, settings.data_dir))
