"""Groups that represent a state or a body and have no name: "a Chinese trade delegation", "IMF experts"."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from visitwire_language.classes import group_words

from visitwire_extraction.document import Document
from visitwire_extraction.internationals import international_at
from visitwire_extraction.lists import listed_owners
from visitwire_extraction.step_results import Group, Place
from visitwire_extraction.vocabulary import Vocabulary


def groups(doc: Document, tables: Vocabulary, places: Sequence[Place]) -> list[Group]:
    """Every such group in text order; one each where several countries send one."""
    place_at = {token: place for place in places for token in range(place.first, place.end)}
    found: list[Group] = []
    named = {
        token for at in range(len(doc)) if (entry := international_at(doc, tables, at)) for token in range(at, entry[0])
    }
    for at in range(len(doc)):
        if (
            at not in named
            and doc.plain[at]
            in group_words("always") | group_words("of states") | group_words("of bodies") | group_words("members")
            and doc.parse.tag[at].startswith("NN")
        ):
            found += _groups_at(doc, tables, place_at, at, found)
    return found


def _groups_at(
    doc: Document, tables: Vocabulary, place_at: dict[int, Place], at: int, before: Sequence[Group]
) -> list[Group]:
    first = _phrase_start(doc, at, place_at)
    kind = " ".join(word for word in doc.plain[first:at] if word in group_words("errands"))
    noun = doc.plain[at].rstrip("s")
    owners = [*_owners(doc, tables, first, at, place_at), *_owners_after(doc, tables, at, place_at)]
    bodies = [code for code in owners if code in tables.by_acronym]
    of_whom = doc.plain[at + 1 : at + 5] if doc.plain[at + 1 : at + 2] == ("of",) else ()
    sent = doc.plain[at] in group_words("of states") and (bool(kind) or not group_words("sent").isdisjoint(of_whom))
    if not group_words("not sent").isdisjoint(doc.plain[first:at]):
        return []
    if doc.plain[at] == "members":
        chamber = not group_words("chambers").isdisjoint(doc.plain[at + 1 : at + 7])
        return [Group(first, at + 1, code, noun, kind) for code in owners[-1:] if chamber]
    if doc.plain[at] in group_words("of bodies"):
        return [Group(first, at + 1, code, noun, kind) for code in bodies]
    if doc.plain[at] in group_words("always") or sent or bodies:
        if owners:
            return [Group(first, at + 1, code, noun, kind) for code in dict.fromkeys(owners)]
        if sender := _sender(doc, at, place_at) or _its(doc, first, place_at):
            return [Group(first, at + 1, sender, noun, kind)]
    elif noun == "team" and (sender := _sender(doc, at, place_at)):
        return [Group(first, at + 1, sender, noun, kind)]
    return _same_again(doc, first, at, noun, kind, before)


def _same_again(doc: Document, first: int, at: int, noun: str, kind: str, before: Sequence[Group]) -> list[Group]:
    """ "The delegation": the one spoken of last; with no such group before, its leader may tell whose it is."""
    definite = first > 0 and doc.plain[first - 1] in group_words("again")
    last = next((group for group in reversed(before) if group.noun == noun), None)
    if definite and last is not None:
        return [replace(last, first=first, end=at + 1)]
    return [Group(first, at + 1, None, noun, kind)] if doc.plain[at] in group_words("always") or kind else []


def _phrase_start(doc: Document, at: int, place_at: dict[int, Place]) -> int:
    first = at
    while first > 0 and at - first < 8 and doc.same_paragraph(first - 1, at):
        before = first - 1
        joins = doc.plain[before] == "and" and before - 1 in place_at and first in place_at
        if before in place_at or joins or doc.parse.tag[before] in ("JJ", "NN", "NNP", "HYPH", "POS", "CD", "VBG"):
            first = before
        else:
            break
    return first


def _owners(doc: Document, tables: Vocabulary, first: int, at: int, place_at: dict[int, Place]) -> Iterator[str]:
    """Whose the words before the noun say that it is."""
    token = first
    while token < at:
        entry = international_at(doc, tables, token)
        if entry and entry[0] <= at:
            yield entry[1].acronym
            token = entry[0]
        elif token in place_at and place_at[token].role in ("people", "country", "capital", "metonym"):
            yield place_at[token].state.code
            token = place_at[token].end
        else:
            token += 1


def _owners_after(doc: Document, tables: Vocabulary, at: int, place_at: dict[int, Place]) -> Iterator[str]:
    """ "Delegations from Iran and Iraq", "a team of IMF officials", "sent by Japan"."""
    if at + 2 >= len(doc) or not doc.same_paragraph(at, at + 2):
        return
    if doc.plain[at + 1] == "from" or (doc.plain[at + 1] == "of" and doc.plain[at] != "mission"):
        found, _ = listed_owners(doc, tables, at + 2, place_at)
        yield from found or _body_within(doc, tables, at + 2)
    elif doc.plain[at + 1] == "sent" and doc.plain[at + 2] == "by":
        yield from listed_owners(doc, tables, at + 3, place_at)[0]


def _body_within(doc: Document, tables: Vocabulary, at: int) -> list[str]:
    """ "A delegation of party leaders in the European Parliament": the first body named before the next verb."""
    for token in range(at, min(at + 9, len(doc))):
        if not doc.same_paragraph(at, token) or doc.parse.pos[token] in ("VERB", "AUX") or doc.words[token] == ",":
            break
        if entry := international_at(doc, tables, token):
            return [entry[1].acronym]
    return []


def _its(doc: Document, first: int, place_at: dict[int, Place]) -> str | None:
    """ "Syria has not confirmed that its delegation will come": the country that is the subject before it."""
    if first == 0 or doc.plain[first - 1] != "its":
        return None
    for token in range(first - 2, -1, -1):
        if doc.sentence[token] != doc.sentence[first]:
            return None
        if token in place_at and place_at[token].role != "people" and doc.parse.dep[token].startswith("nsubj"):
            return place_at[token].state.code
    return None


def _sender(doc: Document, at: int, place_at: dict[int, Place]) -> str | None:
    """ "Japan is sending a three-man team": the country that sends it."""
    verb = doc.parse.head[at]
    if doc.parse.lemma[verb] not in group_words("sending"):
        return None
    for subject in doc.parse.children(verb, "nsubj", "agent", "nsubjpass"):
        for token in (subject, *doc.parse.children(subject)):
            if token != at and token in place_at and place_at[token].role in ("country", "capital", "metonym"):
                return place_at[token].state.code
    return None
