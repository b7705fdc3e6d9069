"""Who held which office on which day, for what a story does not say. The text always wins."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path

from visitwire_language.tables import rows

from visitwire_extraction.people import Claim, Person, key_words

_TITLES = frozenset({"king", "pope", "queen", "lord"})
_FAMILY_FIRST = frozenset({"CN", "KR", "KP", "VN", "TW", "SG"})
_SAME_KIND = {"leader": frozenset({"head_of_state", "leader", "head_of_government"}),
              "head_of_state": frozenset({"head_of_state", "leader", "royal"}),
              "official": frozenset({"official", "head_of_organization"}),
              "head_of_organization": frozenset({"official", "head_of_organization", "head_of_state"})}  # fmt: skip


@dataclass(frozen=True)
class Holder:
    """One row: `end` is None while the office is held."""

    name: str
    country: str
    office: str
    kind: str
    start: date
    end: date | None
    wikidata: str | None

    def in_office(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)


class Roster:
    """Office-holders by the names that wires use for them."""

    def __init__(self, holders: Iterable[Holder]) -> None:
        self._by_word: dict[str, list[tuple[tuple[str, ...], Holder]]] = {}
        for holder in holders:
            words = tuple(word for word in key_words(holder.name.replace("-", " - ").split()) if word not in _TITLES)
            for word in {words[-1], *(words[:1] if holder.country in _FAMILY_FIRST else ())}:
                self._by_word.setdefault(word, []).append((words, holder))

    def surnames(self, day: date, countries: frozenset[str]) -> frozenset[str]:
        """The names that those in office on a day in these countries are called by."""
        return frozenset(
            word
            for word, holders in self._by_word.items()
            if any(holder.country in countries and holder.in_office(day) for _, holder in holders) and len(word) > 3
        )

    def fill(self, person: Person, day: date, around: frozenset[str]) -> None:
        """Sets what the story left open, where one holder fits. `around`: the countries the story speaks of."""
        holder = self._holder(person, day, around)
        if holder is None:
            self._name_only(person, around)
            return
        if not person.country_said:
            person.country, person.country_said = holder.country, True
        if person.country == holder.country:
            person.wikidata = holder.wikidata
            if not person.claims:
                person.held, person.held_kind = holder.office, holder.kind

    def _name_only(self, person: Person, around: frozenset[str]) -> None:
        """The full name of a holder, in or out of office, in a story that speaks of that country: country and item."""
        if len(person.words) < 2 or not person.named:
            return
        same = [holder for words, holder in self._by_word.get(person.words[-1], ())
                if len(words) > 1 and words[0] == person.words[0] and _same_name(person.words, words)]  # fmt: skip
        countries = {holder.country for holder in same}
        if len(countries) == 1 and not person.country_said and countries <= around:
            person.country, person.country_said, person.wikidata = same[-1].country, True, same[-1].wikidata

    def _holder(self, person: Person, day: date, around: frozenset[str]) -> Holder | None:
        if not person.named or not person.words:
            return None
        direct = [claim for claim in person.claims if claim.direct] or person.claims
        fitting = [
            holder
            for words, holder in self._by_word.get(person.words[-1], ())
            if _same_name(person.words, words)
            and (_fits(holder, direct, day) or (len(person.words) > 1 and _same_office(holder, direct)))
            and (not person.country_said or person.country == holder.country)
            and (len(person.words) > 1 or direct or holder.country in around)
        ]  # fmt: skip
        countries = {holder.country for holder in fitting}
        today = [holder for holder in fitting if holder.in_office(day)] or fitting
        return today[-1] if len(countries) == 1 else None


def _same_name(said: Sequence[str], full: Sequence[str]) -> bool:
    if len(said) == 1 or len(full) == 1:
        return said[-1] in (full[-1], full[0])
    return said[-1] == full[-1] and (
        said[0][:3] == full[0][:3] or len(said[0]) == 1 or said[0] in full or len(full[0]) == 1
    )


def _fits(holder: Holder, claims: Sequence[Claim], day: date) -> bool:
    """Whether the holder held the office that the story gives on its day; earlier, where it says "former"."""
    offices = [claim.office for claim in claims if claim.office.title.kind != "role"]
    if not offices:
        return not claims and holder.in_office(day)
    for office in offices:
        kinds = _SAME_KIND.get(holder.kind, frozenset({holder.kind}))
        held = holder.in_office(day) or (office.standing == "former" and holder.start <= day)
        if (
            held
            and office.title.kind in kinds
            and (holder.kind != "minister" or _same_field(office.words, holder.office))
        ):
            return True
    return False


def _same_office(holder: Holder, claims: Sequence[Claim]) -> bool:
    """Whether the story gives a person of that full name the very office, whenever: an archive, say."""
    return any(claim.office.words.lower() == holder.office.lower() for claim in claims)


def _same_field(said: str, held: str) -> bool:
    """Whether two ministries are one: "Secretary" alone and "minister" alone fit any."""
    one, other = (set(words.lower().replace("-", " ").split()) for words in (said, held))
    return one <= {"minister", "secretary"} or bool((one & other) - {"minister", "secretary", "of", "and", "the"})


def holders(extra: Path | None = None) -> list[Holder]:
    """The rows of the package and those of a file that `visitwire officeholders refresh` wrote.

    Raises ValueError where a row is broken, OSError where the file cannot be read.
    """
    read = list(rows(files(__package__).joinpath("data", "officeholders.tsv")))
    if extra is not None:
        read += [line.split("|") for line in extra.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return [
        Holder(
            name,
            country,
            office,
            kind,
            date.fromisoformat(start),
            date.fromisoformat(end) if end else None,
            item or None,
        )
        for name, country, office, kind, start, end, item in read
    ]
