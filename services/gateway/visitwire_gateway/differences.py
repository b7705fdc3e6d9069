"""What changed between two revisions of a visit, in words."""

from dataclasses import dataclass

from visitwire_language.gazetteer.display import country_name
from visitwire_schemas import LedgerVisit

from visitwire_gateway.wording import STATUS_WORDS, dates_words, party_words


@dataclass(frozen=True)
class Difference:
    what: str
    before: str
    """"" where there was nothing."""
    after: str


def differences(before: LedgerVisit | None, after: LedgerVisit) -> list[Difference]:
    """Field by field, in the order that people ask: who, where, how far, when, whose guest, on whose word, how sure."""
    now = _facts(after)
    then = _facts(before) if before is not None else dict.fromkeys(now, "")
    return [Difference(what, then[what], now[what]) for what in now if then[what] != now[what]]


def _facts(visit: LedgerVisit) -> dict[str, str]:
    where = ", ".join(filter(None, (visit.destination.place, country_name(visit.destination.country))))
    said = visit.announced_by
    return {
        "Visitor": party_words(visit.visitor),
        "Destination": where,
        "Status": STATUS_WORDS[visit.status],
        "Dates": dates_words(visit.dates),
        "Host": party_words(visit.host),
        "Announced by": " ".join(filter(None, (said.label, said.name))) if said else "",
        "Independent sources": str(visit.sources_independent),
    }
