"""The model is loaded without what is not read, and made faster, and finds what it finds in spaCy's own hands."""

from spacy.language import Language
from visitwire_extraction.model import loaded, part_at_marks

TEXTS = (
    "Norwegian Foreign Minister Ada Lindqvist will fly to Lima on Tuesday for talks with President Hugo Paredes.",
    "She said: “We met in Zagreb, and we'll meet again.” The 1,200-page treaty cost $4 million — too much for Qxyzzt.",
    "",
    " ",
    "Norwegian Foreign Minister Ada Lindqvist met the NORWEGIAN foreign minister of Norway's Lindqvist Party.",
)


def test_tags_arcs_and_names_are_those_of_the_model_as_spacy_runs_it(nlp: Language) -> None:
    plain = loaded("en_core_web_md")
    part_at_marks(plain)

    def read(model: Language) -> list[list[tuple[str, str, str, int, str]]]:
        with model.select_pipes(enable=["tok2vec", "tagger", "parser", "ner"]):
            docs = list(model.pipe(TEXTS, batch_size=5))
        return [[(word.text, word.tag_, word.dep_, word.head.i, word.ent_type_) for word in doc] for doc in docs]

    assert read(nlp) == read(plain)
