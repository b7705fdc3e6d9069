"""Where a story speaks of: the words for countries, their people, capitals and cities, decided by their context."""

from collections import Counter
from datetime import date

from visitwire_language.classes import word_classes
from visitwire_language.gazetteer.countries import State
from visitwire_language.gazetteer.places import Geo

from visitwire_extraction.document import Document
from visitwire_extraction.step_results import Place
from visitwire_extraction.vocabulary import Vocabulary

SOVIET_END = date(1991, 12, 26)
_LABELS_OF_PLACES = frozenset({"GPE", "LOC", "NORP", "FAC"})


def places(doc: Document, tables: Vocabulary) -> list[Place]:
    """Every place word of the story in text order, none inside another."""
    found, at = [], 0
    while at < len(doc):
        entry = tables.geo.longest(doc.plain, at)
        if entry and doc.same_paragraph(at, entry[0] - 1):
            end, geo = entry
            if geo.role == "none" and doc.words[at][0].isupper():
                at = end
                continue
            state = _state(doc, tables, at, end, geo) if geo.states else None
            if state and _is_place(doc, tables, at, end, geo):
                role = "seat" if geo.role == "capital" and _is_location(doc, at) else geo.role
                name = doc.text(at, end) if role in ("city", "seat") else geo.name
                found.append(Place(at, end, role, state, name))
                at = end
                continue
        at += 1
    return found


def _is_location(doc: Document, first: int) -> bool:
    """Whether a capital is the town ("arrived in Moscow", "left Moscow") or its government ("Moscow said")."""
    words = word_classes("place")
    before = first - 1
    if before < 0 or not doc.same_paragraph(before, first):
        return False
    return doc.plain[before] in words["before a town"] or doc.parse.lemma[before] in words["leads to a town"]


def _state(doc: Document, tables: Vocabulary, first: int, end: int, geo: Geo) -> State | None:
    """The state that stood under that name on the story's day."""
    ended = [state for state in geo.states if state.until and doc.date < state.until]
    state = ended[0] if ended else next((state for state in geo.states if not state.until), geo.states[0])
    word = doc.plain[first]
    if state.code == "RU" and doc.date < SOVIET_END:
        return tables.states["SU"]
    if word == "congo" and first > 2 and (republic := doc.plain[max(0, first - 4) : first]) and "republic" in republic:
        return tables.states["CD" if "democratic" in republic else "CG"]
    if word in ("congo", "congolese"):
        return tables.states["CG" if "brazzaville" in doc.vocabulary or doc.date.year < 1997 else "CD"]
    if word == "georgia":
        return _georgia(doc, tables, first, end)
    if word == "victoria" and geo.role == "capital":
        return tables.states["SC" if "seychelles" in doc.vocabulary else "AU"]
    if word == "dominican" and "dominica" not in doc.vocabulary:
        return tables.states["DO"]
    if word in ("korea", "korean", "koreans"):
        return (
            tables.states["KP"]
            if doc.vocabulary.isdisjoint(word_classes("place")["south korea"]) and "pyongyang" in doc.vocabulary
            else state
        )
    return state


def _georgia(doc: Document, tables: Vocabulary, first: int, end: int) -> State:
    """The country, unless the story is about the United States and nothing of the Caucasus."""
    words = word_classes("place")
    after = doc.plain[end] if end < len(doc) else ""
    before = doc.plain[first - 1] if first else ""
    before_that = doc.plain[first - 2] if first > 1 else ""
    if before == "," and before_that in words["american georgia"]:
        return tables.states["US"]
    if not doc.vocabulary.isdisjoint(words["caucasian georgia"]):
        return tables.states["GE"]
    if after in words["after american georgia"]:
        return tables.states["US"]
    american = not doc.vocabulary.isdisjoint(words["american georgia"]) or (before == "," and doc.is_capital(first - 2))
    return tables.states["US" if american else "GE"]


def _is_place(doc: Document, tables: Vocabulary, first: int, end: int, geo: Geo) -> bool:
    words = word_classes("place")
    word = doc.words[first]
    if word == "us" or (word == "US" and _is_shouted_pronoun(doc, first)):
        return False
    if word.islower():
        if geo.role in ("city", "region") or doc.plain[first] in words["never small"]:
            return False
        if geo.role == "metonym" and end - first == 1 and word not in words["metonyms written small"]:
            return False
        if "." in word or (geo.role == "capital" and doc.parse.tag[end - 1] in ("VB", "VBD", "RB")):
            return False
    if _in_a_persons_name(doc, tables, first, end, geo):
        return False
    if geo.role == "city":
        return _is_city(doc, first, end)
    return not (
        geo.role == "capital" and doc.plain[first] in words["capitals and other things"] and _names_something(doc, end)
    )


def _is_shouted_pronoun(doc: Document, token: int) -> bool:
    """ "LET US GO" in a line of capitals."""
    return (
        token > 0
        and doc.words[token - 1].isupper()
        and doc.plain[token - 1] in word_classes("place")["before us"]
        and doc.parse.tag[token] == "PRP"
    )


def _names_something(doc: Document, end: int) -> bool:
    """ "Washington state", "Washington Post", "Victoria Falls": not the capital."""
    return end < len(doc) and doc.plain[end] in word_classes("place")["other things"]


def _in_a_persons_name(doc: Document, tables: Vocabulary, first: int, end: int, geo: Geo) -> bool:
    """Whether the word is part of a person's name: "Michael Jordan", "Paris Hilton"."""
    label = doc.label[first]
    given = first > 0 and doc.label[first - 1] == label == "PERSON" and doc.plain[first - 1] in tables.given
    borne = doc.plain[first] in word_classes("place")["borne by people"]
    if geo.role in ("country", "people", "metonym") and not borne:
        return given and end - first == 1 and geo.role in ("country", "people")  # "Mark Cuban", "Anatole France"
    if doc.label[first] == "PERSON" and _has_name_neighbour(doc, first, end):
        return True
    if borne and end - first == 1:
        before = first > 0 and doc.label[first - 1] == "PERSON" and doc.same_paragraph(first - 1, first)
        after = end < len(doc) and doc.label[end] == "PERSON" and label == "PERSON"
        given = first > 0 and doc.plain[first - 1] in tables.given and doc.is_capital(first - 1)
        return before or after or given or _honorific(doc, first - 1)
    return False


def _has_name_neighbour(doc: Document, first: int, end: int) -> bool:
    return (first > 0 and doc.label[first - 1] == "PERSON") or (end < len(doc) and doc.label[end] == "PERSON")


def _honorific(doc: Document, token: int) -> bool:
    return token >= 0 and doc.plain[token] in word_classes("place")["before a name"]


def _is_city(doc: Document, first: int, end: int) -> bool:
    """A city of the gazetteer counts where the model or a preposition says that it is a place."""
    words = word_classes("place")
    if not all(doc.is_capital(token) or doc.words[token] in "-" for token in range(first, end)):
        return False
    labels = Counter(doc.label[token] for token in range(first, end))
    if labels.keys() <= _LABELS_OF_PLACES:
        return True
    before = doc.plain[first - 1] if first else ""
    if (
        labels.keys() == {"PERSON"}
        and before in words["before a place like a person"]
        and not _has_name_neighbour(doc, first, end)
    ):
        return True
    unlabelled = labels.keys() == {""} and before in words["before any place"]
    return unlabelled and not (end < len(doc) and doc.is_capital(end))
