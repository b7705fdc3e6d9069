"""Office phrases: "former Russian Deputy Foreign Minister", "the president of France", "IMF managing director"."""

from dataclasses import dataclass, replace

from visitwire_extraction.document import Document
from visitwire_extraction.geography import Place
from visitwire_extraction.tables import International, Tables, Title

STANDINGS = {
    "former": "former", "ex": "former", "ex-": "former", "then": "former", "one-time": "former", "onetime": "former",
    "ousted": "former", "deposed": "former", "retired": "former", "late": "former", "deputy": "deputy", "vice": "deputy",
    "assistant": "deputy", "under": "deputy", "acting": "acting", "interim": "acting", "caretaker": "acting",
    "elect": "elect", "designate": "designate", "incoming": "designate",
}  # fmt: skip
_JUNK = frozenset(
    "visiting new senior top veteran influential outspoken embattled current outgoing former ex then ousted deposed retired "
    "late acting interim caretaker incoming exiled touring long-time longtime long time one onetime elder popular powerful "
    "unnamed unidentified aging ageing young old "
    "hardline moderate reformist fellow hawkish anonymous counterpart beloved rival fiery incumbent sitting jailed "
    "republican democratic democrat "
    "imprisoned controversial conservative liberal populist conservative leftist rightist socialist radical maverick".split()
)
"""Words before an office that are not part of its name."""
_MODIFIER_TAGS = frozenset({"JJ", "JJS", "NN", "NNS", "NNP", "NNPS", "VBG", "VBN", "HYPH", "AFX"})
_INSIDE_TAGS = _MODIFIER_TAGS | {"DT", "CC", "POS", "IN", "PRP$"}
_NO_COMPLEMENT = frozenset({"king", "queen", "pope", "senator", "sen.", "rep.", "official"})
_OWN = frozenset({"country", "nation", "republic", "kingdom", "government", "state", "nation's", "administration"})
_ADJECTIVAL = frozenset(
    "executive general veteran student official rebel counsel chief head model member worker deputy".split()
)
_SHORT = frozenset("gen lt maj col capt sgt sen sens rep reps gov adm supt pc mp".split())
"""Titles written short: with a capital, before a capital, or they are something else."""
_PARTICIPLES = frozenset(
    "planning housing mining engineering banking managing founding marketing shipping manufacturing fishing ruling governing "
    "united elected appointed armed unified allied combined joint".split()
)
_ABSTRACT = frozenset({"the", "a", "an", "his", "her", "its", "their", "this", "that", "our", "my", "any", "some", "no",
                       "every", "each", "one", "another", "these", "those", "all", "two", "three", "several", "your"})  # fmt: skip


@dataclass(frozen=True)
class Office:
    """An office phrase: tokens `[first, end)`, from its owner's country to the end of "of …"."""

    first: int
    end: int
    head: int
    """The token of its main noun."""
    title: Title
    words: str
    """The office as the story has it, without country and standing."""
    standing: str
    country: str | None
    organisation: International | None = None
    owner: str | None = None
    """The words of an owner that is no country ("Bundesbank")."""
    determiner: str | None = None
    plural: bool = False

    @property
    def noun(self) -> str:
        return self.title.words.split(" of ")[0].split()[-1]


def offices(doc: Document, tables: Tables, places: list[Place]) -> list[Office]:
    """Every office phrase of the story in text order."""
    place_at = {token: place for place in places for token in range(place.first, place.end)}
    found: list[Office] = []
    at = 0
    while at < len(doc):
        entry = tables.titles.longest(doc.plain, at)
        if entry is None or not _is_title(doc, at, entry):
            at += 1
            continue
        end, title = entry
        loose = bool(found) and found[-1].title.words in _ADJECTIVAL and at - found[-1].end <= 3
        floor = found[-1 - loose].end if len(found) > loose else 0
        office = _phrase(doc, tables, place_at, at, end, title, floor)
        if loose and office.first <= found[-1].first:
            found.pop()  # "executive council chairman", "general prosecutor"
        found.append(office)
        at = max(end, office.end)
    return found


def _is_title(doc: Document, at: int, entry: tuple[int, Title]) -> bool:
    """Verbs that look like titles ("to head", "chairs", "models") are none."""
    end, title = entry
    if title.words.rstrip(".") in _SHORT and not (
        doc.words[at][0].isupper() and end < len(doc) and doc.is_capital(end)
    ):
        return False
    if not doc.same_paragraph(at, end - 1):
        return False
    return (
        end - at > 1
        or doc.parse.tag[at] in ("NN", "NNS", "NNP", "NNPS", "JJ", "FW", "UH", "VB", "VBP")
        and not (
            doc.parse.tag[at] in ("VB", "VBP", "VBZ")
            and doc.parse.dep[at] in ("ROOT", "ccomp", "xcomp", "conj", "advcl", "relcl")
        )
    )


