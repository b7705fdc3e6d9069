"""The walker over the columns of a parse."""

from visitwire_schemas import Parse

# "Obama will visit Rome . He leaves ." as spaCy draws it: "visit" and "leaves" are the roots.
HEAD = (2, 2, 2, 2, 2, 6, 6, 6)
DEP = ("nsubj", "aux", "ROOT", "dobj", "punct", "nsubj", "ROOT", "punct")


def parse(sent_start: tuple[int, ...] = (0, 5)) -> Parse:
    words = ("Obama", "will", "visit", "Rome", ".", "He", "leaves", ".")
    start = tuple(10 * number for number in range(len(words)))
    end = tuple(first + len(word) for first, word in zip(start, words, strict=True))
    return Parse(start=start, end=end, lemma=words, pos=words, tag=words, dep=DEP, head=HEAD, sent_start=sent_start)


def test_children_are_those_below_in_text_order() -> None:
    assert [parse().children(token) for token in range(8)] == [(), (), (0, 1, 3, 4), (), (), (), (5, 7), ()]


def test_children_of_some_labels_only() -> None:
    read = parse()
    assert (read.children(2, "dobj", "nsubj"), read.children(2, "prep"), read.children(0, "nsubj")) == ((0, 3), (), ())


def test_a_subtree_holds_its_head() -> None:
    assert (parse().subtree(2), parse().subtree(3), list(parse().ancestors(0))) == ([0, 1, 2, 3, 4], [3], [2])


def test_each_token_lies_in_one_sentence() -> None:
    read = parse()
    assert [read.sentence(token) for token in range(8)] == [range(5)] * 5 + [range(5, 8)] * 3
    assert list(read.sentences()) == [range(5), range(5, 8)]


def test_without_sentences_the_story_is_one() -> None:
    assert parse(sent_start=()).sentence(6) == range(8)
