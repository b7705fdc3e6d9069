"""What follows an office: "of France", "of the Bank of England", "in the presidency", "to Britain"."""

from dataclasses import dataclass

from visitwire_language.bodies import International
from visitwire_language.classes import office_words
from visitwire_language.offices import Title

from visitwire_extraction.document import Document
from visitwire_extraction.internationals import international_at
from visitwire_extraction.step_results import Place
from visitwire_extraction.tags import MODIFIER_TAGS
from visitwire_extraction.vocabulary import Vocabulary

_WITH_TOWN = 3
"""Words of a town and a name behind it, at least."""
_BODY = 3
"""Words of a body behind the people that it is of, at most."""
_INSIDE_TAGS = MODIFIER_TAGS | {"DT", "CC", "POS", "IN", "PRP$"}


@dataclass(frozen=True)
class Complement:
    """Where the office's own words end, where the whole phrase ends, and whose office it makes it."""

    words_end: int
    phrase_end: int
    place: Place | None = None
    organisation: International | None = None
    posted: bool = False
    """Whether somebody is sent there ("ambassador to the United Nations"), and so is not theirs."""


def complement(doc: Document, tables: Vocabulary, place_at: dict[int, Place], end: int, title: Title) -> Complement:
    """What stands after a title that ends before the token `end`."""
    nothing = Complement(end, end)
    if (
        end + 1 >= len(doc)
        or not doc.same_paragraph(end - 1, end + 1)
        or (title.words in office_words("takes nothing after it") and not _is_realm(doc, place_at, end))
    ):
        return nothing
    link, at = doc.plain[end], end + 1
    if link == ",":
        stop = _fields_end(doc, end - 1) if title.kind == "minister" else end  # "of Foreign Affairs, Trade and Tourism"
        return Complement(stop, stop) if stop > end else _of_embassy(doc, place_at, end) or nothing
    if link not in ("of", "for", "at", "in", "to", "on"):
        return nothing
    if doc.plain[at] in ("the", "a", "an", "his", "her", "its") and doc.same_paragraph(at, at + 1):
        at += 1
    place = place_at.get(at)
    if place and place.role == "people" and _is_titled_name(doc, tables, place.end):
        return nothing  # "an aide to Estonian President Oll"
    if place and not _heads_a_name(doc, place):
        owned = link in ("of", "at", "for") and _of_owned(doc, tables, place_at, end, place)
        return owned or _of_place(doc, link, end, title, place)
    if link == "in" and title.kind == "minister" and doc.plain[at] in office_words("seats"):
        return Complement(at + 1, at + 1)
    field = title.kind == "minister" and doc.plain[at] in office_words("fields")  # "Minister of Justice": no justice
    on = (
        link == "on" and title.kind == "official" and doc.is_capital(end - 1) and doc.is_capital(at)
    )  # "Adviser on the Peace Process Ana Krogh"
    if (link in ("in", "on") and not on) or (not field and _is_titled_name(doc, tables, at)):
        return nothing
    entry = international_at(doc, tables, at)
    if entry:
        owned = _of_body(doc, tables, place_at, *entry)
        return owned or _of_states(doc, tables, place_at, *entry, posted=link in ("to", "at"))
    if link == "to" and title.kind != "envoy":
        return nothing
    if title.words in office_words("of a town") and (town := _town_end(doc, at)):
        return Complement(town, town)
    stop = _complement_end(doc, tables, at, place_at)
    charged = link == "for" and title.kind == "minister"  # "minister for Syrian refugees": what for, not whose
    inside = None if charged else next((place_at[token] for token in range(at, stop) if token in place_at), None)
    return Complement(stop, _past_acronym(doc, stop), inside) if stop > at else nothing


def _is_realm(doc: Document, place_at: dict[int, Place], link: int) -> bool:
    """ "The king of Saudi Arabia": the name of a country, before which no article stands, is what somebody rules."""
    place = place_at.get(link + 1)
    return doc.plain[link] == "of" and place is not None and place.role == "country"


def _of_embassy(doc: Document, place_at: dict[int, Place], end: int) -> Complement | None:
    """ "Second Secretary, Embassy of Japan": whose embassy it is."""
    at = end + 1
    if doc.plain[at : at + 2] != ("embassy", "of"):
        return None
    at += 2 + (doc.plain[at + 2 : at + 3] == ("the",))
    place = place_at.get(at)
    return Complement(end, place.end, place) if place and doc.same_paragraph(end, at) else None


