"""Reads the form of a subscription: the filter, the channels and the owner that it says."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from visitwire_alerting.service import Endpoint, Unreadable, accept
from visitwire_schemas.subscription import ADDRESS, CHAT, WEB, Email, Filter, Subscription

from visitwire_gateway.country_query import code_named
from visitwire_gateway.pages.subscription_fields import BOXES, UNLESS, FormValues


class FormRejected(ValueError):
    """What is wrong with a form, a sentence a line."""


def filter_item(form: FormValues) -> dict[str, Any]:
    """The filter that a form says, as `Filter` takes it."""
    unless, expression = _conditions(form, UNLESS), form.one("expression")
    more = {"unless": unless, "expression": expression}
    return _conditions(form, "") | {name: value for name, value in more.items() if value}


def asked_filter(form: FormValues) -> Filter:
    """Raises `FormRejected`."""
    item = {"id": "filter", "name": "filter", "channels": [{"kind": "console"}], "filter": filter_item(form)}
    return accepted(item).filter


def accepted(item: dict[str, Any]) -> Subscription:
    """What alerting itself would accept. Raises `FormRejected`, with a sentence a line."""
    try:
        return accept(item, "")
    except Unreadable as wrong:
        lines = (line.removeprefix(": ").removeprefix("filter.") for line in str(wrong).splitlines())
        raise FormRejected("\n".join(lines)) from None


def _conditions(form: FormValues, prefix: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for box in BOXES:
        values = list(form.all(prefix + box.name))
        found[box.name] = [code_named(value) for value in values] if box.countries else values
    for name in ("status", "change"):
        found[name] = list(form.all(prefix + name))
    found["confidence"] = _number(form.one(prefix + "confidence"), float)
    found["sources"] = _number(form.one(prefix + "sources"), int)
    if days := form.one(prefix + "days"):
        found["dates"] = {"days": _number(days, int), "from": form.one(prefix + "from") or None}
    return {name: value for name, value in found.items() if value not in (None, [])}


def _number(text: str, kind: type[int] | type[float]) -> int | float | str | None:
    """The text itself where it is not a number, so that the model says what it should have been."""
    try:
        return kind(text) if text else None
    except ValueError:
        return text


def item(form: FormValues, id: str, before: Subscription | None, kept: Iterable[Endpoint]) -> dict[str, Any]:
    """The subscription that a form says. Raises `FormRejected`."""
    channels = [end.channel.model_dump(mode="json") for end in kept] + _channels(form)
    if not channels:
        raise FormRejected("Say where it goes: a webhook, an e-mail address, a chat, or the console.")
    found: dict[str, Any] = {
        "id": id,
        "name": form.one("name", before.name if before else ""),
        "enabled": bool(form.one("enabled")),
        "filter": filter_item(form),
        "channels": channels,
        "wait": _number(form.one("wait", "30"), float),
        "old": bool(form.one("old")),
        "by_hand": bool(form.one("by_hand")),
        "owner": _owner(form, before),
    }
    if not found["name"]:
        raise FormRejected("Give it a name.")
    if form.one("quiet_from") or form.one("quiet_to"):
        found["quiet"] = {
            "from": form.one("quiet_from"),
            "to": form.one("quiet_to"),
            "zone": form.one("quiet_zone", "UTC"),
            "but": list(form.all("quiet_but")),
        }
    if form.one("digest"):
        found["digest"] = {"at": form.one("digest_at", "07:00"), "zone": form.one("digest_zone", "UTC")}
    return {name: value for name, value in found.items() if value is not None}


def _channels(form: FormValues) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if url := form.one("webhook"):
        if not re.match(WEB, url):
            raise FormRejected("A webhook's address begins with https:// or http:// and names a host.")
        found.append({"kind": "webhook", "url": url})
    if form.one("email"):
        found.append({"kind": "email", "to": _addresses(form.one("email"))})
    if url := form.one("chat"):
        if not re.match(CHAT, url):
            raise FormRejected(
                "That is not a chat address we send to: Slack, Teams workflows, Discord, Telegram, Google Chat, Webex"
                " or Pushover, by their Apprise URL without options."
            )
        found.append({"kind": "chat", "url": url})
    if form.one("console"):
        found.append({"kind": "console"})
    return found


def _owner(form: FormValues, before: Subscription | None) -> dict[str, Any] | None:
    if form.one("owner"):
        return {"kind": "email", "to": _addresses(form.one("owner"))}
    kept = before.owner if before and not isinstance(before.owner, Email) else None
    return kept.model_dump(mode="json") if kept else None


def _addresses(text: str) -> list[str]:
    found = [part for part in re.split(r"[,;\s]+", text) if part]
    for one in found:
        if not re.match(ADDRESS, one):
            raise FormRejected(f"{one} is not an e-mail address.")
    return found


def new_id(name: str, taken: set[str]) -> str:
    """An id that the name suggests and nobody has: "Visits to South Asia" gives visits-to-south-asia."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-") or "subscription"
    return next(
        id for number in range(1, len(taken) + 2) if (id := f"{base}-{number}" if number > 1 else base) not in taken
    )
