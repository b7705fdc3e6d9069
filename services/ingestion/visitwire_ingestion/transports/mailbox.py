"""A mailbox by IMAP: each message that was not seen yet is one wire item, and is then marked as seen."""

import imaplib
import os
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

from visitwire_ingestion.feeds import Feed
from visitwire_ingestion.transports.reach import dial

MOST = 50
"""Messages taken at one look."""


@contextmanager
def opened(feed: Feed, allow_private: bool = False) -> Iterator[imaplib.IMAP4]:
    """The mailbox's folder, logged in. Raises `imaplib.IMAP4.error` or `OSError`."""
    server = _connect(feed, allow_private)
    try:
        server.login(feed.username or "", os.environ.get(feed.password_env or "", ""))
        folder = unquote(urlsplit(feed.url).path.strip("/")) or "INBOX"
        status, _ = server.select(f'"{folder}"')
        if status != "OK":
            raise imaplib.IMAP4.error(f"there is no folder {folder}")
        yield server
    finally:
        server.logout()


class _Guarded(imaplib.IMAP4):
    """Its connection goes through the address guard; over TLS the certificate is checked, which imaplib does not do."""

    def __init__(self, host: str, port: int, allow_private: bool, tls: ssl.SSLContext | None) -> None:
        self._allow_private, self._tls = allow_private, tls
        super().__init__(host, port, timeout=30)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        sock = dial(self.host, self.port, allow_private=self._allow_private, timeout=timeout or 30)
        return self._tls.wrap_socket(sock, server_hostname=self.host) if self._tls else sock


def _connect(feed: Feed, allow_private: bool) -> imaplib.IMAP4:
    parts = urlsplit(feed.url)
    secure = parts.scheme == "imaps"
    context = ssl.create_default_context(cafile=str(feed.ca_file) if feed.ca_file else None) if secure else None
    return _Guarded(parts.hostname or "", parts.port or (993 if secure else 143), allow_private, context)


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
