"""Small stages over small messages, for testing what carries them."""

from collections.abc import Callable, Iterable, Sequence

from visitwire_runtime import Stage
from visitwire_schemas import Message, Topic


class Word(Message):
    text: str
    topic: str = "all"


WORDS = Topic("words-v1", Word, key=lambda word: word.topic, about="Words", max_bytes=1000)
LOUD = Topic("loud-words-v1", Word, key=lambda word: word.topic, about="Words, louder", max_bytes=1000)
LOUDER = Topic("louder-words-v1", Word, key=lambda word: word.topic, about="Words, louder still", max_bytes=1000)


def shout(source: Topic[Word] = WORDS, sink: Topic[Word] = LOUD, name: str = "shout") -> Stage[Word, Word]:
    def handle(word: Word) -> Iterable[Word]:
        yield Word(text=word.text.upper() + "!", topic=word.topic)

    return Stage(name, source, sink, handle)


def stage_of(handle: Callable[[Word], Iterable[Word]], name: str = "shout") -> Stage[Word, Word]:
    return Stage(name, WORDS, LOUD, handle)


def in_batches(
    handle: Callable[[Word], Iterable[Word]],
    handle_batch: Callable[[Sequence[Word]], Sequence[Iterable[Word]]],
    batch: int = 4,
) -> Stage[Word, Word]:
    return Stage("shout", WORDS, LOUD, handle, handle_batch, batch)
