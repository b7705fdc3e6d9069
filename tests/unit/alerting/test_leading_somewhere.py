"""Where a message leads: links to the board, a way out of the mail, a test of a channel; and old stories."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from typer.testing import CliRunner
from visitwire_alerting.cli.commands import app
from visitwire_alerting.delivery.board_links import Allowed, opened
from visitwire_alerting.ledger import visit_history
from visitwire_alerting.storage.database import reading
from visitwire_schemas.subscription import Subscription

from tests.unit.alerting.makers import START, at, dates, story, visit
from tests.unit.alerting.office import open_office, settings_for, until
from tests.unit.alerting.receiver import receiving
from tests.unit.alerting.test_timetables import TO, matched, office_at, subjects

PUTIN = visit("planned", when=dates("2025-04-10"), by="Helena Duarte")
BOARD = "https://board.example"

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_a_letter_leads_to_the_visit_the_story_the_subscription_and_out(database: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with office_at(START, database, tmp_path, gateway_url=f"{BOARD}/") as (office, mailbox):
            office.subscribe(channels=[TO])
            office.enter([story("a", PUTIN)])
            await until(lambda: mailbox.mail)
            with reading(office.desk.engine) as connection:
                [one] = visit_history.list_visits(connection)
            [(_, mail)] = mailbox.mail
            plain, html = (mail.get_body([kind]) for kind in ("plain", "html"))
            assert plain is not None
            assert html is not None
            lines = dict(line.split(": ", 1) for line in plain.get_content().splitlines() if ": " in line)
            assert lines["Visit"] == f"{BOARD}/visits/{one.id}"
            assert lines["Story"] == f"{BOARD}/stories/north%7Ca"
            assert lines["Subscription"] == f"{BOARD}/subscriptions/desk"
            assert f'<a href="{lines["Visit"]}">' in html.get_content()
            token = unquote(lines["Silence"].removeprefix(f"{BOARD}/hush/"))
            assert opened(office.desk.vault, token) == Allowed(act="hush", subscription="desk", about=one.id)
            assert opened(office.desk.vault, token[:-8]) is None
            out = str(mail["List-Unsubscribe"]).replace(" ", "")
            assert out == f"<{lines['Unsubscribe']}>"
            assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
            token = unquote(out.strip("<>").removeprefix(f"{BOARD}/unsubscribe/"))
            assert opened(office.desk.vault, token) == _leaving("desk/email-1")

    asyncio.run(scenario())


@pytest.mark.parametrize("board", [BOARD, None])
def test_a_webhook_has_the_links_where_there_is_a_board(database: str, tmp_path: Path, board: str | None) -> None:
    async def scenario() -> None:
        settings = settings_for(database, tmp_path, gateway_url=board)
        async with receiving() as receiver, open_office(settings) as office:
            office.subscribe(channels=[{"kind": "webhook", "url": receiver.url}])
            office.enter([story("a", PUTIN)])
            await until(lambda: receiver.got)
            links: dict[str, Any] | None = json.loads(receiver.got[0].body)["data"].get("links")
            if board is None:
                assert links is None
            else:
                assert links is not None
                assert sorted(links) == ["silence", "story", "subscription", "visit"]
                assert links["story"] == f"{BOARD}/stories/north%7Ca"

    asyncio.run(scenario())


def test_a_test_is_sent_by_the_way_that_every_message_takes(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISITWIRE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("VISITWIRE_DATABASE_URL", database)

    async def scenario() -> None:
        async with receiving() as receiver, office_at(START, database, tmp_path) as (office, mailbox):
            office.subscribe(channels=[TO, {"kind": "webhook", "url": receiver.url}], digest={"at": "07:00"})
            sent = await asyncio.to_thread(CliRunner().invoke, app, ["subscriptions", "send-test", "desk"])
            assert sent.exit_code == 0, sent.output
            office.clock.ahead = timedelta(0)
            await until(lambda: mailbox.mail and receiver.got)
            assert subjects(mailbox)[0].startswith("Test: President Nobody Atall (Italy) to Bergen, Norway: announced")
            event = json.loads(receiver.got[0].body)
            assert (event["type"], event["data"]["subscription"]["id"]) == ("org.visitwire.test", "desk")
            for asked, words in (
                (["desk", "--endpoint", "desk/chat-9"], "no endpoint 'desk/chat-9'"),
                (["nobody"], "no subscription has the id 'nobody'"),
            ):
                wrong = await asyncio.to_thread(CliRunner().invoke, app, ["subscriptions", "send-test", *asked])
                assert (wrong.exit_code, words in wrong.output) == (1, True)

    asyncio.run(scenario())


def test_an_old_story_is_kept_and_told_only_to_those_who_ask_for_it(database: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with office_at(at(10), database, tmp_path, news_for=2) as (office, mailbox):
            office.subscribe(channels=[TO])
            office.desk.subscribe([_archive()])
            office.enter([story("a", PUTIN, day=7.9), story("b", visit("planned", who="Anna Berg", of="NO"), day=8.1)])
            await until(lambda: matched(office, 2))
            await until(lambda: len(mailbox.mail) == 3)
            old = "Old story: President Vladimir Putin (Russia) to India: announced, 10 Apr 2025"
            new = "President Anna Berg (Norway) to India: announced, no date"
            got = {(to[0], told) for (to, _), told in zip(mailbox.mail, subjects(mailbox), strict=True)}
            assert got == {("archive@paper.test", old), ("archive@paper.test", new), ("desk@paper.test", new)}
            with reading(office.desk.engine) as connection:
                assert len(visit_history.list_visits(connection)) == 2
                recorded = list(visit_history.alerts_since(connection, START))
            assert [alert.data.old for _, alert in recorded] == [True, False]

    asyncio.run(scenario())


def _leaving(endpoint: str) -> Allowed:
    return Allowed(act="unsubscribe", subscription="desk", about=endpoint)


def _archive() -> Subscription:
    to = {"kind": "email", "to": ["archive@paper.test"]}
    given = {"id": "archive", "name": "All", "old": True, "wait": 0.0, "channels": [to]}
    return Subscription.model_validate(given)
