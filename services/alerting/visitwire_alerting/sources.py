"""How many sources report a visit independently."""

from collections.abc import Iterable

from visitwire_schemas import Report


def independent(reports: Iterable[Report]) -> int:
    """Counts wires and texts together: each wire at most once, and each text at most once however many wires carry it.

    The most pairs of one wire and one text, by augmenting paths (Kuhn's algorithm for bipartite matching).
    """
    texts: dict[str, set[str]] = {}
    for report in reports:
        texts.setdefault(report.provider, set()).add(report.same_as or report.story)
    taken: dict[str, str] = {}

    def place(wire: str, tried: set[str]) -> bool:
        for text in sorted(texts[wire] - tried):
            tried.add(text)
            if text not in taken or place(taken[text], tried):
                taken[text] = wire
                return True
        return False

    return sum(place(wire, set()) for wire in sorted(texts))
