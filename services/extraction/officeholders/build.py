"""Writes the table of office-holders that extraction carries, from public lists and from what is kept here by hand.

    python -m services.extraction.officeholders.build [LIST]

LIST is a table as `../shared/data/knowledge/officeholders.tsv` (its README says where its rows come from). Beside this
file, `by_hand.tsv` holds the heads of international bodies, cabinets that the lists lack, and the titles that wires
use; where it has a person's office, the lists' row for it is left out. `aliases.tsv` holds spellings that wires use.
"""

import csv
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from visitwire_language.phrases import plain, words

from services.extraction.officeholders.offices import KINDS, office_of

HERE = Path(__file__).parent
LIST = HERE.parents[2].parent / "shared" / "data" / "knowledge" / "officeholders.tsv"
TABLE = HERE.parent / "visitwire_extraction" / "data" / "officeholders.tsv"
HEAD = """\
# Who held which office: name; other spellings | country | office | kind | from | to (empty: in office) | Wikidata item
# Made by `python -m services.extraction.officeholders.build`; change what lies beside that script, not this file.
# Sources: lists after rulers.org and the CIA's directories (US public domain), REIGN, Archigos, Wikidata (CC0), Office
# of the Historian, Institute for Government (CC BY 4.0), speakers of the UN General Debate, and the bodies' own sites.
# A day not known is the first of its month; who was seen in office on a day is given a year on either side.
"""
_ONE_LIST = "philip-schrodt/CountryInfo-1"
_MIXED = frozenset({"PS", "IS", "GN", "SO"})
"""Codes under which one list, read alone, holds the ministers of two countries."""
_NOT_STATES = words(
    "ARABPARL CX IO WF JE GG IM MS FK GI PN TC VG KY AI CW FO GL GP PF AX YT RE BQ SX EH AS GU MP VI PR MO AW CK NU"
)
_ACRONYMS = {"COE": "Council of Europe"}
_CROWNS = {"Elizabeth II": "GB", "Charles III": "GB", "Margrethe II": "DK", "Beatrix": "NL"}
_PORTFOLIOS = frozenset({"foreign", "defence", "finance", "trade", "economy", "energy", "interior", "security"})
_WHOLE_CABINETS = frozenset({"US", "GB"})
_UNKNOWN_AFTER = {"2009": 1, "2011-02": 2, "2022-07": 1, "2022-10": 1, "2022-12": 1, "2023-01": 1}
"""Years for which somebody counts as still in office when a list ends: past that, nobody knows."""
_RANKS = re.compile(
    r"^(?:(?:Mr|Mrs|Ms|Dr|Gen|Lt|Col|Maj|Brig|Prof|Sir|Colonel|General|President|Crown Prince|Prince|Princess|King|"
    r"Queen|Sheikh|Shaikh|Sultan|Emperor|Emir|H\.E|Baron|Dame)\.{0,2}\s+)+(?=\S+\s|\S+$)"
)
_OF = re.compile(r"\s+(?:of|do|da|de|del|dos)\s+(?:the\s+)?[A-Z].*$")


@dataclass(frozen=True)
class Row:
    name: str
    country: str
    office: str
    kind: str
    start: date
    end: date | None
    wikidata: str
    aliases: tuple[str, ...] = field(default=(), compare=False)

    @property
    def who(self) -> tuple[str, str, str]:
        return plain(self.name), self.country, self.kind

    def overlaps(self, other: "Row") -> bool:
        latest = date.max
        return self.start <= (other.end or latest) and other.start <= (self.end or latest)

    def line(self) -> str:
        names = ";".join(dict.fromkeys([self.name, *self.aliases]))
        end = self.end.isoformat() if self.end else ""
        return "|".join([names, self.country, self.office, self.kind, self.start.isoformat(), end, self.wikidata])


def name_of(text: str, monarch: bool) -> str:
    """A name as wires write it: no rank before it, no capitals throughout, no country after a monarch's."""
    text = re.sub(r"\(.*?\)|\"", "", text).replace("’", "'").strip(" ,.")
    text = re.split(r",\s+(?:MP|GB|KCMG|Jr)\b", text)[0]
    if monarch:
        text = _OF.sub("", text)
    text = re.sub(r"^Lord (.*) of .*$", r"Lord \1", text)
    if not text.startswith(("Lord ", "Baroness ")):
        text = _RANKS.sub("", text)
    return " ".join(
        word.title() if word.isupper() and len(word) > 3 and not set(word) <= set("IVX.") else word
        for word in re.sub(r"(?<=\w)-([A-Z]{3,})\b", lambda found: "-" + found[1].title(), text).split()
    )


def day(text: str, last: bool = False) -> date:
    """A day, or the first or last of a month or year."""
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return date(*parts)
    if len(parts) == 2:
        month = date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1) - timedelta(days=1)
        return month if last else date(*parts, 1)
    return date(parts[0], 12, 31) if last else date(parts[0], 1, 1)


def term(row: dict[str, str]) -> tuple[date, date | None]:
    """From when to when somebody counts as in office, by how well the list knows it."""
    known, _, until = row["quality"].split()[0].partition("/")
    start = day(row["from"]) if row["from"] else date(1979, 1, 1)
    end = day(row["to"], last=True) if row["to"] else None
    if known == "observed":
        return start - timedelta(days=365), day(row["to"] or row["from"], last=True) + timedelta(days=365)
    if known == "month_from_before":
        start -= timedelta(days=730)
    if end is None and (asof := until.partition("@")[2]) in _UNKNOWN_AFTER:
        end = day(asof) + timedelta(days=365 * _UNKNOWN_AFTER[asof])
    return start, end


