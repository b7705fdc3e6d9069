"""Opens what the command line and other processes need of alerting: the ledger and its vault."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine
from visitwire_runtime.settings import Settings
from visitwire_schemas.subscription import Subscription

from visitwire_alerting.migrate import migrate
from visitwire_alerting.storage.database import open_database, writing
from visitwire_alerting.storage.vault import Vault, open_vault
from visitwire_alerting.subscriptions import store


@dataclass(frozen=True)
class Desk:
    """The database and the keys to what is sealed in it."""

    engine: Engine
    vault: Vault

    def subscribe(self, subscriptions: Sequence[Subscription], tenant: str = store.DEFAULT) -> list[store.Stored]:
        """Adds subscriptions, or changes those with the same id."""
        with writing(self.engine) as connection:
            return [store.save(connection, self.vault, one, tenant) for one in subscriptions]


def open_desk(settings: Settings) -> Desk:
    engine = open_database(settings.database.get_secret_value())
    migrate(engine)
    return Desk(engine, open_vault(settings.alerting_key, settings.data_dir))
