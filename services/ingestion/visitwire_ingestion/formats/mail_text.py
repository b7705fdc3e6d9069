"""The text of an e-mail as its sender meant it: flowed lines joined, and what was forwarded without its wrapping."""

import re
from collections.abc import Iterator

from visitwire_ingestion.formats.dates import when
from visitwire_ingestion.formats.draft import Draft

_FORWARDED = re.compile(
    r"^[-_ >]{0,80}(?:-{2,80}|_{2,80}|begin)\s{0,4}(?:forwarded (?:message|by)|original message"
    r"|weitergeleitete nachricht|ursprüngliche nachricht|message (?:transféré|d'origine)|mensaje (?:reenviado|original)"
    r"|messaggio (?:inoltrato|originale)"
    r"|mensagem (?:encaminhada|original)|doorgestuurd bericht|oorspronkelijk bericht|vidarebefordrat meddelande"
    r"|ursprungligt meddelande|videresendt (?:melding|besked|meddelelse)|oprindelig meddelelse|opprinnelig melding"
    r"|wiadomość (?:przekazana|oryginalna)|(?:пересылаемое|исходное) сообщение|alkuperäinen viesti|välitetty viesti"
    r"|iletilen (?:ileti|mesaj)|özgün ileti)\b[^\n]*\n"
    r"|^(?:_{5,}\s*\n)?(?=\*?(?:from|von|de|da|van|från|fra|od|от|kimden|lähettäjä)\s*:[^\n]*\n"
    r"\s*\*?(?:sent|date|gesendet|datum|envoyé|enviado|inviato|data|verzonden|skickat|sendt|dato|wysłano|отправлено|gönderilen"
    r"|lähetetty)\s*:)",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED = re.compile(
    r"^>\s*(?:[-_]*\s*)?(?:begin )?(?:forwarded|weitergeleitete|original) (?:message|nachricht)", re.I | re.M
)
_SUBJECTS = [
    "subject",
    "betreff",
    "objet",
    "asunto",
    "oggetto",
    "assunto",
    "onderwerp",
    "ämne",
    "emne",
    "temat",
    "тема",
    "konu",
    "aihe",
]
_SENDERS = ["from", "von", "de", "da", "van", "från", "fra", "od", "от", "kimden", "lähettäjä"]
_DATES = [
    "date",
    "sent",
    "datum",
    "gesendet",
    "envoyé",
    "enviado",
    "fecha",
    "inviato",
    "data",
    "verzonden",
    "skickat",
    "sendt",
    "dato",
    "wysłano",
    "отправлено",
    "дата",
    "gönderilen",
    "tarih",
    "lähetetty",
]
_OTHERS = [
    "to",
    "cc",
    "bcc",
    "an",
    "à",
    "para",
    "a",
    "aan",
    "till",
    "til",
    "kopi",
    "kopia",
    "kopie",
    "do",
    "кому",
    "копия",
    "kime",
    "vastaanottaja",
    "reply-to",
]
_HEADER = re.compile(
    rf"^\W*(?P<name>{'|'.join((*_SUBJECTS, *_SENDERS, *_DATES, *_OTHERS))})\s*:\*?\s*(?P<said>.*)$", re.IGNORECASE
)
_NOTE = 40
"""Words above a forwarded message that are a note to the desk, and no story themselves."""


_TAG = r"[\[(*]+\s*(?:ext(?:ern(?:al)?)?|external(?: e?-?mail)?|caution|(?:suspected )?spam)\s*[\])*]+\s*"
_PREFIX = re.compile(
    rf"^(?:{_TAG}|(?:fwd?|wg|rv|tr|enc|vl|vs|vb|pd|i|doorst|ynt|转发|轉寄|전달)\s*[:：]\s*)+", re.IGNORECASE
)


def subject(said: str) -> str:
    """The subject in one line, without the "Fwd:" of who sent it on, or a gateway's "[EXTERNAL]"."""
    return _PREFIX.sub("", " ".join(said.split()))


def forwarded(made: Draft, text: str) -> str:
    """The text of a message that was forwarded inside the text, whose headers go into the draft; else the text."""
    if _QUOTED.search(text):
        text = re.sub(r"^> ?", "", text, flags=re.MULTILINE)
    found = _FORWARDED.search(text)
    if not found or len(text[: found.start()].split()) > _NOTE:
        return text
    lines = text[found.end() :].lstrip("\r\n").replace("\r\n", "\n").split("\n")
    headers: dict[str, str] = {}
    while lines and (header := _HEADER.match(lines[0])):
        headers[header["name"].lower()] = header["said"].strip()
        del lines[0]
    if not headers or not any(line.strip() for line in lines):
        return text
    made.headline = next((subject(headers[name]) for name in _SUBJECTS if headers.get(name)), made.headline)
    made.source = next((headers[name] for name in _SENDERS if headers.get(name)), made.source)
    made.firstcreated = next((at for name in _DATES if (at := when(headers.get(name)))), made.firstcreated)
    made.ednote = " ".join(text[: found.start()].split()) or made.ednote
    return "\n".join(lines)


def flowed(text: str, *, delsp: bool) -> Iterator[str]:
    """The paragraphs of RFC 3676: a line that ends in a space goes on in the next."""
    held = ""
    for line in text.replace("\r\n", "\n").split("\n"):
        line = line.removeprefix(" ")
        if line.endswith(" ") and line.strip():
            held += line.removesuffix(" ") if delsp else line
            continue
        said = " ".join((held + line).split())
        held = ""
        if said:
            yield said
    if held.strip():
        yield " ".join(held.split())
