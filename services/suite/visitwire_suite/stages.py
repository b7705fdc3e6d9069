"""Every stage of the flow by name, built from settings. Imports are lazy: a worker loads its own stage only."""

from collections.abc import Callable, Mapping

from visitwire_runtime import AnyStage
from visitwire_runtime.settings import Settings

from visitwire_suite.exit_signals import ctrl_c_ends


def _ingestion(settings: Settings) -> AnyStage:
    from visitwire_ingestion.stage import ingestion

    return ingestion(settings)


def _extraction(settings: Settings) -> AnyStage:
    with ctrl_c_ends():
        from visitwire_extraction.stage import configured

        return configured(settings)


def _attribution(settings: Settings) -> AnyStage:
    from visitwire_attribution.stage import attribution

    return attribution()


def _visits(settings: Settings) -> AnyStage:
    from visitwire_suite.readers import stage

    return stage(settings)


def _alerting(settings: Settings) -> AnyStage:
    from visitwire_alerting.stage import alerting

    return alerting(settings)


STAGES: Mapping[str, Callable[[Settings], AnyStage]] = {
    "ingestion": _ingestion,
    "extraction": _extraction,
    "attribution": _attribution,
    "visits": _visits,
    "alerting": _alerting,
}
LANGUAGE = ("extraction", "attribution", "visits")
"""The stages that only add to a story, and remember nothing."""


def build(name: str, settings: Settings) -> AnyStage:
    """The stage called `name`. Raises `KeyError` when the flow has none."""
    return STAGES[name](settings)


def build_patient(name: str, settings: Settings) -> AnyStage:
    """The stage called `name`, for stories that nobody waits for. Raises `KeyError` when the flow has none."""
    if name == "visits":
        from visitwire_suite.readers import stage

        return stage(settings, is_patient=True)
    return build(name, settings)
