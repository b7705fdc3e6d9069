"""What is right of a visit, as people write it: in a form, in options of a command, in the API."""

from collections.abc import Mapping
from datetime import date

from visitwire_language.bodies import organisations
from visitwire_language.gazetteer.display import code_of
from visitwire_language.gazetteer.groups import country_codes
from visitwire_schemas import Announcer, Destination, LedgerVisit, Party, Precision, Right, VisitDates, VisitStatus
from visitwire_schemas.day_range import days

from visitwire_alerting.ledger.hand_errors import Unfit
from visitwire_alerting.wording import STATUSES

LONGEST = 200
"""Characters of a name or an office."""
FIELDS = (
    "visitor",
    "office",
    "visitor_country",
    "country",
    "place",
    "host",
    "host_office",
    "host_country",
    "status",
    "start",
    "end",
    "announced_by",
    "announced_by_office",
)
"""What can be written, in the order in which people ask."""
PRECISIONS = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}


def written(visit: LedgerVisit) -> dict[str, str]:
    """A visit as people would write it: "" for what it has not."""
    host, word, dates = visit.host or Party(), visit.announced_by or Announcer(), visit.dates or VisitDates()
    values = (
        visit.visitor.name,
        visit.visitor.label,
        visit.visitor.country,
        visit.destination.country,
        visit.destination.place,
        host.name,
        host.label,
        host.country,
        visit.status.value,
        dates.start,
        dates.end,
        word.name,
        word.label,
    )
    return {name: value or "" for name, value in zip(FIELDS, values, strict=True)}


def right_of(visit: LedgerVisit, given: Mapping[str, str]) -> Right | None:
    """What is right where `given` differs from the visit; None where nothing does. Raises `Unfit`."""
    had = written(visit)
    unknown = sorted(given.keys() - had.keys())
    if unknown:
        raise Unfit(f"There is no field {', '.join(unknown)}; use one of {', '.join(FIELDS)}.")
    now = had | {name: value.strip() for name, value in given.items()}
    long = [name for name, value in now.items() if len(value) > LONGEST or "\0" in value]
    if long:
        raise Unfit(f"{', '.join(long)}: at most {LONGEST} characters.")
    differs = {name for name in FIELDS if now[name] != had[name]}
    return _right(now, differs) if differs else None


def _right(now: dict[str, str], differs: set[str]) -> Right:
    none: list[str] = []
    found: dict[str, object] = {}
    if differs & {"visitor", "office", "visitor_country"}:
        found["visitor"] = _visitor(now, differs)
    if differs & {"country", "place"}:
        found["destination"] = _destination(now, differs)
    if "status" in differs:
        found["status"] = _status(now["status"])
    host = Party(name=now["host"] or None, label=now["host_office"] or None, country=_code(now["host_country"]))
    word = Announcer(name=now["announced_by"] or None, label=now["announced_by_office"] or None)
    for name, value, of in (
        ("host", host if host != Party() else None, {"host", "host_office", "host_country"}),
        ("dates", _dates(now["start"], now["end"]), {"start", "end"}),
        ("announced_by", word if word != Announcer() else None, {"announced_by", "announced_by_office"}),
    ):
        if differs & of:
            found[name] = value
            none += [name] if value is None else []
    return Right.model_validate({**found, "none": none})


def _visitor(now: dict[str, str], differs: set[str]) -> Party:
    if not (now["visitor"] or now["office"]):
        raise Unfit("Somebody must go: give the visitor's name or office.")
    parts = {"name": now["visitor"] or None, "label": now["office"] or None, "country": _code(now["visitor_country"])}
    of = {"name": "visitor", "label": "office", "country": "visitor_country"}
    return Party.model_validate({name: value for name, value in parts.items() if of[name] in differs})


def _destination(now: dict[str, str], differs: set[str]) -> Destination:
    if not (now["country"] or now["place"]):
        raise Unfit("A visit goes somewhere: give the country or the place.")
    parts = {"country": _code(now["country"]), "place": now["place"] or None}
    return Destination.model_validate({name: value for name, value in parts.items() if name in differs})


def _code(text: str) -> str | None:
    """The code of a country or organisation, as written or by its name."""
    if not text:
        return None
    known = next(
        (code for code in (*country_codes(), *organisations()) if code.casefold() == text.casefold()), code_of(text)
    )
    if not known:
        raise Unfit(f"{text!r} is not a country: say IN, India, or UN for an organisation.")
    return known


def _status(text: str) -> VisitStatus:
    said = {words: status for status, words in STATUSES.items()} | {status.value: status for status in VisitStatus}
    if text not in said:
        raise Unfit(f"{text!r} is not a status; use one of {', '.join(VisitStatus)}.")
    return said[text]


def _dates(start: str, end: str) -> VisitDates | None:
    if not start and not end:
        return None
    precision = PRECISIONS.get(len(start))
    given = VisitDates(start=start, end=end or None, precision=precision or Precision.NONE)
    known = days(given)
    if precision is None or known is None or (end and (len(end) != len(start) or end < start)):
        raise Unfit(
            "Dates are written 2026-12-04, or 2026-12 or 2026 where no more is known, the first before the last."
        )
    return _within(given, known)


def _within(given: VisitDates, known: tuple[date, date]) -> VisitDates:
    if not 1900 <= known[0].year <= 2200:
        raise Unfit("A visit lies between the years 1900 and 2200.")
    return given