def _phrase(
    doc: Document, tables: Tables, place_at: dict[int, Place], at: int, end: int, title: Title, floor: int
) -> Office:
    head = _main_noun(doc, at, end)
    first, standing, place, determiner, owner = _left(doc, place_at, at, floor)
    office_first = first
    while office_first < at and (
        doc.plain[office_first] in _JUNK or doc.words[office_first] in "-–" or _standing_only(doc, office_first)
    ):
        office_first += 1
    standing = standing or ("deputy" if "vice" in title.words or title.words.startswith(("under", "assistant")) else "")
    end, elect = _elect(doc, end)
    country = place.state.code if place else None
    words_end, phrase_end, complement, organisation = _right(doc, tables, place_at, end, title)
    if complement and country is None:
        country = complement.state.code
    if organisation is None and owner is not None:
        organisation = _international(doc, tables, owner)
    left_organisation = _left_international(doc, tables, office_first, at)
    if organisation is None and left_organisation is not None:
        organisation, office_first = left_organisation
    if set(doc.plain[at:words_end]) & _CHAMBERS and title.kind in ("head_of_state", "head_of_organization"):
        title = replace(title, kind="legislator")
    elif title.kind == "head_of_state" and "president" in title.words and (organisation or owner or (words_end > end)):
        title = replace(title, kind="head_of_organization")
    return Office(
        first=min(first, place.first if place else first, owner[0] if owner else first),
        end=phrase_end,
        head=head,
        title=title,
        words=_singular(doc, office_first, at, title) if title.plural else _strip_elect(doc, office_first, words_end),
        standing=elect or standing or "held",
        country=country or title.country,
        organisation=organisation,
        owner=doc.text(*owner) if owner and organisation is None else None,
        determiner=determiner,
        plural=title.plural,
    )


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


def _standing_only(doc: Document, token: int) -> bool:
    return doc.plain[token] in STANDINGS and doc.plain[token] not in ("deputy", "vice", "assistant", "under")


def _left(
    doc: Document, place_at: dict[int, Place], at: int, floor: int
) -> tuple[int, str, Place | None, str | None, tuple[int, int] | None]:
    """What stands before the title: its first token, standing, country, determiner and other owner."""
    first, standing = at, ""
    while first > floor and doc.same_paragraph(first - 1, at):
        token = first - 1
        if doc.words[token] == ")" and token >= first - 1 and token > floor + 2 and doc.words[token - 2] == "(":
            first = token - 2  # "Food and Agriculture Organization (FAO) director"
            continue
        if token in place_at:
            place = place_at[token]
            if _is_where(doc, place):
                break
            return _owner_place(doc, place, first, standing, place_at)
        if doc.parse.tag[token] == "POS" or doc.words[token] in ("'s", "’s", "'", "’"):
            return _possessive(doc, place_at, token, first, standing)
        if doc.plain[token] in _ABSTRACT:
            return first, standing, None, doc.plain[token], None
        if not _modifies(doc, token):
            break
        standing = standing or STANDINGS.get(doc.plain[token], "")
        first = token
    return first, standing, None, None, None


def _modifies(doc: Document, token: int) -> bool:
    if doc.plain[token] in STANDINGS or doc.plain[token] in _JUNK:
        return True
    if doc.plain[token] == "and":  # "Trade and Industry Minister", but not "Lee and Foreign Minister Kim"
        return (
            token + 1 < len(doc)
            and token > 0
            and doc.words[token - 1][:1].isupper() == doc.words[token + 1][:1].isupper()
            and doc.plain[token - 1] in _DOMAINS
            and doc.plain[token + 1] in _DOMAINS
        )
    if doc.words[token] in "-–/&":
        return True
    if doc.parse.tag[token] in ("VBG", "VBN") and doc.plain[token] not in _PARTICIPLES:
        return False
    return (
        doc.parse.tag[token] in _MODIFIER_TAGS
        and doc.label[token] not in ("PERSON", "DATE", "TIME", "CARDINAL", "MONEY", "PERCENT")
        and any(letter.isalpha() for letter in doc.words[token])
    )


