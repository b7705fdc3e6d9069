"""Which titles are public offices: "Finance Minister" and "EC Commissioner" are, "GM chairman" is not."""

import re
from dataclasses import dataclass

from visitwire_schemas import OfficeKind

from visitwire_visits.geography import Gazetteer
from visitwire_visits.lexicon import People

_TITLES = {"mr", "mrs", "ms", "dr", "sir", "lord"}
_BOSS = re.compile(r"\b(?:chairman|chairwoman|chair|director|head|chief)\b", re.IGNORECASE)
_LOOSE = {OfficeKind.HEAD_OF_ORGANIZATION, OfficeKind.OFFICIAL, OfficeKind.HEAD_OF_STATE, OfficeKind.MILITARY}


@dataclass(frozen=True)
class Offices:
    """Reads titles with the words of the lexicon and the names of the map."""

    words: People
    gazetteer: Gazetteer

    def is_office(self, lower: str, lemma: str) -> bool:
        """Whether a word names an office: "minister", "vice-president", "envoy"."""
        known = self.words.offices
        return lemma in known or lower in known or lower.split("-")[-1] in self.words.sure

    def holds(self, kind: OfficeKind | None, office: str, titles: list[str]) -> bool:
        """Whether somebody with this kind of office, told so, holds a public one."""
        if kind is OfficeKind.SPOKESPERSON or "spokes" in office.lower():
            return False
        told = dict.fromkeys([office, *titles] if office else titles)  # most mentions repeat them
        if any(self.is_private(title) for title in told):
            return False
        if kind is None:
            return any(self.is_public(title) for title in told)
        return kind not in _LOOSE or not any(self._heads_something(title) for title in told)

    def is_public(self, title: str) -> bool:
        """Whether the words of a title are a public office by themselves."""
        words = title.lower().replace(",", " ").split()
        if not any(word in self.words.offices or word.split("-")[-1] in self.words.sure for word in words):
            return False
        if self.is_private(title):
            return False
        if any(word in self.words.sure and word != "president" for word in words):
            return True
        return self._names_body(title) or not self._of_something(title)

    def is_private(self, title: str) -> bool:
        """Whether a title is of a company, a team, a union: unless a sure office stands in it."""
        told = title.lower().replace(" - ", "-").replace(" ’s", "’s").replace(" 's", "'s")
        if not self._sounds_private(told):
            return False
        for name in (*self.words.public_bodies, *self.words.bodies, "soviet union"):
            if " " in name and name in told:
                told = told.replace(name, " ")
        words = _words(told)
        if words & (self.words.sure - {"president", "general"}) or "governor" in words:
            return False
        return self._sounds_private(told)

    def _sounds_private(self, told: str) -> bool:
        return not self.words.private.isdisjoint(_words(told)) or "chief executive" in told

    def _names_body(self, title: str) -> bool:
        """Whether an international body is named in it, as words of their own: there is no UN in Samsung."""
        told = f" {' '.join(re.split(r"[\s,/()-]+|['’]s?\b", title.lower()))} "
        return any(f" {body} " in told for body in self.words.bodies)

    def _heads_something(self, title: str) -> bool:
        """Whether a title that companies use too has a name of its own: "General Tractor chairman", "UAW president"."""
        rest = self.gazetteer.without_names(title)
        before = re.search(r"(\S+)\s+(?:vice[- ])?president\b", rest, re.IGNORECASE)
        if before is not None:
            word = before.group(1)
            return word[:1].isupper() and not self._known(word)
        return bool(_BOSS.search(rest)) and self._of_something(title)

    def _of_something(self, title: str) -> bool:
        """Whether a title holds a proper name that is no state, body or public word: "General Tractor chairman"."""
        if self._names_body(title):
            return False
        rest = self.gazetteer.without_names(title)
        return any(word[:1].isupper() and not self._known(word) for word in rest.split())

    def _known(self, word: str) -> bool:
        key = word.lower().strip(",.'’()").removesuffix("'s").removesuffix("’s")
        if not key or key in self.words.offices or key in self.words.public or key in _TITLES:
            return True
        return self.gazetteer.country_of(key, None) is not None or not key.isalpha()

    def exists(self, title: str, country: str) -> bool:
        """Whether the country has such an office: the United States have no prime minister."""
        told = title.lower()
        return not any(country in countries and office in told for office, countries in self.words.no_office.items())


def _words(told: str) -> set[str]:
    """The words of a title in lower case, without the marks around them."""
    return {word.strip(".()'’\"") for word in told.replace("-", " ").replace(",", " ").split()}
