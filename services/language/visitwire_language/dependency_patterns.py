"""Dependency patterns: paths through the tree of a text, written in the manner of Semgrex and compiled once.

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
the paths of a table are walked together; whatever else a pattern names need only be there.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, reduce
from operator import itemgetter
from typing import Any, NamedTuple

from visitwire_language.data_files import of_language, sections
from visitwire_language.phrases import words
from visitwire_language.text import Text

type Classes = Mapping[str, frozenset[str]]
type Row = Mapping[str, Any]
type Tables = Mapping[str, Sequence[Row]]
type _Test = Callable[[Text, int], bool]
type _Found = list[tuple[int, tuple[int, ...]]]

_COLUMNS: Mapping[str, Callable[[Text], Sequence[str]]] = {
    "word": lambda text: text.lower,
    "lemma": lambda text: text.lemma,
    "pos": lambda text: text.parse.pos,
    "tag": lambda text: text.parse.tag,
    "dep": lambda text: text.parse.dep,
}
_REACHES: Mapping[str, Callable[[Text, int, tuple[str, ...]], Iterable[int]]] = {
    ">": lambda text, token, labels: text.parse.children(token, *labels),
    ">++": lambda text, token, labels: [child for child in text.parse.children(token, *labels) if child > token],
    ">--": lambda text, token, labels: [child for child in text.parse.children(token, *labels) if child < token],
    "<": lambda text, token, labels: _head(text, token, labels),
    "<<": lambda text, token, _: text.parse.ancestors(token),
}
_BY_LABEL = (">", "<")
_KEYS = frozenset({"name", "reach", "pattern", "then", "yes", "no"})
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
                f"cannot read {rest!r}: allowed are {{…}}, parentheses, {' '.join(_REACHES)}, and ! before"
            )
        found.append(word)
        end = word.end()
    return _Reading(found, classes, language).whole()


class _Reading:
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
        if name not in _COLUMNS:
            raise PatternError(f"unknown column {name!r}: allowed are {', '.join(_COLUMNS)}")
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


@dataclass(slots=True, eq=False)
class _Branch:
    """A place on the paths of a table, and where they lead on from it."""

    ends: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    """The rows that end here, and which tokens of the path each picks out."""
    below: "dict[str, list[tuple[_Test | None, _Branch]]]" = field(default_factory=dict)
    """By the label of the arc, what leads to any child."""
    above: "dict[str, list[tuple[_Test | None, _Branch]]]" = field(default_factory=dict)
    """By the label of the token's own arc, what leads to its head."""
    beside: "list[tuple[Relation, _Test | None, _Branch]]" = field(default_factory=list)
    """What leads on by another operator, or by any arc."""
    known: "dict[object, _Branch]" = field(default_factory=dict)
    """By step, so that paths that begin alike are walked once."""

    def add(self, row: int, pattern: Pattern, picked: tuple[int, ...], length: int) -> None:
        """Adds a row from here on; `length` tokens lead here, those of `picked` have a name."""
        picked = (*picked, length) if pattern.name is not None else picked
        way = pattern.way
        if way is None:
            self.ends.append((row, picked))
            return
        for label in way.labels if way.operator in _BY_LABEL and way.labels else ("",):
            self._step(way, label).add(row, way.target, picked, length + 1)

    def _step(self, way: Relation, label: str) -> "_Branch":
        plain = way.target.plain
        key = (way.operator, label or way.labels, plain)
        if key not in self.known:
            branch = self.known[key] = _Branch()
            if label:
                (self.below if way.operator == ">" else self.above).setdefault(label, []).append((_test(plain), branch))
            else:
                self.beside.append((way, _test(plain), branch))
        return self.known[key]

    def walk(self, text: Text, token: int, path: tuple[int, ...], found: _Found) -> None:
        """Adds the rows whose paths go on from `token`, the last of `path`."""
        for row, picked in self.ends:
            found.append((row, tuple([path[at] for at in picked])))
        if self.below:
            below, dep = self.below, text.parse.dep
            for child in text.parse.children(token):
                if (label := dep[child]) in below:
                    for test, branch in below[label]:
                        if test is None or test(text, child):
                            branch.walk(text, child, (*path, child), found)
        if self.above and (label := text.parse.dep[token]) in self.above and (head := text.parse.head[token]) != token:
            for test, branch in self.above[label]:
                if test is None or test(text, head):
                    branch.walk(text, head, (*path, head), found)
        if self.beside:
            self._walk_beside(text, token, path, found)

    def _walk_beside(self, text: Text, token: int, path: tuple[int, ...], found: _Found) -> None:
        for way, test, branch in self.beside:
            for other in _REACHES[way.operator](text, token, way.labels):
                if test is None or test(text, other):
                    branch.walk(text, other, (*path, other), found)


class Role(NamedTuple):
    """What a token is to the word that a pattern was asked about, and through how much it was read."""

    name: str = ""
    reach: int = 0


