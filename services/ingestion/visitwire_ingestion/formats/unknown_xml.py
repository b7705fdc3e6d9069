"""XML of an agency's own that nobody described: read by what its elements are called, with a warning."""

from collections.abc import Mapping

from visitwire_ingestion.formats.body import escaped, from_html, plain
from visitwire_ingestion.formats.dates import when
from visitwire_ingestion.formats.draft import Draft, number
from visitwire_ingestion.formats.elements import Element, attribute, name, words

_NAMES: Mapping[str, frozenset[str]] = {
    "headline": frozenset(
        {
            "headline",
            "hedline",
            "hl1",
            "title",
            "headlines",
            "newstitle",
            "titel",
            "überschrift",
            "schlagzeile",
            "overskrift",
        }
        | {
            "rubrik",
            "titre",
            "titolo",
            "título",
            "titulo",
            "tytuł",
            "tytul",
            "kop",
            "otsikko",
            "başlık",
            "baslik",
            "заголовок",
        }
    ),
    "text": frozenset(
        {
            "body",
            "bodytext",
            "content",
            "text",
            "story",
            "article",
            "maintext",
            "newstext",
            "bodycontent",
            "inhalt",
            "fließtext",
        }
        | {
            "artikeltext",
            "brødtekst",
            "brodtekst",
            "brødtext",
            "brödtext",
            "brodtext",
            "tekst",
            "texte",
            "corps",
            "testo",
            "corpo",
        }
        | {"texto", "cuerpo", "treść", "tresc", "teksti", "leipäteksti", "metin", "içerik", "текст"}
    ),
    "uri": frozenset({"id", "guid", "uri", "storyid", "itemid", "newsid", "articleid", "documentid", "newsitemid"}),
    "versioncreated": frozenset(
        {"date", "pubdate", "published", "publishdate", "publicationdate", "versioncreated", "updated", "datetime"}
        | {"datum", "erscheinungsdatum", "dato", "fecha", "data", "tarih", "päiväys", "дата"}
    ),
    "byline": frozenset(
        {"byline", "author", "by", "autor", "auteur", "autore", "forfatter", "författare", "yazar", "автор"}
    ),
    "slugline": frozenset({"slug", "slugline", "slugword"}),
    "language": frozenset({"language", "lang"}),
    "version": frozenset({"version", "revision"}),
    "ednote": frozenset({"ednote", "editornote", "editorsnote"}),
    "abstract": frozenset(
        {"abstract", "summary", "lead", "leadtext", "vorspann", "ingress", "chapo", "sommario", "entradilla"}
    ),
}
_SHORTEST = 3
"""Words below which a body is none."""


def read(root: Element) -> list[Draft]:
    """A draft for each element that holds a headline and a body; [] where there is none."""
    return [_draft(each, name(root)) for each in _stories(root)]


def _stories(root: Element) -> list[Element]:
    """The elements nearest to a headline that have a body too; of those in one another, the inner ones."""
    bodied: dict[Element, bool] = {}
    found: dict[Element, None] = {}
    for each in root.iter():
        if _is(each, "headline") and words(each):
            for above in each.iterancestors():
                if above not in bodied:
                    bodied[above] = _of(above, "text") is not None
                if bodied[above]:
                    found[above] = None
                    break
    outer = {above for each in found for above in each.iterancestors()}
    return [each for each in found if each not in outer]


def _is(element: Element, kind: str) -> bool:
    return name(element).lower().replace("-", "").replace("_", "") in _NAMES[kind]


def _of(element: Element, kind: str) -> Element | None:
    least = _SHORTEST if kind == "text" else 1
    return next(
        (each for each in element.iter() if each is not element and _is(each, kind) and _count(each) >= least), None
    )


def _count(element: Element) -> int:
    return len((words(element) or "").split())


def _draft(element: Element, root: str) -> Draft:
    made = Draft(type="text", preformatted=False)
    found = {kind: each for kind in _NAMES if (each := _of(element, kind)) is not None}
    for kind in ("headline", "uri", "byline", "slugline", "language", "ednote", "abstract"):
        setattr(made, kind, words(found.get(kind)))
    made.uri = made.uri or attribute(element, "id") or attribute(element, "guid")
    made.version = number(words(found.get("version")))
    made.firstcreated = made.versioncreated = when(words(found.get("versioncreated")))
    raw = "".join(str(each) for each in found["text"].itertext())
    if escaped(raw):
        made.text, made.html = from_html(raw)
    else:
        made.text = plain(found["text"])
    made.warnings.append(
        f"<{root}> is not a known format: it was read by the names of its elements; describe it in a dialect file."
    )
    return made
