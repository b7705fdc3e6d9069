"""On whose word a candidate may be told: the speaker of the quote around it, the sayer above it, its neighbours'."""

from collections.abc import Iterator, Sequence

from visitwire_schemas import Announcer, Entity, EntityKind

from visitwire_visits.candidate import Source
from visitwire_visits.rules.scene import Scene
from visitwire_visits.rules.trigger import Trigger

type Sayer = tuple[Announcer, str]
"""Who says something, and by which kind of word."""

_NEIGHBOURS = (1, -1, 2, -2)
_OPENING = 4
"""Words of a headline in which "statement by" stands."""
_LONGEST = 12
"""Tokens after its head that a phrase is followed for."""


def sources_of(trigger: Trigger) -> tuple[Source, ...]:
    """Everybody who may be the source, each with how the words stand to the trigger."""
    found: dict[str, Source] = {}
    for announcer, features in _near(trigger):
        key = announcer.entity or (announcer.label or announcer.name or "").lower()
        if key and key not in found:
            found[key] = Source(announcer, (*features, *_of_words(trigger, announcer)))
    return tuple(found.values())


def _near(trigger: Trigger) -> Iterator[tuple[Announcer, tuple[str, ...]]]:
    scene = trigger.scene
    for order, index in enumerate(scene.quotes_at(trigger.token)):
        quote = scene.enriched.quotes[index]
        announcer = _of_quote(scene, index)
        if announcer is not None:
            yield announcer, (f"around={min(order, 1)}", f"around.kind={quote.kind.value}", "around")
    for announcer, verb in _sayers(trigger, trigger.sentence):
        yield announcer, ("sentence", f"sentence.verb={verb}")
    for offset in _NEIGHBOURS:
        number = trigger.sentence + offset
        if 0 <= number < len(scene.text.sentences):
            for announcer, verb in _sayers(trigger, number):
                yield announcer, (f"beside={offset:+d}", f"beside.verb={verb}", "beside")
    for announcer, verb in _first_sayers(trigger):
        yield announcer, ("story", f"story.verb={verb}")
    issuer = _issuer(trigger)
    if issuer is not None:
        yield issuer, ("headline",)


def _issuer(trigger: Trigger) -> Announcer | None:
    """Whose statement the story is, as offices write it above: "Statement by Press Secretary X on …"."""
    scene, words = trigger.scene, trigger.lexicon.words
    headline = (scene.story.headline or "").split()
    lower = [word.lower() for word in headline]
    by = next((at for at, word in enumerate(lower[:_OPENING]) if at and word in words["issued_by"]), None)
    if by is None or not words["issued"].intersection(lower[:by]):
        return None
    end = next((at for at in range(by + 1, len(lower)) if lower[at] in words["issued_on"]), len(lower))
    label = " ".join(headline[by + 1 : end]).strip(" ,.:")
    person = next((entity for entity in scene.entities.values() if entity.named and entity.name in label), None)
    return _announcer(person, label) if person is not None else Announcer(label=label) if label else None


def _first_sayers(trigger: Trigger) -> Iterator[Sayer]:
    for number in range(min(3, len(trigger.scene.text.sentences))):
        yield from _sayers(trigger, number)


def _of_quote(scene: Scene, index: int) -> Announcer | None:
    quote = scene.enriched.quotes[index]
    entity = scene.entities.get(quote.speaker) if quote.speaker else None
    words = None
    if quote.source:
        words = " ".join(scene.story.text[quote.source[0].start : quote.source[-1].end].split())
    return _announcer(entity, words)


def _announcer(entity: Entity | None, words: str | None) -> Announcer | None:
    """A person by name and office; a body or a role in the words of the story."""
    if entity is None:
        return Announcer(label=words) if words else None
    if entity.kind is EntityKind.PERSON and entity.named:
        return Announcer(entity=entity.id, name=entity.name, label=entity.office)
    if entity.kind is EntityKind.ORGANIZATION and entity.named:
        return Announcer(entity=entity.id, name=entity.name, label=words if words != entity.name else None)
    return Announcer(entity=entity.id, label=words or entity.office or entity.name)


def _sayers(trigger: Trigger, number: int) -> Sequence[Sayer]:
    """Those of a sentence; found once, as every trigger near it asks."""
    return trigger.scene.once(("sayers", number), lambda: tuple(_sayers_of(trigger, number)))


def _sayers_of(trigger: Trigger, number: int) -> Iterator[Sayer]:
    """The subjects of verbs of saying in a sentence, and who stands after "according to"."""
    text, saying = trigger.scene.text, trigger.lexicon.words["saying"]
    for token in text.sentences[number]:
        lemma = text.lemma[token]
        if lemma in saying or text.lower[token] == "according":
            for (kind, _), (sayer,) in trigger.lexicon.patterns["sayer"].find(text, token):
                if (announcer := _of_head(trigger, sayer)) is not None:
                    yield announcer, kind if kind != "verb" else lemma if lemma in _COMMON else "other"


_COMMON = frozenset({"say", "announce", "confirm", "report", "tell", "add", "state"})


def _of_head(trigger: Trigger, head: int) -> Announcer | None:
    """The source that a phrase names; None for a pronoun that nobody is known to stand behind."""
    scene = trigger.scene
    named = next((n for n in scene.people_in.get(scene.text.sentence_of[head], ()) if n.first <= head < n.end), None)
    words = _phrase(scene, head)
    if named is not None:
        return _announcer(named.entity, words)
    if scene.parse.pos[head] == "PRON" or scene.text.lower[head] in trigger.lexicon.words["pronouns"]:
        return None
    return Announcer(label=words)


def _phrase(scene: Scene, head: int) -> str:
    """The noun phrase with what follows "of", "for", "at": "a spokesman for the ministry"."""
    last = head
    for child in scene.parse.children(head, "prep"):
        if scene.text.lower[child] in ("of", "for", "with", "at", "from"):
            last = max((token for token in scene.parse.subtree(child) if token - head < _LONGEST), default=head)
            break
    return scene.text.phrase(scene.text.left_edge(head), last)


def _of_words(trigger: Trigger, announcer: Announcer) -> Iterator[str]:
    told = set(f"{announcer.label or ''} {announcer.name or ''}".lower().replace("-", " ").split())
    yield f"bringer={bool(told & trigger.lexicon.words['bringers'])}"
    yield f"onlooker={bool(told & trigger.lexicon.words['onlookers'])}"
    entity = trigger.scene.entities.get(announcer.entity) if announcer.entity else None
    yield f"who={entity.kind.value if entity else 'words'}"
    yield f"office={entity.office_kind.value if entity and entity.office_kind else 'none'}"
