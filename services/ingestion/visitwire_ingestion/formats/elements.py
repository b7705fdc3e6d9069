"""Elements of XML, asked by their local names: namespaces and prefixes are not told apart."""

from collections.abc import Iterator

from lxml import etree

type Element = etree._Element

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NAMESPACES = {
    "g2": "http://iptc.org/std/nar/2006-10-01/",
    "xhtml": "http://www.w3.org/1999/xhtml",
    "rtr": "http://www.reuters.com/ns/2003/08/content",
    "xml": "http://www.w3.org/XML/1998/namespace",
    "re": "http://exslt.org/regular-expressions",
}


def name(element: Element) -> str:
    """The local name, without its namespace or an undeclared prefix; "" for what is not an element."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def every(element: Element | None, path: str) -> Iterator[Element]:
    """The descendants at `path` ("itemMeta/pubStatus", "*" for any name), whatever their namespace."""
    if element is None:
        return
    first, _, rest = path.partition("/")
    for child in element:
        if name(child) == first or (first == "*" and name(child)):
            if rest:
                yield from every(child, rest)
            else:
                yield child


def first(element: Element | None, path: str) -> Element | None:
    return next(every(element, path), None)


def words(element: Element | None) -> str | None:
    """All text inside, white space collapsed; None when there is none."""
    if element is None:
        return None
    return " ".join("".join(_flow(element)).split()) or None


def _flow(element: Element) -> Iterator[str]:
    """The text, with a space where a line ends."""
    yield element.text or ""
    for child in element:
        between = " " if name(child).lower() in ("br", "p", "div") else ""
        if isinstance(child.tag, str):
            yield between
            yield from _flow(child)
        yield between + (child.tail or "")


def text_at(element: Element | None, path: str) -> str | None:
    """The words of the first element at `path` that has any."""
    return next((found for each in every(element, path) if (found := words(each))), None)


def attribute(element: Element | None, key: str) -> str | None:
    """The attribute, trimmed; None when missing or empty."""
    value = element.get(key) if element is not None else None
    return (value.strip() or None) if value else None


def attribute_at(element: Element | None, path: str, key: str) -> str | None:
    """The attribute of the first element at `path` that has it."""
    return next((found for each in every(element, path) if (found := attribute(each, key))), None)


def without(element: Element, paths: tuple[str, ...]) -> None:
    """Takes what is at `paths` out of `element`; the words behind it stay."""
    for path in paths:
        found = etree.XPath(path, namespaces=NAMESPACES)(element)
        for each in found if isinstance(found, list) else ():
            if isinstance(each, etree._Element) and (parent := each.getparent()) is not None:
                before = each.getprevious()
                if before is not None:
                    before.tail = (before.tail or "") + (each.tail or "")
                else:
                    parent.text = (parent.text or "") + (each.tail or "")
                parent.remove(each)
