"""Office phrases: "former Russian Deputy Foreign Minister", "the president of France", "IMF managing director"."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from visitwire_language.bodies import International
from visitwire_language.classes import office_words
from visitwire_language.offices import Title
from visitwire_language.phrases import plain

from visitwire_extraction.complements import complement
from visitwire_extraction.document import Document
from visitwire_extraction.internationals import international_in
from visitwire_extraction.precedents import before_title, is_hyphen, is_of_age, standing_only
from visitwire_extraction.step_results import Office, Place
from visitwire_extraction.vocabulary import Vocabulary

_WITH_SECRETARIES = frozenset({"PH", "GB", "KE", "MX"})
"""States beside the United States that call their ministers secretaries."""
_WITH_REPRESENTATIVES = frozenset({"AU", "CA", "KR", "LR", "NG", "PH", "PK"})
"""States whose legislators wires call "Sen." and "Rep." too."""
_WITH_GOVERNORS = frozenset({"AR", "BR", "ID", "IN", "JP", "KE", "MX", "NG", "PH", "PK"})
"""States whose governors wires call "Gov." too."""


def offices(doc: Document, tables: Vocabulary, places: list[Place]) -> list[Office]:
    """Every office phrase of the story in text order."""
    place_at = {token: place for place in places for token in range(place.first, place.end)}
    found: list[Office] = []
    at = 0
    while at < len(doc):
        entry = tables.titles.longest(doc.plain, at)
        inside = at in place_at and place_at[at].end - place_at[at].first > 1  # "Sharm el Sheikh"
        if entry is None or inside or not _is_title(doc, at, entry):
            at += 1
            continue
        end, title = entry
        loose = bool(found) and _is_bare(found[-1]) and at - found[-1].end <= 3
        floor = found[-1 - loose].end if len(found) > loose else 0
        office = _phrase(doc, tables, place_at, at, end, title, floor)
        if loose and office.first <= found[-1].first:
            found.pop()  # "executive council chairman", "general prosecutor"
        found.append(office)
        at = max(end, office.end)
    return _aides(doc, _merged(doc, _shared(doc, found)))


def _is_bare(office: Office) -> bool:
    """Whether an office may only say more of the next ("executive council chairman"): nothing completes it."""
    return office.title.words in office_words("adjectival") and office.end == office.head + 1


def _shared(doc: Document, found: Sequence[Office]) -> list[Office]:
    """ "The king and crown prince of Oman", "Peru's president and prime minister": one country for both."""
    result = list(found)
    for at in range(1, len(result)):
        one, other = result[at - 1], result[at]
        if doc.plain[one.end : other.first] not in (("and",), ("and", "the")) or one.owner or other.owner:
            continue
        named = _is_before_capital(doc, other) and not one.title.kind == other.title.kind == "role"
        if one.country is None and one.organisation is None and other.country:
            result[at - 1] = replace(one, country=other.country)
        elif other.country is None and other.organisation is None and one.country and not named:
            result[at] = replace(other, country=one.country, determiner=other.determiner or one.determiner)
    return result


def _is_before_capital(doc: Document, office: Office) -> bool:
    end = office.end
    return end < len(doc) and doc.is_capital(end) and doc.same_paragraph(office.head, end)


def _merged(doc: Document, found: Sequence[Office]) -> list[Office]:
    """ "Diplomatic Adviser to the Prime Minister Ana Silva": with capitals, the whole of it is the adviser's."""
    result = list[Office]()
    for office in found:
        chief = result[-1] if result else None
        if (
            chief is not None
            and chief.title.kind == "official"
            and doc.plain[chief.end : office.first] == ("to", "the")
            and doc.is_capital(chief.head)
            and doc.is_capital(office.head)
        ):
            words = f"{chief.words} {doc.text(chief.end, office.end)}"
            result[-1] = replace(chief, end=office.end, words=words, country=chief.country or office.country)
        else:
            result.append(office)
    return result


_AIDES = frozenset({"official", "spokesperson", "envoy"})


