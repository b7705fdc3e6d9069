"""A filter in a few words."""

from collections.abc import Iterator

from visitwire_language.gazetteer.display import country_name

from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.personal.store import EVERYTHING
from visitwire_gateway.wording import STATUS_WORDS


def filter_words(wanted: VisitFilter) -> str:
    """ "To India or France; status planned"."""
    words = "; ".join(_words(wanted))
    return words[:1].upper() + words[1:] if words else EVERYTHING


def _words(wanted: VisitFilter) -> Iterator[str]:
    for text, before in ((wanted.q, "with"), (wanted.who, "visitor")):
        if text:
            yield f"{before} “{text}”"
    for codes, before in (
        (wanted.origin, "from"),
        (wanted.to, "to"),
        (wanted.host, "guests of"),
        (wanted.country, "concerning"),
    ):
        if codes:
            yield f"{before} {' or '.join(country_name(code) for code in codes)}"
    if wanted.status:
        yield f"status {' or '.join(STATUS_WORDS[one].lower() for one in wanted.status)}"
    if wanted.provider:
        yield f"told by {' or '.join(wanted.provider)}"
    yield from _bounds(wanted)


def _bounds(wanted: VisitFilter) -> Iterator[str]:
    if wanted.since is not None:
        yield f"dated from {wanted.since}"
    if wanted.until is not None:
        yield f"dated until {wanted.until}"
    if wanted.sources is not None:
        yield f"{wanted.sources} or more sources"
    if wanted.confidence is not None:
        yield f"confidence {wanted.confidence * 100:.0f} % or more"
    if wanted.disputed:
        yield "readers differ"
    if wanted.background:
        yield "background too"
