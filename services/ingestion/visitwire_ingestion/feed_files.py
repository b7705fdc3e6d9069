"""Reads the definitions of feeds from files, and says in a sentence what to correct in one."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import AnyHttpUrl, ValidationError

from visitwire_ingestion.feeds import Feed


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
