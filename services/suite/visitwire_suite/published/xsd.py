"""XSDs, by libxml2: which of several fits a document, and what it says of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree
from visitwire_ingestion.formats.elements import Element

from visitwire_suite.published.unusable import Unusable

_XS = "{http://www.w3.org/2001/XMLSchema}"
_SPACE = re.compile(r"\{[^{}\s]*\}")
"""A namespace in front of a name, which the reader of a breach knows."""
_WHERE = re.compile(r"^Element '[^']*'(?:, attribute '[^']*')?: ")
_VERSION = re.compile(r"(?<![\d.])(\d+)\.(\d+)")
_AGAIN = " is not a valid value of "
"""libxml2 says a value's breach twice: which facet it breaks, and then that it is none of its type."""
_XML = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/XML/1998/namespace">
<xs:attribute name="lang"><xs:simpleType><xs:union memberTypes="xs:language"><xs:simpleType>
<xs:restriction base="xs:string"><xs:length value="0"/></xs:restriction></xs:simpleType></xs:union></xs:simpleType>
</xs:attribute>
<xs:attribute name="space"><xs:simpleType><xs:restriction base="xs:NCName"><xs:enumeration value="default"/>
<xs:enumeration value="preserve"/></xs:restriction></xs:simpleType></xs:attribute>
<xs:attribute name="base" type="xs:anyURI"/><xs:attribute name="id" type="xs:ID"/>
<xs:attributeGroup name="specialAttrs" xmlns:xml="http://www.w3.org/XML/1998/namespace"><xs:attribute ref="xml:base"/>
<xs:attribute ref="xml:lang"/><xs:attribute ref="xml:space"/><xs:attribute ref="xml:id"/></xs:attributeGroup>
</xs:schema>"""
"""The attributes xml:…, whose schema others import from the W3C: it is not in everybody's folder."""


class _Beside(etree.Resolver):
    """What a schema imports or includes is the file of that name in the folder: nothing is fetched."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = {each.name: each for each in files}

    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:  # type: ignore[override] # of the stubs
        name = _name(system_url or "")
        if name in self._files:
            return self.resolve_filename(str(self._files[name]), context)  # type: ignore[attr-defined] # of the stubs
        return self.resolve_string(_XML, context, base_url=system_url) if name == "xml.xsd" else None


@dataclass
class _Xsd:
    path: Path
    document: "etree._ElementTree"

    @cached_property
    def included(self) -> frozenset[str]:
        """The names of the files that it is made of together with this one."""
        found = self.document.getroot().findall(f"{_XS}include")
        return frozenset(_name(each.get("schemaLocation") or "") for each in found)

    @cached_property
    def own(self) -> frozenset[str]:
        """The elements that this file declares for a document to begin with, as lxml names them."""
        root = self.document.getroot()
        space = root.get("targetNamespace")
        named = (each.get("name") for each in root.findall(f"{_XS}element"))
        return frozenset(f"{{{space}}}{name}" if space else str(name) for name in named)

    @cached_property
    def version(self) -> tuple[int, ...]:
        """Of the standard: as its file is called, else as it says itself."""
        found = _VERSION.search(self.path.name) or _VERSION.search(self.document.getroot().get("version") or "")
        return tuple(map(int, found.groups())) if found else ()

    @cached_property
    def schema(self) -> "etree.XMLSchema":
        try:
            return etree.XMLSchema(self.document)
        except etree.XMLSchemaParseError as error:
            raise Unusable(f"{self.path.name} is not a schema that can be used: {_plain(str(error))}") from None


class Xsds:
    """The XSDs of a folder. Raises `Unusable` where one of them is not valid XML."""

    def __init__(self, files: Sequence[Path]) -> None:
        parser = etree.XMLParser(no_network=True, load_dtd=False)
        parser.resolvers.add(_Beside(files))
        self._all = [_Xsd(each, _document(each, parser)) for each in files]

    def __bool__(self) -> bool:
        return bool(self._all)

    def breaches(self, root: Element) -> list[str] | None:
        """Every breach, with the schema's name; None where no XSD knows the root.

        Items that the root's XSD takes as they come, since another file declares them, are looked at by that one.
        """
        xsd = self._fitting(root)
        if xsd is None:
            return None
        found = [f"{xsd.path.name}: {each}" for each in _said(xsd.schema, root)]
        known = self._roots(xsd)
        for each in root.iterdescendants("{*}*"):
            if each.tag not in known and (own := self._fitting(each)) is not None:
                found += [f"{own.path.name}: {said}" for said in _said(own.schema, each)]
        return found

    def _roots(self, xsd: _Xsd) -> frozenset[str]:
        """The elements that an XSD declares, with those of the files that it includes."""
        parts = (each for each in self._all if each is not xsd and each.path.name in xsd.included)
        return xsd.own.union(*(self._roots(each) for each in parts))

    def _fitting(self, root: Element) -> _Xsd | None:
        """Of the version that the document says it follows; else of the next one, else of the latest. Of two such the
        one that is called after the document's conformance ("core", "power")."""
        known = [each for each in self._all if root.tag in each.own]
        if not known:
            return None
        said = next((found for each in root.iter("{*}*") if (found := each.get("standardversion"))), "")
        wanted = tuple(map(int, named.groups())) if (named := _VERSION.search(said)) else ()
        later = sorted(each.version for each in known if wanted and each.version >= wanted)
        version = later[0] if later else max(each.version for each in known)
        level = (root.get("conformance") or "power").lower()
        same = [each for each in known if each.version == version]
        return next((each for each in same if level in each.path.name.lower()), same[0])


def _document(path: Path, parser: "etree.XMLParser") -> "etree._ElementTree":
    try:
        return etree.parse(str(path), parser)
    except (etree.XMLSyntaxError, OSError) as error:
        raise Unusable(f"{path.name} cannot be read: {_plain(str(error))}") from None


def _name(location: str) -> str:
    """The file's name in an address."""
    return PurePosixPath(unquote(urlsplit(location).path)).name


def _said(schema: "etree.XMLSchema", root: Element) -> Iterator[str]:
    tree = etree.ElementTree(root)
    schema.validate(tree)
    before: tuple[object, ...] = ()
    for entry in schema.error_log:  # type: ignore[attr-defined] # of the stubs
        place = (entry.line, entry.path, _WHERE.match(entry.message or ""))
        what = place[:2] + ((place[2][0],) if place[2] else ())
        if not (what == before and _AGAIN in str(entry.message)):
            yield f"line {entry.line}: {_path(tree, entry.path)}: {_plain(str(entry.message))}"
        before = what


def _path(tree: "etree._ElementTree", path: str | None) -> str:
    """`newsItem/contentMeta/headline[2]`, of what libxml2 writes with stars for names."""
    found = tree.xpath(path) if path else []
    if not isinstance(found, list) or not found or not isinstance(found[0], etree._Element):
        return path or "the document"
    below = tree.getelementpath(found[0])
    root = _SPACE.sub("", str(tree.getroot().tag))
    return root if below == "." else f"{root}/{_SPACE.sub('', below)}"


def _plain(message: str) -> str:
    """libxml2's words without the element, which the path names, and without namespaces."""
    said = _SPACE.sub("", _WHERE.sub("", message)).strip().rstrip(".")
    return said[:1].lower() + said[1:]
