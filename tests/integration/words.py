"""A worker over words, one process: python -m tests.integration.words KIND NAME FOLDER.

Topics and group carry NAME, so that every test has its own.
"""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Event

from visitwire_runtime import InvalidMessage, Publish, Stage, Unavailable
from visitwire_runtime.process import main
from visitwire_schemas import Message, Topic


class Word(Message):
    text: str
    about: str = "all"


def source(name: str) -> Topic[Word]:
    return Topic(f"words-{name}-v1", Word, key=lambda word: word.about, about="Words", partitions=4)


def sink(name: str) -> Topic[Word]:
    return Topic(f"loud-words-{name}-v1", Word, key=lambda word: word.about, about="Loud words", partitions=4)


def shout(word: Word) -> Word:
    if word.text.startswith("bad"):
        raise InvalidMessage("It is a bad word.")
    if word.text.startswith("bug"):
        raise KeyError(word.text)
    return word.model_copy(update={"text": word.text.upper()})


def stage(kind: str, name: str, folder: Path) -> Stage[Word, Word]:
    """`shout`; `batch`, ten at once; `closed`, unavailable while FOLDER holds a file `closed`; `slow`, which says in
    FOLDER/begun that it began and takes half a second; `hangs`, which says so too and never ends with the word "hang";
    `post`, which publishes FOLDER/post itself."""

    def closed(word: Word) -> Iterable[Word]:
        if (folder / "closed").exists():
            raise Unavailable("the door is closed")
        yield shout(word)

    def slow(word: Word) -> Iterable[Word]:
        (folder / "begun").touch()
        Event().wait(0.5)
        yield shout(word)

    def hangs(word: Word) -> Iterable[Word]:
        if word.text == "hang":
            (folder / "begun").touch()
            Event().wait()
        yield shout(word)

    async def post(publish: Publish) -> None:
        for line in (folder / "post").read_text().splitlines():
            await publish(source(name), Word(text=line))

    handles: dict[str, Callable[[Word], Iterable[Word]]] = {"closed": closed, "slow": slow, "hangs": hangs}
    return Stage(
        f"words-{name}",
        source(name),
        sink(name),
        handles.get(kind, lambda word: [shout(word)]),
        handle_batch=(lambda words: [[shout(word)] for word in words]) if kind == "batch" else None,
        batch=10 if kind == "batch" else 1,
        background=(post,) if kind == "post" else (),
    )


if __name__ == "__main__":
    kind, name, folder = sys.argv[1:]
    main(lambda settings: stage(kind, name, Path(folder)))
