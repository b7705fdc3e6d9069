"""Which office phrase speaks of which name."""

from collections.abc import Sequence, Set
from dataclasses import replace

from visitwire_language.classes import office_words
from visitwire_language.names import honorifics

from visitwire_extraction.document import Document
from visitwire_extraction.lists import after_name, names_listed, owners_after, owners_before, past_including
from visitwire_extraction.step_results import Claim, Name, Office, Person, Place
from visitwire_extraction.vocabulary import Vocabulary

_FAR_BACK = 12
"""Words between a verb and whom it puts in office, at most."""
_OPENING = 1
"""The last sentence whose unnamed subject the next one may name, counted from nought."""
_LEADERS = frozenset({"head_of_state", "head_of_government"})
"""Kinds of office whose holders wires name at once."""
_STATE = frozenset({"head_of_state", "head_of_government", "minister", "leader", "legislator", "envoy", "royal"})


def claims_of(
    doc: Document, tables: Vocabulary, found: Sequence[Name], offices: Sequence[Office], places: Sequence[Place]
) -> tuple[dict[Name, list[Claim]], set[Office]]:
    """The claims of every name, and the offices that are used up by them."""
    place_at = {place.first: place for place in places}
    ends = {name.end: name for name in found}
    starts = {name.first: name for name in found}
    claims: dict[Name, list[Claim]] = {}
    used: set[Office] = set()

    def claim(name: Name, office: Office) -> None:
        used.add(office)
        country = office.given_country or after_name(doc, name, place_at)
        claims.setdefault(name, []).append(Claim(office.head, office, country))

    firsts = {office.first for office in offices} | starts.keys()
    ranked = {
        name.office.first: name for name in found if name.office is not None and name.office.title.kind == "military"
    }
    stacked = {office.end: office for office in offices if not office.plural}
    for name in found:
        if name.office is not None:
            before = stacked.get(name.office.first)
            if before is not None and name.office.owner is None and doc.same_paragraph(before.head, name.first):
                claim(name, before)  # "Minister of Energy Prince Abdulaziz"
            claim(name, name.office)
            _conjoined(doc, name, name.office, starts, place_at, claims)
    previous: tuple[Office, Name] | None = None
    for office in offices:
        if office in used:
            previous = None
            continue
        if office.plural:
            _of_list(doc, tables, office, starts, place_at, claims)
        named = _before(doc, office, ends, starts, place_at)
        if named is not None and named.office is not None and _stands_apart(doc, office, firsts):
            named = None
        named = named or _after_comma(doc, office, starts, ranked, place_at)
        if named is None and previous and _continues(doc, previous[0], office) and office.end not in starts:
            named = previous[1]
        if named is not None:
            claim(named, office)
            previous = office, named
        else:
            previous = None
    return claims, used


def _conjoined(
    doc: Document,
    name: Name,
    office: Office,
    starts: dict[int, Name],
    place_at: dict[int, Place],
    claims: dict[Name, list[Claim]],
) -> None:
    """ "Presidents Reagan and Mubarak", "ministers Kim, Lee and Park": the others of the list hold the office too."""
    if office.plural:
        for other, country in names_listed(doc, name.first, starts, place_at):
            if other is not name:
                claims.setdefault(other, []).append(Claim(office.head, office, office.given_country or country))


def _of_list(
    doc: Document,
    tables: Vocabulary,
    office: Office,
    starts: dict[int, Name],
    place_at: dict[int, Place],
    claims: dict[Name, list[Claim]],
) -> None:
    """ "His Greek and Cypriot counterparts, A and B": one each; "presidents, including A of Chad and B of Mali"."""
    before, _ = owners_before(doc, office, place_at)
    after, end = owners_after(doc, tables, office, place_at)
    owners = list(dict.fromkeys([*before, *after]))
    one = replace(office, plural=False)
    if len(owners) > 1:
        listed = names_listed(doc, end + (doc.words[end : end + 1] == (",",)), starts, place_at)
        for (name, _), owner in zip(listed, owners, strict=False) if len(listed) == len(owners) else ():
            claims.setdefault(name, []).append(
                Claim(office.head, replace(one, country=owner, organisation=None), owner)
            )
        return
    listed = names_listed(doc, past_including(doc, end), starts, place_at) or _beside(doc, end, starts, place_at)
    for name, country in listed:
        claims.setdefault(name, []).append(Claim(office.head, one, one.given_country or country))


