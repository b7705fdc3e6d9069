"""Copies of a text are found by their signatures."""

from visitwire_ingestion.near_duplicates import ALIKE, bands, likeness, nearest, signature

WORDS = [f"word{number}" for number in range(200)]


def signed(words: list[str]) -> bytes:
    found = signature(" ".join(words))
    assert found is not None
    return found


def test_the_same_words_give_the_same_signature_whatever_their_spacing() -> None:
    assert signature(" ".join(WORDS)) == signature("\n".join(WORDS).upper() + ".")
    assert len(signed(WORDS)) == 256


def test_a_short_text_says_too_little() -> None:
    assert signature("Andrade to visit Norway.") is None


def test_a_copy_with_a_new_end_is_alike_and_another_text_is_not() -> None:
    copy, other = [*WORDS[:-10], "the", "end"], [word[::-1] for word in WORDS]
    assert likeness(signed(WORDS), signed(copy)) >= ALIKE
    assert likeness(signed(WORDS), signed(other)) < 0.2
    assert set(bands(signed(WORDS))) & set(bands(signed(copy)))
    assert nearest(signed(copy), [("a", signed(other)), ("b", signed(WORDS))]) == "b"
    assert nearest(signed(copy), [("a", signed(other))]) is None


def test_of_equals_the_first_by_name_is_taken() -> None:
    assert nearest(signed(WORDS), [("b", signed(WORDS)), ("a", signed(WORDS))]) == "a"