_DOMAINS = frozenset(
    "foreign finance trade industry economy economic planning budget defence defense interior justice labour labor health "
    "education agriculture fisheries forestry energy oil mines mining petroleum transport communications environment culture "
    "tourism sport sports youth works housing development science technology information external internal home affairs "
    "commerce commercial employment social welfare religious european international cooperation security public water "
    "resources promotion investment investments reform planning administration territories minorities women family families "
    "pensions immigration integration equality religion wakf parliamentary regional rural urban territorial digital industrial "
    "resources land food veterans tax revenue treasury legal coast guard army navy air force".split()
)  # fmt: skip


def _is_where(doc: Document, place: Place) -> bool:
    """ "In Turkey Minister Ellwood met …": the place where something happens, not whose minister it is."""
    before = place.first - 1
    return (
        place.role != "people"
        and before >= 0
        and doc.plain[before] in ("in", "at")
        and doc.same_paragraph(before, place.first)
    )


def _owner_place(
    doc: Document, place: Place, first: int, standing: str, place_at: dict[int, Place]
) -> tuple[int, str, Place | None, str | None, tuple[int, int] | None]:
    """A place before the title owns the office, unless it is a city's ("New York mayor": the country still holds)."""
    start = place.first
    before = start - 1
    determiner = None
    while (
        before >= 0
        and doc.same_paragraph(before, start)
        and (doc.plain[before] in STANDINGS or doc.plain[before] in _JUNK or doc.words[before] == "-")
    ):
        standing = standing or STANDINGS.get(doc.plain[before], "")
        start, before = before, before - 1
    if before >= 0 and doc.same_paragraph(before, start) and doc.plain[before] in _ABSTRACT:
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
    if owner >= 0 and doc.plain[owner] in _OWN:
        return first, standing, None, "its", None
    start = owner
    while (
        start > 0
        and doc.label[start - 1]
        and doc.label[start - 1] == doc.label[owner]
        and doc.same_paragraph(start - 1, owner)
    ):
        start -= 1
    return first, standing, None, "'s", (start, owner + 1) if owner >= 0 else None


def _elect(doc: Document, end: int) -> tuple[int, str]:
    """The end and the standing of "President-elect", "prime minister designate"."""
    at = end
    if at < len(doc) and doc.words[at] in "-–" and at + 1 < len(doc):
        at += 1
    if at < len(doc) and doc.plain[at] in ("elect", "designate") and doc.same_paragraph(end - 1, at):
        return at + 1, doc.plain[at]
    return end, ""


def _right(
    doc: Document, tables: Tables, place_at: dict[int, Place], end: int, title: Title
) -> tuple[int, int, Place | None, International | None]:
    """What "of …" adds: the ends of the office's words and of the phrase, the country, the organisation."""
    if end + 1 >= len(doc) or not doc.same_paragraph(end - 1, end + 1) or title.words in _NO_COMPLEMENT:
        return end, end, None, None
    if doc.plain[end] not in ("of", "for", "at", "in", "to", "on"):
        return end, end, None, None
    at = end + 1
    if doc.plain[at] in ("the", "a", "an", "his", "her", "its") and doc.same_paragraph(at, at + 1):
        at += 1
    place = place_at.get(at)
    if place and not _heads_a_name(doc, place):
        if doc.plain[end] != "of":
            if title.kind == "envoy" and doc.plain[end] == "to":
                return place.end, place.end, None, None  # "ambassador to Britain": not Britain's
            names = place.end < len(doc) and doc.is_capital(place.end) and doc.same_paragraph(end, place.end)
            return end, place.end if names else end, None, None
        return end, place.end, place, None
    if doc.plain[end] in ("in", "on"):
        inside = doc.plain[end] == "in" and title.kind == "minister" and doc.plain[at] in _SEATS
        return (at + 1, at + 1, None, None) if inside else (end, end, None, None)
    other = tables.titles.longest(doc.plain, at)
    if other and other[0] < len(doc) and doc.is_capital(other[0]) and doc.plain[end] != "of":
        return end, end, None, None  # "spokesman for Prime Minister Nakasone"
    entry = international_at(doc, tables, at)
    if entry:
        stop = entry[0]
        if stop + 1 in place_at and doc.plain[stop] == "in" and doc.same_paragraph(stop, stop + 1):
            return stop, place_at[stop + 1].end, None, entry[1]
        return stop, stop, None, entry[1]
    if doc.plain[end] == "to" and title.kind != "envoy":
        return end, end, None, None
    stop = _complement_end(doc, tables, at, place_at)
    if stop == at:
        return end, end, None, None
    inside = next((place_at[token] for token in range(at, stop) if token in place_at), None)
    return stop, _past_acronym(doc, stop), inside, None


