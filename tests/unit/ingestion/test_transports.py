"""How items come in: the watched folder, HTTP push, polled feeds."""

import asyncio
import socket
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from visitwire_ingestion import feed_states
from visitwire_ingestion.feed_files import load, parse
from visitwire_ingestion.feeds import Feed, FeedState
from visitwire_ingestion.formats import read
from visitwire_ingestion.poll_interval import wait
from visitwire_ingestion.sql_tables import engine
from visitwire_ingestion.transports import folder, poll, push
from visitwire_ingestion.transports.acceptance import Acceptance, accepting
from visitwire_runtime import Publish
from visitwire_runtime.sockets import CannotListen
from visitwire_schemas import WIRE_ITEMS, Record, WireItem

from tests.unit.ingestion.odd_servers import FEED as BODY

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ACCEPT = accepting(read)


class Topic:
    """A topic that keeps what is published."""

    def __init__(self) -> None:
        self.items: list[WireItem] = []
        self.publish = Publish(self._send)

    async def _send(self, topic: str, record: Record) -> None:
        assert topic == WIRE_ITEMS.name
        self.items.append(WIRE_ITEMS.decode(record))


def item(raw: bytes, provider: str, name: str | None, kind: str | None = None) -> WireItem:
    return WireItem(raw=raw, provider=provider, name=name, content_type=kind, received=NOON)


# The watched folder.


def swept(inbox: Path, rounds: int = 2, between: Callable[[int], None] = lambda turn: None) -> list[WireItem]:
    topic = Topic()

    async def run() -> None:
        seen: Mapping[Path, folder.FileLook] = {}
        for turn in range(rounds):
            seen = await folder.sweep(inbox, seen, Acceptance(topic.publish, ACCEPT), lambda: NOON)
            between(turn)

    asyncio.run(run())
    return topic.items


def files(inbox: Path) -> list[str]:
    return sorted(str(path.relative_to(inbox)) for path in inbox.rglob("*") if path.is_file())


def test_a_file_is_taken_up_and_moved_and_its_folder_names_the_provider(tmp_path: Path) -> None:
    (tmp_path / "mercury").mkdir()
    (tmp_path / "mercury" / "a.txt").write_bytes(b"ROME, March 2 (Mercury) - A minister will visit Oslo.")
    (tmp_path / "b.txt").write_bytes(b"Somebody will visit somewhere.")
    assert swept(tmp_path) == [
        item(b"Somebody will visit somewhere.", "unknown", "b.txt"),
        item(b"ROME, March 2 (Mercury) - A minister will visit Oslo.", "mercury", "a.txt"),
    ]
    assert files(tmp_path) == ["processed/b.txt", "processed/mercury/a.txt"]


def test_what_is_still_being_written_is_left_alone(tmp_path: Path) -> None:
    half = tmp_path / "half.txt"
    half.write_bytes(b"A minister will")
    (tmp_path / "later.xml.part").write_bytes(b"<nitf")
    (tmp_path / ".hidden").write_bytes(b"x")

    def write_more(turn: int) -> None:
        if turn == 0:
            half.write_bytes(b"A minister will visit Oslo.")

    assert swept(tmp_path, 2, write_more) == []
    assert swept(tmp_path, 2) == [item(b"A minister will visit Oslo.", "unknown", "half.txt")]
    assert files(tmp_path) == [".hidden", "later.xml.part", "processed/half.txt"]


def test_a_refused_file_is_published_all_the_same_and_lies_beside_its_reason(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(b"<nitf><body>")
    assert swept(tmp_path) == [item(b"<nitf><body>", "unknown", "a.xml")]
    assert files(tmp_path) == ["failed/a.xml", "failed/a.xml.reason.txt"]
    assert "broken at line 1" in (tmp_path / "failed" / "a.xml.reason.txt").read_text()


def test_a_name_used_twice_overwrites_nothing_and_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "link.txt").symlink_to("/etc/hostname")
    for text in ("First visit.", "Second visit."):
        (tmp_path / "a.txt").write_text(text)
        swept(tmp_path)
    assert files(tmp_path) == ["link.txt", "processed/a-1.txt", "processed/a.txt"]


