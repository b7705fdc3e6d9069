"""The values of the form that say what a board's filter, or a subscription, says."""

from typing import Any

from visitwire_language.gazetteer.display import country_name
from visitwire_schemas.subscription import Conditions, Email, Subscription

from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.pages.subscription_fields import BOXES, UNLESS, FormValues


def of_board(wanted: VisitFilter) -> FormValues:
    """The form that asks for what the board's filter shows, as far as a subscription can say it: not its free words."""
    values = {
        "visitor": [wanted.who] if wanted.who else [],
        "visitor_country": [country_name(code) for code in wanted.origin],
        "destination": [country_name(code) for code in wanted.to or wanted.country],
        "host_country": [country_name(code) for code in wanted.host],
        "status": [status.value for status in wanted.status],
        "provider": wanted.provider,
        "sources": [str(wanted.sources)] if wanted.sources else [],
        "confidence": [f"{wanted.confidence:g}"] if wanted.confidence else [],
    }
    if wanted.since and wanted.until and wanted.until >= wanted.since:
        values |= {"days": [str((wanted.until - wanted.since).days + 1)], "from": [wanted.since.isoformat()]}
    return FormValues(values)


def of_subscription(one: Subscription) -> FormValues:
    """The form that says what a subscription says; its channels apart."""
    values: dict[str, list[str]] = {"name": [one.name], "enabled": ["on"] if one.enabled else []}
    values |= _of_conditions(one.filter, "")
    if one.filter.unless is not None:
        values |= _of_conditions(one.filter.unless, UNLESS)
    values["wait"] = [f"{one.wait:g}"]
    values["old"] = ["on"] if one.old else []
    values["by_hand"] = ["on"] if one.by_hand else []
    if one.quiet:
        values |= {"quiet_from": [one.quiet.from_], "quiet_to": [one.quiet.to], "quiet_zone": [one.quiet.zone]}
        values["quiet_but"] = [kind.value for kind in one.quiet.but]
    if one.digest:
        values |= {"digest": ["on"], "digest_at": [one.digest.at], "digest_zone": [one.digest.zone]}
    if isinstance(one.owner, Email):
        values["owner"] = [", ".join(one.owner.to)]
    return FormValues(values)


def _of_conditions(asked: Conditions, prefix: str) -> dict[str, list[str]]:
    found = asked.model_dump(mode="json", exclude_none=True, exclude={"dates", "unless"})
    values = {prefix + name: _texts(value) for name, value in found.items()}
    for box in BOXES:
        if box.countries and prefix + box.name in values:
            values[prefix + box.name] = [country_name(code) for code in values[prefix + box.name]]
    if asked.dates is not None:
        values[prefix + "days"] = [str(asked.dates.days)]
        values[prefix + "from"] = [asked.dates.from_.isoformat()] if asked.dates.from_ else []
    return values


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(one) for one in value]
    return [f"{value:g}" if isinstance(value, float) else str(value)]
