"""A folder on a server, whatever protocol it speaks: what the drop asks of it."""

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True)
class FileEntry:
    """One file of the folder."""

    name: str
    size: int
    changed: str

    @property
    def key(self) -> str:
        """The name as text that any database takes, for each name another."""
        return self.name.encode("utf-8", "backslashreplace").decode()

    @property
    def look(self) -> str:
        return f"{self.size}@{self.changed}"


class ServerFolder(Protocol):
    """The folder, opened. Its methods raise `DropFailed`."""

    async def entries(self) -> list[FileEntry]: ...
    async def read(self, name: str, most: int) -> bytes | None:
        """The file's bytes; None when there are more than `most`."""

    async def move(self, name: str, folder: str, target: str) -> None: ...
    async def remove(self, name: str) -> None: ...


class DropFailed(Exception):
    """The server refused or broke off; the words say what it was, never with a password."""


def folder_of(url: str) -> str:
    """The path; behind "/~/" it is relative to where the login ends, as in curl's addresses."""
    path = unquote(urlsplit(url).path)
    return path.removeprefix("/~/").removeprefix("/~") or "." if path.startswith("/~") else path or "."
