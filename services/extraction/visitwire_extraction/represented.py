"""The country a person represents: as the story says, as the body they speak for says, or as the story's place suggests."""

from collections import Counter
from collections.abc import Sequence

from visitwire_extraction.claims import office_country
from visitwire_extraction.document import Document
from visitwire_extraction.geography import Place
from visitwire_extraction.lexicon import words_of
from visitwire_extraction.offices import Office
from visitwire_extraction.people import Claim, Person
from visitwire_extraction.tables import Tables

STATE_KINDS = frozenset({"head_of_state", "head_of_government", "minister", "legislator", "royal", "envoy", "leader"})
"""Kinds of office that are a state's, where nothing says otherwise."""
_OF_STATE = frozenset(
    "presidential government ministry central national state foreign parliament parliamentary senate cabinet army military "
    "police federal royal palace".split()
)
_PARTY_WORDS = frozenset({"party", "union", "opposition", "company", "group", "bank"})


class Countries:
    """Finds the country behind an office in one story."""

    def __init__(self, doc: Document, tables: Tables, places: Sequence[Place]) -> None:
        self._doc, self._tables, self._places = doc, tables, places
        self._counts = Counter(place.state.code for place in places)
        self._dateline = self._of_dateline()

    def said(self, office: Office) -> str | None:
        """What the phrase itself says: a country, an organisation, or a body that the tables know."""
        country = office_country(office)
        if country is None:
            country = self._of_body(office)
        return country

    def settle(self, person: Person) -> None:
        """Sets the country of a person from the claims; the most direct one wins, then the first."""
        for claim in person.claims:
            if claim.country:
                person.country, person.country_said = claim.country, True
                return
        for claim in person.claims:
            if country := self.said(claim.office):
                person.country, person.country_said = country, True
                return

    def suppose(self, person: Person) -> None:
        """Where nobody says it: the country of the dateline, or the one last spoken of."""
        if person.country is None and (claim := self._state_claim(person)):
            person.country = self.around(claim.at)

    def around(self, at: int) -> str | None:
        """The country that a state office named at a token is most likely of."""
        if self._dateline:
            return self._dateline
        before = [place for place in self._places if place.first < at and place.role != "city"]
        if before:
            same = [place for place in before if self._doc.paragraph[place.first] == self._doc.paragraph[at]]
            return (same or before)[-1].state.code
        return self._counts.most_common(1)[0][0] if self._counts else None

    @staticmethod
    def _state_claim(person: Person) -> Claim | None:
        for claim in person.claims:
            office = claim.office
            if office.title.kind in STATE_KINDS and not office.owner:
                if office.title.kind == "leader" and _PARTY_WORDS & set(office.words.lower().split()):
                    continue
                return claim
            if set(office.words.lower().split()) & _OF_STATE and office.title.kind != "role":
                return claim
        return None

    def _of_body(self, office: Office) -> str | None:
        doc, tables = self._doc, self._tables
        for token in range(office.first, office.end):
            entry = tables.bodies.longest(doc.plain, token)
            if entry and entry[0] <= office.end and doc.words[token][0].isupper():
                return entry[1].country
        return None

    def _of_dateline(self) -> str | None:
        dateline = self._doc.story.dateline
        place = (dateline.place or (dateline.text or "").split(",")[0]) if dateline else ""
        words = words_of(place or "")
        for at in range(len(words)):
            entry = self._tables.geo.longest(words, at)
            if entry and entry[1].states:
                geo = entry[1]
                ended = [state for state in geo.states if state.until and self._doc.date < state.until]
                return (ended or [state for state in geo.states if not state.until] or list(geo.states))[0].code
        return None
