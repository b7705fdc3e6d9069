"""The embedded reader: frames fire on words, and everybody and every place near them becomes a scored candidate."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from visitwire_schemas import EnrichedStory, Span

from visitwire_visits.candidate import HOPELESS, Candidate, Event, Filler, Goal, Told
from visitwire_visits.rules.features import of_manner
from visitwire_visits.rules.informal import against
from visitwire_visits.rules.lexicon import Frame, Lexicon, lexicon_of
from visitwire_visits.rules.links import STILL, Aim, Linked
from visitwire_visits.rules.pairing import Pairing
from visitwire_visits.rules.roles import INSIDE, Roles
from visitwire_visits.rules.scene import Scene
from visitwire_visits.rules.sources import sources_of
from visitwire_visits.rules.survey import Survey
from visitwire_visits.rules.times import dates_of
from visitwire_visits.rules.told import Path
from visitwire_visits.rules.trigger import Trigger
from visitwire_visits.weights import Weights

_KEPT = 6
"""Visitors and destinations that a candidate keeps at most, best first."""
_HOPELESS = -3.0
"""The log-odds below which nobody asks when it is and on whose word."""


class RulesReader:
    """Reads English with the lexicon and the weights that ship with the stage, or with those given."""

    name = "rules"
    languages = frozenset({"en"})

    def __init__(
        self,
        lexicon: Lexicon | None = None,
        weights: Weights | None = None,
        hopeless: float = _HOPELESS,
        kept: int = _KEPT,
    ) -> None:
        self.lexicon = lexicon or lexicon_of("en")
        self.weights = weights if weights is not None else Weights.shipped("reader")
        self._hopeless, self._kept = hopeless, kept
        self._unlikely = min(hopeless, HOPELESS)

    def read(self, story: EnrichedStory) -> Sequence[Candidate]:
        """Every place of the story that may tell of a visit, in text order."""
        if story.parse is None or not len(story.parse):
            return ()
        scene = Scene(story, story.parse, self.lexicon)
        linked = [Linked(trigger) for trigger in self._triggers(scene)]
        survey, pairing = Survey(linked), Pairing(scene)
        return [self._candidate(each, survey, pairing) for each in linked]

    def _triggers(self, scene: Scene) -> Iterator[Trigger]:
        fired: dict[int, list[Frame]] = {}
        firing, words = self.lexicon.firing, zip(scene.text.lower, scene.text.lemma, strict=True)
        for token in [at for at, (lower, lemma) in enumerate(words) if lower in firing or lemma in firing]:
            if token >= scene.body and (frames := self._frames_at(scene, token)):
                fits = [frame for frame in frames if self._fits(scene, frame, token)]
                fired[token] = [frame for frame in fits if frame.aspect not in STILL or _names_place(scene, token)]
        others = frozenset(token for token, frames in fired.items() if frames)
        for token in sorted(others):
            roles = Roles(scene.text, self.lexicon, token)
            for frame in _filled(scene, fired[token], roles):
                yield Trigger(scene, frame, token, roles, self.lexicon, others - {token})

    def _frames_at(self, scene: Scene, token: int) -> tuple[Frame, ...]:
        adjective = self.lexicon.adjectives.get(scene.text.lower[token], ())
        if adjective and (scene.parse.dep[token] in _BEFORE_NOUN or self._before_somebody(scene, token)):
            return adjective
        pos, lemma = scene.parse.pos[token], scene.text.lemma[token]
        found: tuple[Frame, ...] = ()
        if pos in ("VERB", "AUX"):
            found = self.lexicon.verbs.get(lemma, ())
        elif pos in ("NOUN", "PROPN"):
            found = self.lexicon.nouns.get(lemma, ())
        return found or adjective

    def _before_somebody(self, scene: Scene, token: int) -> bool:
        """ "Met visiting President X": an adjective, though the parse made it a verb with an object."""
        heads = {named.head for named in scene.people_in.get(scene.text.sentence_of[token], ())}
        objects = scene.parse.children(token, "dobj")
        return bool(heads.intersection(objects)) and not scene.parse.children(token, "aux", "nsubj")

    def _fits(self, scene: Scene, frame: Frame, token: int) -> bool:
        """Whether the word stands with the particle that the frame asks for, and as one of its patterns says."""
        text, lemma = scene.text, scene.text.lemma[token]
        if frame.verbs and lemma not in frame.verbs:
            particle = Path(text, self.lexicon, token).particle(token)
            if f"{lemma} {particle}" not in frame.verbs:
                return False
        return frame.where is None or frame.where.fits(text, token)

    def _candidate(self, each: Linked, survey: Survey, pairing: Pairing) -> Candidate:
        trigger, weights = each.trigger, self.weights
        scene = trigger.scene
        told = Path(scene.text, self.lexicon, trigger.token).told
        features = self._features(trigger, told)
        visitors = self._visitors(each, survey)
        goals = self._goals(each, survey) if visitors else []
        candidate = Candidate(
            event=Event(trigger.frame.aspect),
            rule=trigger.frame.id,
            trigger=Span(start=scene.parse.start[trigger.token], end=scene.parse.end[trigger.token]),
            evidence=scene.spans[trigger.sentence],
            sentence=trigger.sentence,
            told=told,
            visitors=tuple(visitors),
            destinations=tuple(goal for goal, _ in goals),
            score=weights.bias + weights.sum(features),
            features=features,
            links={
                (filler.entity, aim.key): (weights.sum(names), names)
                for _, aim in goals
                for filler, names in pairing.links(each, told.form, aim, visitors)
            },
        )
        return self._completed(trigger, candidate) if candidate.odds >= self._unlikely else candidate

    def _completed(self, trigger: Trigger, candidate: Candidate) -> Candidate:
        """With hosts, dates and sources, which only what may be a visit is asked for, and what speaks against it."""
        reasons, host = tuple(against(trigger)), trigger.host
        if candidate.odds <= self._hopeless:
            return replace(candidate, against=reasons) if reasons else candidate
        return replace(
            candidate,
            against=reasons,
            hosts=(Filler(host.entity.id, 0.0),) if host is not None else (),
            dates=dates_of(trigger, candidate.told),
            sources=sources_of(trigger),
            quote=next(trigger.scene.quotes_at(trigger.token), None),
        )

    def _goals(self, each: Linked, survey: Survey) -> list[tuple[Goal, Aim]]:
        """The likeliest destinations, best first."""
        known = {aim.key for aim in each.aims}
        found = []
        for aim in (*each.aims, *(echo for echo in survey.echoes(each) if echo.key not in known)):
            names = aim.link.features + survey.of_destination(each, aim)
            found.append((Goal(aim.country, aim.place, self.weights.sum(names), names), aim))
        return sorted(found, key=lambda pair: -pair[0].score)[: self._kept]

    def _visitors(self, each: Linked, survey: Survey) -> list[Filler]:
        """The likeliest visitors, best first."""
        traits, found = each.trigger.scene.traits, []
        for key, link in each.travellers.items():
            if key in traits:
                names = link.features + traits[key] + survey.of_traveller(each, key, link)
                found.append(Filler(key, self.weights.sum(names), names))
        return sorted(found, key=lambda filler: -filler.score)[: self._kept]

    def _features(self, trigger: Trigger, told: Told) -> tuple[str, ...]:
        """What the trigger tells by itself."""
        scene, token, aspect = trigger.scene, trigger.token, trigger.frame.aspect
        words, parse = self.lexicon.words, scene.parse
        found = [f"aspect={aspect}", f"frame={trigger.frame.id}", f"lemma={scene.text.lemma[token]}"]
        found += of_manner(told.form, aspect, told.modality, told.settled, told.negated, told.aside)
        found.append(f"sentence={min(trigger.sentence, 4)}")
        children = [scene.text.lower[child] for child in parse.children(token)]
        found += [name for name in ("unofficial", "official") if not words[name].isdisjoint(children)]
        if any(parse.pos[child] in ("NOUN", "PROPN") for child in parse.children(token, "dobj")):
            found.append(f"object@{aspect}")
        if trigger.sentence in scene.remote:
            found += ("remote", f"remote@{aspect}")
        if parse.tag[token] in ("NNS", "NNPS"):
            found.append("plural")
        return tuple(found)


def _names_place(scene: Scene, token: int) -> bool:
    """Whether the token's sentence names a place, without which most of a story's verbs tell of nobody's going."""
    number = scene.text.sentence_of[token]
    return number in scene.places_in or number in scene.saying_here


_BEFORE_NOUN = frozenset({"amod", "compound", "nmod"})


def _filled(scene: Scene, frames: Sequence[Frame], roles: Roles) -> Iterator[Frame]:
    """Of frames that share a word ("arrived in", "arrived from"), those whose destination is filled; else the first."""
    if len(frames) < 2:
        yield from frames
        return
    played = {roles.of(named.head) for named in scene.places_in.get(scene.text.sentence_of[roles.trigger], ())}
    names = {role.name for role in played if role is not None and role.reach < INSIDE}
    filled = [frame for frame in frames if names.intersection(frame.destination)]
    yield from filled or frames[:1]
