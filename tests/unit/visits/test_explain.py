"""Why a visit was found or refused, and what another lexicon would find, on a hand-made parse."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner
from visitwire_schemas import EnrichedStory, Entity, EntityKind, Mention, OfficeKind
from visitwire_visits.changes import changes
from visitwire_visits.cli import make_app
from visitwire_visits.explain import explain, lines
from visitwire_visits.lexicon import DATA, default, load
from visitwire_visits.stage import find

from tests.factories import make_enriched, make_parse, make_story

TEXT = "President Kofi Mensah will visit Kenya ."
WORDS: list[tuple[str, str, str, int]] = [
    ("President", "PROPN", "compound", 2),
    ("Kofi", "PROPN", "compound", 2),
    ("Mensah", "PROPN", "nsubj", 4),
    ("will", "AUX", "aux", 4),
    ("visit", "VERB", "ROOT", 4),
    ("Kenya", "PROPN", "dobj", 4),
    (".", "PUNCT", "punct", 4),
]


def story(country: str = "GH") -> EnrichedStory:
    """Mensah of Ghana will visit Kenya."""
    mensah = Entity(
        id="e1",
        kind=EntityKind.PERSON,
        name="Kofi Mensah",
        country=country,
        office="President",
        office_kind=OfficeKind.HEAD_OF_STATE,
        mentions=(Mention(start=10, end=21),),
    )
    parse = make_parse(*WORDS, text=TEXT)
    return make_enriched(make_story(TEXT), entities=(mensah,), parse=parse)


def test_a_visit_and_the_words_it_was_found_on() -> None:
    explanation = explain(story())

    assert [(f.frame, f.word, f.visitor, f.destination) for f in explanation.found[0].firings] == [
        ("visit", "visit", "Kofi Mensah", "KE")
    ]
    assert lines(explanation)[1].strip().startswith("Kofi Mensah (GH) to KE: planned")


def test_a_trip_at_home_is_refused_with_its_reason() -> None:
    text = TEXT.replace("Kenya", "Accra")
    words = [(word.replace("Kenya", "Accra"), pos, dep, head) for word, pos, dep, head in WORDS]
    at_home = story().model_copy(update={"story": make_story(text), "parse": make_parse(*words, text=text)})

    explanation = explain(at_home)

    assert explanation.found == ()
    assert [no.why for no in explanation.refused] == ["Kofi Mensah: is at home there"]


def test_a_story_without_its_parse_cannot_be_explained() -> None:
    with pytest.raises(ValueError, match="has no parse"):
        explain(find(story()))


def test_the_stage_drops_the_parse_and_gives_the_same_twice() -> None:
    assert find(story()).parse is None
    assert find(story()) == find(story())


def test_a_story_without_words_has_no_visits() -> None:
    assert find(make_enriched(make_story(""))).visits == ()


def test_what_another_lexicon_loses() -> None:
    frames = tuple(frame for frame in default().frames if frame.name != "visit")
    other = replace(default(), frames=frames, by_verb={})

    change = next(changes([story()], default(), other))

    assert (len(change.lost), change.gained) == (1, ())


def test_check_lexicon_tells_and_ends_with_one(tmp_path: Path) -> None:
    for file in DATA.glob("*.toml"):
        text = re.sub(r'verbs = \["visit", [^]]*\]', 'verbs = ["tour"]', file.read_text())
        (tmp_path / file.name).write_text(text)
    app = make_app(lambda files: [story()])

    result = CliRunner().invoke(app, ["check-lexicon", "--lexicon", str(tmp_path), "--json", "-"])

    assert result.exit_code == 1
    assert json.loads(result.stdout.splitlines()[0])["gained"] == []


def test_check_lexicon_says_what_it_cannot_read(tmp_path: Path) -> None:
    result = CliRunner().invoke(make_app(lambda files: []), ["check-lexicon", "--lexicon", str(tmp_path), "-"])

    assert result.exit_code == 2
    assert "cannot be read" in result.output


def test_a_frame_of_an_unknown_aspect_is_refused(tmp_path: Path) -> None:
    for file in DATA.glob("*.toml"):
        (tmp_path / file.name).write_text(file.read_text().replace('aspect = "return"', 'aspect = "homecoming"'))

    with pytest.raises(ValueError, match=r"no such aspect in status\.toml: homecoming"):
        load(tmp_path)
