"""Who a noun phrase means, and whether they can be an official visitor."""

from dataclasses import replace

from visitwire_schemas import Entity, EntityKind

from visitwire_visits.clauses import subjects
from visitwire_visits.figure import Figure
from visitwire_visits.lexicon import Lexicon
from visitwire_visits.named import NamedPeople
from visitwire_visits.places import Atlas
from visitwire_visits.reading import Reading

_PRONOUNS = {"he", "she", "his", "her", "him", "they", "their", "them", "who"}
_PLURAL = {"they", "their", "them"}


class Cast:
    """The people of one story."""

    def __init__(self, reading: Reading, lexicon: Lexicon, atlas: Atlas) -> None:
        self.reading = reading
        self.words = lexicon.people
        self.atlas = atlas
        self.named = NamedPeople(reading, lexicon, atlas)

    def person(self, entity: Entity) -> Figure:
        """The figure of a person entity."""
        return self.named.person(entity)

    def country_of(self, head: int) -> str | None:
        """The country that the words of a noun phrase give."""
        return self.named.country_of(head)

    def at(self, token: int) -> list[Figure]:
        """Everybody that the noun phrase headed by `token` names."""
        found: list[Figure] = []
        if self.reading.lower[token] in _PLURAL or self._is_pair(token):
            return self._pair_before(token)
        for member in self.reading.conjuncts(token):
            figure = self.one(member)
            inherits = found and found[0].country and self.reading.parse.dep[token] in ("nsubj", "nsubjpass")
            if (
                figure is not None
                and inherits
                and (figure.assumed or not figure.country)
                and self.named.offices.exists(figure.told, found[0].country or "")
            ):
                figure = replace(figure, country=found[0].country, assumed=False)
            members = self._each(member, figure) if figure is not None and figure.plural else [figure]
            for one in members:
                if one is not None and all(one.key != other.key for other in found):
                    found.append(one)
        for figure in self._coordinated_before(token):
            if all(figure.key != other.key for other in found):
                found.append(figure)
        return found

    def _coordinated_before(self, token: int) -> list[Figure]:
        """ "Yeutter and Agriculture Secretary Richard Lyng": the first name, where the parse took it for a title."""
        reading, parse = self.reading, self.reading.parse
        mine = reading.entity_at.get(token)
        if mine is None or mine.kind is not EntityKind.PERSON or not mine.named:
            return []
        for at in range(token - 1, max(parse.sentence(token).start, token - 10), -1):
            if reading.lower[at] == "and":
                other = reading.entity_at.get(at - 1)
                if other is not None and other.kind is EntityKind.PERSON and other.named and other.id != mine.id:
                    return [replace(self.named.person(other), token=at - 1)]
                return []
            if reading.entity_at.get(at) is not mine and parse.pos[at] not in (
                "PROPN",
                "NOUN",
                "ADJ",
                "ADP",
                "DET",
                "PUNCT",
            ):
                return []
            if reading.lower[at] in (",", ";", '"'):
                return []
        return []

    def _each(self, token: int, plural: Figure) -> list[Figure]:
        """ "The French and German foreign ministers", "his Turkish and Cypriot counterparts": one for each country;
        "officials, including Secretary of State Tillerson": those named."""
        reading, parse = self.reading, self.reading.parse
        for child in parse.children(token, "prep"):
            if reading.lower[child] in ("including", "like", "as"):
                named = [one for obj in parse.children(child, "pobj") for one in self.at(obj) if one.name]
                return [replace(one, official=one.official or not one.private) for one in named] or [plural]
        if reading.lemma[token] in (
            "official",
            "diplomat",
            "leader",
            "politician",
            "lawmaker",
            "senator",
            "delegate",
            "representative",
        ):
            return [plural]
        edge = reading.left_edge(token)
        countries = [c for t in range(edge, token) if (c := self.atlas.country_word(t))]
        if len(set(countries)) < 2:
            return [plural]
        role = self._role_of_counterpart(token) or reading.lower[token].rstrip("s")
        words = [
            reading.lower[t]
            for t in range(edge, token)
            if parse.dep[t] in ("compound", "amod") and not self.atlas.country_word(t)
        ]
        label = " ".join([*(w for w in words if w in self.words.public), role])
        return [
            replace(plural, country=country, label=label, official=True, plural=False)
            for country in dict.fromkeys(countries)
        ]

    def _role_of_counterpart(self, token: int) -> str | None:
        """The office of a counterpart: that of the person whose counterpart it is."""
        reading, parse = self.reading, self.reading.parse
        if reading.lemma[token] != "counterpart":
            return None
        for owner in parse.children(token, "poss"):
            figure = self.one(owner)
            if figure is not None and figure.label:
                return figure.label.lower()
        verb = next((t for t in parse.ancestors(token) if parse.pos[t] == "VERB"), None)
        for subject in parse.children(verb, "nsubj") if verb is not None else ():
            figure = self.one(subject)
            if figure is not None and figure.label:
                return figure.label.lower()
        return None

    def one(self, token: int) -> Figure | None:
        """Whom the noun phrase headed by `token` means; None when it is nobody that could travel."""
        if self.reading.lower[token] in ("his", "her"):
            ahead = self._person_after(token)
            if ahead is not None:
                return ahead
        entity = self.reading.entity_at.get(token)
        group = self._group(token)
        if group is not None:
            return group
        if entity is not None and entity.kind is EntityKind.PERSON:
            known = self._named_beside(token, entity) or self._holder(token, entity)
            return replace(known or self.named.person(entity), token=token)
        if self.reading.lower[token] in _PRONOUNS:
            return self._person_before(token)
        role = self._bearer(token) or self._role(token)
        if role is not None:
            return role
        for child in self.reading.parse.children(token, "appos", "compound", "nmod"):
            below = self.reading.entity_at.get(child)
            if below is not None and below.kind is EntityKind.PERSON and below.named:
                return replace(self.named.person(below), token=token)
        return None

    def _bearer(self, token: int) -> Figure | None:
        """ "Norway's oil minister Arne Oien", where the parse hung the name on the office."""
        reading, parse = self.reading, self.reading.parse
        if not self.named.is_office(token) or parse.tag[token] not in ("NN", "NNP"):
            return None
        for child in parse.children(token, "appos"):
            entity = reading.entity_at.get(child) if reading.left_edge(child) == token + 1 else None
            if entity is not None and entity.kind is EntityKind.PERSON and entity.named:
                return replace(self.named.person(entity), token=token)
        return None

    def _named_beside(self, token: int, entity: Entity) -> Figure | None:
        """ "His Libyan counterpart, Shukri Ghanem": the name, where a role has one in apposition."""
        if entity.named:
            return None
        for child in self.reading.parse.children(token, "appos"):
            below = self.reading.entity_at.get(child)
            if below is not None and below.kind is EntityKind.PERSON and below.named:
                figure = self.named.person(below)
                country = figure.country or entity.country
                return replace(figure, country=country, official=figure.official or not figure.private)
        return None

    def _holder(self, token: int, entity: Entity) -> Figure | None:
        """The person with a name whose office an unnamed mention repeats."""
        if entity.named or self.named.is_group_name(entity.name):
            return None
        return self._same_office(token, entity.country or self.named.country_of(token))

    # -- people and groups without a name

    def _group(self, token: int) -> Figure | None:
        """ "A Ghanaian delegation headed by Foreign Minister Obed Asamoah" is the minister; else the group itself."""
        reading, parse = self.reading, self.reading.parse
        if reading.lemma[token] not in self.words.delegations or parse.pos[token] not in ("NOUN", "PROPN"):
            return None
        country = self.named.country_of(token)
        if country is None and any(reading.lower[child] == "the" for child in parse.children(token, "det")):
            before = self._group_before(token)
            if before is not None:
                return replace(before, token=token)
        clauses = [t for t in parse.subtree(token) if parse.dep[t] in ("acl", "relcl") and t - token < 12]
        clauses += [t for t in parse.children(parse.head[token], "advcl") if parse.dep[token] == "nsubj"]
        for child in clauses:
            if reading.lemma[child] in ("lead", "head"):
                for agent in parse.children(child, "agent"):
                    for obj in parse.children(agent, "pobj"):
                        leader = self._leader(obj)
                        if leader is not None:
                            return replace(leader, country=country or leader.country, official=not leader.private)
        edge = reading.left_edge(token)
        phrase = _bare(reading.phrase(edge, token))
        below = " ".join(reading.lower[t] for t in parse.subtree(token) if t - token < 7)
        private = self.named.offices.is_private(phrase) or self.named.offices.is_private(below)
        sure = reading.lemma[token] in self.words.sure_delegations or country in self.atlas.gazetteer.homes
        public = any(word in below or word in phrase.lower() for word in self.words.public_groups)
        entity = reading.entity_at.get(token)
        named = entity.id if entity is not None and not entity.named else None
        return Figure(
            token,
            None,
            phrase,
            country,
            named,
            bool(country) and (sure or public) and not private,
            private or not (sure or public),
            group=True,
        )

    def _group_before(self, token: int) -> Figure | None:
        """ "The delegation": the one spoken of last, within some sentences."""
        reading = self.reading
        for other in range(token - 1, -1, -1):
            if reading.sentence_number[other] < reading.sentence_number[token] - 4:
                return None
            if reading.lemma[other] == reading.lemma[token]:
                return self._group(other)
        return None

    def _leader(self, obj: int) -> Figure | None:
        reading = self.reading
        for token in (obj, *range(obj, min(obj + 10, reading.parse.sentence(obj).stop))):
            entity = reading.entity_at.get(token)
            if entity is not None and entity.kind is EntityKind.PERSON:
                return replace(self.named.person(entity), token=token)
            if reading.lower[token] in (",", ".", "will", "said"):
                return None
        return None

    def _role(self, token: int) -> Figure | None:
        """ "Japan's finance minister", "the German chancellor"; a plural is too vague to be one visitor."""
        reading, parse = self.reading, self.reading.parse
        if not self.named.is_office(token) or parse.pos[token] not in ("NOUN", "PROPN"):
            return None
        phrase = _bare(reading.phrase(reading.left_edge(token), token))
        country = self.named.country_of(token)
        plural = parse.tag[token] in ("NNS", "NNPS")
        known = self._same_office(token, country)
        if known is not None and not plural:
            return replace(known, token=token)
        definite = any(reading.lower[child] in ("a", "an") for child in parse.children(token, "det"))
        vague = reading.lemma[token] in ("official", "diplomat", "leader", "politician") and definite
        return Figure(
            token,
            None,
            phrase,
            country,
            None,
            (bool(country) and self.named.offices.is_public(phrase) and not vague)
            or (bool(country) and vague and self.named.offices.is_public(phrase)),
            self.named.offices.is_private(phrase),
            plural=plural,
        )

    def _same_office(self, token: int, country: str | None) -> Figure | None:
        """The person named before whose office the words repeat ("the minister", "the French president")."""
        reading = self.reading
        lemma = reading.lemma[token]
        named = [self.person(entity) for entity in self.named.persons.values() if entity.named]
        holders = [figure for figure in named if lemma in (figure.label or "").lower().split()]
        best: tuple[int, Figure] | None = None
        for figure in holders:
            entity = self.named.persons[figure.entity or ""]
            if not entity.mentions or (country and figure.country != country):
                continue
            before = [m.start for m in entity.mentions if m.start < reading.parse.start[token]]
            if not before and len(holders) == 1:
                return figure
            if before and (best is None or max(before) > best[0]):
                best = max(before), figure
        return best[1] if best else None

    # -- pronouns that extraction left open

    def _person_before(self, token: int) -> Figure | None:
        """The official named last before the pronoun, within two sentences; a subject is preferred."""
        reading, parse = self.reading, self.reading.parse
        here = reading.sentence_number[token]
        for other in range(token - 1, -1, -1):
            if reading.sentence_number[other] < here - 2:
                return None
            entity = reading.entity_at.get(other)
            if (
                entity is None
                or entity.kind is not EntityKind.PERSON
                or parse.dep[other] not in ("nsubj", "nsubjpass", "appos", "poss")
            ):
                continue
            if entity.gender and (entity.gender == "female") != (reading.lower[token] in ("she", "her")):
                continue
            return replace(self.named.person(entity), token=token)
        return self._person_after(token)

    def _person_after(self, token: int) -> Figure | None:
        """ "Recalling his visit to Kenya, Hu said": the subject of the main clause that follows."""
        reading, parse = self.reading, self.reading.parse
        for above in parse.ancestors(token):
            if parse.pos[above] == "VERB" and parse.dep[above] == "advcl":
                for subject in parse.children(parse.head[above], "nsubj"):
                    entity = reading.entity_at.get(subject)
                    if subject > token and entity is not None and entity.kind is EntityKind.PERSON:
                        return replace(self.named.person(entity), token=token)
        return None

    def _is_pair(self, token: int) -> bool:
        """ "The two men", "both leaders"."""
        reading = self.reading
        two = {reading.lower[child] for child in reading.parse.children(token, "nummod", "det", "preconj")}
        known = reading.lemma[token] in ("man", "woman", "side", "pair") or self.named.is_office(token)
        return known and bool(two & {"two", "both"}) and self.named.country_of(token) is None

    def _pair_before(self, token: int) -> list[Figure]:
        """ "They": the people coordinated last before, within two sentences."""
        reading = self.reading
        here = reading.sentence_number[token]
        for other in range(token - 1, -1, -1):
            if reading.sentence_number[other] < here - 2:
                break
            if reading.parse.dep[other] == "conj":
                head = reading.parse.head[other]
                pair = [figure for member in reading.conjuncts(head) if (figure := self.one(member)) is not None]
                if len(pair) > 1 and all(figure.official or figure.name for figure in pair):
                    return [replace(figure, token=token) for figure in pair]
            if reading.lemma[other] == "meet" and reading.parse.pos[other] == "VERB":
                sides = [*subjects(reading, other), *reading.parse.children(other, "dobj")]
                pair = [figure for side in sides if (figure := self.one(side)) is not None and figure.name]
                if len(pair) == 2:
                    return [replace(figure, token=token) for figure in pair]
        single = reading.entity_at.get(token)
        if single is not None and single.kind in (EntityKind.PERSON, EntityKind.ORGANIZATION) and not single.named:
            figure = self.named.person(single)
            return [replace(figure, token=token)] if figure.group else []
        return []


def _bare(phrase: str) -> str:
    """A noun phrase without its article."""
    first, _, rest = phrase.partition(" ")
    return rest if rest and first.lower() in ("a", "an", "the", "his", "her", "their", "its") else phrase