# HTTP push.


async def posted(topic: Topic, path: str, token: str | None = "t0ken", **request: object) -> httpx.Response:
    application = push.app(topic.publish, SecretStr("t0ken"), 200, lambda: NOON)
    headers = {**({"Authorization": f"Bearer {token}"} if token else {}), **request.pop("headers", {})}  # type: ignore[dict-item]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://push") as client:
        return await client.post(path, headers=headers, **request)  # type: ignore[arg-type]


def test_push_takes_one_item_and_says_its_id() -> None:
    topic = Topic()
    answer = asyncio.run(posted(topic, "/items/mercury", content=b"A visit.", headers={"Content-Type": "text/plain"}))
    assert (answer.status_code, len(answer.json()["ids"])) == (202, 1)
    assert topic.items == [item(b"A visit.", "mercury", None, "text/plain")]


def test_push_takes_several_items_as_parts() -> None:
    topic = Topic()
    body = (
        b"--b\r\nContent-Type: text/plain\r\n\r\nOne.\r\n--b\r\nContent-Type: application/json\r\n\r\n{}\r\n--b--\r\n"
    )
    kind = {"Content-Type": "multipart/mixed; boundary=b"}
    answer = asyncio.run(posted(topic, "/items/mercury", content=body, headers=kind))
    assert (answer.status_code, len(answer.json()["ids"])) == (202, 2)
    assert [each.raw for each in topic.items] == [b"One.", b"{}"]


def test_push_takes_odd_names_and_a_part_that_has_parts() -> None:
    topic = Topic()
    body = (
        b'--b\r\nContent-Disposition: attachment; filename="caf\xe9.txt"\r\n\r\nOne.\r\n'
        b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nTwo.\r\n--c--\r\n--b--\r\n"
    )
    kind = {"Content-Type": "multipart/mixed; boundary=b"}
    assert asyncio.run(posted(topic, "/items/mercury", content=body, headers=kind)).status_code == 202
    assert (topic.items[0].name or "").startswith("caf")
    assert b"Two." in topic.items[1].raw
    asyncio.run(posted(topic, "/items/mercury", content=b"A visit.", headers={"X-Name": "café.txt".encode()}))
    assert topic.items[2].name == "café.txt"


@pytest.mark.parametrize(
    ("token", "content", "status"),
    [(None, b"x", 401), ("wrong", b"x", 401), ("t0ken", b"", 400), ("t0ken", b"x" * 201, 413)],
)
def test_push_refuses(token: str | None, content: bytes, status: int) -> None:
    topic = Topic()
    answer = asyncio.run(posted(topic, "/items/mercury", token, content=content))
    assert (answer.status_code, topic.items) == (status, [])


def test_push_says_that_its_port_is_taken_and_which_setting_chooses_another() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
        listen = push.serve("127.0.0.1", port, None, 200)
        want = rf"^cannot listen on 127.0.0.1:{port} \(Address already in use\); choose VISITWIRE_PUSH_PORT$"
        with pytest.raises(CannotListen, match=want):
            asyncio.run(listen(Topic().publish))


async def pushed_and_cancelled(topic: Topic, port: int) -> int:
    listening = asyncio.create_task(push.serve("127.0.0.1", port, None, 200, lambda: NOON)(topic.publish))
    await asyncio.sleep(0)  # it listens from its first step on
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"http://127.0.0.1:{port}/items/mercury", content=b"A visit.")
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    return answer.status_code


async def pushed_twice(topic: Topic, port: int) -> list[int]:
    return [await pushed_and_cancelled(topic, port), await pushed_and_cancelled(topic, port)]


