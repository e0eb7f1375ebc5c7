"""The workloads: their tables, what they derive, the counts that every engine must agree on, and their fact files.

As a program, `workloads.py FOLDER NAME...` makes FOLDER/NAME/TABLE.facts, rows of tab-separated columns.
"""
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

import facts
import ruleset


@dataclass(frozen=True)
class Column:
    """A column and the domain of its values, which is its own name unless it shares the values of another column."""
    name: str
    domain: str


def columns(text):
    """Reads columns from `vm owner:user`: column vm of domain vm, column owner of domain user."""
    return tuple(Column(*(word.split(":") if ":" in word else (word, word))) for word in text.split())


@dataclass(frozen=True)
class Workload:
    """A program over tables of facts.

    `program` names the program's text in every language, or is None where `rules` are printed instead. `expected` are
    the rows of the derived tables; where they are too many to list, `total` is the rows of all of them together.
    """
    name: str
    program: str | None
    tables: dict
    derived: dict
    make: object
    expected: dict = field(default_factory=dict)
    total: int | None = None
    text: bool = False
    rules: tuple = ()


def _workload(name, program, make, tables, derived, expected):
    schema = {table: columns(text) for table, text in tables.items()}
    return Workload(name, program, schema, {table: columns(text) for table, text in derived.items()}, make, expected)


def _uuid(workload):
    """The same workload over texts."""
    domains = {table: [column.domain for column in cols] for table, cols in workload.tables.items()}
    return Workload(workload.name + "_uuid", workload.program, workload.tables, workload.derived,
                    lambda: facts.with_uuids(workload.make(), domains), workload.expected, text=True)


def _rules1500():
    shapes, rules = ruleset.shapes(), tuple(ruleset.rules())
    return Workload("rules1500", None,
                    {name: columns(" ".join(f"c{i}" for i in range(len(kinds)))) for name, kinds in shapes.items()},
                    {rule.name: columns(" ".join(rule.head)) for rule in rules},
                    ruleset.tables, total=ruleset.TOTAL, rules=rules)


def catalogue():
    """All workloads by name, in the order in which they are run."""
    closure = {"edge": "x y"}, {"path": "x y"}
    cong = _workload(
        "cong", "cong", facts.cong,
        {"nova_servers": "vm name owner:user", "nova_net": "vm net", "neutron_networks": "net owner:user",
         "public": "net", "group": "member:user grp"},
        {"same_group": "a:user b:user", "error": "vm"}, {"error": 140305, "same_group": 441004})
    rbac = _workload(
        "rbac", "rbac", facts.rbac,
        {"member": "usr grp", "subgroup": "grp parent:grp", "tree": "parent:resource child:resource",
         "grant": "grp role resource", "roleperm": "role perm", "deny": "usr resource"},
        {"ug": "usr grp", "gperm": "grp perm resource", "access": "usr perm resource", "viol": "usr perm resource"},
        {"access": 1765783, "gperm": 26895, "ug": 495627, "viol": 718})
    every = [
        _workload("tc_rand", "tc", facts.tc_rand, *closure, {"path": 3932265}),
        _workload("tc_chain", "tc", facts.tc_chain, *closure, {"path": 4501500}),
        _workload("sg", "sg", facts.sg, {"parent": "parent child"}, {"sg": "x y"}, {"sg": 2145472}),
        _workload("tri", "tri", facts.tri, {"e": "x y"}, {"tri": "x y z"}, {"tri": 674454}),
        cong, _uuid(cong),
        _workload("agg", "agg", facts.agg, {"sale": "id grp value"}, {"res": "grp n total"}, {"res": 100000}),
        rbac, _uuid(rbac), _rules1500(),
    ]
    return {workload.name: workload for workload in every}


def fact_file(folder, workload, table):
    """Where the rows of a table are."""
    return Path(folder) / workload.name / f"{table}.facts"


def missing(folder, workload):
    """Whether a table of the workload has no file yet."""
    return any(not fact_file(folder, workload, table).exists() for table in workload.tables)


def make(folder, workload):
    """Writes the fact files; the folder appears when it is complete."""
    target = Path(folder) / workload.name
    unfinished = target.with_name(target.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    for table, rows in workload.make():
        with open(unfinished / f"{table}.facts", "w", encoding="utf-8") as out:
            out.writelines("\t".join(map(str, row)) + "\n" for row in rows)
    shutil.rmtree(target, ignore_errors=True)
    unfinished.rename(target)


def main(arguments):
    known = catalogue()
    unknown = [name for name in arguments[1:] if name not in known]
    if len(arguments) < 2 or unknown:
        wrong = f"unknown: {', '.join(unknown)}\n" if unknown else ""
        sys.exit(f"{wrong}usage: workloads.py FOLDER NAME...\nnames: {', '.join(known)}")
    for name in arguments[1:]:
        make(arguments[0], known[name])


if __name__ == "__main__":
    main(sys.argv[1:])
