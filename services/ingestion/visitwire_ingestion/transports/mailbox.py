"""A mailbox by IMAP: each message that was not seen yet is one wire item, and is then marked as seen."""

import asyncio
import base64
import imaplib
import os
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from threading import Timer
from urllib.parse import unquote, urlsplit

import structlog
from visitwire_schemas import WireItem

from visitwire_ingestion.feeds import Feed, FeedState
from visitwire_ingestion.transports.acceptance import Acceptance
from visitwire_ingestion.transports.detached_threads import in_thread
from visitwire_ingestion.transports.guarded_dial import dial
from visitwire_ingestion.transports.redaction import placed, scrubbed

log = structlog.get_logger()
MOST = 50
"""Messages taken at one look."""
LARGEST = 64 * 1024 * 1024
"""Bytes of the largest message that is taken; what is too large for a story is refused by name further on."""
PATIENCE = 120.0
"""Seconds a look may take: less than the time for which a worker has the feed to itself."""


async def visit(
    feed: Feed, state: FeedState, acceptance: Acceptance, now: datetime, *, allow_private: bool, leave: bool
) -> FeedState:
    """One look at the mailbox. A message that cannot be taken is told, and takes no other with it.

    `leave`: messages stay unread.
    """
    box = opened(feed, allow_private)
    try:
        async with asyncio.timeout(PATIENCE):
            server = await in_thread(box.__enter__)
            taken, why, failed = await _take(server, feed, acceptance, now, leave)
            await in_thread(lambda: box.__exit__(None, None, None))
    except TimeoutError:
        return _failed(state, f"The mailbox took longer than {PATIENCE:.0f} seconds; it goes on at the next look.")
    except (imaplib.IMAP4.error, OSError, ValueError) as error:
        return _failed(state, f"The mailbox did not open: {_words(error, feed)}.")
    known = state.novelty(now).model_copy(update={"refused": why}) if taken else state
    if failed:
        return _failed(known, failed)
    return known.model_copy(update={"error": None, "failures": 0, "answered": now})


def _words(error: Exception, feed: Feed) -> str:
    """What the server or the system said; of any other error, whose words may hold what was sent, where it was."""
    words = _shown(error.args) if isinstance(error, imaplib.IMAP4.error) else str(error)  # its own are Python's b'…'
    said = scrubbed(words, feed).rstrip(".") if isinstance(error, imaplib.IMAP4.error | OSError) else ""
    return said or placed(error)


def _failed(state: FeedState, why: str) -> FeedState:
    return state.model_copy(update={"error": why, "failures": state.failures + 1})


async def _take(
    server: imaplib.IMAP4, feed: Feed, acceptance: Acceptance, now: datetime, leave: bool
) -> tuple[int, str | None, str | None]:
    """How many were taken, why the last one was no story, and what failed. Messages are marked one by one, each after
    it is safe."""
    taken, why, failed = 0, None, None
    for number in await in_thread(lambda: unseen(server)):
        try:
            raw = await in_thread(partial(message, server, number))
            if raw is None:
                continue
            if len(raw) > LARGEST:
                failed = f"Message {number.decode()} has more than {LARGEST:,} bytes: it was not taken."
                await _seen(server, number, leave)
                continue
            receipt = now + timedelta(microseconds=taken)  # in the order of the mailbox: the later one wins
            item = WireItem(raw=raw, provider=feed.owner, name=feed.name, received=receipt)
            outlook = await acceptance.take(item)
            taken, why = taken + 1, outlook.refused
            failed = await _seen(server, number, leave) or failed
        except Exception as error:  # of any kind, one message never takes the others with it
            failed = f"Message {number.decode()} was not taken: {_words(error, feed)}."
            log.warning("message_not_taken", feed=feed.name, why=failed)
    return taken, why, failed


async def _seen(server: imaplib.IMAP4, number: bytes, leave: bool) -> str | None:
    """Marks it as read; what the server had against it."""
    if leave or await in_thread(partial(mark, server, number)):
        return None
    return f"Message {number.decode()} could not be marked as read: it will come again."


