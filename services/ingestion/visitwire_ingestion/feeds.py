"""Feeds that are fetched: their definitions as TOML files, and what is known of each."""

import os
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

_VARIABLE = re.compile(r"\$\{(\w+)\}")
QUIET_FACTOR = 5
"""A feed is silent when it has been without an item for so many times its usual gap."""


class Feed(BaseModel):
    """One feed definition, as its file says it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
    kind: Literal["http", "imap", "sftp", "ftp"] = "http"
    url: str
    """http(s)://…, imaps://host/FOLDER, sftp://host/folder, ftp(s)://host/folder; never with a password in it."""
    provider: str | None = None
    """The slug of its stories; the feed's name unless given."""
    every: Annotated[int, Field(ge=10, le=86_400)] = 300
    """Seconds between two looks; the server may ask for longer."""
    username: str | None = None
    password_env: str | None = None
    """The environment variable that holds the password, so that no file does."""
    headers: dict[str, str] = {}
    """Sent to the host of `url` alone; `${NAME}` in a value is taken from the environment."""
    files: str = "*"
    """Of a drop: which of its files are taken, by name ("*.xml")."""
    after: Literal["leave", "move", "remove"] = "leave"
    """Of a drop: what is done with a file that was taken; each is taken once in any case."""
    processed: Annotated[str, Field(pattern=r"^[^/.][^/]*$")] = "processed"
    """Of a drop: the folder in it that taken files are moved to."""
    known_hosts: Path | None = None
    """Of an SFTP drop: the file with the server's key, in OpenSSH's form."""
    key_file: Path | None = None
    """Of an SFTP drop: our private key."""
    key_password_env: str | None = None
    """The environment variable that holds the key's passphrase."""
    ca_file: Path | None = None
    """Of an FTPS drop: the certificate authority of a server that has one of its own."""
    about: str = ""

    @property
    def owner(self) -> str:
        return self.provider or self.name


class FeedState(BaseModel):
    """What is known of a feed."""

    url: str | None = None
    """The address that all this is known of; a definition with another one starts anew."""
    etag: str | None = None
    modified: str | None = None
    body: str | None = None
    """SHA-256 of the last body, for servers that know neither of the two above."""
    said: str | None = None
    """Digest of what its last body said, whatever else was in its bytes."""
    asked: AwareDatetime | None = None
    answered: AwareDatetime | None = None
    changed: AwareDatetime | None = None
    """When it last had something new."""
    gaps: tuple[float, ...] = ()
    """The last ten gaps between novelties, in seconds."""
    failures: int = 0
    error: str | None = None
    refused: str | None = None
    """Why the last item was none, where it was refused."""
    looked: dict[str, str] = {}
    """Of a drop: how each of its files looked, size@time."""
    taken: dict[str, str] = {}
    """Of a drop: the files that were taken, as they looked."""
    moved: str | None = None
    """Where a permanent redirect says the feed now is."""

    def usual(self) -> timedelta | None:
        """The median gap; None until three are known."""
        return timedelta(seconds=sorted(self.gaps)[len(self.gaps) // 2]) if len(self.gaps) > 2 else None

    def silence(self, now: datetime) -> str | None:
        """ "nothing for 40 minutes, usually every 3", or None while that is usual."""
        usual, since = self.usual(), self.changed
        if not usual or not since or now - since < max(usual * QUIET_FACTOR, timedelta(minutes=1)):
            return None
        return f"nothing for {span(now - since)}, usually every {span(usual)}"

    def condition(self, now: datetime) -> str:
        """How the feed does, in words: what fails, what is refused, that nothing came, or "well"."""
        if self.failures:
            return f"failed {self.failures} times: {self.error}"
        if self.error:
            return self.error
        if self.refused:
            return f"the last item was refused: {self.refused}"
        if self.asked is None and self.changed is None:
            return "not polled yet"
        return "it answers, and nothing came yet" if self.changed is None else self.silence(now) or "well"

    def novelty(self, now: datetime) -> "FeedState":
        gaps = (*self.gaps, (now - self.changed).total_seconds())[-10:] if self.changed else self.gaps
        return self.model_copy(update={"changed": now, "gaps": gaps})


def span(time: timedelta) -> str:
    """ "40 minutes", "3 hours", "2 days"."""
    seconds = max(0, int(time.total_seconds()))
    for size, word in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = round(seconds / size)
            return f"{count} {word}{'s' if count != 1 else ''}"
    return f"{seconds} second{'s' if seconds != 1 else ''}"


def unset(feed: Feed) -> str | None:
    """Which variable the definition names and the environment does not have, in a sentence; None where it has all."""
    named = [feed.password_env, feed.key_password_env]
    named += [each for value in feed.headers.values() for each in _VARIABLE.findall(value)]
    lacking = next((each for each in named if each and not os.environ.get(each)), None)
    return (
        f"The definition takes a secret from the variable {lacking}, which is not set where feeds are polled: set it."
        if lacking
        else None
    )


def filled(value: str) -> str:
    """A header's value with what `${NAME}` stands for; the line end of a key that was read from a file is not part of
    it."""
    return _VARIABLE.sub(lambda found: os.environ.get(found[1], "").strip(), value)
