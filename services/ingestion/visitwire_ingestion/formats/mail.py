"""E-mail (RFC 5322, MIME): the message is a story, and so is each wire file, text or message attached to it."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import getaddresses

from visitwire_runtime import InvalidMessage
from visitwire_schemas import PubStatus, Revision, Story, WireItem

from visitwire_ingestion.formats.body import from_html
from visitwire_ingestion.formats.charset import decode
from visitwire_ingestion.formats.complete import finish
from visitwire_ingestion.formats.dates import when
from visitwire_ingestion.formats.draft import Draft, Inner, with_warning
from visitwire_ingestion.formats.mail_text import flowed, forwarded, subject
from visitwire_ingestion.formats.plain_text import blocks
from visitwire_ingestion.formats.revision import KILL, asks_back, means_all

_SIGNATURE = re.compile(r"^-- ?\r?$", re.MULTILINE)
MOST_PARTS = 2000
_ENVELOPE = re.compile(rb"^(?:\xef\xbb\xbf)?\s*(?:From [^\n]*\n)?")
"""What may stand before the headers: a byte order mark, the line by which an mbox file parts its messages."""
_OVERLONG = re.compile(rb"^(content-[a-z-]{1,40}:[^\r\n]{1000})[^\r\n]+", re.IGNORECASE | re.MULTILINE)
"""A line of a header beyond what RFC 5322 allows (998): Python's parser takes its square in time."""
_WIRE_FILE = re.compile(r"\.(?:xml|nitf|newsml|json|ninjs|ics|gz|rtf)$", re.IGNORECASE)
_TEXT_FILE = re.compile(r"\.(?:txt|text|anpa|iptc|tel)$", re.IGNORECASE)
_WIRE_WORDS = re.compile(
    rb"<(?:\w+:)?(?:nitf|NewsML|newsMessage|newsItem|packageItem|planningItem|conceptItem|rss|feed)\b|\"(?:uri|guid|urn)\"\s*:\s*\""
    rb"|^BEGIN:VCALENDAR|^\x1f\x8b|^\{\\rtf"
)
"""What shows that an attachment of no telling type, called story.xml, is a wire file and no invoice."""
_WIRE_TYPES = (
    *("application/xml", "text/xml", "application/json", "application/nitf+xml", "application/vnd.iptc.g2"),
    "text/calendar",
)
_KILL = re.compile(
    r"^\W*(?:please\s+|kindly\s+)?(?:kill|withdraw|retract|recall|delete|do not use)\s+(?:this|the|our|that|it\b|my)",
    re.IGNORECASE,
)
_ANSWER = re.compile(r"^(?:(?:re|aw|sv|vs|rif|res|antw|ynt|odp|回复|답장)\s*[:：]\s*)+", re.IGNORECASE)
_KILL_SUBJECT = re.compile(
    r"^(?:(?:re|aw|fwd?):\s*)*(?:kill|recall(?:ed)?|withdrawn|retract(?:ed|ion))\b\s*(?:[:–-]|(?:re|aw):)",
    re.IGNORECASE,
)
"""How an answer to a story takes it back, in its first words and in its subject."""
_RECALL = re.compile(r"^(?:Recall|Rückruf|Rappel|Recuperar)\s?:\s*(\S.*)$")
_RECALLS = re.compile(
    r"would like to recall the message|möchte die Nachricht|souhaite rappeler le message|desea recuperar", re.I
)
"""What mail programs write when their user takes a message back."""
_STUB = 40
"""Words below which a text part may be a stub beside the HTML that says it all."""


def read(item: WireItem, inner: Inner) -> list[Story]:
    """The message's own words as a story, then what `inner` reads in its attachments."""
    if item.raw.count(b"\n--") > MOST_PARTS:
        raise InvalidMessage(
            f"The e-mail has more than {MOST_PARTS:,} parts, more than any wire's: it was not taken apart."
        )
    raw = _OVERLONG.sub(rb"\1", _ENVELOPE.sub(b"", item.raw, count=1))
    message = message_from_bytes(raw, policy=policy.default)
    if not isinstance(message, EmailMessage):
        raise InvalidMessage("The e-mail could not be taken apart: send it again as RFC 5322.")
    try:
        attached, refused = _inside(item, list(_attachments(message)), inner)
        made = _draft(message)
    except (LookupError, ValueError, TypeError, AttributeError, IndexError, OverflowError, RecursionError) as error:
        raise InvalidMessage(f"The e-mail's parts are broken ({error}): ask the sender to send it again.") from error
    own = (
        [_killing(finish(made, received=item.received)).story(item)]
        if made.text or (made.headline and not attached)
        else []
    )
    if refused and not own and not attached:
        raise InvalidMessage(refused[0])
    found = [*own, *attached]
    return with_warning(found, f"An attachment was not read: {' '.join(refused)}") if refused else found


def _inside(item: WireItem, parts: list[bytes], inner: Inner) -> tuple[list[Story], list[str]]:
    """The stories of the attachments, and why others are none; an odd one never takes the message with it."""
    found: list[Story] = []
    refused: list[str] = []
    for raw in parts:
        try:
            found += inner(item.model_copy(update={"raw": raw}))
        except InvalidMessage as error:
            refused.append(str(error))
    return found, refused


