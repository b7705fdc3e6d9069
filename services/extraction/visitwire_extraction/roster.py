"""Who held which office on which day, for what a story does not say. The text always wins."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from pathlib import Path

from visitwire_language.classes import name_words, office_words
from visitwire_language.data_files import rows
from visitwire_language.names import either_given, given_names, key_words, particles
from visitwire_language.phrases import plain, words

from visitwire_extraction.step_results import Claim, Person

_FIRST_WORD = words("CN KR KP VN TW SG HK TH MY BN ET ER KH LA ID IS MN BT BD")
"""Countries whose people are called by the first word of their name, be it family or given name."""
_MOTHERS_LAST = words("AR BO CL CO CR CU DO EC ES GQ GT HN MX NI PA PE PY SV UY VE")
"""Countries where the mother's family name may stand last."""
_DOUBLED = words("AT AU CA CH DE FR GB IE NZ US")
"""Countries where a family name with a hyphen stands whole: "Heaton-Harris" is not called "Harris"."""
_SAME_KIND = {"leader": frozenset({"head_of_state", "leader", "head_of_government"}),
              "head_of_state": frozenset({"head_of_state", "leader", "royal"}),
              "head_of_government": frozenset({"head_of_government", "leader"}),
              "official": frozenset({"official", "head_of_organization", "envoy"}),
              "envoy": frozenset({"official", "envoy", "minister"}),
              "head_of_organization": frozenset({"official", "head_of_organization", "head_of_state"})}  # fmt: skip
_LONGEST = 6
"""Words and hyphens before the last word of a name, at most."""
_REMEMBERED = 8
"""Years for which wires call a chief by the surname alone."""
_CHIEFS = ("head_of_state", "head_of_government", "leader")


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
    aliases: tuple[str, ...] = field(default=())

    def in_office(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)

    def was_in_office(self, day: date | None) -> bool:
        """The same, on a day that may not be known: then whether ever."""
        return day is None or self.in_office(day)

    def left_lately(self, day: date) -> bool:
        """Whether the office was left in the years before a day in which wires still speak of who held it."""
        return self.end is not None and self.end < day and day.year - self.end.year <= _REMEMBERED

    def has_initial_for(self, said: Sequence[str]) -> bool:
        """Whether the table fits a name by an initial alone: "R. Krogh" is not every "Ragna Krogh"."""
        if len(said) < 2 or len(said[0].rstrip(".")) < 2:
            return False
        names = [_bare(_words(name)) for name in (self.name, *self.aliases)]
        return not any(len(full[0].rstrip(".")) > 1 and _same_name(said, full, self.country) for full in names)

    def is_named(self, said: Sequence[str]) -> bool:
        """Whether the table has the holder by these very words: not "Will Krogh" for "William Rasmus Krogh"."""
        return any(_bare(_words(name)) == tuple(said) for name in (self.name, *self.aliases))

    @property
    def is_chief(self) -> bool:
        """Whether the office is the first of its state: wires call such people by their surname alone."""
        return self.kind in _CHIEFS and not self.office.startswith(("Vice", "Deputy", "First", "Second"))

    @property
    def rank(self) -> tuple[bool, bool, bool, date]:
        """Of several offices held at once, the highest is told; of a president who is prime minister too, the first."""
        return self.is_chief, self.kind in _CHIEFS, self.kind == "head_of_state", self.start


def holder(row: Sequence[str]) -> Holder:
    """A row of the table. Raises ValueError where it is broken."""
    names, country, office, kind, start, end, item = row
    name, *aliases = (one.strip() for one in names.split(";"))
    until = date.fromisoformat(end) if end else None
    return Holder(name, country, office, kind, date.fromisoformat(start), until, item or None, tuple(aliases))


