"""Feeds that are fetched: their definitions as TOML files, and what is known of each."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AnyHttpUrl, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

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


def parse(text: str, origin: str) -> Feed:
    """The definition in a file's text. Raises `ValueError` with one sentence that says what to correct."""
    try:
        feed = Feed.model_validate(tomllib.loads(text))
        if feed.kind == "http":
            AnyHttpUrl(feed.url)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{origin} is not valid TOML: {error}.") from None
    except ValidationError as error:
        raise ValueError(f"{origin}: {_told(error)}.") from None
    wrong = _misaddressed(feed)
    if wrong:
        raise ValueError(f"{origin}: {wrong}.")
    return feed


def _told(error: ValidationError) -> str:
    """The setting that is wrong, and what may stand there, in the words of who writes definitions."""
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"])) or "url"
    if first["type"] == "extra_forbidden":
        close = get_close_matches(where, Feed.model_fields, 1)
        meant = f"{close[0]} is meant" if close else f"there are {', '.join(Feed.model_fields)}"
        return f"{where}: no such setting; {meant}"
    return f"{where}: {_CURES.get((where, str(first['type'])), first['msg'])}"


_CURES = {
    ("name", "string_pattern_mismatch"): "use small letters, digits and hyphens, at most 63, such as gulf-daily",
    ("name", "missing"): "it is missing: give the feed a name, such as gulf-daily",
    ("url", "missing"): "it is missing: give the address that is to be looked at",
    ("url", "url_parsing"): "write the whole address, such as https://gulf.example/rss",
    ("url", "url_scheme"): "a feed's address begins with https:// or http://; a mailbox's or drop's needs its kind too",
    ("processed", "string_pattern_mismatch"): "give the name of a folder, without a slash and not beginning with a dot",
}
_ADDRESSES = {
    "imap": (r"imaps?://[^/]+", "an imap feed needs imaps://host/FOLDER"),
    "sftp": (r"sftp://[^/]+", "an sftp feed needs sftp://host/folder"),
    "ftp": (r"ftps?://[^/]+", "an ftp feed needs ftps://host/folder, or ftp://host/folder"),
}


def _misaddressed(feed: Feed) -> str | None:
    """What is wrong with the address, or None."""
    pattern, words = _ADDRESSES.get(feed.kind, ("", ""))
    if not re.match(pattern, feed.url):
        return f"url: {words}"
    try:
        parts = urlsplit(feed.url)
        secret = parts.port is not False and bool(parts.password)  # asking for the port raises for 99999
        if not parts.hostname:
            return "url: there is no host in it"
    except ValueError:  # its words may hold the half of a password that was taken for a port
        return "url: its host or its port is none: a port is a number up to 65535, and a password does not belong there"
    if unsent := _unsendable(feed):
        return unsent
    if secret:
        return "url: a password does not belong there: give `username`, and `password_env` for its variable"
    if feed.kind == "sftp" and feed.known_hosts is None:
        return (
            "known_hosts: an sftp feed needs the file with the server's key: write into one what `ssh-keyscan HOST`"
            " says, and compare it with what the agency tells you"
        )
    return None


def _unsendable(feed: Feed) -> str | None:
    """Which header cannot be sent, or None."""
    for name, value in feed.headers.items():
        if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
            return f"headers: {name!r} is not a name of a header"
        if not value.isascii() or not value.isprintable():
            return (
                f"headers: the value of {name} has characters that no header can carry: write it in ASCII, in one line"
            )
    return None


@dataclass(frozen=True)
class Defined:
    """The definitions of a folder: those that can be used, and why others cannot, by file."""

    feeds: tuple[Feed, ...]
    broken: Mapping[str, str]


def load_each(folder: Path) -> Defined:
    """Every definition in the folder, by file name, each judged alone. Raises `OSError` without the folder."""
    feeds: dict[str, Feed] = {}
    broken: dict[str, str] = {}
    files: dict[str, str] = {}
    for path in sorted(each for each in folder.iterdir() if each.suffix == ".toml"):
        name = path.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        try:
            feed = parse(path.read_text(encoding="utf-8"), name)
            if feed.name in feeds:
                raise ValueError(
                    f"Two feeds are called {feed.name}, here and in {files[feed.name]}, which is polled: give each a"
                    " name of its own."
                )
            feeds[feed.name], files[feed.name] = feed, name
        except UnicodeDecodeError:
            broken[name] = f"{name} is not valid UTF-8: save it as that."
        except RecursionError:
            broken[name] = f"{name} is nested without end: write it as docs/feeding.md shows."
        except ValueError as error:
            broken[name] = str(error)
        except OSError as error:
            broken[name] = f"{name} cannot be read: {error.strerror}."
    return Defined(tuple(feeds.values()), broken)


def load(folder: Path) -> list[Feed]:
    """Every definition in the folder. Raises `ValueError` for a broken file or a name given twice."""
    found = load_each(folder)
    if found.broken:
        raise ValueError(next(iter(found.broken.values())))
    return list(found.feeds)


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