def test_push_gives_its_port_back_when_it_is_cancelled() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    topic = Topic()
    assert asyncio.run(pushed_twice(topic, port)) == [202, 202]
    assert [each.raw for each in topic.items] == [b"A visit.", b"A visit."]


# Polled feeds.

FEED = Feed(name="gulf", url="https://gulf.example/rss", every=180, headers={"X-Key": "${GULF_KEY}"})


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GULF_KEY", "k3y")


def visited(
    answers: Callable[[httpx.Request], httpx.Response], feed: Feed = FEED, state: FeedState | None = None
) -> tuple[Topic, FeedState, timedelta]:
    topic = Topic()

    async def run() -> tuple[FeedState, timedelta]:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answers)) as client:
            return await poll.visit(feed, state or FeedState(), client, Acceptance(topic.publish, ACCEPT), NOON)

    return topic, *asyncio.run(run())


def test_a_feed_is_asked_for_conditionally_once_it_has_answered() -> None:
    asked: list[httpx.Headers] = []

    def server(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers)
        if "if-none-match" in request.headers:
            return httpx.Response(304)
        return httpx.Response(200, content=BODY, headers={"ETag": '"1"', "Last-Modified": "Mon, 02 Mar 2026"})

    topic, state, _ = visited(server)
    again, after, _ = visited(server, state=state)
    assert (len(topic.items), len(again.items)) == (1, 0)
    assert (asked[1]["if-none-match"], asked[1]["if-modified-since"]) == ('"1"', "Mon, 02 Mar 2026")
    assert (after.etag, after.error, after.changed) == ('"1"', None, NOON)


def test_a_body_that_did_not_change_is_not_published_again() -> None:
    topic, state, _ = visited(lambda request: httpx.Response(200, content=b"<rss/>"))
    again, _, _ = visited(lambda request: httpx.Response(200, content=b"<rss/>"), state=state)
    assert (len(topic.items), len(again.items)) == (1, 0)


def test_credentials_never_leave_for_another_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GULF_KEY", "k3y")
    monkeypatch.setenv("GULF_PASSWORD", "s3cret")
    seen: dict[str, tuple[str | None, str | None]] = {}

    def server(request: httpx.Request) -> httpx.Response:
        seen[request.url.host] = (request.headers.get("x-key"), request.headers.get("authorization"))
        if request.url.host == "gulf.example":
            return httpx.Response(302, headers={"Location": "https://elsewhere.example/rss"})
        return httpx.Response(200, content=b"<rss/>")

    feed = FEED.model_copy(update={"username": "desk", "password_env": "GULF_PASSWORD"})
    topic, _, _ = visited(server, feed)
    assert seen == {"gulf.example": ("k3y", "Basic ZGVzazpzM2NyZXQ="), "elsewhere.example": (None, None)}
    assert len(topic.items) == 1


def test_failures_are_known_and_slow_the_feed_down() -> None:
    _, once, pause = visited(lambda request: httpx.Response(500))
    assert (once.failures, once.error) == (
        1,
        "gulf.example answered 500: check the address and the credentials.",
    )
    assert pause >= timedelta(seconds=360)
    _, twice, _ = visited(lambda request: httpx.Response(500), state=once)
    _, well, _ = visited(lambda request: httpx.Response(200, content=b"x"), state=twice)
    assert (twice.failures, well.failures, well.error) == (2, 0, None)


@pytest.mark.parametrize(
    ("headers", "status", "seconds"),
    [
        ({}, 200, 180),
        ({"cache-control": "public, max-age=900"}, 200, 900),
        ({"retry-after": "1200"}, 429, 1200),
        ({"retry-after": "Mon, 02 Mar 2026 12:20:00 GMT"}, 503, 1200),
        ({"retry-after": "9999999"}, 503, 86_400),
        ({"retry-after": "10"}, 503, 180),
    ],
)
def test_the_server_may_ask_for_patience(headers: dict[str, str], status: int, seconds: float) -> None:
    assert wait(FEED, FeedState(), headers, status, NOON, 0) == timedelta(seconds=seconds)
    assert wait(FEED, FeedState(), headers, status, NOON, 1) == timedelta(seconds=seconds * 1.1)