def _of_owned(
    doc: Document, tables: Vocabulary, place_at: dict[int, Place], end: int, place: Place
) -> Complement | None:
    """ "Deputy chief at Russia's foreign ministry", "director of Iran's atomic programme": something of a country's."""
    after = place.end + 1
    if after >= len(doc) or doc.words[place.end] not in ("'s", "’s") or not doc.same_paragraph(end, after):
        return None
    stop = _complement_end(doc, tables, after, place_at)
    return Complement(stop, stop, place) if stop > after else Complement(end, place.end, place)


def _of_place(doc: Document, link: str, end: int, title: Title, place: Place) -> Complement:
    if link == "of":
        stop = _body_end(doc, place.end) if place.role == "people" else place.end
        return Complement(stop if stop > place.end else end, stop, place)
    if link == "to" and title.kind == "envoy":
        stop = place.end
        while stop < len(doc) and doc.same_paragraph(end, stop) and doc.parse.tag[stop] in ("NN", "NNS"):
            stop += 1
        return Complement(stop, stop)  # "ambassador to Britain", "envoy to the Kosovo talks": not theirs
    if link == "for" and title.kind == "minister" and place.role == "country":
        return Complement(end, place.end, place)  # "oil minister for Iran"
    name_follows = place.end < len(doc) and doc.is_capital(place.end) and doc.same_paragraph(end, place.end)
    return Complement(end, place.end if name_follows else end)


def _body_end(doc: Document, at: int) -> int:
    """ "Of the Iraqi Kurdistan Region Ana Silva": where the body ends whose capitals begin at a token; the token itself
    if none does."""
    stop = at
    while stop < min(at + _BODY, len(doc)) and doc.is_capital(stop) and doc.same_paragraph(at - 1, stop):
        stop += 1
        if doc.plain[stop - 1] in office_words("bodies"):
            return stop
    return at


def _of_body(
    doc: Document, tables: Vocabulary, place_at: dict[int, Place], end: int, organisation: International
) -> Complement | None:
    """ "The UN's World Food Programme", "the EU's military staff": something that an organisation of states has."""
    if end + 1 >= len(doc) or doc.words[end] not in ("'s", "’s") or not doc.same_paragraph(end, end + 1):
        return None
    part = international_at(doc, tables, end + 1)
    stop = part[0] if part else _complement_end(doc, tables, end + 1, place_at)
    return Complement(stop, stop, None, part[1] if part else organisation) if stop > end + 1 else None


def _of_states(
    doc: Document, tables: Vocabulary, place_at: dict[int, Place], stop: int, organisation: International, posted: bool
) -> Complement:
    """ "representative to the United Nations in Geneva": the town is not part of the office's words."""
    if (
        doc.plain[stop : stop + 1] == ("for",)
        and doc.plain[stop + 1 : stop + 2]
        and doc.plain[stop + 1] in office_words("fields")
    ):
        stop = _complement_end(doc, tables, stop + 1, place_at)  # "of the European Union for Foreign Affairs"
    seat = place_at.get(stop + 1) if doc.plain[stop : stop + 1] == ("in",) else None
    seated = seat is not None and doc.same_paragraph(stop, stop + 1)
    return Complement(stop, seat.end if seat and seated else stop, None, organisation, posted)


def _is_titled_name(doc: Document, tables: Vocabulary, at: int) -> bool:
    """ "spokesman for Prime Minister Nakasone": somebody else's office begins."""
    other = tables.titles.longest(doc.plain, at) if at < len(doc) else None
    return other is not None and other[0] < len(doc) and doc.is_capital(other[0])


def _past_acronym(doc: Document, stop: int) -> int:
    """ "the Islamic Resistance Movement (Hamas) Khaled …": the end of the brackets, where a capital follows them."""
    if stop + 3 < len(doc) and doc.words[stop] == "(" and doc.words[stop + 2] == ")" and doc.is_capital(stop + 3):
        return stop + 3
    return stop


def _heads_a_name(doc: Document, place: Place) -> bool:
    """Whether the place is the first word of a longer name: "chairman of the US Securities and Exchange Commission"."""
    if place.end >= len(doc) or not doc.same_paragraph(place.first, place.end):
        return False
    ent = doc.ent_at.get(place.end)
    inside = (
        ent is not None and ent.label == "ORG" and not office_words("bodies").isdisjoint(doc.plain[place.end : ent.end])
    )
    return inside or (
        place.role in ("people", "country") and doc.parse.tag[place.end] in ("NN", "NNS") and place.role == "people"
    )


