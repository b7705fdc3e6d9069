"""Where a noun phrase lies: names, "the Egyptian capital", "here", and events by their place."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from visitwire_schemas import EntityKind, Mention, MentionForm

from visitwire_visits.geography import Gazetteer, gazetteer
from visitwire_visits.lexicon import Lexicon
from visitwire_visits.reading import Reading, Spot
from visitwire_visits.words import words

_STATE_AFTER = re.compile(r",\s+([A-Z][\w.]*(?:\s[A-Z]\w*)?)")
_STATES = {"republic", "kingdom", "emirate"}
_AT_THE_SEAT = {"assembly", "session", "council", "summit", "meeting", "ceremony"}
_OF_SOMEBODY = {"inauguration", "funeral", "wedding", "coronation", "swearing-in"}
_MANY = {"countries", "nations", "capitals", "republics", "states"}
_COUNTRY_NOUNS = {"country", "nation", "kingdom", "republic", "island"}


class Atlas:
    """The places of one story, by token."""

    def __init__(self, reading: Reading, lexicon: Lexicon) -> None:
        self.reading = reading
        self.lexicon = lexicon
        self.gazetteer: Gazetteer = gazetteer()
        self._meant: dict[str, Spot | None] = {}
        """By the words: a story names few places, and each of them often."""
        self._found = list(self.gazetteer.names_in(reading.text))
        self.named = dict(self._names())
        self._events: dict[str, Spot] | None = None

    def _names(self) -> Iterator[tuple[int, Spot]]:
        """Every name of a place, under its last token; as extraction reads it, where both know it."""
        reading, spelled = self.reading, set()
        for start, end in self._found:
            tokens = reading.parse.within(start, end)
            if not tokens or self._inside_other(tokens[0], tokens[-1]):
                continue
            spot = self._spot(reading.text[start:end], tokens[-1])
            if spot:
                spelled.add((start, end))
                yield tokens[-1], self._by_state(spot, reading.text[start:end])
        for entity in reading.enriched.entities:
            if not entity.country or entity.kind not in (EntityKind.PLACE, EntityKind.COUNTRY):
                continue
            for mention in entity.mentions:
                if (mention.start, mention.end) not in spelled and mention.form is not MentionForm.PRONOUN:
                    yield from self._mentioned(entity.country, mention)

    @cached_property
    def _american(self) -> set[str]:
        """The cities that the story names with a state of the US once: "Manchester, N.H."."""
        found = set()
        entities = self.reading.enriched.entities
        mentions = [(m.start, m.end) for e in entities if e.kind is EntityKind.PLACE for m in e.mentions]
        for start, end in (*self._found, *mentions):
            state = _STATE_AFTER.match(self.reading.text, end)
            if state:
                told = state[1].lower().split()
                if {told[0], "-".join(told)} & (words("us_states") | words("us_state_abbreviations")):
                    found.add(self.reading.text[start:end].lower())
        return found

    def _by_state(self, spot: Spot, told: str) -> Spot:
        """The place, in the US where the story names it with a state."""
        return replace(spot, country="US") if spot.kind == "place" and told.lower() in self._american else spot

    def _mentioned(self, country: str, mention: Mention) -> Iterator[tuple[int, Spot]]:
        """The place of a mention whose words are not on the map: in the country that extraction says."""
        words = self.reading.text[mention.start : mention.end]
        tokens = self.reading.parse.within(mention.start, mention.end)
        if tokens and words.lower() not in self.gazetteer.people:
            spot = self._spot(words, tokens[-1]) or self._entity_spot(words, country, tokens[-1])
            yield tokens[-1], self._by_state(spot, words)

    @cached_property
    def _naming(self) -> frozenset[int]:
        """The sentences that name a place."""
        return frozenset([self.reading.sentence_number[token] for token in self.named])

    @cached_property
    def _place_words(self) -> frozenset[str]:
        """What tells a place without its name: "here", nouns of areas and of events."""
        people = self.lexicon.people
        return words("area_nouns") | people.events | {name.lower() for name in people.event_names} | _MANY | {"here"}

    def tells_place(self, token: int) -> bool:
        """Whether any word of its sentence may tell a place: where none does, `at` finds none for the tokens there."""
        reading = self.reading
        if reading.sentence_number[token] in self._naming:
            return True
        sentence = reading.parse.sentence(token)
        within = slice(sentence.start, sentence.stop)
        return not all(self._place_words.isdisjoint(column[within]) for column in (reading.lower, reading.lemma))

    def _entity_spot(self, words: str, country: str, token: int) -> Spot:
        return Spot(self.gazetteer.on(country, self.reading.today), words, token)

    def _inside_other(self, first: int, last: int) -> bool:
        """Whether the name is part of a longer one ("Washington Post", "George Washington", "Chad Smith")."""
        reading = self.reading
        entity = reading.entity_at.get(last)
        if entity is not None and entity.kind is EntityKind.PERSON and entity.named:
            name = entity.name.lower().split()
            alone = entity.office is None and len(name) == last - first + 1
            return reading.lower[last] in name and not alone
        return False

    def _spot(self, words: str, token: int) -> Spot | None:
        if words not in self._meant:
            self._meant[words] = self._meaning(words)
        meant = self._meant[words]
        return Spot(meant.country, meant.place, token, meant.kind) if meant else None

    def _meaning(self, words: str) -> Spot | None:
        """What a name stands for, wherever it stands."""
        known, today = self.gazetteer, self.reading.today
        key = words.lower().removeprefix("the ")
        if key in known.people and key not in known.countries:
            return None
        if key in known.regions:
            return Spot(None, words, -1, "region")
        if key in known.seats:
            code, place = known.seats[key]
            return Spot(known.on(code, today), place, -1, "seat")
        country = known.country_of(words, today)
        if country is None:
            return None
        return Spot(country, None, -1, "country") if key in known.countries else Spot(country, words, -1)

    def country_word(self, token: int) -> str | None:
        """The country that the token's word stands for, as a name or an adjective."""
        spot = self.named.get(token)
        if spot is not None and spot.kind != "seat":
            return spot.country
        entity = self.reading.entity_at.get(token)
        if entity is not None and entity.kind is EntityKind.COUNTRY and entity.country:
            return entity.country
        return self.people_at.get(token)

    @cached_property
    def people_at(self) -> dict[int, str]:
        """Adjectives and names of peoples, under their last token."""
        known, reading = self.gazetteer, self.reading
        found: dict[int, str] = {}
        for start, end in self._found:
            words = reading.text[start:end]
            if words.lower() not in known.people:
                continue
            tokens = reading.parse.within(start, end)
            country = known.country_of(words, reading.today)
            if tokens and country:
                found[tokens[-1]] = country
        return found

    def at(self, token: int) -> list[Spot]:
        """The places that the noun phrase headed by `token` names, coordinated ones included."""
        found: list[Spot] = []
        for member in self.reading.conjuncts(token):
            found += self._one(member)
        return found

    def _one(self, token: int) -> list[Spot]:
        reading, parse = self.reading, self.reading.parse
        if reading.lower[token] == "here":
            return [reading.here] if reading.here else []
        if token in self.named:
            placed = self._in_or_at(token) if self.named[token].kind == "seat" and self.is_event(token) else None
            return [placed] if placed else [self.named[token], *self._appositions(token)]
        if reading.lower[token] in _MANY:
            return self._many(token)
        if reading.lemma[token] in words("area_nouns") or reading.lower[token] in words("area_nouns"):
            return self._area(token)
        if self.is_event(token):
            spot = self.event(token)
            return [spot] if spot else []
        compound = [
            child for child in parse.children(token, "compound", "nmod", "poss", "appos") if child in self.named
        ]
        if compound and self.named[compound[-1]].kind != "country" and parse.pos[token] == "PROPN":
            return [self.named[compound[-1]]]
        return []

    def _appositions(self, token: int) -> list[Spot]:
        """Later members of a list that the parse hung on as appositions ("Ireland, France and Germany")."""
        found: list[Spot] = []
        for child in self.reading.parse.children(token, "appos"):
            if child in self.named and self.named[child].country != self.named[token].country:
                found += [self.named[other] for other in self.reading.conjuncts(child) if other in self.named]
        return found

    def _many(self, token: int) -> list[Spot]:
        """ "Five African countries", "the region's capitals": a region, unless they are named."""
        named = [self.named[t] for t in self.reading.parse.subtree(token) if t in self.named and self.named[t].country]
        edge = self.reading.left_edge(token)
        if self.reading.lower[token] == "states" and not any(t in self.named for t in range(edge, token)):
            return []  # "the battleground states", but "the Gulf states"
        phrase = self.reading.phrase(edge, token)
        return named or [Spot(None, phrase, token, "region")]

    def _area(self, token: int) -> list[Spot]:
        """ "The Egyptian capital (of) Cairo", "the southern city of Malakal", "the country"."""
        reading, parse = self.reading, self.reading.parse
        clauses = {t for c in parse.children(token, "acl", "relcl") for t in parse.subtree(c)}
        below = [t for t in parse.subtree(token) if t != token and abs(t - token) <= 8 and t not in clauses]
        cities = [self.named[t] for t in below if t in self.named and self.named[t].kind == "place"]
        if cities:
            return [cities[0]]
        for t in below:
            country = self.country_word(t)
            if country:
                named = (t in self.named and self.named[t].kind == "country") or reading.lemma[token] in _STATES
                return [Spot(country, None if named else reading.phrase(reading.left_edge(token), token), token)]
        unnamed = any(
            reading.lower[t] in ("other", "third", "several", "many", "neighbouring", "neighboring") for t in below
        )
        if reading.lemma[token] in _COUNTRY_NOUNS | {"capital", "city"} and not unnamed and parse.tag[token] == "NN":
            return self._anaphor(token)
        return []

    def _anaphor(self, token: int) -> list[Spot]:
        """ "The country", "the city": the one named last before, else where the story is filed from."""
        modifies = ("compound", "amod", "nmod")  # "US President Bush's visit to the country" is not to the US
        dep = self.reading.parse.dep
        before = [t for t in self.named if t < token and self.named[t].country and dep[t] not in modifies]
        if before:
            return [Spot(self.named[max(before)].country, None, token)]
        return [self.reading.here] if self.reading.here else []

    def is_area(self, token: int) -> bool:
        """Whether the noun is a kind of place: "the region", "the capital"."""
        return self.reading.lemma[token] in words("area_nouns") or self.reading.lower[token] in words("area_nouns")

    def is_event(self, token: int) -> bool:
        """Whether the noun is a gathering that people travel to."""
        people = self.lexicon.people
        return (
            self.reading.lower[token] in people.events
            or self.reading.lemma[token] in people.events
            or self.reading.words[token] in people.event_names
        )

    def event(self, token: int) -> Spot | None:
        """The place of an event: beside it, in its name, or where the story places it elsewhere."""
        spot = self._event_beside(token)
        if spot is not None:
            return spot
        for key in self._event_keys(token):
            if key in self._known_events():
                return self._known_events()[key]
        return None

    def _event_beside(self, token: int) -> Spot | None:
        """The place that the event's own words give it."""
        reading, parse = self.reading, self.reading.parse
        of_whom = [
            o for p in parse.children(token, "prep") if reading.lower[p] == "of" for o in parse.children(p, "pobj")
        ]
        for place in (token, *of_whom):
            spot = self._in_or_at(place)
            if spot is not None and spot.kind != "event":
                return spot
        for clause in parse.children(token, "acl", "relcl"):
            spot = self._in_or_at(clause)
            if spot is not None:
                return spot
        around = (token, *parse.children(token, "acl", "relcl"))
        if reading.here and any(reading.lower[c] == "here" for t in around for c in parse.children(t, "advmod")):
            return reading.here
        return self._in_its_name(token)

    def _in_or_at(self, token: int) -> Spot | None:
        """The first place after "in", "at" or "on" below the token."""
        reading, parse = self.reading, self.reading.parse
        for preposition in parse.children(token, "prep"):
            if reading.lower[preposition] in ("in", "at", "on"):
                for obj in parse.children(preposition, "pobj"):
                    spots = self._one(obj)
                    if spots:
                        return spots[0]
        return None

    def _in_its_name(self, token: int) -> Spot | None:
        """ "The Venice summit", "the U.N. General Assembly", "the meeting of the IMF": a city before a seat."""
        reading, parse = self.reading, self.reading.parse
        inner = [self.named[t] for t in range(reading.left_edge(token), token) if t in self.named]
        for preposition in parse.children(token, "prep"):
            if reading.lower[preposition] == "of":
                inner += [self.named[o] for o in parse.children(preposition, "pobj") if o in self.named]
        if not inner and reading.lemma[token] in _OF_SOMEBODY:
            return self._home_of(token)
        cities = [spot for spot in inner if spot.kind == "place"]
        seats = [spot for spot in inner if spot.kind == "seat"]
        if reading.lemma[token] not in _AT_THE_SEAT:
            seats = []
        return cities[-1] if cities else seats[-1] if seats else None

    def _home_of(self, token: int) -> Spot | None:
        """ "The inauguration of Mexico's new president", "the funeral of the Egyptian leader": at home."""
        reading, parse = self.reading, self.reading.parse
        for preposition in parse.children(token, "prep"):
            for obj in parse.children(preposition, "pobj") if reading.lower[preposition] == "of" else ():
                for word in range(reading.left_edge(obj), obj):
                    country = self.country_word(word)
                    if country:
                        return Spot(country, None, token, "event")
        return None

    def _event_keys(self, token: int) -> list[str]:
        """The names under which the story may speak of the same event again: "apec summit", "summit"."""
        reading = self.reading
        lemma = reading.lemma[token]
        proper = [
            reading.lower[t]
            for t in range(reading.left_edge(token), token)
            if reading.words[t][:1].isupper() and t not in self.named
        ]
        return (
            [f"{word} {lemma}" for word in proper] + [lemma]
            if lemma in ("summit", "conference", "forum", "congress", "assembly", "funeral")
            else [f"{word} {lemma}" for word in proper]
        )

    def _known_events(self) -> dict[str, Spot]:
        """The events that the story places somewhere, by the names under which it may speak of them again."""
        if self._events is None:
            found = self._events = {}  # set first: an event may be placed by another one
            for token in self.reading.tokens():
                spot = self._event_beside(token) if self.is_event(token) else None
                if spot is not None and spot.kind != "seat":
                    for key in self._event_keys(token):
                        found.setdefault(key, Spot(spot.country, spot.place, token, "event"))
        return self._events
