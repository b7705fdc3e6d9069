"""The check of NewsML-G2 against what its schema fixes: names, order, number, required attributes, kinds of text."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from visitwire_ingestion.formats.g2_tables import ATTRIBUTES, ELEMENTS, TYPES
from visitwire_ingestion.formats.xml import Element

NAMESPACE = "http://iptc.org/std/nar/2006-10-01/"
LATEST = (2, 35)
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
class _Attribute:
    kind: str | None
    required: bool
    since: tuple[int, int] = (2, 0)


@dataclass(frozen=True)
class _Particle:
    """One place in a content model: the names that may stand there, with their types, and how often."""

    names: Mapping[str, str]
    least: int
    most: int | None


@dataclass(frozen=True)
class _Type:
    attributes: Mapping[str, _Attribute]
    content: tuple[_Particle, ...]
    text: str | None
    """The kind of its text; "mixed" for text between elements; None for none."""


def problems(root: Element) -> Iterator[str]:
    """Every breach of the schema, with the line and the element, in document order.

    One breach is forgiven to everybody, because real agencies make it and it loses nothing: an optional attribute or
    an element's text that is left empty.
    """
    if not _in(root):
        yield f"<{_name(root)}> is not in the NewsML-G2 namespace ({NAMESPACE})"
        return
    version = _version(root)
    yield from _uncatalogued(root, version)
    yield from _Checker(version).element(root, ELEMENTS[_name(root)])


def _version(root: Element) -> tuple[int, int]:
    """The version of the standard that the document says it follows; the latest known where it says none."""
    for element in root.iter():
        found = re.match(r"(\d+)\.(\d+)$", element.get("standardversion") or "")
        if found:
            return int(found[1]), int(found[2])
    return LATEST


def _uncatalogued(root: Element, version: tuple[int, int]) -> Iterator[str]:
    """Up to 2.29 each item had to name its catalogs (change request 211 made that optional)."""
    items = [
        each for each in root.iter() if _in(each) and _name(each).endswith("Item") and each.get("guid") is not None
    ]
    for each in items if version < (2, 30) else ():
        if not {"catalogRef", "catalog"} & {_name(child) for child in each}:
            line, said = each.sourceline, ".".join(map(str, version))
            yield f"line {line}: <{_name(each)}> has no <catalogRef>, which {said} asks for"


def _in(element: Element) -> bool:
    return isinstance(element.tag, str) and element.tag.startswith("{" + NAMESPACE + "}")


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


class _Checker:
    """Walks one document; remembers the ids, which must differ."""

    def __init__(self, version: tuple[int, int]) -> None:
        self._version = version
        self._later = version > LATEST
        """Whether the document follows a later version than the tables, which may know more names."""
        self._ids: set[str] = set()

    def element(self, element: Element, kind: str) -> Iterator[str]:
        """What is wrong in `element` and below it."""
        rules = _type(kind)
        for problem in (*self._attributes(element, rules), *self._text(element, rules)):
            yield f"line {element.sourceline}: {problem}"
        yield from self._children(element, rules)

    def _attributes(self, element: Element, rules: _Type) -> Iterator[str]:
        tag = _name(element)
        for name, attribute in rules.attributes.items():
            if attribute.required and name not in element.attrib:
                yield f"<{tag}> has no {name}"
        for key, value in element.attrib.items():
            name, said = str(key), str(value)
            if not name.startswith("{"):
                yield from self._attribute(tag, name, said, rules.attributes.get(name))

    def _attribute(self, tag: str, name: str, said: str, known: _Attribute | None) -> Iterator[str]:
        if known is None or known.since > self._version:
            if not self._later:
                yield f"<{tag}> has an attribute {name}, which is none of it"
        elif not said and not known.required:
            return  # agencies' templates leave empty what they do not know: it counts as absent
        elif problem := _wrong(known.kind, said):
            yield f"{name} of <{tag}> is {said[:40]!r}, not {problem}"
        elif known.kind == "id":
            if said.strip() in self._ids:
                yield f"the id {said.strip()!r} is given twice"
            self._ids.add(said.strip())

    def _text(self, element: Element, rules: _Type) -> Iterator[str]:
        text = "".join([element.text or "", *(child.tail or "" for child in element)])
        if rules.text is None:
            if words := text.strip():
                yield f"<{_name(element)}> holds the text {words[:30]!r}, and may hold none"
        elif text.strip() and (problem := _wrong(rules.text, text)):
            yield f"<{_name(element)}> is {text.strip()[:40]!r}, not {problem}"

    def _children(self, element: Element, rules: _Type) -> Iterator[str]:
        place, count = 0, 0
        for child in element:
            if not isinstance(child.tag, str):
                continue
            kind, place, count = self._place(child, rules.content, place, count)
            if kind is None:
                yield f"line {child.sourceline}: {self._misplaced(child, element, rules, place, count)}"
            elif kind in ("ANY", "LAX"):
                yield from self._lax(child, kind)
            else:
                yield from self.element(child, kind)
        missing = _missing(rules.content[place:], count)
        if missing:
            yield f"line {element.sourceline}: <{_name(element)}> has no <{missing}>"

    def _place(
        self, child: Element, content: tuple[_Particle, ...], place: int, count: int
    ) -> tuple[str | None, int, int]:
        """The type of `child` where the content model stands, and where it stands then; None when it fits nowhere.

        `place` is the particle reached, of which `count` children were seen.
        """
        # "other namespaces" leaves out elements that have none
        name = _name(child) if _in(child) else "ANY" if str(child.tag).startswith("{") else ""
        start = (place, count)
        while place < len(content):
            particle = content[place]
            kind = particle.names.get(name) or ("LAX" if "LAX" in particle.names else None)
            kind = "LAX" if "OWN" in particle.names and _in(child) else kind
            if kind and (particle.most is None or count < particle.most):
                return kind, place, count + 1
            if count < particle.least:
                return None, place, count
            place, count = place + 1, 0
        return ("ANY", *start) if self._later else (None, *start)

    def _misplaced(self, child: Element, parent: Element, rules: _Type, place: int, count: int) -> str:
        name = _name(child)
        known = any(name in particle.names for particle in rules.content)
        missing = _missing(rules.content[place:], count)
        if known and missing and missing != name:
            return f"<{name}> stands where <{missing}> must come first in <{_name(parent)}>"
        if known:
            return f"<{name}> is out of its place in <{_name(parent)}>, or there once too often"
        return f"<{name}> may not stand in <{_name(parent)}>"

    def _lax(self, child: Element, kind: str) -> Iterator[str]:
        """Any element may stand here; those of the standard must be right all the same."""
        name = _name(child)
        if kind == "LAX" and _in(child) and name in ELEMENTS:
            yield from self.element(child, ELEMENTS[name])


def _missing(content: tuple[_Particle, ...], count: int) -> str | None:
    """A name that must still come."""
    for place, particle in enumerate(content):
        if particle.least > (count if place == 0 else 0):
            return "> or <".join(sorted(particle.names))
    return None


def _wrong(kind: str | None, value: str) -> str | None:
    """What `value` should have been, or None when it is that."""
    if kind is None or kind in ("string", "mixed"):
        return None
    if "/" in kind:
        return None if value.strip() in kind.split("/") else f"one of {kind.replace('/', ', ')}"
    return None if _PATTERNS[kind].fullmatch(value) else _KINDS[kind][1]


@cache
def _type(name: str) -> _Type:
    attributes, _, content = TYPES[name].partition("|")
    text = re.search(r"#(\w+)", content)
    return _Type(_group(attributes), tuple(_particles(re.sub(r"#\w+", "", content))), text[1] if text else None)


def _group(words: str) -> dict[str, _Attribute]:
    made: dict[str, _Attribute] = {}
    for word in words.split():
        if word.startswith("+"):
            made |= _group(ATTRIBUTES[word[1:]])
        else:
            said, _, kind = word.partition(":")
            name, _, since = said.rstrip("!").partition("@")
            first = tuple(map(int, since.split("."))) if since else (2, 0)
            made[name] = _Attribute(kind or None, said.endswith("!"), (first[0], first[1]))
    return made


def _particles(content: str) -> list[_Particle]:
    made = []
    for names, times in _tokens(content):
        least, most = {"": (1, 1), "?": (0, 1), "*": (0, None), "+": (1, None)}[times]
        made.append(_Particle(dict(_named(name) for name in names), least, most))
    return made


def _tokens(content: str) -> list[tuple[list[str], str]]:
    found = re.findall(r"(?:\(([^)]*)\)|([\w:]+))([?*+]?)", content)
    return [((group or single).split("|"), times) for group, single, times in found]


def _named(word: str) -> tuple[str, str]:
    name, _, kind = word.strip().partition(":")
    return name, kind or (name if name in ("ANY", "LAX", "OWN") else ELEMENTS[name])
