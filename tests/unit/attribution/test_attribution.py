"""The stage and its tables."""

from typing import Any

from visitwire_attribution.confidence import LEAST, WORST, confidence, grade
from visitwire_attribution.finding import Finding
from visitwire_attribution.stage import attribute, attribution
from visitwire_language.cues import cues
from visitwire_schemas import STORIES_PARSED, STORIES_QUOTED, Quote, QuoteKind, Span, SpeakerKind

from tests.unit.attribution.parses import laid_out, story

LEE = {"id": "e1", "kind": "person", "name": "Ann Lee"}


def named(text: str, *words: str) -> list[dict[str, Any]]:
    return [{**LEE, "mentions": [{"start": text.index(w), "end": text.index(w) + len(w)} for w in words]}]


def test_a_quote_to_the_letter_of_the_contract() -> None:
    text = "“We agree,” Ann Lee said."
    [quote] = attribute(story(text, entities=named(text, "Ann Lee"))).quotes

    assert quote.model_copy(update={"confidence": 1.0}) == Quote(
        kind=QuoteKind.DIRECT,
        content=(Span(start=0, end=11),),
        cue=(Span(start=20, end=24),),
        source=(Span(start=12, end=19),),
        speaker="e1",
        speaker_kind=SpeakerKind.PERSON,
    )
    assert quote.confidence > 0.8


def test_she_is_whom_extraction_says() -> None:
    text = "“We agree,” Ann Lee said.\n“We do not sign,” she said."
    she = {"start": text.index("she"), "end": text.index("she") + 3, "form": "pronoun"}
    lee = named(text, "Ann Lee")[0]
    quotes = attribute(story(text, entities=[lee | {"mentions": [*lee["mentions"], she]}])).quotes

    assert [quote.speaker for quote in quotes] == ["e1", "e1"]


def test_she_of_whom_extraction_knows_nothing_is_nobody() -> None:
    text = "“We agree,” Ann Lee said.\n“We do not sign,” she said."
    quotes = attribute(story(text, entities=named(text, "Ann Lee"))).quotes

    assert [(quote.speaker, quote.speaker_kind) for quote in quotes] == [("e1", SpeakerKind.PERSON), (None, None)]


def test_he_after_an_unnamed_official_is_unnamed_too() -> None:
    text = "“We agree,” officials said.\n“We do not sign,” he said."
    quotes = attribute(story(text)).quotes

    assert [quote.speaker_kind for quote in quotes] == [SpeakerKind.ANONYMOUS, SpeakerKind.ANONYMOUS]


def test_the_stage_between_its_topics() -> None:
    stage = attribution()
    made = story("“We agree,” Ann Lee said.")

    assert (stage.name, stage.source, stage.sink) == ("attribution", STORIES_PARSED, STORIES_QUOTED)
    assert list(stage.handle(made)) == [attribute(made)]
    assert attribute(attribute(made)) == attribute(made)


def test_weaker_is_never_surer() -> None:
    sure = laid_out("Lee said we will all go home tomorrow at noon.")
    strong = Finding("clause", "speech", (1,), (0,), ((9, 45),))
    weak = Finding("clause", "speech", (1,), (), ((9, 11),))

    assert grade(sure, strong) == 0
    assert grade(sure, weak) == WORST
    assert confidence(sure, strong) > LEAST > confidence(sure, weak)


def test_every_word_of_the_lexicon_takes_something_known() -> None:
    takes = {"quotation", "clause", "infinitive", "gerund", "object", "naming", "passive"}
    kinds = {"speech", "stance", "thought", "plan", "evidence", "appearance"}
    words = cues()
    for table in (words.verbs, words.nouns, words.adjectives):
        for word, found in table.items():
            assert word == word.lower()
            assert {take for take in found if not take.endswith("*")} <= takes
            assert set(found.values()) <= kinds
