"""What is asked in an address must be known: a condition that nobody reads would be answered with everything."""

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches

from fastapi import HTTPException, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic.fields import FieldInfo

PROGRAMS = ("/api/", "/visits.", "/events", "/my/")
"""Where programs ask; elsewhere are pages."""
ON_THE_WAY = re.compile(r"utm_\w+|\w*clid|mc_[ce]id|_hs\w+|igshid")
"""What mail programs and other sites put behind a page's address, which asks for nothing."""
LONGEST = 60
"""Of what is unknown, as much is told again."""
OTHERWISE = {
    "destination": "to",
    "dest": "to",
    "visitor": "who",
    "name": "who",
    "origin": "from",
    "visitor_country": "from",
    "host_country": "host",
    "wire": "provider",
    "source": "provider",
    "text": "q",
    "query": "q",
    "search": "q",
    "state": "status",
    "page": "cursor",
    "offset": "cursor",
    "size": "limit",
    "per_page": "limit",
    "after": "since",
    "before": "until",
    "start": "since",
    "end": "until",
}
"""What others call it: subscriptions, other APIs."""


async def known_parameters(request: Request) -> None:
    """Raises 422 for a parameter that the route does not have, and for one given twice that takes one value. A page
    that has none shows the same whatever is behind its address."""
    route = request.scope.get("route")
    if not isinstance(route, APIRoute) or not request.query_params:
        return
    known, for_programs = _parameters(route), request.url.path.startswith(PROGRAMS)
    if known or for_programs:
        given = request.query_params
        check_names([name for name in given if for_programs or not ON_THE_WAY.fullmatch(name)], known)
        for name in given:
            if not known.get(name, True) and len(given.getlist(name)) > 1:
                raise HTTPException(422, f"{name} is given twice; it takes one value.")


def check_names(given: Collection[str], known: Collection[str]) -> None:
    """Answers 422 to a name that is not known, with what may have been meant."""
    for name in given:
        if name not in known:
            raise HTTPException(422, _unknown(name, list(known)))


def _parameters(route: APIRoute) -> Mapping[str, bool]:
    """The parameters of a route by name, and whether each may be given several times, which means any of the values."""
    return dict(_flat(route.dependant))


def _flat(dependant: Dependant) -> list[tuple[str, bool]]:
    found: list[tuple[str, bool]] = []
    for parameter in dependant.query_params:
        fields: Mapping[str, FieldInfo] | None = getattr(parameter.field_info.annotation, "model_fields", None)
        if fields is None:
            found.append((parameter.alias, _several(parameter.field_info)))
        else:
            found += [(field.alias or name, _several(field)) for name, field in fields.items()]
    return found + [one for inner in dependant.dependencies for one in _flat(inner)]


def _several(field: FieldInfo) -> bool:
    return getattr(field.annotation, "__origin__", None) in (list, tuple)


def _unknown(name: str, known: list[str]) -> str:
    """The sentence that says what is meant, or all there is."""
    short = name[:LONGEST]
    meant = OTHERWISE.get(name.casefold())
    near = [meant] if meant in known else get_close_matches(short.casefold(), known, n=2)
    if near:
        return f"There is no parameter {short!r} here; did you mean {' or '.join(near)}?"
    there = f"use one of {', '.join(sorted(known))}." if known else "there are none."
    return f"There is no parameter {short!r} here; {there}"
