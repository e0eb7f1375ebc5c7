"""Prints rules in the language of each engine."""
from dataclasses import dataclass

from ruleset import ANY


@dataclass(frozen=True)
class Style:
    """How a language of the Datalog kind spells what the others spell differently."""
    negation: str
    unequal: str = "!="
    capitals: bool = False
    end: str = "."
    tabled: bool = False


STYLES = {
    "datalog": Style("not ", end=""),
    "souffle": Style("!"),
    "gringo": Style("not ", capitals=True),
    "prolog": Style("\\+ ", unequal="=\\=", capitals=True, tabled=True),
}


def program(rules, language):
    """The rules as a text, in one of the STYLES or in "sql"."""
    if language == "sql":
        return "".join(_select(rule) for rule in rules)
    return "".join(_clause(rule, STYLES[language]) for rule in rules)


def _clause(rule, style):
    body = [_atom(literal.table, literal.terms, style) for literal in rule.joins]
    for compared in rule.comparisons:
        operator = style.unequal if compared.operator == "!=" else compared.operator
        body.append(f"{_term(compared.left, style)} {operator} {_term(compared.right, style)}")
    body += [style.negation + _atom(literal.table, literal.terms, style) for literal in rule.negations]
    declared = f":- table {rule.name}/{len(rule.head)}.\n" if style.tabled else ""
    return f"{declared}{_atom(rule.name, rule.head, style)} :- {', '.join(body)}{style.end}\n"


def _atom(table, terms, style):
    return f"{table}({', '.join(_term(term, style) for term in terms)})"


def _term(term, style):
    return term.upper() if style.capitals and isinstance(term, str) else str(term)


def _select(rule):
    places, conditions = {}, []
    for i, literal in enumerate(rule.joins):
        conditions += _conditions(literal, f"a{i}", places)
    for compared in rule.comparisons:
        right = places.get(compared.right, compared.right)
        conditions.append(f"{places[compared.left]} {compared.operator} {right}")
    for i, literal in enumerate(rule.negations):
        inner = " AND ".join(_conditions(literal, f"n{i}", dict(places)))
        conditions.append(f"NOT EXISTS (SELECT 1 FROM {literal.table} n{i} WHERE {inner})")
    chosen = ", ".join(f"{places[variable]} AS {variable}" for variable in rule.head)
    sources = ", ".join(f"{literal.table} a{i}" for i, literal in enumerate(rule.joins))
    return (f"CREATE TABLE {rule.name} AS SELECT DISTINCT {chosen} FROM {sources}"
            f" WHERE {' AND '.join(conditions)};\n")


def _conditions(literal, alias, places):
    """What must hold of the columns of a table; a variable that occurs first in one of them gets its place there."""
    conditions = []
    for i, term in enumerate(literal.terms):
        column = f"{alias}.c{i}"
        if term == ANY:
            continue
        if isinstance(term, str) and term not in places:
            places[term] = column
        else:
            conditions.append(f"{column} = {places.get(term, term)}")
    return conditions
