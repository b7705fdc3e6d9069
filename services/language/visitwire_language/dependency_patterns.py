"""Dependency patterns: paths through the tree of a text, compiled once and walked together for all rows of a table.

`dependency_notation` has how they are written.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import itemgetter
from typing import Any, NamedTuple

from visitwire_language.dependency_notation import Classes, Pattern, PatternError, Relation, read_pattern
from visitwire_language.text import Text

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
