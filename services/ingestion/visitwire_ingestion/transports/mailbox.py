"""A mailbox by IMAP: each message that was not seen yet is one wire item, and is then marked as seen."""

import imaplib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

from visitwire_ingestion.feeds import Feed

MOST = 50
"""Messages taken at one look."""


@contextmanager
def opened(feed: Feed, connect: Callable[[Feed], imaplib.IMAP4] | None = None) -> Iterator[imaplib.IMAP4]:
    """The mailbox's folder, logged in. Raises `imaplib.IMAP4.error` or `OSError`."""
    server = (connect or _connect)(feed)
    try:
        server.login(feed.username or "", os.environ.get(feed.password_env or "", ""))
        folder = unquote(urlsplit(feed.url).path.strip("/")) or "INBOX"
        status, _ = server.select(f'"{folder}"')
        if status != "OK":
            raise imaplib.IMAP4.error(f"there is no folder {folder}")
        yield server
    finally:
        server.logout()


def _connect(feed: Feed) -> imaplib.IMAP4:
    parts = urlsplit(feed.url)
    if parts.scheme == "imaps":
        return imaplib.IMAP4_SSL(parts.hostname or "", parts.port or 993, timeout=30)
    return imaplib.IMAP4(parts.hostname or "", parts.port or 143, timeout=30)


def unseen(server: imaplib.IMAP4) -> Iterator[tuple[bytes, bytes]]:
    """Number and bytes of the messages that nobody has read, the oldest first; reading them does not mark them."""
    _, found = server.search(None, "UNSEEN")
    for number in (found[0] or b"").split()[:MOST]:
        _, parts = server.fetch(number.decode(), "(BODY.PEEK[])")
        raw = next((part[1] for part in parts if isinstance(part, tuple)), None)
        if isinstance(raw, bytes):
            yield number, raw


def mark(server: imaplib.IMAP4, number: bytes) -> None:
    """As seen, once the message is safe."""
    server.store(number.decode(), "+FLAGS", "\\Seen")
