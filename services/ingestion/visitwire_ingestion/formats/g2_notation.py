"""The notation of `g2_types`, taken apart: types, attributes, places in a content model, kinds of text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from visitwire_ingestion.formats.g2_types import ATTRIBUTES, TYPES

_SAME = {
    "AuthorProp": "creator contributor metadataCreator",
    "Audience": "audience exclAudience",
    "Block": "edNote",
    "DateOpt": "expires",
    "DateOrNull": "embargoed",
    "DateTime": "versionCreated firstCreated",
    "Ext": "rightsInfoExtProperty itemMetaExtProperty contentMetaExtProperty conceptExtProperty",
    "Flex": "digitalSourceType dataMining",
    "Flex1": "memberOf instanceOf",
    "Int1to9": "urgency",
    "Iri": "sameAsScheme",
    "Label": "title",
    "Link": "link deliverableOf remoteInfo",
    "Location": "located",
    "PartyProp": "provider copyrightHolder",
    "PartyRole": "infoSource",
    "Person": "accountable",
    "Qual": "pubStatus role service type",
    "QualRel": "itemClass",
    "RankedLabel": "dateline by",
    "RelatedConcept": "broader narrower mainConcept facetConcept",
    "RightsBlock": "copyrightNotice usageTerms",
    "Text": "rb rp rt",
    "Truncated": "contentCreated contentModified created",
    "ValidBlock": "definition note",
}
ELEMENTS = {name: kind for kind, names in _SAME.items() for name in names.split()} | {
    name: name for name in TYPES if name[0].islower() or name == "POIDetails"
}
"""The type of each element that has the same one everywhere."""
_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
_DATE = r"-?\d{4,}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_DATETIME = _DATE + r"T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?" + _ZONE
_SHORT = rf"{_DATETIME}|{_DATE}{_ZONE}|-?\d{{4,}}-(?:0[1-9]|1[0-2]){_ZONE}|-?\d{{4,}}{_ZONE}"
_KINDS: Mapping[str, tuple[str, str]] = {
    "id": (r"\s*[^\W\d][\w.-]*\s*", "a name without spaces or colons"),
    "ncname": (r"\s*[^\W\d][\w.-]*\s*", "a name without spaces or colons"),
    "qcode": (r"[^\s:]+:\S+", "a QCode (scheme:code)"),
    "qcodes": (r"\s*(?:[^\s:]+:\S+\s*)*", "a list of QCodes"),
    "version": (r"[0-9]+\.[0-9]+", "a version such as 2.35"),
    "positive": (r"\s*\+?0*[1-9]\d*\s*", "a number from 1"),
    "count": (r"\s*(?:\+?\d+|-0+)\s*", "a number from 0"),
    "integer": (r"\s*[+-]?\d+\s*", "a whole number"),
    "decimal": (r"\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*", "a number"),
    "int9": (r"\s*\+?0*[1-9]\s*", "a number from 1 to 9"),
    "int100": (r"\s*\+?0*(?:\d{1,2}|100)\s*", "a number from 0 to 100"),
    "bool": (r"\s*(?:true|false|0|1)\s*", "true or false"),
    "line": (r"[\S ]*", "text without tabs or line breaks"),
    "language": (r"\s*[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*\s*", "a language tag such as en-GB"),
    "datetime": (rf"\s*{_DATETIME}\s*", "a date and time such as 2025-03-27T10:00:00Z"),
    "dateopt": (rf"\s*(?:{_DATETIME}|{_DATE}{_ZONE})\s*", "a date, with or without a time"),
    "dateornull": (rf"(?:\s*{_DATETIME}\s*)?", "a date and time, or nothing"),
    "truncated": (rf"\s*(?:{_SHORT})\s*", "a year, month, day or time"),
    "anydate": (rf"\s*(?:{_SHORT}|--\d\d(?:-\d\d)?{_ZONE}|---\d\d{_ZONE})\s*", "a year, month, day or time"),
    "duration": (
        r"\s*-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?\s*",
        "a duration such as P1DT2H",
    ),
}
_PATTERNS = {name: re.compile(pattern) for name, (pattern, _) in _KINDS.items()}


@dataclass(frozen=True)
class Attribute:
    kind: str | None
    required: bool
    since: tuple[int, int] = (2, 0)


@dataclass(frozen=True)
class Particle:
    """One place in a content model: the names that may stand there, with their types, and how often."""

    names: Mapping[str, str]
    least: int
    most: int | None


@dataclass(frozen=True)
class Type:
    attributes: Mapping[str, Attribute]
    content: tuple[Particle, ...]
    text: str | None
    """The kind of its text; "mixed" for text between elements; None for none."""


def wrong(kind: str | None, value: str) -> str | None:
    """What `value` should have been, or None when it is that."""
    if kind is None or kind in ("string", "mixed"):
        return None
    if "/" in kind:
        return None if value.strip() in kind.split("/") else f"one of {kind.replace('/', ', ')}"
    return None if _PATTERNS[kind].fullmatch(value) else _KINDS[kind][1]


@cache
def type_of(name: str) -> Type:
    attributes, _, content = TYPES[name].partition("|")
    text = re.search(r"#(\w+)", content)
    return Type(_group(attributes), tuple(_particles(re.sub(r"#\w+", "", content))), text[1] if text else None)


def _group(words: str) -> dict[str, Attribute]:
    made: dict[str, Attribute] = {}
    for word in words.split():
        if word.startswith("+"):
            made |= _group(ATTRIBUTES[word[1:]])
        else:
            said, _, kind = word.partition(":")
            name, _, since = said.rstrip("!").partition("@")
            first = tuple(map(int, since.split("."))) if since else (2, 0)
            made[name] = Attribute(kind or None, said.endswith("!"), (first[0], first[1]))
    return made


def _particles(content: str) -> list[Particle]:
    made = []
    for names, times in _tokens(content):
        least, most = {"": (1, 1), "?": (0, 1), "*": (0, None), "+": (1, None)}[times]
        made.append(Particle(dict(_named(name) for name in names), least, most))
    return made


def _tokens(content: str) -> list[tuple[list[str], str]]:
    found = re.findall(r"(?:\(([^)]*)\)|([\w:]+))([?*+]?)", content)
    return [((group or single).split("|"), times) for group, single, times in found]


def _named(word: str) -> tuple[str, str]:
    name, _, kind = word.strip().partition(":")
    return name, kind or (name if name in ("ANY", "LAX", "OWN") else ELEMENTS[name])
