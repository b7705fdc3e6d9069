"""Drops on real SFTP and FTP servers on loopback."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from visitwire_ingestion.feed_files import parse
from visitwire_ingestion.feeds import Feed, FeedState
from visitwire_ingestion.transports import drop, ftp, guarded_dial, poll
from visitwire_ingestion.transports.acceptance import Acceptance
from visitwire_ingestion.transports.drop import UNFINISHED
from visitwire_runtime import Publish
from visitwire_schemas import WIRE_ITEMS, Record, WireItem

from tests.unit.ingestion.drop_servers import PASSWORD, Opened, ftps, sftp
from tests.unit.ingestion.test_transports import ACCEPT
from tests.unit.runtime.test_safe_http import PRIVATE

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FIRST, SECOND = b"ROME, March 2 (Mercury) - A minister will visit Oslo.", b"BERNE, March 2 (Mercury) - She will not."


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DROP_PASSWORD", PASSWORD)


SERVERS: list[Opened] = [sftp, ftps]


class DropWatch:
    """Looks at the drop, and keeps what is published."""

    def __init__(self, feed: Feed, **how: bool) -> None:
        self.items: list[WireItem] = []
        self._feed, self._how, self.state = feed, {"allow_private": True} | how, FeedState()

    async def look(self, times: int = 1, at: datetime = NOON) -> FeedState:
        async with poll.guarded_client() as client:
            for _ in range(times):
                self.state, _ = await poll.visit(
                    self._feed, self.state, client, Acceptance(Publish(self._keep), ACCEPT), at, **self._how
                )
        return self.state

    async def _keep(self, topic: str, record: Record) -> None:
        self.items.append(WIRE_ITEMS.decode(record))

    def restarted(self) -> None:
        """As a new process finds it: only what the database holds is left."""
        self.state = FeedState.model_validate_json(self.state.model_dump_json())


def run(opened: Opened, root: Path, test: Callable[[DropWatch, Path], Awaitable[None]], **changes: Any) -> None:
    async def all_of_it() -> None:
        async with opened(root / "srv", **changes) as feed:
            await test(DropWatch(feed), root / "srv" / "out")

    (root / "srv").mkdir(exist_ok=True)
    asyncio.run(all_of_it())


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("opened", SERVERS)
def test_a_file_is_one_item_once_also_after_a_restart(opened: Opened, tmp_path: Path) -> None:
    async def test(watch: DropWatch, out: Path) -> None:
        (out / "a.xml").write_bytes(FIRST)
        assert (await watch.look()).error is None
        assert watch.items == []  # at the first look nobody knows whether it still grows
        await watch.look(2)
        watch.restarted()
        (out / "b.xml").write_bytes(SECOND)
        await watch.look(3)
        wanted = [("mercury", "a.xml", FIRST), ("mercury", "b.xml", SECOND)]
        assert [(each.provider, each.name, each.raw) for each in watch.items] == wanted
        assert (watch.state.error, watch.state.changed, files(out)) == (None, NOON, ["a.xml", "b.xml"])

    run(opened, tmp_path, test)


@pytest.mark.parametrize("opened", SERVERS)
def test_what_is_still_being_written_is_left_alone(opened: Opened, tmp_path: Path) -> None:
    async def test(watch: DropWatch, out: Path) -> None:
        for ending in UNFINISHED:
            (out / f"a{ending}").write_bytes(FIRST)
        (out / ".hidden").write_bytes(FIRST)
        (out / "folder").mkdir()
        for size in (10, 20, 30):
            (out / "half.xml").write_bytes(FIRST[:size])
            await watch.look()
        assert watch.items == []
        (out / "half.xml").write_bytes(FIRST)
        await watch.look(2)
        assert [each.raw for each in watch.items] == [FIRST]

    run(opened, tmp_path, test)


@pytest.mark.parametrize("opened", SERVERS)
def test_a_file_that_is_sent_again_under_its_name_is_an_item_again(opened: Opened, tmp_path: Path) -> None:
    async def test(watch: DropWatch, out: Path) -> None:
        for raw in (FIRST, SECOND):
            (out / "latest.xml").write_bytes(raw)
            await watch.look(3)
        assert [each.raw for each in watch.items] == [FIRST, SECOND]

    run(opened, tmp_path, test)


@pytest.mark.parametrize("opened", SERVERS)
def test_taken_files_are_moved_or_removed_where_the_definition_says_so(opened: Opened, tmp_path: Path) -> None:
    async def test(watch: DropWatch, out: Path) -> None:
        (out / "a.xml").write_bytes(FIRST)
        (out / "notes.txt").write_bytes(SECOND)
        await watch.look(2)
        await watch.look(2, NOON + timedelta(minutes=1))
        assert [each.raw for each in watch.items] == [FIRST]

    run(opened, tmp_path, test, after="move", files="*.xml")
    assert files(tmp_path / "srv" / "out") == ["notes.txt", "processed/20260302T120000-a.xml"]
    (tmp_path / "srv" / "out" / "notes.txt").unlink()
    run(opened, tmp_path, test, after="remove", files="*.xml")
    assert files(tmp_path / "srv" / "out") == ["notes.txt", "processed/20260302T120000-a.xml"]


@pytest.mark.parametrize("opened", SERVERS)
def test_a_look_that_only_wants_to_know_changes_nothing(opened: Opened, tmp_path: Path) -> None:
    async def test(watch: DropWatch, out: Path) -> None:
        (out / "a.xml").write_bytes(FIRST)
        asking = DropWatch(watch._feed, leave=True)
        await asking.look(2)
        assert ([each.raw for each in asking.items], files(out)) == ([FIRST], ["a.xml"])

    run(opened, tmp_path, test, after="remove")


@pytest.mark.parametrize("opened", SERVERS)
def test_a_broken_publication_is_made_up_for(opened: Opened, tmp_path: Path) -> None:
    async def test(watch: DropWatch, out: Path) -> None:
        (out / "a.xml").write_bytes(FIRST)
        (out / "b.xml").write_bytes(SECOND)
        keep, broken = watch._keep, [True]

        async def once(topic: str, record: Record) -> None:
            if len(watch.items) == 1 and broken.pop():
                raise OSError("the broker is away")
            await keep(topic, record)

        watch._keep = once  # type: ignore[method-assign]
        state = await watch.look(2)
        assert (len(watch.items), state.failures, state.error) == (
            1,
            1,
            "The drop on 127.0.0.1 failed: the broker is away.",
        )
        broken.append(False)
        watch.restarted()
        await watch.look()
        assert sorted(each.raw for each in watch.items) == sorted([FIRST, SECOND])
        assert watch.state.error is None

    run(opened, tmp_path, test)


@pytest.mark.parametrize("opened", SERVERS)
def test_the_wrong_password_is_told_and_never_written_anywhere(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def test(watch: DropWatch, out: Path) -> None:
        (out / "a.xml").write_bytes(FIRST)
        await watch.look(2)
        assert len(watch.items) == 1
        monkeypatch.setenv("DROP_PASSWORD", "w0rd-of-yesterday")
        state = await watch.look()
        assert state.failures == 1
        assert "user" in (state.error or "")
        written = caplog.text + watch.state.model_dump_json()
        assert PASSWORD not in written
        assert "w0rd-of-yesterday" not in written

    run(opened, tmp_path, test)


@pytest.mark.parametrize("opened", SERVERS)
def test_a_private_address_is_not_dialled(opened: Opened, tmp_path: Path) -> None:
    async def test(watch: DropWatch, out: Path) -> None:
        asking = DropWatch(watch._feed, allow_private=False)
        state = await asking.look()
        assert "127.0.0.1 is at 127.0.0.1, which is not on the public internet" in (state.error or "")

    run(opened, tmp_path, test)


def test_the_name_is_looked_up_once_and_what_was_checked_is_dialled() -> None:
    """A name that changes its address between look-up and connection gains nothing."""
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["192.0.2.1" if len(asked) > 1 else "127.0.0.1"]

    with pytest.raises(guarded_dial.Forbidden, match=r"is at 127\.0\.0\.1"):
        guarded_dial.dial("rebind.example", 22, resolve=rebinding)
    mixed = ["93.184.215.14", "::ffff:10.0.0.1"]
    with pytest.raises(guarded_dial.Forbidden, match=r"is at ::ffff:10\.0\.0\.1"):
        guarded_dial.dial("mixed.example", 22, resolve=lambda host, port: mixed)
    assert asked == ["rebind.example"]


@pytest.mark.parametrize("address", PRIVATE)
def test_no_address_of_the_corpus_is_dialled(address: str) -> None:
    with pytest.raises(guarded_dial.Forbidden, match="not on the public internet"):
        guarded_dial.dial("somewhere.example", 22, resolve=lambda host, port: ["1.1.1.1", address], timeout=0.01)


def test_a_server_with_another_key_gets_neither_user_nor_password(tmp_path: Path) -> None:
    async def test(watch: DropWatch, out: Path) -> None:
        state = await watch.look()
        assert "compare the server's key with the one the agency gave you" in (state.error or "")

    run(sftp, tmp_path, test, trusted=False)


def test_a_key_in_place_of_a_password(tmp_path: Path) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    path = tmp_path / "key"
    path.write_bytes(key.export_private_key(passphrase=PASSWORD, rounds=1, ignore_few_rounds=True))

    async def test(watch: DropWatch, out: Path) -> None:
        (out / "a.xml").write_bytes(FIRST)
        await watch.look(2)
        assert ([each.raw for each in watch.items], watch.state.error) == ([FIRST], None)

    run(sftp, tmp_path, test, key=key, password_env=None, key_file=path, key_password_env="DROP_PASSWORD")


@pytest.mark.parametrize("missing", ["known_hosts", "key_file"])
def test_a_file_that_is_not_there_is_named(missing: str, tmp_path: Path) -> None:
    async def test(watch: DropWatch, out: Path) -> None:
        lost = DropWatch(watch._feed.model_copy(update={missing: tmp_path / "lost"}))
        assert "lost" in ((await lost.look()).error or "")

    run(sftp, tmp_path, test)


def test_a_key_file_that_holds_no_key_is_told(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("no key", encoding="utf-8")

    async def test(watch: DropWatch, out: Path) -> None:
        state = await DropWatch(watch._feed.model_copy(update={"key_file": tmp_path / "key"})).look()
        assert "the key file or known_hosts cannot be read" in (state.error or "")

    run(sftp, tmp_path, test)


def test_the_ssh_of_the_machine_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A configuration that would send every connection elsewhere changes nothing."""
    home = tmp_path / "home" / ".ssh"
    home.mkdir(parents=True)
    (home / "config").write_text("Host *\n  HostName 192.0.2.1\n  StrictHostKeyChecking no\n", encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))

    async def test(watch: DropWatch, out: Path) -> None:
        (out / "a.xml").write_bytes(FIRST)
        await watch.look(2)
        assert [each.raw for each in watch.items] == [FIRST]

    run(sftp, tmp_path, test)


