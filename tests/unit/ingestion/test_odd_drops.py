"""Drops that misbehave: no file takes another with it."""

import asyncio
import os
from pathlib import Path

import asyncssh
import pytest
from visitwire_ingestion.feeds import FeedState

from tests.unit.ingestion.drop_servers import PASSWORD, sftp
from tests.unit.ingestion.looks import NOON, looked
from tests.unit.ingestion.odd_servers import FEED


def test_one_name_outside_utf8_on_an_sftp_server_takes_no_other_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DROP_PASSWORD", PASSWORD)

    async def run() -> tuple[list[str | None], FeedState, list[bytes]]:
        async with sftp(tmp_path / "root", files="*.xml", after="move") as feed:
            for name in (b"caf\xe9.xml", b"good.xml", b"STORY.XML", b"note.txt"):
                (tmp_path / "root" / "out" / os.fsdecode(name)).write_bytes(FEED)
            _, state = await looked(feed)
            topic, state = await looked(feed, state)
            moved = sorted(
                bytes(path).rpartition(b"-")[2] for path in (tmp_path / "root" / "out" / "processed").iterdir()
            )
            return (
                sorted(str(item.name) for item in topic.items),
                FeedState.model_validate_json(state.model_dump_json()),
                moved,
            )

    names, state, moved = asyncio.run(run())
    assert names == ["STORY.XML", "café.xml", "good.xml"]
    assert (state.error, moved) == (None, [b"STORY.XML", b"caf\xe9.xml", b"good.xml"])


def test_files_none_of_which_is_wanted_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DROP_PASSWORD", PASSWORD)

    async def run() -> FeedState:
        async with sftp(tmp_path / "root", files="*.nitf") as feed:
            (tmp_path / "root" / "out" / "a.xml").write_bytes(FEED)
            return (await looked(feed))[1]

    assert asyncio.run(run()).condition(NOON) == "There are 1 files, and none is called *.nitf: correct `files`."


def test_a_file_that_vanishes_between_two_questions_takes_no_other_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DROP_PASSWORD", PASSWORD)

    async def run() -> tuple[int, str | None]:
        async with sftp(tmp_path / "root") as feed:
            for name in ("a.xml", "b.xml"):
                (tmp_path / "root" / "out" / name).write_bytes(FEED)
            _, state = await looked(feed)
            listed = asyncssh.SFTPClient.readdir

            async def then_gone(client: asyncssh.SFTPClient, path: bytes) -> object:
                found = await listed(client, path)
                (tmp_path / "root" / "out" / "a.xml").unlink()
                return found

            monkeypatch.setattr(asyncssh.SFTPClient, "readdir", then_gone)
            topic, state = await looked(feed, state)
            return len(topic.items), state.error

    count, error = asyncio.run(run())
    assert (count, error) == (1, "a.xml was not taken: No such file or directory.")
