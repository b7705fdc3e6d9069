"""Each piece of knowledge stands once: which tables there are, and that no other file keeps a second one."""

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from visitwire_language.bodies import organisations
from visitwire_language.cues import cues
from visitwire_language.data_files import of_language, rows
from visitwire_language.gazetteer.countries import country_words
from visitwire_language.names import given_names, honorifics
from visitwire_language.pronouns import first_person, third_person

ROOT = Path(__file__).parents[3]
LANGUAGE, ENGLISH = "language/visitwire_language/data", "language/visitwire_language/lang/en"
TABLES = {
    "countries: codes, last days, items": f"{LANGUAGE}/countries.tsv",
    "regions and blocs": f"{LANGUAGE}/groups.toml",
    "organisations of states: items, seats": f"{LANGUAGE}/organisations.tsv",
    "territories of states": f"{LANGUAGE}/territories.tsv",
    "national bodies": f"{ENGLISH}/bodies.tsv",
    "small classes of words": f"{ENGLISH}/classes.toml",
    "what cues take, in the tree": f"{ENGLISH}/contents.toml",
    "names of countries, people, capitals": f"{ENGLISH}/countries.tsv",
    "words that attribute": f"{ENGLISH}/cues.toml",
    "given names": f"{ENGLISH}/given_names.toml",
    "labels and tags of a parse": f"{ENGLISH}/labels.toml",
    "words around names, family names that stand first": f"{ENGLISH}/names.toml",
    "phrases that only sound like places": f"{ENGLISH}/not_places.tsv",
    "titles": f"{ENGLISH}/offices.tsv",
    "names of organisations of states": f"{ENGLISH}/organisations.tsv",
    "pronouns": f"{ENGLISH}/pronouns.toml",
    "regions of countries": f"{ENGLISH}/regions.tsv",
    "whether an office is held, and what stands for one": f"{ENGLISH}/standings.toml",
    "offices that states lack": f"{ENGLISH}/systems.tsv",
    "how names are put into a sentence": f"{ENGLISH}/wording.toml",
    "who held which office": "extraction/visitwire_extraction/data/officeholders.tsv",
    "shares of right attributions": "attribution/visitwire_attribution/confidence.toml",
    "where capitals lie": "gateway/visitwire_gateway/capitals.tsv",
    "constructions that tell of visits": "visits/visitwire_visits/rules/lang/en/frames.toml",
    "what becomes of what is told": "visits/visitwire_visits/rules/lang/en/operators.toml",
    "how words stand to each other in the tree": "visits/visitwire_visits/rules/lang/en/patterns.toml",
    "words around visits": "visits/visitwire_visits/rules/lang/en/words.toml",
    "weights of the reader of visits": "visits/visitwire_visits/weights.json",
    "what a language model is asked": "reader_llm/visitwire_reader_llm/instruction.txt",
}
"""Every data file of the services by its subject. What has a subject here already is a row of that file."""
ELSEWHERE = re.compile(
    r"/(?:static|dialects|migrations|node_modules|vendor|extraction/officeholders)/|pyproject\.toml$"
)
"""What is no knowledge of language: pictures and scripts, the ways of senders, other packages. And the lists that the
table of office-holders is made from, which are no second copy."""


def data_files() -> Iterator[str]:
    for path in sorted((ROOT / "services").rglob("*")):
        inside = path.relative_to(ROOT / "services").as_posix()
        if path.suffix in (".tsv", ".csv", ".toml", ".txt", ".json", ".yaml") and not ELSEWHERE.search(f"/{inside}"):
            yield inside


def test_every_table_has_a_subject_of_its_own() -> None:
    assert list(data_files()) == sorted(TABLES.values())


def _names(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word.lower() for word in words)


KINDS = {
    "countries": _names(name for words in country_words().values() for name in words.names),
    "peoples": _names(name for words in country_words().values() for name in words.people),
    "organisations": _names(name for one in organisations().values() for name in one.names),
    "titles": _names(words for words, *_ in rows(of_language("offices.tsv", "en"))),
    "given names": frozenset(given_names()),
    "words of address": frozenset(honorifics()),
    "pronouns": first_person() | frozenset(third_person()),
    "verbs of saying": frozenset(verb for verb, takes in cues().verbs.items() if takes.get("clause") == "speech"),
}
HOMES = {
    "countries": {f"{ENGLISH}/countries.tsv"},
    "peoples": {f"{ENGLISH}/countries.tsv"},
    "organisations": {f"{ENGLISH}/organisations.tsv", f"{LANGUAGE}/organisations.tsv"},  # whose rows go by the acronym
    # cues: which titles stand for a person named before; classes: to which titles a rule of extraction applies
    "titles": {f"{ENGLISH}/offices.tsv", f"{ENGLISH}/cues.toml", f"{ENGLISH}/classes.toml"},
    "given names": {f"{ENGLISH}/given_names.toml"},
    "words of address": {f"{ENGLISH}/names.toml", f"{ENGLISH}/classes.toml"},  # which of them no name has
    "pronouns": {f"{ENGLISH}/pronouns.toml"},
    "verbs of saying": {f"{ENGLISH}/cues.toml"},
}
PEOPLE = "extraction/visitwire_extraction/data/officeholders.tsv"
"""Names of people and offices as they were held: full of given names and titles, and no list of either."""
MOST = {
    "countries": 40,
    "peoples": 25,
    "organisations": 20,
    "titles": 45,
    "given names": 40,
    "words of address": 12,
    "pronouns": 10,
    "verbs of saying": 45,
}
"""So many words of a kind may stand in another file: those that a rule of its own is about."""


def words_in(path: Path) -> frozenset[str]:
    """The fields and words of a data file, or of the constants of a module."""
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        constants = [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
        lines = [value for value in constants if isinstance(value, str)]
    else:
        lines = [line for line in text.splitlines() if not line.startswith("#")]
    fields = [field.strip().lower() for line in lines for field in re.split(r'[|;\t,"=\[\]]+', line)]
    return frozenset(fields) | frozenset(word for field in fields for word in field.split())


@pytest.fixture(scope="module")
def vocabularies() -> dict[str, frozenset[str]]:
    modules = (path.relative_to(ROOT / "services").as_posix() for path in (ROOT / "services").rglob("*.py"))
    every = [*data_files(), *(inside for inside in modules if not ELSEWHERE.search(f"/{inside}"))]
    return {inside: words_in(ROOT / "services" / inside) for inside in every if inside != PEOPLE}


@pytest.mark.parametrize("kind", KINDS)
def test_no_second_table(kind: str, vocabularies: dict[str, frozenset[str]]) -> None:
    found = {file: len(words & KINDS[kind]) for file, words in vocabularies.items()}
    assert {file for file, count in found.items() if count > MOST[kind]} == HOMES[kind]


def test_every_class_of_words_is_asked_for(vocabularies: dict[str, frozenset[str]]) -> None:
    asked = {word for file, words in vocabularies.items() if file.endswith(".py") for word in words}
    classes = tomllib.loads((ROOT / "services" / f"{ENGLISH}/classes.toml").read_text("utf-8"))
    named = {name for listed in classes.values() for name in listed} | set(cues().words)
    assert named - asked == set()
