"""On whose word a visit is reported: the speaker of the quote around it, else whom the sentence names as its source."""

from visitwire_schemas import Announcer, Entity, EntityKind, MentionForm, Quote

from visitwire_visits.clauses import subjects
from visitwire_visits.scene import Scene
from visitwire_visits.words import words

_PRONOUNS = {"he", "she", "they", "it", "who", "which", "that", "one", "i", "we"}


def quote_around(scene: Scene, token: int) -> int | None:
    """The index of the narrowest quote whose content holds the token."""
    at = scene.reading.parse.start[token]
    best: tuple[int, int] | None = None
    for index, quote in enumerate(scene.reading.enriched.quotes):
        for span in quote.content:
            if (
                span.start <= at < span.end
                and _is_said(scene, quote)
                and (best is None or span.end - span.start < best[0])
            ):
                best = (span.end - span.start, index)
    return best[1] if best else None


def _is_said(scene: Scene, quote: Quote) -> bool:
    """Whether the cue is one of speech: "accepted" or "declined" is done, not said."""
    for cue in quote.cue:
        for token in scene.reading.parse.within(cue.start, cue.end):
            lemma = scene.reading.lemma[token]
            if lemma in words("done"):
                return False
    return True


def announcer(scene: Scene, token: int) -> Announcer | None:
    """Who says it; None when the story says it by itself."""
    index = quote_around(scene, token)
    if index is not None:
        found = of_quote(scene, index)
        if found is not None:
            return found
    head = _sayer(scene, token)
    if head is None:
        head = _according_to(scene, token)
    return of_head(scene, head) if head is not None else None


def of_quote(scene: Scene, index: int) -> Announcer | None:
    """The speaker of a quote; None where that is nobody who brings news."""
    quote = scene.reading.enriched.quotes[index]
    tokens = scene.reading.parse.within(quote.source[0].start, quote.source[-1].end) if quote.source else range(0)
    if any(scene.reading.lemma[token] in words("onlookers") for token in tokens):
        return None
    told_of = _named_in(scene, quote) if _words_of(scene, quote) is None else frozenset()
    speaker = scene.reading.entities.get(quote.speaker) if quote.speaker else None
    if speaker is not None and speaker.id not in told_of:
        return _of_entity(speaker, _words_of(scene, quote))
    if quote.source and tokens and (issuer := _issuer(scene, tokens[-1])) is not None:
        return of_head(scene, issuer)
    if quote.source:
        told = scene.reading.text[quote.source[0].start : quote.source[-1].end]
        if len(tokens) == 1 and told.lower() in _PRONOUNS:
            return _antecedent(scene, tokens[0], told_of)
        return Announcer(label=scene.reading.phrase(tokens[0], _with_name(scene, tokens[-1])) if tokens else told)
    return None


def _issuer(scene: Scene, paper: int) -> int | None:
    """Who issued "a statement", "a communique" or made "the announcement"; None where its own words tell."""
    reading, parse = scene.reading, scene.reading.parse
    if reading.lemma[paper] not in words("papers") or parse.children(paper, "compound", "poss", "amod"):
        return None
    for preposition in parse.children(paper, "prep", "agent"):
        if reading.lower[preposition] in ("by", "from"):
            return next(iter(parse.children(preposition, "pobj")), None)
    verb = parse.head[paper]
    issues = parse.dep[paper] == "dobj" and reading.lemma[verb] in ("issue", "publish", "release", "make")
    return next(iter(subjects(reading, verb)), None) if issues else None


def announcement(scene: Scene, sentence: range) -> Announcer | None:
    """Who makes the announcement: "The visit was announced in a statement by", "Liu made the announcement"."""
    reading, parse = scene.reading, scene.reading.parse
    for token in sentence:
        if reading.lemma[token] in words("papers"):
            issuer = _issuer(scene, token)
            if issuer is not None:
                return of_head(scene, issuer)
        if reading.lemma[token] in ("announce", "confirm", "disclose") and parse.children(token, "nsubjpass"):
            for agent in parse.children(token, "agent"):
                return next((of_head(scene, obj) for obj in parse.children(agent, "pobj")), None)
    return None


def _with_name(scene: Scene, last: int) -> int:
    """The last word of a source with the name that follows it: "the official news agency Tanjug"."""
    pos = scene.reading.parse.pos
    while pos[last] in ("NOUN", "PROPN") and last + 1 < len(pos) and pos[last + 1] == "PROPN":
        last += 1
    return last


def _named_in(scene: Scene, quote: Quote) -> frozenset[str]:
    """The people whom a quote names: "he" who says it is none of them."""
    return frozenset(
        entity.id
        for entity in scene.reading.enriched.entities
        if entity.kind is EntityKind.PERSON
        for mention in entity.mentions
        if mention.form is MentionForm.NAME and any(span.start <= mention.start < span.end for span in quote.content)
    )


def _words_of(scene: Scene, quote: Quote) -> str | None:
    """The words that name the speaker, where they are more than a pronoun."""
    if not quote.source:
        return None
    words = " ".join(scene.reading.text[quote.source[0].start : quote.source[-1].end].split())
    return None if words.lower() in _PRONOUNS else words


def _of_entity(entity: Entity, words: str | None) -> Announcer:
    """A person by name and office; a body or a state in the words of the story."""
    if entity.kind is EntityKind.PERSON and entity.named:
        return Announcer(entity=entity.id, name=entity.name, label=entity.office)
    if entity.kind is EntityKind.ORGANIZATION and entity.named:
        return Announcer(entity=entity.id, name=entity.name, label=words if words != entity.name else None)
    return Announcer(entity=entity.id, label=words or entity.office or entity.name)