def test_a_feed_in_a_private_network_is_not_fetched() -> None:
    topic = Topic()

    async def run() -> FeedState:
        async with poll.guarded_client() as client:
            feed = Feed(name="inside", url="http://127.0.0.1:9/rss")
            return (await poll.visit(feed, FeedState(), client, Acceptance(topic.publish, ACCEPT), NOON))[0]

    assert "not on the public internet" in (asyncio.run(run()).error or "")
    assert topic.items == []


def test_silence_is_told_in_words() -> None:
    state = FeedState(changed=NOON, gaps=(170.0, 180.0, 190.0))
    assert state.silence(NOON + timedelta(minutes=10)) is None
    assert state.silence(NOON + timedelta(minutes=40)) == "nothing for 40 minutes, usually every 3 minutes"


def test_only_one_worker_takes_a_feed_whose_time_has_come(tmp_path: Path) -> None:
    database = engine(f"sqlite:///{tmp_path / 'a.sqlite'}")
    assert feed_states.claim(database, FEED, NOON) == FeedState()
    assert feed_states.claim(database, FEED, NOON) is None
    feed_states.save(database, FEED, FeedState(etag='"1"'), NOON + timedelta(seconds=180))
    assert feed_states.claim(database, FEED, NOON + timedelta(seconds=179)) is None
    assert feed_states.claim(database, FEED, NOON + timedelta(seconds=180)) == FeedState(etag='"1"')
    database.dispose()


def test_a_round_looks_at_every_feed_once(tmp_path: Path) -> None:
    (tmp_path / "gulf.toml").write_text('name = "gulf"\nurl = "https://gulf.example/rss"\n')
    topic, database = Topic(), engine(f"sqlite:///{tmp_path / 'a.sqlite'}")

    async def run() -> list[int]:
        transport = httpx.MockTransport(lambda request: httpx.Response(200, content=BODY))
        async with httpx.AsyncClient(transport=transport) as client:
            acceptance = Acceptance(topic.publish, ACCEPT)
            return [await poll.round_of(tmp_path, database, client, acceptance, lambda: NOON) for _ in range(2)]

    assert asyncio.run(run()) == [1, 0]
    assert topic.items == [item(BODY, "gulf", "https://gulf.example/rss")]
    assert feed_states.states(database)["gulf"].changed == NOON
    database.dispose()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name =", "a.toml is not valid TOML"),
        ('name = "A B"\nurl = "https://x.example"', "a.toml: name: use small letters"),
        ('url = "https://x.example"', "a.toml: name: it is missing"),
        ('name = "a"\nurl = "not an address"', "a.toml: url: write the whole address, such as https://"),
        ('name = "a"\nurl = "sftp://x.example/out"', "a.toml: url: a feed's address begins with https://"),
        ('name = "a"\nurl = "https://x.example"\nevry = 5', "a.toml: evry: no such setting; every is meant."),
        (
            'name = "a"\nurl = "https://x.example"\ncolour = 5',
            "a.toml: colour: no such setting; there are name, kind, url,",
        ),
        ('name = "a"\nkind = "imap"\nurl = "https://x.example"', "a.toml: url: an imap feed needs"),
    ],
)
def test_a_broken_definition_says_what_to_correct(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=r"a\.toml") as refusal:
        parse(text, "a.toml")
    assert str(refusal.value).startswith(why)


def test_the_definitions_in_the_seeds_can_be_read() -> None:
    seeds = Path(__file__).parents[3] / "seeds" / "feeds"
    names = [feed.name for feed in load(seeds)]
    assert names == sorted(path.stem for path in seeds.glob("*.toml"))
    assert "un-news" in names
