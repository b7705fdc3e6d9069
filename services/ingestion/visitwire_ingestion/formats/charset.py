"""Bytes to text, whatever the label says: real files lie about their charset in both directions."""

import codecs
import re
from collections import Counter
from itertools import pairwise

from charset_normalizer import from_bytes
from visitwire_runtime import InvalidMessage

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LATIN = {"ascii", "iso8859-1", "latin-1", "cp1252"}
_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
"""What UTF-8 calls well formed (Unicode, table 3-7): no overlong form, no half of a surrogate pair."""
_AMID = re.compile(r"(?<=[^\W\d_])[³¹²£¥¿¡¯¶±¼½¾¦ºª¢¬¤„”‚ƒˆ‡…\x81\x90](?=[^\W\d_])")
"""Signs that stand inside words where letters of another charset were meant."""
_HEBREW = re.compile(rb"[\xe0-\xfa]+")
"""The letters of Hebrew, in Windows' charset and in ISO's. Russian has ы, ь and я beyond them, and capitals."""
_ODD = 3
"""Odd signs and capitals that a text in the right charset may have, as "iPhone" and "МакДональдс" are."""
_LEGIBLE = 20
"""Letters of damaged UTF-8 from which it is worth reading."""
_SWITCH = re.compile(rb"\x1b\$(?:[@AB]|\(D|\)C)")
_CYRILLIC = ("koi8-r", "cp1251", "iso8859-5", "cp866")
_FRAME = re.compile("[\u2500-\u259f]")
"""Lines of boxes, where letters of another charset were meant."""
_ESCAPED = ("iso2022", "hz", "utf-16", "utf-32")
_GUESSES = [
    "cp1251",
    "cp1250",
    "cp1253",
    "cp1256",
    "cp1255",
    "koi8-r",
    "gb18030",
    "big5",
    "shift_jis",
    "euc_jp",
    "euc_kr",
]


def decode(raw: bytes, declared: str | None = None) -> str:
    """The text of `raw`. What the bytes show goes before what the label says.

    Raises `InvalidMessage` when they are no text in any charset known here.
    """
    for mark, codec in _BOMS:
        if raw.startswith(mark):
            return _strict(raw, codec) or raw.decode(codec, "replace")
    label = _known(declared)
    if label and label.startswith(_ESCAPED) and (not label.startswith("utf") or b"\x00" in raw[:200]):
        text = _strict(raw, label)
        if text is not None:
            return text
    if raw.isascii():
        return (_switched(raw) if b"\x1b" in raw else None) or raw.decode("ascii")
    return _strict(raw, "utf-8") or _mixed(raw) or _labelled(raw, label) or _guessed(raw)


def _switched(raw: bytes) -> str | None:
    """ISO 2022, which spells Japanese and Korean in seven bits between escapes, and so needs no label."""
    if _SWITCH.search(raw) is None:
        return None
    return _strict(raw, "iso2022_kr" if b"\x1b$)C" in raw else "iso2022_jp_2")


def _known(label: str | None) -> str | None:
    try:
        return codecs.lookup(label.strip().strip("\"'")).name if label else None
    except (LookupError, ValueError):
        return None


