"""Splits reports into groups that share no name and no office, so that each can be folded by itself."""

from collections.abc import Iterable

from visitwire_alerting.sighting import Sighting


def components(sightings: Iterable[Sighting]) -> list[list[Sighting]]:
    """Groups connected by keys (union by key, with path halving), in the order of their first report."""
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    listed = sorted(sightings, key=lambda sighting: sighting.order)
    for sighting in listed:
        first, *others = sorted(sighting.keys)
        for other in others:
            parent[root(other)] = root(first)
    groups: dict[str, list[Sighting]] = {}
    for sighting in listed:
        groups.setdefault(root(min(sighting.keys)), []).append(sighting)
    return list(groups.values())