class Patterns:
    """The patterns of one table, each with the role of what it picks out, compiled into one walk."""

    def __init__(self, rows: Sequence[tuple[Pattern, Role]]) -> None:
        self._roles = [role for _, role in rows]
        tests = [test for pattern, _ in rows if (test := _test(pattern)) is not None]
        self._fit = reduce(_either, tests) if len(tests) == len(rows) else None
        roots: dict[Pattern, _Branch] = {}
        for row, (pattern, _) in enumerate(rows):
            roots.setdefault(pattern.plain, _Branch()).add(row, pattern, (), 0)
        self._roots = [(_test(plain), branch) for plain, branch in roots.items()]

    def find(self, text: Text, at: int) -> list[tuple[Role, tuple[int, ...]]]:
        """What is found at a token, with the tokens picked out, in the order of the rows and then of the text."""
        return [(self._roles[row], picked) for row, picked in self._found(text, at)]

    def first(self, text: Text, at: int) -> tuple[Role, list[tuple[int, ...]]] | None:
        """The first row that finds something at a token, with all that it picks out."""
        found = self._found(text, at)
        if not found:
            return None
        first = found[0][0]
        return self._roles[first], [picked for row, picked in found if row == first]

    def _found(self, text: Text, at: int) -> _Found:
        found: _Found = []
        for test, branch in self._roots:
            if test is None or test(text, at):
                branch.walk(text, at, (at,), found)
        if len(found) > 1:
            found.sort(key=itemgetter(0))
        return found

    def fits(self, text: Text, at: int) -> bool:
        """Whether any of the patterns fits at a token."""
        return self._fit is None or self._fit(text, at)


def _test(pattern: Pattern) -> _Test | None:
    """Whether a token is as the pattern says, names apart; None where anything is."""
    tests = [*map(_of_column, pattern.tests), *map(_of_relation, pattern.relations)]
    return reduce(_both, tests) if tests else None


def _both(first: _Test, second: _Test) -> _Test:
    return lambda text, token: first(text, token) and second(text, token)


def _either(first: _Test, second: _Test) -> _Test:
    return lambda text, token: first(text, token) or second(text, token)


def _of_column(asked: tuple[str, bool, frozenset[str]]) -> _Test:
    column, (_, wanted, values) = _COLUMNS[asked[0]], asked
    if wanted:
        return lambda text, token: column(text)[token] in values
    return lambda text, token: column(text)[token] not in values


def _of_relation(relation: Relation) -> _Test:
    reach, labels, test, there = (
        _REACHES[relation.operator],
        relation.labels,
        _test(relation.target),
        not relation.negated,
    )

    def holds(text: Text, token: int) -> bool:
        for other in reach(text, token, labels):
            if test is None or test(text, other):
                return there
        return not there

    return holds


def _head(text: Text, token: int, labels: tuple[str, ...]) -> tuple[int, ...]:
    """The head of a token that hangs on it by one of the arcs; none of a root."""
    head = text.parse.head[token]
    return (head,) if head != token and (not labels or text.parse.dep[token] in labels) else ()


def read_tables(file: str, tables: Tables, classes: Classes, language: str = "en") -> dict[str, Patterns]:
    """The patterns of each table of a file. Raises `PatternError` that names the file, the table and the row."""
    if empty := sorted(table for table, each in tables.items() if not each):
        raise PatternError(f"{file}, {empty[0]}: has no rows")
    rows = {
        table: [
            _row(f"{file}, {table}, row {number}", row, tables, classes, language) for number, row in enumerate(each, 1)
        ]
        for table, each in tables.items()
    }
    return {
        table: Patterns([whole for row in each for whole in _continued(*row, rows)]) for table, each in rows.items()
    }


def _row(where: str, row: Row, tables: Tables, classes: Classes, language: str) -> tuple[Pattern, Row]:
    """A row with its pattern."""
    if unknown := sorted(set(row) - _KEYS):
        raise PatternError(f"{where}: unknown key {unknown[0]!r}: allowed are {', '.join(sorted(_KEYS))}")
    if (then := row.get("then")) is not None and then not in tables:
        raise PatternError(f"{where}: unknown table {then!r}: allowed are {', '.join(sorted(tables))}")
    try:
        return read_pattern(row.get("pattern", ""), classes, language), row
    except PatternError as wrong:
        raise PatternError(f"{where}, {row.get('pattern', '')!r}: {wrong}") from None


def _continued(
    pattern: Pattern, row: Row, rows: Mapping[str, list[tuple[Pattern, Row]]]
) -> Iterator[tuple[Pattern, Role]]:
    """A row, or one for each row of the table that it leads on to; its own name goes before theirs."""
    name, reach = row.get("name", ""), row.get("reach", 0)
    if "then" not in row:
        yield pattern, Role(name, reach)
    else:
        for on, other in rows[row["then"]]:
            yield pattern.then(on), Role(name or other.get("name", ""), max(reach, other.get("reach", 0)))
