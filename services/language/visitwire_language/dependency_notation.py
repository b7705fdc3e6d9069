"""How a dependency pattern is written: in the manner of Semgrex.

    {lemma:pay} >dobj ({lemma:visit|trip} >prep ({word:to} >pobj {pos:PROPN}=place))

A node in braces says what its token must be: `word` (in lower case), `lemma`, `pos`, `tag` or `dep`, then `:` or `!:`,
then values parted by `|`, where `@name` stands for a class of words; `;` parts several such tests. `=name` picks the
token out. The relations after a node all hold of that node; parentheses lead on from another.

    A >obj|attr B    B hangs on A, by one of these arcs; `>` alone: by any
    A >++obj B       … and stands after A; `>--obj`: before it
    A <obj B         A hangs on B by this arc
    A << B           B is above A, however far
    A !>obj B        there is no such B

The first node is the token that a pattern is asked about. The tokens that are picked out stand on one path from it, and
whatever else a pattern names need only be there.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from visitwire_language.data_files import of_language, sections
from visitwire_language.phrases import words

type Classes = Mapping[str, frozenset[str]]

COLUMNS = ("word", "lemma", "pos", "tag", "dep")
OPERATORS = (">", ">++", ">--", "<", "<<")
_WORD = re.compile(
    r"(?P<node>\{[^{}]*\})(?:=(?P<name>\w+))?|(?P<not>!?)(?P<op>>\+\+|>--|>|<<|<)(?P<labels>[\w|]*)|[()]"
)


class PatternError(ValueError):
    """A pattern that cannot be read; the message says what is wrong and what is allowed."""


@dataclass(frozen=True)
class Pattern:
    """A node of a pattern with its relations, and so the pattern that begins there."""

    tests: tuple[tuple[str, bool, frozenset[str]], ...] = ()
    """Column, whether its value is one of these or none of these, and the values."""
    name: str | None = None
    relations: "tuple[Relation, ...]" = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What is picked out, in the order of the path."""
        own = (self.name,) if self.name is not None else ()
        return own + tuple(name for relation in self.relations for name in relation.target.names)

    @property
    def plain(self) -> "Pattern":
        """What it asks of its first token alone: without the way on, and without a name."""
        return replace(self, name=None, relations=tuple(each for each in self.relations if each is not self.way))

    @property
    def way(self) -> "Relation | None":
        """The relation that leads on to what is picked out."""
        return next((relation for relation in self.relations if relation.target.names), None)

    def then(self, other: "Pattern") -> "Pattern":
        """The pattern that goes on with `other` at the token that this one picks out last."""
        if (way := self.way) is None:
            return Pattern(self.tests + other.tests, self.name, self.relations + other.relations)
        on = replace(way, target=way.target.then(other))
        return replace(self, relations=tuple(on if each is way else each for each in self.relations))


@dataclass(frozen=True)
class Relation:
    """That a token has another, the target, in its tree; or, negated, that it has none such."""

    operator: str
    labels: tuple[str, ...]
    target: Pattern
    negated: bool = False


def read_pattern(written: str, classes: Classes, language: str = "en") -> Pattern:
    """The pattern as written. Raises `PatternError`."""
    found, end = [], 0
    while rest := written[end:].lstrip():
        end = len(written) - len(rest)
        if (word := _WORD.match(written, end)) is None:
            raise PatternError(
                f"cannot read {rest!r}: allowed are {{…}}, parentheses, {' '.join(OPERATORS)}, and ! before"
            )
        found.append(word)
        end = word.end()
    return _NotationParser(found, classes, language).whole()


class _NotationParser:
    """The words of a written pattern, read from left to right."""

    def __init__(self, found: list[re.Match[str]], classes: Classes, language: str) -> None:
        self._left, self._classes = found[::-1], classes
        self._known = _values(language)

    def whole(self) -> Pattern:
        pattern = self._with_relations()
        if self._left:
            raise PatternError(f"{self._left[-1].group()!r} stands after the end")
        return pattern

    def _take(self, wanted: str) -> re.Match[str]:
        if not self._left:
            raise PatternError(f"ends where {wanted} is missing")
        return self._left.pop()

    def _node(self) -> Pattern:
        word = self._take("a node")
        if word["node"] is None:
            raise PatternError(f"{word.group()!r} stands where a node is missing: {{…}}")
        written = (test.strip() for test in word["node"][1:-1].split(";"))
        return Pattern(tuple(self._test(test) for test in written if test), word["name"])

    def _test(self, written: str) -> tuple[str, bool, frozenset[str]]:
        column, _, listed = written.partition(":")
        name = column.strip().removesuffix("!")
        if name not in COLUMNS:
            raise PatternError(f"unknown column {name!r}: allowed are {', '.join(COLUMNS)}")
        each = [value.strip() for value in listed.split("|")]
        values = frozenset(word for value in each for word in (self._class(value[1:]) if value[:1] == "@" else [value]))
        self._check(name, values)
        return name, not column.strip().endswith("!"), values

    def _class(self, name: str) -> frozenset[str]:
        if name not in self._classes:
            raise PatternError(f"unknown class @{name}: allowed are {', '.join(sorted(self._classes))}")
        return self._classes[name]

    def _check(self, column: str, values: Iterable[str]) -> None:
        known = self._known.get(column)
        if wrong := sorted(value for value in values if not value or (known is not None and value not in known)):
            raise PatternError(f"unknown {column} {wrong[0]!r}: allowed are {', '.join(sorted(known or ['any word']))}")

    def _with_relations(self) -> Pattern:
        pattern = replace(self._node(), relations=tuple(self._relations()))
        leading = [relation for relation in pattern.relations if relation.target.names]
        if len(leading) > 1 or any(relation.negated for relation in leading):
            raise PatternError("names must stand on one path, and not below !")
        return pattern

    def _relations(self) -> Iterator[Relation]:
        while self._left and self._left[-1]["op"]:
            word = self._take("a relation")
            labels = tuple(word["labels"].split("|")) if word["labels"] else ()
            self._check("dep", labels)
            if labels and word["op"] == "<<":
                raise PatternError("<< takes no label")
            yield Relation(word["op"], labels, self._target(), bool(word["not"]))

    def _target(self) -> Pattern:
        if not self._left or self._left[-1].group() != "(":
            return self._node()
        self._take("(")
        pattern = self._with_relations()
        if self._take(")").group() != ")":
            raise PatternError("a parenthesis is not closed")
        return pattern


@cache
def _values(language: str) -> Classes:
    """What the columns of a parse may hold, for those that hold a few values only."""
    return {name: words(listed) for name, listed in sections(of_language("labels.toml", language)).items()}
