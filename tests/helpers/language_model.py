"""The language model, loaded once a process: it takes seconds and half a gigabyte."""

from functools import cache

from spacy.language import Language
from visitwire_extraction.stage import load

MODEL = "en_core_web_md"


@cache
def language_model() -> Language:
    return load(MODEL)