def _complement_end(doc: Document, tables: Vocabulary, at: int, place_at: dict[int, Place]) -> int:
    """The end of the noun phrase after "of", at most ten words on."""
    stop = _fields_end(doc, at)
    if stop > at:
        return stop
    while stop < len(doc) and stop - at < 10 and doc.same_paragraph(at, stop):
        tag = doc.parse.tag[stop]
        if stop > at and doc.is_capital(stop) and _closed(doc, stop - 1, place_at):
            break
        if doc.plain[stop] == "and" and _another(doc, tables, place_at, stop + 1):
            break
        if doc.label[at] == "ORG" == doc.label[stop] and doc.words[stop] not in ",;:()":
            stop += 1
            continue
        person = doc.label[stop] == "PERSON" and doc.plain[stop] not in office_words("fields")
        far = tag == "RB" and doc.parse.tag[stop + 1 : stop + 2] == ("JJ",)  # "of the far right party"
        if person or not (tag in _INSIDE_TAGS or far) or doc.words[stop] in ",;:":
            break
        if tag == "IN" and doc.plain[stop] not in ("of", "for"):
            break
        stop += 1
    while stop > at and doc.parse.tag[stop - 1] in ("DT", "CC", "IN", "POS"):
        stop -= 1
    return stop


def _town_end(doc: Document, at: int) -> int | None:
    """ "MP for Kalkudah Ana Maria Krogh": where a town ends that the model takes for a part of the name."""
    ent = doc.ent_at.get(at)
    if ent is None or ent.label != "PERSON" or ent.first != at or ent.end - at < _WITH_TOWN:
        return None
    return at + 1


def _is_field(doc: Document, token: int) -> bool:
    return doc.plain[token] in office_words("fields") or doc.plain[token] == "affairs"


def _past_fields(doc: Document, stop: int) -> int:
    while stop < len(doc) and _is_field(doc, stop):
        stop += 1
    return stop


def _another(doc: Document, tables: Vocabulary, place_at: dict[int, Place], at: int) -> bool:
    """Whether another office begins: "head of the Pakistani government and Afghan president"."""
    if at < len(doc) and doc.plain[at] in ("a", "an"):  # "and a Likud lawmaker"
        return any(tables.titles.longest(doc.plain, token) for token in range(at + 1, min(at + 3, len(doc))))
    at = place_at[at].end if at in place_at and place_at[at].role == "people" else at
    return at < len(doc) and tables.titles.longest(doc.plain, at) is not None


def _fields_end(doc: Document, at: int) -> int:
    """ "Trade, Industry and Energy": the end of a list of fields that has a comma; elsewhere where it began."""
    stop, listed = at, False
    while stop + 3 < len(doc) and doc.same_paragraph(at, stop + 3) and _is_field(doc, stop):
        stop += 1
        last = stop + (doc.words[stop] == ",")
        if doc.plain[last] in ("and", "&") and doc.plain[last + 1] in office_words("fields"):
            return _past_fields(doc, last + 1) if listed or last > stop else at
        if last > stop and doc.plain[last] in office_words("fields"):
            listed, stop = True, last
    return at


def _closed(doc: Document, token: int, place_at: dict[int, Place]) -> bool:
    """Whether a word ends the name of a body or place: a capital after it begins another name."""
    if token in place_at:
        place = place_at[token]
        if place.role == "people" and doc.label[place.end] in ("ORG", ""):
            return False  # "the Chinese People's Political Consultative Conference"
        return token == place.end - 1 and not _heads_a_name(doc, place)
    if doc.plain[token] in office_words("fields") and doc.plain[token + 1] in office_words("fields"):
        return False  # "Minister for State Security"
    if doc.plain[token] in office_words("fields") and doc.plain[token + 1] not in office_words("bodies"):
        return doc.label[token + 1] in ("", "PERSON", "GPE")  # "Minister for Fisheries Ana Silva"
    middle = token > 0 and doc.plain[token - 1] in ("middle", "near", "far")
    if middle and doc.plain[token + 1] == "affairs":
        return False  # "Assistant Secretary for Near East Affairs Ana Silva"
    if doc.plain[token] not in office_words("bodies") or (doc.plain[token] == "east" and not middle):
        return False
    ent = doc.ent_at.get(token)
    return ent is None or not any(doc.plain[later] in office_words("bodies") for later in range(token + 1, ent.end))
