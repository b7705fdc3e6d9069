"""What no newsroom would send: it costs time, never a crash."""

import random
import sys

from spacy.language import Language
from visitwire_extraction.stage import enrich_many
from visitwire_schemas import EnrichedStory

from tests.helpers.factories import make_story

_WORDS = (
    "President", "the", "of", ",", "'", "“", "”", "said", "Minister", "France", "'s", "-", "Jr.", "(", ")", "he", "Mr.",
    "UN", "(EU)", "and", "former", "-elect", "Georgia", "a", "who", "is",
)  # fmt: skip


def _sound(enriched: EnrichedStory) -> bool:
    """Whether every mention lies inside the text, in order, and holds something."""
    size = len(enriched.story.text)
    return all(
        list(entity.mentions) == sorted(entity.mentions, key=lambda mention: mention.start)
        and entity.mentions
        and all(0 <= mention.start < mention.end <= size for mention in entity.mentions)
        for entity in enriched.entities
    )


def test_random_characters(nlp: Language) -> None:
    dice = random.Random(1987)
    alive = [code for code in range(1, sys.maxunicode) if not 0xD800 <= code < 0xE000]
    texts = ["".join(map(chr, dice.choices(alive, k=dice.randint(0, 12)))) for _ in range(10_000)]
    for at in range(0, len(texts), 1000):
        assert all(map(_sound, enrich_many([make_story(text) for text in texts[at : at + 1000]], nlp)))


def test_random_orders_of_the_words_the_rules_look_for(nlp: Language) -> None:
    dice = random.Random(2025)
    texts = [" ".join(dice.choices(_WORDS, k=dice.randint(1, 30))) for _ in range(1_000)]
    texts += [text.replace(" ", "\n") for text in texts[:100]]
    for at in range(0, len(texts), 500):
        assert all(map(_sound, enrich_many([make_story(text) for text in texts[at : at + 500]], nlp)))


def test_a_megabyte_without_a_break(nlp: Language) -> None:
    for text in ("x" * 1_000_000, " " * 1_000_000, "\n" * 1_000_000, "(" * 20_000):
        assert _sound(enrich_many([make_story(text)], nlp)[0])


def test_fifty_thousand_quotation_marks(nlp: Language) -> None:
    assert enrich_many([make_story('"“' * 25_000)], nlp)[0].entities == ()
