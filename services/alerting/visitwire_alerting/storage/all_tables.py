"""Every table of alerting, in one metadata: for migrations and copies."""

from visitwire_alerting.storage import delivery_tables, ledger_tables, subscription_tables
from visitwire_alerting.storage.table_columns import metadata

__all__ = ["delivery_tables", "ledger_tables", "metadata", "subscription_tables"]