def test_ftp_over_tls_checks_the_certificate_and_secures_the_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(watch: DropWatch, out: Path) -> None:
        port = int(watch._feed.url.rpartition(":")[2].partition("/")[0])
        monkeypatch.setattr(ftp, "IMPLICIT", port)
        (out / "a.xml").write_bytes(FIRST)
        await watch.look(2)
        assert ([each.raw for each in watch.items], watch.state.error) == ([FIRST], None)
        stranger = DropWatch(watch._feed.model_copy(update={"ca_file": None}))
        assert "certificate verify failed" in ((await stranger.look()).error or "")

    run(ftps, tmp_path, test, tls=True)


def test_what_pasv_says_of_an_address_is_not_followed(tmp_path: Path) -> None:
    """The server names 10.0.0.1 for the data; they come from the server itself, or not at all."""
    listing = b"-rw-r--r-- 1 a a 5 Mar 02 10:15 a.xml\r\n"
    answers = {
        "USER": b"331 password",
        "PASS": b"230 in",
        "TYPE": b"200 ok",
        "EPSV": b"502 no",
        "MLSD": b"500 no",
        "QUIT": b"221 bye",
    }

    async def serve() -> FeedState:
        data = await asyncio.start_server(_sends(listing), "127.0.0.1", 0)
        port = data.sockets[0].getsockname()[1]

        async def control(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"220 hello\r\n")
            while line := (await reader.readline()).decode().strip():
                verb = line.partition(" ")[0]
                if verb == "PASV":
                    writer.write(f"227 here (10,0,0,1,{port >> 8},{port & 255})\r\n".encode())
                elif verb == "LIST":
                    writer.write(b"150 here it comes\r\n226 done\r\n")
                else:
                    writer.write(answers.get(verb, b"502 no") + b"\r\n")
            writer.close()
            await writer.wait_closed()

        server = await asyncio.start_server(control, "127.0.0.1", 0)
        feed = Feed(name="a", kind="ftp", url=f"ftp://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
        try:
            return await DropWatch(feed).look()
        finally:
            for each in (server, data):
                each.close()
                await each.wait_closed()

    state = asyncio.run(serve())
    assert (state.error, list(state.looked)) == (None, ["a.xml"])


def _sends(raw: bytes) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        writer.close()
        await writer.wait_closed()

    return handle


def test_an_oversized_file_is_complained_about_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drop, "LARGEST", 20)

    async def test(watch: DropWatch, out: Path) -> None:
        (out / "a.xml").write_bytes(FIRST)
        state = await watch.look(2)
        assert (watch.items, state.failures) == ([], 0)
        assert state.error == "a.xml has more than 20 bytes: it was not taken; send its parts alone."
        assert (await watch.look()).error is None

    run(sftp, tmp_path, test)


