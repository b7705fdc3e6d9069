"""How feeds do, as Prometheus sees it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from prometheus_client import generate_latest
from visitwire_ingestion import feed_states
from visitwire_ingestion.feed_files import load
from visitwire_ingestion.feed_metrics import FeedMetrics
from visitwire_ingestion.feeds import FeedState
from visitwire_ingestion.sql_tables import engine
from visitwire_ingestion.stage import ingestion
from visitwire_runtime.embedded import Embedded
from visitwire_runtime.metrics import Meter
from visitwire_runtime.settings import Settings

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
GAPS = (170.0, 180.0, 190.0)
KNOWN = {
    "quick": FeedState(changed=NOON - timedelta(minutes=2), gaps=GAPS),
    "quiet": FeedState(changed=NOON - timedelta(minutes=40), gaps=GAPS),
    "broken": FeedState(error="it answered 500.", failures=4),
    "dropped": FeedState(failures=9),
}


def defined(folder: Path, *names: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / f"{name}.toml").write_text(f'name = "{name}"\nurl = "https://{name}.example/rss"\n', encoding="utf-8")
    return folder


def told(metrics: FeedMetrics) -> dict[str, dict[str, float]]:
    return {
        family.name.removeprefix("visitwire_feed_"): {each.labels["feed"]: each.value for each in family.samples}
        for family in metrics.collect()
    }


def test_age_silence_and_failures_of_every_defined_feed(tmp_path: Path) -> None:
    feeds = defined(tmp_path, "quick", "quiet", "broken", "new")
    assert KNOWN["quiet"].silence(NOON) == "nothing for 40 minutes, usually every 3 minutes"
    assert told(FeedMetrics(feeds, lambda: KNOWN, lambda: NOON)) == {
        "last_item_age_seconds": {"quick": 120, "quiet": 2400},
        "usual_gap_seconds": {"quick": 180, "quiet": 180},
        "silent": {"quick": 0, "quiet": 1, "broken": 0, "new": 0},
        "failures": {"quick": 0, "quiet": 0, "broken": 4, "new": 0},
    }


def test_a_definition_that_cannot_be_read_spoils_no_scrape(tmp_path: Path) -> None:
    (defined(tmp_path, "quick") / "bad.toml").write_text("name =", encoding="utf-8")
    found = told(FeedMetrics(tmp_path, lambda: KNOWN, lambda: NOON))
    assert {kind: list(values) for kind, values in found.items()} == {kind: ["quick"] for kind in found}
    assert not any(told(FeedMetrics(tmp_path / "missing", lambda: KNOWN, lambda: NOON)).values())


def test_the_stage_tells_of_its_feeds_beside_its_own_counters(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", feeds=defined(tmp_path / "feeds", "quiet"))
    stage, meters = ingestion(settings), {"ingestion": Meter("ingestion")}
    database = engine(settings.ingestion_database.get_secret_value())
    feed_states.save(database, load(settings.feeds or tmp_path)[0], FeedState(failures=2), NOON)
    database.dispose()
    Embedded([stage], spool=tmp_path, meters=meters.__getitem__)
    page = generate_latest(meters["ingestion"].registry).decode()
    assert 'visitwire_feed_failures{feed="quiet"} 2.0' in page
    assert 'visitwire_messages_read_total{stage="ingestion"} 0.0' in page
    assert stage.close is not None
    stage.close()
