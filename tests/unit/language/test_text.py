"""A text laid out over its parse."""

from visitwire_language.text import Text

from tests.helpers.factories import make_parse

SAID = "Lee said “we go.” He left.\n\nShe stays."
PARSE = make_parse(
    ("Lee", "PROPN", "nsubj", 1),
    ("said", "VERB", "ROOT", 1),
    ("“", "PUNCT", "punct", 4),
    ("we", "PRON", "nsubj", 4),
    ("go", "VERB", "ccomp", 1),
    (".", "PUNCT", "punct", 4),
    ("”", "PUNCT", "punct", 4),
    ("He", "PRON", "nsubj", 8),
    ("left", "VERB", "ROOT", 8),
    (".", "PUNCT", "punct", 8),
    ("She", "PRON", "nsubj", 11),
    ("stays", "VERB", "ROOT", 11),
    (".", "PUNCT", "punct", 11),
    text=SAID,
)


def text() -> Text:
    return Text(SAID, PARSE)


def test_a_blank_line_is_no_paragraph() -> None:
    assert text().paragraph_of == [0] * 10 + [1] * 3


def test_what_is_said_between_marks() -> None:
    assert [one.inside(SAID) for one in text().quotations] == ["we go."]
    assert text().quoted == [-1, -1, 0, 0, 0, 0, 0, -1, -1, -1, -1, -1, -1]
    assert text().quotation_tokens(0) == range(2, 7)


def test_a_written_sentence_ends_at_a_stop_within_marks() -> None:
    assert [text().written_sentence(token) for token in (1, 8, 12)] == [range(7), range(7, 10), range(10, 13)]


def test_subtrees_without_parts_of_them() -> None:
    assert sorted(text().below(1)) == list(range(7))
    assert sorted(text().below(1, without={4})) == [0, 1]


def test_depth_is_counted_from_the_root() -> None:
    assert text().depth == [1, 0, 2, 2, 1, 2, 2, 1, 0, 1, 1, 0, 1]


def test_a_circle_is_no_tree() -> None:
    ring = PARSE.model_copy(update={"head": (1, 4, 4, 4, 1, *PARSE.head[5:])})
    assert (text().is_tree, Text(SAID, ring).is_tree) == (True, False)


def test_words_have_a_letter_or_a_digit() -> None:
    assert [word for word, wordy in zip(text().words, text().wordy, strict=True) if not wordy] == [
        "“",
        ".",
        "”",
        ".",
        ".",
    ]
