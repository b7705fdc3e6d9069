"""Stories, changes and visits as lines for people."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from visitwire_schemas import Alert, ChangeKind, LedgerVisit, Party, Story, VisitDates, VisitStatus

STYLES = {
    VisitStatus.INVITED: "cyan",
    VisitStatus.ACCEPTED: "green",
    VisitStatus.PLANNED: "bold green",
    VisitStatus.UNDER_WAY: "bold blue",
    VisitStatus.CONCLUDED: "dim",
    VisitStatus.POSTPONED: "yellow",
    VisitStatus.CANCELLED: "red",
}
RETRACTED = "bold red"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@cache
def country(code: str | None) -> str:
    """The country's everyday name; the code itself where there is none ("UN", "SU")."""
    if code is None:
        return "?"
    import pycountry  # 0.1 s, only needed to tell people

    found = pycountry.countries.get(alpha_2=code)
    return str(getattr(found, "common_name", None) or found.name) if found else code


def day(iso: str) -> str:
    """2026-04-14 as "14 Apr 2026", 2026-04 as "Apr 2026"."""
    year, *rest = iso.split("-")
    month = [MONTHS[int(rest[0]) - 1]] if rest else []
    return " ".join([*(str(int(each)) for each in rest[1:2]), *month, year])


def when(dates: VisitDates | None) -> str:
    """The dates as known: "14 Apr 2026 to 16 Apr 2026", "Apr 2026", "no date yet"."""
    if dates is None or dates.start is None:
        return "no date yet"
    if dates.end is None or dates.end == dates.start:
        return day(dates.start)
    return f"{day(dates.start)} to {day(dates.end)}"


def who(party: Party) -> str:
    """ "Lucas Andrade, President"; the role alone where nobody is named."""
    return ", ".join(part for part in (party.name, party.label) if part) or country(party.country)


def story_line(story: Story) -> Text:
    """When, which wire, which headline."""
    return Text.assemble(
        (f"{_moment(story.published)}  ", "dim"), (f"{story.provider:<11}", "magenta"), story.headline or story.uri
    )


def _moment(time: datetime) -> str:
    return f"{time.day:>2} {MONTHS[time.month - 1]} {time:%H:%M}"


def alert_lines(alert: Alert) -> RenderableType:
    """What changed, about whom, and the words that say so."""
    visit, kind = alert.data.visit, alert.data.change.kind
    style = RETRACTED if kind is ChangeKind.RETRACTED else STYLES[visit.status]
    first = Text.assemble(
        ("  ▶ ", style),
        (kind.replace("_", " ").upper(), style),
        "  ",
        (who(visit.visitor), "bold"),
        f" ({country(visit.visitor.country)}) → ",
        (country(visit.destination.country), "bold"),
        f"{_place(visit)}{_host(visit)} · {when(visit.dates)}{_word(visit)}",
    )
    sentences = [Text(f"“{report.sentence}”", "italic dim") for report in alert.data.evidence[-1:]]
    return Group(first, *(Padding(sentence, (0, 0, 0, 4)) for sentence in sentences))


def _place(visit: LedgerVisit) -> str:
    place = visit.destination.place
    return f", {place}" if place and place != country(visit.destination.country) else ""


def _host(visit: LedgerVisit) -> str:
    return (
        f" · guest of {visit.host.name or visit.host.label}"
        if visit.host and (visit.host.name or visit.host.label)
        else ""
    )


def _word(visit: LedgerVisit) -> str:
    source = visit.announced_by
    name = source and (source.name or source.label)
    return f" · on the word of {name}" if name else ""


def board(visits: Iterable[LedgerVisit]) -> Table:
    """Every visit as it stands, the next first and the undated last."""
    table = Table(
        title="The visits as they stand", title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0)
    )
    for name in ("status", "who", "from", "to", "when", "wires"):
        table.add_column(name, header_style="dim", justify="right" if name == "wires" else "left")
    for visit in sorted(visits, key=_order):
        table.add_row(
            Text(visit.status.replace("_", " "), STYLES[visit.status]),
            visit.visitor.name or visit.visitor.label or "?",
            country(visit.visitor.country),
            country(visit.destination.country),
            when(visit.dates),
            str(visit.sources_independent),
        )
    return table


def _order(visit: LedgerVisit) -> tuple[int, str, str]:
    over: Sequence[VisitStatus] = (VisitStatus.CONCLUDED, VisitStatus.CANCELLED)
    return (visit.status in over, (visit.dates and visit.dates.start) or "9", visit.id)
