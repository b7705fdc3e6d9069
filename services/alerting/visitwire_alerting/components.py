"""Splits reports into groups of which no two may be of one visitor, so that each can be folded by itself."""

from collections.abc import Iterable

from visitwire_alerting.sighting import Sighting


def components(sightings: Iterable[Sighting]) -> list[list[Sighting]]:
    """Groups connected by what one asks for and another is marked with (union by key, with path halving), in the order
    of their first report."""
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    listed = sorted(sightings, key=lambda sighting: sighting.order)
    asked = {key for sighting in listed for key in sighting.form.asks}
    met = asked & {key for sighting in listed for key in sighting.form.marks}
    found: list[tuple[str, Sighting]] = []
    for sighting in listed:
        form = sighting.form  # its last name or office, which it asks for itself, is met
        first, *others = sorted((form.marks | form.asks) & met)
        for other in others:
            parent[root(other)] = root(first)
        found.append((first, sighting))
    groups: dict[str, list[Sighting]] = {}
    for first, sighting in found:
        groups.setdefault(root(first), []).append(sighting)
    return list(groups.values())