def _strict(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except (UnicodeError, LookupError):
        return None


def _mixed(raw: bytes) -> str | None:
    """UTF-8 into which a few bytes of cp1252 have strayed: a pasted quotation mark, a cut at the end."""
    good = len(_SEQUENCE.findall(raw))
    stray = len(re.findall(rb"[\x80-\xff]", _SEQUENCE.sub(b"", raw)))
    if good <= stray:
        return None
    pieces = re.split(rb"((?:" + _SEQUENCE.pattern + rb")+)", raw)
    return "".join(piece.decode("utf-8") if place % 2 else western(piece) for place, piece in enumerate(pieces))


def western(raw: bytes) -> str:
    """cp1252, with the five bytes it leaves undefined read as iso-8859-1 does."""
    return _strict(raw, "cp1252") or "".join(_strict(bytes([each]), "cp1252") or chr(each) for each in raw)


def _latin(raw: bytes) -> str:
    """A charset of languages in Latin letters: cp1252, unless it makes of the bytes what no language writes."""
    text = western(raw)
    said = Counter(each for each in text.casefold() if each > "\x7f")
    if len(_AMID.findall(text)) > 1:
        found = [made for codec in ("cp1250", "iso8859-2", "cp850") if (made := _strict(raw, codec))]
        return min(found, key=_wrong, default=text)
    turkish = said["ý"] + said["þ"] + said["ð"] > 2 and not any(said[each] for each in "áíóúæ")
    czech = (
        said["š"] + said["ž"] + said["ý"] > 1 and sum(said[each] for each in "èøìùò") > 1 and not said["å"] + said["æ"]
    )
    hungarian = said["õ"] + said["û"] > 1 and said["ö"] + said["ü"] > 1 and not any(said[each] for each in "ãçäà")
    codec = "cp1254" if turkish else "cp1250" if czech or hungarian else None
    return (_strict(raw, codec) if codec else None) or text


def _wrong(text: str) -> int:
    """How often the text has what no word has: signs, controls or capitals inside."""
    capitals = sum(one.islower() and other.isupper() for one, other in pairwise(text))
    return len(_AMID.findall(text)) + capitals + sum("\x80" <= each < "\xa0" for each in text)


def _labelled(raw: bytes, label: str | None) -> str | None:
    """By the label, unless it is UTF-8, which the bytes already are not. Who says iso-8859-1 means cp1252."""
    if label in _LATIN:
        return _latin(raw)
    text = _strict(raw, label) if label and label != "utf-8" else None
    return _cyrillic(raw, text) if text is not None and label in _CYRILLIC else text


def _cyrillic(raw: bytes, text: str) -> str:
    """The text, or that in another charset of Russian where the label makes capitals of small letters, and boxes."""
    if (odd := _odd(text)) <= _ODD:
        return text
    found = [made for codec in _CYRILLIC if (made := _strict(raw, codec)) is not None]
    best = min(found, key=_odd)
    return best if _odd(best) * 3 < odd else text


def _odd(text: str) -> int:
    """How much the words beyond ASCII, the tags around them left out, look as no Russian does."""
    return _wrong(re.sub(r"[\x00-\x7f]+", " ", text)) + len(_FRAME.findall(text))


def _is_latin(raw: bytes) -> bool:
    """Whether the words have accents here and there, and are not written in another script altogether."""
    accented = [each for each in re.findall(rb"[A-Za-z\x80-\xff]{2,}", raw) if not each.isascii()]
    other = [each for each in accented if min(each) > 0x7F]
    return len(other) < len(accented) / 4


def _guessed(raw: bytes) -> str:
    """Western where most letters are ASCII, as in any western language; else what charset-normalizer makes of it."""
    high = sum(1 for byte in raw if byte > 0x7F)
    letters = sum(1 for byte in raw if byte > 0x7F or chr(byte).isalpha()) or 1
    if high / letters < 0.2 or (high / letters < 0.4 and _is_latin(raw)):
        return _latin(raw)
    if _HEBREW.fullmatch(said := bytes(byte for byte in raw if byte > 0x7F)) and len(said) > _ODD * 3:
        return raw.decode("cp1255", "replace")
    best = from_bytes(raw[:200_000], cp_isolation=_GUESSES).best()
    text = _strict(raw, best.encoding) if best else None
    if text is None:  # damaged on the way: what a person could still read
        damaged = raw.decode("utf-8", "replace")
        text = damaged if sum(map(str.isalpha, damaged)) >= _LEGIBLE else None
    if text is None:
        raise InvalidMessage("The bytes are no text in any charset known here: send UTF-8, or say which charset it is.")
    return text