def _past_acronym(doc: Document, stop: int) -> int:
    """ "the Islamic Resistance Movement (Hamas) Khaled …": the end of the brackets, where a capital follows them."""
    if stop + 3 < len(doc) and doc.words[stop] == "(" and doc.words[stop + 2] == ")" and doc.is_capital(stop + 3):
        return stop + 3
    return stop


_SEATS = frozenset({"presidency", "office", "cabinet", "ministry", "treasury", "government"})
BODIES = frozenset(
    "senate parliament house representatives assembly congress council commission committee party bank ministry union board "
    "association federation company corp corporation institute university agency organisation organization authority "
    "department office court delegation movement front league group society chamber center centre foundation exchange "
    "tower hall building center mall plaza bridge river lake mountain island islands park square county district airport hospital school college street road avenue stadium hotel theatre theater museum church award prize act bill law "
    "republic kingdom staff affairs state asia africa europe east america".split()
)
"""Words that end the name of a body, so that a capital after them begins another name."""
_CHAMBERS = frozenset(
    {"senate", "parliament", "house", "assembly", "congress", "knesset", "duma", "bundestag", "commons"}
)


def _heads_a_name(doc: Document, place: Place) -> bool:
    """Whether the place is the first word of a longer name: "chairman of the US Securities and Exchange Commission"."""
    if place.end >= len(doc) or not doc.same_paragraph(place.first, place.end):
        return False
    inside = doc.label[place.end] == "ORG"
    return inside or (
        place.role in ("people", "country") and doc.parse.tag[place.end] in ("NN", "NNS") and place.role == "people"
    )


def _complement_end(doc: Document, tables: Tables, at: int, place_at: dict[int, Place]) -> int:
    """The end of the noun phrase after "of", at most eight words on."""
    stop = at
    while stop < len(doc) and stop - at < 8 and doc.same_paragraph(at, stop):
        tag = doc.parse.tag[stop]
        if stop > at and doc.is_capital(stop) and _closed(doc, stop - 1, place_at):
            break
        if doc.plain[stop] == "and" and stop + 1 < len(doc) and tables.titles.longest(doc.plain, stop + 1):
            break
        if doc.label[at] == "ORG" == doc.label[stop] and doc.words[stop] not in ",;:()":
            stop += 1
            continue
        if doc.label[stop] == "PERSON" or tag not in _INSIDE_TAGS or doc.words[stop] in ",;:":
            break
        if tag == "IN" and doc.plain[stop] not in ("of", "for"):
            break
        stop += 1
    while stop > at and doc.parse.tag[stop - 1] in ("DT", "CC", "IN", "POS"):
        stop -= 1
    return stop


def _closed(doc: Document, token: int, place_at: dict[int, Place]) -> bool:
    """Whether a word ends the name of a body or place: a capital after it begins another name."""
    if token in place_at:
        place = place_at[token]
        return token == place.end - 1 and not _heads_a_name(doc, place)
    if doc.plain[token] in _DOMAINS and doc.plain[token + 1] not in _DOMAINS | BODIES:
        return doc.label[token + 1] in ("", "PERSON", "GPE")  # "Minister for Fisheries Ana Silva"
    if doc.plain[token] not in BODIES:
        return False
    ent = doc.ent_at.get(token)
    return ent is None or not any(doc.plain[later] in BODIES for later in range(token + 1, ent.end))


def international_at(doc: Document, tables: Tables, token: int) -> tuple[int, International] | None:
    """The organisation of states that starts at a token: in full, or as an acronym with its own capitals."""
    entry = tables.organisations.longest(doc.plain, token)
    if entry is None or not doc.same_paragraph(token, entry[0] - 1):
        return None
    end, organisation = entry
    if end - token > 1:
        return entry if doc.words[token][0].isupper() else None
    word = doc.words[token]
    shouted = doc.is_shouted(token)
    return (
        entry if not shouted and (word in organisation.names or word.replace(".", "") == organisation.acronym) else None
    )


def _international(doc: Document, tables: Tables, owner: tuple[int, int]) -> International | None:
    for start in range(*owner):
        entry = international_at(doc, tables, start)
        if entry and entry[0] <= owner[1]:
            return entry[1]
    return None


def _left_international(doc: Document, tables: Tables, first: int, at: int) -> tuple[International, int] | None:
    """The organisation among the words before the title, and where the office's own words start."""
    for token in range(first, at):
        entry = international_at(doc, tables, token)
        if entry and entry[0] <= at:
            end = entry[0]
            if end + 2 < at and doc.words[end] == "(" and doc.words[end + 2] == ")":
                end += 3
            return entry[1], end
    return None
