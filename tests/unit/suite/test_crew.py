"""What `visitwire up` says of workers that ended, and which it starts again."""

from pathlib import Path

import pytest
from visitwire_runtime.settings import Settings
from visitwire_suite import kafka_crew
from visitwire_suite.kafka_crew import Crew


@pytest.mark.parametrize(("code", "given_up"), [(1, False), (3, True)])
def test_only_a_stage_that_ended_with_3_has_too_many_dead_letters(
    code: int, given_up: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ending.py").write_text(f"import sys\nsys.exit({code})\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(kafka_crew, "module", lambda stage: "ending")
    crew = Crew(Settings(data_dir=tmp_path, metrics_port=0, gateway_port=0), ("visits", "gateway"), {}, "broker:9092")
    crew.start()
    for member in crew.members:
        assert member.process is not None
        member.process.wait(30)
    crew.look()
    logs = tmp_path / "logs"
    again = "died once, see {}; starts again"
    stopped = f"stopped: too many dead letters, see {logs}/visits-1.log"
    want = [stopped if given_up else again.format(logs / "visits-1.log"), again.format(logs / "gateway-1.log")]
    assert [member.state for member in crew.members] == want
    crew.stop()
