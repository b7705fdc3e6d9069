"""The entities of a story, put together from its names, offices and places."""

from collections.abc import Sequence

from visitwire_schemas import Entity, EntityKind, Mention, MentionForm, OfficeKind, OfficeStanding

from visitwire_extraction.claims import claims_of
from visitwire_extraction.document import Document
from visitwire_extraction.geography import Place, places
from visitwire_extraction.lemmas import Lemmas
from visitwire_extraction.names import names
from visitwire_extraction.offices import Office, offices
from visitwire_extraction.people import Claim, Person, cluster, spread
from visitwire_extraction.represented import Countries
from visitwire_extraction.tables import Tables


def entities_of(doc: Document, tables: Tables, lemmas: Lemmas) -> tuple[Entity, ...]:
    """Every person, organisation, country and place the story names, in order of first mention."""
    found_places = places(doc, tables)
    found_offices = offices(doc, tables, found_places)
    found_names = names(doc, found_places, found_offices, lemmas)
    claims, used = claims_of(doc, found_names, found_offices, found_places)
    people = cluster(doc, found_names, claims)
    taken = {token for person in people for first, end, _ in person.mentions for token in range(first, end)}
    spread(doc, people, taken)
    countries = Countries(doc, tables, found_places)
    for person in people:
        countries.settle(person)
    for person in people:
        countries.suppose(person)
    rows = [_person(doc, person) for person in people] + _countries(doc, found_places)
    rows.sort(key=lambda entity: entity.mentions[0].start)
    return tuple(entity.model_copy(update={"id": f"e{number}"}) for number, entity in enumerate(rows, 1))


def _person(doc: Document, person: Person) -> Entity:
    claim = next(iter(person.claims), None)
    return Entity(
        id="",
        kind=EntityKind.PERSON,
        name=person.name,
        country=person.country,
        office=claim.office.words if claim else None,
        office_kind=_kind(claim) if claim else None,
        office_standing=OfficeStanding(claim.office.standing) if claim and claim.office.title.kind != "role" else None,
        gender=person.gender,
        named=person.named,
        mentions=tuple(_mention(doc, first, end, form) for first, end, form in person.mentions),
        salience=min(1.0, len(person.mentions) / 10),
    )


def _kind(claim: Claim) -> OfficeKind | None:
    kind = claim.office.title.kind
    if kind == "leader":
        return OfficeKind.HEAD_OF_STATE if claim.office.country else OfficeKind.HEAD_OF_ORGANIZATION
    return None if kind == "role" else OfficeKind(kind)


def _mention(doc: Document, first: int, end: int, form: str) -> Mention:
    return Mention(start=doc.parse.start[first], end=doc.parse.end[end - 1], form=MentionForm(form))


def _countries(doc: Document, found: Sequence[Place]) -> list[Entity]:
    groups: dict[tuple[str, str], list[Place]] = {}
    for place in found:
        kind = "place" if place.role in ("city", "region") else "country"
        groups.setdefault((kind, place.name if kind == "place" else place.state.code), []).append(place)
    return [
        Entity(
            id="",
            kind=EntityKind(kind),
            name=name if kind == "place" else group[0].state.name,
            country=group[0].state.code,
            wikidata=group[0].state.wikidata if kind == "country" else None,
            mentions=tuple(_mention(doc, place.first, place.end, "name") for place in group),
            salience=min(1.0, len(group) / 10),
        )
        for (kind, name), group in groups.items()
    ]
