"""Organisations of states where a story names them."""

from visitwire_language.bodies import International

from visitwire_extraction.document import Document
from visitwire_extraction.vocabulary import Vocabulary


def international_at(doc: Document, tables: Vocabulary, token: int) -> tuple[int, International] | None:
    """The organisation of states that starts at a token: in full, or as an acronym with its own capitals."""
    entry = tables.organisations.longest(doc.plain, token)
    if entry is None or not doc.same_paragraph(token, entry[0] - 1):
        return None
    end, organisation = entry
    if end - token > 1:
        return entry if doc.words[token][0].isupper() and not _is_national(doc, token) else None
    word = doc.words[token]
    shouted = doc.is_shouted(token)
    return (
        entry if not shouted and (word in organisation.names or word.replace(".", "") == organisation.acronym) else None
    )


def _is_national(doc: Document, token: int) -> bool:
    """ "National Security Council", "Supreme Council": a body of a state, by the word before it."""
    return token > 0 and doc.plain[token - 1] in ("national", "supreme", "higher") and doc.is_capital(token - 1)


def international_in(doc: Document, tables: Vocabulary, first: int, end: int) -> tuple[International, int] | None:
    """The first organisation of states among the tokens `[first, end)`, and where it ends, its acronym in brackets
    included."""
    for token in range(first, end):
        entry = international_at(doc, tables, token)
        if entry and entry[0] <= end:
            stop = entry[0]
            if stop + 2 < end and doc.words[stop] == "(" and doc.words[stop + 2] == ")":
                stop += 3
            return entry[1], stop
    return None


def acronyms(doc: Document, tables: Vocabulary) -> frozenset[str]:
    """The organisations of states that a story names."""
    found = (international_at(doc, tables, token) for token in range(len(doc)) if doc.words[token][0].isupper())
    return frozenset(entry[1].acronym for entry in found if entry)
