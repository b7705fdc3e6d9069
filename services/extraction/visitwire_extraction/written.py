"""The entities of a story as the contract has them: people, bodies, countries and places, events."""

from collections.abc import Sequence

from visitwire_language.classes import office_words
from visitwire_schemas import Entity, EntityKind, Mention, MentionForm, OfficeKind, OfficeStanding

from visitwire_extraction.document import Document
from visitwire_extraction.public_offices import holds_public
from visitwire_extraction.step_results import Claim, Event, Organisation, Person, Place


def written(
    doc: Document,
    people: Sequence[Person],
    places: Sequence[Place],
    bodies: Sequence[Organisation],
    events: Sequence[Event],
) -> tuple[Entity, ...]:
    """Every entity in order of its first mention, numbered."""
    rows = [_person(doc, person) for person in people] + _countries(doc, places)
    rows += [_organisation(doc, one) for one in bodies] + [_event(doc, one) for one in events]
    rows.sort(key=lambda entity: entity.mentions[0].start)
    return tuple(entity.model_copy(update={"id": f"e{number}"}) for number, entity in enumerate(rows, 1))


def _person(doc: Document, person: Person) -> Entity:
    claim = _told(person)
    return Entity(
        id="",
        kind=EntityKind.PERSON,
        name=person.name,
        country=person.country,
        office=claim.office.words if claim else person.held,
        office_kind=_kind(claim, person) if claim else _held_kind(person),
        office_standing=_standing(claim, person),
        wikidata=person.wikidata,
        gender=person.gender,
        named=person.named,
        mentions=tuple(_mention(doc, first, end, form) for first, end, form in person.mentions),
        salience=min(1.0, len(person.mentions) / 10),
    )


def _told(person: Person) -> Claim | None:
    """The claim whose office is told: none where a table knows a public office and the story speaks of what somebody
    was before, or is besides ("the former chief executive")."""
    claims = [one for one in person.claims if one.office.title.kind != "counterpart" and not _is_no_office(one)]
    claims.sort(key=_is_style)
    public = [one for one in claims if one.office.standing != "former" and _kind(one, person) is not None]
    if public and _is_style(public[0]) and claims[0].office.title.kind != "role":
        public = claims  # "the federation's president Prince Nayef"
    if public and (public[0].direct or person.held is None or person.held_once):
        return public[0]
    told = person.held is None or person.held_once  # the nominee of today, not the secretary of years ago
    return claims[0] if claims and told else None


def _is_no_office(claim: Claim) -> bool:
    """ "His mother Ana Krogh", "a resident": what nobody would print as somebody's office or profession."""
    return claim.office.title.words in office_words("kin") | office_words("no office")


def _is_style(claim: Claim) -> bool:
    """Whether an office is a style or a rank, told only where the story gives no other: "Sheikh", of the defence
    minister; "General", of the chief of staff."""
    return claim.office.words.lower() in office_words("styles") | office_words("ranks of arms")


def _standing(claim: Claim | None, person: Person) -> OfficeStanding | None:
    if claim is None:
        if person.held is None:
            return None
        return OfficeStanding.FORMER if person.held_once else OfficeStanding.HELD
    return None if claim.office.title.kind == "role" else OfficeStanding(claim.office.standing)


def _held_kind(person: Person) -> OfficeKind | None:
    if person.held_kind is None:
        return None
    return OfficeKind.HEAD_OF_STATE if person.held_kind == "leader" else OfficeKind(person.held_kind)


def _kind(claim: Claim, person: Person) -> OfficeKind | None:
    kind = claim.office.title.kind
    if kind == "leader":
        return OfficeKind.HEAD_OF_STATE if claim.office.country else OfficeKind.HEAD_OF_ORGANIZATION
    return OfficeKind(kind) if holds_public(claim, person) else None


def _mention(doc: Document, first: int, end: int, form: str) -> Mention:
    return Mention(start=doc.parse.start[first], end=doc.parse.end[end - 1], form=MentionForm(form))


def _organisation(doc: Document, one: Organisation) -> Entity:
    return Entity(
        id="",
        kind=EntityKind.ORGANIZATION,
        name=one.name,
        country=one.country,
        wikidata=one.wikidata,
        named=one.named,
        mentions=tuple(_mention(doc, first, end, form) for first, end, form in one.mentions),
        salience=min(1.0, len(one.mentions) / 10),
    )


def _event(doc: Document, one: Event) -> Entity:
    return Entity(
        id="",
        kind=EntityKind.EVENT,
        name=one.name,
        country=one.country,
        mentions=tuple(_mention(doc, first, end, "name") for first, end in one.mentions),
        salience=min(1.0, len(one.mentions) / 10),
    )


def _countries(doc: Document, found: Sequence[Place]) -> list[Entity]:
    groups: dict[tuple[str, str], list[Place]] = {}
    for place in found:
        kind = "place" if place.role in ("city", "region", "seat") else "country"
        groups.setdefault((kind, place.name if kind == "place" else place.state.code), []).append(place)
    return [
        Entity(
            id="",
            kind=EntityKind(kind),
            name=name if kind == "place" else group[0].state.name,
            country=group[0].state.code,
            wikidata=group[0].state.wikidata if kind == "country" else None,
            mentions=tuple(
                _mention(doc, place.first, place.end, "nominal" if place.role == "people" else "name")
                for place in group
            ),
            salience=min(1.0, len(group) / 10),
        )
        for (kind, name), group in groups.items()
    ]
