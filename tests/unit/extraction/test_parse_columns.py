"""The parse as columns: offsets to the letter, no white space, arcs inside paragraphs, lemmas, parts of speech."""

from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from visitwire_extraction.paragraphs import LONGEST, pieces
from visitwire_extraction.stage import enrich_many
from visitwire_schemas import Parse

from tests.helpers.factories import make_story


def _parse(text: str, nlp: Language) -> Parse:
    parse = enrich_many([make_story(text)], nlp)[0].parse
    assert parse is not None
    return parse


def test_words_lemmas_and_parts_of_speech(nlp: Language) -> None:
    text = "Ministers were said to have left."
    parse = _parse(text, nlp)
    assert parse.words(text, range(len(parse))) == ["Ministers", "were", "said", "to", "have", "left", "."]
    assert parse.lemma == ("minister", "be", "say", "to", "have", "leave", ".")
    assert parse.pos == ("NOUN", "AUX", "VERB", "PART", "AUX", "VERB", "PUNCT")


def test_a_paragraph_is_its_own_text(nlp: Language) -> None:
    text = "  He said\r\n\r\nthat it rained.  It did. "
    parse = _parse(text, nlp)
    line = [0 if start < text.index("that") else 1 for start in parse.start]
    assert [line[head] for head in parse.head] == line
    assert [text[parse.start[first]] for first in parse.sent_start] == ["H", "t", "I"]
    assert "".join(parse.words(text, range(len(parse)))) == "".join(text.split())


def test_marks_are_tokens_of_their_own(nlp: Language) -> None:
    text = 'He said,“Look here.” Hale:"I have it”—he said.'
    words = _parse(text, nlp).words(text, range(len(_parse(text, nlp))))
    assert [word for word in words if set(word) & set('“”"')] == ["“", "”", '"', "”"]


@settings(deadline=None, max_examples=100)
@given(st.text(alphabet=st.sampled_from("ab .\n\r\t“”"), max_size=60))
def test_pieces_keep_every_word_in_place(text: str) -> None:
    for piece in pieces(text):
        assert text[piece.start : piece.start + len(piece.text)] == piece.text
    assert "".join("".join(piece.text.split()) for piece in pieces(text)) == "".join(text.split())


def test_a_long_line_is_cut_after_a_sentence_a_word_or_anywhere() -> None:
    for unit in ("One two three. ", "word ", "x"):
        text = unit * (3 * LONGEST // len(unit))
        cut = list(pieces(text))
        assert max(len(piece.text) for piece in cut) <= LONGEST
        assert "".join(piece.text for piece in cut).strip() == text.strip()


def test_a_story_without_words_has_an_empty_parse(nlp: Language) -> None:
    for text in ("", " \n\t\r\n "):
        enriched = enrich_many([make_story(text)], nlp)[0]
        assert (len(_parse(text, nlp)), enriched.entities) == (0, ())


def test_a_batch_gives_what_its_stories_give_one_by_one(nlp: Language) -> None:
    stories = [make_story(f"Polish President Adam Wozniak met {name}.\nHe left.") for name in ("Ewa Lis", "Jan Bor")]
    assert enrich_many(stories, nlp) == [enrich_many([story], nlp)[0] for story in stories]
