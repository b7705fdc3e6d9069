"""`python -m visitwire_alerting`: a worker of the alerting stage on Kafka."""

from subprocess import CalledProcessError

from visitwire_runtime import AnyStage
from visitwire_runtime.process import main
from visitwire_runtime.setting_groups.alerting import AlertingSettings
from visitwire_runtime.sockets import CannotStart

from visitwire_alerting.migrate import migrate_apart
from visitwire_alerting.stage import alerting
from visitwire_alerting.storage.database import open_database, reading


def worker(settings: AlertingSettings) -> AnyStage:
    _answers(settings)
    try:
        migrate_apart()
    except CalledProcessError:
        raise CannotStart("the ledger's database could not be brought up to date: see above") from None
    return alerting(settings)


def _answers(settings: AlertingSettings) -> None:
    """Raises what is wrong with the database here, where it is told in a line, and not in the process that migrates."""
    engine = open_database(settings.database.get_secret_value())
    with reading(engine):
        pass
    engine.dispose()


if __name__ == "__main__":
    main(worker)
