"""E-mail (RFC 5322, MIME): the message is a story, and each wire file attached to it is one more."""

import re
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses

from visitwire_runtime import InvalidMessage
from visitwire_schemas import Story, WireItem

from visitwire_ingestion.formats.body import from_html
from visitwire_ingestion.formats.charset import decode
from visitwire_ingestion.formats.dates import when
from visitwire_ingestion.formats.draft import Draft
from visitwire_ingestion.formats.finish import finish
from visitwire_ingestion.formats.plain import blocks

_SIGNATURE = re.compile(r"^-- ?\r?$", re.MULTILINE)
MOST_PARTS = 2000
_ENVELOPE = re.compile(rb"^(?:\xef\xbb\xbf)?\s*(?:From [^\n]*\n)?")
"""What may stand before the headers: a byte order mark, the line by which an mbox file parts its messages."""
_WIRE_FILE = re.compile(r"\.(?:xml|nitf|newsml|json|ninjs)$", re.IGNORECASE)
_WIRE_WORDS = re.compile(rb"<(?:\w+:)?(?:nitf|NewsML|newsMessage|newsItem|packageItem)\b|\"(?:uri|guid)\"\s*:\s*\"")
"""What shows that an attachment of no telling type, called story.xml, is a wire file and no invoice."""
_WIRE_TYPES = ("application/xml", "text/xml", "application/json", "application/nitf+xml", "application/vnd.iptc.g2")


def read(item: WireItem, inner: Callable[[WireItem], list[Story]]) -> list[Story]:
    """The message's own words as a story, then what `inner` reads in its attachments that are wire files."""
    if item.raw.count(b"\n--") > MOST_PARTS:
        raise InvalidMessage(
            f"The e-mail has more than {MOST_PARTS:,} parts, more than any wire's: it was not taken apart."
        )
    message = message_from_bytes(_ENVELOPE.sub(b"", item.raw, count=1), policy=policy.default)
    if not isinstance(message, EmailMessage):
        raise InvalidMessage("The e-mail could not be taken apart: send it again as RFC 5322.")
    try:
        attached = [story for raw in _attachments(message) for story in inner(item.model_copy(update={"raw": raw}))]
        made = _draft(message)
    except (LookupError, ValueError, TypeError, AttributeError, IndexError, OverflowError, RecursionError) as error:
        raise InvalidMessage(f"The e-mail's parts are broken ({error}): ask the sender to send it again.") from error
    return [finish(made).story(item), *attached] if made.text or made.headline or not attached else attached


def _draft(message: EmailMessage) -> Draft:
    made = Draft(type="text", preformatted=False)
    made.headline = " ".join(_header(message, "Subject").split()) or None
    made.source = _header(message, "From").strip() or None
    sender = getaddresses([made.source or ""])[0][1] if made.source else ""
    made.provider = sender.rpartition("@")[2].lower() or None
    made.firstcreated = made.versioncreated = when(_header(message, "Date"))
    made.uri = _header(message, "Message-ID").strip().strip("<>") or None
    made.evolvedfrom = _header(message, "In-Reply-To").strip().strip("<>") or None
    made.language = _header(message, "Content-Language").strip() or None
    made.keywords = [word.strip() for word in _header(message, "Keywords").split(",") if word.strip()]
    _body(made, message)
    return made


def _header(message: EmailMessage, name: str) -> str:
    """The header, decoded; "" when missing, or when it cannot be taken apart (a date in the year 10^40)."""
    try:
        return str(message.get(name, ""))
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError):
        return ""


def _body(made: Draft, message: EmailMessage) -> None:
    plain, markup = message.get_body(("plain",)), message.get_body(("html",))
    text = _content(plain) if plain is not None else ""
    if isinstance(markup, EmailMessage):
        marked, made.html = from_html(_content(markup))
        made.text = "" if text.strip() else marked
    if text.strip():
        made.text = "\n".join(blocks(_SIGNATURE.split(text)[0]))


def _content(part: object) -> str:
    """The part's text; its charset label is not trusted."""
    if not isinstance(part, EmailMessage):
        return ""
    payload = part.get_payload(decode=True)
    return decode(payload, part.get_content_charset()) if isinstance(payload, bytes) else ""


def _attachments(message: EmailMessage) -> list[bytes]:
    found = []
    for part in message.walk():
        typed = part.get_content_type() in _WIRE_TYPES
        named = _WIRE_FILE.search(str(part.get_filename() or ""))
        payload = part.get_payload(decode=True) if typed or named else None
        if isinstance(payload, bytes) and payload.strip() and (typed or _WIRE_WORDS.search(payload[:4096])):
            found.append(payload)
    return found