def test_a_hundred_files_come_in_the_order_of_their_time(tmp_path: Path) -> None:
    async def test(watch: DropWatch, out: Path) -> None:
        for number in range(100):
            path = out / f"{99 - number:03}.txt"
            path.write_bytes(b"%d" % number)
            os.utime(path, (1_700_000_000 + number, 1_700_000_000 + number))
        await watch.look(2)
        assert [int(each.raw) for each in watch.items] == list(range(100))

    run(sftp, tmp_path, test)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('kind = "sftp"\nurl = "sftp://wire.example/out"', "known_hosts: an sftp feed needs the file"),
        ('kind = "sftp"\nurl = "ftp://wire.example/out"', "url: an sftp feed needs sftp://"),
        ('kind = "ftp"\nurl = "http://wire.example/out"', "url: an ftp feed needs ftps://"),
        ('kind = "ftp"\nurl = "ftp://desk:word@wire.example/out"', "url: a password does not belong there"),
        ('url = "https://desk:word@wire.example/rss"', "url: a password does not belong there"),
        (
            'kind = "ftp"\nurl = "ftp://wire.example/out"\nprocessed = "../x"',
            "processed: give the name of a folder, without a slash",
        ),
        ('kind = "ftp"\nurl = "ftp://wire.example/out"\nafter = "burn"', "after: Input should be 'leave'"),
    ],
)
def test_a_definition_that_would_be_unsafe_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=r"^a\.toml: ") as refusal:
        parse(f'name = "a"\n{text}', "a.toml")
    assert problem in str(refusal.value)
