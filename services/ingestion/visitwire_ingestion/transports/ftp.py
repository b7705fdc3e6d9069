"""A drop on an FTP server, by aioftp: plain (ftp://), TLS by AUTH TLS (ftps://), or from the first byte (port 990)."""

import asyncio
import os
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import aioftp
from aioftp.common import SSLSessionBoundContext

from visitwire_ingestion.feeds import Feed
from visitwire_ingestion.transports.detached_threads import in_thread
from visitwire_ingestion.transports.guarded_dial import dial
from visitwire_ingestion.transports.server_folder import DropFailed, FileEntry, folder_of

IMPLICIT = 990
"""The port on which TLS begins with the first byte."""


class GuardedClient(aioftp.Client):
    """Its control connection goes through the address guard; its data connections go to the very address of that one.

    What PASV says of an address is never followed: a server could name any host with it (RFC 2577). aioftp opens every
    connection through this one method; a test holds that this still is so.
    """

    def __init__(self, *, allow_private: bool, tls: ssl.SSLContext | None) -> None:
        # Latin-1 gives each byte a character and back: names are bytes, in no charset for sure
        super().__init__(socket_timeout=60, connection_timeout=30, ssl=tls, encoding="latin-1")
        self._allow_private = allow_private
        self._peer: str | None = None
        self._opened: list[asyncio.StreamWriter] = []

    async def _open_connection(self, host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._peer is None:
            sock = await in_thread(lambda: dial(host, port, allow_private=self._allow_private))
            self._peer = str(sock.getpeername()[0])
        else:
            peer = self._peer
            sock = await in_thread(lambda: socket.create_connection((peer, port), 30))
        sock.setblocking(False)
        context = self._context()
        reader, writer = await asyncio.open_connection(
            sock=sock, ssl=context, server_hostname=self.server_host if context else None
        )
        self._opened.append(writer)
        return reader, writer

    def close(self) -> None:
        """Every connection: aioftp itself forgets the data connection of a listing that the server refused."""
        super().close()
        for writer in self._opened:
            writer.close()

    def _context(self) -> ssl.SSLContext | None:
        """For a data connection the control connection's TLS session, which many servers insist on."""
        if self._stream is not None:
            secured = self._stream.writer.transport.get_extra_info("ssl_object")
            if secured is not None:
                return SSLSessionBoundContext(ssl.PROTOCOL_TLS_CLIENT, context=secured.context, session=secured.session)
        return self.ssl if isinstance(self.ssl, ssl.SSLContext) else None


@asynccontextmanager
async def opened(feed: Feed, allow_private: bool) -> AsyncIterator["FtpDrop"]:
    """The folder, logged in. Raises `DropFailed`."""
    parts = urlsplit(feed.url)
    secure = parts.scheme == "ftps"
    port = parts.port or 21
    context = ssl.create_default_context(cafile=str(feed.ca_file) if feed.ca_file else None) if secure else None
    implicit = secure and port == IMPLICIT
    client = GuardedClient(allow_private=allow_private, tls=context if implicit else None)
    try:
        with _told():
            await client.connect(parts.hostname or "", port)
            if secure and not implicit:
                await client.upgrade_to_tls(context)
            password = os.environ.get(feed.password_env, "") if feed.password_env else "anonymous@"
            await client.login(_sent(feed.username or "anonymous"), _sent(password))
        yield FtpDrop(client, PurePosixPath(_sent(folder_of(feed.url))))
        with suppress(aioftp.AIOFTPException, OSError, TimeoutError):
            await client.quit()
    finally:
        client.close()


class FtpDrop:
    """The folder on the server."""

    def __init__(self, client: GuardedClient, folder: PurePosixPath) -> None:
        self._client, self._folder = client, folder

    async def entries(self) -> list[FileEntry]:
        with _told():
            found = await self._client.list(self._folder)
        return [
            FileEntry(_text(path.name), int(facts.get("size", 0)), str(facts.get("modify", "")))
            for path, facts in found
            if facts.get("type") == "file"
        ]

    async def read(self, name: str, most: int) -> bytes | None:
        parts, size = [], 0
        with _told():
            stream = await self._client.download_stream(self._folder / _sent(name))
            async for part in stream.iter_by_block(65_536):
                size += len(part)
                if size > most:
                    stream.close()
                    raise DropFailed(f"{name} has grown to more than {most:,} bytes while it was read")
                parts.append(part)
            await stream.finish()
        return b"".join(parts)

    async def move(self, name: str, folder: str, target: str) -> None:
        with _told():
            if not await self._client.exists(self._folder / folder):
                await self._client.make_directory(self._folder / folder)
            await self._client.rename(self._folder / _sent(name), self._folder / folder / _sent(target))

    async def remove(self, name: str) -> None:
        with _told():
            await self._client.remove_file(self._folder / _sent(name))


def _sent(words: str) -> str:
    """UTF-8 for a connection that speaks Latin-1; a name's bytes as they were."""
    return words.encode("utf-8", "surrogateescape").decode("latin-1")


def _text(name: str) -> str:
    """The name as text from which its bytes can be had again."""
    return name.encode("latin-1").decode("utf-8", "surrogateescape")


@contextmanager
def _told() -> Iterator[None]:
    """aioftp's errors as words for a wire engineer: the server's own, never a command, which may hold the password."""
    try:
        yield
    except aioftp.StatusCodeError as error:
        said = " ".join(" ".join(error.info).split())
        code = str(error.received_codes[-1]) if error.received_codes else "?"
        advice = ": check the user and the password" if code == "530" else ""
        raise DropFailed(f"the server answered {code} {said}{advice}") from None
    except aioftp.AIOFTPException as error:
        raise DropFailed(type(error).__name__) from None
    except ValueError as error:
        raise DropFailed(f"the server's listing cannot be read: {error}") from None
