"""What stands before an office: its standing, the age of who holds it, a determiner, the country or body it is of."""

from dataclasses import replace

from visitwire_language.classes import office_words
from visitwire_language.offices import standings

from visitwire_extraction.document import Document
from visitwire_extraction.step_results import Place
from visitwire_extraction.tags import MODIFIER_TAGS


def standing_only(doc: Document, token: int) -> bool:
    return doc.plain[token] in standings() and doc.plain[token] not in ("deputy", "vice", "assistant", "under")


def before_title(
    doc: Document, place_at: dict[int, Place], at: int, floor: int
) -> tuple[int, str, Place | None, str | None, tuple[int, int] | None]:
    """What stands before the title: its first token, standing, country, determiner and other owner."""
    first, standing = at, ""
    while first > floor and doc.same_paragraph(first - 1, at):
        token = first - 1
        if doc.words[token] == "," and _lists_fields(doc, token, at):
            first = token
            continue
        if doc.words[token] == ")" and token >= first - 1 and token > floor + 2 and doc.words[token - 2] == "(":
            first = token - 2  # "Food and Agriculture Organization (FAO) director"
            continue
        if token in place_at:
            place = place_at[token]
            if _is_where(doc, place):
                break
            if is_for_or_against(doc, place):
                first = place.first - 2
                continue
            return _owner_place(doc, place, first, standing, place_at)
        if doc.parse.tag[token] == "POS" or doc.words[token] in ("'s", "’s", "'", "’"):
            return _possessive(doc, place_at, token, first, standing)
        if doc.plain[token] in office_words("determiners"):
            return first, standing, None, doc.plain[token], None
        if not _modifies(doc, token) or (doc.plain[token] == "under" and doc.plain[first] not in ("secretary", "-")):
            break
        standing = standing or standings().get(doc.plain[token], "")
        first = token
    return first, standing, None, None, None


def is_of_age(doc: Document, token: int) -> bool:
    """Whether a word is the number or the measure of "21-year-old"."""
    if doc.words[token].isdigit():
        return doc.plain[token + 1 : token + 5] == ("-", "year", "-", "old")
    return doc.plain[token] == "year" and doc.plain[token + 1 : token + 3] == ("-", "old")


def _lists_fields(doc: Document, comma: int, at: int) -> bool:
    """Whether a comma stands in the fields of one office: "Trade, Industry and Energy Minister"."""
    fields = comma > 0 and {doc.plain[comma - 1], doc.plain[comma + 1]} <= office_words("fields")
    return fields and "and" in doc.plain[comma:at] and doc.is_capital(comma - 1) and doc.is_capital(comma + 1)


def _modifies(doc: Document, token: int) -> bool:
    if doc.plain[token] in standings() or doc.plain[token] in office_words("around") or is_of_age(doc, token):
        return True
    if doc.plain[token] == "and":  # "Trade and Industry Minister", but not "Lee and Foreign Minister Kim"
        return (
            token + 1 < len(doc)
            and token > 0
            and doc.words[token - 1][:1].isupper() == doc.words[token + 1][:1].isupper()
            and doc.plain[token - 1] in office_words("fields")
            and (doc.plain[token + 1] in office_words("fields") or doc.words[token + 2 : token + 3] == ("-",))
        )
    if doc.words[token] in "-–/&":
        return doc.words[token] in "/&" or is_hyphen(doc, token)
    if doc.parse.tag[token] in ("VBG", "VBN") and doc.plain[token] not in office_words("participles"):
        return False
    return (
        doc.parse.tag[token] in MODIFIER_TAGS
        and (
            doc.plain[token] in office_words("fields")
            or doc.label[token] not in ("PERSON", "DATE", "TIME", "CARDINAL", "MONEY", "PERCENT")
        )
        and any(letter.isalpha() for letter in doc.words[token])
    )


def is_hyphen(doc: Document, token: int) -> bool:
    """Whether a dash stands inside a word; one with white space on both sides parts phrases."""
    parse = doc.parse
    loose = token > 0 and parse.end[token - 1] < parse.start[token] and token + 1 < len(doc)
    return not (loose and parse.end[token] < parse.start[token + 1])


def _is_where(doc: Document, place: Place) -> bool:
    """ "In Turkey Minister Ellwood met …": the place where something happens, not whose minister it is."""
    before = place.first - 1
    return (
        place.role != "people"
        and before >= 0
        and (doc.plain[before] == "in" or (doc.plain[before] == "at" and place.role != "country"))
        and doc.same_paragraph(before, place.first)
    )


def is_for_or_against(doc: Document, place: Place) -> bool:
    """ "The pro-China leader": a country that somebody is for or against, not theirs."""
    before = doc.plain[max(0, place.first - 2) : place.first]
    return len(before) == 2 and before[1] == "-" and before[0] in office_words("for or against")


def _owner_place(
    doc: Document, place: Place, first: int, standing: str, place_at: dict[int, Place]
) -> tuple[int, str, Place | None, str | None, tuple[int, int] | None]:
    """A place before the title owns the office, unless it is a city's ("New York mayor": the country still holds)."""
    beyond = place_at.get(place.first - 1)
    if place.role == "country" and beyond is not None and beyond.role in ("people", "country"):
        place = beyond  # "two US China experts": whose, then what on
    start = place.first
    before = start - 1
    determiner = None
    while (
        before >= 0
        and doc.same_paragraph(before, start)
        and (
            doc.plain[before] in standings()
            or doc.plain[before] in office_words("around")
            or is_of_age(doc, before)
            or (doc.words[before] == "-" and is_hyphen(doc, before))
        )
    ):
        standing = standing or standings().get(doc.plain[before], "")
        start, before = before, before - 1
    if before >= 0 and doc.same_paragraph(before, start) and doc.plain[before] in office_words("determiners"):
        determiner = doc.plain[before]
    return (first, standing, replace(place, first=start), determiner, None)


def _possessive(
    doc: Document, place_at: dict[int, Place], mark: int, first: int, standing: str
) -> tuple[int, str, Place | None, str | None, tuple[int, int] | None]:
    owner = mark - 1
    if owner >= 0 and doc.words[mark] in ("s",):
        owner -= 1
    if owner in place_at:
        place = place_at[owner]
        return first, standing, place, "'s", None
    if owner >= 0 and doc.plain[owner] in office_words("own"):
        return first, standing, None, "its", None
    start = owner
    while start > 0 and owner - start < 6 and doc.same_paragraph(start - 1, owner) and _owns_too(doc, start - 1, owner):
        start -= 1
    named = place_at.get(start - 1) if doc.same_paragraph(start - 1, owner) else None  # "the Kenyan army's commander"
    return first, standing, named, "'s", (start, owner + 1) if owner >= 0 else None


def _owns_too(doc: Document, token: int, owner: int) -> bool:
    """Whether a word belongs to the owner: of the same name, or of a title that names it ("UN Secretary-General")."""
    same = bool(doc.label[token]) and doc.label[token] == doc.label[owner]
    return same or (doc.plain[owner] in ("general", "secretary") and (doc.is_capital(token) or doc.words[token] == "-"))
