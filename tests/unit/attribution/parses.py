"""Parses without a language model: flat ones for what must not break, and words with given tags for single rules."""

import re

from visitwire_language.text import Text
from visitwire_schemas import EnrichedStory, Parse

from tests.helpers.factories import make_story

_TOKEN = re.compile(r"\w+|[^\w\s]")
_TAGS = {"said": ("say", "VERB", "VBD"), "told": ("tell", "VERB", "VBD"), "asked": ("ask", "VERB", "VBD")}
_TAGS |= {"he": ("he", "PRON", "PRP"), "she": ("she", "PRON", "PRP"), "according": ("accord", "VERB", "VBG")}


def flat(text: str) -> Parse:
    """Every token hangs on the first of its line; only a few words have tags of their own."""
    columns: dict[str, list[object]] = {name: [] for name in Parse.model_fields}
    start = 0
    for line in text.split("\n"):
        root = len(columns["start"])
        for match in _TOKEN.finditer(line):
            word = match.group()
            plain = (word.lower(), "PROPN", "NNP") if word[0].isupper() else (word.lower(), "NOUN", "NN")
            mark = (word, "PUNCT", word)
            lemma, pos, tag = _TAGS.get(word.lower(), plain if word[0].isalnum() else mark)
            here = len(columns["start"])
            row = (start + match.start(), start + match.end(), lemma, pos, tag, "ROOT" if here == root else "dep", root)
            for name, value in zip(("start", "end", "lemma", "pos", "tag", "dep", "head"), row, strict=True):
                columns[name].append(value)
        if len(columns["start"]) > root:
            columns["sent_start"].append(root)
        start += len(line) + 1
    return Parse.model_validate(columns)


def laid_out(text: str) -> Text:
    return Text(text, flat(text))


def story(text: str, **fields: object) -> EnrichedStory:
    return EnrichedStory.model_validate({"story": make_story(text).model_dump(), "parse": flat(text), **fields})
