"""The tables of the language library that entities are found by, in one hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from visitwire_language.bodies import Body, International, bodies, organisation_names, organisations
from visitwire_language.gazetteer.countries import State
from visitwire_language.gazetteer.places import Geo, gazetteer
from visitwire_language.names import given_names
from visitwire_language.offices import Title, lacking, titles
from visitwire_language.phrases import Phrases


@dataclass(frozen=True)
class Vocabulary:
    geo: Phrases[Geo]
    states: Mapping[str, State]
    organisations: Phrases[International]
    by_acronym: Mapping[str, International]
    titles: Phrases[Title]
    bodies: Phrases[Body]
    lacking: Mapping[str, frozenset[str]]
    """By the words of an office, the states that have none."""
    given: Mapping[str, str]
    """By given name in plain form, "male" or "female"."""


@cache
def vocabulary() -> Vocabulary:
    """All tables. Takes about half a second the first time."""
    known = gazetteer()
    return Vocabulary(
        geo=known.phrases,
        states=known.states,
        organisations=organisation_names(),
        by_acronym=organisations(),
        titles=titles(),
        bodies=bodies(),
        lacking=lacking(),
        given=given_names(),
    )
