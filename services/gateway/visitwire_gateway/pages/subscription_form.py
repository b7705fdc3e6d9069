"""A subscription as a form holds it, and in a few words."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import FormData, ImmutableMultiDict
from visitwire_alerting.service import Endpoint, Unreadable, accept
from visitwire_language.bodies import organisations
from visitwire_language.gazetteer.display import country_name
from visitwire_language.gazetteer.groups import country_codes, groups
from visitwire_schemas.subscription import ADDRESS, CHAT, WEB, Conditions, Email, Filter, Subscription

from visitwire_gateway.country_query import code_named
from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.wording import CHANGE_WORDS, STATUS_WORDS

UNLESS = "unless_"


@dataclass(frozen=True)
class Box:
    """A condition that takes several values: countries, or free words."""

    name: str
    label: str
    example: str
    offers: str
    """The list of what may be chosen, by its id on the page."""

    @property
    def countries(self) -> bool:
        return self.offers == "countries"


BOXES = (
    Box("destination", "To", "India, EU, South Asia", "countries"),
    Box("visitor_country", "From", "Brazil, BRICS", "countries"),
    Box("visitor", "Visitor", "a surname is enough", "people"),
    Box("office", "Visitor's office", "president, foreign minister", "offices"),
    Box("host_country", "Host's country", "Italy", "countries"),
    Box("host", "Host", "a name or an office", "people"),
    Box("place", "City or region", "Geneva", "towns"),
    Box("provider", "Wire", "any", "wires"),
)
OFFICES = (
    "president",
    "prime minister",
    "foreign minister",
    "defence minister",
    "finance minister",
    "trade minister",
    "chancellor",
    "king",
    "queen",
    "pope",
    "secretary-general",
)


class FormRejected(ValueError):
    """What is wrong with a form, a sentence a line."""


@dataclass(frozen=True)
class Asking:
    """The values of a form, by name."""

    values: Mapping[str, Sequence[str]]

    def one(self, name: str, otherwise: str = "") -> str:
        return next((value for value in self.values.get(name, ()) if value), otherwise)

    def all(self, name: str) -> Sequence[str]:
        return self.values.get(name, ())

    @property
    def query(self) -> str:
        """Its filter as the part of an address after the question mark."""
        names = [name for name in self.values if name in OF_FILTER]
        return urlencode([(name, value) for name in names for value in self.values[name] if value], doseq=True)

    @property
    def unless(self) -> bool:
        """Whether it says what is not wanted."""
        return any(name.startswith(UNLESS) and any(values) for name, values in self.values.items())


OF_FILTER = {
    f"{prefix}{name}"
    for prefix in ("", UNLESS)
    for name in (
        *(box.name for box in BOXES),
        "status",
        "change",
        "days",
        "from",
        "confidence",
        "sources",
        "expression",
    )
}
"""The names of what makes up the filter."""


def given(form: ImmutableMultiDict[str, Any] | FormData) -> Asking:
    """What was sent. Several values are sent one by one, or as one text with commas between."""
    values: dict[str, list[str]] = {}
    boxes = {f"{prefix}{box.name}" for box in BOXES for prefix in ("", UNLESS)}
    for name, value in form.multi_items():
        text = str(value).strip()[:2_000]
        values.setdefault(name, []).extend(_parts(text) if name in boxes else [text] if text else [])
    return Asking(values)


def _parts(text: str) -> list[str]:
    return [text] if code_named(text) != text else [part.strip() for part in text.split(",") if part.strip()]


def of_board(wanted: VisitFilter) -> Asking:
    """The form that asks for what the board's filter shows, as far as a subscription can say it: not its free words."""
    values = {
        "visitor": [wanted.who] if wanted.who else [],
        "visitor_country": [country_name(code) for code in wanted.origin],
        "destination": [country_name(code) for code in wanted.to or wanted.country],
        "host_country": [country_name(code) for code in wanted.host],
        "status": [status.value for status in wanted.status],
        "provider": wanted.provider,
        "sources": [str(wanted.sources)] if wanted.sources else [],
        "confidence": [f"{wanted.confidence:g}"] if wanted.confidence else [],
    }
    if wanted.since and wanted.until and wanted.until >= wanted.since:
        values |= {"days": [str((wanted.until - wanted.since).days + 1)], "from": [wanted.since.isoformat()]}
    return Asking(values)


