"""Tables of the command line: as wide as the terminal, and a line a row in a pipe."""

import re
import sys

import pytest
from visitwire_alerting.cli.terminal import table

ROW = ("no-doda-fr-1a2b3c4d", "President Runa Doda to Nantes, France, for a long visit with many a stop", "planned")


def test_in_a_pipe_each_row_is_a_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    table(("id", "visit", "status"), [ROW])
    assert [line.split("  ")[0] for line in capsys.readouterr().out.splitlines()] == ["id", ROW[0]]


def test_at_a_terminal_it_keeps_to_the_width(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    table(("id", "visit", "status"), [ROW])
    lines = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out).splitlines()
    assert len(lines) > 2
    assert max(map(len, lines)) <= 60
