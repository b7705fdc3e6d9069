"""Who holds which office, asked of Wikidata (CC0) through its SPARQL endpoint, as rows for the table of office-holders.

Heads of state and government come from the statements of each country (P35, P6), foreign ministers from those who
held a position of that class (P39, Q7330070). https://www.wikidata.org/wiki/Wikidata:SPARQL_query_service
"""

from collections.abc import Iterable, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

import httpx
from pydantic import BaseModel, ValidationError

from visitwire_extraction.roster import Holder

ENDPOINT = "https://query.wikidata.org/sparql"
_LONGEST = 120.0
"""Seconds to wait: the service itself gives up after sixty."""
_LEADERS = """
SELECT ?code ?person ?personLabel ?office ?officeLabel ?kind ?start ?end WHERE {
  VALUES (?claim ?value ?post ?kind) {
    (p:P35 ps:P35 wdt:P1906 "head_of_state") (p:P6 ps:P6 wdt:P1313 "head_of_government")
  }
  ?country wdt:P297 ?code ; ?claim ?statement ; ?post ?office .
  ?statement ?value ?person ; pq:P580 ?start .
  OPTIONAL { ?statement pq:P582 ?end }
  FILTER(!BOUND(?end) || ?end >= "%(since)s"^^xsd:dateTime)
  SERVICE wikibase:label { bd:serviceParam wikibase:language "en" }
}
"""
_FOREIGN_MINISTERS = """
SELECT ?code ?person ?personLabel ?office ?officeLabel ("minister" AS ?kind) ?start ?end WHERE {
  ?office wdt:P279* wd:Q7330070 ; wdt:P1001 ?country .
  ?country wdt:P297 ?code .
  ?person p:P39 ?statement .
  ?statement ps:P39 ?office ; pq:P580 ?start .
  OPTIONAL { ?statement pq:P582 ?end }
  FILTER(!BOUND(?end) || ?end >= "%(since)s"^^xsd:dateTime)
  SERVICE wikibase:label { bd:serviceParam wikibase:language "en" }
}
"""


class WikidataError(Exception):
    """Wikidata could not be asked, or its answer could not be read; the words say why."""


class _Value(BaseModel):
    value: str


class _Results(BaseModel):
    bindings: list[dict[str, _Value]]


class _Answer(BaseModel):
    """The SPARQL 1.1 results format, as far as it is used."""

    results: _Results


def fetch(client: httpx.Client, since: date) -> list[Holder]:
    """Everybody who held such an office after `since`, by country, office and time.

    Raises WikidataError.
    """
    found = [holder for query in (_LEADERS, _FOREIGN_MINISTERS) for holder in _ask(client, query % {"since": since})]
    return sorted(set(found), key=lambda holder: (holder.country, holder.kind, holder.start, holder.name))


def client(transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """A client that says who asks, as Wikidata's policy wants."""
    agent = f"visitwire/{version('visitwire-extraction')} (table of office-holders; httpx)"
    return httpx.Client(
        transport=transport or httpx.HTTPTransport(retries=2),
        timeout=_LONGEST,
        headers={"User-Agent": agent, "Accept": "application/sparql-results+json"},
    )


def holders_of(answer: bytes) -> list[Holder]:
    """The rows of an answer; those without an English name or a usable date are left out.

    Raises WikidataError where it is no SPARQL answer.
    """
    try:
        bindings = _Answer.model_validate_json(answer).results.bindings
    except ValidationError as error:
        raise WikidataError(f"Wikidata's answer is not SPARQL results in JSON: {error.errors()[0]['msg']}.") from error
    return [holder for binding in bindings if (holder := _holder(binding))]


def write(holders: Iterable[Holder], to: Path) -> int:
    """Writes the table, whole or not at all. Returns the number of rows."""
    lines = [_line(holder) for holder in holders]
    to.parent.mkdir(parents=True, exist_ok=True)
    beside = to.with_name(to.name + ".new")
    beside.write_text(
        "\n".join(["# Who held which office. Source: Wikidata (CC0), by visitwire officeholders refresh.", *lines, ""])
    )
    beside.replace(to)
    return len(lines)


def _line(holder: Holder) -> str:
    end = holder.end.isoformat() if holder.end else ""
    fields = (
        ";".join((holder.name, *holder.aliases)),
        holder.country,
        holder.office,
        holder.kind,
        holder.start.isoformat(),
        end,
        holder.wikidata or "",
    )
    return "|".join(field.replace("|", "/") for field in fields)


def _ask(client: httpx.Client, query: str) -> Sequence[Holder]:
    try:
        response = client.post(ENDPOINT, data={"query": query, "format": "json"})
        response.raise_for_status()
    except httpx.HTTPStatusError as error:
        again = error.response.headers.get("Retry-After")
        wait = f"; it asks to wait {again} seconds" if again else ""
        raise WikidataError(f"Wikidata answered {error.response.status_code}{wait}.") from error
    except httpx.HTTPError as error:
        raise WikidataError(f"Wikidata could not be reached: {error}.") from error
    return holders_of(response.content)


def _holder(binding: dict[str, _Value]) -> Holder | None:
    values = {name: value.value for name, value in binding.items()}
    item = values.get("person", "").rpartition("/")[2]
    name, start = values.get("personLabel", ""), _day(values.get("start"))
    if not name or name == item or start is None or not values.get("code") or values.get("kind") is None:
        return None
    return Holder(
        name=name,
        country=values["code"],
        office=_office(values.get("officeLabel", ""), values["kind"]),
        kind=values["kind"],
        start=start,
        end=_day(values.get("end")),
        wikidata=item if item.startswith("Q") else None,
    )


def _office(label: str, kind: str) -> str:
    """ "President of France" is the President; a label that is missing is the kind's own word."""
    if kind == "minister":
        return "Foreign Minister"
    words = label.partition(" of ")[0]
    if not words or words[1:].isdigit():
        return "Head of state" if kind == "head_of_state" else "Prime Minister"
    return words[0].upper() + words[1:]


def _day(text: str | None) -> date | None:
    """The day of "2017-05-14T00:00:00Z"; None for unknown values and years before the common era."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
