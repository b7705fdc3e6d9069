"""Comma-separated values: a story a row, by the names of the columns."""

import csv
from collections.abc import Mapping

from visitwire_runtime import InvalidMessage

from visitwire_ingestion.formats.body import from_html, marked_up
from visitwire_ingestion.formats.dates import when
from visitwire_ingestion.formats.draft import Draft

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "text": (
        "text",
        "body",
        "content",
        "story",
        "article",
        "description",
        "inhalt",
        "meldung",
        "texte",
        "contenu",
        "texto",
    ),
    "headline": ("headline", "title", "subject", "titel", "überschrift", "titre", "título", "titulo"),
    "uri": ("id", "uri", "guid", "url", "link"),
    "versioncreated": (
        "date",
        "published",
        "pubdate",
        "versioncreated",
        "time",
        "datetime",
        "created",
        "datum",
        "fecha",
    ),
    "byline": ("byline", "author", "autor", "auteur"),
    "language": ("language", "lang", "sprache", "langue"),
    "source": ("source", "provider", "agency"),
    "slugline": ("slugline", "slug"),
}
_ROWS = 50
"""Rows by which a table is known."""
_KNOWN = frozenset(name for names in _COLUMNS.values() for name in names)


def separator(text: str) -> str | None:
    """What parts the columns, where the first line names at least two that a story has; None for other text."""
    head, _, rest = text.strip().partition("\n")
    for sign in (",", ";", "\t", "|"):
        names = [each.strip().strip('"').lower() for each in head.split(sign)]
        if len(names) > 1 and len(_KNOWN.intersection(names)) > 1 and sign in rest:
            return sign
    return None


def nameless(text: str) -> bool:
    """Whether the text is rows of cells whose columns have no names that a story has: no prose has as many commas in
    each line, and no space behind any."""
    lines = [line for line in text.strip().split("\n")[:_ROWS] if line.strip()]
    for sign in (",", ";"):
        if len(lines) > 1 and all(line.count(sign) > 1 for line in lines) and f"{sign} " not in "".join(lines):
            cells = {len(row) for row in csv.reader(lines, delimiter=sign, strict=False)}
            return len(cells) == 1
    return False


def read(text: str, sign: str) -> list[Draft]:
    """One draft a row that has words.

    Raises `InvalidMessage` where no column holds words, or the rows are no table.
    """
    try:
        rows = list(csv.DictReader(text.strip().splitlines(keepends=True), delimiter=sign, strict=False))
    except csv.Error as error:
        raise InvalidMessage(f"The table (CSV) is broken: {error}. Send it again, with its quotes closed.") from error
    made = [each for row in rows if (each := _draft(row)).text or each.headline]
    if not made:
        raise InvalidMessage("The table (CSV) has no rows with a headline or a text: name its columns so.")
    return made


def _draft(row: Mapping[str | None, object]) -> Draft:
    named = {str(key).strip().lower(): value.strip() for key, value in row.items() if isinstance(value, str)}
    found = {
        field: said
        for field, names in _COLUMNS.items()
        if (said := next((named[n] for n in names if named.get(n)), ""))
    }
    made = Draft(type="text", preformatted=False)
    for field in ("headline", "uri", "byline", "language", "source", "slugline"):
        setattr(made, field, found.get(field))
    words = found.get("text", "")
    made.text = from_html(words)[0] if marked_up(words) else words
    made.firstcreated = made.versioncreated = when(found.get("versioncreated"))
    return made
