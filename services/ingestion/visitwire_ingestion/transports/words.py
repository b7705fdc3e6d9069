"""What comes from outside as words that may be shown: names that are bytes, and errors without secrets."""

import base64
import os
import re

from visitwire_ingestion.feeds import Feed, filled
from visitwire_ingestion.formats.charset import western

_LONGEST = 300


def shown(name: str | bytes) -> str:
    """A file's name as text: UTF-8, or cp1252 as Windows and FTP servers leave it."""
    raw = name.encode("utf-8", "surrogateescape") if isinstance(name, str) else name
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return western(raw)


def scrubbed(words: str, feed: Feed) -> str:
    """One line of an error's words, of bounded length, without what the feed logs in with."""
    said = " ".join(words.split())
    for secret in sorted(_secrets(feed), key=len, reverse=True):
        said = said.replace(secret, "…")
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def _secrets(feed: Feed) -> set[str]:
    """The passwords and keys of a feed, as its definition and the environment have them, in every form that is sent."""
    named = (feed.password_env, feed.key_password_env)
    found = {os.environ.get(each, "") for each in named if each}
    for value in feed.headers.values():
        found |= {filled(value), *(os.environ.get(each, "") for each in re.findall(r"\$\{(\w+)\}", value))}
    found |= {each.strip() for each in found}
    pairs = {f"{feed.username}:{each}" for each in found} if feed.username else set()
    found |= {base64.b64encode(each.encode()).decode() for each in pairs | found if each}
    found |= {repr(each)[1:-1] for each in found}
    return {each for each in found if len(each) > 2}
