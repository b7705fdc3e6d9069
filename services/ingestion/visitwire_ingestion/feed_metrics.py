"""How the feeds do, for Prometheus: read from the database at each scrape, so that any worker tells of all of them."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from visitwire_ingestion.feed_files import load_each
from visitwire_ingestion.feeds import FeedState
from visitwire_ingestion.story_store import Clock

log = structlog.get_logger()
type States = Callable[[], Mapping[str, FeedState]]


class FeedMetrics(Collector):
    """Gauges with the label `feed`. Without an item there is no age; nothing is silent before the gaps are known."""

    def __init__(self, folder: Path, states: States, clock: Clock) -> None:
        self._folder, self._states, self._clock = folder, states, clock

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = self._clock()
        age = _gauge("last_item_age_seconds", "Seconds since the feed last had something new")
        usual = _gauge("usual_gap_seconds", "The median of the last gaps between novelties")
        silent = _gauge("silent", "1 when the feed has been without an item for far longer than is usual")
        failures = _gauge("failures", "Looks that failed in a row; 0 when the last one went well")
        for name, state in self._known().items():
            if state.changed:
                age.add_metric([name], (now - state.changed).total_seconds())
            if gap := state.usual():
                usual.add_metric([name], gap.total_seconds())
            silent.add_metric([name], float(state.silence(now) is not None))
            failures.add_metric([name], float(state.failures))
        yield from (age, usual, silent, failures)

    def _known(self) -> Mapping[str, FeedState]:
        """The defined feeds; none when definitions or database cannot be read, which the polling says in the log."""
        try:
            known = self._states()
            return {feed.name: known.get(feed.name, FeedState()) for feed in load_each(self._folder).feeds}
        except (SQLAlchemyError, OSError) as error:
            log.warning("feed_metrics_unreadable", why=type(error).__name__)
            return {}


def _gauge(name: str, about: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"visitwire_feed_{name}", about, labels=["feed"])
