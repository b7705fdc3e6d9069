"""What a worker of any stage on the broker needs."""

from visitwire_runtime.setting_groups.broker import BrokerSettings
from visitwire_runtime.setting_groups.process import ProcessSettings


class WorkerSettings(ProcessSettings, BrokerSettings):
    """Of a process that works for a stage on the broker."""