def _draft(message: EmailMessage) -> Draft:
    made = Draft(type="text", preformatted=False)
    made.headline = subject(_header(message, "Subject")) or None
    made.source = _header(message, "From").strip() or None
    sender = getaddresses([made.source or ""])[0][1] if made.source else ""
    made.provider = sender.rpartition("@")[2].lower() or None
    made.firstcreated = made.versioncreated = when(_header(message, "Date"))
    made.uri = _header(message, "Message-ID").strip().strip("<>") or None
    made.evolvedfrom = _answered(message)
    made.language = _header(message, "Content-Language").strip() or None
    made.keywords = [word.strip() for word in _header(message, "Keywords").split(",") if word.strip()]
    _body(made, message)
    return made


def _answered(message: EmailMessage) -> str | None:
    """The message that this one answers: by In-Reply-To, else the last of References."""
    for name in ("In-Reply-To", "References"):
        if said := _header(message, name).split():
            return said[-1].strip("<>") or None
    return None


def _killing(made: Draft) -> Draft:
    """An answer that takes back the story it answers names it as what it kills; a mail program's recall has its
    headline."""
    if (found := _RECALL.match(made.headline or "")) and _RECALLS.search(made.text[:400]):
        made.headline, made.revision, made.pubstatus = found[1], Revision.KILL, PubStatus.CANCELED
    asked = _KILL.match(made.text) and means_all(made.text.partition(".")[0][:200])
    bare = _ANSWER.sub("", made.headline or "")
    said = asked or asks_back(made.text) or _KILL_SUBJECT.match(made.headline or "") or KILL.search(bare)
    if made.evolvedfrom and (made.revision == Revision.KILL or said):
        made.revision, made.pubstatus = Revision.KILL, PubStatus.CANCELED
        made.identifiers["kills"] = made.evolvedfrom
    return made


def _header(message: EmailMessage, name: str) -> str:
    """The header, decoded; "" when missing, or when it cannot be taken apart (a date in the year 10^40).

    Bytes that no RFC allows there are read as the text's are: UTF-8, or the charset of the body.
    """
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    try:
        if not raw.isascii():
            charset = message.get_content_charset() or next(_charsets(message), None)
            said = decode(raw.encode("utf-8", "surrogateescape"), charset)
            return str(policy.default.header_factory(name, " ".join(said.split())))
        return str(message.get(name, ""))
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError):
        return ""


def _charsets(message: EmailMessage) -> Iterator[str]:
    yield from (charset for part in message.walk() if (charset := part.get_content_charset()))


def _body(made: Draft, message: EmailMessage) -> None:
    """The text part, flowed lines joined again; the HTML where the text is missing, or a stub of it."""
    plain, markup = message.get_body(("plain",)), message.get_body(("html",))
    text = _SIGNATURE.split(_content(plain) if plain is not None else _undivided(message, markup))[0]
    text = forwarded(made, _unsigned(text))
    marked = ""
    if isinstance(markup, EmailMessage):
        marked, made.html = from_html(_content(markup))
    stub = len(text.split()) < _STUB and len(marked.split()) > 2 * len(text.split())
    if not text.strip() or stub:
        made.text = forwarded(made, marked).strip("\n") or "\n".join(blocks(text))
    elif isinstance(plain, EmailMessage) and str(plain.get_param("format", "")).lower() == "flowed":
        made.text = "\n".join(flowed(text, delsp=str(plain.get_param("delsp", "")).lower() == "yes"))
    else:
        made.text = "\n".join(blocks(text))


def _unsigned(text: str) -> str:
    """The text without the armour of a PGP signature around it."""
    before, begins, rest = text.replace("\r\n", "\n").partition("-----BEGIN PGP SIGNED MESSAGE-----\n")
    signed, ends, _ = rest.partition("-----BEGIN PGP SIGNATURE-----")
    return before + signed.partition("\n\n")[2] if begins and ends else text


def _undivided(message: EmailMessage, markup: object) -> str:
    """The words of a message that calls itself parted and is not: its boundary is missing, or broken."""
    payload = message.get_payload()
    if (
        markup is not None
        or not isinstance(payload, str)
        or message.get_content_maintype() not in ("multipart", "text")
    ):
        return ""
    return decode(payload.encode("utf-8", "surrogateescape"), message.get_content_charset())


def _content(part: object) -> str:
    """The part's text; its charset label is not trusted."""
    if not isinstance(part, EmailMessage):
        return ""
    payload = part.get_payload(decode=True)
    return decode(payload, part.get_content_charset()) if isinstance(payload, bytes) else ""


def _attachments(message: MIMEPart) -> Iterator[bytes]:
    """The bytes of wire files, texts and forwarded messages; those inside a forwarded message are its own."""
    if message.get_content_type() == "message/rfc822":
        for inside in message.iter_parts() if message.is_multipart() else []:
            yield inside.as_bytes()
        return
    for part in message.iter_parts() if message.is_multipart() else []:
        if part.is_multipart():
            yield from _attachments(part)
        elif (raw := _attached(part)) is not None:
            yield raw


def _attached(part: MIMEPart) -> bytes | None:
    typed, name = part.get_content_type() in _WIRE_TYPES, str(part.get_filename() or "")
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes) or not payload.strip():
        return None
    if typed or (_WIRE_FILE.search(name) and _WIRE_WORDS.search(payload[:4096])):
        return payload
    text = part.get_content_type() == "text/plain" or _TEXT_FILE.search(name)
    if text and (name or part.get_content_disposition() == "attachment"):
        return decode(payload, part.get_content_charset()).encode("utf-8", "replace")
    return None