def _aides(doc: Document, found: Sequence[Office]) -> list[Office]:
    """ "An aide to Surinam military leader Bouterse": of that leader's country."""
    result = list(found)
    for at in range(len(result) - 1):
        one, other = result[at], result[at + 1]
        if one.title.kind not in _AIDES or one.country or one.organisation or one.owner or one.plural:
            continue
        between = doc.plain[one.end : other.first]
        if between in (("to",), ("of",), ("for",), ("to", "the"), ("of", "the"), ("for", "the")):
            result[at] = replace(one, country=other.country, organisation=other.organisation)
    for at in range(1, len(result)):
        one, other = result[at], result[at - 1]
        if one.owner and one.country is None and one.first <= other.head < other.end < one.head:
            result[at] = replace(one, country=other.country)  # "the UAE president's diplomatic adviser"
    return result


def _is_title(doc: Document, at: int, entry: tuple[int, Title]) -> bool:
    """Verbs that look like titles ("to head", "chairs", "models") are none."""
    end, title = entry
    acronym = title.words in office_words("written in capitals") and doc.words[at][:-1].isupper()
    if title.words.rstrip(".") in office_words("written short") and not (
        (doc.words[at][0].isupper() and end < len(doc) and doc.is_capital(end)) or (acronym and not doc.is_shouted(at))
    ):
        return False
    if title.words == "pm" and (doc.words[at] != "PM" or (at > 0 and doc.words[at - 1][0].isdigit())):
        return False  # "5 PM"
    if not doc.same_paragraph(at, end - 1) or (title.words == "premier" and doc.parse.tag[at] == "JJ"):
        return False  # "Asia's premier summit"
    if title.words == "justice" and doc.plain[end : end + 1] in (("department",), ("ministry",)):
        return False  # "Justice Department Deputy Attorney General"
    if doc.parse.tag[at] == "JJ" and title.words in office_words("ordinary words"):
        return False  # "a major railway station"
    if at > 1 and doc.words[at - 1] == "-" and doc.parse.tag[at - 2] == "CD" and is_hyphen(doc, at - 1):
        return False  # "a five-judge bench"
    return end - at > 1 or (
        doc.parse.tag[at] in ("NN", "NNS", "NNP", "NNPS", "JJ", "FW", "UH", "VB", "VBP")
        and not (
            doc.parse.tag[at] in ("VB", "VBP", "VBZ")
            and doc.parse.dep[at] in ("ROOT", "ccomp", "xcomp", "conj", "advcl", "relcl")
        )
    )


def _phrase(
    doc: Document, tables: Vocabulary, place_at: dict[int, Place], at: int, end: int, title: Title, floor: int
) -> Office:
    head = _main_noun(doc, at, end)
    first, standing, place, determiner, owner = before_title(doc, place_at, at, floor)
    office_first = first
    while office_first < at and (
        doc.plain[office_first] in office_words("around")
        or doc.words[office_first] in "-–"
        or standing_only(doc, office_first)
        or is_of_age(doc, office_first)
    ):
        office_first += 1
    standing = standing or (
        "deputy" if "vice" in title.words or title.words.startswith(("under", "assistant s")) else ""
    )
    end, elect = _elect(doc, end)
    country = place.state.code if place else None
    after = complement(doc, tables, place_at, end, title)
    if after.place and country is None:
        country = after.place.state.code
    organisation, posted = after.organisation, after.posted
    if organisation is None and owner is not None and (owning := international_in(doc, tables, *owner)):
        organisation = owning[0]
    if title.kind == "envoy" and place and organisation is None and (sender := _sender(doc, tables, place)):
        organisation, country, place = sender, None, None  # "UN Syria envoy"
    if organisation is None and (before := international_in(doc, tables, office_first, at)):
        organisation, office_first = before
        office_first += doc.words[office_first] == ")"
        posted = _is_posted(doc, title, organisation, office_first, end)
    if organisation is None and title.words == "commissioner" and "european" in doc.plain[office_first:at]:
        organisation = tables.by_acronym["EU"]  # "European Competition Commissioner"
    acronym = any(_is_acronym(doc, token) and token not in place_at for token in range(office_first, at))
    owned = bool(organisation or owner or after.words_end > end or acronym)
    title = _settled(title, frozenset(doc.plain[at : after.words_end]), owned, country is not None)
    return Office(
        first=min(first, place.first if place else first, owner[0] if owner else first),
        end=after.phrase_end,
        head=head,
        title=title,
        words=_singular(doc, office_first, at, title)
        if title.plural
        else _strip_elect(doc, office_first, after.words_end),
        standing=elect or standing or "held",
        country=country or (title.country if _is_implied(doc, title, place_at, end, standing) else None),
        organisation=organisation,
        owner=doc.text(*owner) if owner and organisation is None else None,
        determiner=determiner,
        plural=title.plural,
        posted=posted,
    )


