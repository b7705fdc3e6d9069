"""What the steps of extraction find in a story and hand on to one another."""

from dataclasses import dataclass, field

from visitwire_language.bodies import International
from visitwire_language.gazetteer.countries import State
from visitwire_language.offices import Title


@dataclass(frozen=True)
class Place:
    """Tokens `[first, end)`; `role` is as a Geo's, and "seat" is a capital spoken of as a town."""

    first: int
    end: int
    role: str
    state: State
    name: str


@dataclass(frozen=True)
class Office:
    """An office phrase: tokens `[first, end)`, from its owner's country to the end of "of …"."""

    first: int
    end: int
    head: int
    """The token of its main noun."""
    title: Title
    words: str
    """The office as the story has it, without country and standing."""
    standing: str
    country: str | None
    organisation: International | None = None
    owner: str | None = None
    """The words of an owner that is no country ("Bundesbank")."""
    determiner: str | None = None
    plural: bool = False
    posted: bool = False
    """Sent to the organisation by somebody else."""

    @property
    def noun(self) -> str:
        return self.title.words.split(" of ")[0].split()[-1]

    @property
    def given_country(self) -> str | None:
        """The country, or the international organisation's acronym, that the phrase itself gives."""
        if self.organisation is None or self.posted:
            return self.country
        if self.title.kind in ("envoy", "legislator") and self.country is not None:
            return self.country
        return self.organisation.acronym


@dataclass(frozen=True)
class Name:
    """Tokens `[first, end)` that name a person; `office` and `honorific` stand right before it. The words are those of
    the tokens, and the family name that the next of a pair has."""

    first: int
    end: int
    words: tuple[str, ...]
    office: Office | None = None
    honorific: str | None = None
    sure: bool = False
    """Whether more than the model's word says that this is a person."""


@dataclass(frozen=True)
class Claim:
    """That the story gives a person an office: where it says so and how directly."""

    at: int
    office: Office
    country: str | None
    direct: bool = True
    """Beside the name; otherwise the story says it elsewhere ("the minister")."""


@dataclass
class Person:
    """A person of the story as it is put together."""

    name: str
    words: tuple[str, ...]
    """The name's words in plain form, without joiners."""
    named: bool = True
    mentions: list[tuple[int, int, str]] = field(default_factory=list)
    """Tokens `[first, end)` and the form: name, nominal or pronoun."""
    claims: list[Claim] = field(default_factory=list)
    gender: str | None = None
    nation: str | None = None
    """The country that owns the name ("Canada's Trudeau")."""
    country: str | None = None
    country_said: bool = False
    wikidata: str | None = None
    held: str | None = None
    """The office's words, where a table knew them and the story did not say."""
    held_kind: str | None = None
    held_once: bool = False
    """Whether that office was held before the story's day, and no longer."""

    @property
    def first(self) -> int:
        return min((first for first, *_ in self.mentions), default=0)

    def learn_gender(self, gender: str | None) -> None:
        """The first word that tells is believed."""
        self.gender = self.gender or gender


@dataclass(frozen=True)
class Group:
    """Tokens `[first, end)`, the country or organisation represented (None while unknown), and the words that make it a
    kind of its own."""

    first: int
    end: int
    country: str | None
    noun: str
    kind: str = ""

    @property
    def key(self) -> str:
        return f"{self.country} {self.noun} {self.kind}"


@dataclass
class Organisation:
    """An organisation as it is put together; `first, end` of its mentions are tokens."""

    name: str
    country: str | None = None
    wikidata: str | None = None
    named: bool = True
    mentions: list[tuple[int, int, str]] = field(default_factory=list)


@dataclass
class Event:
    """`country` is where it takes place, where the text says it."""

    name: str
    country: str | None = None
    mentions: list[tuple[int, int]] = field(default_factory=list)
