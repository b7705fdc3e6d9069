"""The table of confidences over verdicts made by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.quality import calibration


def visit(name: str, country: str, confidence: float = 1.0) -> dict[str, Any]:
    return {
        "visitor": {"name": name, "label": None, "country": "CL"},
        "destination": {"country": country, "place": None},
        "status": "planned",
        "confidence": confidence,
    }


def test_a_visit_that_a_person_found_is_right_once() -> None:
    gold = [visit("Ana Ruiz", "NO")]
    found = [visit("Ana Ruiz", "NO", 0.5), visit("Ana Ruiz", "NO", 0.9), visit("Ana Ruiz", "SE", 0.7)]

    assert list(calibration.verdicts(gold, found)) == [(0.9, True), (0.7, False), (0.5, False)]


def test_a_row_has_the_mean_confidence_and_the_share_that_is_right() -> None:
    assert calibration.rows([(0.62, True), (0.68, False), (0.95, True)]) == [
        (0.6, 0.7, 2, pytest.approx(0.65), 0.5),
        (0.9, 1.01, 1, pytest.approx(0.95), 1.0),
    ]


def test_it_reads_what_was_found_when_an_envelope_was_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "X1").mkdir()
    (tmp_path / "X1" / "gold.jsonl").write_text(json.dumps({"doc": "a", "visits": [visit("Ana Ruiz", "NO")]}) + "\n")
    told = {"story": {"uri": "a"}, "visits": [visit("Ana Ruiz", "NO", 0.95)]}
    (tmp_path / "X1" / "found.jsonl").write_text(json.dumps(told) + "\n")
    monkeypatch.setattr(calibration, "OPENED", tmp_path)

    calibration.main([])

    assert capsys.readouterr().out == (
        "X1: 1 visits at first sight\n0.90 to 1.00     1 visits  confidence 0.95  right 1.00\n"
    )
