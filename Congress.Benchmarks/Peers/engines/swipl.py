"""SWI-Prolog with tabling."""
import shutil
from pathlib import Path

from engines.engine import Command, Engine, first_line

TABLES = Path(__file__).with_name("tables.pl")


class SwiProlog(Engine):
    name = "swipl"

    def absent(self):
        return None if shutil.which("swipl") else "swipl is not on the PATH (--install; Debian: swi-prolog-nox)"

    def version(self):
        return first_line("swipl", "--version").removeprefix("SWI-Prolog version ").split()[0]

    def command(self, job):
        kind = "text" if job.workload.text else "integer"
        tables, derived = job.workload.tables, job.workload.derived
        lines = [f":- consult({_quoted(TABLES)})."]
        for table, cols in tables.items():
            lines += [f":- redefine_system_predicate({table}({', '.join('_' * len(cols))})).",
                      f":- dynamic {table}/{len(cols)}."]
        lines.append(job.program("prolog", ".pl"))
        lines.append("main :-")
        lines += [f"    load_table({_quoted(job.fact_file(table))}, {table}, {kind})," for table in tables]
        lines += [f"    print_count({table}/{len(cols)})," for table, cols in derived.items()]
        lines.append("    true.")
        program = job.write("program.pl", "\n".join(lines) + "\n")
        return Command(["swipl", "-O", "--stack-limit=16g", "--table-space=16g", "-g", "main", "-t", "halt",
                        str(program)])


def _quoted(path):
    return "'" + str(path).replace("\\", "\\\\").replace("'", "\\'") + "'"
