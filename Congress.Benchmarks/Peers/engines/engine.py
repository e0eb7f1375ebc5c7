"""What the engines have in common."""
import subprocess
from dataclasses import dataclass
from pathlib import Path

import printing
import workloads

PROGRAMS = Path(__file__).resolve().parent.parent / "programs"


class Failed(Exception):
    """An engine could not be prepared, or its output is not what it should be."""


@dataclass(frozen=True)
class Job:
    """One workload for one engine: where the facts are, and a folder for what the engine needs besides."""
    workload: workloads.Workload
    data: Path
    scratch: Path

    def fact_file(self, table):
        return workloads.fact_file(self.data, self.workload, table)

    def program(self, language, suffix):
        """The text of the program in a language."""
        if self.workload.program is None:
            return printing.program(self.workload.rules, language)
        folder = PROGRAMS if language == "datalog" else PROGRAMS / language
        return (folder / (self.workload.program + suffix)).read_text(encoding="utf-8")

    def write(self, name, text):
        """Writes a file into the scratch folder."""
        path = self.scratch / name
        path.write_text(text, encoding="utf-8")
        return path


@dataclass(frozen=True)
class Command:
    """What is run and measured, and the file that is its standard input."""
    arguments: list
    stdin: Path | None = None


class Engine:
    """A program that computes all derived tables of a workload from its fact files."""

    name = ""

    def absent(self):
        """Why the engine cannot be run here, in one line, or None."""
        raise NotImplementedError

    def version(self):
        """The version, in one line."""
        raise NotImplementedError

    def command(self, job):
        """Prepares a job, unmeasured, and tells what to run."""
        raise NotImplementedError

    def counts(self, job, output):
        """The rows of each derived table, from the file of the command's output."""
        found = {}
        with open(output, encoding="utf-8") as lines:
            for line in lines:
                table, _, count = line.rstrip("\n").partition("\t")
                if not count.isdigit():
                    raise Failed(f"unexpected output: {line.strip()[:200]}")
                if table in job.workload.derived:
                    found[table] = int(count)
        return found


def first_line(*arguments):
    """The first line that a command prints."""
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False)
    lines = (done.stdout + done.stderr).strip().splitlines()
    return lines[0].strip() if lines else "unknown"
