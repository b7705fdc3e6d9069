"""Where a noun phrase lies: names, "the Egyptian capital", "here", and events by their place."""

import re
from collections.abc import Iterator
from functools import lru_cache

from visitwire_schemas import EntityKind

from visitwire_visits.geography import Gazetteer, gazetteer
from visitwire_visits.lexicon import Lexicon
from visitwire_visits.reading import Reading, Spot

_AREA_NOUNS = {"capital", "city", "town", "province", "region", "island", "port", "resort", "airport", "state", "territory", "border", "headquarters", "base", "village", "suburb", "palace", "republic", "kingdom", "nation", "country", "side", "soil", "house", "mainland", "emirate", "peninsula", "camp", "area", "zone", "sheikhdom", "neighbor", "neighbour", "ally", "counterpart", "rival", "district", "governorate", "territories", "capitals", "square"}  # fmt: skip
_MANY = {"countries", "nations", "capitals", "republics"}
_COUNTRY_NOUNS = {"country", "nation", "kingdom", "republic", "island"}


class Atlas:
    """The places of one story, by token."""

    def __init__(self, reading: Reading, lexicon: Lexicon) -> None:
        self.reading = reading
        self.lexicon = lexicon
        self.gazetteer: Gazetteer = gazetteer()
        self.named = dict(self._names())
        self._events: dict[str, Spot] = {}
        self._learn_events()

    def _names(self) -> Iterator[tuple[int, Spot]]:
        """Every name of a place, under its last token."""
        reading = self.reading
        for match in self.gazetteer.pattern.finditer(reading.text):
            tokens = reading.parse.within(*match.span())
            if not tokens or self._inside_other(tokens[0], tokens[-1]):
                continue
            spot = self._spot(match.group(), tokens[-1])
            if spot:
                yield tokens[-1], spot
        for entity in reading.enriched.entities:
            if entity.kind in (EntityKind.PLACE, EntityKind.COUNTRY) and entity.country:
                for mention in entity.mentions:
                    words = reading.text[mention.start : mention.end]
                    tokens = reading.parse.within(mention.start, mention.end)
                    if tokens and words.lower() not in self.gazetteer.people and mention.form.value != "pronoun":
                        spot = self._spot(words, tokens[-1])
                        yield tokens[-1], spot or self._entity_spot(words, entity.country, tokens[-1])

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
        key = words.lower().removeprefix("the ")
        if key in self.gazetteer.people and key not in self.gazetteer.countries:
            return None
        if key in self.gazetteer.regions:
            return Spot(None, words, token, "region")
        if key in self.gazetteer.seats:
            code, place = self.gazetteer.seats[key]
            return Spot(self.gazetteer.on(code, self.reading.today), place, token, "seat")
        code_only = self.gazetteer.country_of(words, self.reading.today)
        if code_only is None:
            return None
        if self.gazetteer.is_country(words):
            return Spot(code_only, None, token, "country")
        return Spot(code_only, words, token)

    def country_word(self, token: int) -> str | None:
        """The country that the token's word stands for, as a name or an adjective."""
        spot = self.named.get(token)
        if spot is not None and spot.kind != "seat":
            return spot.country
        entity = self.reading.entity_at.get(token)
        if entity is not None and entity.kind is EntityKind.COUNTRY and entity.country:
            return entity.country
        return self.people_at.get(token)

    @property
    def people_at(self) -> dict[int, str]:
        """Adjectives and names of peoples, under their last token."""
        if not hasattr(self, "_people_at"):
            found: dict[int, str] = {}
            for match in _people_pattern().finditer(self.reading.text):
                tokens = self.reading.parse.within(*match.span())
                country = self.gazetteer.country_of(match.group(), self.reading.today)
                if tokens and country:
                    found[tokens[-1]] = country
            self._people_at = found
        return self._people_at

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
            return [self.named[token], *self._appositions(token)]
        if reading.lower[token] in _MANY:
            return self._many(token)
        if reading.lemma[token] in _AREA_NOUNS or reading.lower[token] in _AREA_NOUNS:
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
        phrase = self.reading.phrase(self.reading.left_edge(token), token)
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
                named = t in self.named and self.named[t].kind == "country"
                return [Spot(country, None if named else reading.phrase(reading.left_edge(token), token), token)]
        unnamed = any(
            reading.lower[t] in ("other", "third", "several", "many", "neighbouring", "neighboring") for t in below
        )
        if reading.lemma[token] in _COUNTRY_NOUNS | {"capital", "city"} and not unnamed and parse.tag[token] == "NN":
            return self._anaphor(token)
        return []

    def _anaphor(self, token: int) -> list[Spot]:
        """ "The country", "the city": the one named last before, else where the story is filed from."""
        before = [t for t in self.named if t < token and self.named[t].country]
        if before:
            return [Spot(self.named[max(before)].country, None, token)]
        return [self.reading.here] if self.reading.here else []

    def is_area(self, token: int) -> bool:
        """Whether the noun is a kind of place: "the region", "the capital"."""
        return self.reading.lemma[token] in _AREA_NOUNS or self.reading.lower[token] in _AREA_NOUNS

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
            if key in self._events:
                return self._events[key]
        return None

    def _event_beside(self, token: int) -> Spot | None:
        reading, parse = self.reading, self.reading.parse
        for preposition in parse.children(token, "prep"):
            if reading.lower[preposition] in ("in", "at", "on"):
                for obj in parse.children(preposition, "pobj"):
                    for spot in self._one(obj):
                        if spot.kind != "event":
                            return spot
        for child in parse.children(token, "acl", "relcl"):
            for preposition in parse.children(child, "prep"):
                if reading.lower[preposition] in ("in", "at"):
                    for obj in parse.children(preposition, "pobj"):
                        for spot in self._one(obj):
                            return spot
            if any(reading.lower[c] == "here" for c in parse.children(child, "advmod")) and reading.here:
                return reading.here
        if any(reading.lower[child] == "here" for child in parse.children(token, "advmod")) and reading.here:
            return reading.here
        edge = reading.left_edge(token)
        inner = [
            self.named[t] for t in range(edge, token) if t in self.named and self.named[t].kind in ("place", "seat")
        ]
        cities = [spot for spot in inner if spot.kind == "place"]
        if cities:
            return cities[-1]
        for preposition in parse.children(token, "prep"):
            if reading.lower[preposition] == "of":
                for obj in parse.children(preposition, "pobj"):
                    if obj in self.named and self.named[obj].kind == "seat":
                        inner.append(self.named[obj])
        return inner[-1] if inner else None

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

    def _learn_events(self) -> None:
        for token in self.reading.tokens():
            if self.is_event(token):
                spot = self._event_beside(token)
                if spot is not None and spot.kind != "seat":
                    for key in self._event_keys(token):
                        self._events.setdefault(key, Spot(spot.country, spot.place, token, "event"))


@lru_cache(maxsize=1)
def _people_pattern() -> re.Pattern[str]:
    known = gazetteer()
    names = sorted((known.display[key] for key in known.people if key in known.display), key=len, reverse=True)
    return re.compile(rf"(?<![\w'])(?:{'|'.join(map(re.escape, names))})s?(?!\w)")