@contextmanager
def opened(feed: Feed, allow_private: bool = False) -> Iterator[imaplib.IMAP4]:
    """The mailbox's folder, logged in. Raises `imaplib.IMAP4.error`, `OSError`, or `ValueError` of an address."""
    server = _connect(feed, allow_private)
    try:
        _login(server, feed.username or "", os.environ.get(feed.password_env or "", ""))
        folder = unquote(urlsplit(feed.url).path.strip("/")) or "INBOX"
        status, _ = server.select(f'"{encoded(folder)}"')
        if status != "OK":
            raise imaplib.IMAP4.error(f"there is no folder {folder}")
        yield server
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            server.logout()


def _login(server: imaplib.IMAP4, user: str, password: str) -> None:
    """LOGIN takes ASCII alone; others log in by SASL's PLAIN, which is UTF-8 (RFC 4616)."""
    if user.isascii() and password.isascii():
        server.login(user, password)
    else:
        server.authenticate("PLAIN", lambda challenge: f"\0{user}\0{password}".encode())


def encoded(folder: str) -> str:
    """The folder in IMAP's modified UTF-7 (RFC 3501, 5.1.3), quoted: "&ANY-sterreich" for "Österreich"."""

    def shifted(found: re.Match[str]) -> str:
        said = base64.b64encode(found[0].encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
        return f"&{said}-"

    made = re.sub(r"[^\x20-\x7e]+", shifted, folder.replace("&", "&-"))
    return made.replace("\\", "\\\\").replace('"', '\\"')


class _Guarded(imaplib.IMAP4):
    """Its connection goes through the address guard; over TLS the certificate is checked, which imaplib does not do."""

    def __init__(self, host: str, port: int, allow_private: bool, tls: ssl.SSLContext | None) -> None:
        self._allow_private, self._tls = allow_private, tls
        self._held: socket.socket | None = None
        self._end = Timer(PATIENCE, self._break_off)
        self._end.daemon = True
        super().__init__(host, port, timeout=30)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        self._held = dial(self.host, self.port, allow_private=self._allow_private, timeout=timeout or 30)
        self._end.start()
        if self._tls:
            secured = self._tls.wrap_socket(self._held, server_hostname=self.host, do_handshake_on_connect=False)
            self._held = secured
            secured.do_handshake()
        return self._held

    def _break_off(self) -> None:
        """Ends what a server draws out byte by byte, which no timeout of the socket does."""
        with suppress(OSError):
            if self._held is not None:
                self._held.shutdown(socket.SHUT_RDWR)

    def shutdown(self) -> None:
        self._end.cancel()
        super().shutdown()


def _connect(feed: Feed, allow_private: bool) -> imaplib.IMAP4:
    parts = urlsplit(feed.url)
    secure = parts.scheme == "imaps"
    context = ssl.create_default_context(cafile=str(feed.ca_file) if feed.ca_file else None) if secure else None
    return _Guarded(parts.hostname or "", parts.port or (993 if secure else 143), allow_private, context)


def unseen(server: imaplib.IMAP4) -> list[bytes]:
    """The numbers of the messages that nobody has read, the oldest first."""
    status, found = server.search(None, "UNSEEN")
    if status != "OK":
        raise imaplib.IMAP4.error(f"the search for unread messages was refused: {_shown(found)}")
    return (found[0] or b"").split()[:MOST]


def message(server: imaplib.IMAP4, number: bytes) -> bytes | None:
    """The bytes of a message, one more than `LARGEST` at most; reading them does not mark it. None for one that
    somebody else took away.

    Raises `imaplib.IMAP4.error` where the server says that it gives them, and does not.
    """
    status, parts = server.fetch(number.decode(), f"(BODY.PEEK[]<0.{LARGEST + 1}>)")
    raw = next((part[1] for part in parts if isinstance(part, tuple)), None)
    if status == "OK" and not isinstance(raw, bytes):
        raise imaplib.IMAP4.error("the server gave none of its bytes")
    return raw if isinstance(raw, bytes) else None


def mark(server: imaplib.IMAP4, number: bytes) -> bool:
    """As seen, once the message is safe; whether the server let us."""
    status, _ = server.store(number.decode(), "+FLAGS", "\\Seen")
    return status == "OK"


def _shown(said: object) -> str:
    """What the server said, as text."""
    first = next(iter(said), None) if isinstance(said, list | tuple) else said
    return first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first)