def of_subscription(one: Subscription) -> Asking:
    """The form that says what a subscription says; its channels apart."""
    values: dict[str, list[str]] = {"name": [one.name], "enabled": ["on"] if one.enabled else []}
    values |= _of_conditions(one.filter, "")
    if one.filter.unless is not None:
        values |= _of_conditions(one.filter.unless, UNLESS)
    values["wait"] = [f"{one.wait:g}"]
    values["old"] = ["on"] if one.old else []
    values["by_hand"] = ["on"] if one.by_hand else []
    if one.quiet:
        values |= {"quiet_from": [one.quiet.from_], "quiet_to": [one.quiet.to], "quiet_zone": [one.quiet.zone]}
        values["quiet_but"] = [kind.value for kind in one.quiet.but]
    if one.digest:
        values |= {"digest": ["on"], "digest_at": [one.digest.at], "digest_zone": [one.digest.zone]}
    if isinstance(one.owner, Email):
        values["owner"] = [", ".join(one.owner.to)]
    return Asking(values)


def _of_conditions(asked: Conditions, prefix: str) -> dict[str, list[str]]:
    found = asked.model_dump(mode="json", exclude_none=True, exclude={"dates", "unless"})
    values = {prefix + name: _texts(value) for name, value in found.items()}
    for box in BOXES:
        if box.countries and prefix + box.name in values:
            values[prefix + box.name] = [country_name(code) for code in values[prefix + box.name]]
    if asked.dates is not None:
        values[prefix + "days"] = [str(asked.dates.days)]
        values[prefix + "from"] = [asked.dates.from_.isoformat()] if asked.dates.from_ else []
    return values


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(one) for one in value]
    return [f"{value:g}" if isinstance(value, float) else str(value)]


def filter_item(form: Asking) -> dict[str, Any]:
    """The filter that a form says, as `Filter` takes it."""
    unless, expression = _conditions(form, UNLESS), form.one("expression")
    more = {"unless": unless, "expression": expression}
    return _conditions(form, "") | {name: value for name, value in more.items() if value}


def asked_filter(form: Asking) -> Filter:
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


def _conditions(form: Asking, prefix: str) -> dict[str, Any]:
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


def item(form: Asking, id: str, before: Subscription | None, kept: Iterable[Endpoint]) -> dict[str, Any]:
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


def _channels(form: Asking) -> list[dict[str, Any]]:
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


def _owner(form: Asking, before: Subscription | None) -> dict[str, Any] | None:
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


def in_words(asked: Filter) -> list[tuple[str, str]]:
    """(what, which) for each condition: ("To", "India or South Asia")."""
    found = list(_words(asked))
    if asked.unless is not None:
        found.append(("But not", "; ".join(f"{what.lower()} {which}" for what, which in _words(asked.unless))))
    if asked.expression is not None:
        found.append(("Also", asked.expression))
    return found


def _words(asked: Conditions) -> Iterable[tuple[str, str]]:
    for box in BOXES:
        values = getattr(asked, box.name) or ()
        if values:
            yield box.label, " or ".join(country_name(value) if box.countries else value for value in values)
    if asked.status:
        yield "Status", " or ".join(STATUS_WORDS[one].lower() for one in asked.status)
    if asked.change:
        yield "Change", " or ".join(CHANGE_WORDS[one].lower() for one in asked.change)
    if asked.dates:
        since = f"{asked.dates.days} days from {asked.dates.from_}" if asked.dates.from_ else ""
        yield "Dated", since or f"within {asked.dates.days} days"
    if asked.confidence is not None:
        yield "Confidence", f"{asked.confidence * 100:.0f} % or more"
    if asked.sources is not None:
        yield "Sources", f"{asked.sources} or more"


def offered() -> list[str]:
    """Countries by name, blocs and regions."""
    named = (country_name(code) for code in country_codes())
    return sorted({*named, *organisations(), *groups()}, key=str.casefold)