def _beside(
    doc: Document, end: int, starts: dict[int, Name], place_at: dict[int, Place]
) -> list[tuple[Name, str | None]]:
    """ "Two of its justices, Ana Krogh and Bo Lind, were there": names after a comma, if a comma or stop ends them."""
    if doc.words[end : end + 1] not in ((",",), (":",)) or not doc.same_paragraph(end - 1, end):
        return []
    listed = names_listed(doc, end + 1, starts, place_at)
    if len(listed) < 2 or doc.parse.dep[listed[0][0].end - 1] != "appos":
        return []
    after = listed[-1][0].end
    return listed if doc.words[after : after + 1] in ((), (",",), (".",), (";",), (")",)) else []


def _before(
    doc: Document, office: Office, ends: dict[int, Name], starts: dict[int, Name], place_at: dict[int, Place]
) -> Name | None:
    """ "Wang Yi, China's foreign minister", "Lavrov, who is foreign minister", "Trudeau is Canada's prime minister"."""
    if office.end in starts or (office.end < len(doc) and doc.words[office.end] in ("'s", "’s")):
        return None
    at, linked = office.first - 1, False
    while (
        at >= 0
        and doc.same_paragraph(at, office.first)
        and doc.plain[at] in office_words("between a name and an office")
        and office.first - at < 7
    ):
        linked = linked or doc.plain[at] in office_words("being in office")
        at -= 1
    if doc.plain[max(at - 1, 0) : at + 1] == ("to", "be"):
        at, linked = _past_being(doc, at - 2), True
    linked = linked or (doc.plain[at + 1 : at + 2] == ("as",) and _is_put_in_office(doc, at))
    if at < 0 or not doc.same_paragraph(at, office.first):
        return None
    if at > 2 and doc.words[at] == "," and doc.words[at - 1].isdigit() and doc.words[at - 2] == ",":
        at -= 2  # "Krogh, 58, was named special envoy"
    at = _past_home(doc, at, place_at)
    if doc.words[at] in (",", "(", "--", "-", "–", "—"):
        return ends.get(at) or ends.get(at - 1) if doc.words[at - 1] in ("'s",) else ends.get(at)
    return ends.get(at + 1) or _of_that_age(doc, at, ends) if linked else None


def _is_put_in_office(doc: Document, last: int) -> bool:
    """Whether somebody is put somewhere before a token: "she has been replaced by Ana Krogh as director"."""
    first = last
    while first > 0 and doc.sentence[first - 1] == doc.sentence[last] and last - first < _FAR_BACK:
        first -= 1
    return any(doc.parse.lemma[token] in office_words("putting in office") for token in range(first, last))


def _past_being(doc: Document, at: int) -> int:
    """Where "was appointed" of "was appointed to be" begins, from its last word on."""
    while at >= 0 and doc.plain[at] in office_words("between a name and an office"):
        at -= 1
    return at


def _past_home(doc: Document, at: int, place_at: dict[int, Place]) -> int:
    """The comma before ", of Ohio," if a token is the comma after it, else the token: "Krogh, of Ohio, a member"."""
    of = next((token for token in range(at - 1, max(at - 5, 0), -1) if doc.plain[token] in ("of", "from")), 0)
    place = place_at.get(of + 1)
    if doc.words[at] != "," or not of or doc.words[of - 1] != "," or place is None or place.end != at:
        return at
    return of - 1 if doc.same_paragraph(of - 1, at) else at


def _stands_apart(doc: Document, office: Office, firsts: Set[int]) -> bool:
    """Whether an office after a comma is somebody else's: "President Krogh, the first lady, Senator Holt" is a list,
    and in "asked by editor Ana Krogh, the president said" the office says something."""
    end = office.end
    if doc.words[end : end + 1] == (",",):
        return end + 1 in firsts
    speaks = doc.parse.dep[office.head] == "nsubj" and doc.parse.tag[end : end + 1] in (("VBD",), ("VBZ",), ("MD",))
    return speaks and office.determiner == "the" and doc.words[office.first - 2] == ","


def _of_that_age(doc: Document, old: int, ends: dict[int, Name]) -> Name | None:
    """ "The 57-year-old was director of": whoever was named last before, in another sentence."""
    the = old - 5
    if the < 0 or doc.plain[the] != "the" or doc.plain[the + 2 : old + 1] != ("-", "year", "-", "old"):
        return None
    before = [end for end in ends if end <= the and doc.sentence[end - 1] != doc.sentence[the]]
    return ends[max(before)] if before else None


