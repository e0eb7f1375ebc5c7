"""Makes 80 tables and 1,500 rules over them, always the same ones.

A table has two or more key columns, drawn from 10,000 numbers, and perhaps category columns, drawn from 40. A rule
joins two to four tables on keys, and constants, comparisons or negations make it selective. A rule is drawn again until
the rows that it probably derives are within bounds.
"""
import random
from dataclasses import dataclass

TABLES, ROWS, RULES = 80, 8000, 1500
KEYS, CATEGORIES = 10_000, 40
SEED = 11
FEWEST, MOST = 150, 2500

# The rows of all rules together, on which the engines agreed.
TOTAL = 1_263_571

ANY = "_"


@dataclass(frozen=True)
class Literal:
    """A table with a term for each column: the name of a variable, a number, or ANY. Negated, ANY means "no value"."""
    table: str
    terms: tuple
    negated: bool = False


@dataclass(frozen=True)
class Comparison:
    """A variable compared, by `<`, `>` or `!=`, to a number or to another variable."""
    left: str
    operator: str
    right: object


@dataclass(frozen=True)
class Rule:
    """A rule that alone defines the table of its name; the comparisons and negations come after the joins."""
    name: str
    head: tuple
    joins: tuple
    comparisons: tuple
    negations: tuple


def shapes():
    """The kinds of the columns of each table, "k" for a key and "c" for a category."""
    draw = random.Random(SEED)
    return {f"t{i}": draw.choice(("kk", "kkc", "kck", "kkk", "kkcc", "kckk", "ckkc")) for i in range(TABLES)}


def tables():
    """Yields the name and the rows of each table."""
    draw = random.Random(SEED + 1)
    for name, kinds in shapes().items():
        rows = set()
        while len(rows) < ROWS:
            rows.add(tuple(draw.randrange(KEYS if kind == "k" else CATEGORIES) for kind in kinds))
        yield name, sorted(rows)


def rules():
    """Yields the rules."""
    draw = random.Random(SEED + 2)
    known = shapes()
    for i in range(RULES):
        rule = None
        while rule is None:
            rule = _Draft(draw, known).finish(f"r{i}")
        yield rule


class _Draft:
    """A rule while it is drawn, with an estimate of its rows."""

    def __init__(self, draw, known):
        self.draw, self.known = draw, known
        self.kinds = {}
        self.joins, self.comparisons, self.negations = [], [], []
        self.estimate = float(ROWS)
        for i in range(draw.choice((2, 2, 2, 3, 3, 4))):
            self._join(first=i == 0)
        self._compare()
        if draw.random() < 0.3:
            self._negate()

    def finish(self, name):
        """The rule, or None if its rows are probably too few or too many."""
        if not FEWEST <= self.estimate <= MOST:
            return None
        others = [v for v in self.kinds if self.draw.random() < 0.3]
        head = dict.fromkeys([self.draw.choice(self._variables("k")), *others])
        head = tuple(head)[:3]
        used = [term for literal in self.joins + self.negations for term in literal.terms]
        used += [*head, *(c.left for c in self.comparisons), *(c.right for c in self.comparisons)]
        joins = tuple(Literal(literal.table, tuple(ANY if term in self.kinds and used.count(term) == 1 else term
                                                   for term in literal.terms)) for literal in self.joins)
        return Rule(name, head, joins, tuple(self.comparisons), tuple(self.negations))

    def _variables(self, kind):
        return [variable for variable, of in self.kinds.items() if of == kind]

    def _fresh(self, kind):
        name = f"x{len(self.kinds)}"
        self.kinds[name] = kind
        return name

    def _join(self, first):
        table = self.draw.choice(list(self.known))
        kinds = self.known[table]
        shared = None if first else self.draw.choice([i for i, kind in enumerate(kinds) if kind == "k"])
        earlier = {kind: self._variables(kind) for kind in "kc"}
        terms = []
        for i, kind in enumerate(kinds):
            if i == shared:
                terms.append(self.draw.choice(earlier["k"]))
                self.estimate *= ROWS / KEYS
            elif kind == "c" and self.draw.random() < 0.2:
                terms.append(self.draw.randrange(CATEGORIES))
                self.estimate /= CATEGORIES
            elif kind == "c" and earlier["c"] and self.draw.random() < 0.1:
                terms.append(self.draw.choice(earlier["c"]))
                self.estimate /= CATEGORIES
            else:
                terms.append(self._fresh(kind))
        self.joins.append(Literal(table, tuple(terms)))

    def _compare(self):
        keys = self._variables("k")
        for variable in self.draw.sample(keys, min(len(keys), self.draw.choice((0, 1, 1, 2)))):
            bound = self.draw.randrange(KEYS // 20, KEYS)
            below = self.draw.random() < 0.5
            self.comparisons.append(Comparison(variable, "<" if below else ">", bound))
            self.estimate *= bound / KEYS if below else 1 - bound / KEYS
        if self.draw.random() < 0.3:
            left, right = self.draw.sample(keys, 2)
            operator = self.draw.choice(("<", "!="))
            self.comparisons.append(Comparison(left, operator, right))
            self.estimate *= 0.5 if operator == "<" else 1

    def _negate(self):
        table = self.draw.choice(list(self.known))
        kinds = self.known[table]
        bound = {kind: self._variables(kind) for kind in "kc"}
        whole = all(bound[kind] for kind in kinds) and self.draw.random() < 0.5
        key = self.draw.choice([i for i, kind in enumerate(kinds) if kind == "k"])
        terms = tuple(self.draw.choice(bound[kind]) if whole or i == key else ANY for i, kind in enumerate(kinds))
        self.negations.append(Literal(table, terms, negated=True))
        self.estimate *= 1 if whole else 0.45