def listed(path: Path) -> Iterator[Row]:
    """The rows of the lists that help: those of a kind and a portfolio that travel."""
    with path.open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened, delimiter="\t", quoting=csv.QUOTE_NONE):
            if not _wanted(row):
                continue
            monarch = row["portfolio"] == "monarch"
            name = name_of(row["name"], monarch)
            if not name or not plain(name).isascii():
                continue
            kind, office = office_of(row)
            start, end = term(row)
            spelt = (name_of(other, monarch) for other in row["aliases"].split(";"))
            aliases = tuple(other for other in spelt if other and plain(other).isascii() and " " in other)
            yield Row(
                name, _ACRONYMS.get(row["country"], row["country"]), office, kind, start, end, row["wikidata"], aliases
            )


def _wanted(row: dict[str, str]) -> bool:
    country, portfolios = row["country"], set(row["portfolio"].split(";"))
    if country in _NOT_STATES or row["kind"] not in KINDS or (country in _MIXED and row["source"] == _ONE_LIST):
        return False
    if row["kind"] == "head_of_state" and _CROWNS.get(row["name"], country) != country:
        return False
    if country == "AD" and row["kind"] == "head_of_state":
        return False  # the bishop of Urgell and the president of France
    if row["kind"] != "minister":
        return True
    if re.search(r"Secretary of State of [A-Z]|military cabinet", row["office"]):
        return False
    return bool(portfolios & _PORTFOLIOS) or country in _WHOLE_CABINETS


def by_hand(path: Path) -> Iterator[Row]:
    for line in path.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            names, country, office, kind, start, end, item = (part.strip() for part in line.split("|"))
            name, *aliases = (one.strip() for one in names.split(";"))
            yield Row(
                name, country, office, kind, day(start), day(end, last=True) if end else None, item, tuple(aliases)
            )


def joined(rows: Iterable[Row]) -> list[Row]:
    """Terms of one person in one kind of office that touch or overlap are one."""
    last: dict[tuple[str, str, str, str], Row] = {}
    done = []
    for row in sorted(rows, key=lambda row: (row.who, row.office, row.start)):
        key = (*row.who, row.office)
        old = last.get(key)
        if old and (old.end is None or row.start <= old.end + timedelta(days=40)):
            end = None if old.end is None or row.end is None else max(old.end, row.end)
            last[key] = replace(
                old, end=end, wikidata=old.wikidata or row.wikidata, aliases=(*old.aliases, row.name, *row.aliases)
            )
            continue
        if old:
            done.append(old)
        last[key] = row
    return done + list(last.values())


def without(rows: Iterable[Row], better: Iterable[Row]) -> list[Row]:
    """Leaves out what a better source has: the same person in the same kind of office at that time."""
    known: dict[tuple[str, str], list[Row]] = {}
    for row in better:
        for name in (row.name, *row.aliases):
            known.setdefault((plain(name), row.country), []).append(row)
    kept = []
    for row in rows:
        same = [one for name in (row.name, *row.aliases) for one in known.get((plain(name), row.country), ())]
        if not any(one.kind == row.kind and _covers(one, row) for one in same):
            kept.append(row)
    return kept


def _covers(better: Row, row: Row) -> bool:
    """Whether a row tells nothing more: it overlaps, and if it is of another ministry, lies within a year of it."""
    if better.office == row.office or row.kind != "minister":
        return better.overlaps(row)
    year, latest = timedelta(days=370), date(2100, 1, 1)
    return row.start >= better.start - year and (row.end or latest) <= (better.end or latest) + year


def known_of(hand: Iterable[Row], lists: Iterable[Row]) -> Iterator[Row]:
    """The rows kept by hand, with what the lists know of the same people: other spellings and the Wikidata item."""
    people: dict[tuple[str, str], list[Row]] = {}
    for row in lists:
        people.setdefault((plain(row.name), row.country), []).append(row)
    for one in hand:
        same = people.get((plain(one.name), one.country), [])
        items = {row.wikidata for row in same if row.wikidata}
        yield replace(
            one,
            wikidata=one.wikidata or (items.pop() if len(items) == 1 else ""),
            aliases=(*one.aliases, *(name for row in same for name in (row.name, *row.aliases))),
        )


def with_aliases(rows: Iterable[Row], path: Path) -> Iterator[Row]:
    spellings: dict[tuple[str, str], tuple[str, ...]] = {}
    for line in path.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            country, names = (part.strip() for part in line.split("|"))
            each = tuple(name.strip() for name in names.split(";"))
            spellings |= {(plain(name), country): each for name in each if " " in name}
    for row in rows:
        known = spellings.get((plain(row.name), row.country), ())
        alike = {plain(row.name)}
        aliases = [*row.aliases, *known]
        yield replace(row, aliases=tuple(a for a in aliases if not (plain(a) in alike or alike.add(plain(a)))))


def main() -> int:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else LIST
    if not path.exists():
        print(f"{path} is not there: name a list of office-holders", file=sys.stderr)
        return 1
    lists = joined(listed(path))
    hand = list(known_of(by_hand(HERE / "by_hand.tsv"), lists))
    rows = joined([*hand, *without(lists, hand)])
    rows = [row for row in rows if row.end is None or row.end >= date(1980, 1, 1)]
    rows.sort(key=lambda row: (row.country, row.kind, row.start, row.name))
    TABLE.write_text(HEAD + "".join(row.line() + "\n" for row in with_aliases(rows, HERE / "aliases.tsv")), "utf-8")
    print(f"{len(rows)} rows in {TABLE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
