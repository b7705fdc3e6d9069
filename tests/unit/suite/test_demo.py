"""The demo keeps to itself on a machine where a suite is set up."""

from pathlib import Path

import pytest
from visitwire_suite.demo import apart

REAL = {
    "DATABASE_URL": "postgresql://db/visits",
    "INGESTION_DATABASE_URL": "postgresql://db/ingestion",
    "GATEWAY_DATABASE_URL": "postgresql://db/gateway",
    "INBOX": "/srv/inbox",
    "FEEDS": "/srv/feeds",
    "PUSH_PORT": "8090",
    "DATA_DIR": "state",
}


def test_it_reads_and_writes_nothing_of_the_suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in REAL.items():
        monkeypatch.setenv(f"VISITWIRE_{name}", value)
    (tmp_path / "state/demo").mkdir(parents=True)
    (tmp_path / "state/demo/visitwire.sqlite").touch()
    settings = apart()
    home = tmp_path / "state/demo"
    databases = [settings.database, settings.ingestion_database, settings.gateway_database]
    assert [one.get_secret_value() for one in databases] == [
        f"sqlite:///{home}/{name}.sqlite" for name in ("visitwire", "ingestion", "gateway")
    ]
    assert settings.watched.absolute() == home / "inbox"
    assert (settings.feeds, settings.push_port) == (None, None)
    assert list(home.iterdir()) == []
