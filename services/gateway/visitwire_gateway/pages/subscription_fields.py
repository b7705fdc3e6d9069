"""The fields of the form of a subscription, and the values that somebody put into them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import FormData, ImmutableMultiDict

from visitwire_gateway.country_query import code_named

UNLESS = "unless_"


@dataclass(frozen=True)
class Box:
    """A condition that takes several values: countries, or free words."""

    name: str
    label: str
    example: str
    offers: str
    """The list of what may be chosen, by its id on the page."""

    @property
    def countries(self) -> bool:
        return self.offers == "countries"


BOXES = (
    Box("destination", "To", "India, EU, South Asia", "countries"),
    Box("visitor_country", "From", "Brazil, BRICS", "countries"),
    Box("visitor", "Visitor", "a surname is enough", "people"),
    Box("office", "Visitor's office", "president, foreign minister", "offices"),
    Box("host_country", "Host's country", "Italy", "countries"),
    Box("host", "Host", "a name or an office", "people"),
    Box("place", "City or region", "Geneva", "towns"),
    Box("provider", "Wire", "any", "wires"),
)


OFFICES = (
    "president",
    "prime minister",
    "foreign minister",
    "defence minister",
    "finance minister",
    "trade minister",
    "chancellor",
    "king",
    "queen",
    "pope",
    "secretary-general",
)


@dataclass(frozen=True)
class FormValues:
    """The values of a form, by name."""

    values: Mapping[str, Sequence[str]]

    def one(self, name: str, otherwise: str = "") -> str:
        return next((value for value in self.values.get(name, ()) if value), otherwise)

    def all(self, name: str) -> Sequence[str]:
        return self.values.get(name, ())

    @property
    def query(self) -> str:
        """Its filter as the part of an address after the question mark."""
        names = [name for name in self.values if name in OF_FILTER]
        return urlencode([(name, value) for name in names for value in self.values[name] if value], doseq=True)

    @property
    def unless(self) -> bool:
        """Whether it says what is not wanted."""
        return any(name.startswith(UNLESS) and any(values) for name, values in self.values.items())


OF_FILTER = {
    f"{prefix}{name}"
    for prefix in ("", UNLESS)
    for name in (
        *(box.name for box in BOXES),
        "status",
        "change",
        "days",
        "from",
        "confidence",
        "sources",
        "expression",
    )
}
"""The names of what makes up the filter."""


def given(form: ImmutableMultiDict[str, Any] | FormData) -> FormValues:
    """What was sent. Several values are sent one by one, or as one text with commas between."""
    values: dict[str, list[str]] = {}
    boxes = {f"{prefix}{box.name}" for box in BOXES for prefix in ("", UNLESS)}
    for name, value in form.multi_items():
        text = str(value).strip()[:2_000]
        values.setdefault(name, []).extend(_parts(text) if name in boxes else [text] if text else [])
    return FormValues(values)


def _parts(text: str) -> list[str]:
    return [text] if code_named(text) != text else [part.strip() for part in text.split(",") if part.strip()]
