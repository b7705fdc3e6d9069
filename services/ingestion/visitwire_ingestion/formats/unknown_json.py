"""JSON of an agency's own that nobody described: read by what its keys are called, with a warning."""

from collections.abc import Mapping

from visitwire_schemas import Story, WireItem

from visitwire_ingestion.formats.body import from_html, lines, marked_up
from visitwire_ingestion.formats.complete import finish
from visitwire_ingestion.formats.dates import when
from visitwire_ingestion.formats.draft import Draft, number

type Json = Mapping[str, object]
_NAMES: Mapping[str, str] = {
    "text": "bodytext body bodyhtml content contenthtml contenttext fulltext articlebody article story",
    "headline": "headline title head",
    "uri": "guid id storyid articleid newsid uuid permalink url link",
    "versioncreated": "modifiedgmt dategmt modified updated publishedat datepublished published pubdate date created",
    "byline": "byline author",
    "language": "language lang",
    "slugline": "slugline slug",
    "ednote": "ednote editorsnote",
    "abstract": "abstract summary excerpt description lead teaser",
    "version": "version revision",
}
_INNER = ("rendered", "html", "text", "value", "content", "name", "#text", "$")
"""What holds the words where a key holds an object."""
_SHORTEST = 3
"""Words below which a body is none."""
WARNING = "The JSON is of no format that is known: it was read by the names of its keys."


def read(item: WireItem, value: Json) -> Story | None:
    """The story of an object that has a headline and a body; None for any other."""
    named = {str(key).lower().replace("-", "").replace("_", ""): each for key, each in value.items()}
    found = {field: said for field, keys in _NAMES.items() if (said := _first(named, keys))}
    if "headline" not in found or len(found.get("text", "").split()) < _SHORTEST:
        return None
    made = Draft(type="text", preformatted=False, warnings=[WARNING])
    for field in ("uri", "byline", "language", "slugline", "ednote"):
        setattr(made, field, found.get(field))
    made.headline, made.abstract = _plain(found["headline"]), _plain(found.get("abstract", "")) or None
    words = found["text"]
    made.text, made.html = from_html(words) if marked_up(words) else (lines(words), None)
    made.version = number(found.get("version"))
    made.firstcreated = made.versioncreated = when(found.get("versioncreated"))
    return finish(made, received=item.received).story(item)


def _first(named: Json, keys: str) -> str:
    return next((said for key in keys.split() if (said := _words(named.get(key)))), "")


def _words(value: object) -> str:
    if isinstance(value, Mapping):
        return next((said for key in _INNER if isinstance(said := value.get(key), str) and said.strip()), "")
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _plain(words: str) -> str:
    return from_html(words)[0] if "<" in words or "&" in words else words
