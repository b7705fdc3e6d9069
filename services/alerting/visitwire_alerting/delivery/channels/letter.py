"""Writes an e-mail about one or more changes, in plain text and HTML."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from html import escape

from visitwire_schemas import Alert, LedgerVisit, Links

from visitwire_alerting.delivery.digest import DigestMessage
from visitwire_alerting.wording import because, dates, headline, visitor, where

STYLE = "font:15px/1.45 system-ui,sans-serif;color:#1a1a1a"
SMALL = "color:#666;font-size:12px"


def letter(events: Sequence[Alert], sender: str, to: Sequence[str], at: datetime) -> EmailMessage:
    """A message whose id is the same whenever the same events are sent, so that a mailbox shows a repeat once."""
    message = blank(_subject(events), sender, to, at)
    domain = sender.rpartition("@")[2]
    digest = sha256("|".join((*(event.id for event in events), *to)).encode()).hexdigest()[:24]
    message["Message-ID"] = f"<{digest}@{domain}>"
    if len(events) == 1 and not isinstance(events, DigestMessage):
        message["References"] = f"<{events[0].subject}@{domain}>"  # one thread a visit
    _unsubscribable(message, events[-1].data.links)
    message.set_content(plain(events) + _foot(events))
    head = f"<head><title>{escape(str(message['Subject']))}</title></head>"
    html = f'<html lang="en">{head}<body style="{STYLE}">{_html(events)}</body></html>'
    message.add_alternative(html, subtype="html")
    return message


def blank(subject: str, sender: str, to: Sequence[str], at: datetime) -> EmailMessage:
    """A message with its headers; nothing from a story can add a header, or another receiver."""
    message = EmailMessage()
    message["From"] = Address("Visitwire", addr_spec=sender)
    message["To"] = [Address(addr_spec=address) for address in to]
    message["Subject"] = " ".join(subject.split())[:300]
    message["Date"] = format_datetime(at)
    message["Auto-Submitted"] = "auto-generated"
    return message


def _subject(events: Sequence[Alert]) -> str:
    if isinstance(events, DigestMessage):
        return events.subject
    return headline(events[-1]) + (f" (and {len(events) - 1} more)" if len(events) > 1 else "")


def _unsubscribable(message: EmailMessage, links: Links | None) -> None:
    """The headers by which mail programs offer to unsubscribe (RFC 2369, and RFC 8058, which asks for https)."""
    if links is None or links.unsubscribe is None:
        return
    message["List-Unsubscribe"] = f"<{links.unsubscribe}>"
    if links.unsubscribe.startswith("https://"):
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def plain(events: Sequence[Alert]) -> str:
    """The words of a message, for mail and chat."""
    if not isinstance(events, DigestMessage):
        return "\n\n".join(_plain(event) for event in events)
    parts = [
        "\n\n".join((group.upper(), *(_plain(event) for event in found))) for group, found in events.groups.items()
    ]
    parts += ["\n".join((title.upper(), *map(line, found))) for title, found in _agenda(events)]
    return "\n\n\n".join(parts)


def _plain(event: Alert) -> str:
    links = event.data.links
    named = {} if links is None else {"Visit": links.visit, "Story": links.story, "Silence": links.silence}
    return "\n".join((headline(event), because(event), *(f"{name}: {to}" for name, to in named.items() if to)))


def _agenda(digest: DigestMessage) -> Iterator[tuple[str, Sequence[LedgerVisit]]]:
    """Who is where: today, and in the days to come."""
    for title, found in ((f"Today, {digest.day:%A}", digest.today), ("In the next six days", digest.week)):
        if found:
            yield title, found


def line(visit: LedgerVisit) -> str:
    """ "4–6 Dec 2026: President Amina Odhiambo (Kenya) in Berlin, Germany"."""
    return f"{dates(visit.dates)}: {visitor(visit.visitor)} in {where(visit)}"


def _html(events: Sequence[Alert]) -> str:
    foot = f'<p style="{SMALL}">{_html_foot(events)}</p>'
    if not isinstance(events, DigestMessage):
        return "".join(map(_html_event, events)) + foot
    parts = [
        f"<h2>{escape(group.capitalize())}</h2>{''.join(map(_html_event, found))}"
        for group, found in events.groups.items()
    ]
    for title, found in _agenda(events):
        items = "".join(f"<li>{escape(line(visit))}</li>" for visit in found)
        parts.append(f"<h2>{escape(title)}</h2><ul>{items}</ul>")
    return "".join(parts) + foot


def _html_event(event: Alert) -> str:
    links, title = event.data.links, f"<strong>{escape(headline(event))}</strong>"
    if links is None:
        return f"<p>{title}<br>{escape(because(event))}</p>"
    more = {"The story": links.story, "Silence this visit": links.silence}
    also = " · ".join(_link(to, name) for name, to in more.items() if to)
    said = f'{escape(because(event))}<br><span style="{SMALL}">{also}</span>'
    return f"<p>{_link(links.visit, title, raw=True)}<br>{said}</p>"


def _link(to: str, words: str, *, raw: bool = False) -> str:
    return f'<a href="{escape(to)}">{words if raw else escape(words)}</a>'


def _foot(events: Sequence[Alert]) -> str:
    subscription, links = events[-1].data.subscription, events[-1].data.links
    if subscription is None:
        return ""
    lines = [f"Visitwire, subscription {subscription.name} ({subscription.id})"]
    if links is not None:
        named = {"Subscription": links.subscription, "Unsubscribe": links.unsubscribe}
        lines += [f"{name}: {to}" for name, to in named.items() if to]
    return "\n\n-- \n" + "\n".join(lines)


def _html_foot(events: Sequence[Alert]) -> str:
    subscription, links = events[-1].data.subscription, events[-1].data.links
    if subscription is None:
        return ""
    words = f"Visitwire, subscription {subscription.name} ({subscription.id})"
    if links is None:
        return escape(words)
    parts = [_link(links.subscription, words) if links.subscription else escape(words)]
    return " · ".join([*parts, *([_link(links.unsubscribe, "Unsubscribe")] if links.unsubscribe else [])])
