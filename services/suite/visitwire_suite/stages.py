"""Every stage of the flow by name, built from settings. Imports are lazy: a worker loads its own stage only."""

from collections.abc import Callable, Mapping

from visitwire_runtime import AnyStage
from visitwire_runtime.settings import Settings


def _ingestion(settings: Settings) -> AnyStage:
    from visitwire_ingestion.stage import ingestion

    return ingestion(settings)


def _extraction(settings: Settings) -> AnyStage:
    from visitwire_extraction.stage import extraction, load

    return extraction(load(settings.model, settings.officeholders), settings.batch)


def _attribution(settings: Settings) -> AnyStage:
    from visitwire_attribution.stage import attribution

    return attribution()


def _visits(settings: Settings) -> AnyStage:
    from visitwire_visits.stage import visits

    return visits()


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
