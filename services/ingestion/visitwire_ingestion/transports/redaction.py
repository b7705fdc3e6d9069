"""What comes from outside as words that may be shown: names that are bytes, and errors without secrets."""

import base64
import os
import re
from pathlib import Path
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

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


def placed(error: BaseException) -> str:
    """An error that nobody expected by its kind and place: its own words may be anybody's, and hold what was sent."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    at = f" in {Path(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{at}"


def _secrets(feed: Feed) -> set[str]:
    """The passwords and keys of a feed, as its definition and the environment have them, in every form that is sent."""
    named = (feed.password_env, feed.key_password_env)
    found = {os.environ.get(each, "") for each in named if each}
    for value in feed.headers.values():
        found |= {filled(value), *(os.environ.get(each, "") for each in re.findall(r"\$\{(\w+)\}", value))}
    found |= {value for _, value in parse_qsl(urlsplit(feed.url).query) if len(value) > 5}
    found |= {each.strip() for each in found}
    user = feed.username or ""
    pairs = {f"{user}:{each}" for each in found} | {f"\0{user}\0{each}" for each in found} if user else set()
    found |= {base64.b64encode(each.encode()).decode() for each in pairs | found if each}
    found |= {form for each in found for form in (quote(each), quote_plus(each), _quoted(each))}
    found |= {repr(each)[1:-1] for each in found}
    return {each for each in found if len(each) > 2}


def _quoted(word: str) -> str:
    """As IMAP sends it; what a server says of it is shown escaped once more."""
    return word.replace("\\", "\\\\").replace('"', '\\"')