def _after_comma(
    doc: Document, office: Office, starts: dict[int, Name], ranked: dict[int, Name], place_at: dict[int, Place]
) -> Name | None:
    """ "the French foreign minister, Claude Cheysson, said", "a Fatah official in Beirut, Ali Hadad, said", "the army
    chief, General Ana Krogh". `ranked` are names by the first token of the military rank before them."""
    at = office.end
    if doc.plain[at : at + 1] == ("in",) and at + 1 in place_at:
        at = place_at[at + 1].end
    if doc.plain[at : at + 1] == ("for",) and office.determiner is not None:
        served = starts.get(at + 1) or starts.get(at + 2)
        at = served.end if served is not None else at  # "a spokeswoman for Mr Lind, Ana Krogh, said"
    at = doc.past_brackets(at)  # "the Secretary-General (UNSG), Ban Ki-moon"
    if office.plural or at + 1 >= len(doc) or doc.words[at] not in (",", ":") or not doc.same_paragraph(at, at + 1):
        return None
    if office.title.kind == "role" and office.determiner is None:
        return None
    name = starts.get(at + 1) or starts.get(at + 1 + (doc.plain[at + 1] in honorifics())) or ranked.get(at + 1)
    if name is None or (name.office is not None and name is not ranked.get(at + 1)):
        return None
    closes = name.end >= len(doc) or doc.words[name.end] in (",", ".", ")", ";", "--", "-", "—", "’s", "'s")
    alone = doc.words[name.end] == "," if name.end < len(doc) else True
    beside = alone or name.honorific or len(name.words) > 1
    if name.honorific and doc.is_capital(office.head) and office.determiner is None:
        return name  # "Secretary to the President, Dr Ana Silva"
    told = office.determiner or office.country or office.end > office.head + 1  # "and leader of the party, Ana Krogh"
    told = told or (
        alone and office.first < office.head and len(name.words) > 1
    )  # "but deputy group leader, Ana Krogh, said"
    return name if closes and told and beside else None


def _continues(doc: Document, before: Office, office: Office) -> bool:
    """ "prime minister and minister of defence", "economist, adviser to the king"."""
    between = [doc.plain[token] for token in range(before.end, office.first)]
    return (
        len(between) <= 3
        and doc.same_paragraph(before.end - 1, office.first)
        and set(between) <= {",", "and", "the", "a", "an"}
    )


def fill_counterparts(doc: Document, people: Sequence[Person]) -> None:
    """ "met his Iraqi counterpart Jalal Talabani": gives him the office of whoever he is the counterpart of."""
    mentions = sorted((first, end, at) for at, person in enumerate(people) for first, end, _ in person.mentions)
    for person in people:
        person.claims = [_filled(doc, claim, person, people, mentions) for claim in person.claims]


def _filled(
    doc: Document, claim: Claim, person: Person, people: Sequence[Person], mentions: Sequence[tuple[int, int, int]]
) -> Claim:
    office = claim.office
    if office.title.kind != "counterpart":
        return claim
    before = [
        (first, end, people[at])
        for first, end, at in mentions
        if first < office.first
        and people[at] is not person
        and any(c.office.title.kind in _STATE for c in people[at].claims)
    ]
    if not before:
        return replace(claim, office=replace(office, title=replace(office.title, kind="role")))
    near = [one for one in before if doc.sentence[one[0]] == doc.sentence[office.first]]
    subjects = [one for one in near or before if doc.parse.dep[one[1] - 1] in ("nsubj", "nsubjpass")]
    _, _, other = (subjects or near or before)[-1]
    held = next(c.office for c in other.claims if c.office.title.kind in _STATE)
    mine = replace(
        held, country=office.country, first=office.first, end=office.end, head=office.head, organisation=None
    )
    return replace(claim, office=mine)


def introduce(doc: Document, free: Sequence[Office], people: Sequence[Person]) -> None:
    """Gives an office to whom the next sentence names: "Mali's ombudsman has denounced the raid. Ana Krogh said …", if
    that office begins the story, nobody is named with it, and nothing else is said of who is named."""
    for office in free:
        subject = doc.parse.dep[office.head] == "nsubj" and office.determiner in ("the", "a", "an", "'s", None)
        opens = doc.sentence[office.head] <= _OPENING and not doc.quoted[office.head]
        if not (subject and opens) or office.plural or office.title.kind in ("role", "counterpart", *_LEADERS):
            continue
        here = doc.sentence[office.head]
        near = sorted(
            (first, end, at)
            for at, one in enumerate(people)
            for first, end, form in one.mentions
            if form == "name" and doc.sentence[first] in (here, here + 1)
        )
        if not near:
            return
        first, end, at = near[0]
        person = people[at]
        said = doc.parse.dep[end - 1] == "nsubj" and doc.words[end : end + 1] not in ((",",), ("(",))
        unknown = not person.claims and len(person.words) > 1 and first == person.first and not doc.quoted[first]
        if said and unknown and doc.sentence[first] == here + 1:
            person.claims.append(Claim(office.head, office, office.given_country, direct=False))
        return
