"""gringo, the grounder of answer set programs; a program without choices is solved when it is grounded.

It reads facts in its own syntax only: they are converted once, unmeasured. It writes all rows, input included, as text.
"""
import shutil

from engines.engine import Command, Engine, first_line


class Gringo(Engine):
    name = "gringo"

    def absent(self):
        return None if shutil.which("gringo") else "gringo is not on the PATH (--install; Debian: gringo)"

    def version(self):
        return first_line("gringo", "--version").removeprefix("gringo version ")

    def command(self, job):
        program = job.write("program.lp", job.program("gringo", ".lp"))
        facts = job.scratch / "facts.lp"
        self._convert(job, facts)
        return Command(["gringo", "--text", str(program), str(facts)])

    def counts(self, job, output):
        found = dict.fromkeys(job.workload.derived, 0)
        with open(output, encoding="utf-8") as lines:
            for line in lines:
                table = line.partition("(")[0]
                if table in found:
                    found[table] += 1
        return found

    @staticmethod
    def _convert(job, target):
        quote = '"' if job.workload.text else ""
        between = f"{quote},{quote}"
        with open(target, "w", encoding="utf-8") as out:
            for table in job.workload.tables:
                with open(job.fact_file(table), encoding="utf-8") as rows:
                    out.writelines(f"{table}({quote}{row.rstrip().replace(chr(9), between)}{quote}).\n" for row in rows)
