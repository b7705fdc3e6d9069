"""Where a story names a person: after an office or "Mr", where the model saw one, before ", the minister"."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import pairwise

from visitwire_language.classes import name_words, office_words
from visitwire_language.names import either_given, family_name, honorifics, key_words

from visitwire_extraction.document import Document
from visitwire_extraction.doubts import NO_NAMES, Doubts
from visitwire_extraction.lemmas import Lemmas
from visitwire_extraction.runs import JOINERS, LONGEST, Runs
from visitwire_extraction.step_results import Name, Office, Place
from visitwire_extraction.vocabulary import Vocabulary

_LISTED = 2
"""People "of" something in a sentence from whom on it lists them."""
_ACTING = frozenset({"nsubj", "nsubjpass", "poss", "conj", "appos"})
"""Arcs to who does something, has something, or is another of some people."""
_NAMING = frozenset({"nsubj", "nsubjpass", "dobj", "pobj", "poss"})
"""Arcs to somebody who is spoken of by the surname alone."""


class NameFinder:
    """The ways to find names in one story; each gives what it finds, whatever the others found."""

    def __init__(self, doc: Document, places: Sequence[Place], known: Lemmas, tables: Vocabulary) -> None:
        self._doc, self._known, self._tables = doc, known, tables
        self.given = tables.given.keys() | either_given()
        """Given names, in plain letters."""
        self._place = {token: place for place in places for token in range(place.first, place.end)}
        self._runs = Runs(doc, places, known)
        self._doubts = Doubts(doc, self._place, known, tables)

    def after_offices(self, offices: Sequence[Office]) -> list[Name]:
        found = []
        starts = {office.first: office for office in offices}
        for office in offices:
            at = office.end
            if at in starts and self._follows(starts[at]):
                continue  # "Minister of Energy Prince Abdulaziz": the name follows the second
            at = self._doc.past_brackets(at)  # "National Security Adviser (NSA) Ana Krogh"
            honorific = self._honorific(at)
            at += bool(honorific)
            run = self._runs.run_after(at)
            if run is None and not (honorific or office.plural) and self._runs.may_be_small(office):
                run = self._runs.small_run(at)
            if run is None or self._is_rank(run) or self._doubts.is_body(*run) or self._doubts.is_building(run[1]):
                continue
            if self._is_of_body(office, run) or self._names_a_quarter(office.first):
                continue
            if office.title.words in office_words("ordinary words") and office.determiner in ("a", "an"):
                continue  # "a major U-turn"
            if (
                office.title.kind == "role" or office.plural or office.title.words in office_words("ordinary words")
            ) and not self._is_person(run):
                continue
            found.append(self._name(self._runs.past_rank(run), office=office, honorific=honorific, sure=True))
        return found

    def _is_of_body(self, office: Office, run: tuple[int, int]) -> bool:
        """ "A member of the nationalist Wolnosc party", "the MP for Bradford West": the capitals go on with what an
        office is of."""
        doc, last = self._doc, office.end - 1
        if last == office.head or run[1] - run[0] > 1:
            return False
        described = doc.parse.tag[last] == "JJ" and doc.words[last].islower()
        if office.title.words in office_words("of a town") and doc.words[last].islower():
            town = self._tables.geo.longest(doc.plain, run[0])
            if town is not None and town[0] == run[1]:
                return True  # "mayor of the regional hub Iloilo"
        return described or doc.plain[run[0]] in name_words("quarters")

    def _follows(self, office: Office) -> bool:
        """Whether a name follows an office, or may not begin with it: "UK's Chief Rabbi, Ephraim Mirvis"."""
        alone = self._runs.run_after(office.first) == (office.first, office.end)
        return alone or self._runs.run_after(office.end) is not None

    def after_honorifics(self) -> list[Name]:
        doc, found = self._doc, []
        for token in range(len(doc)):
            honorific = self._honorific(token)
            if honorific and self._names_a_quarter(token):
                continue
            if honorific and token not in self._place and (run := self._runs.run_after(token + 1)):
                found.append(self._name(run, honorific=honorific, sure=True))
        return found

    def _names_a_quarter(self, token: int) -> bool:
        """ "The district of Sheikh Krogh": what is named after somebody, with its kind before "of"."""
        doc = self._doc
        return token > 1 and doc.plain[token - 1] == "of" and doc.plain[token - 2] in name_words("after a place")

    def of_model(self) -> list[Name]:
        """The model's persons, trimmed, without those that the rest of the story speaks against."""
        doc, found = self._doc, []
        for ent in doc.ents:
            if ent.label != "PERSON":
                continue
            first, end = self._trim(ent.first, ent.end)
            first -= first == ent.first and self._begins(first - 1)
            if first < end and self._doubts.plausible(first, end) and not self._is_title(first, end):
                found.append(self._name((first, end)))
        return found

    def _begins(self, token: int) -> bool:
        """Whether a word before the model's person is the first of its name: "Kawthar" of "Kawthar Ben Lund", a capital
        that no dictionary has or a given name ("Grant Lund"), and a part of it by grammar."""
        doc = self._doc
        given = token > 0 and doc.plain[token] in self.given and not doc.starts_sentence(token)
        return (
            token >= 0
            and doc.same_paragraph(token, token + 1)
            and doc.label[token] == ""
            and doc.parse.tag[token] == "NNP"
            and doc.parse.dep[token] == "compound"
            and doc.words[token].istitle()
            and self._runs.is_part(token)
            and token not in self._place
            and (given or not self._known.knows(doc.plain[token]))
            and doc.plain[token] not in honorifics()
            and self._tables.titles.longest(doc.plain, token) is None
        )

    def _is_title(self, first: int, end: int) -> bool:
        """ "The UK's Chief Rabbi": a title with a capital, not somebody of that surname."""
        title = self._tables.titles.exact(self._doc.plain[first:end])
        return title is not None and title.kind != "role" and self._doc.plain[first] not in self._doubts.surnames

    def of_table(self, full_names: Iterable[tuple[int, int]]) -> list[Name]:
        """Full names of office-holders, which the model may have cut, missed, or taken for a town."""
        doc, found = self._doc, []
        for first, end in full_names:
            written = all(self._is_written(token) for token in range(first, end)) and not self._names_a_body(end)
            ent = doc.ent_at.get(end - 1)
            while end + 1 < len(doc) and doc.words[end] == "-" and self._runs.glued(end) and doc.is_capital(end + 1):
                end += 2  # "Kazem Vaziri-Hamaneh", of whom the table has less
            longer = ent is not None and ent.label == "PERSON" and (ent.first < first or ent.end > end)
            if written and doc.is_capital(first) and doc.same_paragraph(first, end - 1) and not longer:
                found.append(self._name((first, end), sure=True))
        return found

    def of_players(self, players: Iterable[tuple[int, int]]) -> list[Name]:
        """Sports people in lists, where few verbs tell the model who is a person, by their tokens `[first, end)`."""
        return [self._name(run, sure=True) for run in players if self._doubts.is_no_body(*run, NO_NAMES)]

    def _names_a_body(self, end: int) -> bool:
        """Whether the capitals go on to "Arena", "University": what is named after somebody."""
        run = self._runs.run_after(end)
        return run is not None and self._doc.plain[run[1] - 1] in office_words("bodies")

    def _is_written(self, token: int) -> bool:
        return self._doc.is_capital(token) or self._doc.words[token] in JOINERS or self._runs.particle(token)

    def before_offices(self, offices: Sequence[Office]) -> list[Name]:
        """ "Wang Yi, China's foreign minister": a run of capitals before a comma and an office."""
        doc, found = self._doc, []
        for office in offices:
            comma = office.first - 1
            if office.determiner not in (None, "'s") and office.first > 0 and doc.plain[comma] == office.determiner:
                comma -= 1
            if comma < 1 or doc.words[comma] != "," or not doc.same_paragraph(comma - 1, office.first):
                continue
            first = comma
            while (
                first > 0
                and comma - first < LONGEST
                and doc.same_paragraph(first - 1, comma)
                and self._runs.is_part(first - 1)
            ):
                first -= 1
            if comma - first >= 2 and not office.plural and all(self._runs.is_part(t) for t in range(first, comma)):
                if any(self._is_other(t) for t in range(first, comma)):
                    continue
                if doc.label[first] == "FAC" and doc.plain[first] not in self.given:
                    continue  # a building; "Edmund Krogh Hau Wah" is none
                definite = first > 0 and doc.plain[first - 1] == "the" and doc.same_paragraph(first - 1, first)
                if definite or self._doubts.is_body(first, comma) or self._doubts.are_fields(first, comma):
                    continue  # "at Krogh Institute, director Ana Lind said"
                found.append(self._name((first, comma), sure=True))
        return found

    def _is_other(self, token: int) -> bool:
        return token in self._place or self._doc.label[token] in ("LOC", "DATE", "EVENT", "WORK_OF_ART", "LAW")

    def after_commas(self, offices: Sequence[Office]) -> list[Name]:
        """ "Another leader of the party, Sanjit Sinha, was": capitals between commas after an office."""
        doc, found = self._doc, []
        for office in offices:
            at = office.end
            if office.plural or not (office.determiner or office.country) or doc.words[at : at + 1] != (",",):
                continue
            run = self._runs.run_after(at + 1)
            closed = run is not None and doc.words[run[1] : run[1] + 1] == (",",) and self._doubts.is_no_body(*run)
            kin = office.title.words in office_words("kin")
            if run is not None and closed and (run[1] - run[0] > 1 or kin):
                found.append(self._name(run, sure=True))
        return found

    def by_given_name(self) -> list[Name]:
        """ "Tom Emanuel of Laconia", "Woodrow Benford, 58,": runs with a given name, or an age after."""
        doc, found, at = self._doc, [], 0
        while at < len(doc):
            run = self._runs.run(at) if doc.is_capital(at) and not doc.is_headline(at) else None
            if run is None:
                at += 1
                continue
            first, end = run
            aged = (
                end + 2 < len(doc)
                and doc.words[end] == ","
                and doc.words[end + 1].isdigit()
                and doc.words[end + 2] == ","
            )
            told = doc.plain[first] in self.given or aged or self._is_initial(first)
            if 2 <= end - first <= 4 and told and self._doubts.may_be_named(first, end):
                found.append(self._name(run, sure=True))
            at = end
        return found

    def of_countries(self) -> list[Name]:
        """ "Hungary's Balint Revai won": capitals that a country owns, which nothing takes for something else."""
        doc, found = self._doc, []
        for token, place in self._place.items():
            if (
                token != place.end - 1
                or place.role != "country"
                or doc.words[place.end : place.end + 1] not in (("'s",), ("’s",))
            ):
                continue
            run = self._runs.run_after(place.end + 1)
            if run is None or not 2 <= run[1] - run[0] <= 3 or self._has_title(*run):
                continue
            unknown = not any(
                doc.label[t] not in ("", "NORP", "PERSON") or self._known.knows(doc.plain[t]) for t in range(*run)
            )
            if unknown and self._doubts.may_be_named(*run) and not doc.is_headline(run[0]):
                found.append(self._name(run, sure=True))
        return found

    def _is_initial(self, first: int) -> bool:
        """ "D. Siddharth": a letter with a full stop, not an arrow of the compass, before a word of small letters."""
        letter, after = self._doc.words[first], self._doc.words[first + 1 : first + 2]
        initial = len(letter) == 2 and letter[1] == "." and letter[0].isupper() and letter[0] not in "NSEW"
        return initial and bool(after) and len(after[0]) > 1 and (after[0].istitle() or after[0][1:] == ".")

    def of_holders(self, surnames: Mapping[str, bool]) -> list[Name]:
        """A word that is the name of somebody in office in a country of the story: "Macron", taken for a company."""
        doc = self._doc
        return [
            self._name((token - self._is_given_before(token), token + 1), sure=True)
            for token in range(len(doc))
            if doc.plain[token] in surnames
            and (surnames[doc.plain[token]] or not self._means_something(token) or self._is_proper(token))
            and doc.is_capital(token)
            and not doc.is_headline(token)
            and token not in self._place
            and not self._inside_longer(token)
        ]

    def listed(self, found: Iterable[Name]) -> list[Name]:
        """ "Ana Krogh of Ohio, Bo Lind of Utah and Summer Field of Iowa": capitals in a list of people and of what they
        are, where two are known."""
        doc, listed = self._doc, list[Name]()
        known = Counter(doc.sentence[name.first] for name in found if doc.plain[name.end : name.end + 1] == ("of",))
        for token in range(1, len(doc) - 3):
            if doc.plain[token] not in (",", "and") or known[doc.sentence[token]] < _LISTED:
                continue
            run = self._runs.run_after(token + 1)
            if run is None or not 2 <= run[1] - run[0] <= 4 or doc.plain[run[1] : run[1] + 1] != ("of",):
                continue
            if self._doubts.is_no_body(*run, labels=NO_NAMES) and not self._has_title(*run):
                listed.append(self._name(run, sure=True))
        return listed

    def paired(self, found: Iterable[Name]) -> list[Name]:
        """ "Ana Krogh/Eva Lind": who plays beside somebody."""
        doc, paired = self._doc, list[Name]()
        for name in found:
            if doc.words[name.end : name.end + 1] == ("/",) and len(name.words) > 1:
                run = self._runs.run_after(name.end + 1)
            elif doc.words[max(name.first - 1, 0) : name.first] == ("/",) and len(name.words) > 1:
                run = self._runs.run_before(name.first - 1)
            else:
                continue
            if run is not None and 2 <= run[1] - run[0] <= 4 and self._doubts.may_be_named(*run):
                paired.append(self._name(run, sure=True))
        return paired

    def _has_title(self, first: int, end: int) -> bool:
        return any(self._tables.titles.longest(self._doc.plain, token) for token in range(first, end))

    def again(self, found: Iterable[Name]) -> list[Name]:
        """ "Kenney" alone, which nothing else sees, where it is the family name of somebody whom the story names."""
        doc = self._doc
        families = {
            family_name(words) for name in found if (words := key_words(name.words)) and name.sure
        } - name_words("none")
        return [
            self._name((token, token + 1))
            for token in range(len(doc))
            if doc.plain[token] in families
            and doc.is_capital(token)
            and not doc.is_headline(token)
            and token not in self._place
            and not self._inside_longer(token)
        ]

    def backed(self, found: Sequence[Name], families: Container[str]) -> list[Name]:
        """Names without those that the model alone has said, of one word, which do nothing, own nothing, and are the
        family name of nobody: "the Metallica concert", "the fall of Douma"."""
        plain = self._doc.plain
        longer = {word for name in found if name.sure or len(name.words) > 1 for word in key_words(name.words)}
        alone = [name for name in found if not name.sure and len(name.words) == 1 and plain[name.first] not in longer]
        joined = {name for pair in pairwise(found) if plain[pair[0].end : pair[1].first] == ("and",) for name in pair}
        acting = {plain[name.first] for name in alone if name in joined or self._acts(name)}
        idle = {name for name in alone if plain[name.first] not in acting and plain[name.first] not in families}
        return [name for name in found if name not in idle]

    def _acts(self, name: Name) -> bool:
        parse, role, head = self._doc.parse, self._doc.parse.dep[name.first], self._doc.parse.head[name.first]
        spoken_to = role == "dobj" and parse.lemma[head] in name_words("said or done to people")
        return role in _ACTING or parse.dep[head] == "agent" or spoken_to

    def _means_something(self, token: int) -> bool:
        """Whether a word is an ordinary one or a place's too."""
        word = self._doc.plain[token]
        return self._known.knows(word) or self._tables.geo.longest(self._doc.plain, token) is not None

    def _is_given_before(self, token: int) -> bool:
        """ "Roopika Singh" at the head of a sentence: whether the word before a surname is no ordinary one, and a part
        of the name by grammar."""
        doc, before = self._doc, token - 1
        return (
            doc.same_paragraph(before, token)
            and doc.starts_sentence(before)
            and doc.words[before].istitle()
            and doc.parse.head[before] == token
            and doc.parse.dep[before] == "compound"
            and before not in self._place
            and doc.plain[before] not in honorifics()
            and not self._known.knows(doc.plain[before])
            and not self._tables.titles.longest(doc.plain, before)
        )

    def _is_proper(self, token: int) -> bool:
        """Whether an ordinary word is somebody's name by grammar: "a neighbour of Trump", inside a sentence."""
        doc = self._doc
        if doc.starts_sentence(token) or doc.parse.tag[token] != "NNP" or doc.label[token] not in ("", "PERSON"):
            return False
        titled = self._tables.titles.longest(doc.plain, token) or self._tables.geo.longest(doc.plain, token)
        return doc.parse.dep[token] in _NAMING and not titled and doc.plain[token] not in name_words("months")

    def _inside_longer(self, token: int) -> bool:
        """Whether capitals stand on either side: the word is part of a longer name of something else."""
        doc = self._doc
        beside = [other for other in (token - 1, token + 1) if doc.same_paragraph(other, token)]
        return any(doc.is_capital(other) and not doc.starts_sentence(other) for other in beside)

    def _name(
        self, run: tuple[int, int], office: Office | None = None, honorific: str | None = None, sure: bool = False
    ) -> Name:
        words = tuple(self._doc.words[token] for token in range(*run))
        return Name(run[0], run[1], words, office, honorific, sure)

    def _honorific(self, token: int) -> str | None:
        doc = self._doc
        if token >= len(doc) or doc.plain[token] not in honorifics() or not doc.words[token][0].isupper():
            return None
        return doc.plain[token]

    def _is_person(self, run: tuple[int, int]) -> bool:
        label = self._doc.label[run[0]]
        several = run[1] - run[0] > 1
        given = self._doc.plain[run[0]] in self.given
        return label == "PERSON" or (several and (given or label in ("", "GPE", "NORP")))

    def _trim(self, first: int, end: int) -> tuple[int, int]:
        """The model's span without titles, possessives and stray words at its ends."""
        doc = self._doc
        while first < end and not self._runs.is_part(first) and not self._runs.particle(first):
            first += 1
        while first < end and (self._is_none(first) or doc.plain[first] in honorifics()):
            first += 1
        town = self._place.get(first)
        if town is not None and town.end - town.first > 1 and town.end < end:
            first = town.end  # "Santa Cruz Krogh": a full stop between was lost
        run = self._runs.run(first) if first < end else None
        return self._runs.past_rank(run) if run and not self._is_rank(run) else (first, first)

    def _is_none(self, token: int) -> bool:
        """Whether a word is none of a name: "Said", but not the "Will" of "Will Krogh"."""
        if self._doc.plain[token] not in name_words("none"):
            return False
        asks = self._doc.parse.tag[token] == "MD" and self._doc.starts_sentence(token)  # "Will Ana Krogh come?"
        return asks or not self._runs.is_part(token)

    def _is_rank(self, run: tuple[int, int]) -> bool:
        return all(self._doc.plain[token].rstrip(".") in name_words("ranks") for token in range(*run))
