"""Lists: countries that an office or a group is of, names behind an office in the plural, and whose they are."""

from collections.abc import Mapping, Sequence

from visitwire_language.classes import office_words

from visitwire_extraction.document import Document
from visitwire_extraction.internationals import international_at
from visitwire_extraction.step_results import Name, Office, Place
from visitwire_extraction.vocabulary import Vocabulary

_INCLUDING = (("including",), ("among", "them"), ("such", "as"), ("namely",))
_IN_BRACKETS = 6
"""Tokens between the brackets behind a name, at most: "(DFA)"."""
_FAR = 12
"""Tokens between an office and "including", at most: "ministers from Asian countries and regions, including Japan"."""
_UNKNOWN = 4
"""Capitals in a list that nothing knew for a name, at most."""
_OF = 5
"""Tokens between "of" behind a name and the country, at most: "of the Republic of Congo"."""


def owners_before(doc: Document, office: Office, place_at: Mapping[int, Place]) -> tuple[list[str], int]:
    """ "French, German and Italian ministers": the one beside the office, those joined to it, and where they begin."""
    found = [office.country] if office.country else []
    if office.organisation is not None and not office.posted:
        found = [office.organisation.acronym]
    first, token = office.first, office.first - 1
    while found and token > 0 and doc.same_paragraph(token, office.first):
        if token in place_at and place_at[token].role in ("people", "country"):
            found.insert(0, place_at[token].state.code)
            first = place_at[token].first
            token = first - 1
        elif doc.plain[token] in ("and", ",") and token - 1 in place_at:
            token -= 1
        else:
            break
    return found, first


def owners_after(
    doc: Document, tables: Vocabulary, office: Office, place_at: Mapping[int, Place]
) -> tuple[list[str], int]:
    """ "Ministers of France and Germany", "heads of state of Gabon and Chad", "officials from Peru"; and where these
    end."""
    for link in range(office.head + 1, min(office.end + 1, len(doc) - 1)):
        if doc.plain[link] in ("of", "from") and doc.same_paragraph(office.head, link + 1):
            found, end = listed_owners(doc, tables, link + 1, place_at)
            if found:
                return found, max(end, office.end)
    for token in range(office.end, min(office.end + _FAR, len(doc) - 1)):
        if doc.sentence[token] != doc.sentence[office.head]:
            break
        if doc.plain[token] == "including" and token + 1 in place_at:
            return listed_owners(doc, tables, token + 1, place_at)
    return [], office.end


def listed_owners(doc: Document, tables: Vocabulary, at: int, place_at: Mapping[int, Place]) -> tuple[list[str], int]:
    """The countries and bodies of a list, and where the last of them ends: "Gabon, Mali and the African Union"."""
    skipped, found, end = 0, list[str](), at
    while at < len(doc) and doc.same_paragraph(at - 1, at):
        entry = international_at(doc, tables, at)
        if entry:
            found.append(entry[1].acronym)
            at = end = entry[0]
        elif at in place_at and place_at[at].role in ("country", "people", "metonym"):
            found.append(place_at[at].state.code)
            at = end = place_at[at].end
        elif doc.plain[at] in ("the", ",", "and", "both") or (skipped < 2 and doc.parse.tag[at] in ("JJ", "CD", "NNP")):
            skipped += doc.plain[at] not in ("the", ",", "and", "both")
            at += 1
        else:
            break
    return found, end


def names_listed(
    doc: Document, at: int, starts: Mapping[int, Name], place_at: Mapping[int, Place]
) -> list[tuple[Name, str | None]]:
    """The names of a list that begins at a token, up to the first with an office of its own, and the country that
    stands behind each: "Denis Sassou-Nguesso of the Republic of Congo, Yoweri Museveni of Uganda and Paul Kagame"."""
    found = list[tuple[Name, str | None]]()
    while (name := starts.get(at)) is not None and (name.office is None or name.office.plural):
        at, country = _behind(doc, name.end, place_at)
        found.append((name, country))
        at = past_separator(doc, at)
        at = at if at in starts else _past_unknown(doc, at)
    return found


def _past_unknown(doc: Document, at: int) -> int:
    """Where a list goes on behind capitals that nothing knew for a name; -1 where it does not."""
    end = at
    while 0 <= end < len(doc) and end - at < _UNKNOWN and doc.is_capital(end):
        end += 1
    return past_separator(doc, end) if 0 < at < end else -1


def _behind(doc: Document, at: int, place_at: Mapping[int, Place]) -> tuple[int, str | None]:
    """The end of what stands behind a name of a list: ", Jr", "(DFA)", "of Uganda", whose country it gives."""
    if _are(doc, at, (",", "jr")) or _are(doc, at, (",", "jr.")):
        at += 2
    if _are(doc, at, ("(",)) and ")" in doc.words[at : at + _IN_BRACKETS]:
        at = doc.words.index(")", at) + 1
    if _are(doc, at, ("of",)) or _are(doc, at, ("from",)):
        for after in range(at + 1, min(at + 1 + _OF, len(doc))):
            if after in place_at and doc.same_paragraph(at, after):
                return place_at[after].end, place_at[after].state.code
    return at, None


def past_separator(doc: Document, at: int) -> int:
    """Where the next of a list begins after a comma, "and" or both; -1 where neither stands."""
    after = at + _are(doc, at, (",",))
    after += _are(doc, after, ("and",))
    return after if after > at and doc.same_paragraph(at, after) else -1


def past_including(doc: Document, at: int) -> int:
    """Where a list begins after ", including"; -1 where none does."""
    after = at + _are(doc, at, (",",))
    return next((after + len(words) for words in _INCLUDING if _are(doc, after, words)), -1)


def _are(doc: Document, at: int, words: Sequence[str]) -> bool:
    return doc.plain[at : at + len(words)] == tuple(words) and doc.same_paragraph(max(at - 1, 0), at)


def after_name(doc: Document, name: Name, place_at: dict[int, Place]) -> str | None:
    """ "President Jose Sarney of Brazil", or "President Jose Sarney, Brazil" in a list."""
    at = name.end
    if at + 1 < len(doc) and doc.words[at] == "," and (listed := place_at.get(at + 1)) and listed.role == "country":
        ends = (
            listed.end >= len(doc) or not doc.same_paragraph(at, listed.end) or doc.words[listed.end] in ("-", "–", ";")
        )
        return listed.state.code if ends else None
    if at + 1 >= len(doc) or doc.plain[at] not in ("of", "from") or not doc.same_paragraph(at, at + 1):
        return None
    after = at + 1
    while (
        after + 1 < len(doc)
        and after - at < 5
        and after not in place_at
        and doc.plain[after] in office_words("before a country's name")
    ):
        after += 1
    place = place_at.get(after)
    if place is None or (place.role == "people" and doc.parse.tag[place.end : place.end + 1] in (("NN",), ("NNS",))):
        return None
    return place.state.code
