"""An agency's own XML: any element structure, described by the dialect's table of fields alone."""

from visitwire_ingestion.formats.dialect import Dialect, known
from visitwire_ingestion.formats.dialect_fields import apply
from visitwire_ingestion.formats.draft import Draft
from visitwire_ingestion.formats.elements import Element, name


def dialect_of(root: Element, text: str) -> Dialect | None:
    """The dialect whose item this element is, or which holds such items one or two levels below (a list of them).

    One that says what else must `match` wants that in the first characters, for names that anybody may use.
    """
    names = {name(root), *(name(child) for child in root), *(name(each) for child in root for each in child)}
    return next((each for each in known() if each.format == "xml" and each.root in names and _fits(each, text)), None)


def _fits(dialect: Dialect, text: str) -> bool:
    return not dialect.match or any(pattern.search(text) for pattern in dialect.match)


def read(root: Element, dialect: Dialect) -> list[Draft]:
    """One draft for each of the dialect's elements."""
    found = [root] if name(root) == dialect.root else [each for each in root.iter() if name(each) == dialect.root]
    return [_draft(each, dialect) for each in found]


def _draft(element: Element, dialect: Dialect) -> Draft:
    made = Draft(type="text", preformatted=False)
    apply(dialect, element, made)
    made.firstcreated = made.firstcreated or made.versioncreated
    return made
