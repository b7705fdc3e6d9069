"""A word that may tell of a visit, with the frame that fires on it and what fills the frame's slots."""

from dataclasses import dataclass
from functools import cached_property

from visitwire_language.time.mentions import length_of_stay

from visitwire_visits.rules.lexicon import Frame, Lexicon
from visitwire_visits.rules.roles import INSIDE, Roles
from visitwire_visits.rules.scene import Named, Scene


@dataclass(frozen=True)
class Trigger:
    """A token of a story on which a frame fires, and the roles of the phrases around it."""

    scene: Scene
    frame: Frame
    token: int
    roles: Roles
    lexicon: Lexicon
    others: frozenset[int]
    """The other tokens of the story on which a frame fires."""

    @cached_property
    def sentence(self) -> int:
        """The number of its sentence in the story, from 0."""
        return self.scene.text.sentence_of[self.token]

    @cached_property
    def closest(self) -> Named | None:
        """Whoever stands closest to the trigger by the visitor's slots."""
        return self._filling(self.frame.visitor)

    @cached_property
    def host(self) -> Named | None:
        """Whoever fills the host's slot."""
        return self._filling(self.frame.host)

    @cached_property
    def lasts(self) -> int | None:
        """The days that "a three-day visit" lasts, the first included."""
        text = self.scene.text
        return length_of_stay(text.phrase(text.left_edge(self.token), self.token))

    def _filling(self, slots: tuple[str, ...]) -> Named | None:
        if not slots:
            return None
        best: tuple[int, int, Named] | None = None
        for named in self.scene.people_in.get(self.sentence, ()):
            role = self.roles.of(named.head)
            if role is not None and role.name in slots and role.reach < INSIDE:
                rank = (slots.index(role.name), role.reach)
                if best is None or rank < best[:2]:
                    best = (*rank, named)
        return best[2] if best else None

    def is_saying(self, token: int) -> bool:
        """Whether a token is a verb of saying."""
        return self.scene.text.lemma[token] in self.lexicon.words["saying"]
