"""`python -m visitwire_reader_llm`: a worker of the visits stage on Kafka, with the language model of the settings."""

from visitwire_runtime.listening import CannotStart
from visitwire_runtime.settings import Settings
from visitwire_runtime.stage import AnyStage
from visitwire_runtime.worker import main

from visitwire_reader_llm.stage import panel_of, visits


def stage(settings: Settings) -> AnyStage:
    """The stage. Raises `CannotStart` where the settings ask for no language model."""
    if settings.readers == "rules":
        raise CannotStart("VISITWIRE_READERS is 'rules', which visitwire_visits reads; set it to 'llm' or 'both'")
    return visits(panel_of(settings))


if __name__ == "__main__":
    main(stage)
