"""JSON of an agency's own that nobody described: read by what its keys are called, with a warning."""

from collections.abc import Mapping

from visitwire_ingestion.formats.body import from_html, lines, marked_up
from visitwire_ingestion.formats.dates import when
from visitwire_ingestion.formats.draft import Draft, number

type Json = Mapping[str, object]
_NAMES: Mapping[str, str] = {
    "text": "bodytext body bodyhtml content contenthtml contenttext fulltext articlebody article story text"
    " inhalt artikeltext meldung cuerpo contenido texto corps contenu texte corpo testo conteudo conteúdo brødtekst"
    " brödtext tekst",
    "headline": "headline title head titel überschrift titulo título titular titre titolo overskrift rubrik tittel"
    " otsikko tytuł",
    "uri": "guid id storyid articleid newsid uuid permalink url link",
    "versioncreated": "modifiedgmt dategmt modified updated publishedat datepublished published pubdate date created"
    " datum fecha data dato",
    "byline": "byline author autor auteur autore",
    "language": "language lang sprache idioma langue lingua",
    "slugline": "slugline slug",
    "ednote": "ednote editorsnote",
    "abstract": "abstract summary excerpt description lead teaser vorspann resumen chapo",
    "version": "version revision",
}
_INNER = ("rendered", "html", "text", "value", "content", "name", "#text", "$", "$t")
"""What holds the words where a key holds an object."""
_SHOWN = frozenset({"image", "picture", "photo", "video", "audio", "embed", "gallery", "advert", "ad"})
_SHORTEST = 3
"""Words below which a body is none."""
WARNING = "The JSON is of no format that is known: it was read by the names of its keys."


def read(value: Json) -> Draft | None:
    """The draft of an object that has a headline and a body; None for any other."""
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
    return made


def _first(named: Json, keys: str) -> str:
    return next((said for key in keys.split() if (said := _words(named.get(key)))), "")


def _words(value: object) -> str:
    if isinstance(value, list):
        return _blocks(value)
    if isinstance(value, Mapping):
        inner = (value.get(key) for key in _INNER)
        return next((said for said in inner if isinstance(said, str) and said.strip()), "")
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _blocks(values: list[object]) -> str:
    """The blocks of an editor, a paragraph each; those that show a picture have no words of the story."""
    shown = [each for each in values if isinstance(each, Mapping) and str(each.get("type")).lower() in _SHOWN]
    found = [said for each in values if each not in shown and not isinstance(each, list) and (said := _words(each))]
    marked = any(map(marked_up, found))
    return "\n".join(f"<p>{said}</p>" if marked else said for said in found)


def _plain(words: str) -> str:
    return from_html(words)[0] if "<" in words or "&" in words else words
