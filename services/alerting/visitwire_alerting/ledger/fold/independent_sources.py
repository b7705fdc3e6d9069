"""How many sources report a visit independently."""

from collections.abc import Mapping, Sequence

MOST = 32
"""Texts kept of one wire: of more, one is surely left that no other wire carries, while there are no more wires."""


def independent(texts: Mapping[str, Sequence[str]]) -> int:
    """Counts wires and texts together: each wire at most once, and each text at most once however many wires carry it.
    `texts` are those of each wire.

    The most pairs of one wire and one text, by augmenting paths (Kuhn's algorithm for bipartite matching).
    """
    taken: dict[str, str] = {}

    def place(wire: str, tried: set[str]) -> bool:
        for text in sorted(set(texts[wire]) - tried):
            tried.add(text)
            if text not in taken or place(taken[text], tried):
                taken[text] = wire
                return True
        return False

    return sum(place(wire, set()) for wire in sorted(texts))
