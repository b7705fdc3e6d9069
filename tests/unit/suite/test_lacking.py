"""A machine that lacks something says at the end what it did not run, and how that is mended."""

import pytest

from tests.helpers.lacking import CHROMIUM, KAFKA, NEEDS, NODE_READERS, SHARED, lacking, needed, table, unless


def test_the_table_counts_and_gives_one_command() -> None:
    reasons = [
        CHROMIUM.reason,
        NODE_READERS.reason,
        f"('x.py', 3, 'Skipped: {KAFKA.reason}: no java')",
        CHROMIUM.reason,
    ]
    assert list(table(needed([*reasons, "of another kind"]))) == [
        "     2  for want of Chromium",
        "     1  for want of Node's readers",
        "     1  for want of Java and Maven for a Kafka broker",
        "On Debian this brings it: sudo apt-get install chromium maven nodejs npm openjdk-17-jdk-headless"
        " && npm ci --ignore-scripts --prefix tests/conformance",
    ]


def test_what_no_command_brings_gets_none() -> None:
    assert list(table(needed([SHARED.reason]))) == ["     1  for want of the shared data beside the repository"]


def test_a_lack_is_skipped_here_and_a_failure_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="Chromium"):
        lacking(CHROMIUM)
    assert unless(False, CHROMIUM).args == (True,)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="Chromium"):
        lacking(CHROMIUM)
    assert unless(False, CHROMIUM).args == (False,)
    with pytest.raises(pytest.skip.Exception):
        lacking(SHARED)


def test_no_need_hides_another() -> None:
    assert all(needed([f"('x.py', 3, 'Skipped: {need.reason}')"]) == {need: 1} for need in NEEDS.values())
