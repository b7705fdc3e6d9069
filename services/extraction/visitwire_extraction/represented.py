"""The country a person represents: as the story says, as their body says, or as the story's place suggests."""

from collections import Counter
from collections.abc import Sequence, Set
from functools import cached_property
from itertools import pairwise

from visitwire_language.classes import office_words, word_classes
from visitwire_language.phrases import plain, words_of

from visitwire_extraction.document import Document
from visitwire_extraction.group_leaders import led_by
from visitwire_extraction.precedents import is_for_or_against
from visitwire_extraction.public_offices import state_claim, works_at_home
from visitwire_extraction.step_results import Claim, Group, Office, Person, Place
from visitwire_extraction.vocabulary import Vocabulary

_SERVING = frozenset({"official", "spokesperson", "envoy", "military"})
"""Kinds of office that serve somebody."""
_NEARLY_ALL = 0.85
"""Of a story's places: this share of them in one state, and officials of whom nothing is said are that state's."""
_MUCH = 3
"""Mentions of another country that outweigh a dateline whose own country the text never names."""
_OF_BODY = frozenset({"at", "in", "to", "for"})
"""Between an office and the body that it is of, where "of" does not complete it."""
_NAME_OF_BODY = 6
"""Words of a body's name behind its country, at most."""
_IN_DATELINE = 8
"""Tokens that a dateline left in the text takes at most."""


def _may_share(claim: Claim, other: Person) -> bool:
    """Whether two who stand beside each other may serve one state: "Irish President A and Prime Minister B" do,
    where the country is said; two presidents do not."""
    kind = claim.office.title.kind
    if kind not in ("head_of_state", "head_of_government", "leader"):
        return True
    return any(one.office.country and one.office.title.kind != kind for one in other.claims[:1])


def _of_everybody(people: Sequence[Person]) -> str | None:
    """The one state of all others in a story that names no place: "Narendra Modi called Vice President Krogh"."""
    found = {one.country for one in people if one.country and len(one.country) == 2}
    return found.pop() if len(found) == 1 else None


def _of_same_master(claim: Claim, people: Sequence[Person]) -> str | None:
    """ "My special envoy" of a statement that says "my secretary of state" too: one state's."""
    if claim.office.determiner not in ("my", "our"):
        return None
    found = {
        other.country
        for one in people
        for other in one.claims
        if other.office.determiner == claim.office.determiner and other.country
    }
    return found.pop() if len(found) == 1 else None


def _is_regional(office: Office) -> bool:
    """ "Regional head Krogh": of the state whose towns the story names, whatever state is at war with it."""
    return not office_words("of a region").isdisjoint(office.words.lower().split())


def _of_same_body(person: Person, people: Sequence[Person]) -> str | None:
    """ "Deputy Secretary-General A" of a story that names a body's secretary-general: of the one such body."""
    nouns = {claim.office.noun for claim in person.claims if not claim.office.owner} & office_words("of bodies alone")
    found = {
        claim.office.organisation.acronym
        for one in people
        for claim in one.claims
        if claim.office.noun in nouns and claim.office.organisation is not None
    }
    return found.pop() if len(found) == 1 else None


def _weakness(claim: Claim) -> tuple[bool, bool]:
    """What somebody was says less than what they are; a body they chair less than the state they lead."""
    return claim.office.standing == "former", claim.office.title.kind not in ("head_of_state", "head_of_government")


def _is_goal(doc: Document, place: Place) -> bool:
    """Whether somebody goes there: "to Hanoi, Vietnam", "visit Chad"."""
    before = place.first - 1
    while before > 1 and _before_a_goal(doc, before) and place.first - before < 5:
        before -= 1
    return before >= 0 and (doc.plain[before] in ("to", "for") or doc.parse.lemma[before] in ("visit", "tour"))


def _before_a_goal(doc: Document, token: int) -> bool:
    return doc.words[token] == "," or doc.plain[token] == "the" or doc.is_capital(token)


