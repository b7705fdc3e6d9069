"""The version of a reader: its release, and a digest of what it is made of."""

from pathlib import Path

import pytest
from visitwire_runtime import reader_release as of
from visitwire_runtime.reader_release import digest_of, version_of
from visitwire_schemas import release


def test_code_data_and_what_else_is_named_tell_readers_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of, "files", lambda package: tmp_path)
    monkeypatch.setattr(of, "version", lambda name: "0.3.0")
    versions = []
    for content in ("one", "two", "one"):
        (tmp_path / "table.tsv").write_text(content)
        of._held.cache_clear()
        versions.append(version_of("visitwire_visits"))
    of._held.cache_clear()
    assert versions[0] == versions[2] != versions[1]
    assert version_of("visitwire_visits", also=("a model 1.0",)) not in versions
    assert {release(one) for one in versions} == {(0, 3, 0)}
    assert digest_of(tmp_path / "table.tsv") == digest_of(tmp_path / "table.tsv")
    of._held.cache_clear()


def test_a_release_is_ordered_by_its_numbers() -> None:
    assert release("0.9.0+ffff") < release("0.10.0+0000")
    assert release("") == ()
