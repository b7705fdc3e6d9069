"""What typesetting and software leave in words that a reader does not see: taken out before anything reads them."""

import html
import re
import unicodedata

from ftfy import fix_encoding

_SURROGATE = re.compile("[\ud800-\udfff]")
_INVISIBLE = re.compile("[\u00ad\u034f\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
"""Soft hyphens, zero-width spaces, marks of direction. The joiners stay: Persian and Hindi spell with them."""
_STRUCK = re.compile("(?:[^\\s\u0335\u0336][\u0335\u0336]\\s?)+")
"""Letters that a combining stroke crosses out."""
_STRUCK_BY_SIGNS = re.compile(r"~~(?=\S)[^~\n]{1,200}(?<=\S)~~ ?")
_TWICE_ENCODED = re.compile(
    "[\u00c2-\u00c5\u00ce-\u00d1\u00e2][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
"""How UTF-8 looks that somebody took for cp1252."""
_TWICE = re.compile(r"&(?:amp|quot|apos|lt|gt|nbsp|[lr][sd]quo|[mn]dash|hellip|#\d{2,6}|#[xX][0-9a-fA-F]{2,5});")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,80}>")
_COLOURED = re.compile(r"\x1b\[[\d;]{0,20}[A-Za-z]")
"""What makes a terminal write bold or in colour."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f]")


def clean(words: str) -> str:
    """The words as they are seen: composed letters, no invisible or struck-out ones, no entities escaped twice."""
    words = _STRUCK_BY_SIGNS.sub("", words) if "~~" in words else words
    words = _COLOURED.sub("", words) if "\x1b" in words else words
    if words.isascii() and "&" not in words and not _CONTROL.search(words):
        return words
    words = _unescaped(_SURROGATE.sub("\ufffd", words))
    words = fix_encoding(words) if _TWICE_ENCODED.search(words) else words
    words = _CONTROL.sub("", words.replace("\u2028", "\n").replace("\u2029", "\n").replace("\x85", "\n"))
    struck = _STRUCK.sub("", words)
    seen = _INVISIBLE.sub("", struck).replace("\u2011", "-")
    if seen != words:  # where something went, the spaces around it are one
        seen = "\n".join(re.sub(r"(?<=\S) {2,}", " ", line).strip(" ") for line in seen.split("\n"))
    return unicodedata.normalize("NFC", seen)


def whole(words: str) -> str:
    """Without halves of surrogate pairs, which no UTF-8 message can carry."""
    return _SURROGATE.sub("\ufffd", words)


def _unescaped(words: str) -> str:
    for _ in range(2):
        if not _TWICE.search(words):
            return words
        words = html.unescape(words)
    return _MARKUP.sub(" ", words) if _MARKUP.search(words) and "</" in words else words
