"""Dependency patterns: what they find, as a search without any compiling does, and what is refused."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from visitwire_language.dependency_notation import Pattern, PatternError, read_pattern
from visitwire_language.dependency_patterns import Patterns, Role, read_tables
from visitwire_language.text import Text
from visitwire_schemas import Parse

from tests.helpers.factories import make_parse

PAID = "Ruiz paid no visit to Norway"
TEXT = Text(
    PAID,
    make_parse(
        ("Ruiz", "PROPN", "nsubj", 1),
        ("paid", "VERB", "ROOT", 1),
        ("no", "DET", "det", 3),
        ("visit", "NOUN", "dobj", 1),
        ("to", "ADP", "prep", 3),
        ("Norway", "PROPN", "pobj", 4),
        text=PAID,
    ),
)
CLASSES = {"trips": frozenset({"visit", "trip"})}


@pytest.mark.parametrize(
    ("pattern", "at", "picked"),
    [
        ("{} >nsubj {}=who", "paid", [["Ruiz"]]),
        ("{} > {}=any", "paid", [["Ruiz"], ["visit"]]),
        ("{} >++ {}=after", "paid", [["visit"]]),
        ("{} >--nsubj|dobj {}=before", "paid", [["Ruiz"]]),
        ("{}=trip <dobj {pos:VERB}=verb", "visit", [["visit", "paid"]]),
        ("{} << {pos:VERB}=verb", "Norway", [["paid"]]),
        ("{} << {}=any", "Norway", [["to"], ["visit"], ["paid"]]),
        ("{} < {}=head", "paid", []),
        ("{} >dobj ({lemma:@trips} >prep ({}=word >pobj {}=place))", "paid", [["to", "Norway"]]),
        ("{} >dobj ({lemma:@trips} !>prep {} >det {}=word)", "paid", []),
        ("{} >dobj {lemma:@trips|tour}=trip >nsubj {word:ruiz}", "paid", [["visit"]]),
        ("{} >dobj {lemma!:@trips}=trip", "paid", []),
        ("{pos:VERB; lemma:paid} >dobj ({} >det {word:no})", "paid", [[]]),
        ("{pos:NOUN} >dobj {}=trip", "paid", []),
    ],
)
def test_what_a_pattern_picks_out(pattern: str, at: str, picked: list[list[str]]) -> None:
    token = TEXT.words.index(at)
    one = Patterns([(read_pattern(pattern, CLASSES), Role())])
    assert [[TEXT.words[token] for token in tokens] for _, tokens in one.find(TEXT, token)] == picked
    assert one.fits(TEXT, token) == bool(picked)


def test_a_table_tells_what_it_finds_in_the_order_of_its_rows() -> None:
    tables = {
        "visit": [
            {"name": "object", "pattern": "{} >dobj {}=it"},
            {"name": "subject", "reach": 1, "pattern": "{} >nsubj {}=it"},
            {"reach": 2, "pattern": "{} >dobj {}=at", "then": "place"},
        ],
        "place": [{"name": "place", "reach": 1, "pattern": "{} >prep ({} >pobj {}=it)"}],
    }
    visit = read_tables("invented.toml", tables, {})["visit"]
    assert visit.find(TEXT, 1) == [(Role("object"), (3,)), (Role("subject", 1), (0,)), (Role("place", 2), (3, 5))]
    assert visit.first(TEXT, 1) == (Role("object"), [(3,)])
    assert visit.first(TEXT, 0) is None


@pytest.mark.parametrize(
    ("pattern", "wrong"),
    [
        ("", "ends where a node is missing"),
        ("{} >dobj", "ends where a node is missing"),
        ("{} >dobj ({} >prep {}", "ends where ) is missing"),
        ("{} >dobj ({} {})", "a parenthesis is not closed"),
        ("{} {}", "'{}' stands after the end"),
        (">dobj {}", "'>dobj' stands where a node is missing"),
        ("{} =>dobj {}", "cannot read '=>dobj {}': allowed are {…}, parentheses, > >++ >-- < <<, and ! before"),
        ("{} >dobi {}", "unknown dep 'dobi': allowed are ROOT, acl, acomp"),
        ("{pos:VRB}", "unknown pos 'VRB': allowed are ADJ, ADP"),
        ("{tag:VBx}", "unknown tag 'VBx': allowed are ADD, AFX"),
        ("{shape:Xx}", "unknown column 'shape': allowed are word, lemma, pos, tag, dep"),
        ("{lemma:}", "unknown lemma '': allowed are any word"),
        ("{lemma:@trip}", "unknown class @trip: allowed are trips"),
        ("{} <<dobj {}", "<< takes no label"),
        ("{} >dobj {}=a >nsubj {}=b", "names must stand on one path"),
        ("{} !>dobj {}=a", "names must stand on one path"),
    ],
)
def test_what_cannot_be_read_is_told(pattern: str, wrong: str) -> None:
    with pytest.raises(PatternError, match=re.escape(wrong)):
        read_pattern(pattern, CLASSES)


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ({"patern": "{}"}, "invented.toml, visit, row 1: unknown key 'patern': allowed are name, no, pattern, reach"),
        ({"pattern": "{}", "then": "place"}, "invented.toml, visit, row 1: unknown table 'place': allowed are visit"),
        ({"pattern": "{} >x {}"}, "invented.toml, visit, row 1, '{} >x {}': unknown dep 'x'"),
        ({"name": "a"}, "invented.toml, visit, row 1, '': ends where a node is missing"),
    ],
)
def test_a_row_that_cannot_be_read_is_told(row: dict[str, str], wrong: str) -> None:
    with pytest.raises(PatternError, match=re.escape(wrong)):
        read_tables("invented.toml", {"visit": [row]}, {})


def test_a_table_without_rows_is_told() -> None:
    with pytest.raises(PatternError, match=r"invented\.toml, visit: has no rows"):
        read_tables("invented.toml", {"visit": []}, {})


# -- whatever the tree and the patterns

LABELS, WORDS, PARTS = ("nsubj", "dobj", "prep", "conj"), ("go", "see", "to"), ("VERB", "NOUN")


@st.composite
def trees(draw: st.DrawFn) -> Text:
    """A text of one tree; some tokens stand before their heads and some after."""
    size = draw(st.integers(1, 8))
    words = draw(st.lists(st.sampled_from(WORDS), min_size=size, max_size=size))
    order = draw(st.permutations(range(size)))
    head = [0] * size
    for number, token in enumerate(order):
        head[token] = order[draw(st.integers(0, number - 1))] if number else token
    source = " ".join(words)
    starts = [sum(len(word) + 1 for word in words[:at]) for at in range(size)]
    parse = Parse(
        start=tuple(starts),
        end=tuple(start + len(word) for start, word in zip(starts, words, strict=True)),
        lemma=tuple(words),
        pos=tuple(draw(st.lists(st.sampled_from(PARTS), min_size=size, max_size=size))),
        tag=("NN",) * size,
        dep=tuple("ROOT" if head[at] == at else draw(st.sampled_from(LABELS)) for at in range(size)),
        head=tuple(head),
        sent_start=(0,),
    )
    return Text(source, parse)


@st.composite
def written(draw: st.DrawFn, deep: int = 3, path: bool = True) -> str:
    """A pattern; names stand on the path that begins at its first node."""
    test = draw(st.sampled_from(["", "word:go|to", "lemma!:go", "pos:VERB", "lemma:@some; pos!:VERB", "dep:dobj|prep"]))
    node = f"{{{test}}}" + (draw(st.sampled_from(["", f"=n{deep}"])) if path else "")
    count = draw(st.integers(0, 2)) if deep else 0
    way = draw(st.integers(0, count)) if path else count
    for number in range(count):
        operator = draw(st.sampled_from([">", ">++", ">--", "<", "<<", "!>", "!<"]))
        labels = "" if operator == "<<" else draw(st.sampled_from(["", "nsubj", "dobj|conj"]))
        named = number == way and not operator.startswith("!")
        node += f" {operator}{labels} ({draw(written(deep - 1, named))})"
    return node


def naive(pattern: Pattern, text: Text, token: int) -> Iterator[tuple[int, ...]]:
    """What a pattern picks out, by trying every token for every node."""
    parse = text.parse
    columns = {"word": text.lower, "lemma": text.lemma, "pos": parse.pos, "tag": parse.tag, "dep": parse.dep}
    if any((columns[column][token] in values) != wanted for column, wanted, values in pattern.tests):
        return
    own = (token,) if pattern.name is not None else ()
    picked: list[tuple[int, ...]] = [own]
    for relation in pattern.relations:
        below: list[tuple[int, ...]] = []
        for other in range(len(text)):
            hanging, above = (token, other) if relation.operator[0] == "<" else (other, token)
            if relation.operator == "<<":
                stands = other in list(parse.ancestors(token))
            else:
                stands = hanging != above and parse.head[hanging] == above
                stands = stands and (not relation.labels or parse.dep[hanging] in relation.labels)
            sides = {">++": other > token, ">--": other < token}
            if stands and sides.get(relation.operator, True):
                below.extend(naive(relation.target, text, other))
        if bool(below) == relation.negated:
            return
        if relation.target.names:
            picked = [own + one for one in below]
    yield from picked


@given(trees(), st.lists(written(), min_size=1, max_size=5))
def test_a_table_finds_what_a_naive_search_finds(text: Text, patterns: list[str]) -> None:
    read = [read_pattern(pattern, {"some": frozenset({"go", "see"})}) for pattern in patterns]
    table = Patterns([(pattern, Role(str(row))) for row, pattern in enumerate(read)])
    for token in range(len(text)):
        want = [sorted(naive(pattern, text, token)) for pattern in read]
        found = table.find(text, token)
        assert [sorted(picked for role, picked in found if role.name == str(row)) for row in range(len(read))] == want
        assert [role for role, _ in found] == sorted((role for role, _ in found), key=lambda role: int(role.name))
        assert table.fits(text, token) == any(want)
        first = table.first(text, token)
        assert first is None if not any(want) else first is not None and sorted(first[1]) == next(filter(None, want))
