"""`python -m visitwire_alerting`: a worker of the alerting stage on Kafka."""

from visitwire_runtime import AnyStage
from visitwire_runtime.settings import Settings
from visitwire_runtime.worker import main

from visitwire_alerting.migrate import migrate_apart
from visitwire_alerting.stage import alerting


def worker(settings: Settings) -> AnyStage:
    migrate_apart()
    return alerting(settings)


if __name__ == "__main__":
    main(worker)