class Countries:
    """Finds the country behind an office in one story."""

    def __init__(self, doc: Document, tables: Vocabulary, places: Sequence[Place], found: Sequence[Group]) -> None:
        places = [place for place in places if not is_for_or_against(doc, place)]
        self._doc, self._tables, self._places, self._groups = doc, tables, places, found
        self._counts = Counter(place.state.code for place in places)
        self._dateline = self._of_dateline()
        self._spoken_of = Counter(place.state.code for place in places if place.first > _IN_DATELINE)

    def said(self, office: Office) -> str | None:
        """What the phrase itself says: a country, an organisation, or a body that the tables know."""
        country = office.given_country
        if country is None:
            country = self._of_body(office)
        return country

    def owner(self, office: Office) -> str | None:
        """Whose "its minister" is, or a minister whom a country sends: the country named before it in the sentence."""
        doc, at = self._doc, office.first
        sent = doc.parse.lemma[doc.parse.head[office.head]] in ("send", "dispatch")
        if office.determiner != "its" and not (sent and office.determiner in ("a", "an")):
            return None
        before = [place for place in self._places if place.end <= at and doc.sentence[place.first] == doc.sentence[at]]
        before = [place for place in before if place.role in ("country", "capital", "metonym")]
        return before[-1].state.code if before else None

    def settle(self, person: Person) -> None:
        """Sets the country of a person from the claims; the most direct one wins, then the first."""
        if person.country_said:
            return
        for claim in sorted(person.claims, key=_weakness):
            if claim.country and not (person.nation and claim.country in self._tables.by_acronym):
                person.country, person.country_said = claim.country, True
                return
        for claim in person.claims:
            country = self.said(claim.office)
            if country and not (person.nation and country in self._tables.by_acronym):
                person.country, person.country_said = country, True
                return
        if country := person.nation or self._of_group(person):
            person.country, person.country_said = country, True

    def inherit(self, person: Person, people: Sequence[Person]) -> None:
        """ "An adviser to President Zelensky", "Annan's envoy": the country of whom somebody serves."""
        if person.country is not None:
            return
        for claim in person.claims:
            served = self._served(claim.office, people) if claim.office.title.kind in _SERVING else None
            if served is not None and served is not person and served.country_said and served.country:
                person.country, person.country_said = served.country, True
                return
        person.country = _of_same_body(person, people) or self._of_same_office(person, people)
        if any(claim.office.title.words in office_words("spouses") for claim in person.claims):
            family = {one.country for one in people if one is not person and one.words[-1:] == person.words[-1:]} - {
                None
            }
            person.country = family.pop() if len(family) == 1 else None

    def _of_same_office(self, person: Person, people: Sequence[Person]) -> str | None:
        """ "EU trade commissioner A and aid commissioner B": of one body, whose commissioners both are."""
        for claim in person.claims:
            joined = claim.office.first - 1
            if self._doc.plain[joined] != "and" or claim.office.determiner or claim.office.owner:
                continue
            for other in people:
                same = any(one.office.noun == claim.office.noun for one in other.claims if one.direct)
                beside = any(end == joined for _, end, _ in other.mentions)
                if other is not person and same and beside and other.country in self._tables.by_acronym:
                    return other.country
        return None

    def _served(self, office: Office, people: Sequence[Person]) -> Person | None:
        """Whose official somebody is, where the office names a person."""
        owner = words_of(office.owner or "")
        if owner:
            return next((one for one in people if one.named and one.words[-1] in owner), None)
        doc = self._doc
        for link in range(office.head + 1, min(office.end + 1, len(doc) - 1)):
            if doc.plain[link] not in ("to", "of", "for") or not doc.same_paragraph(office.head, link + 1):
                continue
            at = link + 1 + (doc.plain[link + 1] in ("the", "his", "her"))
            for one in people:
                starts = {first for first, _, form in one.mentions if form == "name"}
                if one.named and at in starts | {claim.office.first for claim in one.claims if claim.direct}:
                    return one
        return None

    def suppose(self, person: Person, people: Sequence[Person]) -> None:
        """Where nobody says it: the country of who stands beside, of the dateline, or the one most spoken of."""
        if person.country is None and (claim := state_claim(person)):
            goals = self._goals(claim.at).union(*(self._travels(first, end) for first, end, _ in person.mentions))
            goals -= {self._dateline}
            local = claim.office.title.words in office_words("local") or _is_regional(claim.office)
            person.country = _of_same_master(claim, people)
            person.country = person.country or self._beside(person, claim, people)
            person.country = person.country or (self._nearest(claim.at) or self._of_towns(goals) if local else None)
            person.country = person.country or self.around(claim.at, claim.office, frozenset(goals))
            person.country = person.country or _of_everybody(people)
        elif person.country is None and any(works_at_home(claim, person) for claim in person.claims):
            person.country = self._of_nearly_all()

    def _of_nearly_all(self) -> str | None:
        """The one state that a story is set in, where it names another at most in passing."""
        state, count = self._counts.most_common(1)[0] if self._counts else (None, 0)
        return state if count > 1 and count >= _NEARLY_ALL * self._counts.total() else None

    def _of_group(self, person: Person) -> str | None:
        """The country of the delegation that the person leads."""
        for first, end, form in person.mentions:
            if form == "name":
                starts = [claim.office.first for claim in person.claims if claim.office.end == first]
                if country := led_by(self._doc, self._groups, min(starts, default=first), end):
                    return country
        return None

    def _beside(self, person: Person, claim: Claim, people: Sequence[Person]) -> str | None:
        """ "Peru's President of the Senate A and Speaker B": one country for both, unless each leads a state."""
        at = claim.office.first - 1
        if self._doc.plain[at] not in ("and", ",") or claim.office.determiner:
            return None
        while at > 0 and self._doc.plain[at] in ("and", ","):
            at -= 1
        for other in people:
            beside = any(end == at + 1 for _, end, _ in other.mentions)
            if other is not person and other.country_said and beside and _may_share(claim, other):
                lacking = self._lacking(claim.office)
                return other.country if other.country not in lacking else None
        return None

    def _goals(self, at: int) -> frozenset[str]:
        """The countries that the sentence of a token has somebody go to: no guess makes them that person's own."""
        doc, sentence = self._doc, self._doc.sentence
        return frozenset(
            place.state.code
            for place in self._places
            if place.first > at and sentence[place.first] == sentence[at] and _is_goal(doc, place)
        )

    def _travels(self, first: int, end: int) -> frozenset[str]:
        """The countries that a sentence has its subject go to, if that is who is mentioned at `[first, end)`."""
        return self._goals(first) if self._doc.parse.dep[end - 1] == "nsubj" else frozenset()

    def _nearest(self, at: int) -> str | None:
        """The country of the place named last before a token, in its sentence: a governor's, a mayor's."""
        sentence = self._doc.sentence
        before = (one for one in self._places if one.first < at and sentence[one.first] == sentence[at])
        near = [one for one in before if one.role != "people"]
        return near[-1].state.code if near else None

    def _of_towns(self, besides: Set[str | None]) -> str | None:
        """The one state whose towns and regions a story names: a judge's, whatever other countries are spoken of."""
        found = {place.state.code for place in self._places if place.role in ("city", "region")} - besides
        return found.pop() if len(found) == 1 else None

    def around(self, at: int, office: Office, besides: frozenset[str] = frozenset()) -> str | None:
        """The country that a state office named at a token is most likely of: one that has such an office, and none of
        those besides which it is."""
        lacking = self._lacking(office) | besides
        before = [place for place in self._places if place.first < at and place.state.code not in lacking]
        before = [place for place in before if self._doc.plain[place.first - 1] != "including"] or before
        scores: Counter[str] = Counter({code: 2 * count for code, count in self._counts.items() if code not in lacking})
        if self._dateline and self._dateline not in lacking:
            much = max(scores.values(), default=0)
            if self._spoken_of[self._dateline] or much < 2 * _MUCH:
                return self._dateline
        if before:
            scores[before[-1].state.code] += 3
        scores = scores or Counter({code: count for code, count in self._of_bodies.items() if code not in lacking})
        return scores.most_common(1)[0][0] if scores else None

    @cached_property
    def _speaks_of_commission(self) -> bool:
        """Whether "the Commission" is that of the European Union."""
        return ("european", "commission") in pairwise(self._doc.plain)

    @cached_property
    def _introduced(self) -> dict[str, str]:
        """The acronyms that the story gives bodies of states: "the Philippine Coast Guard (PCG)" makes PCG PH's."""
        doc, found = self._doc, dict[str, str]()
        for place in self._places:
            at = place.end
            while at < min(place.end + _NAME_OF_BODY, len(doc)) and (
                doc.is_capital(at) or doc.plain[at] in ("of", "for")
            ):
                at += 1
            acronym = doc.words[at + 1 : at + 2]
            bracketed = at > place.end and doc.words[at : at + 1] == ("(",) and doc.words[at + 2 : at + 3] == (")",)
            if (
                bracketed
                and acronym[0].isupper()
                and place.role in ("country", "people")
                and doc.same_paragraph(place.first, at + 2)
            ):
                found.setdefault(acronym[0], place.state.code)
        return found

    @cached_property
    def _of_bodies(self) -> Counter[str]:
        """The states whose bodies the story names: "the National Security Council", where no country is named."""
        doc, found = self._doc, Counter[str]()
        for token in range(len(doc)):
            entry = self._tables.bodies.longest(doc.plain, token)
            alone = entry is not None and plain(entry[1].name) in word_classes("organisation")["only beside an office"]
            if entry and not alone and doc.is_capital(token) and doc.same_paragraph(token, entry[0] - 1):
                found[entry[1].country] += len(entry[1].country) == 2
        return +found

    def _lacking(self, office: Office) -> frozenset[str]:
        words = office.words.lower()
        return frozenset(code for noun, codes in self._tables.lacking.items() if words.endswith(noun) for code in codes)

    def _of_body(self, office: Office) -> str | None:
        doc, tables = self._doc, self._tables
        for token in range(max(0, office.first - 4), office.end):
            entry = tables.bodies.longest(doc.plain, token)
            inside = entry is not None and (entry[0] == office.first or office.first < entry[0] <= office.end)
            if entry and inside and doc.words[token][0].isupper() and doc.same_paragraph(token, office.first):
                return entry[1].country
            if office.first <= token < office.head and doc.words[token] == "Commission" and self._speaks_of_commission:
                return "EU"
            if office.first <= token + 1 and doc.words[token] in self._introduced:
                return self._introduced[doc.words[token]]
        link = doc.plain[office.end] if office.end < len(doc) else ""
        if link in _OF_BODY and office.title.kind != "envoy":  # "coordinator of policy in the State Department"
            at = office.end + 1 + (doc.plain[office.end + 1 : office.end + 2] == ("the",))
            place = next((one for one in self._places if one.first == at and one.role in ("people", "country")), None)
            if place and place.end < len(doc) and doc.is_capital(place.end) and doc.same_paragraph(office.head, at):
                return place.state.code  # "at the U.S. National Security Council"
            entry = tables.bodies.longest(doc.plain, at) if at < len(doc) else None
            if entry and doc.words[at][0].isupper() and doc.same_paragraph(office.head, at):
                return entry[1].country
        return None

    def _first_capitals(self) -> str:
        """The capitals that a text begins with, where the dateline was left in it ("NEW DELHI: …")."""
        words = self._doc.words[:6]
        number = next((at for at, word in enumerate(words) if not word.isupper()), len(words))
        return " ".join(words[:number])

    def _of_dateline(self) -> str | None:
        dateline = self._doc.story.dateline
        place = (dateline.place or (dateline.text or "").split(",")[0]) if dateline else self._first_capitals()
        words = words_of(place or "")
        for at in range(len(words)):
            entry = self._tables.geo.longest(words, at)
            if entry and entry[1].states:
                geo = entry[1]
                ended = [state for state in geo.states if state.until and self._doc.date < state.until]
                return (ended or [state for state in geo.states if not state.until] or list(geo.states))[0].code
        return None