def _is_acronym(doc: Document, token: int) -> bool:
    """ "KVB president": a company or body whose president is no head of state."""
    word = doc.words[token]
    return len(word) > 1 and word.isalpha() and word.isupper() and not doc.is_shouted(token)


def _is_posted(doc: Document, title: Title, organisation: International, first: int, end: int) -> bool:
    """ "UN ambassador Krogh": a state's ambassador to a body that sends none."""
    sends = doc.plain[end : end + 1] == ("to",) or "goodwill" in doc.plain[first:end]
    return (
        title.words in office_words("posted to a body")
        and plain(organisation.acronym) in office_words("sends no ambassadors")
        and not sends
    )


def _is_implied(doc: Document, title: Title, place_at: dict[int, Place], end: int, standing: str) -> bool:
    """Whether a title alone gives its country. Other states than the United States have secretaries too: a story that
    names one of them and never the United States means that one's."""
    named = Counter(place.state.code for place in place_at.values())
    short = title.words.rstrip(".")
    if short == "gov":
        return named["US"] >= max((named[code] for code in _WITH_GOVERNORS), default=0)
    if short in office_words("legislators written short"):
        return "US" in named or named.keys().isdisjoint(_WITH_REPRESENTATIVES)
    chief = title.words == "secretary of state" and standing != "deputy" and doc.plain[end : end + 1] != ("for",)
    if title.country != "US" or "secretary" not in title.words or chief:
        return True
    return "US" in named or named.keys().isdisjoint(_WITH_SECRETARIES)


def _sender(doc: Document, tables: Vocabulary, place: Place) -> International | None:
    """The organisation of states named right before the place that its envoy is for."""
    found = international_in(doc, tables, max(0, place.first - 4), place.first)
    return found[0] if found and found[1] == place.first and doc.same_paragraph(found[1] - 1, place.first) else None


def _settled(title: Title, said: frozenset[str], owned: bool, of_state: bool) -> Title:
    """The kind of a presidency or chair by what it presides over: a chamber, an organisation, or a state."""
    if said & office_words("chambers") and title.kind in ("head_of_state", "head_of_organization"):
        return replace(title, kind="legislator")
    if title.kind == "head_of_state" and "president" in title.words and owned:
        return replace(title, kind="head_of_organization")
    if title.words == "vice-president" and of_state and not owned:
        return replace(title, kind="head_of_state")
    return title


def _singular(doc: Document, first: int, at: int, title: Title) -> str:
    """ "Presidents" is each one's "President"."""
    before = doc.text(first, at) + " " if first < at else ""
    return before + (title.words.title() if doc.words[at][0].isupper() else title.words)


def _strip_elect(doc: Document, first: int, end: int) -> str:
    words = doc.text(first, end)
    for suffix in ("-elect", "-designate", " elect", " designate", "- elect"):
        words = words.removesuffix(suffix)
    return words


def _main_noun(doc: Document, at: int, end: int) -> int:
    """The noun of the title: before "of", else its last word."""
    for token in range(at, end):
        if doc.plain[token] in ("of", "in", "to") and token > at:
            return token - 1
    return end - 1


def _elect(doc: Document, end: int) -> tuple[int, str]:
    """The end and the standing of "President-elect", "prime minister designate"."""
    at = end
    if at < len(doc) and doc.words[at] in "-–" and at + 1 < len(doc):
        at += 1
    if at < len(doc) and doc.plain[at] in ("elect", "designate") and doc.same_paragraph(end - 1, at):
        return at + 1, doc.plain[at]
    return end, ""