def _sayer(scene: Scene, token: int) -> int | None:
    """The subject of the saying verb above the token, where the token lies in what is said."""
    reading, parse = scene.reading, scene.reading.parse
    below = token
    for above in parse.ancestors(token):
        if (
            parse.pos[above] == "VERB"
            and reading.lemma[above] in words("saying") - words("done")
            and parse.dep[below] in ("ccomp", "parataxis", "advcl", "xcomp", "dobj", "conj", "dep", "prep")
        ) and (
            parse.dep[below] in ("ccomp", "parataxis", "dep")
            or (
                parse.dep[below] in ("dobj", "xcomp", "conj")
                and reading.lemma[above]
                in ("announce", "confirm", "report", "disclose", "deny", "describe", "recall", "reveal")
            )
        ):
            found = subjects(reading, above)
            if found:
                return found[0]
        below = above
    return _trailing(scene, token)


def _trailing(scene: Scene, token: int) -> int | None:
    """ "…, a spokesman said." where the parse lost the arc: the saying verb that ends or follows the clause."""
    reading, parse = scene.reading, scene.reading.parse
    sentence = parse.sentence(token)
    for verb in range(token + 1, sentence.stop):
        if reading.lemma[verb] in ("say", "report", "add", "tell") and parse.pos[verb] == "VERB":
            own = parse.children(verb, "nsubj")
            if own and token < own[-1] and reading.lower[reading.left_edge(own[-1]) - 1] in (",", "”", '"'):
                return own[-1]
            return None if own else _named_before(scene, token, verb)
    return None


def _named_before(scene: Scene, token: int, verb: int) -> int | None:
    """Who stands between a comma and the verb that ends the sentence, where the parse hung him on the words before."""
    reading = scene.reading
    if not _ends_sentence(scene, verb):
        return None
    for before in range(verb - 1, token, -1):
        if reading.lower[before] in (",", "”", '"'):
            last = verb - 1
            return last if last > before and reading.parse.pos[last] in ("NOUN", "PROPN") else None
        if reading.parse.pos[before] in ("VERB", "AUX", "PRON", "SCONJ", "CCONJ"):
            return None
    return None


def _ends_sentence(scene: Scene, verb: int) -> bool:
    """Whether nothing but a listener and a day follows."""
    reading = scene.reading
    rest = range(verb + 1, reading.parse.sentence(verb).stop)
    return all(reading.parse.pos[t] in ("NOUN", "PROPN", "PUNCT", "DET", "ADP", "ADV", "NUM", "ADJ") for t in rest)


def _according_to(scene: Scene, token: int) -> int | None:
    reading, parse = scene.reading, scene.reading.parse
    for word in parse.sentence(token):
        if reading.lower[word] == "according":
            for to in parse.children(word, "prep"):
                for obj in parse.children(to, "pobj"):
                    return obj
    return None


def of_head(scene: Scene, head: int) -> Announcer | None:
    """The source that a noun phrase names; None where that is nobody who brings news."""
    reading = scene.reading
    if reading.parse.pos[head] not in ("NOUN", "PROPN", "PRON") or reading.lemma[head] in words("onlookers"):
        return None
    if reading.lower[head] in _PRONOUNS:
        return _antecedent(scene, head)
    entity = reading.entity_at.get(head)
    if entity is not None and entity.kind is EntityKind.PERSON:
        if not entity.named:
            return Announcer(entity=entity.id, label=entity.office or entity.name)
        return Announcer(entity=entity.id, name=entity.name, label=entity.office)
    phrase = reading.phrase(reading.left_edge(head), _with_name(scene, head))
    for child in reading.parse.children(head, "prep"):
        if reading.lower[child] in ("of", "for", "with", "at", "from", "close"):
            last = max(t for t in reading.parse.subtree(child) if t - head < 12)
            phrase = reading.phrase(reading.left_edge(head), last)
            break
    if entity is not None and entity.kind is EntityKind.ORGANIZATION:
        return Announcer(entity=entity.id, name=entity.name, label=phrase if phrase != entity.name else None)
    return Announcer(label=phrase)


def _antecedent(scene: Scene, pronoun: int, others: frozenset[str] = frozenset()) -> Announcer | None:
    """Whom a pronoun means: by extraction, unless that is one of the `others`; else the source named last before it."""
    reading, parse = scene.reading, scene.reading.parse
    entity = reading.entity_at.get(pronoun)
    known = entity is not None and entity.id not in others
    if entity is not None and known and entity.kind in (EntityKind.PERSON, EntityKind.ORGANIZATION):
        if entity.named:
            return Announcer(entity=entity.id, name=entity.name, label=entity.office)
        return Announcer(entity=entity.id, label=entity.office or entity.name)
    limit = reading.sentence_number[pronoun] - 6
    for verb in range(pronoun - 1, -1, -1):
        if reading.sentence_number[verb] < limit:
            return None
        if reading.lemma[verb] in words("saying") and parse.pos[verb] == "VERB":
            for subject in parse.children(verb, "nsubj"):
                if reading.lower[subject] not in _PRONOUNS:
                    found = of_head(scene, subject)
                    if found is not None and found.entity in others:  # taken for one of them: by his own words only
                        return Announcer(label=reading.phrase(reading.left_edge(subject), subject))
                    return found
    return None


def comments(scene: Scene, trip: int, source: Announcer, ahead: bool) -> bool:
    """Whether somebody only speaks of "the visit" that is known: "The visit is symbolic," Weiss said.

    Of a visit to come, whoever is in office brings news even so.
    """
    if ahead and (source.entity is None or source.name is None or source.label is not None):
        return False
    parse = scene.reading.parse
    known = any(scene.reading.lower[child] in ("the", "this") for child in parse.children(trip, "det"))
    return known and not parse.children(trip, "prep", "poss")
