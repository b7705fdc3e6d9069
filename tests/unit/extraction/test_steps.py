"""Each step of the entities makes a new value, and leaves the one that it was given as it was."""

from copy import deepcopy

from spacy.language import Language
from visitwire_extraction.document import document_of
from visitwire_extraction.entities import Cast, gathered, linked, named, referred, settled, told
from visitwire_extraction.model import knowledge_of, parse_many

from tests.helpers.factories import make_story

TEXT = (
    "Danish Foreign Minister Eva Krogh met Raul Pinto, the Chilean trade minister, in Lima. She will go to Quito. "
    "The two ministers invited Peru's president. A delegation led by Krogh left."
)


def _people(cast: Cast) -> list[tuple[str, str | None, list[str]]]:
    doc = cast.named.doc
    return [(one.name, one.country, [doc.text(first, end) for first, end, _ in one.mentions]) for one in cast.people]


def test_what_each_step_adds(nlp: Language) -> None:
    known = knowledge_of(nlp)
    parsed = parse_many([make_story(TEXT)], nlp)[0]
    doc = document_of(parsed.story, known.columns.parse_of(parsed.docs), parsed.docs)
    names = named(doc, known)
    assert [doc.text(name.first, name.end) for name in names.names] == ["Eva Krogh", "Raul Pinto", "Krogh"]
    links = linked(names, known)
    assert [(office.words, office.country) for office in links.free] == [
        ("minister", None),
        ("president", "PE"),
    ]
    people = gathered(links, known)
    assert _people(people) == [("Eva Krogh", None, ["Eva Krogh", "Krogh"]), ("Raul Pinto", None, ["Raul Pinto"])]
    countries = settled(people, known)
    assert [(name, country) for name, country, _ in _people(countries)] == [("Eva Krogh", "DK"), ("Raul Pinto", "CL")]
    cast = referred(countries, known)
    assert _people(cast) == [
        ("Eva Krogh", "DK", ["Eva Krogh", "She", "The two ministers", "Krogh"]),
        ("Raul Pinto", "CL", ["Raul Pinto", "The two ministers"]),
        ("Peru's president", "PE", ["Peru's president"]),
    ]
    assert [group.country for group in cast.groups] == ["DK"]
    assert [entity.id for entity in told(cast, known)] == [f"e{number}" for number in range(1, 10)]


def test_no_step_changes_what_it_was_given(nlp: Language) -> None:
    known = knowledge_of(nlp)
    parsed = parse_many([make_story(TEXT)], nlp)[0]
    doc = document_of(parsed.story, known.columns.parse_of(parsed.docs), parsed.docs)
    people = gathered(linked(named(doc, known), known), known)
    before = deepcopy(people.people)
    countries = settled(people, known)
    assert people.people == before
    before = deepcopy(countries.people)
    told(referred(countries, known), known)
    assert countries.people == before
