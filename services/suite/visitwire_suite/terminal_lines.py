"""Stories, changes and visits as lines for people."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text
from visitwire_alerting.wording import CHANGES
from visitwire_language.gazetteer.display import country_name
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


def country(code: str | None) -> str:
    return country_name(code) if code else "?"


def day(iso: str) -> str:
    """2026-04-14 as "14 Apr 2026", 2026-04 as "Apr 2026"."""
    year, *rest = iso.split("-")
    month = [MONTHS[int(rest[0]) - 1]] if rest else []
    return " ".join([*(str(int(each)) for each in rest[1:2]), *month, year])


def when(dates: VisitDates | None) -> str:
    """The dates as known: "14–16 Apr 2026", "Apr 2026", "no date yet"."""
    if dates is None or dates.start is None:
        return "no date yet"
    if dates.end is None or dates.end == dates.start:
        return day(dates.start)
    first, last = day(dates.start).split(), day(dates.end).split()
    while first and last and first[-1] == last[-1] and len(first) > 1:
        first.pop()
        last.pop()
    rest = day(dates.end).split()[len(last) :]
    between = "–" if len(first) == len(last) == 1 else " – "
    return " ".join([" ".join(first) + between + " ".join(last), *rest])


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


def alert_lines(alert: Alert, told: Sequence[str] = ()) -> RenderableType:
    """What changed, about whom, the words that say so, and the names of those who were told."""
    visit, kind = alert.data.visit, alert.data.change.kind
    style = RETRACTED if kind is ChangeKind.RETRACTED else STYLES[visit.status]
    said = Text.assemble(
        (", ".join(CHANGES[each] for each in alert.data.change.kinds or (kind,)).upper(), style),
        "  ",
        (who(visit.visitor), "bold"),
        f" ({country(visit.visitor.country)}) → ",
        (country(visit.destination.country), "bold"),
        f"{_place(visit)}{_host(visit)} · {when(visit.dates)}{_word(visit)}",
    )
    for report in alert.data.evidence[-1:]:
        said.append(f"\n“{report.sentence}”", "italic dim")
    if told:
        said.append(f"\n✉ told: {', '.join(told)}", "bold cyan")
    lines = Table.grid(padding=(0, 1, 0, 0))
    lines.add_column(style=style)
    lines.add_column(overflow="fold")
    lines.add_row(" ▶", said)
    return lines


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
    for name in ("status", "who", "from → to", "when", "wires"):
        table.add_column(
            name, header_style="dim", justify="right" if name == "wires" else "left", no_wrap=name != "who"
        )
    for visit in sorted(visits, key=_order):
        table.add_row(
            Text(visit.status.replace("_", " "), STYLES[visit.status]),
            visit.visitor.name or visit.visitor.label or "?",
            f"{_short(visit.visitor.country)} → {_short(visit.destination.country)}",
            when(visit.dates),
            str(visit.sources_independent),
        )
    return table


def _short(code: str | None) -> str:
    return country(code).removeprefix("the ")


def _order(visit: LedgerVisit) -> tuple[int, str, str]:
    over: Sequence[VisitStatus] = (VisitStatus.CONCLUDED, VisitStatus.CANCELLED)
    return (visit.status in over, (visit.dates and visit.dates.start) or "9", visit.id)
