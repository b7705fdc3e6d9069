"""The whole stage: bytes in, what stands out; and its background work."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from visitwire_ingestion.sql_tables import engine
from visitwire_ingestion.stage import ingestion, release
from visitwire_ingestion.story_store import Keeper
from visitwire_runtime import Publish
from visitwire_runtime.settings import Settings
from visitwire_runtime.sockets import CannotStart
from visitwire_schemas import STORIES, WIRE_ITEMS, PubStatus, Record, WireItem

from tests.unit.ingestion.wires import CASES

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def item(case: str, minute: int = 0) -> WireItem:
    return WireItem(raw=CASES[case], received=NOON + timedelta(minutes=minute))


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def test_without_a_memory_the_stage_only_reads() -> None:
    stage = ingestion()
    assert (stage.source, stage.sink, stage.background) == (WIRE_ITEMS, STORIES, ())
    assert len(list(stage.handle(item("nitf")))) == len(list(stage.handle(item("nitf")))) == 1


def test_with_a_memory_a_repetition_is_no_news_and_a_kill_is_final() -> None:
    stage = ingestion(keeper=Keeper(engine("sqlite://"), clock=lambda: NOON))
    sent = [list(stage.handle(item(case, turn))) for turn, case in enumerate(("nitf", "nitf", "nitf-kill", "nitf"))]
    assert [[(each.version, each.pubstatus) for each in found] for found in sent] == [
        [(1, PubStatus.USABLE)],
        [],
        [(2, PubStatus.CANCELED)],
        [],
    ]


def test_a_kill_in_words_reaches_through_the_formats() -> None:
    stage = ingestion(keeper=Keeper(engine("sqlite://"), clock=lambda: NOON))
    first = CASES["iptc7901-dpa"].replace(b"eca0157", b"eca0156").replace(b"dpa 0158", b"dpa 0157")
    (told,) = stage.handle(WireItem(raw=first, received=NOON))
    (taken,) = stage.handle(item("iptc7901-dpa-kill"))
    assert (taken.uri, taken.pubstatus) == (told.uri, PubStatus.CANCELED)


def test_an_embargo_is_released_through_the_topic_when_its_hour_has_come(tmp_path: Path) -> None:
    clock = Clock()
    keeper = Keeper(engine(f"sqlite:///{tmp_path / 'a.sqlite'}"), clock=clock)
    stage = ingestion(keeper=keeper)
    assert list(stage.handle(item("newsml-g2-embargo"))) == []
    clock.now = datetime(2026, 3, 3, 0, 1, tzinfo=UTC)
    repeated: list[WireItem] = []

    async def run() -> None:
        done = asyncio.Event()

        async def send(topic: str, record: Record) -> None:
            repeated.append(WIRE_ITEMS.decode(record))
            done.set()

        work = asyncio.create_task(release(keeper, every=0.01)(Publish(send)))  # type: ignore[arg-type]
        await asyncio.wait_for(done.wait(), 5)
        work.cancel()

    asyncio.run(run())
    (story,) = stage.handle(repeated[0])
    assert (story.uri, repeated[0]) == ("urn:newsml:example.org:18", item("newsml-g2-embargo"))
    keeper.close()


def test_a_killed_embargo_is_not_released() -> None:
    clock = Clock()
    keeper = Keeper(engine("sqlite://"), clock=clock)
    stage = ingestion(keeper=keeper)
    list(stage.handle(item("newsml-g2-embargo")))
    killed = CASES["newsml-g2-embargo"].replace(b"stat:usable", b"stat:canceled")
    list(stage.handle(WireItem(raw=killed, received=NOON)))
    clock.now = datetime(2026, 3, 4, tzinfo=UTC)
    assert keeper.due() == []
    assert list(stage.handle(item("newsml-g2-embargo"))) == []
    keeper.close()


def test_the_transports_follow_the_settings(tmp_path: Path) -> None:
    closed = ingestion(Settings(data_dir=tmp_path))
    opened = ingestion(Settings(data_dir=tmp_path, push_port=18_080, feeds=tmp_path))
    assert (len(closed.background), len(opened.background)) == (3, 5)
    for stage in (closed, opened):
        assert stage.close is not None
        stage.close()


def test_push_open_to_others_wants_a_token(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="has no token: set VISITWIRE_PUSH_TOKEN"):
        ingestion(Settings(data_dir=tmp_path, push_host="0.0.0.0", push_port=18_080))
    stage = ingestion(Settings(data_dir=tmp_path, push_host="0.0.0.0", push_port=18_080, push_token=SecretStr("t0ken")))
    assert stage.close is not None
    stage.close()
