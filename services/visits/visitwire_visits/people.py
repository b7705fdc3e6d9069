"""Who a noun phrase means, and whether they can be an official visitor."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from visitwire_schemas import Entity, EntityKind, MentionForm, OfficeKind, OfficeStanding

from visitwire_visits.lexicon import Lexicon
from visitwire_visits.offices import Offices
from visitwire_visits.places import Atlas
from visitwire_visits.reading import Reading

_PRONOUNS = {"he", "she", "his", "her", "him", "they", "their", "them", "who"}
_PLURAL = {"they", "their", "them"}


@dataclass(frozen=True)
class Figure:
    """A person, a role without a name, or a group, as the story tells it."""

    token: int
    name: str | None = None
    label: str | None = None
    country: str | None = None
    entity: str | None = None
    official: bool = False
    private: bool = False
    """Known to be none: of a company, a team, a club."""
    group: bool = False
    assumed: bool = False
    """The country is only where the story is filed from."""
    told: str = ""
    """All that the story says of the office, for what the label leaves out."""
    plural: bool = False
    """Several without a name ("officials", "leaders"): too vague to be a visitor."""

    @property
    def key(self) -> str:
        """The same for every mention of the same visitor."""
        if self.entity:
            return self.entity
        if self.name:
            return self.name.split()[-1].lower()
        return f"{self.country}:{(self.label or '').split()[-1].lower() if self.label else ''}"


class Cast:
    """The people of one story."""

    def __init__(self, reading: Reading, lexicon: Lexicon, atlas: Atlas) -> None:
        self.reading = reading
        self.words = lexicon.people
        self.atlas = atlas
        self.offices = Offices(self.words, atlas.gazetteer)
        self._figures: dict[str, Figure] = {}
        self._persons = {entity.id: entity for entity in reading.enriched.entities if entity.kind is EntityKind.PERSON}

    def at(self, token: int) -> list[Figure]:
        """Everybody that the noun phrase headed by `token` names."""
        found: list[Figure] = []
        if self.reading.lower[token] in _PLURAL:
            return self._pair_before(token)
        for member in self.reading.conjuncts(token):
            figure = self.one(member)
            inherits = found and found[0].country and self.reading.parse.dep[token] in ("nsubj", "nsubjpass")
            if (
                figure is not None
                and inherits
                and (figure.assumed or not figure.country)
                and self.offices.exists(figure.told, found[0].country or "")
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
                    return [replace(self.person(other), token=at - 1)]
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
                return [one for obj in parse.children(child, "pobj") for one in self.at(obj) if one.name] or [plural]
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
            named = self._named_beside(token, entity) or self._holder(token, entity)
            return replace(named or self.person(entity), token=token)
        if self.reading.lower[token] in _PRONOUNS:
            return self._person_before(token)
        role = self._role(token)
        if role is not None:
            return role
        for child in self.reading.parse.children(token, "appos", "compound", "nmod"):
            below = self.reading.entity_at.get(child)
            if below is not None and below.kind is EntityKind.PERSON and below.named:
                return replace(self.person(below), token=token)
        return None

    def _named_beside(self, token: int, entity: Entity) -> Figure | None:
        """ "His Libyan counterpart, Shukri Ghanem": the name, where a role has one in apposition."""
        if entity.named:
            return None
        for child in self.reading.parse.children(token, "appos"):
            below = self.reading.entity_at.get(child)
            if below is not None and below.kind is EntityKind.PERSON and below.named:
                figure = self.person(below)
                country = figure.country or entity.country
                return replace(figure, country=country, official=figure.official or not figure.private)
        return None

    def _holder(self, token: int, entity: Entity) -> Figure | None:
        """The person with a name whose office an unnamed mention repeats."""
        if entity.named or self._is_group_name(entity.name):
            return None
        return self._same_office(token, entity.country or self.country_of(token))

    # -- people with a name

    def person(self, entity: Entity) -> Figure:
        """The figure of a person entity, with its office and country read from all its mentions."""
        if entity.id not in self._figures:
            self._figures[entity.id] = self._make(entity)
        return self._figures[entity.id]

    def _make(self, entity: Entity) -> Figure:
        heads = [
            self._head(mention.start, mention.end)
            for mention in entity.mentions
            if mention.form is not MentionForm.PRONOUN
        ]
        titles = [title for head in heads for title in self._titles(head)]
        label = entity.office or next(iter(titles), None)
        told = " ".join([entity.office or "", *titles])
        official = self.offices.holds(entity.office_kind, entity.office or "", titles)
        private = not official and self.offices.is_private(told)
        stated = self._country_near(heads)
        country = stated or entity.country
        here = self.reading.here.country if self.reading.here else None
        former = entity.office_standing is OfficeStanding.FORMER
        if country is None and official and not former and here and self.offices.exists(told, here):
            country = here
        assumed = stated is None and country is not None
        if assumed and not self.offices.exists(told, country or ""):
            country, assumed = None, False
        token = heads[0] if heads else -1
        return Figure(
            token,
            entity.name if entity.named else None,
            label,
            country,
            entity.id,
            official,
            private,
            not entity.named and self._is_group_name(entity.name),
            assumed,
            told=told,
        )

    def _is_group_name(self, name: str) -> bool:
        return any(word in self.words.delegations for word in name.lower().split())

    def _head(self, start: int, end: int) -> int:
        tokens = self.reading.parse.within(start, end)
        inside = set(tokens)
        for token in reversed(tokens):
            if self.reading.parse.head[token] not in inside or self.reading.parse.head[token] == token:
                return token
        return tokens[-1] if tokens else 0

    def _titles(self, head: int) -> Iterator[str]:
        """What is said of the person around one mention: before the name, in apposition, after "is"."""
        reading, parse = self.reading, self.reading.parse
        edge = reading.left_edge(head)
        before = [t for t in range(edge, head) if reading.entity_at.get(t) is not reading.entity_at.get(head)]
        if before and any(self._is_office(t) for t in before):
            yield reading.phrase(before[0], before[-1])
        for child in parse.children(head, "appos"):
            if self._is_office(child):
                below = [t for t in parse.subtree(child) if t - child < 9]
                yield reading.phrase(min(below), max(below))
        if parse.dep[head] == "appos" and self._is_office(parse.head[head]):
            office = parse.head[head]
            below = [t for t in parse.subtree(office) if t < head and t - office < 8]
            yield reading.phrase(reading.left_edge(office), max([office, *below]))

    def _is_office(self, token: int) -> bool:
        return self.offices.is_office(self.reading.lower[token], self.reading.lemma[token])

    def _country_near(self, heads: list[int]) -> str | None:
        """The country of a name's titles: an adjective or possessor before it, "of Kenya" after it."""
        for head in heads:
            country = self._posted(head) or self.country_of(head)
            if country:
                return country
        return None

    def _posted(self, head: int) -> str | None:
        """ "US envoy in Sudan Andrew Natsios", whose name the parse hung on Sudan: the country before the office."""
        reading, parse = self.reading, self.reading.parse
        preposition = parse.head[head]
        office = parse.head[preposition]
        if (
            parse.dep[head] != "pobj"
            or reading.lower[preposition] not in ("in", "to", "for")
            or not self._is_office(office)
        ):
            return None
        before = range(reading.left_edge(office), office)
        return next((country for t in before if (country := self.atlas.country_word(t) or self.body_at(t))), None)

    def country_of(self, head: int) -> str | None:
        reading, parse = self.reading, self.reading.parse
        for token in range(reading.left_edge(head), head + 1):
            country = self.atlas.country_word(token) or self.body_at(token)
            if country and not (token in self.atlas.named and token and reading.lower[token - 1] in ("in", "at", "to")):
                return country
        for child in parse.children(head, "appos", "prep"):
            if parse.dep[child] == "prep" and reading.lower[child] not in ("of", "from"):
                continue
            for token in parse.subtree(child)[:8]:
                country = self.atlas.country_word(token) or self.body_at(token)
                if country:
                    return country
        if parse.dep[head] == "appos" and self._is_office(parse.head[head]):
            return self.country_of(parse.head[head])
        return self.body_at(head)

    def body_at(self, token: int) -> str | None:
        """The acronym of the international body that a word, or it and the next, names."""
        lower = self.reading.lower
        for size in (4, 3, 2, 1):
            words = " ".join(lower[token : token + size])
            if words in self.words.bodies:
                return self.words.bodies[words]
        return None

    # -- people and groups without a name

    def _group(self, token: int) -> Figure | None:
        """ "A Ghanaian delegation headed by Foreign Minister Obed Asamoah" is the minister; else the group itself."""
        reading, parse = self.reading, self.reading.parse
        if reading.lemma[token] not in self.words.delegations or parse.pos[token] not in ("NOUN", "PROPN"):
            return None
        country = self.country_of(token)
        clauses = [t for t in parse.subtree(token) if parse.dep[t] in ("acl", "relcl") and t - token < 12]
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
        private = self.offices.is_private(phrase) or self.offices.is_private(below)
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

    def _leader(self, obj: int) -> Figure | None:
        reading = self.reading
        for token in (obj, *range(obj, min(obj + 10, reading.parse.sentence(obj).stop))):
            entity = reading.entity_at.get(token)
            if entity is not None and entity.kind is EntityKind.PERSON:
                return replace(self.person(entity), token=token)
            if reading.lower[token] in (",", ".", "will", "said"):
                return None
        return None

    def _role(self, token: int) -> Figure | None:
        """ "Japan's finance minister", "the German chancellor"; a plural is too vague to be one visitor."""
        reading, parse = self.reading, self.reading.parse
        if not self._is_office(token) or parse.pos[token] not in ("NOUN", "PROPN"):
            return None
        phrase = _bare(reading.phrase(reading.left_edge(token), token))
        country = self.country_of(token)
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
            bool(country)
            and self.offices.is_public(phrase)
            and not vague
            or (bool(country) and vague and self.offices.is_public(phrase)),
            self.offices.is_private(phrase),
            plural=plural,
        )

    def _same_office(self, token: int, country: str | None) -> Figure | None:
        """The person named before whose office the words repeat ("the minister", "the French president")."""
        reading = self.reading
        lemma = reading.lemma[token]
        best: Figure | None = None
        holders = [
            one for one in map(self.person, self._persons.values()) if lemma in (one.label or "").lower().split()
        ]
        only = len(holders) == 1
        for entity in self._persons.values():
            if not entity.named or not entity.mentions:
                continue
            figure = self.person(entity)
            if lemma not in (figure.label or "").lower().split() or (country and figure.country != country):
                continue
            starts = [mention.start for mention in entity.mentions if mention.start < reading.parse.start[token]]
            if not starts and only:
                return figure
            if starts and (best is None or max(starts) > best_start):
                best, best_start = figure, max(starts)
        return best

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
            return replace(self.person(entity), token=token)
        return self._person_after(token)

    def _person_after(self, token: int) -> Figure | None:
        """ "Recalling his visit to Kenya, Hu said": the subject of the main clause that follows."""
        reading, parse = self.reading, self.reading.parse
        for above in parse.ancestors(token):
            if parse.pos[above] == "VERB" and parse.dep[above] == "advcl":
                for subject in parse.children(parse.head[above], "nsubj"):
                    entity = reading.entity_at.get(subject)
                    if subject > token and entity is not None and entity.kind is EntityKind.PERSON:
                        return replace(self.person(entity), token=token)
        return None

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
        single = reading.entity_at.get(token)
        if single is not None and single.kind in (EntityKind.PERSON, EntityKind.ORGANIZATION) and not single.named:
            figure = self.person(single)
            return [replace(figure, token=token)] if figure.group else []
        return []


def _bare(phrase: str) -> str:
    """A noun phrase without its article."""
    first, _, rest = phrase.partition(" ")
    return rest if rest and first.lower() in ("a", "an", "the", "his", "her", "their", "its") else phrase
