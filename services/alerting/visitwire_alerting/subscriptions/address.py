"""Where a channel goes, for people to read: never the whole address, which may hold a token."""

from urllib.parse import urlsplit

from visitwire_schemas.subscription import Channel, Chat, Console, Email, Webhook

ENDING = 4
"""Letters of a webhook's path that people are shown at most, and never more than a quarter of it."""


def address(channel: Channel) -> str:
    """Where a channel goes, for people: of a path, which may hold a token, no more than its last letters."""
    match channel:
        case Webhook(url=url):
            return _shortened(url)
        case Email(to=to):
            return ", ".join(to)
        case Chat(url=url):
            return url.partition(":")[0]
        case Console():
            return "console"


def _shortened(url: str) -> str:
    """Host and port, and as much of the rest as tells two webhooks apart and gives no token away."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # "[1:2]" looks like an address and is none
        return url.partition(":")[0] + "://…"
    rest = url.partition("://")[2].partition("/")[2]
    shown = min(ENDING, len(rest) // 4)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}{port}" + (f"/…{rest[-shown:]}" if shown else "")
