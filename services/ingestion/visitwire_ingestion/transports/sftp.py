"""A drop on an SFTP server, by asyncssh. The server's key must be in the definition's `known_hosts`."""

import asyncio
import os
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from urllib.parse import urlsplit

import asyncssh

from visitwire_ingestion.feeds import Feed
from visitwire_ingestion.transports.detached_threads import in_thread
from visitwire_ingestion.transports.guarded_dial import dial
from visitwire_ingestion.transports.server_folder import DropFailed, FileEntry, folder_of


@asynccontextmanager
async def opened(feed: Feed, allow_private: bool) -> AsyncIterator["SftpDrop"]:
    """The folder, logged in.

    Takes nothing from the user's own ssh: no configuration, no agent, no keys, no known hosts. Raises `DropFailed`.
    """
    with _told():
        connection = await _connected(feed, allow_private)
    try:
        with _told():
            client = await connection.start_sftp_client(path_encoding=None)  # names are bytes, in no charset for sure
        yield SftpDrop(client, folder_of(feed.url).encode("utf-8", "surrogateescape"))
    finally:
        connection.close()
        await connection.wait_closed()


async def _connected(feed: Feed, allow_private: bool) -> asyncssh.SSHClientConnection:
    parts = urlsplit(feed.url)
    host, port = parts.hostname or "", parts.port or 22
    key = await asyncio.to_thread(_key, feed) if feed.key_file else None
    sock = await in_thread(lambda: dial(host, port, allow_private=allow_private))
    sock.setblocking(False)
    try:
        return await asyncssh.connect(
            host,
            port,
            sock=sock,
            config=None,
            agent_path=None,
            known_hosts=str(feed.known_hosts),
            username=feed.username or "anonymous",
            password=os.environ.get(feed.password_env) if feed.password_env else None,
            client_keys=[key] if key else None,
            connect_timeout=30,
            login_timeout=30,
            keepalive_interval=30,
        )
    except BaseException:
        sock.close()
        raise


def _key(feed: Feed) -> asyncssh.SSHKey:
    """Our private key; its passphrase takes the better part of a second to be turned into a key."""
    passphrase = os.environ.get(feed.key_password_env) if feed.key_password_env else None
    return asyncssh.read_private_key(str(feed.key_file), passphrase)


class SftpDrop:
    """The folder on the server."""

    def __init__(self, client: asyncssh.SFTPClient, folder: bytes) -> None:
        self._client, self._folder = client, folder

    async def entries(self) -> list[FileEntry]:
        with _told():
            found = await self._client.readdir(self._folder)
        return [
            FileEntry(_text(each.filename), each.attrs.size or 0, str(each.attrs.mtime or 0))
            for each in found
            if stat.S_ISREG(each.attrs.permissions or 0)
        ]

    async def read(self, name: str, most: int) -> bytes | None:
        with _told():
            async with self._client.open(self._path(name), "rb") as file:
                raw = await file.read(most + 1)
        return raw if isinstance(raw, bytes) and len(raw) <= most else None

    async def move(self, name: str, folder: str, target: str) -> None:
        with _told():
            await self._client.makedirs(self._path(folder), exist_ok=True)
            await self._client.rename(self._path(name), self._path(folder, target))

    async def remove(self, name: str) -> None:
        with _told():
            await self._client.remove(self._path(name))

    def _path(self, *parts: str) -> bytes:
        return b"/".join([self._folder, *(part.encode("utf-8", "surrogateescape") for part in parts)])


def _text(name: str | bytes) -> str:
    """The name as text from which its bytes can be had again."""
    return name.decode("utf-8", "surrogateescape") if isinstance(name, bytes) else name


@contextmanager
def _told() -> Iterator[None]:
    """asyncssh's errors as words for a wire engineer."""
    try:
        yield
    except asyncssh.HostKeyNotVerifiable as error:
        raise DropFailed(
            f"{error.reason}: compare the server's key with the one the agency gave you, and put it into known_hosts"
        ) from None
    except asyncssh.PermissionDenied:
        raise DropFailed("the server does not accept the user with that password or key") from None
    except asyncssh.Error as error:
        raise DropFailed(error.reason) from None
    except ValueError as error:  # KeyImportError, KeyEncryptionError, and what known_hosts may hold
        raise DropFailed(f"the key file or known_hosts cannot be read: {error}") from None
