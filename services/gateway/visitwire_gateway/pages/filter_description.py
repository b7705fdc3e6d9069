"""A subscription's filter in a few words, and the names that its form suggests."""

from collections.abc import Iterable

from visitwire_language.bodies import organisations
from visitwire_language.gazetteer.display import country_name
from visitwire_language.gazetteer.groups import country_codes, groups
from visitwire_schemas.subscription import Conditions, Filter

from visitwire_gateway.pages.subscription_fields import BOXES
from visitwire_gateway.wording import CHANGE_WORDS, STATUS_WORDS


def in_words(asked: Filter) -> list[tuple[str, str]]:
    """(what, which) for each condition: ("To", "India or South Asia")."""
    found = list(_words(asked))
    if asked.unless is not None:
        found.append(("But not", "; ".join(f"{what.lower()} {which}" for what, which in _words(asked.unless))))
    if asked.expression is not None:
        found.append(("Also", asked.expression))
    return found


def _words(asked: Conditions) -> Iterable[tuple[str, str]]:
    for box in BOXES:
        values = getattr(asked, box.name) or ()
        if values:
            yield box.label, " or ".join(country_name(value) if box.countries else value for value in values)
    if asked.status:
        yield "Status", " or ".join(STATUS_WORDS[one].lower() for one in asked.status)
    if asked.change:
        yield "Change", " or ".join(CHANGE_WORDS[one].lower() for one in asked.change)
    if asked.dates:
        since = f"{asked.dates.days} days from {asked.dates.from_}" if asked.dates.from_ else ""
        yield "Dated", since or f"within {asked.dates.days} days"
    if asked.confidence is not None:
        yield "Confidence", f"{asked.confidence * 100:.0f} % or more"
    if asked.sources is not None:
        yield "Sources", f"{asked.sources} or more"


def offered() -> list[str]:
    """Countries by name, blocs and regions."""
    named = (country_name(code) for code in country_codes())
    return sorted({*named, *organisations(), *groups()}, key=str.casefold)
