"""Mailboxes that misbehave: no message takes another with it."""

import asyncio

import pytest
from visitwire_ingestion.feeds import Feed, FeedState
from visitwire_ingestion.transports import mailbox

from tests.unit.ingestion.looks import looked
from tests.unit.ingestion.odd_servers import Post, listening
from tests.unit.ingestion.test_transports import Topic

MAIL = b"From: a@selka.example\r\nSubject: Ferry\r\nMessage-ID: <%d@selka.example>\r\n\r\nIt sails.\r\n"


def boxed(post: Post, url: str, monkeypatch: pytest.MonkeyPatch, password: str = "s3cret") -> tuple[Topic, FeedState]:
    monkeypatch.setenv("BOX_PASSWORD", password)

    async def run() -> tuple[Topic, FeedState]:
        async with listening(post.serve) as port:
            address = url.format(port)
            return await looked(
                Feed(name="box", kind="imap", url=address, username="desk", password_env="BOX_PASSWORD")
            )

    return asyncio.run(run())


def test_a_folder_and_a_password_outside_ascii_are_sent_rightly(monkeypatch: pytest.MonkeyPatch) -> None:
    post = Post("Agenturen/&ANY-sterreich", {1: MAIL % 1, 2: MAIL % 2})
    topic, state = boxed(post, "imap://127.0.0.1:{}/Agenturen/Österreich", monkeypatch, "geheim-ä")
    assert (len(topic.items), post.seen, state.error) == (2, {1, 2}, None)
    assert topic.items[0].received < topic.items[1].received  # of two corrections the later one wins
    assert post.login == "AGRlc2sAZ2VoZWltLcOk"


def test_a_message_that_cannot_be_fetched_takes_no_other_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    post = Post("INBOX", {1: MAIL % 1, 2: MAIL % 2, 3: MAIL % 3}, broken=frozenset({2}))
    topic, state = boxed(post, "imap://127.0.0.1:{}/INBOX", monkeypatch)
    assert (len(topic.items), post.seen) == (2, {1, 3})
    assert (state.error or "").startswith("Message 2 was not taken: ")


def test_a_message_that_is_too_large_is_told_and_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "LARGEST", 100)
    post = Post("INBOX", {1: MAIL % 1 + b"x" * 1000, 2: MAIL % 2})
    topic, state = boxed(post, "imap://127.0.0.1:{}/INBOX", monkeypatch)
    assert ([len(item.raw) for item in topic.items], post.seen) == ([len(MAIL % 2)], {1, 2})
    assert state.error == "Message 1 has more than 100 bytes: it was not taken."


def test_a_mailbox_that_drips_ends_with_the_time_for_a_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "PATIENCE", 0.2)

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not writer.is_closing():
            writer.write(b"*")
            try:
                await writer.drain()
            except ConnectionError:
                return
            await asyncio.sleep(0.02)

    async def run() -> FeedState:
        async with listening(drip) as port:
            return (await looked(Feed(name="box", kind="imap", url=f"imap://127.0.0.1:{port}/INBOX")))[1]

    state = asyncio.run(run())
    assert state.failures == 1


class Refusing(Post):
    """A server that answers one kind of command in its own way."""

    def __init__(self, kind: str, answer: str) -> None:
        super().__init__("INBOX", {1: MAIL % 1, 2: MAIL % 2})
        self._kind, self._answer = kind, answer

    def _answers(self, tag: str, command: str) -> list[bytes]:
        if command.upper().startswith(self._kind):
            return [self._answer.replace("TAG", tag).encode("latin-1")]
        return super()._answers(tag, command)


@pytest.mark.parametrize(
    ("kind", "answer", "count", "error"),
    [
        ("STORE", "TAG NO read only\r\n", 2, "Message 2 could not be marked as read: it will come again."),
        (
            "SEARCH",
            "TAG NO not today\r\n",
            0,
            "The mailbox did not open: the search for unread messages was refused: not",
        ),
        ("FETCH", "* 1 FETCH (BODY[] NIL)\r\nTAG OK done\r\n", 0, "Message 2 was not taken: the server gave none of"),
        ("LOGIN", "TAG NO [AUTH] caf\xe9\r\n", 0, "The mailbox did not open: [AUTH] caf\ufffd."),
        ("FETCH", "TAG NO [EXPUNGEISSUED] gone\r\n", 0, ""),
    ],
)
def test_what_a_server_refuses_is_told(
    kind: str, answer: str, count: int, error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic, state = boxed(Refusing(kind, answer), "imap://127.0.0.1:{}/INBOX", monkeypatch)
    assert (len(topic.items), (state.error or "")[: len(error)]) == (count, error)
    assert state.failures == (1 if error else 0)