class Roster:
    """Office-holders by the names that wires use for them. Rows are read when somebody of that name is looked for."""

    def __init__(self, table: Iterable[Sequence[str]]) -> None:
        self._rows = list(table)
        self._read: dict[int, tuple[Holder, tuple[tuple[str, ...], ...]]] = {}
        self._by_word: dict[str, list[int]] = {}
        for number, row in enumerate(self._rows):
            for word in _keys(row[0], row[1]):
                self._by_word.setdefault(word, []).append(number)

    @property
    def families(self) -> Container[str]:
        """The words that anybody of the table is called by."""
        return self._by_word.keys()

    def surnames(self, day: date | None, countries: frozenset[str], vocabulary: Iterable[str]) -> dict[str, bool]:
        """The words of a story that those in office in these countries on that day are called by, and whether one of
        them is a chief or a foreign minister. Without a day, those of everybody who ever was, and False."""
        found = {}
        for word in vocabulary:
            if len(word) > 3 and word in self._by_word:
                called = [one for one in self._called((word,)) if one.country in countries]
                near = [one for one in called if one.was_in_office(day)]
                if near:
                    found[word] = day is not None and any(
                        one.is_chief or one.office in office_words("called by surname") for one in near
                    )
                elif day is not None and any(one.is_chief and one.left_lately(day) for one in called):
                    found[word] = False
        return found

    def full_names(self, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Where a text in plain words has the full name of somebody who ever held office: `[first, end)`."""
        for last, word in enumerate(words):
            if word not in self._by_word or not last:
                continue
            for first in range(max(0, last - _LONGEST), last):
                if self._is_full_name(words[first : last + 1]):
                    yield first, last + 1
                    break

    def _is_full_name(self, words: Sequence[str]) -> bool:
        said = key_words(words)
        bare = _bare(said)
        return (
            len(bare) > 1
            and bare[0] == said[0] == words[0]
            and any(bare in self._spellings(one) for one in self._numbers(bare))
        )

    def fill(self, person: Person, day: date, around: frozenset[str], dated: bool = True) -> None:
        """Sets what the story left open, where one holder fits. `around`: the countries the story speaks of; `dated`
        is False where the day is only that on which the story came in."""
        if not person.named or not person.words:
            return
        found = [one for one in self._called(person.words) if not person.country_said or person.country == one.country]
        holder = _by_office(found, person, day, around)
        found = [one for one in found if not one.has_initial_for(_bare(person.words))]
        holder = holder or _by_name(found, person, day, around)
        holder = holder or _by_chief(found, person, day)
        if holder is not None and not dated and holder.country not in around and len(person.words) == 1:
            holder = None
        if holder is None:
            _name_only(found, person, day, around)
            if not dated and not person.country_said:
                _whenever(found, person, around)
            return
        if not person.country_said:
            person.country, person.country_said = holder.country, True
        person.wikidata = holder.wikidata
        if holder.in_office(day):
            person.held, person.held_kind = holder.office, holder.kind

    def _called(self, words: Sequence[str]) -> Iterator[Holder]:
        """Everybody who may be called so."""
        said = _bare(words)
        for number in self._numbers(said):
            spellings = self._spellings(number)
            holder = self._read[number][0]
            doubled = holder.country in _DOUBLED and "-" in holder.name.rpartition(" ")[2]
            if any(
                _same_name(said, full, holder.country, doubled)
                and not (nickname and full[0] in given_names() and said == full[:1])
                for nickname, full in enumerate(spellings)
            ):
                yield holder

    def _numbers(self, said: Sequence[str]) -> Iterable[int]:
        """The rows that have the last or the first of these words, in the table's order."""
        return {n: None for word in (said[-1], said[0]) for n in self._by_word.get(word, ())}

    def _spellings(self, number: int) -> tuple[tuple[str, ...], ...]:
        """The names of a row in plain words."""
        if number not in self._read:
            one = holder(self._rows[number])
            self._read[number] = one, tuple(_bare(_words(name)) for name in (one.name, *one.aliases))
        return self._read[number][1]


def _words(name: str) -> tuple[str, ...]:
    return key_words(name.replace("-", " - ").split())


def _bare(words: Sequence[str]) -> tuple[str, ...]:
    """A name's words without titles, numerals and Arabic articles."""
    kept = tuple(
        word
        for word in words
        if word not in name_words("titles in tables")
        and word not in name_words("numerals")
        and word not in ("al", "el")
    )
    return kept or tuple(words)


def _keys(names: str, country: str) -> set[str]:
    """The words under which a row is found: the last of each spelling, and the first where people are called by it."""
    keys = set()
    for name in names.split(";"):
        words = plain(name).replace("-", " ").split()
        while len(words) > 1 and (
            words[-1].rstrip(".") in name_words("numerals") or words[-1].rstrip(".") in ("jr", "sr")
        ):
            words.pop()
        keys.update(words[-2:] if country in _MOTHERS_LAST else words[-1:])
        if country in _FIRST_WORD:
            keys.add(words[0])
    return keys


def _same_name(said: Sequence[str], full: Sequence[str], country: str, doubled: bool = False) -> bool:
    """Whether a person may be called so; `doubled` where the family name is one of two, which nobody parts."""
    if len(said) > 1 and len(full) == 1:
        return False
    if len(said) == 1:
        return (said[-1] == _surname(full, country) and not doubled) or (
            country in _FIRST_WORD and said[0] == full[0] and len(said) == 1
        )
    if "".join(said) == "".join(full):
        return True
    if country in _FIRST_WORD and said[0] == full[0] and len(said) == 2 and said[1] not in particles():
        return said[1] in full
    return said[-1] == full[-1] and (_alike(said[0], full[0]) or said[0] in full or full[0] in said)


def _alike(one: str, other: str) -> bool:
    """Whether two given names may be one: an initial, a short form, another romanisation; "Jamie" is not "James"."""
    if one.startswith(other) or other.startswith(one):
        return True
    known = {one, other} <= given_names().keys() | either_given()
    return _skeleton(one) == _skeleton(other) if known else one[:3] == other[:3]


def _skeleton(word: str) -> str:
    """The consonants of a word, each double one once: the same for "Mohamed" and "Muhammad"."""
    kept = [letter for letter in word if letter not in "aeiouy"]
    return "".join(letter for letter, before in zip(kept, ["", *kept], strict=False) if letter != before)


def _surname(full: Sequence[str], country: str) -> str:
    """The word somebody is called by alone; the father's name of a Spanish name that has the mother's too."""
    both = country in _MOTHERS_LAST and len(full) > 2 and full[-2] not in given_names() and full[-2] not in particles()
    return full[-2] if both else full[-1]


def _by_office(found: Sequence[Holder], person: Person, day: date, around: frozenset[str]) -> Holder | None:
    """The holder of the office that the story gives the person on its day; earlier, where it says "former"."""
    direct = [claim for claim in person.claims if claim.direct] or person.claims
    fitting = [
        one
        for one in found
        if _fits(one, direct, day) or (len(person.words) > 1 and _same_office(one, direct))
    ]  # fmt: skip
    return _only(fitting, day)


def _by_chief(found: Sequence[Holder], person: Person, day: date) -> Holder | None:
    """ "President Obama" in a story of years later: the only chief of any state who was ever called so before."""
    chief = any(
        one.direct and one.office.title.kind in _CHIEFS and one.office.standing == "held" for one in person.claims
    )
    if not chief or len(person.words) > 1 or person.country_said:
        return None
    kinds = {one.office.title.kind for one in person.claims if one.direct}
    return _only([one for one in found if one.is_chief and one.kind in kinds and one.start <= day], day)


def _by_name(found: Sequence[Holder], person: Person, day: date, around: frozenset[str]) -> Holder | None:
    """Who is in office on the day, by name: a full name of a country of the story or of a chief, whatever else the
    story calls the person; a surname alone, where the story gives no office and the date leaves one."""
    serving = [one for one in found if one.in_office(day)]
    near = [one for one in serving if one.country in around or person.country_said]
    if len(person.words) == 1 and any(
        claim.office.title.kind != "role" and claim.office.standing != "former" for claim in person.claims
    ):
        return None
    if len(person.words) == 1:
        known = [one for one in near if one.is_chief] or [one for one in near if one.kind == "minister"] or near
        remembered = any(one.is_chief and one.country in around and one.left_lately(day) for one in found)
        nowhere = near or remembered or person.words[0] in given_names()
        afar = [] if nowhere else [one for one in serving if one.is_chief]
        return _only(known, day) or _only(afar, day)
    return _only(near, day) or (None if near else _only([one for one in serving if one.is_chief], day))


def _only(holders: Sequence[Holder], day: date) -> Holder | None:
    """The holder that is left, where all are of one country: who is in office, then the highest."""
    if len({one.country for one in holders}) != 1:
        return None
    return max([one for one in holders if one.in_office(day)] or holders, key=lambda one: one.rank)


def _name_only(found: Sequence[Holder], person: Person, day: date, around: frozenset[str]) -> None:
    """The full name of a holder, in or out of office, in a story that speaks of that country: country and item, and
    what was held until then. The surname of a chief of some years ago: country and item."""
    said = _bare(person.words)
    found = [one for one in found if one.is_named(said) or one.in_office(day) or one.left_lately(day)]
    chiefs = [one for one in found if one.is_chief and one.left_lately(day) and one.country in around]
    lately = len(said) == 1 and not person.claims and bool(chiefs)
    found = chiefs if lately else found
    countries = {one.country for one in found}
    nickname = lately or any(person.words == _bare(_words(alias)) for one in found for alias in one.aliases)
    if (len(person.words) < 2 and not nickname) or len(countries) != 1 or not countries <= around:
        return
    if not person.country_said:
        person.country, person.country_said = found[-1].country, True
    before = max((one for one in found if one.start <= day), key=lambda one: one.rank, default=None)
    person.wikidata = found[-1].wikidata
    if before is not None and not lately:
        person.held, person.held_kind, person.held_once = before.office, before.kind, True


def _whenever(found: Sequence[Holder], person: Person, around: frozenset[str]) -> None:
    """The country of a person in a story without a date: that of all who were ever called so in that office."""
    kinds = {claim.office.title.kind for claim in person.claims} - {"role", "counterpart"}
    fitting = {one.country for one in found if kinds & _SAME_KIND.get(one.kind, frozenset({one.kind}))}
    countries = fitting or ({one.country for one in found} & around if not kinds else set())
    if len(countries) == 1:
        person.country, person.country_said = countries.pop(), True


def _fits(holder: Holder, claims: Sequence[Claim], day: date) -> bool:
    """Whether the holder held the office that the story gives on its day; earlier, where it says "former"."""
    kinds = _SAME_KIND.get(holder.kind, frozenset({holder.kind}))
    return any(
        (holder.in_office(day) or (office.standing == "former" and holder.start <= day))
        and office.title.kind in kinds
        and (holder.kind != "minister" or _same_field(office.words, holder.office))
        for claim in claims
        for office in (claim.office,)
    )


def _same_office(holder: Holder, claims: Sequence[Claim]) -> bool:
    """Whether the story gives a person of that full name the very office, whenever: an archive, say."""
    return any(claim.office.words.lower() == holder.office.lower() for claim in claims)


def _same_field(said: str, held: str) -> bool:
    """Whether two ministries are one: "Secretary" alone and "minister" alone fit any."""
    one, other = (
        set(words.lower().replace("-", " ").replace("defense", "defence").replace("labor", "labour").split())
        for words in (said, held)
    )
    return one <= {"minister", "secretary"} or bool((one & other) - {"minister", "secretary", "of", "and", "the"})


def table(extra: Path | None = None) -> list[list[str]]:
    """The rows of the package and those of a file that `visitwire officeholders refresh` wrote.

    Raises ValueError where a row of the file is broken, OSError where it cannot be read.
    """
    read = list(rows(files("visitwire_extraction").joinpath("data", "officeholders.tsv")))
    if extra is not None:
        added = [line.split("|") for line in extra.read_text("utf-8").splitlines() if line and not line.startswith("#")]
        for row in added:
            holder(row)
        read += added
    return read


def holders(extra: Path | None = None) -> list[Holder]:
    """The same as `table`, each row read."""
    return [holder(row) for row in table(extra)]
