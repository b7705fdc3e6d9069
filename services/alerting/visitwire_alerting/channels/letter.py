"""Writes an e-mail about one or more changes, in plain text and HTML."""

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from html import escape

from visitwire_schemas import Alert

from visitwire_alerting.wording import because, headline

STYLE = "font:15px/1.45 system-ui,sans-serif;color:#1a1a1a"


def letter(events: Sequence[Alert], sender: str, to: Sequence[str], at: datetime) -> EmailMessage:
    """A message whose id is the same whenever the same events are sent, so that a mailbox shows a repeat once."""
    subject = headline(events[-1]) + (f" (and {len(events) - 1} more)" if len(events) > 1 else "")
    message = blank(subject, sender, to, at)
    domain = sender.rpartition("@")[2]
    digest = sha256("|".join((*(event.id for event in events), *to)).encode()).hexdigest()[:24]
    message["Message-ID"] = f"<{digest}@{domain}>"
    if len(events) == 1:
        message["References"] = f"<{events[0].subject}@{domain}>"  # one thread a visit
    message.set_content("\n\n".join(_plain(event) for event in events) + _foot(events))
    rows = "".join(_html(event) for event in events)
    foot = escape(_foot(events).strip())
    message.add_alternative(
        f'<html><body style="{STYLE}">{rows}<p style="color:#666;font-size:12px">{foot}</p></body></html>',
        subtype="html",
    )
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


def _plain(event: Alert) -> str:
    return f"{headline(event)}\n{because(event)}"


def _html(event: Alert) -> str:
    return f"<p><strong>{escape(headline(event))}</strong><br>{escape(because(event))}</p>"


def _foot(events: Sequence[Alert]) -> str:
    subscription = events[-1].data.subscription
    return f"\n\n-- \nVisitwire, subscription {subscription.name} ({subscription.id})" if subscription else ""
