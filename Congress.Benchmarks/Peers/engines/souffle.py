"""Soufflé on one thread, compiled and interpreted. The program is compiled once, unmeasured."""
import os
import re
import shutil
import subprocess

from engines.engine import Command, Engine, Failed


class SouffleInterpreted(Engine):
    name = "souffle-interpreted"

    def __init__(self):
        self.souffle = os.environ.get("SOUFFLE") or "souffle"

    def absent(self):
        return None if shutil.which(self.souffle) else "souffle is neither on the PATH nor named by SOUFFLE"

    def version(self):
        done = subprocess.run([self.souffle, "--version"], capture_output=True, text=True, timeout=60, check=False)
        number = re.search(r"\d+\.\d[\w.-]*", done.stdout)
        return number.group() if number else "unknown"

    def command(self, job):
        return Command([self.souffle, "-j1", "-F", str(self._facts(job)), str(self._program(job))])

    @staticmethod
    def _facts(job):
        return job.data / job.workload.name

    @staticmethod
    def _program(job):
        kind = "symbol" if job.workload.text else "number"
        lines = []
        for tables, directive in ((job.workload.tables, "input"), (job.workload.derived, "printsize")):
            for table, cols in tables.items():
                declared = ", ".join(f"{column.name}:{kind}" for column in cols)
                lines += [f".decl {table}({declared})", f".{directive} {table}"]
        return job.write("program.dl", "\n".join(lines) + "\n" + job.program("souffle", ".dl"))


class Souffle(SouffleInterpreted):
    name = "souffle"

    def command(self, job):
        binary = job.scratch / "program"
        done = subprocess.run([self.souffle, "-j1", "-o", str(binary), str(self._program(job))],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failed("souffle -o: " + ((done.stderr.strip().splitlines() or ["no message"])[-1]))
        return Command([str(binary), "-j1", "-F", str(self._facts(job))])
