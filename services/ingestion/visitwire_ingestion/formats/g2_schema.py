"""The check of NewsML-G2 against what its schema fixes: names, order, number, required attributes, kinds of text."""

import re
from collections.abc import Iterator

from visitwire_ingestion.formats.elements import Element
from visitwire_ingestion.formats.g2_notation import ELEMENTS, Attribute, Particle, Type, type_of, wrong

NAMESPACE = "http://iptc.org/std/nar/2006-10-01/"
LATEST = (2, 35)


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
        rules = type_of(kind)
        for problem in (*self._attributes(element, rules), *self._text(element, rules)):
            yield f"line {element.sourceline}: {problem}"
        yield from self._children(element, rules)

    def _attributes(self, element: Element, rules: Type) -> Iterator[str]:
        tag = _name(element)
        for name, attribute in rules.attributes.items():
            if attribute.required and name not in element.attrib:
                yield f"<{tag}> has no {name}"
        for key, value in element.attrib.items():
            name, said = str(key), str(value)
            if not name.startswith("{"):
                yield from self._attribute(tag, name, said, rules.attributes.get(name))

    def _attribute(self, tag: str, name: str, said: str, known: Attribute | None) -> Iterator[str]:
        if known is None or known.since > self._version:
            if not self._later:
                yield f"<{tag}> has an attribute {name}, which is none of it"
        elif not said and not known.required:
            return  # agencies' templates leave empty what they do not know: it counts as absent
        elif problem := wrong(known.kind, said):
            yield f"{name} of <{tag}> is {said[:40]!r}, not {problem}"
        elif known.kind == "id":
            if said.strip() in self._ids:
                yield f"the id {said.strip()!r} is given twice"
            self._ids.add(said.strip())

    def _text(self, element: Element, rules: Type) -> Iterator[str]:
        text = "".join([element.text or "", *(child.tail or "" for child in element)])
        if rules.text is None:
            if words := text.strip():
                yield f"<{_name(element)}> holds the text {words[:30]!r}, and may hold none"
        elif text.strip() and (problem := wrong(rules.text, text)):
            yield f"<{_name(element)}> is {text.strip()[:40]!r}, not {problem}"

    def _children(self, element: Element, rules: Type) -> Iterator[str]:
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
        self, child: Element, content: tuple[Particle, ...], place: int, count: int
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

    def _misplaced(self, child: Element, parent: Element, rules: Type, place: int, count: int) -> str:
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


def _missing(content: tuple[Particle, ...], count: int) -> str | None:
    """A name that must still come."""
    for place, particle in enumerate(content):
        if particle.least > (count if place == 0 else 0):
            return "> or <".join(sorted(particle.names))
    return None
