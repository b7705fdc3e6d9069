"""Changes of visits as an Atom feed (RFC 4287)."""

from collections.abc import Sequence
from datetime import datetime
from xml.etree import ElementTree

from visitwire_language.gazetteer.display import country_name
from visitwire_schemas import Alert

from visitwire_gateway.differences import differences
from visitwire_gateway.wording import CHANGE_WORDS, dates_words, summary

NAMESPACE = "http://www.w3.org/2005/Atom"


def feed(
    alerts: Sequence[Alert], link: str, source: str, now: datetime, name: str = "Official visits", id: str | None = None
) -> bytes:
    """One entry for each change, the latest first; `link` is the board's address, `source` the feed's own.

    `now` dates a feed without entries. `id` names a feed whose address may change; else its filter does.
    """
    ElementTree.register_namespace("", NAMESPACE)
    root = ElementTree.Element(f"{{{NAMESPACE}}}feed")
    _add(root, "id", f"urn:visitwire:feed:{source.partition('?')[2] if id is None else id}")
    _add(root, "title", name)
    _add(root, "updated", (alerts[0].time if alerts else now).isoformat())
    _add(root, "link", rel="self", type="application/atom+xml", href=source)
    _add(root, "link", rel="alternate", type="text/html", href=link)
    _add(root, "generator", "Visitwire")
    author = _add(root, "author")
    _add(author, "name", "Visitwire")
    for alert in alerts:
        _entry(root, alert, link.rstrip("/"))
    made: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _entry(root: ElementTree.Element, alert: Alert, link: str) -> None:
    visit, change = alert.data.visit, alert.data.change
    entry = _add(root, "entry")
    _add(entry, "id", f"urn:visitwire:alert:{alert.id}")
    when = dates_words(visit.dates)
    title = f"{summary(visit, country_name(visit.destination.country))}: {CHANGE_WORDS[change.kind].lower()}"
    _add(entry, "title", f"{title} ({when})" if when else title)
    _add(entry, "updated", alert.time.isoformat())
    _add(entry, "link", rel="alternate", type="text/html", href=f"{link}/visits/{visit.id}")
    _add(entry, "category", term=change.kind.value)
    told = [
        f"{one.what}: {one.before + ' → ' if one.before else ''}{one.after}"
        for one in differences(change.before, visit)
    ]
    reports = alert.data.evidence or visit.reports[-1:]
    told += [f"{report.provider}: “{report.sentence}”" for report in reports[-3:]]
    _add(entry, "summary", "\n".join(told), type="text")


def _add(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    made = ElementTree.SubElement(parent, f"{{{NAMESPACE}}}{name}", attributes)
    made.text = "".join(letter for letter in text if letter in "\t\n\r" or letter >= " ") if text is not None else None
    return made
