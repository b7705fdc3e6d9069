"""The count of visitors that entities stand for, on a story of three visitors."""

from visitwire_schemas import EnrichedStory, Entity, EntityKind, Mention, MentionForm

from bench.quality.entities import Figures, carries, office_noun, score
from tests.helpers.factories import make_story

TEXT = "Kenyan Foreign Minister Ruth Otieno met a Malian delegation. Boris Lund was there."


def _entity(words: str, kind: EntityKind, name: str, country: str | None, office: str | None = None) -> Entity:
    start = TEXT.index(words)
    mention = Mention(start=start, end=start + len(words), form=MentionForm.NAME)
    return Entity(id=name, kind=kind, name=name, country=country, office=office, mentions=(mention,))


STORY = EnrichedStory(
    story=make_story(TEXT),
    entities=(
        _entity("Ruth Otieno", EntityKind.PERSON, "Ruth Otieno", "KE", "Foreign Minister"),
        _entity("a Malian delegation", EntityKind.ORGANIZATION, "Malian delegation", "ML"),
        _entity("Boris Lund", EntityKind.PERSON, "Boris Lund", None),
    ),
)


def _visit(name: str | None, label: str, country: str) -> dict[str, dict[str, str | None]]:
    return {"visitor": {"name": name, "label": label, "country": country}}


def test_a_set_is_counted_visitor_by_visitor() -> None:
    visits = [
        _visit("Ruth Otieno", "Kenya's foreign minister", "KE"),
        _visit("Ruth Otieno", "Kenya's foreign minister", "KE"),
        _visit("Boris Lund", "Danish envoy", "DK"),
        _visit(None, "a delegation from Mali", "ML"),
        _visit(None, "a team of experts", "FR"),
    ]
    misses: list[str] = []
    got = score({"s1": STORY}, [{"doc": "s1", "visits": visits}], misses)
    assert got == Figures(named=2, name=2, name_country=1, with_office=2, office=1, unnamed=2, unnamed_found=1)
    assert [line.split(":")[1].strip() for line in misses] == ["country", "no group or role"]
    assert got.shares() == {"name": 1.0, "name_country": 0.5, "office": 0.5, "unnamed": 0.5}


def test_a_name_is_carried_in_part_or_whole_but_not_another() -> None:
    lund = STORY.entities[2]
    assert [carries(lund, name) for name in ("Lund", "Mr Boris Lund", "Boris O. Lund", "Boris Lind")] == [
        True,
        True,
        True,
        False,
    ]


def test_the_main_noun_of_an_office() -> None:
    labels = ("Russian Deputy Foreign Minister", "secretary of state", "a football player", None)
    assert [office_noun(label) for label in labels] == ["minister", "secretary", None, None]
