"""The entities of a story, by a row of steps: each makes one value of the one before, which it leaves as it is.

Tokens (`Document`) → names (`Named`) → links of names and offices (`Linked`) → people, their countries, all their
mentions (`Cast` each time) → entities.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from visitwire_schemas import Entity

from visitwire_extraction.claims import claims_of, fill_counterparts, introduce
from visitwire_extraction.delegations import groups
from visitwire_extraction.document import Document
from visitwire_extraction.epithets import resolve_epithets
from visitwire_extraction.events import events
from visitwire_extraction.geography import places
from visitwire_extraction.group_leaders import with_leaders
from visitwire_extraction.internationals import acronyms
from visitwire_extraction.knowledge import Knowledge
from visitwire_extraction.names import names
from visitwire_extraction.nationality import nations
from visitwire_extraction.nominals import as_counterparts, resolve_nominals
from visitwire_extraction.offices import offices
from visitwire_extraction.organisations import organisations
from visitwire_extraction.pairs import resolve_pairs
from visitwire_extraction.people import cluster, copied, spread
from visitwire_extraction.players import Player, players
from visitwire_extraction.plurals import resolve_plurals
from visitwire_extraction.pronouns import resolve_pronouns
from visitwire_extraction.represented import Countries
from visitwire_extraction.runs import Runs
from visitwire_extraction.step_results import Claim, Group, Name, Office, Person, Place
from visitwire_extraction.written import written


@dataclass(frozen=True)
class Named:
    """Where a story names places, offices and people."""

    doc: Document
    places: tuple[Place, ...]
    offices: tuple[Office, ...]
    players: tuple[Player, ...]
    names: tuple[Name, ...]

    @property
    def around(self) -> frozenset[str]:
        """The countries that the story speaks of."""
        return frozenset(place.state.code for place in self.places)


@dataclass(frozen=True)
class Linked:
    """Which office speaks of which name, which offices that uses up, and which country owns a name."""

    named: Named
    claims: Mapping[Name, Sequence[Claim]]
    used: frozenset[Office]
    nations: Mapping[Name, str]

    @property
    def free(self) -> list[Office]:
        """Offices that stand beside no name."""
        return [office for office in self.named.offices if office not in self.used]


@dataclass(frozen=True)
class Cast:
    """The people of a story, and the groups without a name. A step that changes people works on copies."""

    linked: Linked
    people: tuple[Person, ...]
    groups: tuple[Group, ...]

    @property
    def named(self) -> Named:
        return self.linked.named


def entities_of(doc: Document, known: Knowledge) -> tuple[Entity, ...]:
    """Every person, organisation, country and place the story names, in order of first mention."""
    cast = gathered(linked(named(doc, known), known), known)
    return told(referred(settled(cast, known), known), known)


def named(doc: Document, known: Knowledge) -> Named:
    """Names: places first, then offices, then people beside them and elsewhere."""
    found = places(doc, known.tables)
    around = frozenset(place.state.code for place in found)
    titles = offices(doc, known.tables, found)
    surnames = known.roster.surnames(doc.date if doc.is_dated else None, around, doc.vocabulary)
    full = known.roster.full_names(doc.plain)
    listed = players(doc, found, Runs(doc, found, known.lemmas))
    people = names(doc, found, titles, known.lemmas, known.tables, surnames, full, known.roster.families, listed)
    return Named(doc, tuple(found), tuple(titles), tuple(listed), tuple(people))


def linked(found: Named, known: Knowledge) -> Linked:
    """Links: the office that a name stands beside, and the country that owns it."""
    claims, used = claims_of(found.doc, known.tables, found.names, found.offices, found.places)
    return Linked(found, claims, frozenset(used), nations(found.doc, found.names, found.places, found.players))


def gathered(links: Linked, known: Knowledge) -> Cast:
    """People: which names are one person; groups that have no name."""
    doc = links.named.doc
    people = cluster(doc, links.named.names, links.claims, links.nations)
    spread(doc, people, {token for one in people for first, end, _ in one.mentions for token in range(first, end)})
    fill_counterparts(doc, people)
    introduce(doc, links.free, people)
    return Cast(links, tuple(people), tuple(groups(doc, known.tables, links.named.places)))


def settled(cast: Cast, known: Knowledge) -> Cast:
    """Countries: as the story says, as the table of office-holders knows, as the story's place suggests."""
    people = copied(cast.people)
    countries = _countries(cast, known)
    around = cast.named.around | acronyms(cast.named.doc, known.tables)
    for person in people:
        countries.settle(person)
    for person in people:
        known.roster.fill(person, cast.named.doc.date, around, cast.named.doc.is_dated)
    for person in people:
        countries.inherit(person, people)
        countries.suppose(person, people)
    return replace(cast, people=tuple(people))


def referred(cast: Cast, known: Knowledge) -> Cast:
    """Mentions: offices without a name, pairs, plurals, pronouns, epithets; and whose groups are."""
    doc, people = cast.named.doc, copied(cast.people)
    countries = _countries(cast, known)
    free = as_counterparts(cast.linked.free, people, known.tables.titles)
    resolve_nominals(doc, free, people, countries)
    resolve_pairs(doc, free, people)
    plurals = resolve_plurals(doc, known.tables, cast.named.places, free, people)
    for person in people:
        countries.settle(person)
    resolve_pronouns(doc, people, known.tables.given)
    resolve_epithets(doc, people, known.tables.given)
    return replace(cast, people=tuple(people), groups=(*with_leaders(doc, cast.groups, people), *plurals))


def told(cast: Cast, known: Knowledge) -> tuple[Entity, ...]:
    """The entities of the contract, bodies and events among them."""
    doc, found = cast.named.doc, cast.named.places
    bodies = organisations(doc, known.tables, found, cast.groups, _taken(cast))
    return written(doc, cast.people, found, bodies, events(doc, found))


def _countries(cast: Cast, known: Knowledge) -> Countries:
    return Countries(cast.named.doc, known.tables, cast.named.places, cast.groups)


def _taken(cast: Cast) -> set[int]:
    """Tokens that name people, or a minister's field: "External Affairs Minister" names no body of that name."""
    spans = [(first, end) for person in cast.people for first, end, form in person.mentions if form == "name"]
    spans += [(office.first, office.head) for office in cast.named.offices if office.title.kind == "minister"]
    return {token for first, end in spans for token in range(first, end)}
