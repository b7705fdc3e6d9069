"""Every setting, as the suite in one process has them, and by group, as the page of settings lists them."""

from visitwire_runtime.setting_groups.alerting import AlertingSettings, LedgerSettings
from visitwire_runtime.setting_groups.broker import BrokerSettings
from visitwire_runtime.setting_groups.extraction import ExtractionSettings
from visitwire_runtime.setting_groups.gateway import GatewaySettings
from visitwire_runtime.setting_groups.ingestion import IngestionSettings, IntakeSettings
from visitwire_runtime.setting_groups.process import ProcessSettings
from visitwire_runtime.setting_groups.sources import Group
from visitwire_runtime.setting_groups.visits import LanguageModelSettings, ReaderSettings
from visitwire_runtime.setting_groups.worker import WorkerSettings


class Settings(
    WorkerSettings, IngestionSettings, ExtractionSettings, LanguageModelSettings, AlertingSettings, GatewaySettings
):
    """Every setting, with its default."""


GROUPS: tuple[tuple[str, tuple[type[Group], ...]], ...] = (
    ("Every process", (ProcessSettings,)),
    ("Broker", (BrokerSettings,)),
    ("Ingestion", (IntakeSettings, IngestionSettings)),
    ("Extraction", (ExtractionSettings,)),
    ("Visits", (ReaderSettings, LanguageModelSettings)),
    ("Alerting", (LedgerSettings, AlertingSettings)),
    ("Gateway", (GatewaySettings,)),
)
"""Each with the classes that define its settings."""
